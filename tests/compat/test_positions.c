/* SPDX-License-Identifier: MIT */
/*
 * lfs.h: positions in files, gaps, and files cut and lengthened.
 */
#include "device.h"

#include <stdio.h>
#include <string.h>

#define MAX LFS_FILE_MAX

static uint8_t bytes[1 << 17];
static uint8_t found[1 << 17];

/* --- seeking ----------------------------------------------------------------------- */

static void seek_ranges(void **state)
{
    static const struct {
        lfs_soff_t off;
        int whence;
        lfs_soff_t result; /* from position 3 in a file of 10 */
    } seeks[] = {
        {0, LFS_SEEK_SET, 0},
        {10, LFS_SEEK_SET, 10},
        {11, LFS_SEEK_SET, 11},
        {MAX, LFS_SEEK_SET, MAX},
        {-1, LFS_SEEK_SET, LFS_ERR_INVAL},
        {INT32_MIN, LFS_SEEK_SET, LFS_ERR_INVAL},
        {-3, LFS_SEEK_CUR, 0},
        {-4, LFS_SEEK_CUR, LFS_ERR_INVAL},
        {MAX - 3, LFS_SEEK_CUR, MAX},
        {MAX - 2, LFS_SEEK_CUR, LFS_ERR_INVAL},
        {MAX, LFS_SEEK_CUR, LFS_ERR_INVAL},
        {INT32_MIN, LFS_SEEK_CUR, LFS_ERR_INVAL},
        {0, LFS_SEEK_END, 10},
        {-10, LFS_SEEK_END, 0},
        {-11, LFS_SEEK_END, LFS_ERR_INVAL},
        {5, LFS_SEEK_END, 15},
        {MAX - 10, LFS_SEEK_END, MAX},
        {MAX - 9, LFS_SEEK_END, LFS_ERR_INVAL},
        {-MAX, LFS_SEEK_END, LFS_ERR_INVAL},
        {1, 3, LFS_ERR_INVAL},
        {1, -1, LFS_ERR_INVAL},
    };
    static struct volume v;
    lfs_file_t file;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_pattern(&v.lfs, "f", 10, 0);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDWR));
    for (size_t i = 0; i < sizeof(seeks) / sizeof(seeks[0]); i++) {
        assert_int_equal(lfs_file_seek(&v.lfs, &file, 3, LFS_SEEK_SET), 3);
        lfs_soff_t result = lfs_file_seek(&v.lfs, &file, seeks[i].off, seeks[i].whence);
        if (result != seeks[i].result) {
            fail_msg("seek %zu: %ld", i, (long)result);
        }
        assert_int_equal(lfs_file_tell(&v.lfs, &file), result < 0 ? 3 : result);
        assert_int_equal(file.pos, result < 0 ? 3 : result);
        assert_int_equal(lfs_file_size(&v.lfs, &file), 10);
    }
    OK(lfs_file_rewind(&v.lfs, &file));
    assert_int_equal(lfs_file_tell(&v.lfs, &file), 0);
    OK(lfs_file_close(&v.lfs, &file));
    check_pattern(&v.lfs, "f", 10, 0);
    volume_close(&v);
}

/* The end is where the unsynced bytes end. */
static void the_end_includes_what_was_written(void **state)
{
    static struct volume v;
    lfs_file_t file;
    (void)state;
    volume_open(&v, &shapes[0]);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDWR | LFS_O_CREAT));
    fill(bytes, 3000, 0);
    assert_int_equal(lfs_file_write(&v.lfs, &file, bytes, 3000), 3000);
    assert_int_equal(lfs_file_seek(&v.lfs, &file, -1, LFS_SEEK_END), 2999);
    assert_int_equal(lfs_file_read(&v.lfs, &file, found, 5), 1);
    assert_int_equal(found[0], bytes[2999]);
    OK(lfs_file_close(&v.lfs, &file));
    volume_close(&v);
}

static void check_at(struct volume *v, lfs_file_t *file, lfs_off_t at, lfs_size_t size)
{
    assert_int_equal(lfs_file_seek(&v->lfs, file, (lfs_soff_t)at, LFS_SEEK_SET), at);
    assert_int_equal(lfs_file_read(&v->lfs, file, found, size), size);
    assert_memory_equal(found, bytes + at, size);
}

