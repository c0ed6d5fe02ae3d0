/* SPDX-License-Identifier: MIT */
/*
 * Repairs before a change: what a loss of power left is put right, once, and
 * a volume that contradicts itself is not written to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fs_checker.h"

#define SYNC_BIT UINT32_C(0x80000000)

/* A volume made by hand, mounted to be written to. */
struct due {
    struct lfk_bd_ram ram;
    struct lfk_bd_stat stat;
    struct lfk_fs_writing writing;
    struct lfk_fs fs;
};

static void mount_due(struct due *d, const struct maker *m, uint32_t version)
{
    d->writing = (struct lfk_fs_writing){.prog_size = 16, .disk_version = version};
    const struct lfk_fs_options options = {.writing = &d->writing};
    lfk_bd_ram_open(&d->ram, m->bytes, m->block_size, m->block_count);
    lfk_bd_stat_open(&d->stat, &d->ram.bd);
    assert_int_equal(lfk_fs_mount(&d->fs, &d->stat.bd, &options, NULL), LFK_OK);
    assert_int_equal(d->stat.progs + d->stat.erases, 0); /* a mount repairs nothing */
}

/* Something is done, and after it nothing is due; the directory has these names. */
static void check_repaired(struct maker *m, const char *path, const char *names)
{
    struct due d;
    struct mounted v;
    mount_due(&d, m, LFK_DISK_2_1);
    check_list(&d.fs, path, names); /* it is read as if it was repaired */
    assert_int_equal(lfk_fs_prepare(&d.fs, NULL), LFK_OK);
    assert_true(d.stat.progs > 0);
    check_list(&d.fs, path, names);
    assert_int_equal(lfk_fs_make_consistent(&d.fs, NULL), LFK_OK);
    assert_true(lfk_gstate_is_zero(&d.fs.mdirs.gdisk));
    uint64_t progs = d.stat.progs;
    assert_int_equal(lfk_fs_prepare(&d.fs, NULL), LFK_OK);
    assert_int_equal(lfk_fs_make_consistent(&d.fs, NULL), LFK_OK);
    assert_int_equal(d.stat.progs, progs);
    lfk_fs_unmount(&d.fs);
    mount_made(&v, m);
    check_list(&v.fs, path, names);
    assert_true(lfk_gstate_is_zero(&v.fs.mdirs.gdisk));
    unmount(&v);
}

/* The volume says of itself what cannot be: nothing is written, and this is why. */
static void check_not_written(struct maker *m, const char *line)
{
    struct due d;
    struct lfk_detail detail = {0};
    mount_due(&d, m, LFK_DISK_2_1);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(lfk_fs_prepare(&d.fs, &detail), LFK_ERR_CORRUPT);
        check_told(&detail, LFK_ERR_CORRUPT, line);
    }
    assert_int_equal(d.stat.progs + d.stat.erases, 0);
    lfk_fs_unmount(&d.fs);
}

/* The root with the directory d, {2, 3}, which is next on the list. */
static struct maker start_with_d(void)
{
    struct maker m = maker_start(512, 16);
    maker_root(&m);
    maker_dir(&m, 1, "d", 2, 3);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    return m;
}

static void nothing_is_written_where_nothing_is_due(void **state)
{
    (void)state;
    struct maker m = start_with_d();
    struct due d;
    maker_end(&m);
    maker_empty(&m, 2, 1);
    mount_due(&d, &m, LFK_DISK_2_1);
    assert_int_equal(lfk_fs_prepare(&d.fs, NULL), LFK_OK);
    assert_int_equal(lfk_fs_make_consistent(&d.fs, NULL), LFK_OK);
    assert_int_equal(d.stat.progs + d.stat.erases, 0);
    lfk_fs_unmount(&d.fs);
    maker_free(&m);
}

static void a_volume_that_is_only_read_is_not_prepared(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 4);
    struct mounted v;
    struct lfk_detail detail = {0};
    maker_root(&m);
    maker_end(&m);
    mount_made(&v, &m);
    assert_int_equal(lfk_fs_prepare(&v.fs, &detail), LFK_ERR_INVAL);
    check_told(&detail, LFK_ERR_INVAL, "the volume is mounted to be read only");
    unmount(&v);
    maker_free(&m);
}

