/* SPDX-License-Identifier: MIT */
/* Output files: at any moment what was there before or all that was written. */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "folder.h"
#include "lfskit/host.h"
#include "told.h"

static struct lfk_output *open_output(const char *path)
{
    struct lfk_output *output = NULL;
    struct lfk_detail detail = {0};
    int status = lfk_output_open(&output, path, &detail);
    if (status < 0) {
        fail_msg("%s: %s, errno %d", path, detail.what, detail.os_error);
    }
    return output;
}

static int put(struct lfk_output *output, const char *text, struct lfk_detail *detail)
{
    const struct lfk_span span = {text, strlen(text)};
    struct lfk_sink *sink = lfk_output_sink(output);
    return sink->write(sink, &span, 1, detail);
}

static void write_file(const char *path, const char *text)
{
    struct lfk_output *output = open_output(path);
    assert_int_equal(put(output, text, NULL), LFK_OK);
    assert_int_equal(lfk_output_commit(output, NULL), LFK_OK);
    lfk_output_close(output);
}

static mode_t mode_of(const char *path)
{
    struct stat status;
    assert_int_equal(lstat(path, &status), 0);
    return status.st_mode & 07777;
}

static void a_new_file_has_all_that_was_written(void **state)
{
    (void)state;
    mode_t mask = umask(027);
    struct lfk_output *output = open_output("out.img");
    assert_int_equal(put(output, "one ", NULL), LFK_OK);
    assert_int_equal(put(output, "two", NULL), LFK_OK);
    assert_false(is_there("out.img"));
    assert_int_equal(lfk_output_commit(output, NULL), LFK_OK);
    check_text("out.img", "one two");
    lfk_output_close(output);
    check_names(".", "out.img");
    assert_int_equal(mode_of("out.img"), 0640);
    umask(mask);
    write_file("empty", "");
    check_text("empty", "");
}

static void spans_are_written_in_order(void **state)
{
    (void)state;
    enum { SPANS = 1000 };
    struct lfk_output *output = open_output("out");
    struct lfk_sink *sink = lfk_output_sink(output);
    struct lfk_span spans[SPANS];
    char expected[SPANS + 1] = "";
    size_t size = 0;
    for (size_t i = 0; i < SPANS; i++) {
        /* Every third is empty, the last too. */
        spans[i] = (struct lfk_span){"0123456789" + i % 10, i % 3 != 0};
        if (i % 3 != 0) {
            expected[size++] = (char)('0' + i % 10);
        }
    }
    assert_int_equal(sink->write(sink, spans, SPANS, NULL), LFK_OK);
    assert_int_equal(sink->write(sink, spans, 0, NULL), LFK_OK);
    assert_int_equal(lfk_output_commit(output, NULL), LFK_OK);
    lfk_output_close(output);
    check_text("out", expected);
}

static void parents_are_made(void **state)
{
    (void)state;
    write_file("a/b/c/out", "x");
    check_text("a/b/c/out", "x");
    write_file("a/b//d//out", "y");
    check_text("a/b/d/out", "y");
    char here[4096];
    char path[4200];
    assert_non_null(getcwd(here, sizeof(here)));
    snprintf(path, sizeof(path), "%s/e/out", here);
    write_file(path, "z");
    check_text("e/out", "z");
}

static void an_existing_file_is_replaced_at_once(void **state)
{
    (void)state;
    make_file("out", "what was there before");
    assert_int_equal(chmod("out", 0604), 0);
    int held = open("out", O_RDONLY);
    struct lfk_output *output = open_output("out");
    assert_int_equal(put(output, "new", NULL), LFK_OK);
    check_text("out", "what was there before");
    assert_int_equal(lfk_output_commit(output, NULL), LFK_OK);
    check_text("out", "new");
    lfk_output_close(output);
    assert_int_equal(mode_of("out"), 0604);
    check_names(".", "out");
    /* Whoever has the old file open goes on reading that. */
    char old[32] = "";
    assert_int_equal(read(held, old, sizeof(old)), 21);
    close(held);
}

