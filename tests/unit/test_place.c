/* SPDX-License-Identifier: MIT */
/*
 * What is stored inline and what in blocks, how large the volume becomes, and
 * what cannot be stored at all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fs_checker.h"
#include "image_builder.h"
#include "tree_maker.h"

static void head_room_is_added(void **state)
{
    (void)state;
    static const struct {
        uint32_t blocks;
        uint32_t percent;
        uint32_t count;
    } cases[] = {{0, 0, 2}, {5, 0, 7}, {0, 50, 4}, {0, 99, 200}, {0, 1, 3}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct lfk_build_options options = {.size = sizeof(options),
                                            .free_blocks = cases[i].blocks,
                                            .free_percent = cases[i].percent};
        struct lfk_tree *tree = new_tree();
        struct memory_sink sink = new_sink();
        assert_int_equal(build_image(tree, &options, &sink).options.block_count, cases[i].count);
        lfk_tree_destroy(tree);
        free(sink.bytes);
    }
}

static void a_volume_too_small_says_how_many_blocks_are_needed(void **state)
{
    (void)state;
    static const char data[5000];
    struct lfk_build_options options = {.size = sizeof(options), .block_count = 3};
    struct lfk_tree *tree = new_tree();
    struct lfk_build *build = NULL;
    struct lfk_detail detail = {0};
    add_file(tree, lfk_tree_root(tree), "f", data, sizeof(data));
    assert_int_equal(lfk_build_plan(&build, tree, &options, &detail), LFK_ERR_NOSPC);
    assert_string_equal(detail.field, "block_count");
    assert_int_equal(detail.expected, 4);
    assert_int_equal(detail.found, 3);
    lfk_tree_destroy(tree);
}

static void a_volume_may_be_just_large_enough(void **state)
{
    (void)state;
    static const char data[5000];
    struct lfk_build_options options = {.size = sizeof(options), .block_count = 4};
    struct lfk_tree *tree = new_tree();
    struct memory_sink sink = new_sink();
    add_file(tree, lfk_tree_root(tree), "f", data, sizeof(data));
    struct lfk_build_report report = build_image(tree, &options, &sink);
    assert_int_equal(report.blocks_used, 4);
    assert_int_equal(report.options.block_count, 4);
    lfk_tree_destroy(tree);
    free(sink.bytes);
}

struct reports {
    int count;
    int status[8];
};

static void note_report(void *context, const struct lfk_node *node, const struct lfk_detail *detail)
{
    struct reports *reports = context;
    assert_non_null(node);
    reports->status[reports->count++] = detail->status;
}

static void every_unstorable_node_is_reported(void **state)
{
    (void)state;
    struct reports reports = {0};
    struct lfk_build_options options = {.size = sizeof(options),
                                        .name_max = 8,
                                        .file_max = 10,
                                        .attr_max = 3,
                                        .report = note_report,
                                        .report_context = &reports};
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    struct lfk_build *build = NULL;
    struct lfk_detail detail = {0};
    add_file(tree, root, "123456789", "", 0); /* a name, a file and an attribute too large */
    add_file(tree, root, "2big", "12345678901", 11);
    struct lfk_node *node = add_file(tree, root, "3attr", "", 0);
    assert_int_equal(lfk_tree_set_attribute(tree, node, 1, "1234", 4), LFK_OK);
    assert_int_equal(lfk_build_plan(&build, tree, &options, &detail), LFK_ERR_NAMETOOLONG);
    assert_int_equal(detail.status, LFK_ERR_NAMETOOLONG);
    assert_int_equal(reports.count, 3);
    assert_int_equal(reports.status[1], LFK_ERR_FBIG);
    assert_int_equal(reports.status[2], LFK_ERR_NOSPC);
    lfk_tree_destroy(tree);
}

static void limits_may_be_reached(void **state)
{
    (void)state;
    struct lfk_build_options options = {
        .size = sizeof(options), .name_max = 8, .file_max = 10, .attr_max = 3};
    struct lfk_tree *tree = new_tree();
    struct lfk_node *file = add_file(tree, lfk_tree_root(tree), "12345678", "1234567890", 10);
    assert_int_equal(lfk_tree_set_attribute(tree, file, 1, "123", 3), LFK_OK);
    struct maker m = build_made(tree, &options);
    struct mounted v;
    mount_made(&v, &m);
    unmount(&v);
    maker_free(&m);
}

