/* SPDX-License-Identifier: MIT */
/*
 * lfs.h: what is seen through other handles, and handles on which something
 * has failed.
 */
#include "device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t bytes[1 << 16];

static void check_reads(lfs_t *lfs, lfs_file_t *file, const char *text)
{
    char read[64] = "";
    OK(lfs_file_rewind(lfs, file));
    assert_int_equal(lfs_file_read(lfs, file, read, sizeof(read)), strlen(text));
    assert_string_equal(read, text);
    assert_int_equal(lfs_file_size(lfs, file), strlen(text));
}

/* --- views ------------------------------------------------------------------------------ */

static void a_handle_is_a_snapshot(void **state)
{
    static struct volume v;
    struct lfs_info info;
    lfs_file_t reader;
    lfs_file_t writer;
    lfs_file_t late;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "hello", 5);
    OK(lfs_file_open(&v.lfs, &reader, "f", LFS_O_RDONLY));
    OK(lfs_file_open(&v.lfs, &writer, "f", LFS_O_WRONLY));
    assert_int_equal(lfs_file_write(&v.lfs, &writer, "goodbye", 7), 7);
    OK(lfs_stat(&v.lfs, "f", &info));
    assert_int_equal(info.size, 5);
    check_reads(&v.lfs, &reader, "hello");
    OK(lfs_file_sync(&v.lfs, &writer));
    check_reads(&v.lfs, &reader, "hello");
    OK(lfs_stat(&v.lfs, "f", &info));
    assert_int_equal(info.size, 7);
    OK(lfs_file_open(&v.lfs, &late, "f", LFS_O_RDONLY));
    check_reads(&v.lfs, &late, "goodbye");
    OK(lfs_file_close(&v.lfs, &reader));
    OK(lfs_file_close(&v.lfs, &writer));
    OK(lfs_file_close(&v.lfs, &late));
    volume_close(&v);
}

static void the_last_to_sync_wins(void **state)
{
    static struct volume v;
    lfs_file_t a;
    lfs_file_t b;
    lfs_file_t idle;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "hello", 5);
    OK(lfs_file_open(&v.lfs, &a, "f", LFS_O_WRONLY));
    OK(lfs_file_open(&v.lfs, &b, "f", LFS_O_WRONLY));
    OK(lfs_file_open(&v.lfs, &idle, "f", LFS_O_WRONLY));
    assert_int_equal(lfs_file_write(&v.lfs, &a, "AAAAAAAA", 8), 8);
    assert_int_equal(lfs_file_write(&v.lfs, &b, "BB", 2), 2);
    OK(lfs_file_close(&v.lfs, &a));
    check_text(&v.lfs, "f", "AAAAAAAA");
    OK(lfs_file_close(&v.lfs, &b));
    check_text(&v.lfs, "f", "BBllo");
    OK(lfs_file_close(&v.lfs, &idle)); /* has nothing to store */
    check_text(&v.lfs, "f", "BBllo");
    volume_close(&v);
}

static void nothing_changed_nothing_written(void **state)
{
    static struct volume v;
    lfs_file_t file;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_pattern(&v.lfs, "f", 3000, 0);
    uint64_t changes = device_changes(&v.device);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDWR));
    assert_int_equal(lfs_file_read(&v.lfs, &file, bytes, 3000), 3000);
    OK(lfs_file_truncate(&v.lfs, &file, 3000));
    OK(lfs_file_sync(&v.lfs, &file));
    OK(lfs_file_close(&v.lfs, &file));
    assert_int_equal(device_changes(&v.device), changes);
    volume_close(&v);
}

/* --- entries that go while they are open ---------------------------------------------------- */

/* A handle whose file was removed, or replaced by another, works on and stores nothing. */
static void check_gone(lfs_t *lfs, lfs_file_t *file)
{
    check_reads(lfs, file, "hello");
    assert_int_equal(lfs_file_write(lfs, file, " there", 6), 6);
    check_reads(lfs, file, "hello there");
    OK(lfs_file_sync(lfs, file));
    OK(lfs_file_close(lfs, file));
}

static void removed_and_replaced(void **state)
{
    static struct volume v;
    struct lfs_info info;
    lfs_file_t file;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "hello", 5);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDWR));
    OK(lfs_remove(&v.lfs, "f"));
    check_gone(&v.lfs, &file);
    assert_int_equal(lfs_stat(&v.lfs, "f", &info), LFS_ERR_NOENT);

    make_file(&v.lfs, "f", "hello", 5);
    make_file(&v.lfs, "g", "other", 5);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDWR));
    OK(lfs_rename(&v.lfs, "g", "f"));
    check_gone(&v.lfs, &file);
    check_text(&v.lfs, "f", "other");

    make_file(&v.lfs, "f", "hello", 5);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDWR));
    OK(lfs_remove(&v.lfs, "f"));
    make_file(&v.lfs, "f", "newer", 5); /* another file */
    check_gone(&v.lfs, &file);
    check_text(&v.lfs, "f", "newer");
    volume_close(&v);
}

