/* SPDX-License-Identifier: MIT */
/*
 * lfs.h: free blocks: that all of them are found, that it is told when there
 * are none, and that wear is spread over them.
 */
#include "device.h"

#include <stdio.h>
#include <string.h>

#define DEVICE_SIZE (1 << 16)
#define ROUNDS 10

static uint8_t bytes[1 << 16];

/* The ways to keep a volume in order; none of them changes what comes of it. */
struct habit {
    bool count_given;
    bool collects;
    lfs_size_t threshold;
};

static const struct habit habits[] = {{true, false, 0},  {false, false, 0},
                                      {true, true, 0},   {true, true, (lfs_size_t)-1},
                                      {true, true, 256}, {false, true, 0}};

#define HABITS (sizeof(habits) / sizeof(habits[0]))

static void open_with(struct volume *v, const struct habit *habit)
{
    device_open(&v->device, &shapes[0], DEVICE_SIZE);
    v->device.cfg.compact_thresh = habit->threshold;
    OK(lfs_format(&v->lfs, &v->device.cfg));
    v->device.cfg.block_count = habit->count_given ? DEVICE_SIZE / 512 : 0;
    OK(lfs_mount(&v->lfs, &v->device.cfg));
}

static void tidy(struct volume *v, const struct habit *habit)
{
    if (habit->collects) {
        OK(lfs_fs_gc(&v->lfs));
    }
}

/* --- files that fill the volume -------------------------------------------------------------- */

#define FILES 3
#define FILE_SIZE 19000 /* three of them take all blocks but a few */

static const char *const names[FILES] = {"bread", "eggs", "coffee"};

static void write_parallel(struct volume *v, const struct habit *habit, unsigned salt)
{
    lfs_file_t files[FILES];
    for (unsigned i = 0; i < FILES; i++) {
        OK(lfs_file_open(&v->lfs, &files[i], names[i], LFS_O_WRONLY | LFS_O_CREAT));
    }
    for (lfs_size_t at = 0; at < FILE_SIZE; at += 100) {
        for (unsigned i = 0; i < FILES; i++) {
            fill(bytes, FILE_SIZE, salt + i);
            tidy(v, habit);
            assert_int_equal(lfs_file_write(&v->lfs, &files[i], bytes + at, 100), 100);
        }
    }
    for (unsigned i = 0; i < FILES; i++) {
        OK(lfs_file_close(&v->lfs, &files[i]));
    }
}

static void write_serial(struct volume *v, const struct habit *habit, unsigned salt)
{
    for (unsigned i = 0; i < FILES; i++) {
        tidy(v, habit);
        make_pattern(&v->lfs, names[i], FILE_SIZE, salt + i);
    }
}

static void check_and_remove(struct volume *v, unsigned salt)
{
    for (unsigned i = 0; i < FILES; i++) {
        check_pattern(&v->lfs, names[i], FILE_SIZE, salt + i);
        OK(lfs_remove(&v->lfs, names[i]));
    }
}

static void filled_and_emptied(void **state)
{
    static struct volume v;
    (void)state;
    for (size_t h = 0; h < HABITS; h++) {
        for (unsigned how = 0; how < 4; how++) {
            unsigned rounds = how < 2 ? ROUNDS : 2;
            open_with(&v, &habits[h]);
            for (unsigned round = 0; round < rounds; round++) {
                if (how % 2 == 0) {
                    write_serial(&v, &habits[h], round);
                } else {
                    write_parallel(&v, &habits[h], round);
                }
                if (how >= 2) {
                    volume_remount(&v);
                }
                check_and_remove(&v, round);
            }
            assert_int_equal(lfs_fs_size(&v.lfs), 2);
            volume_close(&v);
        }
    }
}

/* --- no space
 * --------------------------------------------------------------------------------------- */

/* Writes a file until there is no space; how much there was. */
static lfs_size_t exhaust(struct volume *v, const struct habit *habit, const char *path)
{
    lfs_file_t file;
    lfs_size_t size = 0;
    lfs_ssize_t result;
    OK(lfs_file_open(&v->lfs, &file, path, LFS_O_WRONLY | LFS_O_CREAT));
    OK(lfs_file_sync(&v->lfs, &file));
    while ((result = lfs_file_write(&v->lfs, &file, "blahblahblahblah", 16)) == 16) {
        size += 16;
    }
    assert_int_equal(result, LFS_ERR_NOSPC);
    assert_true((file.flags & LFS_F_ERRED) != 0);
    OK(lfs_fs_gc(&v->lfs));
    tidy(v, habit);
    OK(lfs_file_close(&v->lfs, &file));
    return size;
}

