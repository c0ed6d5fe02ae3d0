/* SPDX-License-Identifier: MIT */
/* Bytes of files that a scan found, and files that changed since. */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "folder.h"
#include "lfskit/host.h"
#include "seed.h"
#include "told.h"
#include "tree_maker.h"

/* What hostfile.c reads at a time. */
#define READ_SIZE ((size_t)262144)

static struct lfk_tree *tree;
static struct lfk_scan *scan;

/* Scans "src". */
static void start(bool no_dereference)
{
    const struct lfk_scan_options options = {.size = sizeof(options),
                                             .no_dereference = no_dereference};
    tree = new_tree();
    assert_int_equal(lfk_scan_open(&scan, tree, "src", &options, NULL), LFK_OK);
    lfk_tree_sort(tree, NULL);
}

static void end(void)
{
    lfk_scan_close(scan);
    lfk_tree_destroy(tree);
}

static const struct lfk_node *find(const char *path)
{
    const struct lfk_node *root = lfk_tree_root(tree);
    for (const struct lfk_node *n = root; n != NULL; n = lfk_node_next(root, n)) {
        char found[256];
        lfk_node_path(n, found, sizeof(found));
        if (strcmp(found, path) == 0) {
            return n;
        }
    }
    fail_msg("no %s", path);
    return NULL;
}

static void files_of_all_sizes_are_read_whole(void **state)
{
    (void)state;
    static const size_t sizes[] = {0,
                                   1,
                                   4096,
                                   READ_SIZE - 1,
                                   READ_SIZE,
                                   READ_SIZE + 1,
                                   2 * READ_SIZE - 1,
                                   2 * READ_SIZE,
                                   2 * READ_SIZE + 1,
                                   5 * READ_SIZE + 17};
    struct seed seed = seed_start("unit.hostfile");
    size_t most = 5 * READ_SIZE + 17;
    uint8_t *bytes = malloc(most);
    assert_non_null(bytes);
    seed_fill(&seed, bytes, most);
    make_dir("src");
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char path[64];
        snprintf(path, sizeof(path), "src/f%zu", sizes[i]);
        make_bytes(path, bytes, sizes[i]);
    }
    start(false);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char path[64];
        snprintf(path, sizeof(path), "/f%zu", sizes[i]);
        check_content(find(path), bytes, sizes[i]);
    }
    end();
    free(bytes);
}

/* In whatever order they are read, and more than once. */
static void files_of_many_directories_are_read(void **state)
{
    (void)state;
    make_dir("src");
    make_dir("src/a");
    make_dir("src/a/deep");
    make_dir("src/b");
    make_file("src/f", "f");
    make_file("src/a/f", "af");
    make_file("src/a/deep/f", "adf");
    make_file("src/b/f", "bf");
    start(false);
    for (int i = 0; i < 2; i++) {
        check_content(find("/b/f"), "bf", 2);
        check_content(find("/f"), "f", 1);
        check_content(find("/a/deep/f"), "adf", 3);
        check_content(find("/a/f"), "af", 2);
    }
    end();
}

/* Reads /f to its end; the status of the first call that fails, or LFK_OK. */
static int read_all(struct lfk_detail *detail)
{
    struct lfk_reader reader = {0};
    struct lfk_span span;
    int result = lfk_reader_open(&reader, find("/f"), detail);
    if (result == LFK_OK) {
        do {
            result = lfk_reader_next(&reader, &span, 1, detail);
        } while (result > 0);
    }
    lfk_reader_close(&reader);
    return result;
}

static void check_unread(const char *line)
{
    struct lfk_detail detail = {0};
    assert_int_equal(read_all(&detail), LFK_ERR_IO);
    check_told(&detail, LFK_ERR_IO, line);
}

/* A file that is longer or shorter when it is read is an error, not another file. */
static void a_change_of_size_is_an_error(void **state)
{
    (void)state;
    static const size_t sizes[] = {0, 1, 100, READ_SIZE, READ_SIZE + 1, 3 * READ_SIZE};
    static const int changes[] = {-1, 1, -100, 100, 2 * (int)READ_SIZE};
    make_dir("src");
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        make_file("src/f", "");
        assert_int_equal(truncate("src/f", (off_t)sizes[i]), 0);
        start(false);
        assert_int_equal(read_all(NULL), LFK_OK);
        for (size_t j = 0; j < sizeof(changes) / sizeof(changes[0]); j++) {
            off_t size = (off_t)sizes[i] + changes[j];
            if (size >= 0) {
                assert_int_equal(truncate("src/f", size), 0);
                check_unread("file changed size while it was read");
            }
        }
        end();
    }
}

static void a_file_that_vanished_is_an_error(void **state)
{
    (void)state;
    struct lfk_detail detail = {0};
    make_dir("src");
    make_dir("src/d");
    make_file("src/f", "x");
    make_file("src/d/g", "x");
    start(false);
    assert_int_equal(unlink("src/f"), 0);
    assert_int_equal(read_all(&detail), LFK_ERR_IO);
    check_told(&detail, LFK_ERR_IO, "file cannot be opened");
    assert_int_equal(detail.os_error, ENOENT);

    assert_int_equal(unlink("src/d/g"), 0);
    assert_int_equal(rmdir("src/d"), 0);
    struct lfk_reader reader = {0};
    assert_int_equal(lfk_reader_open(&reader, find("/d/g"), &detail), LFK_ERR_IO);
    check_told(&detail, LFK_ERR_IO, "directory cannot be opened");
    end();
}

/* Opening a FIFO would wait for a writer, reading a directory gives nothing. */
static void what_became_no_file_is_an_error(void **state)
{
    (void)state;
    make_dir("src");
    make_file("src/f", "x");
    start(false);
    assert_int_equal(unlink("src/f"), 0);
    make_fifo("src/f");
    check_unread("file changed size while it was read");
    assert_int_equal(unlink("src/f"), 0);
    make_dir("src/f");
    check_unread("file cannot be read");
    end();
}

static void links_are_not_followed_if_so_told(void **state)
{
    (void)state;
    make_dir("src");
    make_file("src/f", "x");
    make_file("secret", "y");
    start(true);
    assert_int_equal(unlink("src/f"), 0);
    make_link("../secret", "src/f");
    check_unread("file cannot be opened");
    end();
    start(false);
    check_content(find("/f"), "y", 1);
    end();
}

static void one_file_is_read_at_a_time(void **state)
{
    (void)state;
    struct lfk_reader first = {0};
    struct lfk_reader second = {0};
    struct lfk_detail detail = {0};
    struct lfk_span span;
    make_dir("src");
    make_file("src/a", "x");
    make_file("src/b", "y");
    start(false);
    assert_int_equal(lfk_reader_open(&first, find("/a"), NULL), LFK_OK);
    assert_int_equal(lfk_reader_open(&second, find("/b"), &detail), LFK_ERR_INVAL);
    check_told(&detail, LFK_ERR_INVAL, "another file of the scan is being read");
    assert_int_equal(lfk_reader_next(&first, &span, 0, NULL), LFK_ERR_INVAL);
    lfk_reader_close(&first);
    assert_int_equal(lfk_reader_open(&second, find("/b"), NULL), LFK_OK);
    lfk_reader_close(&second);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_in_folder(files_of_all_sizes_are_read_whole),
        test_in_folder(files_of_many_directories_are_read),
        test_in_folder(a_change_of_size_is_an_error),
        test_in_folder(a_file_that_vanished_is_an_error),
        test_in_folder(what_became_no_file_is_an_error),
        test_in_folder(links_are_not_followed_if_so_told),
        test_in_folder(one_file_is_read_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
