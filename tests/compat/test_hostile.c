/* SPDX-License-Identifier: MIT */
/*
 * lfs.h: volumes made to do harm. Links that lead outside the device or in
 * circles are LFS_ERR_CORRUPT where they are followed, and nowhere else; and
 * versions that are not ours are refused.
 */
#include "device.h"
#include "image_maker.h"

#include <string.h>

#define BLOCKS 16u

static struct volume v;
static uint8_t bytes[4096];

/* The volume is what the maker has made; not mounted. */
static void put(struct maker *m)
{
    struct flash *flash = &v.device.flash;
    device_open(&v.device, &shapes[0], BLOCKS * 512);
    memcpy(flash->bytes, m->bytes, maker_size(m));
    for (lfs_block_t block = 0; block < BLOCKS; block++) {
        lfs_size_t end = 512;
        while (end > 0 && maker_block(m, block)[end - 1] == 0xff) {
            end--;
        }
        flash->programmed[block] = lfs_alignup(end, 16);
    }
    maker_free(m);
}

static struct maker start(void)
{
    struct maker m = maker_start(512, BLOCKS);
    maker_root(&m);
    return m;
}

/* With the block count given and with what the volume says. */
static void expect_mount(int result)
{
    for (int given = 0; given < 2; given++) {
        v.device.cfg.block_count = given ? BLOCKS : 0;
        int mounted = lfs_mount(&v.lfs, &v.device.cfg);
        if (mounted != result) {
            fail_msg("mount: %d, not %d", mounted, result);
        }
        OK(lfs_unmount(&v.lfs));
    }
}

/* --- the list of pairs -------------------------------------------------------------------- */

static const lfs_block_t outside[] = {BLOCKS, 1000, 0x7fffffff, 0xfffffffe};

static void tails_that_lead_outside(void **state)
{
    static const uint32_t types[] = {LFK_TYPE_SOFT_TAIL, LFK_TYPE_HARD_TAIL};
    (void)state;
    for (size_t i = 0; i < 16; i++) {
        struct maker m = start();
        lfs_block_t far = outside[i / 4];
        maker_tail(&m, types[i & 1], i & 2 ? far : 2, far);
        maker_end(&m);
        put(&m);
        expect_mount(LFS_ERR_CORRUPT);
        device_close(&v.device);
    }
}

/* Of the root to itself; to a pair that leads back; of that pair to itself. */
static void tails_in_circles(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++) {
        struct maker m = start();
        uint32_t type = i & 1 ? LFK_TYPE_HARD_TAIL : LFK_TYPE_SOFT_TAIL;
        maker_tail(&m, type, i / 2 == 0 ? 0 : 2, i / 2 == 0 ? 1 : 3);
        maker_end(&m);
        maker_log(&m, 2, 1);
        maker_tail(&m, type, i / 2 == 1 ? 0 : 2, i / 2 == 1 ? 1 : 3);
        maker_end(&m);
        put(&m);
        expect_mount(LFS_ERR_CORRUPT);
        device_close(&v.device);
    }
}

/* --- directories and files ------------------------------------------------------------------ */

/* The rest of the volume is as good as ever. */
static void expect_siblings(void)
{
    check_text(&v.lfs, "a", "fine");
    check_text(&v.lfs, "z", "fine");
}

static void expect_directory_corrupt(void)
{
    struct lfs_info info;
    lfs_file_t file;
    lfs_dir_t dir;
    assert_int_equal(lfs_dir_open(&v.lfs, &dir, "evil"), LFS_ERR_CORRUPT);
    assert_int_equal(lfs_stat(&v.lfs, "evil/f", &info), LFS_ERR_CORRUPT);
    assert_int_equal(lfs_file_open(&v.lfs, &file, "evil/f", LFS_O_RDONLY), LFS_ERR_CORRUPT);
    OK(lfs_stat(&v.lfs, "evil", &info));
    assert_int_equal(info.type, LFS_TYPE_DIR);
}