static void the_source_of_a_pending_move_is_removed(void **state)
{
    (void)state;
    struct maker m = start_with_d();
    maker_file(&m, 2, "x", "X");
    maker_end(&m);
    maker_log(&m, 2, 1);
    maker_file(&m, 0, "w", "");
    maker_file(&m, 1, "x", "X");
    maker_file(&m, 2, "y", "");
    maker_gstate(&m, move_of(1), 3, 2);
    maker_end(&m);
    check_repaired(&m, "d", "w y");
    maker_free(&m);
}

/* Half an orphan: the directory's pair has moved, its parent knows, the list does not. */
static void a_tail_follows_a_pair_that_has_moved(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 16);
    maker_root(&m);
    maker_dir(&m, 1, "d", 8, 2);
    maker_gstate(&m, SYNC_BIT, 0, 0);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_end(&m);
    maker_log(&m, 2, 2);
    maker_file(&m, 0, "old", "");
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 4, 5);
    maker_end(&m);
    maker_log(&m, 8, 3);
    maker_dir(&m, 0, "sub", 4, 5);
    maker_file(&m, 1, "x", "");
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 4, 5);
    maker_end(&m);
    maker_empty(&m, 4, 1);
    check_repaired(&m, "d", "sub/ x");
    struct mounted v;
    mount_made(&v, &m);
    assert_true(lfk_pair_same(v.fs.mdirs.first->tail, ((struct lfk_pair){{8, 2}})));
    assert_int_equal(v.fs.pairs, 3);
    check_list(&v.fs, "d/sub", "");
    unmount(&v);
    maker_free(&m);
}

/* A directory of which only the place on the list was made, or is left. */
static void a_pair_that_no_entry_names_is_dropped(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 16);
    maker_root(&m);
    maker_dir(&m, 1, "d", 4, 5);
    maker_gstate(&m, SYNC_BIT | move_of(0), 9, 8);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_end(&m);
    maker_log(&m, 2, 1);
    maker_gstate(&m, move_of(0), 9, 8); /* its share of the state must not be lost */
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 4, 5);
    maker_end(&m);
    maker_log(&m, 4, 1);
    maker_file(&m, 0, "x", "");
    maker_end(&m);
    check_repaired(&m, "d", "x");
    struct mounted v;
    mount_made(&v, &m);
    assert_int_equal(v.fs.pairs, 2);
    unmount(&v);
    maker_free(&m);
}

static void an_older_volume_becomes_ours_unless_it_is_to_stay(void **state)
{
    (void)state;
    for (int raise = 0; raise < 2; raise++) {
        struct maker m = maker_start(512, 4);
        struct due d;
        struct mounted v;
        m.superblock.version = LFK_DISK_2_0;
        m.format.disk_version = LFK_DISK_2_0;
        maker_root(&m);
        maker_file(&m, 1, "a", "A");
        maker_end(&m);
        mount_due(&d, &m, raise ? LFK_DISK_2_1 : LFK_DISK_2_0);
        assert_int_equal(lfk_fs_prepare(&d.fs, NULL), LFK_OK);
        assert_int_equal(d.stat.progs > 0, raise);
        lfk_fs_unmount(&d.fs);
        mount_made(&v, &m);
        assert_int_equal(v.fs.superblock.version, raise ? LFK_DISK_2_1 : LFK_DISK_2_0);
        assert_int_equal(v.fs.mdirs.first->log.has_fcrc, raise);
        check_file(&v.fs, "a", "A");
        unmount(&v);
        maker_free(&m);
    }
}

/* A driver that is told the count refuses a volume one of whose superblocks has another. */
static void superblocks_get_the_count_of_the_last(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 16);
    struct lfk_superblock first;
    m.superblock.block_count = 8;
    maker_root(&m);
    maker_tail(&m, LFK_TYPE_HARD_TAIL, 2, 3);
    maker_end(&m);
    m.superblock.block_count = 16;
    maker_log(&m, 2, 1);
    maker_superblock(&m);
    maker_file(&m, 1, "a", "A");
    maker_end(&m);
    check_repaired(&m, "/", "a");
    struct mounted v;
    mount_made(&v, &m);
    const struct lfk_entry *entry = &v.fs.mdirs.first->entries[0];
    lfk_superblock_decode(&first, entry->data, entry->data_size);
    assert_int_equal(first.block_count, 16);
    unmount(&v);
    maker_free(&m);
}

