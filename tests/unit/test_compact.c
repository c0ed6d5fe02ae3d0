/* SPDX-License-Identifier: MIT */
/*
 * Pairs written anew: what stays, where it goes when the block is worn or bad,
 * and how pairs are split.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "flash_pairs.h"
#include "mdir_checker.h"
#include "seed.h"
#include "told.h"

/* A volume whose root has the directory d; d's only pair is returned. */
static struct lfk_mdir *open_with_directory(struct flash_pairs *p, const struct flash_shape *shape)
{
    pairs_open(p, shape);
    return pairs_mkdir(p, p->mdirs.root, "d");
}

/* All that a pair says but its log: entries, attributes, tail, share of the global state. */
static void a_full_log_goes_to_the_other_block_with_all_it_says(void **state)
{
    (void)state;
    struct flash_pairs p;
    struct edits e = {.count = 0};
    struct lfk_mdir *d = open_with_directory(&p, &usual_shape);
    struct lfk_mdir *behind = pairs_mkdir(&p, d, "sub");
    edit_file(&e, 0, "a", "A");
    edit_attribute(&e, 0, 0x41, "x");
    edit_attribute(&e, 0, 0xff, "y");
    edit_file(&e, 2, "z", "0");
    lfk_mdirs_set_move(&p.mdirs, behind->pair, 3);
    pairs_commit(&p, d, &e);
    struct lfk_pair before = d->pair;
    uint32_t revision = d->log.revision;
    char content[4] = "1";
    while (d->pair.block[0] == before.block[0]) {
        assert_int_equal(p.flash.erases[before.block[1]], 0);
        content[0] = content[0] == '9' ? '1' : (char)(content[0] + 1);
        pairs_put(&p, d, "z", content);
    }
    assert_int_equal(d->pair.block[0], before.block[1]);
    assert_int_equal(d->pair.block[1], before.block[0]);
    assert_int_equal(p.flash.erases[before.block[0]], 1);
    assert_int_equal(d->log.revision, revision + 1);
    assert_int_equal(d->log.commits, 1);
    assert_int_equal(lfk_gstate_move_id(&d->delta), 3);
    assert_true(lfk_pair_same(d->tail, behind->pair));
    assert_false(d->tail_hard);
    char entries[64];
    snprintf(entries, sizeof(entries), "a=A+41:x+ff:y sub/=dir z=%s", content);
    check_entries(d, entries);
    pairs_check(&p);
    pairs_close(&p);
}

/* Numbered names of three letters, so that their order is that of the numbers. */
static const char *name_of(uint32_t number)
{
    static char name[4];
    name[0] = (char)('a' + number / 676 % 26);
    name[1] = (char)('a' + number / 26 % 26);
    name[2] = (char)('a' + number % 26);
    return name;
}

/* The directory has these names and no others, no pair more than 254 entries. */
static void check_names(struct lfk_mdir *head, const bool *present, uint32_t room)
{
    uint32_t number = 0;
    for (const struct lfk_mdir *mdir = head;; mdir = mdir->next) {
        assert_in_range(mdir->count, 0, LFK_PAIR_ENTRIES_MAX);
        for (uint32_t id = lfk_mdir_is_superblock(mdir, 0) ? 1 : 0; id < mdir->count; id++) {
            while (number < room && !present[number]) {
                number++;
            }
            assert_in_range(number, 0, room - 1);
            assert_int_equal(mdir->entries[id].name_size, 3);
            assert_memory_equal(mdir->entries[id].name, name_of(number), 3);
            number++;
        }
        if (!mdir->tail_hard) {
            break;
        }
    }
    while (number < room) {
        assert_false(present[number++]);
    }
}

/* Ids go further, but littlefs's do not. */
static void a_pair_has_254_entries_at_most(void **state)
{
    (void)state;
    enum { ROOM = 300 };
    struct flash_shape shape = usual_shape;
    bool present[ROOM] = {false};
    struct flash_pairs p;
    shape.block_size = 1 << 16;
    shape.block_count = 8;
    pairs_open(&p, &shape);
    for (uint32_t number = 0; number < ROOM; number++) {
        pairs_put(&p, p.mdirs.root, name_of(number), "");
        present[number] = true;
        /* With the superblock's entry the 254th name is one too many. */
        assert_int_equal(pairs_count(p.mdirs.root), number < 253 ? 1 : 2);
    }
    check_names(p.mdirs.root, present, ROOM);
    pairs_check(&p);
    pairs_close(&p);
}