/* Reads and writes at the edges of blocks and in their middle. */
static void check_places(struct volume *v)
{
    static const lfs_off_t places[] = {0,    1,    511,  512,  513,  1019, 1020,  1021,  1523,
                                       1524, 4095, 4096, 8183, 8184, 8185, 32768, 50000, 65000};
    const lfs_size_t size = 70000;
    lfs_file_t file;
    make_pattern(&v->lfs, "f", size, 0);
    fill(bytes, size, 0);
    OK(lfs_file_open(&v->lfs, &file, "f", LFS_O_RDWR));
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        check_at(v, &file, places[i], 16);
        assert_int_equal(lfs_file_seek(&v->lfs, &file, (lfs_soff_t)places[i], LFS_SEEK_SET),
                         places[i]);
        fill(bytes + places[i], 20, (unsigned)i + 5);
        assert_int_equal(lfs_file_write(&v->lfs, &file, bytes + places[i], 20), 20);
        check_at(v, &file, places[i] > 9 ? places[i] - 9 : 0, 40);
        if (i % 3 == 0) {
            OK(lfs_file_sync(&v->lfs, &file));
        }
    }
    OK(lfs_file_close(&v->lfs, &file));
    volume_remount(v);
    check_file(&v->lfs, "f", bytes, size);
    OK(lfs_remove(&v->lfs, "f"));
}

static void reads_and_writes_at_places(void **state)
{
    (void)state;
    on_all_volumes(check_places);
}

/* A sync after every byte, in files about as large as what is inline. */
static void check_every_byte(struct volume *v)
{
    static const lfs_size_t sizes[] = {2, 4, 128, 132};
    lfs_file_t file;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        fill(bytes, sizes[i], (unsigned)i);
        OK(lfs_file_open(&v->lfs, &file, "f", LFS_O_RDWR | LFS_O_CREAT | LFS_O_TRUNC));
        for (lfs_off_t at = 0; at < sizes[i]; at++) {
            assert_int_equal(lfs_file_write(&v->lfs, &file, bytes + at, 1), 1);
            OK(lfs_file_sync(&v->lfs, &file));
            check_at(v, &file, 0, at + 1);
        }
        OK(lfs_file_close(&v->lfs, &file));
        volume_remount(v);
        check_pattern(&v->lfs, "f", sizes[i], (unsigned)i);
    }
    OK(lfs_remove(&v->lfs, "f"));
}

static void a_sync_after_every_byte(void **state)
{
    (void)state;
    on_all_volumes(check_every_byte);
}

/* --- gaps ------------------------------------------------------------------------------ */

/* Beyond the end there is nothing to read, and what is left out becomes zeros. */
static void check_gap(struct volume *v, lfs_size_t size, lfs_off_t at)
{
    lfs_file_t file;
    make_pattern(&v->lfs, "f", size, 1);
    OK(lfs_file_open(&v->lfs, &file, "f", LFS_O_RDWR));
    assert_int_equal(lfs_file_seek(&v->lfs, &file, (lfs_soff_t)at, LFS_SEEK_SET), at);
    assert_int_equal(lfs_file_read(&v->lfs, &file, found, 1), 0);
    assert_int_equal(lfs_file_write(&v->lfs, &file, "end", 3), 3);
    OK(lfs_file_close(&v->lfs, &file));
    volume_remount(v);
    memset(bytes, 0, at);
    fill(bytes, size, 1);
    static const uint8_t end[3] = {'e', 'n', 'd'};
    memcpy(bytes + at, end, sizeof(end));
    check_file(&v->lfs, "f", bytes, at + 3);
}

static void check_gaps(struct volume *v)
{
    static const lfs_size_t sizes[] = {0, 5, 64, 600, 8000};
    static const lfs_off_t gaps[] = {1, 3, 60, 500, 30000};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        for (size_t j = 0; j < sizeof(gaps) / sizeof(gaps[0]); j++) {
            check_gap(v, sizes[i], sizes[i] + gaps[j]);
        }
    }
}

static void gaps_are_zeros(void **state)
{
    (void)state;
    on_all_volumes(check_gaps);
}

/* --- limits ------------------------------------------------------------------------------- */

static void the_largest_file(void **state)
{
    static struct volume v;
    lfs_file_t file;
    (void)state;
    device_open(&v.device, &shapes[0], 1 << 20);
    v.device.cfg.file_max = 1000;
    OK(lfs_format(&v.lfs, &v.device.cfg));
    OK(lfs_mount(&v.lfs, &v.device.cfg));
    fill(bytes, 1001, 0);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDWR | LFS_O_CREAT));
    assert_int_equal(lfs_file_write(&v.lfs, &file, bytes, 1001), LFS_ERR_FBIG);
    assert_int_equal(lfs_file_size(&v.lfs, &file), 0);
    assert_int_equal(lfs_file_write(&v.lfs, &file, bytes, 1000), 1000);
    assert_int_equal(lfs_file_write(&v.lfs, &file, bytes, 1), LFS_ERR_FBIG);
    assert_int_equal(lfs_file_tell(&v.lfs, &file), 1000);
    assert_int_equal(lfs_file_seek(&v.lfs, &file, 1000, LFS_SEEK_SET), 1000);
    assert_int_equal(lfs_file_seek(&v.lfs, &file, 1001, LFS_SEEK_SET), LFS_ERR_INVAL);
    assert_int_equal(lfs_file_truncate(&v.lfs, &file, 1001), LFS_ERR_FBIG);
    OK(lfs_file_close(&v.lfs, &file)); /* not an error that spoils the file */
    check_pattern(&v.lfs, "f", 1000, 0);
    volume_close(&v);
}

