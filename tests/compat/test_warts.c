/* SPDX-License-Identifier: MIT */
/*
 * lfs.h: where littlefs does harm, the right behaviour, in the order of a list
 * of such places. What needs another build is in the tests of the variants.
 */
#define _POSIX_C_SOURCE 200809L

#include "device.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static uint8_t bytes[1 << 16];
static uint8_t found[1 << 16];

/* 1 */
static void a_directory_below_itself(void **state)
{
    static const char *const targets[] = {"d/x", "d/s", "d/s/y", "d/../d/s"};
    static struct volume v;
    (void)state;
    volume_open(&v, &shapes[0]);
    OK(lfs_mkdir(&v.lfs, "d"));
    OK(lfs_mkdir(&v.lfs, "d/s"));
    make_file(&v.lfs, "d/f", "x", 1);
    lfs_ssize_t used = lfs_fs_size(&v.lfs);
    for (int mounted = 0; mounted < 2; mounted++) {
        for (size_t i = 0; i < 4; i++) {
            uint64_t changes = device_changes(&v.device);
            assert_int_equal(lfs_rename(&v.lfs, "d", targets[i]), LFS_ERR_INVAL);
            assert_int_equal(device_changes(&v.device), changes);
        }
        check_names(&v.lfs, "d", "f s ");
        volume_remount(&v);
    }
    assert_int_equal(lfs_fs_size(&v.lfs), used);
    volume_close(&v);
}

/* 2, 3: on a full device everything says NOSPC, and goes on when there is space. */
static void a_full_device(void **state)
{
    static struct volume v;
    char path[32];
    (void)state;
    for (size_t i = 0; i < SHAPES; i++) {
        volume_open_size(&v, &shapes[i], 64 * shapes[i].block_size);
        unsigned files = fill_up(&v.lfs, 2 * shapes[i].block_size);
        int result = 0;
        for (unsigned n = 0; result == 0; n++) {
            lfs_file_t file;
            snprintf(path, sizeof(path), "a rather long name %u", n);
            result = lfs_file_open(&v.lfs, &file, path, LFS_O_WRONLY | LFS_O_CREAT);
            if (result == 0) {
                OK(lfs_file_close(&v.lfs, &file));
            }
        }
        assert_int_equal(result, LFS_ERR_NOSPC);
        assert_int_equal(lfs_mkdir(&v.lfs, "directory"), LFS_ERR_NOSPC);
        OK(lfs_fs_gc(&v.lfs));
        OK(lfs_fs_mkconsistent(&v.lfs));
        for (unsigned n = 0; n < files; n++) {
            snprintf(path, sizeof(path), "fill%u", n);
            check_pattern(&v.lfs, path, 2 * shapes[i].block_size, 0);
            OK(lfs_remove(&v.lfs, path));
        }
        OK(lfs_mkdir(&v.lfs, "directory"));
        make_pattern(&v.lfs, "directory/f", 5000, 0);
        volume_remount(&v);
        check_pattern(&v.lfs, "directory/f", 5000, 0);
        volume_close(&v);
    }
}

/* 2: NAMETOOLONG only of a name that no block has room for. */
static void a_name_for_no_block(void **state)
{
    static const struct shape shape = {16, 16, 128};
    static struct volume v;
    lfs_file_t file;
    char name[121];
    (void)state;
    volume_open_size(&v, &shape, 32 * 128);
    memset(name, 'n', sizeof(name));
    name[120] = '\0';
    assert_int_equal(lfs_file_open(&v.lfs, &file, name, LFS_O_WRONLY | LFS_O_CREAT),
                     LFS_ERR_NAMETOOLONG);
    assert_int_equal(lfs_mkdir(&v.lfs, name), LFS_ERR_NAMETOOLONG);
    name[40] = '\0';
    make_file(&v.lfs, name, "x", 1);
    check_text(&v.lfs, name, "x");
    volume_close(&v);
}

/* 3: attributes that have no room leave the volume usable. */
static void a_commit_without_room(void **state)
{
    static struct volume v;
    char path[16];
    (void)state;
    volume_open(&v, &shapes[0]);
    for (unsigned i = 0; i < 20; i++) {
        snprintf(path, sizeof(path), "f%u", i);
        make_file(&v.lfs, path, path, 2);
        assert_int_equal(lfs_setattr(&v.lfs, path, 1, bytes, 600), LFS_ERR_NOSPC);
        OK(lfs_setattr(&v.lfs, path, 1, bytes, 100));
    }
    volume_remount(&v);
    assert_int_equal(lfs_getattr(&v.lfs, "f19", 1, NULL, 0), 100);
    volume_close(&v);
}

