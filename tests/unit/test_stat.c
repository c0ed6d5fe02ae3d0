/* SPDX-License-Identifier: MIT */
/*
 * The device that counts: each call and byte once, failures included, and what
 * is asked for reaches the device below unchanged.
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

enum { BLOCK_SIZE = 16, BLOCK_COUNT = 2 };

static void each_call_and_byte_is_counted_and_passed_on(void **state)
{
    (void)state;
    uint8_t bytes[BLOCK_COUNT * BLOCK_SIZE] = {0};
    char buffer[BLOCK_SIZE];
    struct lfk_bd_ram ram;
    struct lfk_bd_stat stat;
    lfk_bd_ram_open(&ram, bytes, BLOCK_SIZE, BLOCK_COUNT);
    lfk_bd_stat_open(&stat, &ram.bd);
    assert_int_equal(stat.bd.block_size, BLOCK_SIZE);
    assert_int_equal(stat.bd.block_count, BLOCK_COUNT);

    assert_int_equal(lfk_bd_erase(&stat.bd, 1, NULL), LFK_OK);
    assert_int_equal(lfk_bd_prog(&stat.bd, 1, 8, "abcdef", 6, NULL), LFK_OK);
    assert_int_equal(lfk_bd_prog(&stat.bd, 0, 0, "g", 1, NULL), LFK_OK);
    assert_int_equal(lfk_bd_sync(&stat.bd, NULL), LFK_OK);
    assert_int_equal(lfk_bd_read(&stat.bd, 1, 7, buffer, 5, NULL), LFK_OK);
    assert_memory_equal(buffer,
                        "\xff"
                        "abcd",
                        5);
    assert_int_equal(bytes[0], 'g');
    assert_int_equal(stat.erases, 1);
    assert_int_equal(stat.progs, 2);
    assert_int_equal(stat.bytes_programmed, 7);
    assert_int_equal(stat.syncs, 1);
    assert_int_equal(stat.reads, 1);
    assert_int_equal(stat.bytes_read, 5);

    lfk_bd_close(&stat.bd);
    assert_int_equal(lfk_bd_read(&ram.bd, 0, 0, buffer, 1, NULL), LFK_OK);
    assert_int_equal(buffer[0], 'g'); /* the one below is open still */
}

/* A map would be a read that nobody counts. */
static void nothing_is_mapped_though_it_could_be(void **state)
{
    (void)state;
    static const uint8_t bytes[BLOCK_COUNT * BLOCK_SIZE];
    struct lfk_bd_memory memory;
    struct lfk_bd_stat stat;
    lfk_bd_memory_open(&memory, bytes, sizeof(bytes));
    assert_int_equal(lfk_bd_shape(&memory.bd, BLOCK_SIZE, NULL), LFK_OK);
    assert_non_null(lfk_bd_map(&memory.bd, 0));
    lfk_bd_stat_open(&stat, &memory.bd);
    assert_null(lfk_bd_map(&stat.bd, 0));
}

static void failures_come_from_below_and_count(void **state)
{
    (void)state;
    static const uint8_t bytes[BLOCK_COUNT * BLOCK_SIZE];
    struct flawed_device device;
    struct lfk_bd_stat stat;
    struct lfk_detail detail = {0};
    uint8_t buffer[1];
    flawed_open(&device, bytes, BLOCK_SIZE, BLOCK_COUNT);
    device.bad_block = 1;
    device.status = LFK_ERR_IO;
    lfk_bd_stat_open(&stat, &device.bd);
    assert_int_equal(lfk_bd_read(&stat.bd, 1, 0, buffer, 1, &detail), LFK_ERR_IO);
    check_told(&detail, LFK_ERR_IO, "the device cannot read: block 1");
    assert_int_equal(stat.reads, 1);
    /* The one below is only read; and what is outside is never asked for. */
    assert_int_equal(lfk_bd_prog(&stat.bd, 0, 0, "x", 1, NULL), LFK_ERR_INVAL);
    assert_int_equal(lfk_bd_read(&stat.bd, 2, 0, buffer, 1, NULL), LFK_ERR_CORRUPT);
    assert_int_equal(stat.progs, 1);
    assert_int_equal(stat.reads, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_call_and_byte_is_counted_and_passed_on),
        cmocka_unit_test(nothing_is_mapped_though_it_could_be),
        cmocka_unit_test(failures_come_from_below_and_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
