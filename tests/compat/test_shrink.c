/* SPDX-License-Identifier: MIT */
/*
 * lfs.h with LFS_SHRINKNONRELOCATING: a volume gives up blocks that it does not
 * use, and only those.
 */
#include "ram.h"

static struct ram ram;
static lfs_t lfs;
static char content[3000];

static void start(void)
{
    ram_start(&ram);
    OK(lfs_format(&lfs, &ram.cfg));
    OK(lfs_mount(&lfs, &ram.cfg));
}

static void make_file(const char *path)
{
    lfs_file_t file;
    OK(lfs_file_open(&lfs, &file, path, LFS_O_WRONLY | LFS_O_CREAT));
    assert_int_equal(lfs_file_write(&lfs, &file, content, sizeof(content)), sizeof(content));
    OK(lfs_file_close(&lfs, &file));
}

static void check_file(const char *path)
{
    char found[sizeof(content)];
    lfs_file_t file;
    OK(lfs_file_open(&lfs, &file, path, LFS_O_RDONLY));
    assert_int_equal(lfs_file_read(&lfs, &file, found, sizeof(found)), sizeof(found));
    assert_memory_equal(found, content, sizeof(content));
    OK(lfs_file_close(&lfs, &file));
}

static int find_last(void *data, lfs_block_t block)
{
    lfs_block_t *last = (lfs_block_t *)data;
    *last = block > *last ? block : *last;
    return 0;
}

static void unused_blocks_go(void **state)
{
    lfs_block_t last = 0;
    (void)state;
    start();
    memset(content, 'x', sizeof(content));
    make_file("f");
    OK(lfs_fs_traverse(&lfs, find_last, &last));
    if (last + 1 == RAM_BLOCKS) { /* where it is put is not for us to say */
        OK(lfs_remove(&lfs, "f"));
        last = 1;
    }
    OK(lfs_fs_grow(&lfs, last + 1));
    assert_int_equal(lfs.block_count, last + 1);
    for (int given = 0; given < 2; given++) {
        OK(lfs_unmount(&lfs));
        assert_int_equal(lfs_mount(&lfs, &ram.cfg), given ? 0 : LFS_ERR_INVAL);
        ram.cfg.block_count = last + 1;
        OK(lfs_mount(&lfs, &ram.cfg));
    }
    if (last > 1) {
        check_file("f");
    }
    OK(lfs_unmount(&lfs));
}

static void used_blocks_stay(void **state)
{
    lfs_block_t last = 0;
    static uint8_t before[sizeof(ram.bytes)];
    (void)state;
    start();
    memset(content, 'y', sizeof(content));
    make_file("f");
    OK(lfs_fs_traverse(&lfs, find_last, &last));
    memcpy(before, ram.bytes, sizeof(before));
    for (lfs_size_t count = 2; count <= last; count++) {
        assert_int_equal(lfs_fs_grow(&lfs, count), LFS_ERR_NOTEMPTY);
        assert_int_equal(lfs.block_count, RAM_BLOCKS);
    }
    assert_int_equal(lfs_fs_grow(&lfs, 1), LFS_ERR_INVAL);
    assert_int_equal(lfs_fs_grow(&lfs, 0), LFS_ERR_INVAL);
    assert_memory_equal(ram.bytes, before, sizeof(before));
    check_file("f");
    OK(lfs_unmount(&lfs));
}

/* To and fro, with all that is left in use in between. */
static void shrunk_and_grown(void **state)
{
    (void)state;
    start();
    for (int i = 0; i < 5; i++) {
        memset(content, 'a' + i, sizeof(content));
        OK(lfs_fs_grow(&lfs, 12));
        make_file("f");
        check_file("f");
        OK(lfs_fs_grow(&lfs, RAM_BLOCKS));
        check_file("f");
        make_file("g");
        check_file("g");
        OK(lfs_remove(&lfs, "f"));
        OK(lfs_remove(&lfs, "g"));
    }
    OK(lfs_unmount(&lfs));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unused_blocks_go),
        cmocka_unit_test(used_blocks_stay),
        cmocka_unit_test(shrunk_and_grown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
