/* SPDX-License-Identifier: MIT */
/*
 * Writes to open files: random ones against an array of bytes, the places
 * where inline ends and blocks begin, and that the disk's file stays as it is
 * until the sync.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flash_volume.h"
#include "seed.h"
#include "told.h"

enum { SIZE_MAX_MODEL = 9000 };

/* A file as it should be. */
struct model {
    uint8_t bytes[SIZE_MAX_MODEL];
    uint32_t size;
};

static void model_write(struct model *m, uint32_t position, const uint8_t *data, uint32_t size)
{
    if (position > m->size && size > 0) {
        memset(m->bytes + m->size, 0, position - m->size);
    }
    memcpy(m->bytes + position, data, size);
    m->size = size > 0 && position + size > m->size ? position + size : m->size;
}

static void model_truncate(struct model *m, uint32_t size)
{
    if (size > m->size) {
        memset(m->bytes + m->size, 0, size - m->size);
    }
    m->size = size;
}

/* Some part of the file, perhaps beyond its end. */
static void check_part(struct seed *seed, struct lfk_fs_file *file, const struct model *m)
{
    static uint8_t buffer[SIZE_MAX_MODEL];
    uint32_t position = seed_below(seed, m->size + 10);
    uint32_t size = seed_below(seed, SIZE_MAX_MODEL);
    uint32_t left = position < m->size ? m->size - position : 0;
    uint32_t expected = lfk_min(size, left);
    assert_int_equal(lfk_fs_file_read(file, position, buffer, size, NULL), expected);
    if (expected > 0) {
        assert_memory_equal(buffer, m->bytes + position, expected);
    }
}

/* A position that is drawn from those where something may go wrong, or from all. */
static uint32_t draw_position(struct seed *seed, const struct model *m, uint32_t block_size)
{
    switch (seed_below(seed, 5)) {
    case 0:
        return m->size;
    case 1:
        return lfk_min(seed_below(seed, 8) * block_size + seed_below(seed, 30), 8000);
    case 2: /* a hole */
        return lfk_min(m->size + seed_below(seed, 700), 8000);
    default:
        return seed_below(seed, m->size + 1);
    }
}

static void play_turn(struct seed *seed, struct lfk_fs_file *file, struct model *m,
                      struct model *synced)
{
    uint8_t data[1000];
    uint32_t block_size = file->fs->bd->block_size;
    uint32_t position = draw_position(seed, m, block_size);
    uint32_t size = seed_below(seed, seed_below(seed, 2) ? 20 : sizeof(data));
    switch (seed_below(seed, 12)) {
    case 0:
        assert_int_equal(lfk_fs_file_truncate(file, position, NULL), LFK_OK);
        model_truncate(m, position);
        break;
    case 1:
        check_part(seed, file, m);
        break;
    case 2:
        assert_int_equal(lfk_fs_file_flush(file, NULL), LFK_OK);
        break;
    case 3:
        assert_int_equal(lfk_fs_file_sync(file, NULL, 0, NULL), LFK_OK);
        assert_false(file->dirty);
        *synced = *m;
        break;
    default:
        for (uint32_t n = 1 + seed_below(seed, 4); n > 0 && position + size <= SIZE_MAX_MODEL;
             n--) {
            seed_fill(seed, data, size);
            assert_int_equal(lfk_fs_file_write(file, position, data, size, NULL), LFK_OK);
            model_write(m, position, data, size);
            position += size; /* and goes on there */
        }
    }
    assert_int_equal(lfk_fs_file_size(file), m->size);
}

