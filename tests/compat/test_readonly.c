/* SPDX-License-Identifier: MIT */
/*
 * lfs.h with LFS_READONLY: everything that reads works, over a device that
 * cannot be written to, on a volume that lfskit has made.
 */
#include "ram.h"

#include "lfskit/filesystem.h"

static struct ram ram;
static lfs_t lfs;
static const char content[] = "to be read; long enough to be no inline file, with a cache of 64";

static void make_volume(void)
{
    const struct lfk_medium_options options = {
        .size = sizeof(options), .block_size = RAM_BLOCK, .block_count = RAM_BLOCKS};
    struct lfk_medium *medium = NULL;
    struct lfk_filesystem *filesystem = NULL;
    struct lfk_file *file = NULL;
    ram_start(&ram);
    OK(lfk_medium_open_memory(&medium, ram.bytes, sizeof(ram.bytes), &options, NULL));
    const struct lfk_device *device = lfk_medium_device(medium);
    OK(lfk_filesystem_format(device, NULL, NULL));
    OK(lfk_filesystem_mount(&filesystem, device, NULL, NULL));
    OK(lfk_filesystem_mkdir(filesystem, "d", NULL));
    OK(lfk_file_open(&file, filesystem, "d/f", LFK_OPEN_WRITE | LFK_OPEN_CREATE, NULL, NULL));
    assert_int_equal(lfk_file_write(file, content, sizeof(content), NULL), sizeof(content));
    OK(lfk_file_close(file, NULL));
    OK(lfk_filesystem_set_attribute(filesystem, "d/f", 7, "attr", 4, NULL));
    lfk_filesystem_unmount(filesystem);
    lfk_medium_close(medium);
}

static int no_block(void *data, lfs_block_t block)
{
    (void)data;
    (void)block;
    return 0;
}

static void names_are_read(void **state)
{
    struct lfs_fsinfo fsinfo;
    struct lfs_info info;
    lfs_dir_t dir;
    char attribute[4];
    (void)state;
    OK(lfs_mount(&lfs, &ram.cfg));
    OK(lfs_stat(&lfs, "d/f", &info));
    assert_int_equal(info.size, sizeof(content));
    assert_int_equal(lfs_getattr(&lfs, "d/f", 7, attribute, 4), 4);
    assert_memory_equal(attribute, "attr", 4);
    OK(lfs_fs_stat(&lfs, &fsinfo));
    assert_int_equal(fsinfo.block_count, RAM_BLOCKS);
    assert_int_equal(lfs_fs_size(&lfs), 5);
    OK(lfs_fs_traverse(&lfs, no_block, NULL));
    OK(lfs_dir_open(&lfs, &dir, "d"));
    OK(lfs_dir_seek(&lfs, &dir, 2));
    assert_int_equal(lfs_dir_read(&lfs, &dir, &info), 1);
    assert_string_equal(info.name, "f");
    assert_int_equal(lfs_dir_tell(&lfs, &dir), 3);
    OK(lfs_dir_rewind(&lfs, &dir));
    OK(lfs_dir_close(&lfs, &dir));
    OK(lfs_unmount(&lfs));
}

static void files_are_read(void **state)
{
    char found[sizeof(content)];
    char attribute[6] = "??????";
    struct lfs_attr attrs[] = {{7, attribute, 6}};
    const struct lfs_file_config config = {.attrs = attrs, .attr_count = 1};
    lfs_file_t file;
    (void)state;
    OK(lfs_mount(&lfs, &ram.cfg));
    OK(lfs_file_opencfg(&lfs, &file, "d/f", LFS_O_RDONLY, &config));
    assert_memory_equal(attribute, "attr\0\0", 6);
    assert_int_equal(lfs_file_size(&lfs, &file), sizeof(content));
    assert_int_equal(lfs_file_read(&lfs, &file, found, sizeof(found)), sizeof(content));
    assert_memory_equal(found, content, sizeof(content));
    assert_int_equal(lfs_file_seek(&lfs, &file, -4, LFS_SEEK_END), sizeof(content) - 4);
    assert_int_equal(lfs_file_tell(&lfs, &file), sizeof(content) - 4);
    OK(lfs_file_rewind(&lfs, &file));
    OK(lfs_file_sync(&lfs, &file)); /* defined here, too */
    OK(lfs_file_close(&lfs, &file));
    OK(lfs_unmount(&lfs));
}

/* Flags of other builds, as a program may pass them in numbers. */
static void nothing_can_be_opened_to_be_written(void **state)
{
    lfs_file_t file;
    (void)state;
    OK(lfs_mount(&lfs, &ram.cfg));
    assert_int_equal(lfs_file_open(&lfs, &file, "d/f", 0), LFS_ERR_INVAL);
    assert_int_equal(lfs_file_open(&lfs, &file, "d/f", 2), LFS_ERR_INVAL);
    assert_int_equal(lfs_file_open(&lfs, &file, "new", 1 | 0x100), LFS_ERR_NOENT);
    OK(lfs_file_open(&lfs, &file, "d/f", 3 | 0x400));
    assert_int_equal(lfs_file_size(&lfs, &file), sizeof(content));
    OK(lfs_file_close(&lfs, &file));
    OK(lfs_unmount(&lfs));
}

static int set_up(void **state)
{
    (void)state;
    make_volume();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_read),
        cmocka_unit_test(files_are_read),
        cmocka_unit_test(nothing_can_be_opened_to_be_written),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
