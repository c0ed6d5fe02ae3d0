/* SPDX-License-Identifier: MIT */
/*
 * The allocator: the caller's is used for everything, sizes that wrap are
 * refused, and a failed growth loses nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "util/util.h"

/* Counts what is held, and fails when there are no more grants. */
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
    counter->held += memory ? 0 : 1;
    return realloc(memory, size);
}

static void everything_goes_through_the_callers_allocator(void **state)
{
    (void)state;
    struct counter counter = {.grants = 3};
    struct lfk_allocator allocator = {&counter, count_resize};
    uint8_t *a = lfk_alloc(&allocator, 100);
    uint8_t *b = lfk_alloc_zeroed(&allocator, 10, 10);
    assert_non_null(a);
    assert_non_null(b);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(b[i], 0);
    }
    a = lfk_resize(&allocator, a, 200);
    assert_non_null(a);
    assert_int_equal(counter.held, 2);
    assert_null(lfk_alloc(&allocator, 1));
    assert_null(lfk_alloc_zeroed(&allocator, 1, 1));
    lfk_free(&allocator, a);
    lfk_free(&allocator, b);
    lfk_free(&allocator, NULL);
    assert_int_equal(counter.held, 0);
}

static void zero_bytes_are_not_a_failure(void **state)
{
    (void)state;
    struct counter counter = {.grants = 9};
    struct lfk_allocator allocator = {&counter, count_resize};
    void *a = lfk_alloc(NULL, 0);
    void *b = lfk_alloc_zeroed(NULL, 0, 8);
    void *c = lfk_alloc(&allocator, 0);
    assert_non_null(a);
    assert_non_null(b);
    assert_non_null(c);
    lfk_free(NULL, a);
    lfk_free(NULL, b);
    lfk_free(&allocator, c);
}

static void sizes_that_wrap_are_refused(void **state)
{
    (void)state;
    struct counter counter = {.grants = 9};
    struct lfk_allocator allocator = {&counter, count_resize};
    assert_null(lfk_alloc_zeroed(&allocator, SIZE_MAX / 2 + 1, 2));
    void *items = NULL;
    size_t room = 0;
    assert_int_equal(lfk_grow(&allocator, &items, &room, SIZE_MAX / 4 + 1, 4), LFK_ERR_NOMEM);
    assert_int_equal(lfk_grow(&allocator, &items, &room, SIZE_MAX, 1 << 4), LFK_ERR_NOMEM);
    assert_null(items);
    assert_int_equal(counter.grants, 9);
}

static void growth_is_geometric_and_keeps_the_items(void **state)
{
    (void)state;
    struct counter counter = {.grants = 12};
    struct lfk_allocator allocator = {&counter, count_resize};
    void *items = NULL;
    size_t room = 0;
    for (size_t i = 0; i < 10000; i++) {
        assert_int_equal(lfk_grow(&allocator, &items, &room, i + 1, sizeof(size_t)), LFK_OK);
        ((size_t *)items)[i] = i;
    }
    for (size_t i = 0; i < 10000; i++) {
        assert_int_equal(((size_t *)items)[i], i);
    }
    lfk_free(&allocator, items);
}

static void failed_growth_leaves_the_array_alone(void **state)
{
    (void)state;
    struct counter counter = {.grants = 1};
    struct lfk_allocator allocator = {&counter, count_resize};
    void *items = NULL;
    size_t room = 0;
    assert_int_equal(lfk_grow(&allocator, &items, &room, 100, 1), LFK_OK);
    void *before = items;
    assert_int_equal(lfk_grow(&allocator, &items, &room, 101, 1), LFK_ERR_NOMEM);
    assert_ptr_equal(items, before);
    assert_int_equal(room, 100);
    lfk_free(&allocator, items);
    assert_int_equal(counter.held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_goes_through_the_callers_allocator),
        cmocka_unit_test(zero_bytes_are_not_a_failure),
        cmocka_unit_test(sizes_that_wrap_are_refused),
        cmocka_unit_test(growth_is_geometric_and_keeps_the_items),
        cmocka_unit_test(failed_growth_leaves_the_array_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
