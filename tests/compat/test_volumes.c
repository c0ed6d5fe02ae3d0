/* SPDX-License-Identifier: MIT */
/*
 * lfs.h: volumes as wholes: format, mount, limits, sizes, growing, tidying up.
 */
#include "device.h"

#include <stdio.h>
#include <string.h>

#define END_OF_COMMIT 12 /* bytes that are not counted to what a block is used for */

static uint8_t bytes[1 << 14];

static const char *block_at(const struct volume *v, lfs_block_t block)
{
    return (const char *)v->device.flash.bytes + (size_t)block * v->device.cfg.block_size;
}

static void check_magic(const struct volume *v)
{
    assert_memory_equal(block_at(v, 0) + 8, "littlefs", 8);
    assert_memory_equal(block_at(v, 1) + 8, "littlefs", 8);
}

/* --- format and mount -------------------------------------------------------------------- */

static void a_fresh_volume(void **state)
{
    static struct volume v;
    struct lfs_fsinfo info;
    (void)state;
    for (size_t i = 0; i < SHAPES; i++) {
        const struct flash *flash = &v.device.flash;
        volume_open(&v, &shapes[i]);
        check_magic(&v);
        for (lfs_block_t block = 0; block < v.device.cfg.block_count; block++) {
            assert_int_equal(flash->erases[block], block < 2 ? 1 : 0);
            assert_true(block < 2 || flash->programmed[block] == flash->bd.block_size);
        }
        OK(lfs_fs_stat(&v.lfs, &info));
        assert_int_equal(info.disk_version, LFS_DISK_VERSION);
        assert_int_equal(info.block_size, shapes[i].block_size);
        assert_int_equal(info.block_count, (1 << 20) / shapes[i].block_size);
        assert_int_equal(info.name_max, LFS_NAME_MAX);
        assert_int_equal(info.file_max, LFS_FILE_MAX);
        assert_int_equal(info.attr_max, LFS_ATTR_MAX);
        assert_int_equal(lfs_fs_size(&v.lfs), 2);
        check_names(&v.lfs, "/", "");
        volume_close(&v);
    }
}

static void what_is_no_volume(void **state)
{
    static const int erased[] = {0x00, 0x5a, 0xff};
    static struct volume v;
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        device_open(&v.device, &shapes[0], 1 << 16);
        memset(v.device.flash.bytes, erased[i], 1 << 16);
        assert_int_equal(lfs_mount(&v.lfs, &v.device.cfg), LFS_ERR_CORRUPT);
        v.device.cfg.block_count = 0;
        assert_int_equal(lfs_mount(&v.lfs, &v.device.cfg), LFS_ERR_CORRUPT);
        assert_int_equal(lfs_format(&v.lfs, &v.device.cfg), LFS_ERR_INVAL); /* how large? */
        device_close(&v.device);
    }
}

/* Formatted over another volume, nothing of that comes back. */
static void formatting_again(void **state)
{
    static struct volume v;
    (void)state;
    volume_open(&v, &shapes[0]);
    for (int i = 0; i < 40; i++) {
        make_file(&v.lfs, "f", &i, sizeof(i));
    }
    OK(lfs_mkdir(&v.lfs, "d"));
    OK(lfs_unmount(&v.lfs));
    OK(lfs_format(&v.lfs, &v.device.cfg));
    OK(lfs_mount(&v.lfs, &v.device.cfg));
    check_names(&v.lfs, "/", "");
    v.device.flash.flaws[0] = FLAW_READ_ERROR; /* whichever block is read */
    volume_remount(&v);
    check_names(&v.lfs, "/", "");
    v.device.flash.flaws[0] = FLAW_NONE;
    v.device.flash.flaws[1] = FLAW_READ_ERROR;
    volume_remount(&v);
    check_names(&v.lfs, "/", "");
    volume_close(&v);
}