static void a_split_leaves_both_halves_room_to_grow(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.compact");
    enum { ROOM = 120 };
    for (int round = 0; round < 20; round++) {
        bool present[ROOM] = {false};
        struct flash_pairs p;
        struct lfk_mdir *d = open_with_directory(&p, &usual_shape);
        for (uint32_t n = 0; n < ROOM; n++) {
            uint32_t number = seed_below(&seed, ROOM);
            uint32_t pairs = pairs_count(d);
            pairs_put(&p, d, name_of(number), "0123456789ab");
            present[number] = true;
            for (const struct lfk_mdir *m = d; pairs_count(d) > pairs; m = m->next) {
                /* 22 bytes an entry. */
                assert_true(m->log.commits > 1 || m->count * 22 <= 256);
                if (!m->tail_hard) {
                    break;
                }
            }
        }
        check_names(d, present, ROOM);
        assert_in_range(pairs_count(d), 3, 15);
        pairs_check(&p);
        pairs_close(&p);
    }
}

/* --- other blocks ------------------------------------------------------------------- */

/* Who refers to the pair follows: its tail in the list, its entry in the parent. */
static void a_worn_block_is_replaced(void **state)
{
    (void)state;
    struct flash_shape shape = usual_shape;
    struct flash_pairs p;
    bool used[32] = {false};
    uint32_t blocks = 0;
    shape.block_cycles = 3;
    struct lfk_mdir *d = open_with_directory(&p, &shape);
    pairs_mkdir(&p, p.mdirs.root, "e"); /* before d on the list: two refer to d */
    struct lfk_mdir *sub = pairs_mkdir(&p, d, "sub");
    pairs_put(&p, d, "f", "F");
    for (int i = 0; i < 200; i++) {
        lfk_blockmap_checkpoint(&p.blocks);
        assert_int_equal(lfk_mdirs_rewrite(&p.mdirs, i % 3 ? d : sub, NULL), LFK_OK);
        blocks += !used[d->pair.block[0]];
        used[d->pair.block[0]] = true;
        pairs_check(&p);
    }
    check_entries(d, "f=F sub/=dir");
    assert_true(lfk_gstate_is_zero(&p.mdirs.gdisk)); /* nothing is left to be repaired */
    assert_int_equal(p.mdirs.orphans, 0);
    assert_in_range(blocks, 20, 32);
    for (uint32_t block = 2; block < 32; block++) { /* 200 erases and some, spread over 30 */
        assert_in_range(p.flash.erases[block], 0, 30);
    }
    pairs_close(&p);
}

/* It cannot be moved, so what is written often must go elsewhere. */
static void the_worn_first_pair_hands_on_its_entries(void **state)
{
    (void)state;
    struct flash_shape shape = usual_shape;
    struct flash_pairs p;
    shape.block_cycles = 4;
    pairs_open(&p, &shape);
    pairs_put(&p, p.mdirs.root, "f", "F");
    for (int i = 0; i < 10; i++) {
        lfk_blockmap_checkpoint(&p.blocks);
        assert_int_equal(lfk_mdirs_rewrite(&p.mdirs, p.mdirs.root, NULL), LFK_OK);
    }
    const struct lfk_mdir *first = p.mdirs.first;
    assert_ptr_not_equal(p.mdirs.root, first);
    assert_true(first->tail_hard);
    assert_int_equal(first->count, 1);
    assert_true(lfk_mdir_is_superblock(first, 0));
    assert_true(lfk_mdir_is_superblock(p.mdirs.root, 0));
    assert_int_equal(p.mdirs.root->entries[0].data_size, LFK_SUPERBLOCK_SIZE);
    assert_memory_equal(first->entries[0].data, p.mdirs.root->entries[0].data, LFK_SUPERBLOCK_SIZE);
    struct lfk_mdir *mdir;
    uint32_t id;
    assert_true(pairs_find(p.mdirs.root, "f", &mdir, &id));
    pairs_check(&p);
    pairs_reopen(&p, &shape);
    assert_true(pairs_find(p.mdirs.root, "f", &mdir, &id));
    pairs_close(&p);
}

