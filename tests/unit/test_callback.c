/* SPDX-License-Identifier: MIT */
/*
 * A device behind functions of the caller's: each gets what a driver of flash
 * promises, reads are right whatever lies in the cache, and what a function
 * says goes on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bd/bd.h"
#include "scarce_memory.h"
#include "seed.h"
#include "told.h"

enum { BLOCK_SIZE = 256, BLOCK_COUNT = 4, READ_SIZE = 16, PROG_SIZE = 8, CACHE_SIZE = 64 };

/* The caller's flash. Each call is held against what was promised. */
struct caller {
    uint8_t bytes[BLOCK_COUNT * BLOCK_SIZE];
    struct lfk_bd_callback device;
    uint32_t reads;
    uint64_t bytes_read;
    uint32_t progs;
    uint32_t syncs;
    int status; /* what every function returns */
    bool tells; /* and says why */
};

static int answer(const struct caller *c, struct lfk_detail *detail)
{
    if (c->status != 0 && c->tells) {
        (void)lfk_fail(detail, c->status, "the cable is out");
    }
    return c->status;
}

static int on_read(void *context, uint32_t block, uint32_t offset, void *buffer, uint32_t size,
                   struct lfk_detail *detail)
{
    struct caller *c = context;
    assert_int_equal(offset % READ_SIZE, 0);
    assert_int_equal(size % READ_SIZE, 0);
    assert_in_range(size, READ_SIZE, BLOCK_SIZE - offset);
    assert_in_range(block, 0, BLOCK_COUNT - 1);
    memcpy(buffer, c->bytes + (size_t)block * BLOCK_SIZE + offset, size);
    c->reads++;
    c->bytes_read += size;
    return answer(c, detail);
}

static int on_prog(void *context, uint32_t block, uint32_t offset, const void *buffer,
                   uint32_t size, struct lfk_detail *detail)
{
    struct caller *c = context;
    assert_int_equal(offset % PROG_SIZE, 0);
    assert_int_equal(size % PROG_SIZE, 0);
    assert_in_range(size, PROG_SIZE, CACHE_SIZE);
    assert_in_range(offset + size, PROG_SIZE, BLOCK_SIZE);
    memcpy(c->bytes + (size_t)block * BLOCK_SIZE + offset, buffer, size);
    c->progs++;
    return answer(c, detail);
}

static int on_erase(void *context, uint32_t block, struct lfk_detail *detail)
{
    struct caller *c = context;
    memset(c->bytes + (size_t)block * BLOCK_SIZE, 0xff, BLOCK_SIZE);
    return answer(c, detail);
}

static int on_sync(void *context, struct lfk_detail *detail)
{
    struct caller *c = context;
    c->syncs++;
    return answer(c, detail);
}

static struct lfk_bd_calls calls_of(struct caller *c)
{
    return (struct lfk_bd_calls){
        .context = c,
        .read = on_read,
        .prog = on_prog,
        .erase = on_erase,
        .sync = on_sync,
        .read_size = READ_SIZE,
        .prog_size = PROG_SIZE,
        .cache_size = CACHE_SIZE,
    };
}

static struct lfk_bd *open_caller(struct caller *c)
{
    *c = (struct caller){.status = 0};
    for (size_t i = 0; i < sizeof(c->bytes); i++) {
        c->bytes[i] = (uint8_t)(i * 7 + i / 256);
    }
    const struct lfk_bd_calls calls = calls_of(c);
    assert_int_equal(
        lfk_bd_callback_open(&c->device, &calls, BLOCK_SIZE, BLOCK_COUNT, NULL, NULL, NULL),
        LFK_OK);
    return &c->device.bd;
}

/* Reads and compares. */
static void check_read(struct caller *c, uint32_t block, uint32_t offset, uint32_t size)
{
    uint8_t buffer[BLOCK_SIZE];
    assert_int_equal(lfk_bd_read(&c->device.bd, block, offset, buffer, size, NULL), LFK_OK);
    assert_memory_equal(buffer, c->bytes + (size_t)block * BLOCK_SIZE + offset, size);
}

static void a_small_read_takes_no_more_units_than_it_needs(void **state)
{
    (void)state;
    struct caller c;
    struct lfk_bd *bd = open_caller(&c);
    check_read(&c, 0, 17, 3);
    assert_int_equal(c.bytes_read, READ_SIZE);
    check_read(&c, 0, 30, 4); /* over the edge; what is cached counts */
    assert_int_equal(c.bytes_read, 2 * READ_SIZE);
    check_read(&c, 1, 32, 4);
    assert_int_equal(c.bytes_read, 3 * READ_SIZE);
    lfk_bd_close(bd);
}

