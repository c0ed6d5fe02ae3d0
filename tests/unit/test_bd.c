/* SPDX-License-Identifier: MIT */
/*
 * Block devices over memory: what lies where, what follows the end of a short
 * image, and that nothing outside is ever read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bd/bd.h"
#include "flawed_device.h"
#include "told.h"

#define BLOCK_SIZE 16u

static const char bytes[] = "0123456789abcdefghijklmnopqrstuvwxyzABCD"; /* two blocks and a half */

static struct lfk_bd_memory open_bytes(void)
{
    struct lfk_bd_memory memory;
    lfk_bd_memory_open(&memory, bytes, sizeof(bytes) - 1);
    assert_int_equal(lfk_bd_shape(&memory.bd, BLOCK_SIZE, NULL), LFK_OK);
    return memory;
}

static void a_part_of_a_block_counts_as_one(void **state)
{
    (void)state;
    static const struct {
        uint64_t size;
        uint32_t block_size;
        uint32_t blocks;
    } cases[] = {{0, 16, 0},  {1, 16, 1},      {16, 16, 1},
                 {17, 16, 2}, {5000, 384, 14}, {UINT64_C(0xfffffffe) * 128, 128, 0xfffffffe}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lfk_bd_memory memory;
        lfk_bd_memory_open(&memory, NULL, cases[i].size);
        assert_int_equal(memory.bd.block_count, 0);
        assert_int_equal(lfk_bd_shape(&memory.bd, cases[i].block_size, NULL), LFK_OK);
        assert_int_equal(memory.bd.block_count, cases[i].blocks);
        assert_int_equal(memory.bd.block_size, cases[i].block_size);
    }
}

/* The two highest numbers are not those of blocks. */
static void blocks_that_cannot_be_counted_are_refused(void **state)
{
    (void)state;
    struct lfk_bd_memory memory;
    struct lfk_detail detail = {0};
    lfk_bd_memory_open(&memory, NULL, UINT64_C(0xfffffffe) * 128 + 1);
    assert_int_equal(lfk_bd_shape(&memory.bd, 256, NULL), LFK_OK);
    assert_int_equal(lfk_bd_shape(&memory.bd, 128, &detail), LFK_ERR_FBIG);
    check_told(&detail, LFK_ERR_FBIG,
               "the image has too many blocks of this size (block_size): "
               "expected 4294967294, found 4294967295");
    assert_int_equal(memory.bd.block_size, 256);
    assert_int_equal(memory.bd.block_count, UINT32_C(0x7fffffff) + 1);
}

static void blocks_hold_the_bytes_in_their_order(void **state)
{
    (void)state;
    struct lfk_bd_memory memory = open_bytes();
    char buffer[BLOCK_SIZE];
    for (uint32_t at = 0; at < 2 * BLOCK_SIZE; at++) {
        uint32_t size = BLOCK_SIZE - at % BLOCK_SIZE;
        assert_int_equal(
            lfk_bd_read(&memory.bd, at / BLOCK_SIZE, at % BLOCK_SIZE, buffer, size, NULL), LFK_OK);
        assert_memory_equal(buffer, bytes + at, size);
    }
    assert_ptr_equal(lfk_bd_map(&memory.bd, 0), bytes);
    assert_ptr_equal(lfk_bd_map(&memory.bd, 1), bytes + BLOCK_SIZE);
}

/* An image may stop where its last used byte is: the rest of the flash is erased. */
static void what_follows_the_end_is_erased(void **state)
{
    (void)state;
    struct lfk_bd_memory memory = open_bytes();
    uint8_t buffer[BLOCK_SIZE];
    assert_int_equal(memory.bd.block_count, 3);
    for (uint32_t offset = 0; offset <= BLOCK_SIZE; offset++) {
        uint32_t size = BLOCK_SIZE - offset;
        assert_int_equal(lfk_bd_read(&memory.bd, 2, offset, buffer, size, NULL), LFK_OK);
        for (uint32_t i = 0; i < size; i++) {
            uint32_t at = 2 * BLOCK_SIZE + offset + i;
            assert_int_equal(buffer[i], at < sizeof(bytes) - 1 ? bytes[at] : 0xff);
        }
    }
    /* There is no whole block to give out. */
    assert_null(lfk_bd_map(&memory.bd, 2));
}

