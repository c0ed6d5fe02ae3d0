/* SPDX-License-Identifier: MIT */
/*
 * Global state: what its bits say, and that deltas cancel.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "disk/disk.h"

/* Orphans and a pending move of id 3 in the pair {16, 17}: 0xcff00c00. */
static const uint8_t pending[LFK_GSTATE_SIZE] = {0x00, 0x0c, 0xf0, 0xcf, 16, 0, 0, 0, 17, 0, 0, 0};

static void bits_say_orphans_move_and_its_source(void **state)
{
    (void)state;
    struct lfk_gstate s;
    lfk_gstate_decode(&s, pending);
    assert_true(lfk_gstate_has_orphans(&s));
    assert_true(lfk_gstate_has_move(&s));
    assert_int_equal(lfk_gstate_move_id(&s), 3);
    assert_true(lfk_pair_same(s.pair, ((struct lfk_pair){{17, 16}})));

    s.word = UINT32_C(0x80000000);
    assert_true(lfk_gstate_has_orphans(&s));
    assert_false(lfk_gstate_has_move(&s));
    s.word = UINT32_C(0x4ff00400);
    assert_false(lfk_gstate_has_orphans(&s));
    assert_true(lfk_gstate_has_move(&s));
    assert_int_equal(lfk_gstate_move_id(&s), 1);
}

static void reserved_bits_are_ignored_and_never_written(void **state)
{
    (void)state;
    uint8_t bytes[LFK_GSTATE_SIZE];
    memcpy(bytes, pending, sizeof(bytes));
    bytes[0] = 0xff;
    bytes[1] |= 0x03;
    struct lfk_gstate s;
    lfk_gstate_decode(&s, bytes);
    assert_int_equal(s.word, 0xcff00c00);
    s.word |= 0x3ff;
    lfk_gstate_encode(&s, bytes);
    assert_memory_equal(bytes, pending, sizeof(bytes));
}

static void deltas_cancel_to_zero(void **state)
{
    (void)state;
    struct lfk_gstate sum = {0};
    struct lfk_gstate delta;
    lfk_gstate_decode(&delta, pending);
    lfk_gstate_xor(&sum, &delta);
    assert_true(lfk_gstate_has_move(&sum));
    lfk_gstate_xor(&sum, &delta);
    assert_int_equal(sum.word, 0);
    assert_int_equal(sum.pair.block[0], 0);
    assert_int_equal(sum.pair.block[1], 0);
}

static void what_is_set_reads_back_and_is_cleared_to_zero(void **state)
{
    (void)state;
    const struct lfk_pair pair = {{16, 17}};
    struct lfk_gstate s = {0};
    uint8_t bytes[LFK_GSTATE_SIZE];
    assert_true(lfk_gstate_is_zero(&s));
    lfk_gstate_set_move(&s, pair, 3);
    assert_false(lfk_gstate_has_orphans(&s));
    lfk_gstate_set_orphans(&s, true);
    lfk_gstate_encode(&s, bytes);
    assert_memory_equal(bytes, pending, sizeof(bytes));

    /* Each leaves the other alone. */
    lfk_gstate_set_orphans(&s, false);
    assert_true(lfk_gstate_has_move(&s));
    assert_int_equal(lfk_gstate_move_id(&s), 3);
    lfk_gstate_set_orphans(&s, true);
    lfk_gstate_set_move(&s, ((struct lfk_pair){{1, 0}}), 254); /* in the place of the other */
    assert_true(lfk_gstate_has_orphans(&s));
    assert_int_equal(lfk_gstate_move_id(&s), 254);
    assert_true(lfk_pair_same(s.pair, LFK_PAIR_ROOT));
    lfk_gstate_clear_move(&s);
    assert_true(lfk_gstate_has_orphans(&s));
    assert_false(lfk_gstate_has_move(&s));
    assert_false(lfk_gstate_is_zero(&s));
    lfk_gstate_set_orphans(&s, false);
    assert_true(lfk_gstate_is_zero(&s));
}

/* A sum that is not zero is a state, though its first word be. */
static void a_pair_alone_is_not_zero(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct lfk_gstate s = {0};
        s.pair.block[i] = 1;
        assert_false(lfk_gstate_is_zero(&s));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bits_say_orphans_move_and_its_source),
        cmocka_unit_test(reserved_bits_are_ignored_and_never_written),
        cmocka_unit_test(deltas_cancel_to_zero),
        cmocka_unit_test(what_is_set_reads_back_and_is_cleared_to_zero),
        cmocka_unit_test(a_pair_alone_is_not_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