/* What was written before and after a rename is stored under the new name. */
static void check_followed(struct volume *v, const char *from, const char *to)
{
    struct lfs_info info;
    lfs_file_t file;
    make_file(&v->lfs, from, "hello", 5);
    OK(lfs_file_open(&v->lfs, &file, from, LFS_O_RDWR | LFS_O_APPEND));
    assert_int_equal(lfs_file_write(&v->lfs, &file, " my", 3), 3);
    OK(lfs_rename(&v->lfs, from, to));
    assert_int_equal(lfs_file_write(&v->lfs, &file, " friend", 7), 7);
    OK(lfs_file_close(&v->lfs, &file));
    check_text(&v->lfs, to, "hello my friend");
    assert_int_equal(lfs_stat(&v->lfs, from, &info), LFS_ERR_NOENT);
    volume_remount(v);
    check_text(&v->lfs, to, "hello my friend");
    OK(lfs_remove(&v->lfs, to));
}

static void check_renames(struct volume *v)
{
    OK(lfs_mkdir(&v->lfs, "d"));
    OK(lfs_mkdir(&v->lfs, "d/e"));
    check_followed(v, "f", "g");
    check_followed(v, "g", "f");
    check_followed(v, "f", "d/f");
    check_followed(v, "d/e/f", "f");
    make_file(&v->lfs, "x", "replaced", 8);
    check_followed(v, "f", "x");
    OK(lfs_remove(&v->lfs, "d/e"));
    OK(lfs_remove(&v->lfs, "d"));
}

static void renamed_while_open(void **state)
{
    (void)state;
    on_all_volumes(check_renames);
}

static void the_parent_is_renamed(void **state)
{
    static struct volume v;
    lfs_file_t file;
    lfs_dir_t dir;
    struct lfs_info info;
    (void)state;
    volume_open(&v, &shapes[0]);
    OK(lfs_mkdir(&v.lfs, "d"));
    OK(lfs_mkdir(&v.lfs, "top"));
    make_file(&v.lfs, "d/f", "hello", 5);
    OK(lfs_file_open(&v.lfs, &file, "d/f", LFS_O_RDWR | LFS_O_APPEND));
    OK(lfs_dir_open(&v.lfs, &dir, "d"));
    OK(lfs_rename(&v.lfs, "d", "top/e"));
    assert_int_equal(lfs_file_write(&v.lfs, &file, "!", 1), 1);
    OK(lfs_file_close(&v.lfs, &file));
    check_text(&v.lfs, "top/e/f", "hello!");
    for (int i = 0; i < 3; i++) {
        assert_int_equal(lfs_dir_read(&v.lfs, &dir, &info), 1);
    }
    assert_string_equal(info.name, "f");
    assert_int_equal(info.size, 6);
    OK(lfs_dir_close(&v.lfs, &dir));
    volume_close(&v);
}

/* --- errors ------------------------------------------------------------------------------ */

/* Writes until the device is full; the handle is then errored. */
static void write_until_full(struct volume *v, lfs_file_t *file)
{
    lfs_ssize_t result;
    do {
        result = lfs_file_write(&v->lfs, file, bytes, sizeof(bytes));
    } while (result > 0);
    assert_int_equal(result, LFS_ERR_NOSPC);
    assert_true(file->flags & LFS_F_ERRED);
}

static void a_full_device(void **state)
{
    static struct volume v;
    lfs_file_t file;
    (void)state;
    for (size_t i = 0; i < SHAPES; i++) {
        volume_open(&v, &shapes[i]);
        make_file(&v.lfs, "f", "synced", 6);
        OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDWR));
        write_until_full(&v, &file);
        OK(lfs_fs_gc(&v.lfs));
        OK(lfs_file_sync(&v.lfs, &file));
        OK(lfs_file_close(&v.lfs, &file));
        check_text(&v.lfs, "f", "synced");
        volume_remount(&v);
        check_text(&v.lfs, "f", "synced");
        make_pattern(&v.lfs, "g", 5000, 0);
        volume_close(&v);
    }
}

/* The next write that succeeds makes the handle good again. */
static void a_handle_recovers(void **state)
{
    static struct volume v;
    lfs_file_t file;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_pattern(&v.lfs, "large", 600000, 0);
    make_file(&v.lfs, "f", "synced", 6);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDWR));
    write_until_full(&v, &file);
    OK(lfs_remove(&v.lfs, "large"));
    assert_int_equal(lfs_file_seek(&v.lfs, &file, 0, LFS_SEEK_SET), 0);
    assert_int_equal(lfs_file_write(&v.lfs, &file, "S", 1), 1);
    assert_false(file.flags & LFS_F_ERRED);
    lfs_soff_t size = lfs_file_size(&v.lfs, &file);
    OK(lfs_file_close(&v.lfs, &file));
    struct lfs_info info;
    OK(lfs_stat(&v.lfs, "f", &info));
    assert_int_equal(info.size, size);
    volume_close(&v);
}

