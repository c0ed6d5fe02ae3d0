/* SPDX-License-Identifier: MIT */
/*
 * The map of free blocks: no block is handed out that is in use or was taken
 * and not given up, and "no space" is said only when there is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "alloc/alloc.h"
#include "scarce_memory.h"
#include "seed.h"
#include "told.h"

enum { BLOCKS_MAX = 80 };

/* A volume as the traversal sees it. */
struct volume {
    struct lfk_blockmap map;
    bool used[BLOCKS_MAX];
    int traversals;
    int failure; /* what the traversal returns */
};

static int fill(void *context, struct lfk_blockmap *map, struct lfk_detail *detail)
{
    struct volume *v = context;
    v->traversals++;
    for (uint32_t block = 0; block < BLOCKS_MAX; block++) {
        if (v->used[block]) {
            lfk_blockmap_mark(map, block);
        }
    }
    return v->failure < 0 ? lfk_fail(detail, v->failure, "the traversal failed") : LFK_OK;
}

static void open_volume(struct volume *v, uint32_t count, uint32_t start)
{
    *v = (struct volume){.failure = LFK_OK};
    lfk_blockmap_open(&v->map, count, start, fill, v, NULL);
}

static uint32_t take(struct volume *v)
{
    uint32_t block = LFK_BLOCK_NULL;
    assert_int_equal(lfk_blockmap_take(&v->map, &block, NULL), LFK_OK);
    return block;
}

static void check_taken(struct volume *v, const uint32_t *expected, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(take(v), expected[i]);
    }
}

static void check_full(struct volume *v)
{
    uint32_t block;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_blockmap_take(&v->map, &block, &detail), LFK_ERR_NOSPC);
    check_told(&detail, LFK_ERR_NOSPC, "no block of the volume is free");
}

static void blocks_are_taken_in_rising_order_and_around(void **state)
{
    (void)state;
    static const uint32_t expected[] = {5, 7, 8, 9, 1, 4};
    struct volume v;
    open_volume(&v, 10, 1234 + 1); /* modulo the count */
    v.used[0] = v.used[2] = v.used[3] = v.used[6] = true;
    check_taken(&v, expected, 6);
    assert_int_equal(v.traversals, 1);
    check_full(&v);
    assert_int_equal(v.traversals, 2);
    lfk_blockmap_close(&v.map);
}

/* No traversal sees what was taken a moment ago; after a checkpoint that is its business. */
static void what_was_taken_is_kept_until_the_checkpoint(void **state)
{
    (void)state;
    struct volume v;
    open_volume(&v, 2, 0);
    assert_int_equal(take(&v), 0);
    assert_int_equal(take(&v), 1);
    check_full(&v);
    v.used[0] = true; /* it was put to use, the other given up */
    lfk_blockmap_checkpoint(&v.map);
    assert_int_equal(take(&v), 1);
    check_full(&v);
    lfk_blockmap_close(&v.map);
}

static void blocks_that_become_free_are_found_again(void **state)
{
    (void)state;
    struct volume v;
    open_volume(&v, 4, 0);
    v.used[0] = v.used[1] = v.used[2] = true;
    assert_int_equal(take(&v), 3);
    v.used[1] = false;
    assert_int_equal(take(&v), 1);
    assert_int_equal(v.traversals, 2);
    lfk_blockmap_close(&v.map);
}

static void while_the_map_is_held_no_block_becomes_free(void **state)
{
    (void)state;
    struct volume v;
    open_volume(&v, 2, 0);
    v.used[0] = true;
    assert_int_equal(take(&v), 1);
    lfk_blockmap_hold(&v.map, true);
    lfk_blockmap_checkpoint(&v.map);
    v.used[0] = false;
    check_full(&v);
    assert_int_equal(lfk_blockmap_refill(&v.map, NULL), LFK_OK);
    check_full(&v);
    lfk_blockmap_hold(&v.map, false);
    assert_int_equal(take(&v), 0);
    lfk_blockmap_close(&v.map);
}

static void a_traversal_that_fails_leaves_the_map_as_it_was(void **state)
{
    (void)state;
    struct volume v;
    uint32_t block;
    struct lfk_detail detail = {0};
    open_volume(&v, 4, 0);
    v.failure = LFK_ERR_CORRUPT;
    assert_int_equal(lfk_blockmap_take(&v.map, &block, &detail), LFK_ERR_CORRUPT);
    check_told(&detail, LFK_ERR_CORRUPT, "the traversal failed");
    v.failure = LFK_OK;
    v.used[0] = v.used[2] = true;
    assert_int_equal(take(&v), 1);
    v.used[2] = false;
    v.failure = LFK_ERR_IO;
    assert_int_equal(lfk_blockmap_refill(&v.map, NULL), LFK_ERR_IO);
    assert_int_equal(take(&v), 3);
    assert_int_equal(lfk_blockmap_take(&v.map, &block, NULL), LFK_ERR_IO);
    v.failure = LFK_OK;
    assert_int_equal(take(&v), 2);
    lfk_blockmap_close(&v.map);
}

static void what_a_traversal_sees_later_is_marked_too(void **state)
{
    (void)state;
    struct volume v;
    open_volume(&v, 4, 0);
    assert_int_equal(lfk_blockmap_extend(&v.map, NULL), LFK_OK);
    assert_int_equal(v.traversals, 0); /* the first block that is taken calls for one */
    v.used[0] = true;
    assert_int_equal(take(&v), 1);
    lfk_blockmap_hold(&v.map, true);
    v.used[0] = false;
    v.used[2] = true;
    assert_int_equal(lfk_blockmap_extend(&v.map, NULL), LFK_OK);
    assert_int_equal(take(&v), 3);
    check_full(&v);
    lfk_blockmap_close(&v.map);
}