/* Beside the superblock's entry a block of 128 bytes has room for 44 bytes of an attribute. */
static void the_roots_attributes_must_fit_in_a_block(void **state)
{
    (void)state;
    static const char data[45];
    for (size_t size = 44; size <= 45; size++) {
        struct lfk_build_options options = {.size = sizeof(options), .block_size = 128};
        struct lfk_tree *tree = new_tree();
        struct lfk_build *build = NULL;
        struct lfk_detail detail = {0};
        assert_int_equal(lfk_tree_set_attribute(tree, lfk_tree_root(tree), 1, data, size), LFK_OK);
        int status = lfk_build_plan(&build, tree, &options, &detail);
        assert_int_equal(status, size == 44 ? LFK_OK : LFK_ERR_NOSPC);
        lfk_build_close(build);
        lfk_tree_destroy(tree);
    }
}

static void two_entries_of_one_name_are_refused(void **state)
{
    (void)state;
    struct reports reports = {0};
    struct lfk_build_options options = {
        .size = sizeof(options), .report = note_report, .report_context = &reports};
    struct lfk_tree *tree = new_tree();
    struct lfk_build *build = NULL;
    struct lfk_detail detail = {0};
    add_file(tree, lfk_tree_root(tree), "twin", "", 0);
    add_dir(tree, lfk_tree_root(tree), "twin");
    assert_int_equal(lfk_build_plan(&build, tree, &options, &detail), LFK_ERR_EXIST);
    check_told(&detail, LFK_ERR_EXIST, "two entries have this name");
    assert_int_equal(reports.count, 1);
    assert_int_equal(reports.status[0], LFK_ERR_EXIST);
    lfk_tree_destroy(tree);
}

/* On blocks of 128 bytes 88 are left for an entry: 72 of name beside two tags and a pointer. */
static void a_name_must_fit_in_a_block(void **state)
{
    (void)state;
    char name[80];
    memset(name, 'n', sizeof(name));
    for (size_t length = 72; length <= 73; length++) {
        struct lfk_build_options options = {.size = sizeof(options), .block_size = 128};
        struct lfk_tree *tree = new_tree();
        struct lfk_build *build = NULL;
        struct lfk_node *node;
        struct lfk_detail detail = {0};
        assert_int_equal(lfk_tree_add_dir(tree, lfk_tree_root(tree), name, length, &node), LFK_OK);
        int status = lfk_build_plan(&build, tree, &options, &detail);
        assert_int_equal(status, length == 72 ? LFK_OK : LFK_ERR_NOSPC);
        lfk_build_close(build);
        lfk_tree_destroy(tree);
    }
}

/* Of these 80 bytes no name of more than 72 leaves room for a pointer, but no file needs one. */
static void a_long_name_may_have_an_inline_file(void **state)
{
    (void)state;
    for (size_t size = 0; size <= 9; size++) {
        static const char content[] = "123456789";
        char path[82] = "/";
        memset(path + 1, 'n', 80 - size);
        struct lfk_build_options options = {.size = sizeof(options), .block_size = 128};
        struct lfk_tree *tree = new_tree();
        add_file(tree, lfk_tree_root(tree), path + 1, content + 9 - size, size);
        struct maker m = build_made(tree, &options);
        struct mounted v;
        mount_made(&v, &m);
        check_file(&v.fs, path, content + 9 - size);
        unmount(&v);
        maker_free(&m);
    }
}

static uint64_t inline_files(struct lfk_tree *tree, const struct lfk_build_options *options)
{
    struct memory_sink sink = new_sink();
    uint64_t count = build_image(tree, options, &sink).inline_files;
    lfk_tree_destroy(tree);
    free(sink.bytes);
    return count;
}

/* Five files, of 0, 1, 100, 101 and 512 bytes, and how many of them are inline. */
static void files_are_inline_up_to_the_limit(void **state)
{
    (void)state;
    static const char data[512];
    static const struct {
        uint32_t inline_max;
        uint32_t cache_size;
        uint32_t attr_max;
        uint64_t inline_files;
    } cases[] = {{0, 0, 0, 5},   {100, 0, 0, 3}, {101, 0, 0, 4}, {UINT32_MAX, 0, 0, 1},
                 {0, 256, 0, 4}, {0, 0, 100, 3}, {1, 0, 0, 2}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lfk_build_options options = {.size = sizeof(options),
                                            .inline_max = cases[i].inline_max,
                                            .cache_size = cases[i].cache_size,
                                            .attr_max = cases[i].attr_max};
        struct lfk_tree *tree = new_tree();
        struct lfk_node *root = lfk_tree_root(tree);
        add_file(tree, root, "0", data, 0);
        add_file(tree, root, "1", data, 1);
        add_file(tree, root, "100", data, 100);
        add_file(tree, root, "101", data, 101);
        add_file(tree, root, "512", data, 512);
        assert_int_equal(inline_files(tree, &options), cases[i].inline_files);
    }
}

