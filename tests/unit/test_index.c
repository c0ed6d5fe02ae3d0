/* SPDX-License-Identifier: MIT */
/*
 * The index of a directory's pairs: a search that begins where it says finds
 * what a search from the first pair finds, after whatever change.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "flash_pairs.h"
#include "scarce_memory.h"
#include "seed.h"

enum { NAMES = 100 };

static const char content[] = "0123456789ab"; /* a dozen entries fill half a block */

static const char *name_of(uint32_t number)
{
    static char name[16];
    snprintf(name, sizeof(name), "n%02u", (unsigned)number);
    return name;
}

/* Each name, one that is before all and one that is behind all. */
static void check_starts(struct lfk_mdirs *mdirs, struct lfk_mdir *head)
{
    for (uint32_t number = 0; number <= NAMES + 1; number++) {
        const char *name = number < NAMES ? name_of(number) : number == NAMES ? "" : "z";
        struct lfk_mdir *expected;
        struct lfk_mdir *mdir;
        uint32_t expected_id;
        uint32_t id;
        bool there = pairs_find(head, name, &expected, &expected_id);
        struct lfk_mdir *start = lfk_mdirs_start(mdirs, head, name, strlen(name));
        assert_int_equal(pairs_find(start, name, &mdir, &id), there);
        assert_ptr_equal(mdir, expected);
        assert_int_equal(id, expected_id);
        assert_ptr_equal(start, expected); /* there is nothing to go over */
    }
}

static struct lfk_mdir *open_with_names(struct flash_pairs *p)
{
    struct flash_shape shape = usual_shape;
    shape.block_count = 128;
    pairs_open(p, &shape);
    struct lfk_mdir *d = pairs_mkdir(p, p->mdirs.root, "d");
    for (uint32_t number = 0; number < NAMES; number += 2) {
        pairs_put(p, d, name_of(number), content);
    }
    assert_in_range(pairs_count(d), 3, 14);
    return d;
}

static void the_right_pair_is_found_after_every_change(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.index");
    struct flash_pairs p;
    struct lfk_mdir *d = open_with_names(&p);
    uint32_t pairs[2] = {UINT32_MAX, 0};
    for (int i = 0; i < 1000; i++) {
        const char *name = name_of(seed_below(&seed, NAMES));
        struct lfk_mdir *mdir;
        uint32_t id;
        /* Fuller and emptier in turn, so that it is split and loses pairs. */
        bool removes = seed_below(&seed, 8) < (i / 250 % 2 ? 6 : 2);
        if (!removes) {
            pairs_put(&p, d, name, content);
        } else if (pairs_find(d, name, &mdir, &id)) {
            pairs_remove(&p, d, name);
        }
        check_starts(&p.mdirs, d);
        pairs[0] = lfk_min(pairs[0], pairs_count(d));
        pairs[1] = pairs[1] > pairs_count(d) ? pairs[1] : pairs_count(d);
    }
    assert_true(pairs[0] < pairs[1]);
    pairs_check(&p);
    pairs_close(&p);
}

/* The superblock's entry, alone in the first pair, stands before every name. */
static void the_roots_superblock_is_before_all_names(void **state)
{
    (void)state;
    struct flash_pairs p;
    pairs_open(&p, &usual_shape);
    for (uint32_t number = 0; number < NAMES; number++) {
        pairs_put(&p, p.mdirs.root, name_of(number), content);
        check_starts(&p.mdirs, p.mdirs.root);
    }
    for (uint32_t number = 0; number < NAMES; number++) {
        pairs_remove(&p, p.mdirs.root, name_of(number));
        check_starts(&p.mdirs, p.mdirs.root);
    }
    pairs_close(&p);
}

static void without_memory_the_search_begins_at_the_first_pair(void **state)
{
    (void)state;
    bool failed = true;
    for (size_t requests = 0; failed; requests++) {
        struct flash_pairs p;
        struct scarce_memory memory;
        struct lfk_mdir *d = open_with_names(&p);
        for (uint32_t number = 1; number < NAMES; number += 2) {
            pairs_put(&p, d, name_of(number),
                      "this is long, so that there are many pairs, and "
                      "more than the first room of the index has");
        }
        assert_true(pairs_count(d) > 16);
        scarce_memory_start(&memory, requests);
        p.mdirs.arena.allocator = &memory.allocator;
        failed = lfk_mdirs_start(&p.mdirs, d, "n98", 3) == d;
        memory.left = SIZE_MAX;
        check_starts(&p.mdirs, d);
        pairs_close(&p);
        assert_int_equal(failed, requests < 2); /* it has to grow once */
    }
}

/* There the list in memory may not be that of the disk. */
static void a_volume_that_is_only_read_has_no_index(void **state)
{
    (void)state;
    struct flash_pairs p;
    struct lfk_mdirs reader;
    struct lfk_mdir *head;
    struct lfk_mdir *d = open_with_names(&p);
    lfk_mdirs_open(&reader, &p.flash.bd, NULL);
    assert_int_equal(lfk_mdirs_get(&reader, d->pair, &head, NULL), LFK_OK);
    assert_true(head->tail_hard);
    assert_ptr_equal(lfk_mdirs_start(&reader, head, "n90", 3), head);
    lfk_mdirs_close(&reader);
    pairs_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_right_pair_is_found_after_every_change),
        cmocka_unit_test(the_roots_superblock_is_before_all_names),
        cmocka_unit_test(without_memory_the_search_begins_at_the_first_pair),
        cmocka_unit_test(a_volume_that_is_only_read_has_no_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
