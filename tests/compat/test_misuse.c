/* SPDX-License-Identifier: MIT */
/*
 * lfs.h: what littlefs asserts comes back as an error: configurations that
 * cannot be, and handles used for what they are not open for.
 */
#include "device.h"

#include <string.h>

/* --- configurations --------------------------------------------------------------------- */

/* Each makes one member wrong in a configuration of 16/16/512 with a cache of 64. */
static void no_read(struct lfs_config *c)
{
    c->read = NULL;
}
static void no_prog(struct lfs_config *c)
{
    c->prog = NULL;
}
static void no_erase(struct lfs_config *c)
{
    c->erase = NULL;
}
static void no_sync(struct lfs_config *c)
{
    c->sync = NULL;
}
static void read_size_0(struct lfs_config *c)
{
    c->read_size = 0;
}
static void prog_size_0(struct lfs_config *c)
{
    c->prog_size = 0;
}
static void cache_size_0(struct lfs_config *c)
{
    c->cache_size = 0;
}
static void cache_no_multiple_of_read(struct lfs_config *c)
{
    c->read_size = 48;
}
static void cache_no_multiple_of_prog(struct lfs_config *c)
{
    c->prog_size = 48;
}
static void cache_no_divisor_of_block(struct lfs_config *c)
{
    c->block_size = 544;
}
static void block_too_small(struct lfs_config *c)
{
    c->block_size = 64;
}
static void cycles_0(struct lfs_config *c)
{
    c->block_cycles = 0;
}
static void lookahead_0(struct lfs_config *c)
{
    c->lookahead_size = 0;
}
static void threshold_too_low(struct lfs_config *c)
{
    c->compact_thresh = 255;
}
static void threshold_too_high(struct lfs_config *c)
{
    c->compact_thresh = 513;
}
static void metadata_max_no_multiple(struct lfs_config *c)
{
    c->metadata_max = 8;
}
static void metadata_max_no_divisor(struct lfs_config *c)
{
    c->metadata_max = 384;
}
static void name_max_too_large(struct lfs_config *c)
{
    c->name_max = LFS_NAME_MAX + 1;
}
static void file_max_too_large(struct lfs_config *c)
{
    c->file_max = (lfs_size_t)LFS_FILE_MAX + 1;
}
static void attr_max_too_large(struct lfs_config *c)
{
    c->attr_max = LFS_ATTR_MAX + 1;
}
static void inline_above_cache(struct lfs_config *c)
{
    c->block_size = 4096;
    c->inline_max = 65;
}
static void inline_above_attr(struct lfs_config *c)
{
    c->attr_max = 32;
    c->inline_max = 33;
}
static void inline_above_block(struct lfs_config *c)
{
    c->cache_size = 512;
    c->inline_max = 65;
}
static void inline_above_metadata(struct lfs_config *c)
{
    c->metadata_max = 256;
    c->inline_max = 33;
}

typedef void wrong_fn(struct lfs_config *c);

static wrong_fn *const wrongs[] = {
    no_read,
    no_prog,
    no_erase,
    no_sync,
    read_size_0,
    prog_size_0,
    cache_size_0,
    cache_no_multiple_of_read,
    cache_no_multiple_of_prog,
    cache_no_divisor_of_block,
    block_too_small,
    cycles_0,
    lookahead_0,
    threshold_too_low,
    threshold_too_high,
    metadata_max_no_multiple,
    metadata_max_no_divisor,
    name_max_too_large,
    file_max_too_large,
    attr_max_too_large,
    inline_above_cache,
    inline_above_attr,
    inline_above_block,
    inline_above_metadata,
};

static void expect_refused(struct device *device,
                           int (*function)(lfs_t *, const struct lfs_config *), size_t wrong)
{
    lfs_t lfs;
    memset(&lfs, 0xa5, sizeof(lfs));
    memset(device->calls, 0, sizeof(device->calls));
    int result = function(&lfs, &device->cfg);
    if (result != LFS_ERR_INVAL) {
        fail_msg("configuration %zu: %d", wrong, result);
    }
    assert_int_equal(device->calls[CALL_READ] + device_changes(device), 0);
    OK(lfs_unmount(&lfs));
}

