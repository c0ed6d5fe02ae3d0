/* SPDX-License-Identifier: MIT */
/*
 * What follows an entry when its pair changes: ties find it wherever it goes
 * and learn that it is gone, directories know the pair that names them, and a
 * change that is undone takes all of that back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "flash_pairs.h"
#include "seed.h"

enum { NAMES = 60 };

static const char content[] = "0123456789ab"; /* a dozen entries fill half a block */

static const char *name_of(uint32_t number)
{
    static char name[16];
    snprintf(name, sizeof(name), "n%02u", (unsigned)number);
    return name;
}

/* A directory with a tie on each of its entries. */
struct tied {
    struct flash_pairs p;
    struct lfk_mdir *d;
    struct lfk_entry_tie ties[NAMES];
};

static void tie(struct tied *t, uint32_t number)
{
    struct lfk_mdir *mdir;
    uint32_t id;
    assert_true(pairs_find(t->d, name_of(number), &mdir, &id));
    mdir->entries[id].tie = &t->ties[number];
    t->ties[number].mdir = mdir;
}

/* A tie is on an entry of its name, or on none, and then the name is not there. */
static void check_ties(struct tied *t)
{
    for (uint32_t number = 0; number < NAMES; number++) {
        struct lfk_mdir *mdir;
        uint32_t id;
        if (pairs_find(t->d, name_of(number), &mdir, &id)) {
            assert_ptr_equal(t->ties[number].mdir, mdir);
            assert_int_equal(lfk_mdir_find_tie(mdir, &t->ties[number]), id);
        } else {
            assert_null(t->ties[number].mdir);
        }
    }
}

static void put(struct tied *t, uint32_t number)
{
    pairs_put(&t->p, t->d, name_of(number), content);
    tie(t, number);
}

static void open_tied(struct tied *t, int32_t block_cycles)
{
    struct flash_shape shape = usual_shape;
    *t = (struct tied){.d = NULL};
    shape.block_count = 64;
    shape.block_cycles = block_cycles;
    pairs_open(&t->p, &shape);
    t->d = pairs_mkdir(&t->p, t->p.mdirs.root, "d");
}

static void ties_follow_splits_and_moves(void **state)
{
    (void)state;
    struct tied t;
    open_tied(&t, 3);
    for (uint32_t number = 0; number < NAMES; number++) {
        put(&t, number * 7 % NAMES);
        check_ties(&t);
    }
    for (uint32_t number = 0; number < NAMES; number++) {
        pairs_remove(&t.p, t.d, name_of(number * 11 % NAMES));
        check_ties(&t);
    }
    pairs_check(&t.p);
    pairs_close(&t.p);
}

/* Another entry in its place, of its name even, is not what was tied. */
static void a_tie_does_not_pass_to_what_replaces_the_entry(void **state)
{
    (void)state;
    struct tied t;
    struct edits e = {.count = 0};
    open_tied(&t, 0);
    put(&t, 1);
    put(&t, 2);
    put(&t, 3);
    edit_delete(&e, 1);
    edit_file(&e, 1, name_of(2), "new");
    pairs_commit(&t.p, t.d, &e);
    assert_null(t.ties[2].mdir);
    assert_int_equal(lfk_mdir_find_tie(t.d, &t.ties[2]), t.d->count);
    assert_int_equal(lfk_mdir_find_tie(t.d, &t.ties[1]), 0);
    assert_int_equal(lfk_mdir_find_tie(t.d, &t.ties[3]), 2);
    lfk_blockmap_checkpoint(&t.p.blocks);
    assert_int_equal(lfk_mdirs_rewrite(&t.p.mdirs, t.d, NULL), LFK_OK);
    assert_null(t.ties[2].mdir);
    assert_int_equal(lfk_mdir_find_tie(t.d, &t.ties[3]), 2);
    pairs_close(&t.p);
}