static void exhaustion(void **state)
{
    static struct volume v;
    struct lfs_info info;
    (void)state;
    for (size_t h = 0; h < HABITS; h++) {
        open_with(&v, &habits[h]);
        make_file(&v.lfs, "kept", "exhaustion", 10);
        for (int round = 0; round < 3; round++) { /* past the end of the device, too */
            lfs_size_t size = exhaust(&v, &habits[h], "exhaustion");
            assert_true(size > DEVICE_SIZE - 12 * 512);
            volume_remount(&v);
            check_text(&v.lfs, "kept", "exhaustion");
            OK(lfs_stat(&v.lfs, "exhaustion", &info));
            assert_int_equal(info.size, 0);
            make_pattern(&v.lfs, "other", 30000, 1);
            check_pattern(&v.lfs, "other", 30000, 1);
            OK(lfs_remove(&v.lfs, "other"));
        }
        volume_close(&v);
    }
}

static void directories_on_a_full_device(void **state)
{
    static struct volume v;
    (void)state;
    for (size_t h = 0; h < HABITS; h++) {
        int result = 0;
        char path[16];
        open_with(&v, &habits[h]);
        unsigned files = fill_up(&v.lfs, 700);
        for (unsigned n = 0; result == 0; n++) {
            snprintf(path, sizeof(path), "d%u", n);
            result = lfs_mkdir(&v.lfs, path);
        }
        assert_int_equal(result, LFS_ERR_NOSPC);
        tidy(&v, &habits[h]);
        assert_int_equal(lfs_mkdir(&v.lfs, path), LFS_ERR_NOSPC);
        snprintf(path, sizeof(path), "fill%u", files / 2);
        OK(lfs_remove(&v.lfs, path)); /* of two blocks */
        OK(lfs_mkdir(&v.lfs, "new"));
        volume_remount(&v);
        check_names(&v.lfs, "new", "");
        volume_close(&v);
    }
}

/* What so many blocks hold of a file: each but the first has pointers to those before. */
static lfs_size_t capacity(lfs_block_t blocks)
{
    lfs_size_t size = 512;
    for (lfs_block_t i = 1; i < blocks; i++) {
        size += 512 - 4 * (1 + lfs_ctz(i));
    }
    return size;
}

/* A file and directories that take the device to its last block. */
static void to_the_last_block(void **state)
{
    static struct volume v;
    lfs_block_t count = DEVICE_SIZE / 512;
    (void)state;
    for (size_t h = 0; h < HABITS; h++) {
        open_with(&v, &habits[h]);
        make_pattern(&v.lfs, "f", capacity(count - 6), 1);
        assert_int_equal(lfs_fs_size(&v.lfs), count - 4);
        OK(lfs_mkdir(&v.lfs, "d1"));
        OK(lfs_mkdir(&v.lfs, "d2"));
        assert_int_equal(lfs_fs_size(&v.lfs), count);
        assert_int_equal(lfs_mkdir(&v.lfs, "d3"), LFS_ERR_NOSPC);
        OK(lfs_fs_gc(&v.lfs));
        OK(lfs_remove(&v.lfs, "d1"));
        OK(lfs_mkdir(&v.lfs, "d3"));
        volume_remount(&v);
        check_names(&v.lfs, "/", "d2 d3 f ");
        volume_close(&v);
    }
}

/* While a file's blocks cannot be read, nobody knows which others are free. */
static void a_block_that_cannot_be_read(void **state)
{
    static struct volume v;
    lfs_file_t file;
    (void)state;
    device_open(&v.device, &shapes[0], DEVICE_SIZE);
    OK(lfs_format(&v.lfs, &v.device.cfg));
    OK(lfs_mount(&v.lfs, &v.device.cfg));
    make_pattern(&v.lfs, "f", 900, 1);
    lfs_block_t block = 2;
    while (v.device.flash.erases[block] == 0) {
        block++;
    }
    for (int i = 0; i < 2; i++) { /* both of its blocks, one after the other */
        volume_remount(&v);
        memset(v.device.flash.flaws + block, FLAW_READ_ERROR, 2);
        OK(lfs_file_open(&v.lfs, &file, "g", LFS_O_WRONLY | LFS_O_CREAT));
        assert_int_equal(lfs_file_write(&v.lfs, &file, bytes, 5000), LFS_ERR_CORRUPT);
        OK(lfs_file_close(&v.lfs, &file));
        memset(v.device.flash.flaws + block, FLAW_NONE, 2);
        make_pattern(&v.lfs, "g", 5000, 2);
        check_pattern(&v.lfs, "f", 900, 1);
        check_pattern(&v.lfs, "g", 5000, 2);
        OK(lfs_remove(&v.lfs, "g"));
    }
    volume_close(&v);
}

