/* SPDX-License-Identifier: MIT */
/*
 * Walks over a directory that is changed meanwhile: what stays is met once and
 * in order, whatever comes and goes around it, through splits and over pairs
 * that vanish.
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

enum { NAMES = 80 };

static const char content[] = "0123456789ab"; /* a dozen entries fill half a block */

static const char *name_of(uint32_t number)
{
    static char name[16];
    snprintf(name, sizeof(name), "n%02u", (unsigned)number);
    return name;
}

/* A directory and one who goes over it. */
struct walk {
    struct flash_pairs p;
    struct lfk_mdir *d;
    struct lfk_mdir_cursor cursor;
};

static void go_to_start(struct walk *w)
{
    w->cursor.at = (struct lfk_mdir_place){.mdir = w->d, .at_start = true};
}

static void open_walk(struct walk *w)
{
    struct flash_shape shape = usual_shape;
    shape.block_count = 64;
    *w = (struct walk){.d = NULL};
    pairs_open(&w->p, &shape);
    w->d = pairs_mkdir(&w->p, w->p.mdirs.root, "d");
    w->cursor.head = w->d;
    w->p.mdirs.cursors = &w->cursor;
    go_to_start(w);
}

static void close_walk(struct walk *w)
{
    pairs_check(&w->p);
    pairs_close(&w->p);
}

/* The number of the next entry; NAMES at the end. */
static uint32_t next_number(struct walk *w)
{
    struct lfk_mdir_place *at = &w->cursor.at;
    at->at_start = false;
    while (at->mdir != NULL && at->id >= at->mdir->count) {
        at->mdir = at->mdir->tail_hard ? at->mdir->next : NULL;
        at->id = 0;
    }
    if (at->mdir == NULL) {
        return NAMES;
    }
    const struct lfk_entry *entry = &at->mdir->entries[at->id++];
    at->position++;
    return (uint32_t)(entry->name[1] - '0') * 10 + (uint32_t)(entry->name[2] - '0');
}

static void put(struct walk *w, uint32_t number)
{
    pairs_put(&w->p, w->d, name_of(number), content);
}

static void drop(struct walk *w, uint32_t number)
{
    pairs_remove(&w->p, w->d, name_of(number));
}

/* Entries of the directory before the cursor. */
static uint32_t entries_before(const struct walk *w)
{
    uint32_t count = 0;
    const struct lfk_mdir *mdir = w->d;
    for (; mdir != NULL && mdir != w->cursor.at.mdir; mdir = mdir->tail_hard ? mdir->next : NULL) {
        count += mdir->count;
    }
    return count + w->cursor.at.id;
}

static void entries_around_the_cursor_come_and_go(void **state)
{
    (void)state;
    struct walk w;
    open_walk(&w);
    for (uint32_t number = 10; number <= 50; number += 10) {
        put(&w, number);
    }
    assert_int_equal(next_number(&w), 10);
    assert_int_equal(next_number(&w), 20);
    drop(&w, 20); /* the one just met */
    drop(&w, 10);
    assert_int_equal(w.cursor.at.position, 0);
    put(&w, 5);  /* before: it was passed */
    put(&w, 35); /* behind: it is met */
    drop(&w, 40);
    assert_int_equal(w.cursor.at.position, 1);
    assert_int_equal(next_number(&w), 30);
    put(&w, 32); /* just where the cursor stands: as if it was before */
    assert_int_equal(next_number(&w), 35);
    drop(&w, 50);
    assert_int_equal(next_number(&w), NAMES);
    assert_int_equal(next_number(&w), NAMES);
    close_walk(&w);
}

/* A walk that has not begun meets all that is there when it does. */
static void at_the_start_nothing_is_before(void **state)
{
    (void)state;
    struct walk w;
    open_walk(&w);
    put(&w, 20);
    put(&w, 10);
    assert_int_equal(w.cursor.at.position, 0);
    assert_int_equal(next_number(&w), 10);
    put(&w, 5);
    assert_int_equal(w.cursor.at.position, 2);
    assert_int_equal(next_number(&w), 20);
    close_walk(&w);
}

/* A file that is written by renaming another over it stays where it is for who passed it. */
static void a_replacement_keeps_the_place(void **state)
{
    (void)state;
    for (uint32_t passed = 0; passed <= 3; passed++) {
        struct walk w;
        struct edits e = {.count = 0};
        open_walk(&w);
        put(&w, 1);
        put(&w, 2);
        put(&w, 3);
        for (uint32_t i = 1; i <= passed; i++) {
            assert_int_equal(next_number(&w), i);
        }
        edit_delete(&e, 1);
        edit_file(&e, 1, name_of(2), "new");
        pairs_commit(&w.p, w.d, &e);
        assert_int_equal(w.cursor.at.position, passed);
        assert_int_equal(next_number(&w), passed < 3 ? passed + 1 : NAMES);
        close_walk(&w);
    }
}

static void a_cursor_goes_on_behind_a_pair_that_vanishes(void **state)
{
    (void)state;
    struct walk w;
    open_walk(&w);
    for (uint32_t number = 0; number < 40; number++) {
        put(&w, number);
    }
    uint32_t first = w.d->count;
    uint32_t second = w.d->next->count;
    assert_in_range(pairs_count(w.d), 3, 8);
    for (uint32_t i = 0; i <= first; i++) {
        assert_int_equal(next_number(&w), i);
    }
    assert_ptr_equal(w.cursor.at.mdir, w.d->next);
    for (uint32_t i = first; i < first + second; i++) {
        drop(&w, i);
    }
    assert_int_equal(w.cursor.at.position, first);
    for (uint32_t i = first + second; i < 40; i++) {
        assert_int_equal(next_number(&w), i);
        assert_int_equal(entries_before(&w), w.cursor.at.position);
    }
    assert_int_equal(next_number(&w), NAMES);
    close_walk(&w);
}

