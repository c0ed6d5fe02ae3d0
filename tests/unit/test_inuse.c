/* SPDX-License-Identifier: MIT */
/*
 * The blocks in use: those that a reader of the flash finds by itself, and
 * those that open files hold, no block more.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "flash_volume.h"
#include "seed.h"

enum { BLOCK_COUNT = 128 };

struct used {
    bool blocks[BLOCK_COUNT];
};

static int mark(void *context, uint32_t block)
{
    struct used *used = context;
    assert_in_range(block, 0, BLOCK_COUNT - 1);
    used->blocks[block] = true;
    return 0;
}

static void mark_list(struct used *used, const struct lfk_fs_blocks *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->blocks[i] != LFK_BLOCK_NULL) {
            (void)mark(used, list->blocks[i]);
        }
    }
}

/* What a volume that is only read consists of. Returns the blocks, those in two places counted
 * twice. */
static uint32_t read_used(struct flash_volume *v, struct used *used)
{
    const struct lfk_fs_options options = {.block_count = BLOCK_COUNT};
    struct lfk_fs fs;
    uint32_t count = 0;
    assert_int_equal(lfk_fs_mount(&fs, &v->flash.bd, &options, NULL), LFK_OK);
    for (const struct lfk_mdir *mdir = fs.mdirs.first; mdir != NULL; mdir = mdir->next) {
        (void)mark(used, mdir->pair.block[0]);
        (void)mark(used, mdir->pair.block[1]);
        count += 2;
        for (uint32_t id = 0; id < mdir->count; id++) {
            struct lfk_fs_stream stream;
            uint32_t head;
            uint32_t size;
            if (lfk_entry_ctz(&mdir->entries[id], &head, &size)) {
                assert_int_equal(lfk_fs_stream_open(&fs, head, size, &stream, NULL), LFK_OK);
                for (uint32_t i = 0; i < stream.block_total; i++) {
                    (void)mark(used, stream.blocks[i]);
                }
                count += stream.block_total;
                lfk_fs_stream_close(&stream);
            }
        }
    }
    lfk_fs_unmount(&fs);
    return count;
}

/* What the traversal finds is what a reader does and what these files hold. */
static uint32_t check_used(struct flash_volume *v, struct lfk_fs_file *const *files, size_t count)
{
    struct used found = {{false}};
    struct used expected = {{false}};
    uint32_t used = read_used(v, &expected);
    for (size_t i = 0; i < count; i++) {
        mark_list(&expected, &files[i]->list);
        mark_list(&expected, &files[i]->replaced);
    }
    assert_int_equal(lfk_fs_traverse(&v->fs, mark, &found, NULL), 0);
    assert_memory_equal(&found, &expected, sizeof(found));
    return used;
}

static const uint8_t data[6000];

static void pairs_and_files_are_found_by_a_reader_too(void **state)
{
    (void)state;
    struct flash_volume v;
    volume_open(&v, BLOCK_COUNT);
    assert_int_equal(check_used(&v, NULL, 0), 2);
    volume_mkdir(&v, "d");
    volume_put(&v, "d/a", data, 5000);
    volume_put(&v, "d/b", data, 513);
    volume_put(&v, "empty", NULL, 0);
    volume_put(&v, "inline", data, 40);
    assert_int_equal(check_used(&v, NULL, 0), 4 + 10 + 2);
    assert_int_equal(lfk_fs_blocks_used(&v.fs), 16);
    assert_int_equal(lfk_fs_remove(&v.fs, "d/a", NULL), LFK_OK);
    assert_int_equal(check_used(&v, NULL, 0), 6);
    assert_int_equal(lfk_fs_blocks_used(&v.fs), 6);
    volume_close(&v);
}

/* What an open file has written belongs to nobody else, though the disk names it nowhere. */
static void what_an_open_file_writes_is_in_use(void **state)
{
    (void)state;
    struct flash_volume v;
    struct lfk_fs_file file;
    struct lfk_fs_file *files[] = {&file};
    volume_open(&v, BLOCK_COUNT);
    volume_put(&v, "f", data, 3000);
    volume_open_file(&v, "f", &file);
    assert_int_equal(lfk_fs_blocks_used(&v.fs), 8); /* it has nothing of its own */
    assert_int_equal(lfk_fs_file_write(&file, 100, data, 1000, NULL), LFK_OK);
    assert_true(file.is_writing);
    assert_int_equal(check_used(&v, files, 1), 8);
    assert_int_equal(lfk_fs_file_flush(&file, NULL), LFK_OK);
    assert_int_equal(check_used(&v, files, 1), 8);
    assert_int_equal(lfk_fs_blocks_used(&v.fs), 8 + 6); /* the old and the new */
    assert_int_equal(file.replaced.count, 0);
    /* What it has written itself is replaced, and may be needed till the next flush. */
    assert_int_equal(lfk_fs_file_write(&file, 600, data, 10, NULL), LFK_OK);
    assert_true(file.replaced.count > 0);
    assert_int_equal(check_used(&v, files, 1), 8);
    assert_int_equal(lfk_fs_file_flush(&file, NULL), LFK_OK);
    assert_int_equal(file.replaced.count, 0);
    assert_int_equal(lfk_fs_file_sync(&file, NULL, 0, NULL), LFK_OK);
    assert_int_equal(check_used(&v, NULL, 0), 8);
    assert_int_equal(lfk_fs_blocks_used(&v.fs), 8);
    lfk_fs_file_close(&file);
    volume_close(&v);
}

