/* SPDX-License-Identifier: MIT */
/*
 * lfs.h with LFS_NAME_MAX, LFS_FILE_MAX and LFS_ATTR_MAX: they are what a volume
 * is made with, the most that a configuration may say, and the size of
 * lfs_info.name.
 */
#include "ram.h"

#include "lfskit/filesystem.h"

static struct ram ram;
static lfs_t lfs;

static void they_hold(void **state)
{
    char name[LFS_NAME_MAX + 2];
    char bytes[LFS_FILE_MAX + 1] = "";
    struct lfs_fsinfo fsinfo;
    struct lfs_info info;
    lfs_file_t file;
    (void)state;
    assert_int_equal(sizeof(info.name), LFS_NAME_MAX + 1);
    ram_start(&ram);
    OK(lfs_format(&lfs, &ram.cfg));
    OK(lfs_mount(&lfs, &ram.cfg));
    OK(lfs_fs_stat(&lfs, &fsinfo));
    assert_int_equal(fsinfo.name_max, LFS_NAME_MAX);
    assert_int_equal(fsinfo.file_max, LFS_FILE_MAX);
    assert_int_equal(fsinfo.attr_max, LFS_ATTR_MAX);
    memset(name, 'n', sizeof(name));
    name[LFS_NAME_MAX + 1] = '\0';
    assert_int_equal(lfs_mkdir(&lfs, name), LFS_ERR_NAMETOOLONG);
    name[LFS_NAME_MAX] = '\0';
    OK(lfs_file_open(&lfs, &file, name, LFS_O_RDWR | LFS_O_CREAT));
    assert_int_equal(lfs_file_write(&lfs, &file, bytes, LFS_FILE_MAX + 1), LFS_ERR_FBIG);
    assert_int_equal(lfs_file_write(&lfs, &file, bytes, LFS_FILE_MAX), LFS_FILE_MAX);
    assert_int_equal(lfs_file_truncate(&lfs, &file, LFS_FILE_MAX + 1), LFS_ERR_INVAL);
    assert_int_equal(lfs_file_seek(&lfs, &file, LFS_FILE_MAX + 1, LFS_SEEK_SET), LFS_ERR_INVAL);
    OK(lfs_file_close(&lfs, &file));
    OK(lfs_stat(&lfs, name, &info));
    assert_string_equal(info.name, name);
    assert_int_equal(lfs_setattr(&lfs, name, 1, bytes, LFS_ATTR_MAX + 1), LFS_ERR_NOSPC);
    OK(lfs_setattr(&lfs, name, 1, bytes, LFS_ATTR_MAX));
    OK(lfs_unmount(&lfs));
}

static void no_configuration_has_more(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++) {
        ram_start(&ram);
        ram.cfg.name_max = i == 0 ? LFS_NAME_MAX + 1 : 0;
        ram.cfg.file_max = i == 1 ? LFS_FILE_MAX + 1 : 0;
        ram.cfg.attr_max = i == 2 ? LFS_ATTR_MAX + 1 : 0;
        assert_int_equal(lfs_format(&lfs, &ram.cfg), LFS_ERR_INVAL);
    }
}

/* A volume that was made elsewhere. */
static void no_volume_has_more(void **state)
{
    const struct lfk_medium_options options = {
        .size = sizeof(options), .block_size = RAM_BLOCK, .block_count = RAM_BLOCKS};
    struct lfk_medium *medium = NULL;
    (void)state;
    ram_start(&ram);
    OK(lfk_medium_open_memory(&medium, ram.bytes, sizeof(ram.bytes), &options, NULL));
    OK(lfk_filesystem_format(lfk_medium_device(medium), NULL, NULL));
    lfk_medium_close(medium);
    assert_int_equal(lfs_mount(&lfs, &ram.cfg), LFS_ERR_INVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_hold),
        cmocka_unit_test(no_configuration_has_more),
        cmocka_unit_test(no_volume_has_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
