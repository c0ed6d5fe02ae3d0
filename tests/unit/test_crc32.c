/* SPDX-License-Identifier: MIT */
/*
 * CRC-32 against a bit at a time, over every way an input can lie in memory
 * and be cut; and the values every littlefs agrees on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "seed.h"
#include "util/util.h"

#define LENGTH_MAX 300u
#define ALIGNMENTS 16u

static uint32_t bitwise(uint32_t crc, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (crc & 1 ? UINT32_C(0xedb88320) : 0);
        }
    }
    return crc;
}

static void agrees_with_published_values(void **state)
{
    (void)state;
    assert_int_equal(lfk_crc32(LFK_CRC_INIT, "123456789", 9), 0x340bc6d9);
    assert_int_equal(lfk_crc32(LFK_CRC_INIT, "a", 1), 0x174841bc);
    assert_int_equal(lfk_crc32(LFK_CRC_INIT, NULL, 0), 0xffffffff);
}

static void agrees_on_erased_bytes(void **state)
{
    (void)state;
    static const struct {
        size_t size;
        uint32_t ones;
        uint32_t zeros;
    } cases[] = {
        {1, 0x00ffffff, 0x2dfd1072},   {4, 0x00000000, 0xdebb20e3},
        {8, 0xdebb20e3, 0x9add2096},   {16, 0xc04c39e5, 0x1344b4aa},
        {32, 0x009354f4, 0xe6f5aa52},  {64, 0xf09e7845, 0x8a729cc9},
        {128, 0x9ad2abb3, 0x3d570562}, {256, 0x015757de, 0xf2697aa7},
        {512, 0x42843c60, 0x4d558a87}, {4096, 0x0eab98f5, 0x38e3ffee},
    };
    uint8_t bytes[4096];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        memset(bytes, 0xff, sizeof(bytes));
        assert_int_equal(lfk_crc32(LFK_CRC_INIT, bytes, cases[i].size), cases[i].ones);
        memset(bytes, 0, sizeof(bytes));
        assert_int_equal(lfk_crc32(LFK_CRC_INIT, bytes, cases[i].size), cases[i].zeros);
    }
}

static void agrees_bit_by_bit_at_every_length_and_alignment(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.crc32");
    uint8_t bytes[LENGTH_MAX + ALIGNMENTS];
    seed_fill(&seed, bytes, sizeof(bytes));
    for (size_t size = 0; size <= LENGTH_MAX; size++) {
        for (size_t start = 0; start < ALIGNMENTS; start++) {
            uint32_t crc = seed_next(&seed);
            assert_int_equal(lfk_crc32(crc, bytes + start, size),
                             bitwise(crc, bytes + start, size));
        }
    }
}

/* Pieces below 64 bytes always go through the tables, the whole through the folding if it can. */
static void does_not_depend_on_how_the_input_is_cut(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.crc32");
    static uint8_t bytes[1 << 16];
    seed_fill(&seed, bytes, sizeof(bytes));
    for (int round = 0; round < 50; round++) {
        uint32_t size = seed_below(&seed, sizeof(bytes));
        uint32_t crc = seed_next(&seed);
        uint32_t whole = lfk_crc32(crc, bytes, size);
        uint32_t at = 0;
        while (at < size) {
            uint32_t piece = lfk_min(seed_below(&seed, 63) + 1, size - at);
            crc = lfk_crc32(crc, bytes + at, piece);
            at += piece;
        }
        assert_int_equal(crc, whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_published_values),
        cmocka_unit_test(agrees_on_erased_bytes),
        cmocka_unit_test(agrees_bit_by_bit_at_every_length_and_alignment),
        cmocka_unit_test(does_not_depend_on_how_the_input_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
