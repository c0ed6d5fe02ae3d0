/* SPDX-License-Identifier: MIT */
/*
 * Directories: their entries in order over all their pairs, what a cut rename
 * hides, and what is out of date on the list of pairs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fs_checker.h"

/* The root with the directory d, whose first pair is {2, 3} and next on the list. */
static struct maker start_with_d(void)
{
    struct maker m = maker_start(512, 16);
    maker_root(&m);
    maker_dir(&m, 1, "d", 2, 3);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_end(&m);
    return m;
}

static void check_made_list(const struct maker *m, const char *path, const char *names)
{
    struct mounted v;
    mount_made(&v, m);
    check_list(&v.fs, path, names);
    unmount(&v);
}

/* All kinds of entries stand in one order; the superblock's is no entry of the directory. */
static void entries_of_all_kinds_stand_in_one_order(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 16);
    maker_root(&m);
    maker_file(&m, 1, "B", "");
    maker_dir(&m, 2, "ab", 2, 3);
    maker_ctz(&m, 3, "a", 4, 600);
    maker_add_text(&m, 0x003, 4, "device");
    maker_file(&m, 5, "z", "");
    maker_end(&m);
    check_made_list(&m, "/", "B ab/ a device z");
    maker_free(&m);
}

/* A head that lost its entries stays, and the directory goes on behind it. */
static void an_emptied_head_leads_on(void **state)
{
    (void)state;
    struct maker m = start_with_d();
    maker_log(&m, 2, 1);
    maker_file(&m, 0, "gone", "");
    maker_tail(&m, LFK_TYPE_HARD_TAIL, 4, 5);
    maker_end(&m);
    maker_delete(&m, 0);
    maker_end(&m);
    maker_log(&m, 4, 1);
    maker_tail(&m, LFK_TYPE_HARD_TAIL, 6, 7);
    maker_end(&m);
    maker_log(&m, 6, 1);
    maker_file(&m, 0, "left", "");
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 8, 9);
    maker_end(&m);
    maker_log(&m, 8, 1); /* of a directory that no entry names: never listed */
    maker_file(&m, 0, "orphan", "");
    maker_end(&m);
    check_made_list(&m, "/d", "left");
    check_made_list(&m, "/", "d/");
    maker_free(&m);
}

static void an_empty_directory_has_no_entries(void **state)
{
    (void)state;
    struct maker m = start_with_d();
    maker_empty(&m, 2, 1);
    check_made_list(&m, "/d", "");
    maker_log(&m, 2, 1);
    maker_tail(&m, LFK_TYPE_HARD_TAIL, LFK_BLOCK_NULL, LFK_BLOCK_NULL);
    maker_end(&m);
    check_made_list(&m, "/d", "");
    maker_free(&m);
}

/* d holds p, q and r; the root's global state is this. */
static struct maker make_move(uint32_t word, uint32_t first, uint32_t second)
{
    struct maker m = maker_start(512, 16);
    maker_root(&m);
    maker_dir(&m, 1, "d", 2, 3);
    maker_file(&m, 2, "q2", "the destination");
    maker_file(&m, 3, "r", "");
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_gstate(&m, word, first, second);
    maker_end(&m);
    maker_log(&m, 2, 1);
    maker_file(&m, 0, "p", "");
    maker_file(&m, 1, "q", "");
    maker_file(&m, 2, "r", "");
    maker_end(&m);
    return m;
}

/* With a move pending its source is hidden and nothing else: not the destination, not the entry
   behind the source, and not the entry of that id in another pair. */