/* 4: test_handles, renamed_while_open. 5: blocks stay while a handle uses them. */
static void check_pinned(struct volume *v, lfs_file_t *reader)
{
    char path[16];
    for (unsigned i = 0; i < 3; i++) { /* around the whole device */
        fill_up(&v->lfs, 4000);
        OK(lfs_file_rewind(&v->lfs, reader));
        assert_int_equal(lfs_file_read(&v->lfs, reader, found, sizeof(found)), 30000);
        assert_memory_equal(found, bytes, 30000);
        for (unsigned n = 0;; n++) {
            snprintf(path, sizeof(path), "fill%u", n);
            if (lfs_remove(&v->lfs, path) != 0) {
                break;
            }
        }
    }
}

static void readers_of_what_is_gone(void **state)
{
    static struct volume v;
    lfs_file_t reader;
    (void)state;
    fill(bytes, 30000, 7);
    for (int how = 0; how < 3; how++) {
        volume_open_size(&v, &shapes[0], 1 << 17);
        make_pattern(&v.lfs, "f", 30000, 7);
        make_pattern(&v.lfs, "g", 10, 1);
        OK(lfs_file_open(&v.lfs, &reader, "f", LFS_O_RDONLY));
        if (how == 0) {
            OK(lfs_remove(&v.lfs, "f"));
        } else if (how == 1) {
            OK(lfs_rename(&v.lfs, "g", "f"));
        } else {
            make_pattern(&v.lfs, "f", 20000, 2);
        }
        check_pinned(&v, &reader);
        lfs_ssize_t used = lfs_fs_size(&v.lfs);
        OK(lfs_file_close(&v.lfs, &reader));
        assert_true(lfs_fs_size(&v.lfs) < used);
        volume_close(&v);
    }
}

/* A writer's new blocks are its own though its file is gone. */
static void writers_of_what_is_gone(void **state)
{
    static struct volume v;
    lfs_file_t writer;
    (void)state;
    volume_open_size(&v, &shapes[0], 1 << 17);
    OK(lfs_file_open(&v.lfs, &writer, "f", LFS_O_RDWR | LFS_O_CREAT));
    fill(bytes, 30000, 7);
    assert_int_equal(lfs_file_write(&v.lfs, &writer, bytes, 30000), 30000);
    OK(lfs_remove(&v.lfs, "f"));
    check_pinned(&v, &writer);
    make_pattern(&v.lfs, "g", 50000, 1);
    OK(lfs_file_close(&v.lfs, &writer));
    check_pattern(&v.lfs, "g", 50000, 1);
    volume_close(&v);
}

/* 6 */
static void getattr_clears(void **state)
{
    static struct volume v;
    char buffer[8] = "xxxxxxx";
    (void)state;
    volume_open(&v, &shapes[0]);
    assert_int_equal(lfs_getattr(&v.lfs, "/", 1, buffer, sizeof(buffer)), LFS_ERR_NOATTR);
    assert_memory_equal(buffer, "\0\0\0\0\0\0\0\0", 8);
    volume_close(&v);
}

/* 7 */
static void stat_sets_the_size(void **state)
{
    static struct volume v;
    struct lfs_info info;
    (void)state;
    volume_open(&v, &shapes[0]);
    OK(lfs_mkdir(&v.lfs, "d"));
    memset(&info, 0xa5, sizeof(info));
    OK(lfs_stat(&v.lfs, "d", &info));
    assert_int_equal(info.size, 0);
    memset(&info, 0xa5, sizeof(info));
    OK(lfs_stat(&v.lfs, "/", &info));
    assert_int_equal(info.size, 0);
    volume_close(&v);
}

/* 8 */
static void truncate_checks_first(void **state)
{
    static struct volume v;
    lfs_file_t file;
    (void)state;
    device_open(&v.device, &shapes[0], 1 << 16);
    v.device.cfg.file_max = 3000;
    OK(lfs_format(&v.lfs, &v.device.cfg));
    OK(lfs_mount(&v.lfs, &v.device.cfg));
    make_pattern(&v.lfs, "f", 100, 0);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDWR));
    assert_int_equal(lfs_file_seek(&v.lfs, &file, 50, LFS_SEEK_SET), 50);
    assert_int_equal(lfs_file_truncate(&v.lfs, &file, 3001), LFS_ERR_FBIG);
    assert_int_equal(lfs_file_tell(&v.lfs, &file), 50);
    assert_int_equal(lfs_file_size(&v.lfs, &file), 100);
    OK(lfs_file_truncate(&v.lfs, &file, 3000));
    OK(lfs_file_close(&v.lfs, &file));
    volume_close(&v);
}

/* 9, 10 */
static void writes_of_nothing_and_odd_seeks(void **state)
{
    static struct volume v;
    lfs_file_t file;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "hello", 5);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDWR));
    assert_int_equal(lfs_file_seek(&v.lfs, &file, 100, LFS_SEEK_SET), 100);
    assert_int_equal(lfs_file_write(&v.lfs, &file, "", 0), 0);
    assert_int_equal(lfs_file_size(&v.lfs, &file), 5);
    assert_false(file.flags & LFS_F_DIRTY);
    assert_int_equal(lfs_file_seek(&v.lfs, &file, 1, 7), LFS_ERR_INVAL);
    assert_int_equal(lfs_file_tell(&v.lfs, &file), 100);
    OK(lfs_file_close(&v.lfs, &file));
    check_text(&v.lfs, "f", "hello");
    volume_close(&v);
}

