/* SPDX-License-Identifier: MIT */
/*
 * Mounting: the list of pairs, the root, the superblock that counts, the global
 * state, and lists that loop or lead nowhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flawed_device.h"
#include "fs_checker.h"

/* A pair on the list: its tail leads to `next` and the block after it. */
static void make_link(struct maker *m, uint32_t first, uint32_t type, uint32_t next)
{
    maker_log(m, first, 1);
    maker_tail(m, type, next, next + 1);
    maker_end(m);
}

/* The root, from which a soft tail leads to {2, 3}. */
static struct maker make_list_start(void)
{
    struct maker m = maker_start(512, 16);
    maker_root(&m);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_end(&m);
    return m;
}

/* The list goes on over tails of both kinds; an all-ones tail ends it as a missing one does. */
static void the_list_is_followed_to_its_end(void **state)
{
    (void)state;
    for (int all_ones = 0; all_ones < 2; all_ones++) {
        struct maker m = make_list_start();
        struct mounted v;
        make_link(&m, 2, LFK_TYPE_HARD_TAIL, 4);
        make_link(&m, 4, LFK_TYPE_SOFT_TAIL, 8);
        maker_log(&m, 8, 1);
        if (all_ones) {
            maker_tail(&m, LFK_TYPE_SOFT_TAIL, LFK_BLOCK_NULL, LFK_BLOCK_NULL);
        }
        maker_end(&m);
        mount_made(&v, &m);
        assert_int_equal(v.fs.pairs, 4);
        static const uint32_t blocks[] = {0, 2, 4, 8};
        const struct lfk_mdir *mdir = v.fs.mdirs.first;
        for (int i = 0; i < 4; i++, mdir = mdir->next) {
            assert_int_equal(mdir->pair.block[0], blocks[i]);
        }
        assert_null(mdir);
        unmount(&v);
        maker_free(&m);
    }
}

/* A superblock of an expanded chain: {first, first + 1} with the count and a tail to the next. */
static void make_chain_link(struct maker *m, uint32_t first, uint32_t count, uint32_t next)
{
    m->superblock.block_count = count;
    maker_log(m, first, 1);
    maker_superblock(m);
    maker_file(m, 1, "stale", "");
    maker_tail(m, LFK_TYPE_HARD_TAIL, next, next + 1);
    maker_end(m);
}

/* The root is the last pair on the list with a superblock entry, and only that one's count counts:
   earlier entries keep the one from before the volume grew. */
static void the_last_superblock_is_the_roots(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 16);
    struct mounted v;
    make_chain_link(&m, 0, 4, 2);
    make_chain_link(&m, 2, 8, 10);
    m.superblock.block_count = 16;
    m.superblock.name_max = 32;
    maker_log(&m, 10, 7);
    maker_superblock(&m);
    maker_file(&m, 1, "file", "F");
    maker_tail(&m, LFK_TYPE_HARD_TAIL, 12, 13);
    maker_end(&m);
    maker_log(&m, 12, 1); /* the second half of the root */
    maker_file(&m, 0, "more", "");
    maker_end(&m);
    mount_made(&v, &m);
    assert_int_equal(v.fs.superblocks, 3);
    assert_int_equal(v.fs.mdirs.root->pair.block[0], 10);
    assert_int_equal(v.fs.superblock.block_count, 16);
    assert_int_equal(v.fs.superblock.name_max, 32);
    check_list(&v.fs, "/", "file more");
    unmount(&v);
    maker_free(&m);
}

static void a_pair_outside_the_volume_is_damage(void **state)
{
    (void)state;
    struct maker m = make_list_start();
    struct mounted v;
    m.superblock.block_count = 3;
    maker_root(&m);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_end(&m);
    maker_empty(&m, 2, 1);
#define OUTSIDE "a metadata pair is outside the volume (block): expected 3, found 3"
    check_refused(&m, LFK_ERR_CORRUPT, OUTSIDE);
    mount_damaged(&v, &m, OUTSIDE "\n");
#undef OUTSIDE
    unmount(&v);
    maker_free(&m);
}

static void a_tail_beyond_the_image_is_damage(void **state)
{
    (void)state;
    struct maker m = make_list_start();
    struct mounted v;
    make_link(&m, 2, LFK_TYPE_SOFT_TAIL, UINT32_C(0xfffffffd));
#define BEYOND                                                                                     \
    "a block number is not below the number of blocks in the image (block): "                      \
    "expected 16, found 4294967293"
    check_refused(&m, LFK_ERR_CORRUPT, BEYOND);
    mount_damaged(&v, &m, BEYOND "\n");
#undef BEYOND
    assert_int_equal(v.fs.pairs, 2);
    unmount(&v);
    maker_free(&m);
}