static void a_bad_block_is_replaced(void **state)
{
    (void)state;
    static const enum flash_flaw flaws[] = {FLAW_PROG_ERROR, FLAW_ERASE_ERROR, FLAW_PROG_SILENT,
                                            FLAW_ERASE_SILENT};
    for (size_t i = 0; i < sizeof(flaws) / sizeof(flaws[0]); i++) {
        struct flash_pairs p;
        struct lfk_mdir *d = open_with_directory(&p, &usual_shape);
        struct lfk_pair before = d->pair;
        pairs_put(&p, d, "f", "F");
        p.flash.flaws[before.block[1]] = (uint8_t)flaws[i];
        /* The first that would replace it, too. */
        p.flash.flaws[before.block[1] + 1] = (uint8_t)flaws[i];
        lfk_blockmap_checkpoint(&p.blocks);
        assert_int_equal(lfk_mdirs_rewrite(&p.mdirs, d, NULL), LFK_OK);
        assert_int_equal(d->pair.block[0], before.block[1] + 2);
        assert_int_equal(d->pair.block[1], before.block[0]);
        check_entries(d, "f=F");
        pairs_check(&p);
        pairs_close(&p);
    }
}

/* The block that a commit is appended to turns out to be bad: what was in it is not lost. */
static void a_commit_that_cannot_be_appended_goes_elsewhere(void **state)
{
    (void)state;
    static const enum flash_flaw flaws[] = {FLAW_PROG_ERROR, FLAW_PROG_SILENT};
    for (size_t i = 0; i < 2; i++) {
        struct flash_pairs p;
        struct lfk_mdir *d = open_with_directory(&p, &usual_shape);
        struct lfk_pair before = d->pair;
        pairs_put(&p, d, "f", "F");
        p.flash.flaws[before.block[0]] = (uint8_t)flaws[i];
        pairs_put(&p, d, "g", "G");
        assert_int_equal(d->pair.block[0], before.block[1]);
        check_entries(d, "f=F g=G");
        pairs_check(&p);
        pairs_close(&p);
    }
}

static void a_bad_block_of_the_first_pair_cannot_be_replaced(void **state)
{
    (void)state;
    struct flash_pairs p;
    struct lfk_detail detail = {0};
    pairs_open(&p, &usual_shape);
    pairs_put(&p, p.mdirs.root, "f", "F");
    uint32_t twin = p.mdirs.root->pair.block[1];
    p.flash.flaws[twin] = FLAW_PROG_ERROR;
    assert_int_equal(lfk_mdirs_rewrite(&p.mdirs, p.mdirs.root, &detail), LFK_ERR_NOSPC);
    check_told(&detail, LFK_ERR_NOSPC,
               twin == 0
                   ? "a block of the superblock's pair is bad and cannot be replaced: block 0"
                   : "a block of the superblock's pair is bad and cannot be replaced: block 1");
    pairs_check(&p); /* the other block says what it said */
    pairs_close(&p);
}

/* --- a full volume -------------------------------------------------------------------- */

/* Fills d until a commit fails, and then the volume is as before it. */
static uint32_t fill(struct flash_pairs *p, struct lfk_mdir *d, bool *present, uint32_t room)
{
    struct lfk_detail detail = {0};
    for (uint32_t number = 0; number < room; number++) {
        struct edits e = {.count = 0};
        struct lfk_mdir *mdir;
        uint32_t id;
        assert_false(pairs_find(d, name_of(number), &mdir, &id));
        edit_file(&e, id, name_of(number), "0123456789ab");
        lfk_blockmap_checkpoint(&p->blocks);
        int result = lfk_mdirs_commit(&p->mdirs, mdir, e.edits, e.count, &detail);
        if (result < 0) {
            assert_int_equal(result, LFK_ERR_NOSPC);
            check_names(d, present, room);
            pairs_check(p);
            return number;
        }
        present[number] = true;
    }
    return room;
}