static void the_count_may_come_from_the_volume(void **state)
{
    static struct volume v;
    struct lfs_fsinfo info;
    (void)state;
    for (size_t i = 0; i < SHAPES; i++) {
        lfs_size_t count = (1 << 20) / shapes[i].block_size;
        volume_open(&v, &shapes[i]);
        v.device.cfg.block_count = 0;
        volume_remount(&v);
        assert_int_equal(v.lfs.block_count, count);
        OK(lfs_fs_stat(&v.lfs, &info));
        assert_int_equal(info.block_count, count);
        make_pattern(&v.lfs, "f", 100000, 1);
        OK(lfs_mkdir(&v.lfs, "d"));
        volume_remount(&v);
        check_pattern(&v.lfs, "f", 100000, 1);
        OK(lfs_unmount(&v.lfs));
        v.device.cfg.block_count = count - 1;
        assert_int_equal(lfs_mount(&v.lfs, &v.device.cfg), LFS_ERR_INVAL);
        v.device.cfg.block_count = count + 1;
        assert_int_equal(lfs_mount(&v.lfs, &v.device.cfg), LFS_ERR_INVAL);
        v.device.cfg.block_count = count;
        OK(lfs_mount(&v.lfs, &v.device.cfg));
        volume_close(&v);
    }
}

static void another_block_size(void **state)
{
    static struct volume v;
    (void)state;
    volume_open(&v, &shapes[1]);
    OK(lfs_unmount(&v.lfs));
    v.device.cfg.block_size = 1024;
    v.device.cfg.block_count = 0;
    v.device.flash.bd.block_size = 1024;
    v.device.flash.bd.block_count /= 2;
    assert_int_equal(lfs_mount(&v.lfs, &v.device.cfg), LFS_ERR_INVAL);
    v.device.flash.bd.block_size = 512;
    v.device.flash.bd.block_count *= 2;
    device_close(&v.device);
}

/* With so few blocks there is room for inline files, with four for a directory. */
static void few_blocks(void **state)
{
    static struct volume v;
    lfs_file_t file;
    (void)state;
    device_open(&v.device, &shapes[0], 512);
    assert_int_equal(lfs_format(&v.lfs, &v.device.cfg), LFS_ERR_NOSPC);
    device_close(&v.device);

    volume_open_size(&v, &shapes[0], 2 * 512);
    make_file(&v.lfs, "f", "hello", 5);
    assert_int_equal(lfs_mkdir(&v.lfs, "d"), LFS_ERR_NOSPC);
    OK(lfs_file_open(&v.lfs, &file, "g", LFS_O_WRONLY | LFS_O_CREAT));
    assert_int_equal(lfs_file_write(&v.lfs, &file, bytes, 2000), LFS_ERR_NOSPC);
    OK(lfs_file_close(&v.lfs, &file));
    volume_remount(&v);
    check_text(&v.lfs, "f", "hello");
    volume_close(&v);

    volume_open_size(&v, &shapes[0], 4 * 512);
    OK(lfs_mkdir(&v.lfs, "d"));
    make_file(&v.lfs, "d/f", "hello", 5);
    volume_remount(&v);
    check_text(&v.lfs, "d/f", "hello");
    volume_close(&v);
}

/* --- limits --------------------------------------------------------------------------------- */

static void check_limits(struct volume *v, lfs_size_t name, lfs_size_t file, lfs_size_t attr)
{
    struct lfs_fsinfo info;
    OK(lfs_mount(&v->lfs, &v->device.cfg));
    OK(lfs_fs_stat(&v->lfs, &info));
    assert_int_equal(info.name_max, name);
    assert_int_equal(info.file_max, file);
    assert_int_equal(info.attr_max, attr);
    assert_int_equal(v->lfs.name_max, name);
    assert_int_equal(v->lfs.file_max, file);
    assert_int_equal(v->lfs.attr_max, attr);
    OK(lfs_unmount(&v->lfs));
}