/* --- volumes that contradict themselves ------------------------------------------------------ */

static void a_move_whose_source_is_not_there_is_damage(void **state)
{
    (void)state;
    static const struct {
        uint32_t id;
        uint32_t block;
        const char *line;
    } cases[] = {
        {1, 8, "the source of a pending move is not there (block): expected 16, found 8"},
        {7, 2, "the source of a pending move is not there (block): expected 16, found 2"},
        /* The superblock's entry is none that moves. */
        {0, 0, "the source of a pending move is not there (block): expected 16, found 0"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct maker m = start_with_d();
        maker_gstate(&m, move_of(cases[i].id), cases[i].block, cases[i].block + 1);
        maker_end(&m);
        maker_empty(&m, 2, 1);
        check_not_written(&m, cases[i].line);
        maker_free(&m);
    }
}

static void pairs_that_share_a_block_are_damage(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 16);
    maker_root(&m);
    maker_dir(&m, 1, "d", 2, 3);
    maker_dir(&m, 2, "e", 4, 3);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_end(&m);
    maker_log(&m, 2, 1);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 4, 3);
    maker_end(&m);
    maker_empty(&m, 4, 1);
    check_not_written(&m, "two metadata pairs share a block: block 3");
    maker_free(&m);
}

static void a_directory_that_is_named_twice_is_damage(void **state)
{
    (void)state;
    struct maker m = start_with_d();
    maker_dir(&m, 2, "e", 2, 3);
    maker_end(&m);
    maker_empty(&m, 2, 1);
    check_not_written(&m, "a directory's pair is named twice, or is not on the list of pairs: "
                          "block 2");
    maker_free(&m);
}

static void a_directory_that_is_not_on_the_list_is_damage(void **state)
{
    (void)state;
    struct maker m = start_with_d();
    maker_dir(&m, 2, "e", 4, 5);
    maker_end(&m);
    maker_empty(&m, 2, 1);
    maker_empty(&m, 4, 1);
    check_not_written(&m, "a directory's pair is named twice, or is not on the list of pairs: "
                          "block 4");
    maker_free(&m);
}

/* Part of another directory, or the root: what is put into one would be in both. */
static void a_directory_that_begins_within_another_is_damage(void **state)
{
    (void)state;
    for (uint32_t block = 0; block <= 4; block += 4) {
        struct maker m = start_with_d();
        maker_dir(&m, 2, "e", block, block + 1);
        maker_end(&m);
        maker_log(&m, 2, 1);
        maker_tail(&m, LFK_TYPE_HARD_TAIL, 4, 5);
        maker_end(&m);
        maker_empty(&m, 4, 1);
        check_not_written(&m, block == 0 ? "a directory's pair is named twice, or is not on the "
                                           "list of pairs: block 0"
                                         : "a directory's pair is named twice, or is not on the "
                                           "list of pairs: block 4");
        maker_free(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_written_where_nothing_is_due),
        cmocka_unit_test(a_volume_that_is_only_read_is_not_prepared),
        cmocka_unit_test(the_source_of_a_pending_move_is_removed),
        cmocka_unit_test(a_tail_follows_a_pair_that_has_moved),
        cmocka_unit_test(a_pair_that_no_entry_names_is_dropped),
        cmocka_unit_test(an_older_volume_becomes_ours_unless_it_is_to_stay),
        cmocka_unit_test(superblocks_get_the_count_of_the_last),
        cmocka_unit_test(a_move_whose_source_is_not_there_is_damage),
        cmocka_unit_test(pairs_that_share_a_block_are_damage),
        cmocka_unit_test(a_directory_that_is_named_twice_is_damage),
        cmocka_unit_test(a_directory_that_is_not_on_the_list_is_damage),
        cmocka_unit_test(a_directory_that_begins_within_another_is_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