static void configurations(void **state)
{
    static struct volume v;
    (void)state;
    volume_open(&v, &shapes[0]);
    struct lfs_config right = v.device.cfg;
    OK(lfs_unmount(&v.lfs));
    for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
        wrongs[i](&v.device.cfg);
        expect_refused(&v.device, lfs_format, i);
        expect_refused(&v.device, lfs_mount, i);
        v.device.cfg = right;
    }
    v.device.cfg.block_count = 0;
    expect_refused(&v.device, lfs_format, 100);
    v.device.cfg = right;
    OK(lfs_mount(&v.lfs, &v.device.cfg));
    volume_close(&v);
}

/* What looks odd and is allowed. */
static void configurations_that_are_fine(void **state)
{
    static struct volume v;
    (void)state;
    device_open(&v.device, &shapes[1], 1 << 16);
    v.device.cfg.block_size = 130;
    v.device.cfg.cache_size = 130;
    v.device.flash.bd.block_size = 130;
    v.device.cfg.lookahead_size = 7;
    v.device.cfg.compact_thresh = (lfs_size_t)-1;
    v.device.cfg.block_count = 20;
    OK(lfs_format(&v.lfs, &v.device.cfg));
    OK(lfs_mount(&v.lfs, &v.device.cfg));
    make_pattern(&v.lfs, "f", 700, 0);
    OK(lfs_mkdir(&v.lfs, "d"));
    volume_remount(&v);
    check_pattern(&v.lfs, "f", 700, 0);
    OK(lfs_fs_gc(&v.lfs));
    volume_close(&v);
}

/* --- handles -------------------------------------------------------------------------------- */

static void expect_file_not_open(lfs_t *lfs, lfs_file_t *file)
{
    char byte = 0;
    assert_int_equal(lfs_file_close(lfs, file), LFS_ERR_BADF);
    assert_int_equal(lfs_file_sync(lfs, file), LFS_ERR_BADF);
    assert_int_equal(lfs_file_read(lfs, file, &byte, 1), LFS_ERR_BADF);
    assert_int_equal(lfs_file_write(lfs, file, &byte, 1), LFS_ERR_BADF);
    assert_int_equal(lfs_file_seek(lfs, file, 0, LFS_SEEK_SET), LFS_ERR_BADF);
    assert_int_equal(lfs_file_truncate(lfs, file, 0), LFS_ERR_BADF);
    assert_int_equal(lfs_file_tell(lfs, file), LFS_ERR_BADF);
    assert_int_equal(lfs_file_size(lfs, file), LFS_ERR_BADF);
    assert_int_equal(lfs_file_rewind(lfs, file), LFS_ERR_BADF);
}

static void expect_dir_not_open(lfs_t *lfs, lfs_dir_t *dir)
{
    struct lfs_info info;
    assert_int_equal(lfs_dir_read(lfs, dir, &info), LFS_ERR_BADF);
    assert_int_equal(lfs_dir_seek(lfs, dir, 0), LFS_ERR_BADF);
    assert_int_equal(lfs_dir_tell(lfs, dir), LFS_ERR_BADF);
    assert_int_equal(lfs_dir_rewind(lfs, dir), LFS_ERR_BADF);
    OK(lfs_dir_close(lfs, dir));
}

static void handles_that_are_not_open(void **state)
{
    static struct volume v;
    lfs_file_t file;
    lfs_dir_t dir;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "hello", 5);
    memset(&file, 0xa5, sizeof(file));
    memset(&dir, 0xa5, sizeof(dir));
    expect_file_not_open(&v.lfs, &file);
    expect_dir_not_open(&v.lfs, &dir);
    assert_int_equal(lfs_file_open(&v.lfs, &file, "missing", LFS_O_RDONLY), LFS_ERR_NOENT);
    assert_int_equal(lfs_dir_open(&v.lfs, &dir, "missing"), LFS_ERR_NOENT);
    expect_file_not_open(&v.lfs, &file);
    expect_dir_not_open(&v.lfs, &dir);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDWR));
    OK(lfs_dir_open(&v.lfs, &dir, "/"));
    OK(lfs_file_close(&v.lfs, &file));
    OK(lfs_dir_close(&v.lfs, &dir));
    expect_file_not_open(&v.lfs, &file);
    expect_dir_not_open(&v.lfs, &dir);
    volume_close(&v);
}