/* pairs_check looks whether each directory's first pair knows where its entry is. */
static void directories_know_the_pair_that_names_them(void **state)
{
    (void)state;
    struct tied t;
    struct lfk_mdir *subs[4];
    open_tied(&t, 3);
    for (int i = 0; i < 4; i++) {
        char name[] = "n15x";
        name[1] = (char)('1' + i);
        subs[i] = pairs_mkdir(&t.p, t.d, name);
    }
    for (uint32_t number = 0; number < NAMES; number++) {
        put(&t, number * 7 % NAMES);
        pairs_check(&t.p);
    }
    assert_in_range(pairs_count(t.d), 3, 12);
    for (int i = 0; i < 4; i++) {
        for (int times = 0; times < 9; times++) { /* they move, too */
            lfk_blockmap_checkpoint(&t.p.blocks);
            assert_int_equal(lfk_mdirs_rewrite(&t.p.mdirs, subs[i], NULL), LFK_OK);
            pairs_check(&t.p);
        }
    }
    check_ties(&t);
    pairs_close(&t.p);
}

/* Fails at a call of the device drawn at random, or not at all. */
static bool fails(struct tied *t, struct seed *seed, struct lfk_mdir *mdir, const struct edits *e)
{
    lfk_blockmap_checkpoint(&t->p.blocks);
    t->p.flash.error = LFK_ERR_IO;
    t->p.flash.calls_left = seed_below(seed, 2) ? FLASH_NEVER : 1 + seed_below(seed, 20);
    int result = lfk_mdirs_commit(&t->p.mdirs, mdir, e->edits, e->count, NULL);
    t->p.flash.calls_left = FLASH_NEVER;
    assert_true(result == LFK_OK || result == LFK_ERR_IO);
    return result < 0;
}

static void a_change_that_fails_leaves_ties_as_they_were(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.settle");
    uint32_t failures = 0;
    for (int round = 0; round < 10; round++) {
        struct tied t;
        open_tied(&t, 0);
        struct lfk_mdir *sub = pairs_mkdir(&t.p, t.d, "n30x");
        for (int turn = 0; turn < 200; turn++) {
            struct edits e = {.count = 0};
            struct lfk_mdir *mdir;
            uint32_t id;
            uint32_t number = seed_below(&seed, NAMES);
            char name[16];
            snprintf(name, sizeof(name), "%s", name_of(number));
            bool there = pairs_find(t.d, name, &mdir, &id);
            if (there) {
                edit_delete(&e, id);
            } else {
                edit_file(&e, id, name, content);
            }
            if (fails(&t, &seed, mdir, &e)) {
                failures++;
                check_ties(&t);
                assert_int_equal(pairs_find(t.d, name, &mdir, &id), there);
                assert_int_equal(lfk_mdirs_settle(&t.p.mdirs, NULL), LFK_OK);
            } else if (!there) {
                tie(&t, number);
            }
            check_ties(&t);
            assert_true(pairs_find(t.d, "n30x", &mdir, &id));
            assert_ptr_equal(sub->parent, mdir);
            pairs_check(&t.p);
        }
        pairs_close(&t.p);
    }
    assert_in_range(failures, 100, 2000);
}

/* In memory alone, for a pair that nothing has named yet. */
static void a_pair_is_put_on_the_list_and_taken_off(void **state)
{
    (void)state;
    struct lfk_mdir a = {.count = 0};
    struct lfk_mdir b = {.count = 0};
    struct lfk_mdir c = {.count = 0};
    lfk_mdir_link(&a, &c);
    assert_ptr_equal(a.next, &c);
    assert_ptr_equal(c.prev, &a);
    assert_null(c.next);
    lfk_mdir_link(&a, &b);
    assert_ptr_equal(a.next, &b);
    assert_ptr_equal(b.next, &c);
    assert_ptr_equal(c.prev, &b);
    lfk_mdir_unlink(&b);
    assert_ptr_equal(a.next, &c);
    assert_ptr_equal(c.prev, &a);
    assert_null(b.prev);
    assert_null(b.next);
    lfk_mdir_unlink(&c);
    assert_null(a.next);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ties_follow_splits_and_moves),
        cmocka_unit_test(a_tie_does_not_pass_to_what_replaces_the_entry),
        cmocka_unit_test(directories_know_the_pair_that_names_them),
        cmocka_unit_test(a_change_that_fails_leaves_ties_as_they_were),
        cmocka_unit_test(a_pair_is_put_on_the_list_and_taken_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
