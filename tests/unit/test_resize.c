/* SPDX-License-Identifier: MIT */
/*
 * Volumes that grow and shrink: what becomes room is used, what goes is not in
 * use, and every superblock entry has the count that holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flash_volume.h"
#include "told.h"

static const uint8_t data[5000];

/* The flash has 64 blocks, of which the volume has 16. */
static void open_small(struct flash_volume *v, int32_t block_cycles)
{
    volume_open_with(v, 512, 64,
                     &(struct lfk_fs_writing){.prog_size = 16, .block_cycles = block_cycles});
    assert_int_equal(lfk_fs_resize(&v->fs, 16, NULL), LFK_OK);
    volume_remount(v);
    assert_int_equal(v->fs.superblock.block_count, 16);
}

static int raise_highest(void *context, uint32_t block)
{
    uint32_t *highest = context;
    *highest = block > *highest ? block : *highest;
    return 0;
}

static uint32_t highest_used(struct flash_volume *v)
{
    uint32_t highest = 0;
    assert_int_equal(lfk_fs_traverse(&v->fs, raise_highest, &highest, NULL), 0);
    return highest;
}

/* Writes a file of so many bytes, if there is room. */
static int try_put(struct flash_volume *v, const char *path, uint32_t size)
{
    struct lfk_fs_file file;
    volume_put(v, path, NULL, 0);
    volume_open_file(v, path, &file);
    int result = lfk_fs_file_write(&file, 0, data, size, NULL);
    if (result == LFK_OK) {
        result = lfk_fs_file_sync(&file, NULL, 0, NULL);
    }
    lfk_fs_file_close(&file);
    return result;
}

/* All superblock entries, the root's among them, state this count. */
static void check_counts(struct flash_volume *v, uint32_t count)
{
    for (const struct lfk_mdir *mdir = v->fs.mdirs.first;; mdir = mdir->next) {
        struct lfk_superblock superblock;
        assert_true(lfk_mdir_is_superblock(mdir, 0));
        lfk_superblock_decode(&superblock, mdir->entries[0].data, mdir->entries[0].data_size);
        assert_int_equal(superblock.block_count, count);
        if (mdir == v->fs.mdirs.root) {
            break;
        }
    }
    assert_int_equal(v->fs.superblock.block_count, count);
}

static void a_volume_that_grew_has_more_room(void **state)
{
    (void)state;
    struct flash_volume v;
    open_small(&v, 0);
    assert_int_equal(try_put(&v, "a", 4500), LFK_OK);
    assert_int_equal(try_put(&v, "b", 4500), LFK_ERR_NOSPC);
    assert_in_range(highest_used(&v), 2, 15);
    assert_int_equal(lfk_fs_resize(&v.fs, 64, NULL), LFK_OK);
    assert_int_equal(try_put(&v, "b", 4500), LFK_OK);
    assert_in_range(highest_used(&v), 16, 63);
    volume_check(&v, "b", data, 4500);
    volume_remount(&v);
    check_counts(&v, 64);
    volume_check(&v, "a", data, 4500);
    volume_check(&v, "b", data, 4500);
    volume_close(&v);
}

static void what_goes_must_not_be_in_use(void **state)
{
    (void)state;
    struct flash_volume v;
    struct lfk_detail detail = {0};
    open_small(&v, 0);
    assert_int_equal(lfk_fs_resize(&v.fs, 64, NULL), LFK_OK);
    assert_int_equal(try_put(&v, "a", 4500), LFK_OK);
    assert_int_equal(try_put(&v, "b", 4500), LFK_OK);
    uint32_t highest = highest_used(&v);
    assert_int_equal(lfk_fs_resize(&v.fs, highest, &detail), LFK_ERR_NOTEMPTY);
    assert_string_equal(detail.what, "a block that would go is in use");
    assert_int_equal(detail.block, highest);
    check_counts(&v, 64);
    assert_int_equal(lfk_fs_resize(&v.fs, highest + 1, NULL), LFK_OK);
    volume_remount(&v);
    check_counts(&v, highest + 1);
    volume_check(&v, "a", data, 4500);
    volume_check(&v, "b", data, 4500);
    volume_close(&v);
}

/* The disk names them nowhere, but the file would be lost. */
static void what_an_open_file_has_written_is_in_use(void **state)
{
    (void)state;
    struct flash_volume v;
    struct lfk_fs_file file;
    open_small(&v, 0);
    assert_int_equal(lfk_fs_resize(&v.fs, 64, NULL), LFK_OK);
    volume_put(&v, "f", NULL, 0);
    volume_open_file(&v, "f", &file);
    assert_int_equal(lfk_fs_file_write(&file, 0, data, 5000, NULL), LFK_OK);
    assert_int_equal(lfk_fs_file_flush(&file, NULL), LFK_OK);
    assert_int_equal(lfk_fs_resize(&v.fs, 4, NULL), LFK_ERR_NOTEMPTY);
    lfk_fs_file_close(&file);
    assert_int_equal(lfk_fs_resize(&v.fs, 4, NULL), LFK_OK);
    volume_close(&v);
}