/* What a traversal marks comes from an image. */
static void numbers_beyond_the_volume_are_left_alone(void **state)
{
    (void)state;
    struct volume v;
    open_volume(&v, 9, 8);
    assert_int_equal(lfk_blockmap_refill(&v.map, NULL), LFK_OK);
    lfk_blockmap_mark(&v.map, 9);
    lfk_blockmap_mark(&v.map, LFK_BLOCK_NULL);
    lfk_blockmap_mark(&v.map, 8);
    lfk_blockmap_mark(&v.map, 8);
    for (uint32_t i = 0; i < 8; i++) {
        assert_int_equal(take(&v), i);
    }
    lfk_blockmap_close(&v.map);
}

static void what_a_volume_grew_by_is_found_when_the_rest_is_in_use(void **state)
{
    (void)state;
    struct volume v;
    open_volume(&v, 4, 3);
    v.used[0] = v.used[1] = true;
    assert_int_equal(take(&v), 3);
    v.used[3] = true;
    lfk_blockmap_checkpoint(&v.map);
    lfk_blockmap_resize(&v.map, 40);
    for (uint32_t i = 0; i < 37; i++) {
        assert_int_equal(take(&v), i == 0 ? 2 : 3 + i);
        v.used[2] = true;
    }
    check_full(&v);
    lfk_blockmap_close(&v.map);
}

/* Nor is anything of it forgotten, should the map be held. */
static void beyond_a_smaller_volume_no_block_is_taken(void **state)
{
    (void)state;
    struct volume v;
    open_volume(&v, 8, 6);
    v.used[2] = true;
    assert_int_equal(take(&v), 6);
    v.used[2] = false;
    lfk_blockmap_hold(&v.map, true);
    lfk_blockmap_resize(&v.map, 4);
    static const uint32_t expected[] = {3, 0, 1};
    check_taken(&v, expected, 3);
    check_full(&v);
    lfk_blockmap_close(&v.map);
}

static void without_memory_there_is_an_error_and_a_way_on(void **state)
{
    (void)state;
    for (size_t requests = 0; requests < 2; requests++) {
        struct volume v;
        struct scarce_memory memory;
        struct lfk_detail detail = {0};
        uint32_t block;
        open_volume(&v, 8, 0);
        scarce_memory_start(&memory, requests);
        v.map.allocator = &memory.allocator;
        assert_int_equal(lfk_blockmap_take(&v.map, &block, &detail), LFK_ERR_NOMEM);
        check_told(&detail, LFK_ERR_NOMEM, "out of memory");
        memory.left = 2;
        assert_int_equal(take(&v), 0);
        lfk_blockmap_close(&v.map);
    }
    lfk_blockmap_close(&(struct lfk_blockmap){0});
}

/* Takes a block, if one is free. */
static void take_one(struct volume *v, uint32_t count, bool *taken)
{
    uint32_t block;
    uint32_t free = 0;
    for (uint32_t i = 0; i < count; i++) {
        free += !v->used[i] && !taken[i];
    }
    int result = lfk_blockmap_take(&v->map, &block, NULL);
    assert_int_equal(result, free > 0 ? LFK_OK : LFK_ERR_NOSPC);
    if (result == LFK_OK) {
        assert_in_range(block, 0, count - 1);
        assert_false(v->used[block] || taken[block]);
        taken[block] = true;
    }
}

static void a_block_is_never_handed_out_twice(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.blockmap");
    for (int round = 0; round < 200; round++) {
        uint32_t count = 1 + seed_below(&seed, BLOCKS_MAX);
        bool taken[BLOCKS_MAX] = {false};
        struct volume v;
        open_volume(&v, count, seed_next(&seed));
        for (int step = 0; step < 300; step++) {
            uint32_t block = seed_below(&seed, count);
            switch (seed_below(&seed, 4)) {
            case 0: /* what was taken is put to use, or forgotten */
                for (uint32_t i = 0; i < count; i++) {
                    v.used[i] |= taken[i] && seed_below(&seed, 3) > 0;
                }
                memset(taken, 0, sizeof(taken));
                lfk_blockmap_checkpoint(&v.map);
                break;
            case 1:
                v.used[block] = false;
                break;
            default:
                take_one(&v, count, taken);
            }
        }
        lfk_blockmap_close(&v.map);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_taken_in_rising_order_and_around),
        cmocka_unit_test(what_was_taken_is_kept_until_the_checkpoint),
        cmocka_unit_test(blocks_that_become_free_are_found_again),
        cmocka_unit_test(while_the_map_is_held_no_block_becomes_free),
        cmocka_unit_test(a_traversal_that_fails_leaves_the_map_as_it_was),
        cmocka_unit_test(what_a_traversal_sees_later_is_marked_too),
        cmocka_unit_test(numbers_beyond_the_volume_are_left_alone),
        cmocka_unit_test(what_a_volume_grew_by_is_found_when_the_rest_is_in_use),
        cmocka_unit_test(beyond_a_smaller_volume_no_block_is_taken),
        cmocka_unit_test(without_memory_there_is_an_error_and_a_way_on),
        cmocka_unit_test(a_block_is_never_handed_out_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
