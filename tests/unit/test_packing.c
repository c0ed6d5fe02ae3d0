/* SPDX-License-Identifier: MIT */
/*
 * Entries into pairs: as few pairs as there can be, none fuller than a driver
 * would leave it, and every name where a lookup goes for it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fs_checker.h"
#include "image_builder.h"
#include "tree_maker.h"

/*
 * 7 bytes of name, 100 of data and two tags: 115 a file. A compaction may
 * leave 4056 in a block: 35 files, 34 beside the superblock's 40 bytes.
 */
static void pairs_are_packed_full(void **state)
{
    (void)state;
    static const char data[100];
    static const struct {
        int files;
        uint32_t fill;
        uint32_t blocks;
    } cases[] = {{34, 0, 2}, {35, 0, 4}, {69, 0, 4}, {70, 0, 6}, {34, 50, 4}, {69, 50, 10}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct lfk_build_options options = {.size = sizeof(options), .fill_percent = cases[i].fill};
        struct lfk_tree *tree = new_tree();
        struct memory_sink sink = new_sink();
        add_files(tree, lfk_tree_root(tree), cases[i].files, data, sizeof(data), false);
        assert_int_equal(build_image(tree, &options, &sink).metadata_blocks, cases[i].blocks);
        lfk_tree_destroy(tree);
        free(sink.bytes);
    }
}

/* A driver splits a pair that would get its 255th entry; the superblock's counts. */
static void no_pair_has_more_than_254_entries(void **state)
{
    (void)state;
    static const struct {
        int files;
        uint32_t blocks;
    } cases[] = {{253, 2}, {254, 4}, {507, 4}, {508, 6}, {761, 6}, {762, 8}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct lfk_build_options options = {.size = sizeof(options), .block_size = 32768};
        struct lfk_tree *tree = new_tree();
        struct memory_sink sink = new_sink();
        add_files(tree, lfk_tree_root(tree), cases[i].files, "", 0, false);
        assert_int_equal(build_image(tree, &options, &sink).blocks_used, cases[i].blocks);
        lfk_tree_destroy(tree);
        free(sink.bytes);
    }
}

/* Options that leave 984 bytes for entries: 8 files of 115 beside the superblock's 40. */
static void a_limit_on_metadata_bounds_what_is_packed(void **state)
{
    (void)state;
    static const char data[100];
    for (int files = 8; files <= 9; files++) {
        struct lfk_build_options options = {.size = sizeof(options), .metadata_max = 1024};
        struct lfk_tree *tree = new_tree();
        struct memory_sink sink = new_sink();
        add_files(tree, lfk_tree_root(tree), files, data, sizeof(data), false);
        assert_int_equal(build_image(tree, &options, &sink).metadata_blocks, files == 8 ? 2 : 4);
        lfk_tree_destroy(tree);
        free(sink.bytes);
    }
}

/* Entries of the pairs of a root with 70 files of 115 bytes, "34 35 1" as they fill up. */
static void check_fill(const struct lfk_build_options *options, const char *expected)
{
    static const char data[100];
    struct lfk_tree *tree = new_tree();
    add_files(tree, lfk_tree_root(tree), 70, data, sizeof(data), false);
    struct maker m = build_made(tree, options);
    struct mounted v;
    mount_made(&v, &m);
    char text[64] = "";
    size_t size = 0;
    for (const struct lfk_mdir *mdir = v.fs.mdirs.first; mdir != NULL; mdir = mdir->next) {
        unsigned files = mdir->count - (mdir == v.fs.mdirs.first); /* but the superblock's entry */
        size += (size_t)snprintf(text + size, sizeof(text) - size, size > 0 ? " %u" : "%u", files);
    }
    assert_string_equal(text, expected);
    unmount(&v);
    maker_free(&m);
}

/* As many pairs, and none fuller than it must be: three take 70 files if 24 fit in each. */
static void room_may_be_shared_out_evenly(void **state)
{
    (void)state;
    struct lfk_build_options options = {.size = sizeof(options)};
    check_fill(&options, "34 35 1");
    options.fill_evenly = true;
    check_fill(&options, "23 24 23");
    options.fill_percent = 50;
    check_fill(&options, "14 14 14 14 14");
    options.fill_evenly = false;
    check_fill(&options, "17 17 17 17 2");
}