/* Who has it open goes on reading it. */
static void a_removed_file_is_in_use_while_it_is_open(void **state)
{
    (void)state;
    struct flash_volume v;
    struct lfk_fs_file file;
    struct used found = {{false}};
    volume_open(&v, BLOCK_COUNT);
    volume_put(&v, "f", data, 3000);
    struct used before = {{false}};
    (void)read_used(&v, &before);
    volume_open_file(&v, "f", &file);
    assert_int_equal(lfk_fs_remove(&v.fs, "f", NULL), LFK_OK);
    assert_int_equal(lfk_fs_traverse(&v.fs, mark, &found, NULL), 0);
    assert_memory_equal(&found, &before, sizeof(found));
    lfk_fs_file_close(&file);
    assert_int_equal(check_used(&v, NULL, 0), 2);
    volume_close(&v);
}

/* A rename of which the second half is missing: the blocks are in use, in two places. */
static void the_source_of_a_pending_move_is_in_use(void **state)
{
    (void)state;
    struct flash_volume v;
    volume_open(&v, BLOCK_COUNT);
    volume_mkdir(&v, "d");
    volume_put(&v, "f", data, 3000);
    lfk_blockmap_checkpoint(&v.fs.blocks);
    struct flash before;
    flash_copy(&before, &v.flash);
    /* The first change that leaves the move pending. */
    for (uint64_t cut = 1; !lfk_gstate_has_move(&v.fs.mdirs.gdisk); cut++) {
        assert_in_range(cut, 1, 20);
        memcpy(v.flash.bytes, before.bytes, (size_t)before.bd.size);
        memcpy(v.flash.programmed, before.programmed, BLOCK_COUNT * sizeof(uint32_t));
        volume_remount(&v);
        v.flash.changes_left = cut;
        (void)lfk_fs_rename(&v.fs, "f", "d/f", NULL);
        volume_remount(&v);
    }
    flash_close(&before);
    assert_int_equal(check_used(&v, NULL, 0), 4 + 6 + 6);
    assert_false(volume_has(&v, "f"));
    volume_check(&v, "d/f", data, 3000);
    assert_int_equal(lfk_fs_prepare(&v.fs, NULL), LFK_OK);
    assert_int_equal(check_used(&v, NULL, 0), 4 + 6);
    volume_close(&v);
}

static int stop_at(void *context, uint32_t block)
{
    (void)block;
    return --*(int *)context == 0 ? -1234 : 0;
}

static void a_traversal_ends_where_it_is_told_to(void **state)
{
    (void)state;
    struct flash_volume v;
    volume_open(&v, BLOCK_COUNT);
    volume_mkdir(&v, "d");
    volume_put(&v, "f", data, 1500);
    for (int n = 1; n <= 7; n++) {
        int left = n;
        assert_int_equal(lfk_fs_traverse(&v.fs, stop_at, &left, NULL), -1234);
        assert_int_equal(left, 0);
    }
    volume_close(&v);
}

/* Files come, change and go; and a block is only handed out if nobody uses it. */
static void after_random_changes_the_two_agree(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.inuse");
    struct flash_volume v;
    volume_open_with(&v, 512, BLOCK_COUNT,
                     &(struct lfk_fs_writing){.prog_size = 16, .block_cycles = 5});
    volume_mkdir(&v, "d");
    for (int turn = 0; turn < 300; turn++) {
        char path[16];
        snprintf(path, sizeof(path), "%s%u", turn % 2 ? "d/" : "", (unsigned)seed_below(&seed, 12));
        if (volume_has(&v, path) && seed_below(&seed, 3) == 0) {
            assert_int_equal(lfk_fs_remove(&v.fs, path, NULL), LFK_OK);
        } else {
            volume_put(&v, path, data, seed_below(&seed, 3000));
        }
        assert_int_equal(lfk_fs_blocks_used(&v.fs), check_used(&v, NULL, 0));
    }
    volume_close(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_and_files_are_found_by_a_reader_too),
        cmocka_unit_test(what_an_open_file_writes_is_in_use),
        cmocka_unit_test(a_removed_file_is_in_use_while_it_is_open),
        cmocka_unit_test(the_source_of_a_pending_move_is_in_use),
        cmocka_unit_test(a_traversal_ends_where_it_is_told_to),
        cmocka_unit_test(after_random_changes_the_two_agree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
