/* SPDX-License-Identifier: MIT */
/*
 * lfs.h with LFS_MULTIVERSION: which version is written, and which is refused.
 */
#include "ram.h"

#define VERSION_2_0 0x00020000

static struct ram ram;
static lfs_t lfs;

static void expect_version(uint32_t version)
{
    struct lfs_fsinfo info;
    OK(lfs_fs_stat(&lfs, &info));
    assert_int_equal(info.disk_version, version);
}

static void start(uint32_t version)
{
    ram_start(&ram);
    ram.cfg.disk_version = version;
    OK(lfs_format(&lfs, &ram.cfg));
    OK(lfs_mount(&lfs, &ram.cfg));
}

static void zero_is_the_newest(void **state)
{
    (void)state;
    start(0);
    expect_version(LFS_DISK_VERSION);
    OK(lfs_unmount(&lfs));
    start(LFS_DISK_VERSION);
    expect_version(LFS_DISK_VERSION);
    OK(lfs_unmount(&lfs));
}

static void the_older_one_stays(void **state)
{
    (void)state;
    start(VERSION_2_0);
    OK(lfs_mkdir(&lfs, "d"));
    OK(lfs_fs_mkconsistent(&lfs));
    expect_version(VERSION_2_0);
    OK(lfs_unmount(&lfs));
    OK(lfs_mount(&lfs, &ram.cfg));
    expect_version(VERSION_2_0);
    OK(lfs_unmount(&lfs));
}

/* By any change, attributes included; not by reading. */
static void the_older_one_is_raised(void **state)
{
    struct lfs_info info;
    (void)state;
    for (int change = 0; change < 5; change++) {
        lfs_file_t file;
        start(VERSION_2_0);
        OK(lfs_mkdir(&lfs, "d"));
        OK(lfs_setattr(&lfs, "d", 1, "a", 1));
        OK(lfs_unmount(&lfs));
        ram.cfg.disk_version = change % 2 == 0 ? 0 : LFS_DISK_VERSION;
        OK(lfs_mount(&lfs, &ram.cfg));
        OK(lfs_stat(&lfs, "d", &info));
        expect_version(VERSION_2_0);
        switch (change) {
        case 0:
            OK(lfs_mkdir(&lfs, "e"));
            break;
        case 1:
            OK(lfs_setattr(&lfs, "d", 2, "b", 1));
            break;
        case 2:
            OK(lfs_removeattr(&lfs, "d", 1));
            break;
        case 3:
            OK(lfs_fs_mkconsistent(&lfs));
            break;
        default:
            OK(lfs_file_open(&lfs, &file, "f", LFS_O_RDONLY | LFS_O_CREAT));
            OK(lfs_file_close(&lfs, &file));
        }
        expect_version(LFS_DISK_VERSION);
        OK(lfs_unmount(&lfs));
        ram.cfg.disk_version = VERSION_2_0;
        assert_int_equal(lfs_mount(&lfs, &ram.cfg), LFS_ERR_INVAL);
    }
}

static void others_are_refused(void **state)
{
    static const uint32_t others[] = {0x00010000, 0x00020002, 0x00030000, 0x2, 0xffffffff};
    (void)state;
    start(0);
    OK(lfs_unmount(&lfs));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        ram.cfg.disk_version = others[i];
        assert_int_equal(lfs_format(&lfs, &ram.cfg), LFS_ERR_INVAL);
        assert_int_equal(lfs_mount(&lfs, &ram.cfg), LFS_ERR_INVAL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zero_is_the_newest),
        cmocka_unit_test(the_older_one_stays),
        cmocka_unit_test(the_older_one_is_raised),
        cmocka_unit_test(others_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