/* Tag after tag of a log: one call for each cache, not for each tag. */
static void a_series_of_small_reads_fills_the_cache(void **state)
{
    (void)state;
    struct caller c;
    struct lfk_bd *bd = open_caller(&c);
    for (uint32_t offset = 0; offset < BLOCK_SIZE; offset += 4) {
        check_read(&c, 2, offset, 4);
    }
    assert_in_range(c.reads, 1, BLOCK_SIZE / CACHE_SIZE + 1);
    assert_in_range(c.bytes_read, BLOCK_SIZE, BLOCK_SIZE + CACHE_SIZE);
    lfk_bd_close(bd);
}

static void whole_units_are_read_in_one_call(void **state)
{
    (void)state;
    struct caller c;
    struct lfk_bd *bd = open_caller(&c);
    check_read(&c, 3, 0, BLOCK_SIZE);
    assert_int_equal(c.reads, 1);
    check_read(&c, 3, 16, 208);
    assert_int_equal(c.reads, 2);
    lfk_bd_close(bd);
}

/* What is read back after a program has to come from the device: it may not have taken it. */
static void a_change_empties_the_cache_of_its_block(void **state)
{
    (void)state;
    struct caller c;
    struct lfk_bd *bd = open_caller(&c);
    check_read(&c, 1, 4, 4);
    assert_int_equal(lfk_bd_prog(bd, 1, 0, "12345678", 8, NULL), LFK_OK);
    c.bytes[BLOCK_SIZE + 5] = 'x';
    check_read(&c, 1, 4, 4);
    assert_int_equal(lfk_bd_erase(bd, 1, NULL), LFK_OK);
    check_read(&c, 1, 4, 4);
    check_read(&c, 0, 4, 4); /* others stay in it */
    uint32_t reads = c.reads;
    assert_int_equal(lfk_bd_erase(bd, 2, NULL), LFK_OK);
    check_read(&c, 0, 4, 4);
    assert_int_equal(c.reads, reads);
    lfk_bd_close(bd);
}

static void programs_go_in_pieces_of_the_cache(void **state)
{
    (void)state;
    struct caller c;
    uint8_t data[BLOCK_SIZE - 2 * PROG_SIZE];
    struct lfk_detail detail = {0};
    struct lfk_bd *bd = open_caller(&c);
    memset(data, 0x42, sizeof(data));
    assert_int_equal(lfk_bd_prog(bd, 2, PROG_SIZE, data, sizeof(data), NULL), LFK_OK);
    assert_int_equal(c.progs, 4);
    check_read(&c, 2, 0, BLOCK_SIZE);
    assert_memory_equal(c.bytes + (size_t)2 * BLOCK_SIZE + PROG_SIZE, data, sizeof(data));

    assert_int_equal(lfk_bd_prog(bd, 2, 4, data, PROG_SIZE, &detail), LFK_ERR_INVAL);
    check_told(&detail, LFK_ERR_INVAL,
               "a program is not of whole units: block 2, offset 4: expected 8, found 8");
    assert_int_equal(lfk_bd_prog(bd, 2, 0, data, 12, &detail), LFK_ERR_INVAL);
    check_told(&detail, LFK_ERR_INVAL,
               "a program is not of whole units: block 2, offset 0: expected 8, found 12");
    assert_int_equal(c.progs, 4);
    lfk_bd_close(bd);
}

/* Each kind of call, all with what the functions return. */
static void check_calls(struct caller *c, int expected, const char *lines[4])
{
    uint8_t buffer[16] = {0};
    struct lfk_bd *bd = &c->device.bd;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_bd_read(bd, 3, 1, buffer, 1, &detail), expected);
    check_told(&detail, expected, lines[0]);
    assert_int_equal(lfk_bd_prog(bd, 3, 0, buffer, PROG_SIZE, &detail), expected);
    check_told(&detail, expected, lines[1]);
    assert_int_equal(lfk_bd_erase(bd, 3, &detail), expected);
    check_told(&detail, expected, lines[2]);
    assert_int_equal(lfk_bd_sync(bd, &detail), expected);
    check_told(&detail, expected, lines[3]);
}

