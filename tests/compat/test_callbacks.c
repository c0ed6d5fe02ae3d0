/* SPDX-License-Identifier: MIT */
/*
 * lfs.h: what the functions of the configuration are asked for, and what comes
 * of what they return. (That programs are whole units, rise within a block and
 * are erased before is watched by the flash under all tests.)
 */
#include "device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t bytes[1 << 18];

/* --- what is asked for --------------------------------------------------------------------- */

static int no_block(void *data, lfs_block_t block)
{
    (void)data;
    (void)block;
    return 0;
}

static void only_read(lfs_t *lfs)
{
    struct lfs_fsinfo fsinfo;
    struct lfs_info info;
    lfs_file_t file;
    lfs_dir_t dir;
    OK(lfs_stat(lfs, "d/f", &info));
    assert_int_equal(lfs_getattr(lfs, "d/f", 1, bytes, 10), 3);
    assert_int_equal(lfs_getattr(lfs, "d/f", 2, bytes, 10), LFS_ERR_NOATTR);
    OK(lfs_fs_stat(lfs, &fsinfo));
    assert_true(lfs_fs_size(lfs) > 4);
    OK(lfs_fs_traverse(lfs, no_block, NULL));
    check_names(lfs, "d", "f ");
    OK(lfs_dir_open(lfs, &dir, "/"));
    assert_int_equal(lfs_dir_read(lfs, &dir, &info), 1);
    OK(lfs_dir_seek(lfs, &dir, 1));
    OK(lfs_dir_rewind(lfs, &dir));
    OK(lfs_dir_close(lfs, &dir));
    check_pattern(lfs, "d/f", 70000, 1);
    static const int flags[] = {LFS_O_RDONLY, LFS_O_WRONLY, LFS_O_RDWR,
                                LFS_O_RDWR | LFS_O_CREAT | LFS_O_APPEND};
    for (size_t i = 0; i < 4; i++) { /* opened to be written, but not written */
        OK(lfs_file_open(lfs, &file, "d/f", flags[i]));
        assert_int_equal(lfs_file_seek(lfs, &file, -10, LFS_SEEK_END), 69990);
        OK(lfs_file_rewind(lfs, &file));
        OK(lfs_file_sync(lfs, &file));
        OK(lfs_file_close(lfs, &file));
    }
}

static void reading_changes_nothing(void **state)
{
    static struct volume v;
    (void)state;
    for (size_t i = 0; i < SHAPES; i++) {
        volume_open(&v, &shapes[i]);
        OK(lfs_mkdir(&v.lfs, "d"));
        make_pattern(&v.lfs, "d/f", 70000, 1);
        OK(lfs_setattr(&v.lfs, "d/f", 1, "abc", 3));
        uint64_t changes = device_changes(&v.device);
        for (int mounts = 0; mounts < 2; mounts++) {
            volume_remount(&v);
            only_read(&v.lfs);
        }
        OK(lfs_unmount(&v.lfs));
        assert_int_equal(device_changes(&v.device), changes);
        device_close(&v.device);
    }
}

/* Large reads are not copied, and take no more calls than there are pieces of the file. */
static void large_reads_go_straight_to_the_caller(void **state)
{
    static struct volume v;
    lfs_file_t file;
    (void)state;
    for (size_t i = 0; i < SHAPES; i++) {
        lfs_size_t size = 4 * shapes[i].block_size;
        volume_open(&v, &shapes[i]);
        make_pattern(&v.lfs, "f", size, 1);
        volume_remount(&v);
        OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDONLY));
        v.device.watched = bytes;
        v.device.watched_size = sizeof(bytes);
        assert_int_equal(lfs_file_read(&v.lfs, &file, bytes, sizeof(bytes)), size);
        v.device.watched = NULL;
        lfs_size_t most = shapes[i].read_size > 16 ? size / 4 : size - size / 8;
        assert_true(v.device.read_there >= most); /* block 0 begins with no pointers */
        OK(lfs_file_close(&v.lfs, &file));
        volume_close(&v);
    }
}

/* --- what is returned ------------------------------------------------------------------------ */

