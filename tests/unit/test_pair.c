/* SPDX-License-Identifier: MIT */
/*
 * Metadata pair pointers: their order means nothing, anywhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "disk/disk.h"

static struct lfk_pair pair(uint32_t a, uint32_t b)
{
    return (struct lfk_pair){{a, b}};
}

static void order_means_nothing(void **state)
{
    (void)state;
    assert_true(lfk_pair_same(pair(3, 4), pair(3, 4)));
    assert_true(lfk_pair_same(pair(3, 4), pair(4, 3)));
    assert_false(lfk_pair_same(pair(3, 4), pair(3, 5)));
    assert_false(lfk_pair_same(pair(3, 3), pair(3, 4)));
}

static void one_common_block_makes_related(void **state)
{
    (void)state;
    assert_true(lfk_pair_related(pair(3, 4), pair(3, 9)));
    assert_true(lfk_pair_related(pair(3, 4), pair(9, 3)));
    assert_true(lfk_pair_related(pair(3, 4), pair(4, 9)));
    assert_true(lfk_pair_related(pair(3, 4), pair(9, 4)));
    assert_false(lfk_pair_related(pair(3, 4), pair(5, 6)));
}

static void either_null_block_makes_a_null_pair(void **state)
{
    (void)state;
    assert_true(lfk_pair_is_null(LFK_PAIR_NULL));
    assert_true(lfk_pair_is_null(pair(LFK_BLOCK_NULL, 1)));
    assert_true(lfk_pair_is_null(pair(1, LFK_BLOCK_NULL)));
    assert_false(lfk_pair_is_null(LFK_PAIR_ROOT));
}

static void stored_little_endian_in_the_order_given(void **state)
{
    (void)state;
    uint8_t bytes[8];
    lfk_pair_encode(pair(0x01020304, 0xa0b0c0d0), bytes);
    assert_memory_equal(bytes, "\x04\x03\x02\x01\xd0\xc0\xb0\xa0", 8);
    struct lfk_pair p = lfk_pair_decode(bytes);
    assert_int_equal(p.block[0], 0x01020304);
    assert_int_equal(p.block[1], 0xa0b0c0d0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_means_nothing),
        cmocka_unit_test(one_common_block_makes_related),
        cmocka_unit_test(either_null_block_makes_a_null_pair),
        cmocka_unit_test(stored_little_endian_in_the_order_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
