/* SPDX-License-Identifier: MIT */
/*
 * Flash in memory: what was programmed is there, an erase leaves ones in its
 * block alone, and nothing outside is ever touched.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bd/bd.h"
#include "told.h"

enum { BLOCK_SIZE = 16, BLOCK_COUNT = 3 };

static void programs_and_erases_change_their_block_alone(void **state)
{
    (void)state;
    static const uint8_t word[] = {'f', 'l', 'a', 's', 'h'};
    uint8_t bytes[BLOCK_COUNT * BLOCK_SIZE];
    uint8_t expected[sizeof(bytes)];
    uint8_t buffer[BLOCK_SIZE];
    struct lfk_bd_ram ram;
    memset(bytes, 0x5a, sizeof(bytes));
    memset(expected, 0x5a, sizeof(expected));
    lfk_bd_ram_open(&ram, bytes, BLOCK_SIZE, BLOCK_COUNT);
    assert_memory_equal(bytes, expected, sizeof(bytes)); /* what is there stays */

    assert_int_equal(lfk_bd_erase(&ram.bd, 1, NULL), LFK_OK);
    memset(expected + BLOCK_SIZE, 0xff, BLOCK_SIZE);
    assert_memory_equal(bytes, expected, sizeof(bytes));

    assert_int_equal(lfk_bd_prog(&ram.bd, 1, 4, word, sizeof(word), NULL), LFK_OK);
    assert_int_equal(lfk_bd_sync(&ram.bd, NULL), LFK_OK);
    memcpy(expected + BLOCK_SIZE + 4, word, sizeof(word));
    assert_memory_equal(bytes, expected, sizeof(bytes));
    assert_int_equal(lfk_bd_read(&ram.bd, 1, 0, buffer, BLOCK_SIZE, NULL), LFK_OK);
    assert_memory_equal(buffer, expected + BLOCK_SIZE, BLOCK_SIZE);
    lfk_bd_close(&ram.bd);
    assert_memory_equal(bytes, expected, sizeof(bytes)); /* they are the caller's */
}

/* A reader that maps would keep pointers to what is about to change. */
static void nothing_is_mapped(void **state)
{
    (void)state;
    uint8_t bytes[BLOCK_COUNT * BLOCK_SIZE];
    struct lfk_bd_ram ram;
    lfk_bd_ram_open(&ram, bytes, BLOCK_SIZE, BLOCK_COUNT);
    assert_null(lfk_bd_map(&ram.bd, 0));
}

static void check_refused(int result, const struct lfk_detail *detail, const char *line)
{
    assert_int_equal(result, LFK_ERR_CORRUPT);
    check_told(detail, LFK_ERR_CORRUPT, line);
}

static void nothing_outside_a_block_is_changed(void **state)
{
    (void)state;
    uint8_t bytes[(BLOCK_COUNT + 1) * BLOCK_SIZE] = {0};
    uint8_t before[sizeof(bytes)] = {0};
    struct lfk_bd_ram ram;
    struct lfk_detail detail = {0};
    lfk_bd_ram_open(&ram, bytes, BLOCK_SIZE, BLOCK_COUNT);
    struct lfk_bd *bd = &ram.bd;
    check_refused(lfk_bd_prog(bd, 3, 0, "x", 1, &detail), &detail,
                  "a block number is not below the number of blocks in the image (block): "
                  "expected 3, found 3");
    check_refused(lfk_bd_prog(bd, 0, 15, "xy", 2, &detail), &detail,
                  "an access passes the end of its block: block 0, offset 15: "
                  "expected 16, found 17");
    check_refused(lfk_bd_prog(bd, 2, UINT32_MAX, "xy", 2, &detail), &detail,
                  "an access passes the end of its block: block 2, offset 4294967295: "
                  "expected 16, found 4294967297");
    check_refused(lfk_bd_erase(bd, LFK_BLOCK_NULL, &detail), &detail,
                  "a block number is not below the number of blocks in the image (block): "
                  "expected 3, found 4294967295");
    assert_memory_equal(bytes, before, sizeof(bytes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(programs_and_erases_change_their_block_alone),
        cmocka_unit_test(nothing_is_mapped),
        cmocka_unit_test(nothing_outside_a_block_is_changed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