/* 11 */
static void the_dots_never_move(void **state)
{
    static const char *const names[] = {".", "..", "a", "b", "m"};
    static struct volume v;
    (void)state;
    for (lfs_soff_t read = 0; read < 3; read++) {
        struct lfs_info info;
        lfs_dir_t dir;
        volume_open(&v, &shapes[0]);
        make_file(&v.lfs, "m", "", 0);
        OK(lfs_dir_open(&v.lfs, &dir, "/"));
        for (lfs_soff_t i = 0; i < read; i++) {
            assert_int_equal(lfs_dir_read(&v.lfs, &dir, &info), 1);
        }
        make_file(&v.lfs, "b", "", 0);
        make_file(&v.lfs, "a", "", 0);
        assert_int_equal(lfs_dir_tell(&v.lfs, &dir), read);
        for (lfs_soff_t i = read; i < 5; i++) {
            assert_int_equal(lfs_dir_read(&v.lfs, &dir, &info), 1);
            assert_string_equal(info.name, names[i]);
        }
        assert_int_equal(lfs_dir_read(&v.lfs, &dir, &info), 0);
        OK(lfs_dir_close(&v.lfs, &dir));
        volume_close(&v);
    }
}

/* 12: test_multiversion, the_older_one_is_raised. */

/* 14: test_attributes, too_large_for_a_file; and the variant without malloc. */

/* 15 */
static void growing_fails(void **state)
{
    static struct volume v;
    struct lfs_fsinfo info;
    (void)state;
    volume_open_size(&v, &shapes[0], 1 << 16);
    lfs_size_t count = v.lfs.block_count;
    v.device.failing = CALL_PROG;
    v.device.answer = LFS_ERR_IO;
    assert_int_equal(lfs_fs_grow(&v.lfs, count + 10), LFS_ERR_IO);
    v.device.answer = 0;
    assert_int_equal(v.lfs.block_count, count);
    OK(lfs_fs_stat(&v.lfs, &info));
    assert_int_equal(info.block_count, count);
    make_pattern(&v.lfs, "f", 5000, 0);
    volume_remount(&v);
    check_pattern(&v.lfs, "f", 5000, 0);
    volume_close(&v);
}

/* 16 */
static void absent_attributes_cost_nothing(void **state)
{
    static struct volume v;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "", 0);
    uint64_t changes = device_changes(&v.device);
    OK(lfs_removeattr(&v.lfs, "f", 1));
    OK(lfs_removeattr(&v.lfs, "/", 1));
    assert_int_equal(device_changes(&v.device), changes);
    assert_int_equal(lfs_removeattr(&v.lfs, "g", 1), LFS_ERR_NOENT);
    volume_close(&v);
}

/* 17: whatever goes wrong, nothing is printed. */
static void nothing_is_printed(void **state)
{
    static struct volume v;
    struct lfs_info info;
    (void)state;
    FILE *caught = tmpfile();
    assert_non_null(caught);
    fflush(stdout);
    int kept = dup(STDOUT_FILENO);
    dup2(fileno(caught), STDOUT_FILENO);
    volume_open_size(&v, &shapes[0], 16 * 512);
    fill_up(&v.lfs, 1000);
    int result = lfs_stat(&v.lfs, "missing", &info);
    OK(lfs_unmount(&v.lfs));
    memset(v.device.flash.bytes, 0, (size_t)16 * 512);
    int mounted = lfs_mount(&v.lfs, &v.device.cfg);
    fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    fseek(caught, 0, SEEK_END);
    assert_int_equal(ftell(caught), 0);
    fclose(caught);
    assert_int_equal(result, LFS_ERR_NOENT);
    assert_int_equal(mounted, LFS_ERR_CORRUPT);
    device_close(&v.device);
}

/* 18: test_misuse, after_unmount. 19: test_attributes, too_large_for_a_file. */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_directory_below_itself),
        cmocka_unit_test(a_full_device),
        cmocka_unit_test(a_name_for_no_block),
        cmocka_unit_test(a_commit_without_room),
        cmocka_unit_test(readers_of_what_is_gone),
        cmocka_unit_test(writers_of_what_is_gone),
        cmocka_unit_test(getattr_clears),
        cmocka_unit_test(stat_sets_the_size),
        cmocka_unit_test(truncate_checks_first),
        cmocka_unit_test(writes_of_nothing_and_odd_seeks),
        cmocka_unit_test(the_dots_never_move),
        cmocka_unit_test(growing_fails),
        cmocka_unit_test(absent_attributes_cost_nothing),
        cmocka_unit_test(nothing_is_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