/* The volume's are taken over if they are smaller, refused if they are larger. */
static void limits(void **state)
{
    static struct volume v;
    struct lfs_config *cfg = &v.device.cfg;
    (void)state;
    device_open(&v.device, &shapes[3], 1 << 20);
    cfg->name_max = 63;
    cfg->file_max = 65535;
    cfg->attr_max = 40;
    OK(lfs_format(&v.lfs, cfg));
    check_limits(&v, 63, 65535, 40);
    cfg->name_max = 0;
    cfg->file_max = 0;
    cfg->attr_max = 0;
    check_limits(&v, 63, 65535, 40);
    OK(lfs_mount(&v.lfs, cfg));
    assert_int_equal(v.lfs.inline_max, 40); /* not above attr_max */
    assert_int_equal(lfs_setattr(&v.lfs, "/", 1, bytes, 41), LFS_ERR_NOSPC);
    OK(lfs_unmount(&v.lfs));
    cfg->name_max = 100;
    cfg->file_max = 100000;
    cfg->attr_max = 500;
    check_limits(&v, 63, 65535, 40);
    for (int i = 0; i < 3; i++) {
        cfg->name_max = i == 0 ? 62 : 0;
        cfg->file_max = i == 1 ? 65534 : 0;
        cfg->attr_max = i == 2 ? 39 : 0;
        assert_int_equal(lfs_mount(&v.lfs, cfg), LFS_ERR_INVAL);
    }
    device_close(&v.device);
}

static void inline_limits(void **state)
{
    static const struct {
        lfs_size_t given;
        lfs_size_t holds;
    } cases[] = {{0, 64}, {8, 8}, {64, 64}, {(lfs_size_t)-1, 0}};
    static struct volume v;
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        device_open(&v.device, &shapes[0], 1 << 16);
        v.device.cfg.inline_max = cases[i].given;
        OK(lfs_format(&v.lfs, &v.device.cfg));
        OK(lfs_mount(&v.lfs, &v.device.cfg));
        assert_int_equal(v.lfs.inline_max, cases[i].holds);
        make_file(&v.lfs, "in", bytes, cases[i].holds);
        assert_int_equal(lfs_fs_size(&v.lfs), 2);
        make_file(&v.lfs, "out", bytes, cases[i].holds + 1);
        assert_int_equal(lfs_fs_size(&v.lfs), 3);
        volume_close(&v);
    }
}

/* Metadata stays in the part of its blocks that it is given, but for the end of the last commit. */
static void metadata_in_part_of_the_block(void **state)
{
    static const lfs_size_t parts[] = {512, 1024, 2048, 4096};
    static struct volume v;
    char path[16];
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        device_open(&v.device, &shapes[3], 1 << 20);
        v.device.cfg.metadata_max = parts[i];
        OK(lfs_format(&v.lfs, &v.device.cfg));
        OK(lfs_mount(&v.lfs, &v.device.cfg));
        for (unsigned n = 0; n < 80; n++) {
            snprintf(path, sizeof(path), "f%02u", n);
            make_file(&v.lfs, path, path, 4);
        }
        for (lfs_block_t block = 0; block < v.device.cfg.block_count; block++) {
            bool used = v.device.flash.erases[block] > 0;
            assert_true(!used || v.device.flash.programmed[block] <= parts[i] + END_OF_COMMIT);
        }
        volume_remount(&v);
        for (unsigned n = 0; n < 80; n++) {
            snprintf(path, sizeof(path), "f%02u", n);
            check_file(&v.lfs, path, path, 4);
        }
        volume_close(&v);
    }
}

/* The root's metadata moves away from blocks 0 and 1 and is found there all the same. */
static void updates_of_the_root(void **state)
{
    static const int32_t cycles[] = {1, 32, 33};
    static const unsigned updates[] = {10, 100, 1000};
    static struct volume v;
    (void)state;
    for (size_t i = 0; i < 9; i++) {
        device_open(&v.device, &shapes[0], 1 << 18);
        v.device.cfg.block_cycles = cycles[i / 3];
        OK(lfs_format(&v.lfs, &v.device.cfg));
        OK(lfs_mount(&v.lfs, &v.device.cfg));
        for (unsigned n = 0; n < updates[i % 3]; n++) {
            make_file(&v.lfs, "f", &n, sizeof(n));
            if (n % 7 == 0) {
                volume_remount(&v);
            }
            check_file(&v.lfs, "f", &n, sizeof(n));
        }
        check_magic(&v);
        check_names(&v.lfs, "/", "f ");
        volume_close(&v);
    }
}

/* --- blocks in use -------------------------------------------------------------------------- */