static void sizes_do_not_overflow(void **state)
{
    static struct volume v;
    lfs_file_t file;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "hello", 5);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDWR));
    assert_int_equal(lfs_file_write(&v.lfs, &file, bytes, UINT32_MAX), LFS_ERR_FBIG);
    assert_int_equal(lfs_file_write(&v.lfs, &file, bytes, (lfs_size_t)MAX + 1), LFS_ERR_FBIG);
    assert_int_equal(lfs_file_truncate(&v.lfs, &file, UINT32_MAX), LFS_ERR_INVAL);
    assert_int_equal(lfs_file_truncate(&v.lfs, &file, (lfs_size_t)MAX + 1), LFS_ERR_INVAL);
    assert_int_equal(lfs_file_seek(&v.lfs, &file, MAX, LFS_SEEK_SET), MAX);
    assert_int_equal(lfs_file_read(&v.lfs, &file, found, UINT32_MAX), 0);
    assert_int_equal(lfs_file_write(&v.lfs, &file, "x", 1), LFS_ERR_FBIG);
    assert_int_equal(lfs_file_seek(&v.lfs, &file, 1, LFS_SEEK_SET), 1);
    assert_int_equal(lfs_file_read(&v.lfs, &file, found, UINT32_MAX), 4);
    OK(lfs_file_close(&v.lfs, &file));
    check_text(&v.lfs, "f", "hello");
    volume_close(&v);
}

/* --- cutting and lengthening ---------------------------------------------------------------- */

/* `handle`: on a handle just opened, or on one that has written the file. */
static void check_truncation(struct volume *v, lfs_size_t before, lfs_size_t after, bool warm)
{
    struct lfs_info info;
    lfs_file_t file;
    lfs_off_t position = before / 2 + 3;
    make_pattern(&v->lfs, "f", before, 1);
    OK(lfs_file_open(&v->lfs, &file, "f", LFS_O_RDWR));
    if (warm) {
        fill(bytes, before, 1);
        assert_int_equal(lfs_file_write(&v->lfs, &file, bytes, before), before);
    }
    lfs_file_seek(&v->lfs, &file, (lfs_soff_t)position, LFS_SEEK_SET);
    OK(lfs_file_truncate(&v->lfs, &file, after));
    assert_int_equal(lfs_file_size(&v->lfs, &file), after);
    assert_int_equal(lfs_file_tell(&v->lfs, &file), position);
    OK(lfs_stat(&v->lfs, "f", &info));
    assert_int_equal(info.size, before);
    assert_int_equal(lfs_file_seek(&v->lfs, &file, 0, LFS_SEEK_END), after);
    assert_int_equal(lfs_file_write(&v->lfs, &file, "tail", 4), 4);
    OK(lfs_file_truncate(&v->lfs, &file, after + 4)); /* nothing to do */
    OK(lfs_file_close(&v->lfs, &file));
    volume_remount(v);
    memset(bytes, 0, after);
    fill(bytes, before < after ? before : after, 1);
    static const uint8_t tail[4] = {'t', 'a', 'i', 'l'};
    memcpy(bytes + after, tail, sizeof(tail));
    check_file(&v->lfs, "f", bytes, after + 4);
}

static void check_truncations(struct volume *v)
{
    static const lfs_size_t sizes[] = {0,   31,  32,   33,   64,   65,   511,
                                       512, 513, 2047, 2049, 8191, 8192, 8193};
    size_t count = sizeof(sizes) / sizeof(sizes[0]);
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            check_truncation(v, sizes[i], sizes[j], (i + j) % 2 == 0);
        }
    }
}

static void cutting_and_lengthening(void **state)
{
    (void)state;
    on_all_volumes(check_truncations);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seek_ranges),
        cmocka_unit_test(the_end_includes_what_was_written),
        cmocka_unit_test(reads_and_writes_at_places),
        cmocka_unit_test(a_sync_after_every_byte),
        cmocka_unit_test(gaps_are_zeros),
        cmocka_unit_test(the_largest_file),
        cmocka_unit_test(sizes_do_not_overflow),
        cmocka_unit_test(cutting_and_lengthening),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