/* Wherever a list comes back to, to itself, to the pair before or to the start, it ends there. */
static void lists_that_loop_are_damage(void **state)
{
    (void)state;
    static const struct {
        uint32_t back_to;
        const char *line;
    } cases[] = {{0, "the list of metadata pairs loops: block 0"},
                 {2, "the list of metadata pairs loops: block 2"},
                 {4, "the list of metadata pairs loops: block 4"},
                 {6, "the list of metadata pairs loops: block 6"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct maker m = make_list_start();
        struct mounted v;
        char told[64];
        make_link(&m, 2, LFK_TYPE_HARD_TAIL, 4);
        make_link(&m, 4, LFK_TYPE_SOFT_TAIL, 6);
        make_link(&m, 6, i % 2 ? LFK_TYPE_HARD_TAIL : LFK_TYPE_SOFT_TAIL, cases[i].back_to);
        check_refused(&m, LFK_ERR_CORRUPT, cases[i].line);
        snprintf(told, sizeof(told), "%s\n", cases[i].line);
        mount_damaged(&v, &m, told);
        assert_int_equal(v.fs.pairs, 4);
        unmount(&v);
        maker_free(&m);
    }
}

static void a_pair_that_cannot_be_read_ends_the_list(void **state)
{
    (void)state;
    struct maker m = make_list_start();
    struct mounted v;
    memset(maker_block(&m, 2), 0x5a, 512);
    check_refused(&m, LFK_ERR_CORRUPT, "a metadata block has no valid commit: block 2");
    mount_damaged(&v, &m, "a metadata block has no valid commit: block 2\n");
    assert_int_equal(v.fs.pairs, 1);
    unmount(&v);
    maker_free(&m);
}

/* Without a root there is nothing to go on with, though somebody listens. */
static void without_a_root_there_is_no_mount(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 4);
    struct mounted v = {0};
    struct lfk_fs_options options = {.damage = note_fs_damage, .damage_context = &v.damages};
    struct lfk_detail detail = {0};
    lfk_bd_memory_open(&v.device, m.bytes, maker_size(&m));
    assert_int_equal(lfk_bd_shape(&v.device.bd, 512, NULL), LFK_OK);
    assert_int_equal(lfk_fs_mount(&v.fs, &v.device.bd, &options, &detail), LFK_ERR_CORRUPT);
    check_told(&detail, LFK_ERR_CORRUPT, "a metadata block has no valid commit: block 0");
    check_damages(&v.damages, "");

    maker_log(&m, 0, 1);
    maker_file(&m, 0, "littlefs", "no superblock");
    maker_end(&m);
    check_refused(&m, LFK_ERR_CORRUPT, "no pair has a usable superblock: block 0");
    maker_log(&m, 0, 1);
    maker_add_text(&m, LFK_TYPE_SUPERBLOCK, 0, LFK_MAGIC);
    maker_end(&m);
    check_refused(&m, LFK_ERR_CORRUPT, "a superblock entry has no content: block 0");
    lfk_fs_unmount(&v.fs);
    maker_free(&m);
}

/* An unreadable block of the root pair does not keep the other from being mounted. */
static void either_block_of_the_root_pair_suffices(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 4);
    for (uint32_t block = 0; block < 2; block++) {
        maker_log(&m, block, 1 + block);
        maker_superblock(&m);
        maker_file(&m, 1, block ? "new" : "old", "");
        maker_end(&m);
    }
    for (uint32_t bad = 0; bad < 2; bad++) {
        struct flawed_device device;
        struct lfk_fs_options options = {0};
        struct lfk_fs fs;
        flawed_open(&device, m.bytes, 512, 4);
        device.bad_block = bad;
        device.status = LFK_ERR_CORRUPT;
        assert_int_equal(lfk_fs_mount(&fs, &device.bd, &options, NULL), LFK_OK);
        check_list(&fs, "/", bad == 1 ? "old" : "new");
        lfk_fs_unmount(&fs);
    }
    maker_free(&m);
}

