/* SPDX-License-Identifier: MIT */
/*
 * A program that goes on after an error: a write to an open file fails at each
 * call of the device, is made again on the same handle, and is then whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "history.h"

/* A write to a file that has blocks before, under and behind it. */
#define FILE_SIZE 3000u
#define POSITION 900u
#define WRITTEN 1200u

struct trial {
    const struct geometry *geometry;
    struct lfk_fs_writing writing;
    struct flash flash;
    struct lfk_fs fs;
    struct lfk_fs_file file;
    uint8_t old[FILE_SIZE];
    uint8_t meant[FILE_SIZE];
    uint64_t faults;
};

static const struct geometry geometries[] = {
    {256, 64, 16, 64, -1, 0xff, LFK_DISK_2_1},
    {256, 64, 128, 128, 2, 0x00, LFK_DISK_2_1},
    {512, 48, 1, 512, -1, FLASH_ERASE_KEEPS, LFK_DISK_2_0},
};

static void open_file(struct trial *t)
{
    struct lfk_fs_entry entry;
    assert_int_equal(lfk_fs_lookup(&t->fs, "/file", &entry, NULL), LFK_OK);
    assert_int_equal(lfk_fs_file_open(&t->fs, &entry, &t->file, NULL), LFK_OK);
}

static void start(struct trial *t)
{
    struct lfk_fs_place place;
    struct lfk_fs_entry entry;
    struct seed seed = {1};
    seed_fill(&seed, t->old, FILE_SIZE);
    memcpy(t->meant, t->old, FILE_SIZE);
    seed_fill(&seed, t->meant + POSITION, WRITTEN);
    geometry_open(t->geometry, &t->flash);
    struct lfk_fs_options options = geometry_options(t->geometry, &t->writing);
    assert_int_equal(lfk_fs_format(&t->flash.bd, &options, NULL), LFK_OK);
    assert_int_equal(lfk_fs_mount(&t->fs, &t->flash.bd, &options, NULL), LFK_OK);
    assert_int_equal(lfk_fs_prepare(&t->fs, NULL), LFK_OK);
    assert_int_equal(lfk_fs_find(&t->fs, "/file", &place, NULL), LFK_OK);
    assert_int_equal(lfk_fs_file_create(&t->fs, &place, &entry, NULL), LFK_OK);
    open_file(t);
    assert_int_equal(lfk_fs_file_write(&t->file, 0, t->old, FILE_SIZE, NULL), LFK_OK);
    assert_int_equal(lfk_fs_file_sync(&t->file, NULL, 0, NULL), LFK_OK);
    lfk_fs_file_close(&t->file);
}

static void end(struct trial *t)
{
    if (t->flash.breaches > 0) {
        fail_msg("%s", t->flash.breach);
    }
    lfk_fs_unmount(&t->fs);
    flash_close(&t->flash);
}

static int write_and_read(struct trial *t, uint8_t *bytes)
{
    int result = lfk_fs_file_write(&t->file, POSITION, t->meant + POSITION, WRITTEN, NULL);
    return result < 0 ? result : lfk_fs_file_read(&t->file, 0, bytes, FILE_SIZE, NULL);
}

/* Fails the call of that number; false if there is none. */
static bool fail_one(struct trial *t, uint64_t number, int error)
{
    uint8_t bytes[FILE_SIZE];
    start(t);
    open_file(t);
    t->flash.error = error;
    t->flash.calls_left = number;
    int result = write_and_read(t, bytes);
    bool met = t->flash.calls_left == FLASH_NEVER;
    t->flash.calls_left = FLASH_NEVER;
    if (result != FILE_SIZE) {
        assert_int_equal(result, error);
        assert_int_equal(write_and_read(t, bytes), FILE_SIZE);
    }
    assert_memory_equal(bytes, t->meant, FILE_SIZE);
    assert_int_equal(lfk_fs_file_sync(&t->file, NULL, 0, NULL), LFK_OK);
    lfk_fs_file_close(&t->file);
    open_file(t);
    assert_int_equal(lfk_fs_file_read(&t->file, 0, bytes, FILE_SIZE, NULL), FILE_SIZE);
    assert_memory_equal(bytes, t->meant, FILE_SIZE);
    lfk_fs_file_close(&t->file);
    end(t);
    t->faults += met;
    return met;
}

static void a_write_that_failed_can_be_made_again(void **state)
{
    static const int errors[] = {LFK_ERR_IO, LFK_ERR_CORRUPT, LFK_ERR_NOMEM, -99};
    static struct trial trial;
    (void)state;
    for (size_t g = 0; g < sizeof(geometries) / sizeof(geometries[0]); g++) {
        trial.geometry = &geometries[g];
        for (size_t e = 0; e < sizeof(errors) / sizeof(errors[0]); e++) {
            for (uint64_t number = 1; fail_one(&trial, number, errors[e]); number++) {
            }
        }
    }
    assert_true(trial.faults > 0);
    printf("%llu faults\n", (unsigned long long)trial.faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_write_that_failed_can_be_made_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
