/* SPDX-License-Identifier: MIT */
/*
 * lfs.h with LFS_DEFINES: memory, CRC, messages and assertions are the program's.
 */
#include "ram.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static struct ram ram;
static lfs_t lfs;

static size_t pieces; /* that are taken */
static size_t left = SIZE_MAX;
static size_t said[128];
static char last[300];

void *own_malloc(size_t size)
{
    if (left == 0) {
        return NULL;
    }
    left--;
    pieces++;
    return malloc(size);
}

void own_free(void *memory)
{
    assert_non_null(memory);
    pieces--;
    free(memory);
}

uint32_t own_crc(uint32_t crc, const void *buffer, size_t size)
{
    (void)buffer;
    return crc + (uint32_t)size;
}

void own_say(char kind, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    vsnprintf(last, sizeof(last), format, list);
    va_end(list);
    said[(int)kind]++;
}

static int work(void)
{
    lfs_file_t file;
    char bytes[] = "attr";
    struct lfs_attr attribute = {1, bytes, 4};
    const struct lfs_file_config config = {NULL, &attribute, 1};
    int result = lfs_format(&lfs, &ram.cfg);
    if (result == 0) {
        result = lfs_mount(&lfs, &ram.cfg);
    }
    if (result == 0) {
        result = lfs_mkdir(&lfs, "d");
    }
    if (result == 0) {
        result = lfs_file_opencfg(&lfs, &file, "d/f", LFS_O_RDWR | LFS_O_CREAT, &config);
    }
    if (result == 0) {
        lfs_ssize_t written = lfs_file_write(&lfs, &file, ram.cfg.context, 2000);
        result = lfs_file_close(&lfs, &file);
        result = written < 0 ? (int)written : result;
    }
    (void)lfs_unmount(&lfs);
    return result;
}

/* It is all taken there and given back, however little there is. */
static void memory_is_the_programs(void **state)
{
    int result = LFS_ERR_NOMEM;
    size_t most = 0;
    (void)state;
    for (size_t there = 0; result != 0; there++) {
        ram_start(&ram);
        left = there;
        result = work();
        assert_true(result == 0 || result == LFS_ERR_NOMEM);
        assert_int_equal(pieces, 0);
        most = there;
    }
    assert_true(most > 10);
    left = SIZE_MAX;
}

static void messages_are_the_programs(void **state)
{
    struct lfs_info info;
    (void)state;
    ram_start(&ram);
    OK(work());
    OK(lfs_mount(&lfs, &ram.cfg));
    size_t traces = said['t'];
    size_t others = said['d'] + said['w'] + said['e'];
    OK(lfs_stat(&lfs, "d", &info));
    assert_int_equal(said['t'], traces + 2); /* when it begins and when it ends */
    assert_string_equal(last, "lfs_stat -> 0");
    assert_int_equal(said['d'] + said['w'] + said['e'], others);
    assert_int_equal(lfs_stat(&lfs, "x", &info), LFS_ERR_NOENT);
    assert_int_equal(said['d'], 1 + others - said['w'] - said['e']);
    OK(lfs_unmount(&lfs));
    size_t errors = said['e'];
    memset(ram.bytes, 0, sizeof(ram.bytes));
    assert_int_equal(lfs_mount(&lfs, &ram.cfg), LFS_ERR_CORRUPT);
    assert_int_equal(said['e'], errors + 1);
    size_t warnings = said['w'];
    ram.cfg.block_count = 1;
    assert_int_equal(lfs_format(&lfs, &ram.cfg), LFS_ERR_NOSPC);
    assert_int_equal(said['w'], warnings + 1);
}

static void helpers_are_the_programs(void **state)
{
    size_t before = pieces;
    (void)state;
    assert_int_equal(lfs_crc(7, "abc", 3), 10);
    void *memory = lfs_malloc(5);
    assert_int_equal(pieces, before + 1);
    lfs_free(memory);
    assert_int_equal(pieces, before);
    LFS_ASSERT(1 + 1 == 3);
    assert_int_equal(said['a'], 1);
    assert_string_equal(last, "1 + 1 == 3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_the_programs),
        cmocka_unit_test(messages_are_the_programs),
        cmocka_unit_test(helpers_are_the_programs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