/* A pair that cannot be split is filled up, but never so that nothing can be removed again. */
static void on_a_full_volume_things_can_be_removed(void **state)
{
    (void)state;
    enum { ROOM = 100 };
    bool present[ROOM] = {false};
    struct flash_pairs p;
    struct lfk_mdir *d = open_with_directory(&p, &usual_shape);
    p.reserved = 4; /* behind the two pairs nothing is free */
    assert_int_equal(lfk_blockmap_refill(&p.blocks, NULL), LFK_OK);
    uint32_t count = fill(&p, d, present, ROOM);
    assert_int_equal(pairs_count(d), 1);
    /* 22 bytes each in 512 but for the revision, the reserve and the CRC. */
    assert_in_range(count, 18, 21);
    for (uint32_t number = 0; number < count; number++) {
        pairs_remove(&p, d, name_of(number));
        present[number] = false;
        check_names(d, present, ROOM);
        pairs_check(&p);
    }
    assert_in_range(fill(&p, d, present, ROOM), 18, 21);
    pairs_close(&p);
}

/* Nor does a commit that would have room behind the log take what is kept for removing things. */
static void an_append_leaves_the_reserve_alone(void **state)
{
    (void)state;
    struct flash_shape shape = usual_shape;
    struct flash_pairs p;
    struct edits e = {.count = 0};
    char content[460 - 4 - 1 - 4 + 1];
    shape.prog_size = 1;
    struct lfk_mdir *d = open_with_directory(&p, &shape);
    p.reserved = 4;
    memset(content, 'x', sizeof(content));
    content[sizeof(content) - 1] = '\0';
    assert_int_equal(lfk_blockmap_refill(&p.blocks, NULL), LFK_OK);
    pairs_put(&p, d, "a", content);
    assert_int_equal(lfk_mdirs_rewrite(&p.mdirs, d, NULL), LFK_OK);
    assert_int_equal(d->log.end, 4 + 460 + 20);
    pairs_put(&p, d, "b", ""); /* 9 bytes of 12 that may be added */
    e.count = 0;
    edit_delete(&e, 1);
    pairs_commit(&p, d, &e);
    e.count = 0;
    edit_file(&e, 1, "b", "1234"); /* 13; there is room for 20 */
    assert_int_equal(lfk_mdirs_rewrite(&p.mdirs, d, NULL), LFK_OK);
    lfk_blockmap_checkpoint(&p.blocks);
    assert_int_equal(lfk_mdirs_commit(&p.mdirs, d, e.edits, e.count, NULL), LFK_ERR_NOSPC);
    pairs_check(&p);
    pairs_close(&p);
}

static void an_entry_that_fits_in_no_block_is_refused(void **state)
{
    (void)state;
    struct flash_pairs p;
    struct edits e = {.count = 0};
    char content[512];
    struct lfk_mdir *d = open_with_directory(&p, &usual_shape);
    pairs_put(&p, d, "a", "A");
    memset(content, 'x', sizeof(content));
    content[511] = '\0';
    edit_file(&e, 1, "b", content);
    assert_int_equal(lfk_mdirs_commit(&p.mdirs, d, e.edits, e.count, NULL), LFK_ERR_NOSPC);
    check_entries(d, "a=A");
    pairs_check(&p);
    pairs_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_full_log_goes_to_the_other_block_with_all_it_says),
        cmocka_unit_test(a_pair_has_254_entries_at_most),
        cmocka_unit_test(a_split_leaves_both_halves_room_to_grow),
        cmocka_unit_test(a_worn_block_is_replaced),
        cmocka_unit_test(the_worn_first_pair_hands_on_its_entries),
        cmocka_unit_test(a_bad_block_is_replaced),
        cmocka_unit_test(a_commit_that_cannot_be_appended_goes_elsewhere),
        cmocka_unit_test(a_bad_block_of_the_first_pair_cannot_be_replaced),
        cmocka_unit_test(on_a_full_volume_things_can_be_removed),
        cmocka_unit_test(an_append_leaves_the_reserve_alone),
        cmocka_unit_test(an_entry_that_fits_in_no_block_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
