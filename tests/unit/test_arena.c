/* SPDX-License-Identifier: MIT */
/*
 * Arenas: pieces never overlap or move, objects are aligned, and everything is
 * given back, also after a failure.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "seed.h"
#include "util/util.h"

#define PIECES 3000u

/* Counts what is held; every allocation after `grants` fails. */
struct counter {
    int held;
    int grants;
};

static void *count_resize(void *context, void *memory, size_t size)
{
    struct counter *counter = (struct counter *)context;
    if (size == 0) {
        counter->held--;
        free(memory);
        return NULL;
    }
    if (counter->grants == 0) {
        return NULL;
    }
    counter->grants--;
    counter->held++;
    return realloc(memory, size);
}

/* Mostly small, now and then larger than any chunk. */
static size_t random_size(struct seed *seed)
{
    uint32_t kind = seed_below(seed, 100);
    return kind == 0 ? seed_below(seed, 3u << 20) : seed_below(seed, kind < 10 ? 5000 : 60);
}

static void pieces_do_not_overlap_and_do_not_move(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.arena");
    struct counter counter = {.grants = -1};
    struct lfk_allocator allocator = {&counter, count_resize};
    struct lfk_arena arena = {.allocator = &allocator};
    static uint8_t *pieces[PIECES];
    static size_t sizes[PIECES];
    for (size_t i = 0; i < PIECES; i++) {
        sizes[i] = random_size(&seed);
        pieces[i] = lfk_arena_alloc(&arena, sizes[i]);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
        memset(pieces[i], (int)(i & 0xff), sizes[i]);
    }
    for (size_t i = 0; i < PIECES; i++) {
        for (size_t k = 0; k < sizes[i]; k++) {
            if (pieces[i][k] != (i & 0xff)) {
                fail_msg("byte %zu of piece %zu was overwritten", k, i);
            }
        }
    }
    lfk_arena_free(&arena);
    assert_int_equal(counter.held, 0);
}

static void small_pieces_share_chunks(void **state)
{
    (void)state;
    struct counter counter = {.grants = 12};
    struct lfk_allocator allocator = {&counter, count_resize};
    struct lfk_arena arena = {.allocator = &allocator};
    for (int i = 0; i < 100000; i++) {
        assert_non_null(lfk_arena_alloc(&arena, 32));
    }
    lfk_arena_free(&arena);
    assert_int_equal(counter.held, 0);
}

static void copies_end_with_a_nul(void **state)
{
    (void)state;
    struct lfk_arena arena = {0};
    static const char name[] = {'a', '\0', 'b'};
    char *copy = lfk_arena_copy(&arena, name, sizeof(name));
    assert_non_null(copy);
    assert_memory_equal(copy, "a\0b", 4);
    char *empty = lfk_arena_copy(&arena, NULL, 0);
    assert_non_null(empty);
    assert_string_equal(empty, "");
    lfk_arena_free(&arena);
}

static void failure_leaves_the_arena_usable(void **state)
{
    (void)state;
    struct counter counter = {.grants = 1};
    struct lfk_allocator allocator = {&counter, count_resize};
    struct lfk_arena arena = {.allocator = &allocator};
    char *first = lfk_arena_copy(&arena, "first", 5);
    assert_non_null(first);
    assert_null(lfk_arena_alloc(&arena, 1 << 20));
    assert_null(lfk_arena_alloc(&arena, SIZE_MAX));
    assert_null(lfk_arena_copy(&arena, "x", SIZE_MAX));
    assert_non_null(lfk_arena_alloc(&arena, 100));
    assert_string_equal(first, "first");
    lfk_arena_free(&arena);
    assert_int_equal(counter.held, 0);
    lfk_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_do_not_overlap_and_do_not_move),
        cmocka_unit_test(small_pieces_share_chunks),
        cmocka_unit_test(copies_end_with_a_nul),
        cmocka_unit_test(failure_leaves_the_arena_usable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