/* What is not CORRUPT is not damage of the image: nobody is told, the mount fails. */
static void other_errors_of_the_device_end_the_mount(void **state)
{
    (void)state;
    struct maker m = make_list_start();
    maker_empty(&m, 2, 1);
    struct damages damages = {0};
    struct lfk_fs_options options = {.damage = note_fs_damage, .damage_context = &damages};
    struct flawed_device device;
    struct lfk_fs fs;
    flawed_open(&device, m.bytes, 512, 16);
    device.bad_block = 3;
    device.status = LFK_ERR_IO;
    assert_int_equal(lfk_fs_mount(&fs, &device.bd, &options, NULL), LFK_ERR_IO);
    check_damages(&damages, "");
    lfk_fs_unmount(&fs);
    maker_free(&m);
}

/* A 2.0 image is read as it is and not changed; entries that 2.0 does not know may be in it. */
static void version_2_0_mounts_with_and_without_fcrcs(void **state)
{
    (void)state;
    static const uint32_t formats[] = {LFK_DISK_2_0, LFK_DISK_2_1};
    for (int i = 0; i < 2; i++) {
        struct maker m = maker_start(512, 4);
        m.superblock.version = LFK_DISK_2_0;
        m.format.disk_version = formats[i];
        maker_root(&m);
        maker_file(&m, 1, "a", "A");
        maker_end(&m);
        uint8_t *before = malloc(maker_size(&m));
        assert_non_null(before);
        memcpy(before, m.bytes, maker_size(&m));
        struct mounted v;
        mount_made(&v, &m);
        assert_int_equal(v.fs.mdirs.first->log.has_fcrc, formats[i] == LFK_DISK_2_1);
        check_file(&v.fs, "/a", "A");
        unmount(&v);
        assert_memory_equal(before, m.bytes, maker_size(&m));
        free(before);
        maker_free(&m);
    }
}

static void check_superblock_refused(struct lfk_superblock superblock, const char *line)
{
    struct maker m = maker_start(512, 4);
    m.superblock = superblock;
    maker_root(&m);
    maker_end(&m);
    check_refused(&m, LFK_ERR_INVAL, line);
    maker_free(&m);
}

static void unknown_versions_are_refused(void **state)
{
    (void)state;
    struct lfk_superblock s = {0x00020002, 512, 4, 255, LFK_FILE_MAX, LFK_ATTR_MAX};
    check_superblock_refused(s, "the minor disk version is newer than the newest known (version): "
                                "expected 1, found 2");
    s.version = 0x00010001;
    check_superblock_refused(s, "the major disk version is not known (version): "
                                "expected 2, found 1");
    s.version = 0x00030000;
    check_superblock_refused(s, "the major disk version is not known (version): "
                                "expected 2, found 3");
}

/* A superblock that cannot be is no damage to go on with: the volume may be of another kind. */
static void a_bad_superblock_ends_the_mount_though_somebody_listens(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 8);
    struct mounted v = {0};
    struct lfk_fs_options options = {.damage = note_fs_damage, .damage_context = &v.damages};
    struct lfk_detail detail = {0};
    make_chain_link(&m, 0, 8, 2);
    m.superblock.block_size = 1024;
    maker_log(&m, 2, 1);
    maker_superblock(&m);
    maker_end(&m);
    lfk_bd_memory_open(&v.device, m.bytes, maker_size(&m));
    assert_int_equal(lfk_bd_shape(&v.device.bd, 512, NULL), LFK_OK);
    assert_int_equal(lfk_fs_mount(&v.fs, &v.device.bd, &options, &detail), LFK_ERR_INVAL);
    check_told(&detail, LFK_ERR_INVAL,
               "the superblock states another block size (block_size): "
               "expected 512, found 1024");
    check_damages(&v.damages, "");
    lfk_fs_unmount(&v.fs);
    maker_free(&m);
}

/* Zero limits are not stated: the reader's own apply. */
static void limits_may_be_unstated_but_not_impossible(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 4);
    struct mounted v;
    m.superblock.name_max = m.superblock.file_max = m.superblock.attr_max = 0;
    maker_root(&m);
    maker_file(&m, 1, "a", "A");
    maker_end(&m);
    mount_made(&v, &m);
    check_file(&v.fs, "/a", "A");
    unmount(&v);
    maker_free(&m);
    struct lfk_superblock s = {LFK_DISK_2_1, 512, 4, 1023, LFK_FILE_MAX, LFK_ATTR_MAX};
    check_superblock_refused(
        s, "the name limit is above its ceiling (name_max): expected 1022, found 1023");
}