static void handles_opened_twice(void **state)
{
    static struct volume v;
    lfs_file_t file;
    lfs_file_t other;
    lfs_dir_t dir;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "hello", 5);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDWR));
    OK(lfs_file_open(&v.lfs, &other, "f", LFS_O_RDWR));
    assert_int_equal(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDWR), LFS_ERR_INVAL);
    assert_int_equal(lfs_file_open(&v.lfs, &file, "new", LFS_O_RDWR | LFS_O_CREAT), LFS_ERR_INVAL);
    assert_int_equal(lfs_file_write(&v.lfs, &file, "H", 1), 1); /* it is as it was */
    OK(lfs_file_close(&v.lfs, &file));
    OK(lfs_file_close(&v.lfs, &other));
    OK(lfs_dir_open(&v.lfs, &dir, "/"));
    assert_int_equal(lfs_dir_open(&v.lfs, &dir, "/"), LFS_ERR_INVAL);
    OK(lfs_dir_close(&v.lfs, &dir));
    check_text(&v.lfs, "f", "Hello");
    check_names(&v.lfs, "/", "f ");
    volume_close(&v);
}

static void rights(void **state)
{
    static struct volume v;
    lfs_file_t file;
    char byte = 0;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "hello", 5);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDONLY));
    assert_int_equal(lfs_file_write(&v.lfs, &file, "x", 1), LFS_ERR_BADF);
    assert_int_equal(lfs_file_truncate(&v.lfs, &file, 2), LFS_ERR_BADF);
    assert_int_equal(lfs_file_read(&v.lfs, &file, &byte, 1), 1);
    OK(lfs_file_close(&v.lfs, &file));
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_WRONLY));
    assert_int_equal(lfs_file_read(&v.lfs, &file, &byte, 1), LFS_ERR_BADF);
    assert_int_equal(lfs_file_write(&v.lfs, &file, "H", 1), 1);
    OK(lfs_file_close(&v.lfs, &file));
    OK(lfs_file_open(&v.lfs, &file, "f", 0));
    assert_int_equal(lfs_file_read(&v.lfs, &file, &byte, 1), LFS_ERR_BADF);
    assert_int_equal(lfs_file_write(&v.lfs, &file, "x", 1), LFS_ERR_BADF);
    assert_int_equal(lfs_file_size(&v.lfs, &file), 5);
    OK(lfs_file_close(&v.lfs, &file));
    check_text(&v.lfs, "f", "Hello");
    volume_close(&v);
}

/* --- volumes that are not mounted ---------------------------------------------------------------
 */

static int no_block(void *data, lfs_block_t block)
{
    (void)data;
    (void)block;
    return 0;
}

static void expect_not_mounted(lfs_t *lfs, lfs_file_t *file, lfs_dir_t *dir)
{
    struct lfs_info info;
    struct lfs_fsinfo fsinfo;
    const struct lfs_file_config config = {0};
    lfs_file_t other;
    const int results[] = {
        lfs_remove(lfs, "f"),
        lfs_rename(lfs, "f", "g"),
        lfs_mkdir(lfs, "d"),
        lfs_stat(lfs, "f", &info),
        lfs_getattr(lfs, "f", 1, NULL, 0),
        lfs_setattr(lfs, "f", 1, NULL, 0),
        lfs_removeattr(lfs, "f", 1),
        lfs_file_open(lfs, &other, "f", LFS_O_RDONLY),
        lfs_file_opencfg(lfs, &other, "f", LFS_O_RDONLY, &config),
        lfs_file_close(lfs, file),
        lfs_file_sync(lfs, file),
        lfs_file_read(lfs, file, &info, 1),
        lfs_file_write(lfs, file, "x", 1),
        lfs_file_seek(lfs, file, 0, LFS_SEEK_SET),
        lfs_file_truncate(lfs, file, 0),
        lfs_file_tell(lfs, file),
        lfs_file_rewind(lfs, file),
        lfs_file_size(lfs, file),
        lfs_dir_open(lfs, dir, "/"),
        lfs_dir_read(lfs, dir, &info),
        lfs_dir_seek(lfs, dir, 0),
        lfs_dir_tell(lfs, dir),
        lfs_dir_rewind(lfs, dir),
        lfs_fs_stat(lfs, &fsinfo),
        lfs_fs_size(lfs),
        lfs_fs_traverse(lfs, no_block, NULL),
        lfs_fs_mkconsistent(lfs),
        lfs_fs_gc(lfs),
        lfs_fs_grow(lfs, 5000),
    };
    for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
        if (results[i] != LFS_ERR_INVAL) {
            fail_msg("call %zu: %d", i, results[i]);
        }
    }
    OK(lfs_dir_close(lfs, dir));
    OK(lfs_unmount(lfs));
}

