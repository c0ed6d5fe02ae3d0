/* SPDX-License-Identifier: MIT */
/* Metadata of built images: what each pair says, where its tail leads, and how drivers go on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fs_checker.h"
#include "image_builder.h"
#include "mdir_checker.h"
#include "tree_maker.h"

/* What the pairs on the list say, in its order. */
static void check_pairs(struct maker *m, const char *const *expected, size_t count)
{
    struct mounted v;
    mount_made(&v, m);
    assert_int_equal(v.fs.pairs, count);
    const struct lfk_mdir *mdir = v.fs.mdirs.first;
    for (size_t i = 0; i < count; i++, mdir = mdir->next) {
        if (!lfk_mdir_is_superblock(mdir, 0)) { /* its struct is no text */
            check_entries(mdir, expected[i]);
        }
        assert_true(lfk_revision_is_newer(mdir->log.revision, UINT32_MAX)); /* its erased twin */
        assert_int_equal(mdir->delta.word, 0);
    }
    unmount(&v);
}

static void pairs_say_what_was_in_the_tree(void **state)
{
    (void)state;
    static const char data[600];
    static const char *const expected[] = {NULL, "B=+5: ab=in a/=dir+41:x", "big=ctz e/=dir", ""};
    struct lfk_tree *tree = new_tree();
    struct lfk_node *d = add_dir(tree, lfk_tree_root(tree), "d");
    struct lfk_node *a = add_dir(tree, d, "a");
    add_file(tree, d, "ab", "in", 2);
    struct lfk_node *b = add_file(tree, d, "B", "", 0);
    add_dir(tree, a, "e");
    add_file(tree, a, "big", data, sizeof(data));
    assert_int_equal(lfk_tree_set_attribute(tree, a, 0x41, "x", 1), LFK_OK);
    assert_int_equal(lfk_tree_set_attribute(tree, b, 5, "", 0), LFK_OK);
    struct maker m = build_made(tree, NULL);
    check_pairs(&m, expected, 4);
    maker_free(&m);
}

/* Hard from one pair of a directory to the next, soft to the next directory, none at the end. */
static void tails_lead_through_all_pairs(void **state)
{
    (void)state;
    struct lfk_build_options options = {.size = sizeof(options), .block_size = 128};
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    add_files(tree, add_dir(tree, root, "a"), 15, "content", 7, false); /* 4 a pair */
    add_files(tree, add_dir(tree, root, "b"), 1, "content", 7, false);
    struct maker m = build_made(tree, &options);
    struct mounted v;
    mount_made(&v, &m);
    char kinds[8] = "";
    uint32_t pairs = 0;
    for (const struct lfk_mdir *mdir = v.fs.mdirs.first; mdir != NULL; mdir = mdir->next) {
        assert_in_range(pairs, 0, sizeof(kinds) - 2);
        bool last = lfk_pair_is_null(mdir->tail);
        assert_true(last || mdir->tail.block[0] == 2 * pairs + 2);
        assert_true(last || mdir->tail.block[1] == 2 * pairs + 3);
        kinds[pairs++] = last ? '-' : mdir->tail_hard ? 'h' : 's';
    }
    assert_string_equal(kinds, "shhhs-");
    unmount(&v);
    maker_free(&m);
}

static void the_superblock_says_what_was_asked_for(void **state)
{
    (void)state;
    struct lfk_build_options options = {
        .size = sizeof(options),
        .block_size = 512,
        .block_count = 99,
        .name_max = 32,
        .file_max = 100000,
        .attr_max = 64,
        .disk_version = LFK_DISK_VERSION_2_0,
    };
    struct lfk_tree *tree = new_tree();
    assert_int_equal(lfk_tree_set_attribute(tree, lfk_tree_root(tree), 1, "root", 4), LFK_OK);
    struct maker m = build_made(tree, &options);
    struct mounted v;
    mount_made(&v, &m);
    assert_int_equal(v.fs.superblock.version, LFK_DISK_2_0);
    assert_int_equal(v.fs.superblock.block_size, 512);
    assert_int_equal(v.fs.superblock.block_count, 99);
    assert_int_equal(v.fs.superblock.name_max, 32);
    assert_int_equal(v.fs.superblock.file_max, 100000);
    assert_int_equal(v.fs.superblock.attr_max, 64);
    assert_memory_equal(v.fs.mdirs.root->entries[0].attributes->data, "root", 4);
    unmount(&v);
    maker_free(&m);
}