static void blocks_that_went_are_never_taken(void **state)
{
    (void)state;
    struct flash_volume v;
    open_small(&v, 3);
    for (int i = 0; i < 60; i++) { /* round the volume, several times */
        assert_int_equal(try_put(&v, "f", 1500), LFK_OK);
        assert_in_range(highest_used(&v), 2, 15);
    }
    volume_close(&v);
}

/* The count itself may be what makes the root take other blocks. */
static void nothing_new_is_put_where_blocks_go(void **state)
{
    (void)state;
    for (int commits = 0; commits < 60; commits++) {
        struct flash_volume v;
        volume_open_with(&v, 512, 64, &(struct lfk_fs_writing){.prog_size = 16, .block_cycles = 1});
        for (int i = 0; i < commits; i++) {
            volume_put_text(&v, "f", i % 2 ? "odd" : "even");
        }
        volume_put_text(&v, "f", "is here");
        while (v.fs.blocks.next < 48) {
            assert_int_equal(try_put(&v, "big", 5000), LFK_OK);
            assert_int_equal(lfk_fs_remove(&v.fs, "big", NULL), LFK_OK);
        }
        uint32_t count = highest_used(&v) + 1; /* the root may have moved meanwhile */
        count = count > 16 ? count : 16;
        assert_int_equal(lfk_fs_resize(&v.fs, count, NULL), LFK_OK);
        assert_in_range(highest_used(&v), 1, count - 1);
        volume_remount(&v);
        check_counts(&v, count);
        volume_check_text(&v, "f", "is here");
        volume_close(&v);
    }
}

static void impossible_counts_are_refused(void **state)
{
    (void)state;
    static const uint32_t counts[] = {0, 1, LFK_BLOCK_NULL};
    struct flash_volume v;
    open_small(&v, 0);
    for (size_t i = 0; i < 3; i++) {
        struct lfk_detail detail = {0};
        assert_int_equal(lfk_fs_resize(&v.fs, counts[i], &detail), LFK_ERR_INVAL);
        assert_string_equal(detail.field, "block_count");
    }
    uint64_t changes = v.flash.changes;
    assert_int_equal(lfk_fs_resize(&v.fs, 16, NULL), LFK_OK);
    assert_int_equal(v.flash.changes, changes); /* it has them */
    check_counts(&v, 16);
    volume_close(&v);
}

/* Wherever the power goes, one of the two counts holds, and later they all agree. */
static void a_resize_that_is_cut_leaves_the_old_count_or_the_new(void **state)
{
    (void)state;
    bool done = false;
    uint32_t superblocks = 0;
    for (uint64_t cut = 0; !done; cut++) {
        struct flash_volume v;
        open_small(&v, 1);
        for (int i = 0; v.fs.mdirs.root == v.fs.mdirs.first; i++) {
            volume_put_text(&v, "f", i % 2 ? "odd" : "even");
        }
        volume_remount(&v);
        superblocks = v.fs.superblocks;
        v.flash.changes_left = cut;
        done = lfk_fs_resize(&v.fs, 64, NULL) == LFK_OK;
        if (done) {
            check_counts(&v, 64);
        }
        volume_remount(&v);
        uint32_t count = v.fs.superblock.block_count;
        assert_true(count == 16 || count == 64);
        assert_true(!done || count == 64);
        assert_int_equal(lfk_fs_prepare(&v.fs, NULL), LFK_OK);
        check_counts(&v, count);
        volume_remount(&v);
        assert_false(v.fs.copies_differ);
        volume_close(&v);
        assert_in_range(cut, 0, 30);
    }
    assert_int_equal(superblocks, 2);
}

/* Logs fuller than asked for are written anew; no more is changed than that. */
static void garbage_is_collected_from_full_logs(void **state)
{
    (void)state;
    struct flash_volume v;
    volume_open(&v, 16);
    volume_put_text(&v, "f", "0");
    while (v.fs.mdirs.root->log.end < 300) {
        volume_put_text(&v, "f", "1");
    }
    uint64_t changes = v.flash.changes;
    assert_int_equal(lfk_fs_collect_garbage(&v.fs, 400, NULL), LFK_OK);
    assert_int_equal(lfk_fs_collect_garbage(&v.fs, UINT32_MAX, NULL), LFK_OK);
    assert_int_equal(v.flash.changes, changes);
    assert_int_equal(lfk_fs_collect_garbage(&v.fs, 200, NULL), LFK_OK);
    assert_int_equal(v.fs.mdirs.root->log.commits, 1);
    volume_remount(&v);
    volume_check_text(&v, "f", "1");
    volume_close(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_volume_that_grew_has_more_room),
        cmocka_unit_test(what_goes_must_not_be_in_use),
        cmocka_unit_test(what_an_open_file_has_written_is_in_use),
        cmocka_unit_test(blocks_that_went_are_never_taken),
        cmocka_unit_test(nothing_new_is_put_where_blocks_go),
        cmocka_unit_test(impossible_counts_are_refused),
        cmocka_unit_test(a_resize_that_is_cut_leaves_the_old_count_or_the_new),
        cmocka_unit_test(garbage_is_collected_from_full_logs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