/* Content that would not fit beside the attributes goes into a block. */
static void a_file_with_large_attributes_is_not_inline(void **state)
{
    (void)state;
    static const char data[1022];
    for (int attributes = 3; attributes <= 4; attributes++) {
        struct lfk_tree *tree = new_tree();
        struct lfk_node *file = add_file(tree, lfk_tree_root(tree), "f", data, 512);
        for (int i = 0; i < attributes; i++) {
            size_t size = i == 3 ? 500 : sizeof(data);
            assert_int_equal(lfk_tree_set_attribute(tree, file, (uint8_t)i, data, size), LFK_OK);
        }
        assert_int_equal(inline_files(tree, NULL), attributes == 3);
    }
}

static void the_report_counts_what_is_in_the_tree(void **state)
{
    (void)state;
    static const char data[9000];
    struct lfk_tree *tree = new_tree();
    struct lfk_node *dir = add_dir(tree, lfk_tree_root(tree), "d");
    struct memory_sink sink = new_sink();
    add_dir(tree, dir, "empty");
    add_file(tree, dir, "large", data, 9000);
    add_file(tree, dir, "small", data, 10);
    add_file(tree, lfk_tree_root(tree), "none", data, 0);
    struct lfk_build_report report = build_image(tree, NULL, &sink);
    assert_int_equal(report.files, 3);
    assert_int_equal(report.inline_files, 2);
    assert_int_equal(report.directories, 2);
    assert_int_equal(report.file_bytes, 9010);
    assert_int_equal(report.metadata_blocks, 6);
    assert_int_equal(report.blocks_used, 9);
    assert_int_equal(report.options.block_count, 9);
    lfk_tree_destroy(tree);
    free(sink.bytes);
}

/* Refused by their sizes, before a byte is asked for. */
static void files_and_volumes_too_large_are_refused(void **state)
{
    (void)state;
    static const struct lfk_content never_read;
    struct lfk_build *build = NULL;
    struct lfk_detail detail = {0};
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    assert_int_equal(
        lfk_tree_add_content(tree, root, "f", 1, &never_read, UINT64_C(0x80000000), NULL), LFK_OK);
    assert_int_equal(lfk_build_plan(&build, tree, NULL, &detail), LFK_ERR_FBIG);
    check_told(&detail, LFK_ERR_FBIG,
               "file is too large (file_max): expected 2147483647, found 2147483648");
    lfk_tree_destroy(tree);

    /* 300 files of 2 GiB in blocks of 128 bytes: more blocks than 32 bits can count. */
    tree = new_tree();
    root = lfk_tree_root(tree);
    for (int i = 0; i < 300; i++) {
        char name[2] = {(char)('A' + i / 26), (char)('A' + i % 26)};
        assert_int_equal(lfk_tree_add_content(tree, root, name, 2, &never_read, LFK_FILE_MAX, NULL),
                         LFK_OK);
    }
    struct lfk_build_options options = {.size = sizeof(options), .block_size = 128};
    assert_int_equal(lfk_build_plan(&build, tree, &options, &detail), LFK_ERR_FBIG);
    assert_string_equal(detail.field, "block_size");
    assert_int_equal(detail.expected, UINT32_C(0xfffffffe));
    assert_in_range(detail.found, UINT64_C(5368700000), UINT64_C(5368800000));
    lfk_tree_destroy(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(head_room_is_added),
        cmocka_unit_test(a_volume_too_small_says_how_many_blocks_are_needed),
        cmocka_unit_test(a_volume_may_be_just_large_enough),
        cmocka_unit_test(every_unstorable_node_is_reported),
        cmocka_unit_test(limits_may_be_reached),
        cmocka_unit_test(the_roots_attributes_must_fit_in_a_block),
        cmocka_unit_test(two_entries_of_one_name_are_refused),
        cmocka_unit_test(a_name_must_fit_in_a_block),
        cmocka_unit_test(a_long_name_may_have_an_inline_file),
        cmocka_unit_test(files_are_inline_up_to_the_limit),
        cmocka_unit_test(a_file_with_large_attributes_is_not_inline),
        cmocka_unit_test(the_report_counts_what_is_in_the_tree),
        cmocka_unit_test(files_and_volumes_too_large_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