/* A change that makes calls of all kinds. */
static int change(lfs_t *lfs)
{
    lfs_file_t file;
    int result = lfs_mkdir(lfs, "new");
    if (result == 0) {
        result = lfs_file_open(lfs, &file, "new/file", LFS_O_RDWR | LFS_O_CREAT);
    }
    if (result == 0) {
        lfs_ssize_t written = lfs_file_write(lfs, &file, bytes, 3000);
        int closed = lfs_file_close(lfs, &file);
        result = written < 0 ? (int)written : closed;
    }
    return result;
}

/* Any number comes back as it is, at whichever call; afterwards all works again. */
static void numbers_come_back(void **state)
{
    static const struct {
        int returned;
        int result;
    } cases[] = {
        {-99, -99}, {LFS_ERR_IO, LFS_ERR_IO}, {LFS_ERR_NOENT, LFS_ERR_NOENT}, {1, LFS_ERR_IO}};
    static struct volume v;
    (void)state;
    for (int kind = CALL_READ; kind < CALL_KINDS; kind++) {
        for (size_t i = 0; i < 4; i++) {
            int result = -1;
            for (uint64_t spare = 0; result != 0; spare++) {
                volume_open_size(&v, &shapes[0], 1 << 14);
                volume_remount(&v);
                make_file(&v.lfs, "old", "hello", 5);
                v.device.failing = (enum device_call)kind;
                v.device.spare = spare;
                v.device.answer = cases[i].returned;
                result = change(&v.lfs);
                assert_true(result == 0 || result == cases[i].result);
                v.device.answer = 0;
                check_text(&v.lfs, "old", "hello");
                (void)lfs_remove(&v.lfs, "new/file");
                (void)lfs_remove(&v.lfs, "new");
                OK(change(&v.lfs));
                volume_remount(&v);
                check_file(&v.lfs, "new/file", bytes, 3000);
                volume_close(&v);
            }
        }
    }
}

static void numbers_come_back_from_mount_and_format(void **state)
{
    static struct volume v;
    (void)state;
    volume_open_size(&v, &shapes[0], 1 << 14);
    OK(lfs_unmount(&v.lfs));
    v.device.answer = -99;
    v.device.failing = CALL_READ;
    assert_int_equal(lfs_mount(&v.lfs, &v.device.cfg), -99);
    v.device.answer = 1;
    assert_int_equal(lfs_mount(&v.lfs, &v.device.cfg), LFS_ERR_IO);
    v.device.answer = -99;
    for (int kind = CALL_PROG; kind < CALL_KINDS; kind++) {
        v.device.failing = (enum device_call)kind;
        assert_int_equal(lfs_format(&v.lfs, &v.device.cfg), -99);
    }
    v.device.answer = 0;
    OK(lfs_format(&v.lfs, &v.device.cfg));
    device_close(&v.device);
}

/* --- bad blocks ---------------------------------------------------------------------------------
 */

static void work(lfs_t *lfs, unsigned salt)
{
    char path[300];
    (void)lfs_mkdir(lfs, "a directory with a long name");
    for (unsigned i = 0; i < 3; i++) {
        snprintf(path, sizeof(path), "a directory with a long name/%0100u", i);
        make_pattern(lfs, path, 20 + 700 * i, salt);
    }
}

static void check_work(lfs_t *lfs, unsigned salt)
{
    char path[300];
    for (unsigned i = 0; i < 3; i++) {
        snprintf(path, sizeof(path), "a directory with a long name/%0100u", i);
        check_pattern(lfs, path, 20 + 700 * i, salt);
    }
}

/* Whatever is wrong with a block, but the root's, nobody notices. */
static void each_block_bad_in_turn(void **state)
{
    static const int erased[] = {0x00, 0xff, FLASH_ERASE_KEEPS};
    static struct volume v;
    (void)state;
    for (size_t e = 0; e < 3; e++) {
        for (int flaw = FLAW_PROG_ERROR; flaw <= FLAW_ERASE_SILENT; flaw++) {
            for (lfs_block_t block = 2; block < 32; block++) {
                volume_open_size(&v, &shapes[0], 32 * 512);
                v.device.flash.erase_value = erased[e];
                v.device.flash.flaws[block] = (uint8_t)flaw;
                work(&v.lfs, 1);
                check_work(&v.lfs, 1);
                work(&v.lfs, 2);
                volume_remount(&v);
                check_work(&v.lfs, 2);
                if (flaw == FLAW_PROG_SILENT || flaw == FLAW_ERASE_SILENT) {
                    /* It is noticed when the block is read back: the rest was programmed, too. */
                    v.device.flash.breaches = 0;
                }
                volume_close(&v);
            }
        }
    }
}