static void a_pending_move_hides_its_source_alone(void **state)
{
    (void)state;
    static const struct {
        uint32_t word;
        uint32_t first;
        uint32_t second;
        const char *names;
    } cases[] = {
        {UINT32_C(0x4ff) << 20 | 1 << 10, 2, 3, "p r"},
        {UINT32_C(0x4ff) << 20 | 1 << 10, 3, 2, "p r"},
        {UINT32_C(0x4ff) << 20 | 0 << 10, 2, 3, "q r"},
        {UINT32_C(0x4ff) << 20 | 2 << 10, 2, 3, "p q"},
        {UINT32_C(0xcff) << 20 | 1 << 10, 2, 3, "p r"}, /* a directory was replaced as well */
        {UINT32_C(0x4ff) << 20 | 1 << 10, 9, 2, "p r"}, /* one block was replaced meanwhile */
        {UINT32_C(0x4ff) << 20 | 1 << 10, 8, 9, "p q r"},
        {UINT32_C(0x4ff) << 20 | 3 << 10, 2, 3, "p q r"},
        {UINT32_C(0x800) << 20 | 1 << 10, 2, 3, "p q r"}, /* no move: orphans */
        {0x3ff, 2, 3, "p q r"},                           /* reserved bits */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct maker m = make_move(cases[i].word, cases[i].first, cases[i].second);
        check_made_list(&m, "/d", cases[i].names);
        check_made_list(&m, "/", "d/ q2 r");
        maker_free(&m);
    }
}

/* Only one of the two pairs of a split directory has the source. */
static void a_move_between_the_pairs_of_a_directory_hides_in_one(void **state)
{
    (void)state;
    struct maker m = start_with_d();
    maker_log(&m, 2, 1);
    maker_file(&m, 0, "a", "");
    maker_file(&m, 1, "b", "");
    maker_tail(&m, LFK_TYPE_HARD_TAIL, 4, 5);
    maker_end(&m);
    maker_log(&m, 4, 1);
    maker_file(&m, 0, "y", "");
    maker_file(&m, 1, "z", "");
    maker_gstate(&m, move_of(0), 2, 3);
    maker_end(&m);
    check_made_list(&m, "/d", "b y z");
    maker_free(&m);
}

/* When a head moved and the power failed, the parent names the new pair, the list the old one. */
static void a_half_orphan_is_read_through_its_parent(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 16);
    struct mounted v;
    maker_root(&m);
    maker_dir(&m, 1, "d", 8, 2);
    maker_gstate(&m, UINT32_C(0x80000000), 0, 0);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_end(&m);
    maker_log(&m, 3, 1);
    maker_file(&m, 0, "oldest", "");
    maker_end(&m);
    maker_log(&m, 2, 2);
    maker_file(&m, 0, "old", "");
    maker_end(&m);
    maker_log(&m, 8, 3);
    maker_file(&m, 0, "newest", "N");
    maker_end(&m);
    mount_made(&v, &m);
    assert_true(lfk_gstate_has_orphans(&v.fs.mdirs.gdisk));
    check_list(&v.fs, "/d", "newest");
    check_file(&v.fs, "/d/newest", "N");
    check_lookup_fails(&v.fs, "/d/old", LFK_ERR_NOENT);
    unmount(&v);
    maker_free(&m);
}

/* What could be read is given out before it is said that the rest cannot. */
static void a_pair_that_cannot_be_read_ends_the_directory(void **state)
{
    (void)state;
    struct maker m = start_with_d();
    struct mounted v;
    maker_log(&m, 2, 1);
    maker_file(&m, 0, "a", "");
    maker_tail(&m, LFK_TYPE_HARD_TAIL, 4, 5);
    maker_end(&m);
    mount_damaged(&v, &m, "a metadata block has no valid commit: block 4\n");
    check_list(&v.fs, "/d", "a !");
    unmount(&v);
    memset(maker_block(&m, 2), 0, 512);
    mount_damaged(&v, &m, "a metadata block has no valid commit: block 2\n");
    check_list(&v.fs, "/d", "!");
    check_list(&v.fs, "/", "d/");
    unmount(&v);
    maker_free(&m);
}