static bool has_fcrc_entry(const struct lfk_log *log)
{
    struct lfk_log_reader reader;
    struct lfk_record record;
    bool found = false;
    lfk_log_reader_start(&reader, log);
    while (lfk_log_reader_next(&reader, &record)) {
        found |= lfk_tag_type(record.tag) == LFK_TYPE_FCRC;
    }
    return found;
}

/* A driver can append to what was built, at its own version; 2.0 takes an FCRC for a commit. */
static void drivers_can_append_where_there_is_room(void **state)
{
    (void)state;
    static const uint32_t versions[] = {LFK_DISK_VERSION_2_0, LFK_DISK_VERSION_2_1};
    static const uint32_t progs[] = {1, 16, 256, 4096};
    for (int i = 0; i < 8; i++) {
        struct lfk_build_options options = {
            .size = sizeof(options), .prog_size = progs[i / 2], .disk_version = versions[i % 2]};
        struct lfk_tree *tree = new_tree();
        add_files(tree, add_dir(tree, lfk_tree_root(tree), "d"), 9, "content", 7, false);
        struct maker m = build_made(tree, &options);
        for (uint32_t block = 0; block < 3; block++) {
            struct lfk_log log;
            assert_true(lfk_log_scan(&log, maker_block(&m, block), 4096));
            assert_int_equal(log.end % progs[i / 2], 0);
            bool room = log.end < 4096;
            assert_int_equal(room, progs[i / 2] < 4096);
            assert_int_equal(lfk_log_is_appendable(&log, progs[i / 2], versions[i % 2]), room);
            assert_int_equal(has_fcrc_entry(&log), i % 2 == 1 && room);
        }
        maker_free(&m);
    }
}

/* --- inline files whose source fails ---------------------------------------------------- */

static int refuse_to_open(const struct lfk_content *content, const struct lfk_node *node,
                          void **stream, struct lfk_detail *detail)
{
    (void)content;
    (void)node;
    (void)stream;
    return lfk_fail(detail, LFK_ERR_IO, "cannot open the source");
}

static void a_source_that_fails_is_named(void **state)
{
    (void)state;
    static const struct lfk_content content = {refuse_to_open, NULL, NULL};
    static const uint64_t sizes[] = {100, 10000}; /* inline, and not */
    for (int i = 0; i < 2; i++) {
        struct lfk_tree *tree = new_tree();
        struct lfk_node *file = NULL;
        struct lfk_build *build = NULL;
        const struct lfk_node *unread = NULL;
        struct lfk_detail detail = {0};
        struct memory_sink sink = new_sink();
        add_file(tree, lfk_tree_root(tree), "a", "A", 1);
        assert_int_equal(
            lfk_tree_add_content(tree, lfk_tree_root(tree), "f", 1, &content, sizes[i], &file),
            LFK_OK);
        assert_int_equal(lfk_build_plan(&build, tree, NULL, NULL), LFK_OK);
        assert_int_equal(lfk_build_write(build, &sink.sink, &unread, &detail), LFK_ERR_IO);
        check_told(&detail, LFK_ERR_IO, "cannot open the source");
        assert_ptr_equal(unread, file);
        lfk_build_close(build);
        lfk_tree_destroy(tree);
        free(sink.bytes);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_say_what_was_in_the_tree),
        cmocka_unit_test(tails_lead_through_all_pairs),
        cmocka_unit_test(the_superblock_says_what_was_asked_for),
        cmocka_unit_test(drivers_can_append_where_there_is_room),
        cmocka_unit_test(a_source_that_fails_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
