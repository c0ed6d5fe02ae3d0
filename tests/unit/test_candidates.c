/* SPDX-License-Identifier: MIT */
/* What the shell offers where the cursor is, on a volume that is lent to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "candidates.h"
#include "cli_streams.h"
#include "editor.h"
#include "lfskit/build.h"
#include "shell.h"
#include "tree_maker.h"

#define MANY 100000

/* A volume in memory, written block after block. */
static struct {
    struct lfk_sink sink;
    char *bytes;
    size_t size;
} image;
static struct lfk_medium *medium;
static struct lfk_filesystem *filesystem;
static struct cli_streams streams;
static struct cli_session session;
static struct cli_shell shell;
static unsigned long reads;

static int count_read(void *context, uint32_t block, uint32_t offset, void *buffer, uint32_t size,
                      struct lfk_detail *detail)
{
    const struct lfk_device *device = lfk_medium_device(medium);
    (void)context;
    reads++;
    return device->read(device->context, block, offset, buffer, size, detail);
}

static int write_image(struct lfk_sink *sink, const struct lfk_span *spans, size_t count,
                       struct lfk_detail *detail)
{
    (void)sink;
    (void)detail;
    for (size_t i = 0; i < count; i++) {
        memcpy(image.bytes + image.size, spans[i].data, spans[i].size);
        image.size += spans[i].size;
    }
    return LFK_OK;
}

static void build_image(struct lfk_tree *tree)
{
    const struct lfk_build_options options = {.size = sizeof(options), .block_size = 4096};
    struct lfk_build *build = NULL;
    assert_int_equal(lfk_build_plan(&build, tree, &options, NULL), LFK_OK);
    image.bytes = malloc((size_t)lfk_build_report(build)->blocks_used * options.block_size);
    assert_non_null(image.bytes);
    image.sink.write = write_image;
    assert_int_equal(lfk_build_write(build, &image.sink, NULL, NULL), LFK_OK);
    lfk_build_close(build);
}

static int start(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    add_files(tree, add_dir(tree, root, "many"), MANY, NULL, 0, false);
    struct lfk_node *other = add_dir(tree, root, "other dir");
    add_file(tree, other, "it's", "", 0);
    add_file(tree, other, "gr\xc3\xb6n", "", 0);
    add_file(tree, other,
             "gr\xc3\xb6\xc3\x9f"
             "e",
             "", 0);
    build_image(tree);
    lfk_tree_destroy(tree);
    const struct lfk_medium_options read_only = {.size = sizeof(read_only), .read_only = true};
    assert_int_equal(lfk_medium_open_memory(&medium, image.bytes, image.size, &read_only, NULL),
                     LFK_OK);
    struct lfk_device device = *lfk_medium_device(medium);
    device.read = count_read;
    const struct lfk_filesystem_options mounting = {.size = sizeof(mounting), .read_only = true};
    assert_int_equal(lfk_filesystem_mount(&filesystem, &device, &mounting, NULL), LFK_OK);
    return 0;
}

static int end(void **state)
{
    (void)state;
    lfk_filesystem_unmount(filesystem);
    lfk_medium_close(medium);
    free(image.bytes);
    return 0;
}

static int open_shell(void **state)
{
    (void)state;
    static const struct cli_session_args args;
    static struct cli_run run;
    cli_streams_open(&streams);
    run = (struct cli_run){.program = &cli_lfskit, .io = &streams.io};
    session = (struct cli_session){.run = NULL};
    shell = (struct cli_shell){.session = NULL};
    assert_int_equal(cli_session_begin(&session, &run, &args, NULL), CLI_DONE);
    cli_shell_start(&shell, &session);
    cli_session_lend(&session, filesystem);
    reads = 0;
    return 0;
}

static int close_shell(void **state)
{
    (void)state;
    cli_session_lend(&session, NULL);
    cli_session_close(&session);
    cli_streams_close(&streams);
    return 0;
}

static void run_line(const char *line, const char *printed)
{
    assert_int_equal(cli_shell_line(&shell, line, strlen(line)), CLI_DONE);
    cli_streams_flush(&streams);
    assert_string_equal(streams.out, printed);
    assert_int_equal(streams.err_size, 0);
}

static void check(const char *line, size_t count, const char *added)
{
    struct cli_candidates candidates = {.count = 0};
    cli_candidates_find(&shell, line, &candidates);
    assert_int_equal(candidates.count, count);
    assert_string_equal(cli_text_string(&candidates.added), added);
    cli_text_free(&candidates.names);
    cli_text_free(&candidates.added);
}

static void names_go_on_as_far_as_they_agree(void **state)
{
    (void)state;
    check("unm", 1, "ount ");
    check("m", 3, "");
    check("zzz", 0, "");
    check("ls o", 1, "ther\\ dir/");
    check("ls \"/other d", 1, "ir/");
    check("cat other\\ dir/", 3, "");
    check("cat other\\ dir/g", 2, "r\xc3\xb6");
    check("cat other\\ dir/i", 1, "t\\'s ");
    check("cat 'other dir/gr\xc3\xb6n", 1, "' ");
    check("cd many/f0000", 0, "");
    check("rm --rec", 1, "ursive ");
    check("help un", 1, "mount ");
}

static void a_large_directory_is_completed_without_reading_the_device(void **state)
{
    (void)state;
    check("cat many/", MANY, "f0");
    check("cat many/f04242", 10, "");
    check("cat many/f042424", 1, " ");
    assert_int_equal(reads, 0);
}

static void a_pattern_reads_no_more_than_what_it_names(void **state)
{
    (void)state;
    run_line("cat many/f0424*", "");
    assert_int_equal(reads, 0);
    run_line("pwd", "/\n");
    run_line("cd many", "/\n/many\n");
    assert_int_equal(reads, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(names_go_on_as_far_as_they_agree, open_shell, close_shell),
        cmocka_unit_test_setup_teardown(a_large_directory_is_completed_without_reading_the_device,
                                        open_shell, close_shell),
        cmocka_unit_test_setup_teardown(a_pattern_reads_no_more_than_what_it_names, open_shell,
                                        close_shell),
    };
    return cmocka_run_group_tests(tests, start, end);
}