/* --- wear
 * ---------------------------------------------------------------------------------------------- */

/* Rewrites files until blocks have worn out; how many it could. */
static unsigned wear_out(struct volume *v)
{
    unsigned rounds = 0;
    char path[16];
    for (;; rounds++) {
        lfs_file_t file;
        lfs_size_t size = 100 + rounds * 37 % 2000;
        fill(bytes, size, rounds);
        snprintf(path, sizeof(path), "d/f%u", rounds % 10);
        int result = lfs_file_open(&v->lfs, &file, path, LFS_O_WRONLY | LFS_O_CREAT | LFS_O_TRUNC);
        if (result == 0) {
            lfs_ssize_t written = lfs_file_write(&v->lfs, &file, bytes, size);
            result = lfs_file_close(&v->lfs, &file);
            result = written < 0 ? (int)written : result;
        }
        if (result < 0) {
            assert_int_equal(result, LFS_ERR_NOSPC);
            return rounds;
        }
    }
}

static unsigned life_of(lfs_size_t size, uint32_t limit)
{
    static struct volume v;
    device_open(&v.device, &shapes[0], size);
    v.device.cfg.block_cycles = 5;
    OK(lfs_format(&v.lfs, &v.device.cfg));
    OK(lfs_mount(&v.lfs, &v.device.cfg));
    v.device.flash.wear_limit = limit;
    OK(lfs_mkdir(&v.lfs, "d"));
    unsigned rounds = wear_out(&v);
    volume_remount(&v);
    for (unsigned i = 1; i < 10 && i < rounds; i++) { /* all but the one that failed */
        char path[16];
        unsigned round = rounds - i;
        snprintf(path, sizeof(path), "d/f%u", round % 10);
        check_pattern(&v.lfs, path, 100 + round * 37 % 2000, round);
    }
    volume_close(&v);
    return rounds;
}

static void blocks_that_wear_out(void **state)
{
    (void)state;
    for (uint32_t limit = 10; limit <= 20; limit += 10) {
        unsigned life = life_of(DEVICE_SIZE, limit);
        unsigned twice = life_of(2 * DEVICE_SIZE, limit);
        print_message("limit %u: %u rounds, with twice the blocks %u\n", (unsigned)limit, life,
                      twice);
        assert_true(life > 100);
        assert_true(10 * twice > 18 * life);
    }
}

static void wear_is_spread(void **state)
{
    static struct volume v;
    (void)state;
    for (int32_t cycles = 1; cycles <= 5; cycles++) {
        uint64_t sum = 0;
        uint32_t most = 0;
        device_open(&v.device, &shapes[0], DEVICE_SIZE);
        v.device.cfg.block_cycles = cycles;
        OK(lfs_format(&v.lfs, &v.device.cfg));
        OK(lfs_mount(&v.lfs, &v.device.cfg));
        OK(lfs_mkdir(&v.lfs, "d"));
        for (unsigned i = 0; i < 3000; i++) {
            make_pattern(&v.lfs, "d/f", 300 + i % 1000, i);
        }
        for (lfs_block_t block = 2; block < DEVICE_SIZE / 512; block++) {
            uint32_t erases = v.device.flash.erases[block];
            sum += erases;
            most = erases > most ? erases : most;
        }
        uint64_t average = sum / (DEVICE_SIZE / 512 - 2);
        print_message("cycles %d: %u erases on average, %u at most\n", (int)cycles,
                      (unsigned)average, (unsigned)most);
        assert_true(most < 2 * average);
        volume_close(&v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(filled_and_emptied),
        cmocka_unit_test(exhaustion),
        cmocka_unit_test(directories_on_a_full_device),
        cmocka_unit_test(to_the_last_block),
        cmocka_unit_test(a_block_that_cannot_be_read),
        cmocka_unit_test(blocks_that_wear_out),
        cmocka_unit_test(wear_is_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