static void the_root_has_no_other_place(void **state)
{
    static struct volume v;
    int result = 0;
    (void)state;
    for (lfs_block_t block = 0; block < 2; block++) {
        device_open(&v.device, &shapes[0], 1 << 14);
        v.device.flash.flaws[block] = FLAW_ERASE_ERROR;
        assert_int_equal(lfs_format(&v.lfs, &v.device.cfg), LFS_ERR_NOSPC);
        device_close(&v.device);
    }
    device_open(&v.device, &shapes[0], 1 << 14);
    v.device.flash.flaws[0] = FLAW_PROG_ERROR;
    v.device.flash.flaws[1] = FLAW_PROG_ERROR;
    assert_int_equal(lfs_format(&v.lfs, &v.device.cfg), LFS_ERR_NOSPC);
    assert_int_equal(lfs_mount(&v.lfs, &v.device.cfg), LFS_ERR_CORRUPT);
    device_close(&v.device);

    volume_open_size(&v, &shapes[0], 1 << 14);
    make_file(&v.lfs, "f", "hello", 5);
    v.device.flash.flaws[0] = FLAW_ERASE_ERROR;
    v.device.flash.flaws[1] = FLAW_ERASE_ERROR;
    for (unsigned i = 0; i < 100 && result == 0; i++) {
        result = lfs_setattr(&v.lfs, "f", 1, &i, sizeof(i));
    }
    assert_int_equal(result, LFS_ERR_NOSPC);
    check_text(&v.lfs, "f", "hello");
    volume_remount(&v);
    check_text(&v.lfs, "f", "hello");
    volume_close(&v);
}

static void all_blocks_bad(void **state)
{
    static struct volume v;
    (void)state;
    for (int flaw = FLAW_PROG_ERROR; flaw <= FLAW_ERASE_SILENT; flaw++) {
        volume_open_size(&v, &shapes[0], 1 << 14);
        memset(v.device.flash.flaws + 2, flaw, 30);
        int result = lfs_mkdir(&v.lfs, "d");
        /* A block that cannot be read is written all the same. */
        assert_true(result == LFS_ERR_NOSPC);
        make_file(&v.lfs, "f", "hello", 5);
        check_text(&v.lfs, "f", "hello");
        volume_close(&v);
    }
}

/* One copy of metadata is enough; of data there is one. */
static void blocks_that_cannot_be_read(void **state)
{
    static struct volume v;
    struct lfs_info info;
    lfs_file_t file;
    (void)state;
    volume_open_size(&v, &shapes[0], 1 << 14);
    make_pattern(&v.lfs, "f", 400, 1); /* the one block that is not 0 or 1 */
    lfs_block_t block = 2;
    while (v.device.flash.erases[block] == 0) {
        block++;
    }
    v.device.flash.flaws[block] = FLAW_READ_ERROR;
    volume_remount(&v);
    OK(lfs_stat(&v.lfs, "f", &info));
    assert_int_equal(info.size, 400);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDONLY));
    assert_int_equal(lfs_file_read(&v.lfs, &file, bytes, 400), LFS_ERR_CORRUPT);
    OK(lfs_file_close(&v.lfs, &file));
    v.device.flash.flaws[block] = FLAW_NONE;
    for (lfs_block_t root = 0; root < 2; root++) {
        v.device.flash.flaws[root] = FLAW_READ_ERROR;
        volume_remount(&v);
        v.device.flash.flaws[root] = FLAW_NONE;
    }
    OK(lfs_unmount(&v.lfs));
    memset(v.device.flash.flaws, FLAW_READ_ERROR, 2);
    assert_int_equal(lfs_mount(&v.lfs, &v.device.cfg), LFS_ERR_CORRUPT);
    device_close(&v.device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_changes_nothing),
        cmocka_unit_test(large_reads_go_straight_to_the_caller),
        cmocka_unit_test(numbers_come_back),
        cmocka_unit_test(numbers_come_back_from_mount_and_format),
        cmocka_unit_test(each_block_bad_in_turn),
        cmocka_unit_test(the_root_has_no_other_place),
        cmocka_unit_test(all_blocks_bad),
        cmocka_unit_test(blocks_that_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