static void random_writes_are_what_is_read(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.writefile");
    static struct model m;
    static struct model synced;
    static const struct {
        uint32_t block_size;
        struct lfk_fs_writing writing;
    } shapes[] = {
        {512, {.prog_size = 16}},
        {512, {.prog_size = 512, .inline_max = UINT32_MAX}},
        {256, {.prog_size = 1, .block_cycles = 3}},
        {4096, {.prog_size = 4}}, /* much of it is inline */
    };
    for (int round = 0; round < 16; round++) {
        struct flash_volume v;
        struct lfk_fs_file file;
        size_t shape = (size_t)round % 4;
        volume_open_with(&v, shapes[shape].block_size, 512 * 256 / shapes[shape].block_size,
                         &shapes[shape].writing);
        volume_put(&v, "f", NULL, 0);
        m.size = 0;
        synced.size = 0;
        volume_open_file(&v, "f", &file);
        for (int turn = 0; turn < 250; turn++) {
            play_turn(&seed, &file, &m, &synced);
            if (seed_below(&seed, 30) == 0) {
                check_open_file(&file, m.bytes, m.size);
                volume_check(&v, "f", synced.bytes, synced.size);
            }
            if (seed_below(&seed, 30) == 0) { /* the power goes: what was not synced is lost */
                volume_remount(&v);
                m = synced;
                volume_check(&v, "f", synced.bytes, synced.size);
                volume_open_file(&v, "f", &file);
            }
        }
        lfk_fs_file_close(&file);
        volume_close(&v);
    }
}

/* Around each size where a block begins, written at once and byte by byte. */
static void every_size_around_a_block_is_right(void **state)
{
    (void)state;
    static uint8_t data[1600];
    static const uint32_t edges[] = {64, 512, 512 + 508, 512 + 508 + 504};
    struct flash_volume v;
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 31);
    }
    volume_open(&v, 64);
    for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++) {
        for (uint32_t size = edges[i] - 2; size <= edges[i] + 2; size++) {
            struct lfk_fs_file file;
            volume_put(&v, "f", data, size);
            volume_check(&v, "f", data, size);
            volume_put(&v, "g", data, edges[i] - 10);
            volume_open_file(&v, "g", &file);
            for (uint32_t at = edges[i] - 10; at < size; at++) {
                assert_int_equal(lfk_fs_file_write(&file, at, data + at, 1, NULL), LFK_OK);
            }
            assert_int_equal(lfk_fs_file_sync(&file, NULL, 0, NULL), LFK_OK);
            lfk_fs_file_close(&file);
            volume_remount(&v);
            volume_check(&v, "f", data, size);
            volume_check(&v, "g", data, size);
        }
    }
    volume_close(&v);
}

/* Blocks that the disk knows are not touched, wherever in the file is written. */
static void until_the_sync_the_disk_has_the_old_file(void **state)
{
    (void)state;
    static uint8_t data[4000];
    static const uint32_t positions[] = {0, 511, 512, 1500, 3999, 4000, 4500};
    memset(data, 'd', sizeof(data));
    for (size_t i = 0; i < sizeof(positions) / sizeof(positions[0]); i++) {
        struct flash_volume v;
        struct lfk_fs_file file;
        volume_open(&v, 32);
        volume_put(&v, "f", data, sizeof(data));
        volume_open_file(&v, "f", &file);
        for (int n = 0; n < 3; n++) {
            assert_int_equal(lfk_fs_file_write(&file, positions[i], "new", 3, NULL), LFK_OK);
            assert_int_equal(lfk_fs_file_flush(&file, NULL), LFK_OK);
        }
        assert_int_equal(lfk_fs_file_truncate(&file, 100, NULL), LFK_OK);
        volume_put_text(&v, "g", "goes somewhere, too");
        volume_remount(&v);
        volume_check(&v, "f", data, sizeof(data));
        volume_close(&v);
    }
}

/* Appending goes on in the buffer: the last block is not read again for each piece. */
static void appending_writes_each_block_once(void **state)
{
    (void)state;
    struct flash_volume v;
    struct lfk_fs_file file;
    uint8_t piece[50] = {1};
    volume_open(&v, 64);
    volume_put(&v, "f", NULL, 0);
    volume_open_file(&v, "f", &file);
    uint64_t programmed = v.flash.bytes_programmed;
    for (uint32_t n = 0; n < 200; n++) {
        assert_int_equal(lfk_fs_file_write(&file, n * 50, piece, 50, NULL), LFK_OK);
    }
    assert_int_equal(lfk_fs_file_flush(&file, NULL), LFK_OK);
    assert_in_range(v.flash.bytes_programmed - programmed, 10000, 20 * 512);
    lfk_fs_file_close(&file);
    volume_close(&v);
}