static void directories_that_lead_outside(void **state)
{
    (void)state;
    for (size_t i = 0; i < 8; i++) {
        struct maker m = start();
        maker_file(&m, 1, "a", "fine");
        maker_dir(&m, 2, "evil", i & 1 ? 2 : outside[i / 2], outside[i / 2]);
        maker_file(&m, 3, "z", "fine");
        maker_end(&m);
        put(&m);
        v.device.cfg.block_count = BLOCKS;
        OK(lfs_mount(&v.lfs, &v.device.cfg));
        expect_directory_corrupt();
        expect_siblings();
        OK(lfs_mkdir(&v.lfs, "beside"));
        OK(lfs_setattr(&v.lfs, "z", 1, "x", 1));
        expect_directory_corrupt();
        expect_siblings();
        OK(lfs_unmount(&v.lfs));
        device_close(&v.device);
    }
}

/* A directory that is its own child, or the root's. */
static void directories_in_circles(void **state)
{
    struct lfs_info info;
    (void)state;
    for (int i = 0; i < 2; i++) {
        char path[400] = "";
        struct maker m = start();
        maker_dir(&m, 1, "d", i == 0 ? 0 : 2, i == 0 ? 1 : 3);
        maker_end(&m);
        maker_log(&m, 2, 1);
        maker_dir(&m, 0, "d", 2, 3);
        maker_end(&m);
        put(&m);
        v.device.cfg.block_count = BLOCKS;
        int result = lfs_mount(&v.lfs, &v.device.cfg);
        assert_true(result == 0 || result == LFS_ERR_CORRUPT);
        for (size_t at = 0; at + 3 < sizeof(path); at += 2) {
            memcpy(path + at, "/d", 3);
        }
        int found = result == 0 ? lfs_stat(&v.lfs, path, &info) : LFS_ERR_CORRUPT;
        assert_true(found == 0 || found == LFS_ERR_CORRUPT); /* and it ends */
        OK(lfs_unmount(&v.lfs));
        device_close(&v.device);
    }
}

/* What needs no free block works; what does cannot be, for who knows which are free. */
static void expect_file_corrupt(lfs_size_t size)
{
    struct lfs_info info;
    lfs_file_t file;
    OK(lfs_stat(&v.lfs, "evil", &info));
    assert_int_equal(info.size, size);
    OK(lfs_file_open(&v.lfs, &file, "evil", LFS_O_RDONLY));
    assert_int_equal(lfs_file_read(&v.lfs, &file, bytes, sizeof(bytes)), LFS_ERR_CORRUPT);
    OK(lfs_file_close(&v.lfs, &file));
    assert_int_equal(lfs_mkdir(&v.lfs, "new"), LFS_ERR_CORRUPT);
    OK(lfs_file_open(&v.lfs, &file, "z", LFS_O_WRONLY));
    assert_int_equal(lfs_file_write(&v.lfs, &file, bytes, 2000), LFS_ERR_CORRUPT);
    OK(lfs_file_close(&v.lfs, &file));
    expect_siblings();
    OK(lfs_remove(&v.lfs, "evil"));
    OK(lfs_mkdir(&v.lfs, "new"));
    expect_siblings();
}

static void files_that_lead_outside(void **state)
{
    static const lfs_size_t sizes[] = {100, 512, 600, 3000};
    (void)state;
    for (size_t i = 0; i < 16; i++) {
        struct maker m = start();
        maker_file(&m, 1, "a", "fine");
        maker_ctz(&m, 2, "evil", outside[i / 4], sizes[i % 4]);
        maker_file(&m, 3, "z", "fine");
        maker_end(&m);
        put(&m);
        v.device.cfg.block_count = BLOCKS;
        OK(lfs_mount(&v.lfs, &v.device.cfg));
        expect_file_corrupt(sizes[i % 4]);
        OK(lfs_unmount(&v.lfs));
        device_close(&v.device);
    }
}

static void pointers_that_lead_outside(void **state)
{
    static const uint32_t blocks[] = {4, 5, 6, 7};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct maker m = start();
        maker_file(&m, 1, "a", "fine");
        maker_ctz(&m, 2, "evil", 7, 1700);
        maker_file(&m, 3, "z", "fine");
        maker_end(&m);
        maker_list(&m, blocks, bytes, 1700);
        memset(maker_block(&m, 6), 0, 8);
        memcpy(maker_block(&m, 6), &outside[i], 4); /* which the head leads to */
        memcpy(maker_block(&m, 6) + 4, &outside[i], 4);
        put(&m);
        v.device.cfg.block_count = BLOCKS;
        OK(lfs_mount(&v.lfs, &v.device.cfg));
        expect_file_corrupt(1700);
        OK(lfs_unmount(&v.lfs));
        device_close(&v.device);
    }
}