/* A sync that fails before the commit can be repeated; through close the data is lost. */
static void the_device_fails_to_sync(void **state)
{
    static struct volume v;
    lfs_file_t file;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "old", 3);
    fill(bytes, 2000, 0);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_WRONLY | LFS_O_TRUNC));
    assert_int_equal(lfs_file_write(&v.lfs, &file, bytes, 2000), 2000);
    v.device.failing = CALL_SYNC;
    v.device.answer = -77;
    assert_int_equal(lfs_file_sync(&v.lfs, &file), -77);
    assert_false(file.flags & LFS_F_ERRED);
    assert_true(file.flags & LFS_F_DIRTY);
    v.device.answer = 0;
    check_text(&v.lfs, "f", "old");
    OK(lfs_file_sync(&v.lfs, &file));
    check_pattern(&v.lfs, "f", 2000, 0);
    assert_int_equal(lfs_file_write(&v.lfs, &file, bytes, 2000), 2000);
    v.device.answer = -77;
    assert_int_equal(lfs_file_close(&v.lfs, &file), -77);
    v.device.answer = 0;
    assert_int_equal(lfs_file_close(&v.lfs, &file), LFS_ERR_BADF);
    check_pattern(&v.lfs, "f", 2000, 0);
    volume_close(&v);
}

/* A commit that fails leaves the handle errored, and the file as it was. */
static void the_commit_fails(void **state)
{
    static struct volume v;
    lfs_file_t file;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "old", 3);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_WRONLY));
    assert_int_equal(lfs_file_write(&v.lfs, &file, "new", 3), 3);
    v.device.failing = CALL_PROG;
    v.device.answer = -77;
    assert_int_equal(lfs_file_sync(&v.lfs, &file), -77);
    assert_true(file.flags & LFS_F_ERRED);
    v.device.answer = 0;
    OK(lfs_file_sync(&v.lfs, &file));
    check_text(&v.lfs, "f", "old");
    assert_int_equal(lfs_file_write(&v.lfs, &file, "er", 2), 2);
    OK(lfs_file_close(&v.lfs, &file));
    check_text(&v.lfs, "f", "newer");
    volume_close(&v);
}

/*
 * After a write that failed once, whatever failed, the handle is such that the
 * same write repeated gives the right file. The call that fails is each in turn.
 */
static bool check_repeated(struct volume *v, enum device_call kind, uint64_t spare, lfs_size_t size,
                           lfs_off_t at, lfs_size_t count)
{
    lfs_file_t file;
    make_pattern(&v->lfs, "f", size, 1);
    OK(lfs_file_open(&v->lfs, &file, "f", LFS_O_RDWR));
    fill(bytes, count, 2);
    v->device.failing = kind;
    v->device.answer = -5;
    v->device.spare = spare;
    lfs_file_seek(&v->lfs, &file, (lfs_soff_t)at, LFS_SEEK_SET);
    lfs_ssize_t result = lfs_file_write(&v->lfs, &file, bytes, count);
    v->device.answer = 0;
    if (result < 0) {
        assert_int_equal(result, -5);
        assert_int_equal(lfs_file_tell(&v->lfs, &file), at);
        assert_int_equal(lfs_file_write(&v->lfs, &file, bytes, count), count);
    }
    OK(lfs_file_close(&v->lfs, &file));
    lfs_size_t end = at + count > size ? at + count : size;
    fill(bytes + 20000, size, 1);
    fill(bytes + 20000 + at, count, 2);
    check_file(&v->lfs, "f", bytes + 20000, end);
    return result < 0;
}

static void a_failed_write_repeated(void **state)
{
    static const lfs_size_t cases[][3] = {{10, 5, 10},        {10, 5, 2000},      {3000, 1000, 100},
                                          {3000, 1000, 1500}, {3000, 3000, 1200}, {3000, 2999, 1},
                                          {60, 60, 10}};
    static struct volume v;
    (void)state;
    volume_open(&v, &shapes[0]);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (int kind = CALL_READ; kind <= CALL_ERASE; kind++) {
            uint64_t spare = 0;
            while (check_repeated(&v, (enum device_call)kind, spare, cases[i][0], cases[i][1],
                                  cases[i][2])) {
                spare++;
            }
        }
    }
    volume_close(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handle_is_a_snapshot),
        cmocka_unit_test(the_last_to_sync_wins),
        cmocka_unit_test(nothing_changed_nothing_written),
        cmocka_unit_test(removed_and_replaced),
        cmocka_unit_test(renamed_while_open),
        cmocka_unit_test(the_parent_is_renamed),
        cmocka_unit_test(a_full_device),
        cmocka_unit_test(a_handle_recovers),
        cmocka_unit_test(the_device_fails_to_sync),
        cmocka_unit_test(the_commit_fails),
        cmocka_unit_test(a_failed_write_repeated),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