static void after_unmount(void **state)
{
    static struct volume v;
    static lfs_file_t file;
    static lfs_dir_t dir;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "hello", 5);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDWR));
    OK(lfs_dir_open(&v.lfs, &dir, "/"));
    assert_int_equal(lfs_file_write(&v.lfs, &file, "HELLO", 5), 5);
    uint64_t changes = device_changes(&v.device);
    OK(lfs_unmount(&v.lfs));
    expect_not_mounted(&v.lfs, &file, &dir);
    assert_int_equal(device_changes(&v.device), changes);
    OK(lfs_mount(&v.lfs, &v.device.cfg));
    check_text(&v.lfs, "f", "hello");
    volume_close(&v);
}

static void after_a_failed_mount(void **state)
{
    static struct volume v;
    lfs_file_t file = {0};
    lfs_dir_t dir = {0};
    (void)state;
    device_open(&v.device, &shapes[0], 1 << 16);
    memset(&v.lfs, 0xa5, sizeof(v.lfs));
    assert_int_equal(lfs_mount(&v.lfs, &v.device.cfg), LFS_ERR_CORRUPT);
    expect_not_mounted(&v.lfs, &file, &dir);
    OK(lfs_format(&v.lfs, &v.device.cfg));
    expect_not_mounted(&v.lfs, &file, &dir);
    device_close(&v.device);
}

/* Whatever was in its memory, it is not mounted, and can be. */
static void never_initialised(void **state)
{
    static const int garbage[] = {0x00, 0x01, 0x5a, 0xa5, 0xff};
    static struct volume v;
    (void)state;
    volume_open(&v, &shapes[0]);
    for (size_t i = 0; i < sizeof(garbage) / sizeof(garbage[0]); i++) {
        lfs_t lfs;
        lfs_file_t file;
        lfs_dir_t dir;
        memset(&lfs, garbage[i], sizeof(lfs));
        memset(&file, garbage[i], sizeof(file));
        memset(&dir, garbage[i], sizeof(dir));
        expect_not_mounted(&lfs, &file, &dir);
        memset(&lfs, garbage[i], sizeof(lfs));
        OK(lfs_mount(&lfs, &v.device.cfg));
        OK(lfs_unmount(&lfs));
        OK(lfs_unmount(&lfs));
        memset(&lfs, garbage[i], sizeof(lfs));
        OK(lfs_format(&lfs, &v.device.cfg));
    }
    volume_close(&v);
}

/* Mounted over itself; the first mount's memory is given back, or a leak checker complains. */
static void mounted_again(void **state)
{
    static struct volume v;
    lfs_file_t file;
    lfs_dir_t dir;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "hello", 5);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDONLY));
    OK(lfs_dir_open(&v.lfs, &dir, "/"));
    OK(lfs_mount(&v.lfs, &v.device.cfg));
    expect_file_not_open(&v.lfs, &file);
    OK(lfs_dir_close(&v.lfs, &dir));
    check_text(&v.lfs, "f", "hello");
    assert_int_equal(lfs_mount(&v.lfs, &(struct lfs_config){0}), LFS_ERR_INVAL);
    expect_not_mounted(&v.lfs, &file, &dir);
    device_close(&v.device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(configurations),
        cmocka_unit_test(configurations_that_are_fine),
        cmocka_unit_test(handles_that_are_not_open),
        cmocka_unit_test(handles_opened_twice),
        cmocka_unit_test(rights),
        cmocka_unit_test(after_unmount),
        cmocka_unit_test(after_a_failed_mount),
        cmocka_unit_test(never_initialised),
        cmocka_unit_test(mounted_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