/* A file that is larger than all there is. */
static void a_file_without_end(void **state)
{
    (void)state;
    struct maker m = start();
    maker_file(&m, 1, "a", "fine");
    maker_ctz(&m, 2, "evil", 4, 0x7fffffff);
    maker_file(&m, 3, "z", "fine");
    maker_end(&m);
    memset(maker_block(&m, 4), 0, 512);
    put(&m);
    v.device.cfg.block_count = BLOCKS;
    OK(lfs_mount(&v.lfs, &v.device.cfg));
    assert_int_not_equal(lfs_fs_size(&v.lfs), 0);
    expect_file_corrupt(0x7fffffff);
    OK(lfs_unmount(&v.lfs));
    device_close(&v.device);
}

/* --- moves that are pending --------------------------------------------------------------------
 */

static void moves_that_lead_outside(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct maker m = start();
        maker_file(&m, 1, "a", "fine");
        maker_file(&m, 2, "z", "fine");
        maker_gstate(&m, move_of(1), outside[i], outside[i]);
        maker_end(&m);
        put(&m);
        v.device.cfg.block_count = BLOCKS;
        OK(lfs_mount(&v.lfs, &v.device.cfg));
        expect_siblings();
        assert_int_equal(lfs_mkdir(&v.lfs, "new"), LFS_ERR_CORRUPT);
        assert_int_equal(lfs_fs_mkconsistent(&v.lfs), LFS_ERR_CORRUPT);
        expect_siblings();
        OK(lfs_unmount(&v.lfs));
        device_close(&v.device);
    }
}

/* --- versions and limits ------------------------------------------------------------------------
 */

static void put_version(uint32_t version)
{
    struct maker m = maker_start(512, BLOCKS);
    m.superblock.version = version;
    m.format.disk_version = version;
    maker_root(&m);
    maker_file(&m, 1, "a", "fine");
    maker_end(&m);
    put(&m);
}

static void versions(void **state)
{
    static const uint32_t unknown[] = {0x00010000, 0x00010007, 0x00020002, 0x0002ffff,
                                       0x00030000, 0x00000000, 0xffffffff};
    (void)state;
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        put_version(unknown[i]);
        expect_mount(LFS_ERR_INVAL);
        device_close(&v.device);
    }
}

/* Read it stays old; the first change raises it. */
static void an_older_version(void **state)
{
    int (*const changes[])(lfs_t * lfs, const char *path) = {lfs_mkdir, lfs_remove};
    struct lfs_fsinfo info;
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        put_version(0x00020000);
        v.device.cfg.block_count = BLOCKS;
        OK(lfs_mount(&v.lfs, &v.device.cfg));
        check_text(&v.lfs, "a", "fine");
        OK(lfs_fs_stat(&v.lfs, &info));
        assert_int_equal(info.disk_version, 0x00020000);
        assert_int_equal(device_changes(&v.device), 0);
        OK(changes[i](&v.lfs, i == 0 ? "new" : "a"));
        for (int mounted = 0; mounted < 2; mounted++) {
            OK(lfs_fs_stat(&v.lfs, &info));
            assert_int_equal(info.disk_version, LFS_DISK_VERSION);
            volume_remount(&v);
        }
        check_names(&v.lfs, "/", i == 0 ? "a new " : "");
        volume_close(&v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tails_that_lead_outside),
        cmocka_unit_test(tails_in_circles),
        cmocka_unit_test(directories_that_lead_outside),
        cmocka_unit_test(directories_in_circles),
        cmocka_unit_test(files_that_lead_outside),
        cmocka_unit_test(pointers_that_lead_outside),
        cmocka_unit_test(a_file_without_end),
        cmocka_unit_test(moves_that_lead_outside),
        cmocka_unit_test(versions),
        cmocka_unit_test(an_older_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