/* An entry that is larger than the share of a block to be filled is stored all the same. */
static void an_entry_larger_than_its_share_has_a_pair_of_its_own(void **state)
{
    (void)state;
    static const char data[100];
    struct lfk_build_options options = {.size = sizeof(options), .fill_percent = 1};
    struct lfk_tree *tree = new_tree();
    add_files(tree, lfk_tree_root(tree), 3, data, sizeof(data), false);
    struct maker m = build_made(tree, &options);
    struct mounted v;
    mount_made(&v, &m);
    assert_int_equal(v.fs.pairs, 4); /* the superblock's entry fills the first */
    check_list(&v.fs, "/", "f000000 f000001 f000002");
    unmount(&v);
    maker_free(&m);
}

/* Attributes take room too: with 1016 bytes of them three entries of 1031 fill a block. */
static void attributes_are_counted(void **state)
{
    (void)state;
    static const char data[1012];
    for (int files = 3; files <= 4; files++) {
        struct lfk_tree *tree = new_tree();
        struct lfk_node *root = lfk_tree_root(tree);
        struct memory_sink sink = new_sink();
        add_files(tree, root, files, "", 0, false);
        for (struct lfk_node *node = root->first; node != NULL; node = node->next) {
            assert_int_equal(lfk_tree_set_attribute(tree, node, 1, data, sizeof(data)), LFK_OK);
        }
        assert_int_equal(build_image(tree, NULL, &sink).metadata_blocks, files == 3 ? 2 : 4);
        lfk_tree_destroy(tree);
        free(sink.bytes);
    }
}

/* Of 472 bytes in a block of 512 the superblock's entry takes 40: 432 of names, tags and content
   are left, or 12 less with an attribute of the root. */
static void a_pair_may_be_filled_to_the_last_byte(void **state)
{
    (void)state;
    static const char data[64];
    static const struct {
        size_t last; /* bytes of the last file */
        size_t attribute;
        uint32_t blocks;
    } cases[] = {{57, 0, 2}, {58, 0, 4}, {45, 8, 2}, {46, 8, 4}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct lfk_build_options options = {.size = sizeof(options), .block_size = 512};
        struct lfk_tree *tree = new_tree();
        struct lfk_node *root = lfk_tree_root(tree);
        struct memory_sink sink = new_sink();
        add_files(tree, root, 5, data, 57, false); /* 72 each */
        add_file(tree, root, "g000000", data, cases[i].last);
        if (cases[i].attribute > 0) {
            assert_int_equal(lfk_tree_set_attribute(tree, root, 1, data, cases[i].attribute),
                             LFK_OK);
        }
        assert_int_equal(build_image(tree, &options, &sink).metadata_blocks, cases[i].blocks);
        lfk_tree_destroy(tree);
        free(sink.bytes);
    }
}

static void an_empty_directory_has_a_pair(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    struct lfk_node *a = add_dir(tree, lfk_tree_root(tree), "a");
    add_dir(tree, a, "b");
    struct maker m = build_made(tree, NULL);
    struct mounted v;
    mount_made(&v, &m);
    assert_int_equal(v.fs.pairs, 3);
    check_list(&v.fs, "/a/b", "");
    unmount(&v);
    maker_free(&m);
}

/* However names fall into pairs, each is found where a driver goes for it. */
static void every_name_of_a_split_directory_is_found(void **state)
{
    (void)state;
    enum { FILES = 400 };
    struct lfk_build_options options = {.size = sizeof(options), .block_size = 512};
    struct lfk_tree *tree = new_tree();
    struct lfk_node *dir = add_dir(tree, lfk_tree_root(tree), "dir");
    char name[24];
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof(name), "%d", i); /* many a name begins with another */
        add_file(tree, dir, name, "content", 7);
    }
    struct maker m = build_made(tree, &options);
    struct mounted v;
    mount_made(&v, &m);
    assert_in_range(v.fs.pairs, 10, 50);
    for (int i = 0; i < FILES; i++) {
        snprintf(name, sizeof(name), "/dir/%d", i);
        check_file(&v.fs, name, "content");
    }
    check_lookup_fails(&v.fs, "/dir/400", LFK_ERR_NOENT);
    check_lookup_fails(&v.fs, "/dir/-", LFK_ERR_NOENT);
    unmount(&v);
    maker_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_are_packed_full),
        cmocka_unit_test(no_pair_has_more_than_254_entries),
        cmocka_unit_test(a_limit_on_metadata_bounds_what_is_packed),
        cmocka_unit_test(room_may_be_shared_out_evenly),
        cmocka_unit_test(an_entry_larger_than_its_share_has_a_pair_of_its_own),
        cmocka_unit_test(attributes_are_counted),
        cmocka_unit_test(a_pair_may_be_filled_to_the_last_byte),
        cmocka_unit_test(an_empty_directory_has_a_pair),
        cmocka_unit_test(every_name_of_a_split_directory_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