/* So does writing over what is there, piece by piece. */
static void overwriting_writes_each_block_once(void **state)
{
    (void)state;
    static const uint8_t data[6000];
    struct flash_volume v;
    struct lfk_fs_file file;
    volume_open(&v, 64);
    volume_put(&v, "f", data, sizeof(data));
    volume_open_file(&v, "f", &file);
    uint64_t programmed = v.flash.bytes_programmed;
    for (uint32_t at = 1000; at < 5000; at += 50) {
        assert_int_equal(lfk_fs_file_write(&file, at, data, 50, NULL), LFK_OK);
    }
    assert_int_equal(lfk_fs_file_flush(&file, NULL), LFK_OK);
    /* From the block of the first piece to the end: those that follow have other pointers. */
    assert_in_range(v.flash.bytes_programmed - programmed, 5000, 11 * 512);
    lfk_fs_file_close(&file);
    volume_close(&v);
}

/* Zeros, and not what was there, wherever the bytes are. */
static void what_was_cut_off_does_not_come_back(void **state)
{
    (void)state;
    static const uint32_t sizes[][3] = {
        {30, 10, 20},     {60, 0, 64},    {1500, 700, 900}, {1500, 10, 50},
        {1500, 10, 1400}, {50, 10, 1000}, {1500, 0, 1500},  {1016 + 4, 512, 1016 + 4}};
    static uint8_t data[1500];
    memset(data, 'd', sizeof(data));
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (int by_write = 0; by_write < 2; by_write++) {
            struct flash_volume v;
            struct lfk_fs_file file;
            uint8_t expected[1501] = {0};
            uint32_t size = sizes[i][2] + (by_write ? 1 : 0);
            memset(expected, 'd', sizes[i][1]);
            volume_open(&v, 32);
            volume_put(&v, "f", data, sizes[i][0]);
            volume_open_file(&v, "f", &file);
            assert_int_equal(lfk_fs_file_truncate(&file, sizes[i][1], NULL), LFK_OK);
            if (by_write) {
                expected[size - 1] = 'w';
                assert_int_equal(lfk_fs_file_write(&file, size - 1, "w", 1, NULL), LFK_OK);
            } else {
                assert_int_equal(lfk_fs_file_truncate(&file, size, NULL), LFK_OK);
            }
            check_open_file(&file, expected, size);
            assert_int_equal(lfk_fs_file_sync(&file, NULL, 0, NULL), LFK_OK);
            lfk_fs_file_close(&file);
            volume_remount(&v);
            volume_check(&v, "f", expected, size);
            volume_close(&v);
        }
    }
}

static void what_does_not_fit_is_an_error_and_the_disk_keeps_its_file(void **state)
{
    (void)state;
    static uint8_t data[6000];
    struct flash_volume v;
    struct lfk_fs_file file;
    struct lfk_detail detail = {0};
    memset(data, 'd', sizeof(data));
    volume_open_with(&v, 512, 16, &(struct lfk_fs_writing){.prog_size = 16, .file_max = 20000});
    volume_put(&v, "f", data, 3000);
    volume_open_file(&v, "f", &file);
    assert_int_equal(lfk_fs_file_write(&file, 19999, "xy", 2, &detail), LFK_ERR_FBIG);
    check_told(&detail, LFK_ERR_FBIG, "file is too large (file_max): expected 20000, found 20001");
    assert_int_equal(lfk_fs_file_write(&file, UINT32_MAX, "xy", 2, NULL), LFK_ERR_FBIG);
    assert_int_equal(lfk_fs_file_truncate(&file, 20001, NULL), LFK_ERR_FBIG);
    check_open_file(&file, data, 3000);
    assert_int_equal(lfk_fs_file_write(&file, 0, data, 6000, &detail), LFK_ERR_NOSPC);
    check_told(&detail, LFK_ERR_NOSPC, "no block of the volume is free");
    lfk_fs_file_close(&file);
    volume_check(&v, "f", data, 3000);
    volume_put(&v, "g", data, 3000); /* what it had taken is free */
    volume_remount(&v);
    volume_check(&v, "f", data, 3000);
    volume_close(&v);
}