/* A block count that is expected must be there; none expected takes what is there. */
static void another_block_count_than_expected_is_refused(void **state)
{
    (void)state;
    static const uint32_t expected[] = {0, 16, 15, 17};
    struct maker m = make_list_start();
    maker_empty(&m, 2, 1);
    for (int i = 0; i < 4; i++) {
        struct lfk_fs_options options = {.block_count = expected[i]};
        struct lfk_bd_memory device;
        struct lfk_detail detail = {0};
        struct lfk_fs fs;
        lfk_bd_memory_open(&device, m.bytes, maker_size(&m));
        assert_int_equal(lfk_bd_shape(&device.bd, 512, NULL), LFK_OK);
        int status = lfk_fs_mount(&fs, &device.bd, &options, &detail);
        assert_int_equal(status, i < 2 ? LFK_OK : LFK_ERR_INVAL);
        if (status < 0) {
            assert_string_equal(detail.field, "block_count");
            assert_int_equal(detail.expected, expected[i]);
            assert_int_equal(detail.found, 16);
        }
        lfk_fs_unmount(&fs);
    }
    maker_free(&m);
}

/* The state is the XOR of the deltas of all pairs, the last of each. */
static void the_global_state_is_the_sum_over_all_pairs(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 16);
    struct mounted v;
    maker_root(&m);
    maker_gstate(&m, UINT32_C(0x80000000) ^ move_of(3), 8, 9);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_end(&m);
    maker_log(&m, 2, 1);
    maker_gstate(&m, move_of(7), 1, 2); /* void: another follows */
    maker_gstate(&m, move_of(3), 8, 9);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 4, 5);
    maker_end(&m);
    maker_log(&m, 4, 1);
    maker_gstate(&m, move_of(2), 6, 7);
    maker_end(&m);
    mount_made(&v, &m);
    assert_true(lfk_gstate_has_orphans(&v.fs.mdirs.gdisk));
    assert_true(lfk_gstate_has_move(&v.fs.mdirs.gdisk));
    assert_int_equal(lfk_gstate_move_id(&v.fs.mdirs.gdisk), 2);
    assert_int_equal(v.fs.mdirs.gdisk.pair.block[0], 6);
    assert_int_equal(v.fs.mdirs.gdisk.pair.block[1], 7);
    unmount(&v);
    maker_free(&m);
}

/* Half a sum may name an entry that nobody moves. */
static void a_list_cut_short_has_no_global_state(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 16);
    struct mounted v;
    maker_root(&m);
    maker_file(&m, 1, "a", "A");
    maker_gstate(&m, move_of(1), 0, 1);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_end(&m);
    mount_damaged(&v, &m, "a metadata block has no valid commit: block 2\n");
    check_list(&v.fs, "/", "a");
    unmount(&v);
    maker_free(&m);
}

static void what_is_odd_is_counted(void **state)
{
    (void)state;
    struct maker m = make_list_start();
    struct mounted v;
    maker_log(&m, 2, 1000); /* torn */
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 4, 5);
    maker_end(&m);
    maker_file(&m, 0, "lost", "");
    maker_end_torn(&m);
    maker_log(&m, 5, 8); /* newer than {4}, but not valid */
    maker_end_torn(&m);
    make_link(&m, 4, LFK_TYPE_SOFT_TAIL, 6);
    maker_empty(&m, 6, 20);
    mount_made(&v, &m);
    assert_int_equal(v.fs.pairs, 4);
    assert_int_equal(v.fs.torn, 1);
    assert_int_equal(v.fs.stale, 1);
    assert_int_equal(v.fs.revision_min, 1);
    assert_int_equal(v.fs.revision_max, 1000);
    unmount(&v);
    maker_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_is_followed_to_its_end),
        cmocka_unit_test(the_last_superblock_is_the_roots),
        cmocka_unit_test(a_pair_outside_the_volume_is_damage),
        cmocka_unit_test(a_tail_beyond_the_image_is_damage),
        cmocka_unit_test(lists_that_loop_are_damage),
        cmocka_unit_test(a_pair_that_cannot_be_read_ends_the_list),
        cmocka_unit_test(without_a_root_there_is_no_mount),
        cmocka_unit_test(either_block_of_the_root_pair_suffices),
        cmocka_unit_test(other_errors_of_the_device_end_the_mount),
        cmocka_unit_test(version_2_0_mounts_with_and_without_fcrcs),
        cmocka_unit_test(unknown_versions_are_refused),
        cmocka_unit_test(a_bad_superblock_ends_the_mount_though_somebody_listens),
        cmocka_unit_test(limits_may_be_unstated_but_not_impossible),
        cmocka_unit_test(another_block_count_than_expected_is_refused),
        cmocka_unit_test(the_global_state_is_the_sum_over_all_pairs),
        cmocka_unit_test(a_list_cut_short_has_no_global_state),
        cmocka_unit_test(what_is_odd_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