static void sizes_in_blocks(void **state)
{
    static const struct {
        lfs_size_t size;
        lfs_ssize_t blocks;
    } cases[] = {{0, 0},    {1, 1},    {512, 1},  {513, 2},  {1020, 2},
                 {1021, 3}, {1524, 3}, {1525, 4}, {2032, 4}, {2033, 5}};
    static struct volume v;
    (void)state;
    device_open(&v.device, &shapes[1], 1 << 16);
    v.device.cfg.inline_max = (lfs_size_t)-1;
    OK(lfs_format(&v.lfs, &v.device.cfg));
    OK(lfs_mount(&v.lfs, &v.device.cfg));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        make_pattern(&v.lfs, "f", cases[i].size, 1);
        assert_int_equal(lfs_fs_size(&v.lfs), 2 + cases[i].blocks);
    }
    OK(lfs_remove(&v.lfs, "f"));
    OK(lfs_mkdir(&v.lfs, "d"));
    OK(lfs_mkdir(&v.lfs, "d/e"));
    assert_int_equal(lfs_fs_size(&v.lfs), 6);
    OK(lfs_remove(&v.lfs, "d/e"));
    assert_int_equal(lfs_fs_size(&v.lfs), 4);
    volume_close(&v);
}

struct visits {
    unsigned of[2048];
    unsigned blocks; /* different ones */
    unsigned left;
    int answer;
};

static int visit(void *data, lfs_block_t block)
{
    struct visits *visits = data;
    assert_true(block < 2048);
    visits->blocks += visits->of[block]++ == 0 ? 1 : 0;
    return visits->left > 0 && --visits->left == 0 ? visits->answer : 0;
}

static void every_block_in_use_is_visited(void **state)
{
    static const int answers[] = {1, 77, -1, LFS_ERR_IO, LFS_ERR_CORRUPT};
    static struct volume v;
    static struct visits visits;
    lfs_file_t file;
    (void)state;
    volume_open(&v, &shapes[0]);
    OK(lfs_mkdir(&v.lfs, "d"));
    make_pattern(&v.lfs, "d/f", 10000, 1);
    OK(lfs_fs_traverse(&v.lfs, visit, &visits));
    assert_int_equal(visits.blocks, lfs_fs_size(&v.lfs));
    assert_true(visits.of[0] > 0 && visits.of[1] > 0);

    unsigned before = visits.blocks;
    OK(lfs_file_open(&v.lfs, &file, "d/g", LFS_O_WRONLY | LFS_O_CREAT));
    assert_int_equal(lfs_file_write(&v.lfs, &file, bytes, 5000), 5000);
    memset(&visits, 0, sizeof(visits));
    OK(lfs_fs_traverse(&v.lfs, visit, &visits));
    assert_true(visits.blocks >= before + 9); /* what is written, though it is not synced */
    OK(lfs_file_close(&v.lfs, &file));

    for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
        visits.left = 5;
        visits.answer = answers[i];
        assert_int_equal(lfs_fs_traverse(&v.lfs, visit, &visits), answers[i]);
        assert_int_equal(visits.left, 0);
    }
    volume_close(&v);
}

/* --- growing -----------------------------------------------------------------------------------
 */

static void growing(void **state)
{
    static struct volume v;
    struct lfs_fsinfo info;
    (void)state;
    for (size_t i = 0; i < SHAPES; i++) {
        lfs_size_t more = (1 << 20) / shapes[i].block_size;
        lfs_size_t count = more / 2;
        struct lfs_config *cfg = &v.device.cfg;
        device_open(&v.device, &shapes[i], 1 << 20);
        cfg->block_count = count;
        OK(lfs_format(&v.lfs, cfg));
        OK(lfs_mount(&v.lfs, cfg));
        make_pattern(&v.lfs, "f", 50000, 1);
        uint64_t changes = device_changes(&v.device);
        OK(lfs_fs_grow(&v.lfs, count));
        assert_int_equal(lfs_fs_grow(&v.lfs, count - 1), LFS_ERR_INVAL);
        assert_int_equal(device_changes(&v.device), changes);
        assert_int_equal(v.lfs.block_count, count);
        OK(lfs_fs_grow(&v.lfs, more));
        assert_int_equal(v.lfs.block_count, more);
        OK(lfs_fs_stat(&v.lfs, &info));
        assert_int_equal(info.block_count, more);
        make_pattern(&v.lfs, "g", 600000, 2); /* takes some of the new ones */
        OK(lfs_unmount(&v.lfs));
        assert_int_equal(lfs_mount(&v.lfs, cfg), LFS_ERR_INVAL);
        for (int given = 0; given < 2; given++) {
            cfg->block_count = given ? more : 0;
            OK(lfs_mount(&v.lfs, cfg));
            assert_int_equal(v.lfs.block_count, more);
            check_pattern(&v.lfs, "f", 50000, 1);
            check_pattern(&v.lfs, "g", 600000, 2);
            make_pattern(&v.lfs, "h", 20000, 3);
            OK(lfs_unmount(&v.lfs));
        }
        device_close(&v.device);
    }
}