/* A chain that comes back, to itself or to one before, gives each entry once. */
static void a_directory_that_goes_in_circles_ends(void **state)
{
    (void)state;
    for (uint32_t back_to = 2; back_to <= 4; back_to += 2) {
        struct maker m = start_with_d();
        struct mounted v;
        maker_log(&m, 2, 1);
        maker_file(&m, 0, "a", "");
        maker_tail(&m, LFK_TYPE_HARD_TAIL, 4, 5);
        maker_end(&m);
        maker_log(&m, 4, 1);
        maker_file(&m, 0, "b", "");
        maker_tail(&m, LFK_TYPE_HARD_TAIL, back_to, back_to + 1);
        maker_end(&m);
        mount_damaged(&v, &m,
                      back_to == 2 ? "the list of metadata pairs loops: block 2\n"
                                   : "the list of metadata pairs loops: block 4\n");
        check_list(&v.fs, "/d", "a b !");
        unmount(&v);
        maker_free(&m);
    }
}

/* Two directories with one pair, or one within itself, must not be read for ever. */
static void a_pair_is_entered_once_in_a_walk(void **state)
{
    (void)state;
    struct maker m = start_with_d();
    struct mounted v;
    struct lfk_fs_dir dir;
    struct lfk_detail detail = {0};
    maker_empty(&m, 2, 1);
    mount_made(&v, &m);
    uint64_t walk = lfk_fs_walk(&v.fs);
    struct lfk_pair pair = {{2, 3}};
    struct lfk_pair swapped = {{3, 2}};
    assert_int_equal(lfk_fs_dir_open(&v.fs, pair, walk, &dir, NULL), LFK_OK);
    assert_int_equal(dir.pairs, 1);
    assert_int_equal(lfk_fs_dir_open(&v.fs, swapped, walk, &dir, &detail), LFK_ERR_CORRUPT);
    check_told(&detail, LFK_ERR_CORRUPT, "a directory's pair is linked twice: block 2");
    assert_int_equal(dir.pairs, 0);
    assert_int_equal(lfk_fs_dir_open(&v.fs, pair, lfk_fs_walk(&v.fs), &dir, NULL), LFK_OK);
    unmount(&v);
    maker_free(&m);
}

static void only_directories_have_a_pair(void **state)
{
    (void)state;
    struct maker m = start_with_d();
    struct mounted v;
    struct lfk_fs_entry found;
    struct lfk_pair pair;
    struct lfk_detail detail = {0};
    maker_log(&m, 2, 1);
    maker_file(&m, 0, "f", "");
    maker_end(&m);
    mount_made(&v, &m);
    assert_int_equal(lfk_fs_lookup(&v.fs, "/", &found, NULL), LFK_OK);
    assert_int_equal(lfk_fs_dir_pair(&v.fs, &found, &pair, NULL), LFK_OK);
    assert_int_equal(pair.block[0], 0);
    assert_int_equal(lfk_fs_lookup(&v.fs, "/d", &found, NULL), LFK_OK);
    assert_int_equal(lfk_fs_dir_pair(&v.fs, &found, &pair, NULL), LFK_OK);
    assert_int_equal(pair.block[0], 2);
    assert_int_equal(pair.block[1], 3);
    assert_int_equal(lfk_fs_lookup(&v.fs, "/d/f", &found, NULL), LFK_OK);
    assert_int_equal(lfk_fs_dir_pair(&v.fs, &found, &pair, &detail), LFK_ERR_NOTDIR);
    check_told(&detail, LFK_ERR_NOTDIR, "not a directory");
    unmount(&v);
    maker_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_of_all_kinds_stand_in_one_order),
        cmocka_unit_test(an_emptied_head_leads_on),
        cmocka_unit_test(an_empty_directory_has_no_entries),
        cmocka_unit_test(a_pending_move_hides_its_source_alone),
        cmocka_unit_test(a_move_between_the_pairs_of_a_directory_hides_in_one),
        cmocka_unit_test(a_half_orphan_is_read_through_its_parent),
        cmocka_unit_test(a_pair_that_cannot_be_read_ends_the_directory),
        cmocka_unit_test(a_directory_that_goes_in_circles_ends),
        cmocka_unit_test(a_pair_is_entered_once_in_a_walk),
        cmocka_unit_test(only_directories_have_a_pair),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
