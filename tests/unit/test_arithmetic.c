/* SPDX-License-Identifier: MIT */
/*
 * Sums and products at the edge of what fits, and bit counts.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "util/util.h"

static void sums_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    uint32_t narrow = 7;
    assert_true(lfk_add_u32(UINT32_MAX - 1, 1, &narrow));
    assert_int_equal(narrow, UINT32_MAX);
    assert_false(lfk_add_u32(UINT32_MAX, 1, &narrow));
    assert_false(lfk_add_u32(1, UINT32_MAX, &narrow));
    assert_int_equal(narrow, UINT32_MAX);

    size_t wide = 7;
    assert_true(lfk_add_size(SIZE_MAX, 0, &wide));
    assert_int_equal(wide, SIZE_MAX);
    wide = 7;
    assert_false(lfk_add_size(SIZE_MAX / 2 + 1, SIZE_MAX / 2 + 1, &wide));
    assert_int_equal(wide, 7);
}

static void products_that_do_not_fit_are_refused(void **state)
{
    (void)state;
    size_t product = 7;
    assert_true(lfk_mul_size(SIZE_MAX, 1, &product));
    assert_int_equal(product, SIZE_MAX);
    assert_true(lfk_mul_size(0, SIZE_MAX, &product));
    assert_int_equal(product, 0);
    assert_true(lfk_mul_size(SIZE_MAX, 0, &product));
    assert_int_equal(product, 0);
    product = 7;
    assert_false(lfk_mul_size(SIZE_MAX / 2 + 1, 2, &product));
    assert_int_equal(product, 7);
}

static void bits_are_counted_in_every_position(void **state)
{
    (void)state;
    for (uint32_t bit = 0; bit < 32; bit++) {
        uint32_t power = UINT32_C(1) << bit;
        uint32_t from = UINT32_MAX << bit; /* this bit and all above */
        uint32_t to = UINT32_MAX >> (31 - bit);
        assert_int_equal(lfk_ctz(power), bit);
        assert_int_equal(lfk_ctz(from), bit);
        assert_int_equal(lfk_log2(power), bit);
        assert_int_equal(lfk_log2(to), bit);
        assert_int_equal(lfk_popcount(power), 1);
        assert_int_equal(lfk_popcount(from), 32 - bit);
        assert_int_equal(lfk_popcount(to), bit + 1);
    }
    assert_int_equal(lfk_popcount(0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_that_do_not_fit_are_refused),
        cmocka_unit_test(products_that_do_not_fit_are_refused),
        cmocka_unit_test(bits_are_counted_in_every_position),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