static void what_a_function_returns_goes_on(void **state)
{
    (void)state;
    static const char *silent[] = {
        "the device failed to read: block 3", "the device failed to program: block 3",
        "the device failed to erase: block 3", "the device failed to sync"};
    static const char *telling[] = {"the cable is out: block 3", "the cable is out: block 3",
                                    "the cable is out: block 3", "the cable is out"};
    struct caller c;
    uint8_t buffer[3];
    struct lfk_bd *bd = open_caller(&c);
    c.status = LFK_ERR_CORRUPT;
    check_calls(&c, LFK_ERR_CORRUPT, silent);
    c.status = -12345;
    check_calls(&c, -12345, silent);
    c.status = 1; /* is no success */
    check_calls(&c, LFK_ERR_IO, silent);
    c.status = LFK_ERR_NOMEM;
    c.tells = true;
    check_calls(&c, LFK_ERR_NOMEM, telling);
    c.status = 0; /* what failed was not kept */
    check_read(&c, 3, 0, 40);
    check_read(&c, 0, 5, 3);
    c.status = LFK_ERR_IO;
    assert_int_equal(lfk_bd_read(bd, 1, 5, buffer, 3, NULL), LFK_ERR_IO);
    c.status = 0;
    check_read(&c, 0, 5, 3);
    check_read(&c, 1, 5, 3);
    lfk_bd_close(bd);
}

static void without_prog_the_device_is_only_read(void **state)
{
    (void)state;
    struct caller c;
    struct lfk_detail detail = {0};
    lfk_bd_close(open_caller(&c));
    struct lfk_bd_calls calls = calls_of(&c);
    uint8_t cache[CACHE_SIZE];
    calls.prog = NULL;
    assert_int_equal(
        lfk_bd_callback_open(&c.device, &calls, BLOCK_SIZE, BLOCK_COUNT, cache, NULL, NULL),
        LFK_OK);
    check_read(&c, 0, 3, 5);
    assert_int_equal(lfk_bd_prog(&c.device.bd, 0, 0, cache, PROG_SIZE, &detail), LFK_ERR_INVAL);
    check_told(&detail, LFK_ERR_INVAL, "the device is only read");
    assert_int_equal(lfk_bd_erase(&c.device.bd, 0, NULL), LFK_ERR_INVAL);
    assert_int_equal(lfk_bd_sync(&c.device.bd, NULL), LFK_ERR_INVAL);
    assert_int_equal(c.syncs, 0);
    lfk_bd_close(&c.device.bd); /* the cache is the caller's */
}

static void without_memory_there_is_no_device(void **state)
{
    (void)state;
    struct caller c;
    struct scarce_memory memory;
    struct lfk_detail detail = {0};
    const struct lfk_bd_calls calls = calls_of(&c);
    scarce_memory_start(&memory, 0);
    assert_int_equal(lfk_bd_callback_open(&c.device, &calls, BLOCK_SIZE, BLOCK_COUNT, NULL,
                                          &memory.allocator, &detail),
                     LFK_ERR_NOMEM);
    check_told(&detail, LFK_ERR_NOMEM, "out of memory");
    lfk_bd_close(&c.device.bd);
}

static void random_reads_between_changes_are_right(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.callback");
    struct caller c;
    struct lfk_bd *bd = open_caller(&c);
    uint32_t block = 0;
    uint32_t offset = 0;
    for (int i = 0; i < 50000; i++) {
        if (seed_below(&seed, 3) == 0 || offset == BLOCK_SIZE) {
            block = seed_below(&seed, BLOCK_COUNT);
            offset = seed_below(&seed, BLOCK_SIZE);
        } /* else it goes on where it was */
        uint32_t size = seed_below(&seed, seed_below(&seed, 2) ? 9 : BLOCK_SIZE - offset + 1);
        size = lfk_min(size, BLOCK_SIZE - offset);
        check_read(&c, block, offset, size);
        offset += size;
        if (seed_below(&seed, 20) == 0) {
            uint8_t data[CACHE_SIZE];
            seed_fill(&seed, data, sizeof(data));
            uint32_t at = seed_below(&seed, (BLOCK_SIZE - CACHE_SIZE) / PROG_SIZE) * PROG_SIZE;
            assert_int_equal(lfk_bd_prog(bd, block, at, data, sizeof(data), NULL), LFK_OK);
        }
    }
    lfk_bd_close(bd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_read_takes_no_more_units_than_it_needs),
        cmocka_unit_test(a_series_of_small_reads_fills_the_cache),
        cmocka_unit_test(whole_units_are_read_in_one_call),
        cmocka_unit_test(a_change_empties_the_cache_of_its_block),
        cmocka_unit_test(programs_go_in_pieces_of_the_cache),
        cmocka_unit_test(what_a_function_returns_goes_on),
        cmocka_unit_test(without_prog_the_device_is_only_read),
        cmocka_unit_test(without_memory_there_is_no_device),
        cmocka_unit_test(random_reads_between_changes_are_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