static void bad_blocks_are_passed_over(void **state)
{
    (void)state;
    static const enum flash_flaw flaws[] = {FLAW_PROG_ERROR, FLAW_ERASE_ERROR, FLAW_PROG_SILENT,
                                            FLAW_ERASE_SILENT};
    static uint8_t data[6000];
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 7 + i / 512);
    }
    for (size_t i = 0; i < sizeof(flaws) / sizeof(flaws[0]); i++) {
        struct flash_volume v;
        volume_open(&v, 32);
        for (uint32_t block = 2; block < 32; block += 2) {
            v.flash.flaws[block] = (uint8_t)flaws[i];
        }
        volume_put(&v, "f", data, sizeof(data));
        volume_remount(&v);
        volume_check(&v, "f", data, sizeof(data));
        volume_close(&v);
    }
}

/* Whichever call fails, the file can be written to at once, and the same write made again. */
static void a_write_that_failed_can_be_repeated(void **state)
{
    (void)state;
    static uint8_t data[2500];
    static uint8_t expected[2520];
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 7 + i / 512);
    }
    memcpy(expected, data, sizeof(data));
    memset(expected + 700, 'n', 900);
    memset(expected + 2500, 'e', 20);
    int result = LFK_ERR_IO;
    for (uint64_t n = 1; result < 0; n++) {
        struct flash_volume v;
        struct lfk_fs_file file;
        volume_open(&v, 32);
        volume_put(&v, "f", data, sizeof(data));
        volume_open_file(&v, "f", &file);
        assert_int_equal(lfk_fs_file_write(&file, 2500, expected + 2500, 10, NULL), LFK_OK);
        assert_int_equal(lfk_fs_file_flush(&file, NULL), LFK_OK);
        v.flash.calls_left = n;
        v.flash.error = LFK_ERR_IO;
        result = lfk_fs_file_write(&file, 700, expected + 700, 900, NULL);
        if (result == LFK_OK) {
            result = lfk_fs_file_sync(&file, NULL, 0, NULL);
        }
        bool failed = v.flash.calls_left == FLASH_NEVER;
        v.flash.calls_left = FLASH_NEVER;
        assert_true(result == LFK_OK || (result == LFK_ERR_IO && failed));
        assert_int_equal(lfk_fs_file_write(&file, 2510, expected + 2510, 10, NULL), LFK_OK);
        if (result < 0) {
            assert_int_equal(lfk_fs_file_write(&file, 700, expected + 700, 900, NULL), LFK_OK);
        }
        assert_int_equal(lfk_fs_file_sync(&file, NULL, 0, NULL), LFK_OK);
        check_open_file(&file, expected, sizeof(expected));
        lfk_fs_file_close(&file);
        volume_remount(&v);
        volume_check(&v, "f", expected, sizeof(expected));
        volume_close(&v);
        assert_in_range(n, 1, 60);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_writes_are_what_is_read),
        cmocka_unit_test(every_size_around_a_block_is_right),
        cmocka_unit_test(until_the_sync_the_disk_has_the_old_file),
        cmocka_unit_test(appending_writes_each_block_once),
        cmocka_unit_test(overwriting_writes_each_block_once),
        cmocka_unit_test(what_was_cut_off_does_not_come_back),
        cmocka_unit_test(what_does_not_fit_is_an_error_and_the_disk_keeps_its_file),
        cmocka_unit_test(bad_blocks_are_passed_over),
        cmocka_unit_test(a_write_that_failed_can_be_repeated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