static void without_a_commit_nothing_happened(void **state)
{
    (void)state;
    make_file("old", "before");
    static const char *const paths[] = {"old", "new"};
    for (size_t i = 0; i < 2; i++) {
        struct lfk_output *output = open_output(paths[i]);
        assert_int_equal(put(output, "text", NULL), LFK_OK);
        lfk_output_close(output);
    }
    lfk_output_close(NULL);
    check_text("old", "before");
    check_names(".", "old");
}

static void a_link_stays_and_its_target_is_replaced(void **state)
{
    (void)state;
    make_dir("d");
    make_file("d/target", "old");
    make_link("d/target", "link");
    make_link("link", "second");
    write_file("second", "new");
    check_text("d/target", "new");
    check_names("d", "target");
    check_names(".", "d link second");
    char target[16] = "";
    assert_int_equal(readlink("link", target, sizeof(target)), 8);
    assert_string_equal(target, "d/target");
    make_link("d", "directory");
    write_file("directory/other", "x");
    check_text("d/other", "x");
}

static void check_refused(const char *path, int status, const char *line, int os_error)
{
    struct lfk_output *output = NULL;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_output_open(&output, path, &detail), status);
    check_told(&detail, status, line);
    assert_int_equal(detail.os_error, os_error);
    assert_null(output);
}

static void what_cannot_be_a_file_is_refused(void **state)
{
    (void)state;
    make_dir("d");
    make_file("f", "x");
    make_link("nowhere", "broken");
    make_link("d", "link");
    check_refused("d", LFK_ERR_ISDIR, "output is a directory", 0);
    check_refused("d/", LFK_ERR_ISDIR, "output is a directory", 0);
    check_refused("link", LFK_ERR_ISDIR, "output is a directory", 0);
    check_refused(".", LFK_ERR_ISDIR, "output is a directory", 0);
    check_refused("new/", LFK_ERR_ISDIR, "output path names no file", 0);
    check_refused("", LFK_ERR_ISDIR, "output path names no file", 0);
    check_refused("f/out", LFK_ERR_IO, "output directory cannot be opened", ENOTDIR);
    check_refused("f/new/out", LFK_ERR_IO, "directory cannot be made", ENOTDIR);
    check_refused("broken", LFK_ERR_IO, "output file cannot be examined", ENOENT);
    check_names(".", "broken d f link");
    check_names("d", "");
}

static void no_permission_is_told(void **state)
{
    (void)state;
    if (is_root()) {
        skip();
    }
    make_dir("d");
    assert_int_equal(chmod("d", 0500), 0);
    check_refused("d/out", LFK_ERR_IO, "output file cannot be made", EACCES);
    check_refused("d/e/out", LFK_ERR_IO, "directory cannot be made", EACCES);
    assert_int_equal(chmod("d", 0700), 0);
}

/* A file may not grow beyond 1000 bytes: the same as a disk that is full. */
static void a_full_disk_leaves_what_was_there(void **state)
{
    (void)state;
    struct rlimit before;
    char bytes[600] = "";
    const struct lfk_span span = {bytes, sizeof(bytes)};
    struct lfk_detail detail = {0};
    make_file("old", "before");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    const struct rlimit limit = {1000, before.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    static const char *const paths[] = {"old", "new"};
    for (size_t i = 0; i < 2; i++) {
        struct lfk_output *output = open_output(paths[i]);
        struct lfk_sink *sink = lfk_output_sink(output);
        int first = sink->write(sink, &span, 1, NULL);
        int second = sink->write(sink, &span, 1, &detail);
        lfk_output_close(output);
        assert_int_equal(first, LFK_OK);
        assert_int_equal(second, LFK_ERR_IO);
        assert_int_equal(detail.os_error, EFBIG);
    }
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, handler);
    check_told(&detail, LFK_ERR_IO, "writing failed");
    check_text("old", "before");
    check_names(".", "old");
}