/* --- tidying up ----------------------------------------------------------------------------------
 */

/* Bytes of the root's log: how far its newer block is programmed. */
static lfs_size_t root_log(const struct volume *v)
{
    const uint32_t *programmed = v->device.flash.programmed;
    uint32_t revisions[2];
    memcpy(&revisions[0], block_at(v, 0), 4);
    memcpy(&revisions[1], block_at(v, 1), 4);
    int newer = lfs_scmp(lfs_fromle32(revisions[1]), lfs_fromle32(revisions[0])) > 0;
    return programmed[newer];
}

static void gc_compacts_what_is_above_the_threshold(void **state)
{
    static const struct {
        lfs_size_t threshold;
        lfs_size_t log; /* bytes, above which a log has to be made short */
    } cases[] = {{0, 448}, {256, 256}, {512, 512}, {(lfs_size_t)-1, 512}};
    static struct volume v;
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        lfs_size_t shortest = 512;
        lfs_size_t longest = 0;
        device_open(&v.device, &shapes[0], 1 << 16);
        v.device.cfg.compact_thresh = cases[i].threshold;
        OK(lfs_format(&v.lfs, &v.device.cfg));
        OK(lfs_mount(&v.lfs, &v.device.cfg));
        for (unsigned n = 0; n < 60; n++) {
            make_file(&v.lfs, "f", &n, sizeof(n));
            OK(lfs_fs_gc(&v.lfs));
            lfs_size_t log = root_log(&v);
            assert_true(log <= cases[i].log);
            shortest = log < shortest ? log : shortest;
            longest = log > longest ? log : longest;
        }
        assert_true(shortest < 256 && longest + 128 > cases[i].log);
        check_names(&v.lfs, "/", "f ");
        volume_close(&v);
    }
}

/* All of it costs nothing where there is nothing to do. */
static void nothing_to_do(void **state)
{
    static struct volume v;
    (void)state;
    for (size_t i = 0; i < SHAPES; i++) {
        volume_open(&v, &shapes[i]);
        make_pattern(&v.lfs, "f", 10000, 1);
        volume_remount(&v);
        uint64_t changes = device_changes(&v.device);
        OK(lfs_fs_mkconsistent(&v.lfs));
        if (shapes[i].prog_size < 512) { /* else each commit fills its block */
            OK(lfs_fs_gc(&v.lfs));
        }
        assert_int_equal(device_changes(&v.device), changes);
        volume_close(&v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fresh_volume),
        cmocka_unit_test(what_is_no_volume),
        cmocka_unit_test(formatting_again),
        cmocka_unit_test(the_count_may_come_from_the_volume),
        cmocka_unit_test(another_block_size),
        cmocka_unit_test(few_blocks),
        cmocka_unit_test(limits),
        cmocka_unit_test(inline_limits),
        cmocka_unit_test(metadata_in_part_of_the_block),
        cmocka_unit_test(updates_of_the_root),
        cmocka_unit_test(sizes_in_blocks),
        cmocka_unit_test(every_block_in_use_is_visited),
        cmocka_unit_test(growing),
        cmocka_unit_test(gc_compacts_what_is_above_the_threshold),
        cmocka_unit_test(nothing_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