static void check_read_refused(uint32_t block, uint32_t offset, uint32_t size, const char *line)
{
    struct lfk_bd_memory memory = open_bytes();
    struct lfk_detail detail = {0};
    uint8_t buffer[1] = {42};
    assert_int_equal(lfk_bd_read(&memory.bd, block, offset, buffer, size, &detail),
                     LFK_ERR_CORRUPT);
    check_told(&detail, LFK_ERR_CORRUPT, line);
    assert_int_equal(buffer[0], 42);
}

/* Numbers come from images. */
static void nothing_outside_a_block_is_read(void **state)
{
    (void)state;
    check_read_refused(3, 0, 1,
                       "a block number is not below the number of blocks in the image (block): "
                       "expected 3, found 3");
    check_read_refused(UINT32_MAX, 0, 1,
                       "a block number is not below the number of blocks in the image (block): "
                       "expected 3, found 4294967295");
    check_read_refused(0, 15, 2,
                       "an access passes the end of its block: block 0, offset 15: "
                       "expected 16, found 17");
    check_read_refused(2, 17, 0,
                       "an access passes the end of its block: block 2, offset 17: "
                       "expected 16, found 17");
    check_read_refused(0, 1, UINT32_MAX,
                       "an access passes the end of its block: block 0, offset 1: "
                       "expected 16, found 4294967296");
    check_read_refused(0, UINT32_MAX, 1,
                       "an access passes the end of its block: block 0, offset 4294967295: "
                       "expected 16, found 4294967296");
    struct lfk_bd_memory memory = open_bytes();
    assert_null(lfk_bd_map(&memory.bd, 3));
    assert_null(lfk_bd_map(&memory.bd, UINT32_MAX));
}

static void a_device_need_not_be_memory(void **state)
{
    (void)state;
    struct flawed_device device;
    flawed_open(&device, bytes, BLOCK_SIZE, 2);
    char buffer[BLOCK_SIZE];
    assert_null(lfk_bd_map(&device.bd, 0));
    assert_int_equal(lfk_bd_read(&device.bd, 1, 0, buffer, BLOCK_SIZE, NULL), LFK_OK);
    assert_memory_equal(buffer, bytes + BLOCK_SIZE, BLOCK_SIZE);
    device.bad_block = 1;
    device.status = LFK_ERR_IO;
    assert_int_equal(lfk_bd_read(&device.bd, 1, 0, buffer, 1, NULL), LFK_ERR_IO);
}

/* An image that is only looked at. */
static void a_device_that_is_only_read_is_not_changed(void **state)
{
    (void)state;
    struct lfk_bd_memory memory = open_bytes();
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_bd_prog(&memory.bd, 0, 0, "x", 1, &detail), LFK_ERR_INVAL);
    check_told(&detail, LFK_ERR_INVAL, "the device is only read");
    assert_int_equal(lfk_bd_erase(&memory.bd, 0, NULL), LFK_ERR_INVAL);
    assert_int_equal(lfk_bd_sync(&memory.bd, NULL), LFK_ERR_INVAL);
}

static void a_closed_device_has_no_blocks(void **state)
{
    (void)state;
    struct lfk_bd_memory memory = open_bytes();
    char byte;
    lfk_bd_close(&memory.bd);
    assert_int_equal(lfk_bd_read(&memory.bd, 0, 0, &byte, 1, NULL), LFK_ERR_CORRUPT);
    assert_null(lfk_bd_map(&memory.bd, 0));
    lfk_bd_close(&memory.bd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_of_a_block_counts_as_one),
        cmocka_unit_test(blocks_that_cannot_be_counted_are_refused),
        cmocka_unit_test(blocks_hold_the_bytes_in_their_order),
        cmocka_unit_test(what_follows_the_end_is_erased),
        cmocka_unit_test(nothing_outside_a_block_is_read),
        cmocka_unit_test(a_device_need_not_be_memory),
        cmocka_unit_test(a_device_that_is_only_read_is_not_changed),
        cmocka_unit_test(a_closed_device_has_no_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