static void devices_are_written_to_directly(void **state)
{
    (void)state;
    struct lfk_detail detail = {0};
    write_file("/dev/null", "x");
    struct lfk_output *output = open_output("/dev/full");
    assert_int_equal(put(output, "x", &detail), LFK_ERR_IO);
    check_told(&detail, LFK_ERR_IO, "writing failed");
    assert_int_equal(detail.os_error, ENOSPC);
    lfk_output_close(output);
}

static void a_fifo_gets_the_bytes_as_they_come(void **state)
{
    (void)state;
    char text[16] = "";
    make_fifo("fifo");
    int reader = open("fifo", O_RDONLY | O_NONBLOCK);
    struct lfk_output *output = open_output("fifo");
    assert_int_equal(put(output, "abc", NULL), LFK_OK);
    assert_int_equal(read(reader, text, sizeof(text)), 3);
    assert_string_equal(text, "abc");
    assert_int_equal(lfk_output_commit(output, NULL), LFK_OK);
    lfk_output_close(output);
    close(reader);
    check_names(".", "fifo");
}

static void a_dash_is_the_standard_output(void **state)
{
    (void)state;
    fflush(stdout);
    int kept = dup(STDOUT_FILENO);
    int file = open("stdout", O_WRONLY | O_CREAT, 0666);
    assert_in_range(dup2(file, STDOUT_FILENO), 0, INT16_MAX);
    struct lfk_output *output = NULL;
    int opened = lfk_output_open(&output, "-", NULL);
    int written = opened == LFK_OK ? put(output, "abc", NULL) : opened;
    int committed = opened == LFK_OK ? lfk_output_commit(output, NULL) : opened;
    lfk_output_close(output);
    /* It is still open. */
    ssize_t more = write(STDOUT_FILENO, "def", 3);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(file);
    assert_int_equal(written, LFK_OK);
    assert_int_equal(committed, LFK_OK);
    assert_int_equal(more, 3);
    check_text("stdout", "abcdef");
    check_names(".", "stdout");
}

static void a_name_that_cannot_be_given_is_told(void **state)
{
    (void)state;
    struct lfk_detail detail = {0};
    struct lfk_output *output = open_output("out");
    assert_int_equal(put(output, "x", NULL), LFK_OK);
    make_dir("out");
    assert_int_equal(lfk_output_commit(output, &detail), LFK_ERR_IO);
    check_told(&detail, LFK_ERR_IO, "output file cannot be given its name");
    lfk_output_close(output);
    check_names(".", "out");
    check_names("out", "");
}

/* Two outputs to one path at a time: the last to be committed is there, whole. */
static void outputs_do_not_meet(void **state)
{
    (void)state;
    struct lfk_output *first = open_output("out");
    struct lfk_output *second = open_output("out");
    assert_int_equal(put(first, "first", NULL), LFK_OK);
    assert_int_equal(put(second, "second", NULL), LFK_OK);
    assert_int_equal(lfk_output_commit(second, NULL), LFK_OK);
    check_text("out", "second");
    assert_int_equal(lfk_output_commit(first, NULL), LFK_OK);
    check_text("out", "first");
    lfk_output_close(first);
    lfk_output_close(second);
    check_names(".", "out");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_in_folder(a_new_file_has_all_that_was_written),
        test_in_folder(spans_are_written_in_order),
        test_in_folder(parents_are_made),
        test_in_folder(an_existing_file_is_replaced_at_once),
        test_in_folder(without_a_commit_nothing_happened),
        test_in_folder(a_link_stays_and_its_target_is_replaced),
        test_in_folder(what_cannot_be_a_file_is_refused),
        test_in_folder(no_permission_is_told),
        test_in_folder(a_full_disk_leaves_what_was_there),
        test_in_folder(devices_are_written_to_directly),
        test_in_folder(a_fifo_gets_the_bytes_as_they_come),
        test_in_folder(a_dash_is_the_standard_output),
        test_in_folder(a_name_that_cannot_be_given_is_told),
        test_in_folder(outputs_do_not_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