/* The root's entries go to a pair of their own, and who walks over them with them. */
static void a_cursor_follows_the_root(void **state)
{
    (void)state;
    struct flash_shape shape = usual_shape;
    struct walk w = {.d = NULL};
    shape.block_cycles = 1;
    pairs_open(&w.p, &shape);
    w.d = w.p.mdirs.root;
    pairs_put(&w.p, w.d, name_of(1), content);
    pairs_put(&w.p, w.d, name_of(2), content);
    w.cursor.head = w.d;
    w.p.mdirs.cursors = &w.cursor;
    w.cursor.at = (struct lfk_mdir_place){.mdir = w.d, .id = 1, .position = 1};
    assert_int_equal(next_number(&w), 1);
    while (w.p.mdirs.root == w.p.mdirs.first) {
        lfk_blockmap_checkpoint(&w.p.blocks);
        assert_int_equal(lfk_mdirs_rewrite(&w.p.mdirs, w.p.mdirs.root, NULL), LFK_OK);
    }
    assert_ptr_equal(w.cursor.head, w.p.mdirs.root);
    assert_int_equal(w.cursor.at.position, 2);
    assert_int_equal(next_number(&w), 2);
    assert_int_equal(next_number(&w), NAMES);
    close_walk(&w);
}

static void after_a_failure_the_cursor_is_where_it_was(void **state)
{
    (void)state;
    for (uint64_t n = 1; n < 40; n++) {
        struct walk w;
        struct edits e = {.count = 0};
        struct lfk_mdir *mdir;
        uint32_t id;
        open_walk(&w);
        for (uint32_t number = 30; number < 41; number++) {
            put(&w, number);
        }
        assert_int_equal(next_number(&w), 30);
        assert_int_equal(next_number(&w), 31);
        struct lfk_mdir_place before = w.cursor.at;
        assert_false(pairs_find(w.d, "n29", &mdir, &id));
        edit_file(&e, id, "n29", content);
        edit_file(&e, 0, "n28",
                  "much of it, so that the pair has to be split in two parts now, "
                  "and the cursor finds itself in another one");
        lfk_blockmap_checkpoint(&w.p.blocks);
        w.p.flash.calls_left = n;
        w.p.flash.error = LFK_ERR_IO;
        int result = lfk_mdirs_commit(&w.p.mdirs, mdir, e.edits, e.count, NULL);
        w.p.flash.calls_left = FLASH_NEVER;
        if (result < 0) {
            assert_ptr_equal(w.cursor.at.mdir, before.mdir);
            assert_int_equal(w.cursor.at.id, before.id);
            assert_int_equal(w.cursor.at.position, before.position);
            assert_int_equal(lfk_mdirs_settle(&w.p.mdirs, NULL), LFK_OK);
        } else {
            assert_int_equal(w.cursor.at.position, 4);
        }
        for (uint32_t number = 32; number < 41; number++) {
            assert_int_equal(next_number(&w), number);
        }
        close_walk(&w);
    }
}

/* --- random walks ---------------------------------------------------------------------- */

/* Changes the directory, and notes what does not stay through this walk. */
static void disturb(struct walk *w, struct seed *seed, bool *stays, uint32_t share)
{
    uint32_t number = seed_below(seed, NAMES);
    struct lfk_mdir *mdir;
    uint32_t id;
    bool there = pairs_find(w->d, name_of(number), &mdir, &id);
    if (there && seed_below(seed, 10) < share) {
        drop(w, number);
        stays[number] = false;
    } else {
        put(w, number); /* an entry that is there gets its content again */
    }
    if (w->cursor.at.mdir != NULL) {
        assert_int_equal(entries_before(w), w->cursor.at.position);
    }
}

static void walk_over(struct walk *w, struct seed *seed)
{
    bool stays[NAMES];
    bool met[NAMES] = {false};
    uint32_t last = 0;
    uint32_t number;
    struct lfk_mdir *mdir;
    uint32_t id;
    for (number = 0; number < NAMES; number++) {
        stays[number] = pairs_find(w->d, name_of(number), &mdir, &id);
    }
    go_to_start(w);
    uint32_t share = seed_below(seed, 11); /* the directory shrinks, or grows */
    uint32_t changes = 1 + seed_below(seed, 8);
    while ((number = next_number(w)) < NAMES) {
        /* What came meanwhile may be met or not, and where it came to stand. */
        if (stays[number]) {
            assert_false(met[number]);
            assert_true(number >= last);
            last = number;
        }
        met[number] = true;
        for (uint32_t n = seed_below(seed, changes); n > 0; n--) {
            disturb(w, seed, stays, share);
        }
    }
    for (number = 0; number < NAMES; number++) {
        assert_true(met[number] || !stays[number]);
    }
}

static void what_stays_is_met_once_and_in_order(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.cursors");
    for (int round = 0; round < 20; round++) {
        struct walk w;
        open_walk(&w);
        for (int i = 0; i < 12; i++) {
            walk_over(&w, &seed);
            for (int n = 0; n < 5; n++) {
                put(&w, seed_below(&seed, NAMES));
            }
        }
        close_walk(&w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_around_the_cursor_come_and_go),
        cmocka_unit_test(at_the_start_nothing_is_before),
        cmocka_unit_test(a_replacement_keeps_the_place),
        cmocka_unit_test(a_cursor_goes_on_behind_a_pair_that_vanishes),
        cmocka_unit_test(a_cursor_follows_the_root),
        cmocka_unit_test(after_a_failure_the_cursor_is_where_it_was),
        cmocka_unit_test(what_stays_is_met_once_and_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
