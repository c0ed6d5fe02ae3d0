/* SPDX-License-Identifier: MIT */
/*
 * Bad blocks and worn ones. Whichever block is bad, and in whichever way, work
 * goes on beside it and nothing that was synced is lost; a device wears out
 * evenly, and one of twice the size lives almost twice as long.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "history.h"
#include "opinion.h"

#define STEPS 40

struct trial {
    struct geometry geometry;
    struct lfk_fs_writing writing;
    struct flash flash;
    struct lfk_fs fs;
    struct model model;
};

static void tell(const struct trial *t, const char *when, const char *why)
{
    char flaws[64] = "";
    size_t used = 0;
    for (uint32_t b = 0; b < t->geometry.block_count && used < 50; b++) {
        if (t->flash.flaws[b] != FLAW_NONE) {
            used += (size_t)snprintf(flaws + used, sizeof(flaws) - used, " %u:%u", (unsigned)b,
                                     t->flash.flaws[b]);
        }
    }
    fail_msg("%s: %s; flaws%s", when, why, flaws);
}

static void open_flash(struct trial *t)
{
    geometry_open(&t->geometry, &t->flash);
}

static int format(struct trial *t)
{
    const struct lfk_fs_options options = geometry_options(&t->geometry, &t->writing);
    return lfk_fs_format(&t->flash.bd, &options, NULL);
}

static int mount(struct trial *t)
{
    struct lfk_fs_options options = geometry_options(&t->geometry, &t->writing);
    options.block_count = 0;
    return lfk_fs_mount(&t->fs, &t->flash.bd, &options, NULL);
}

static void check(struct trial *t, const char *when)
{
    char why[400];
    if (!model_agrees(&t->model, &t->fs, why, sizeof(why))) {
        tell(t, when, why);
    }
    if (!opinion_agrees(&t->flash, &t->fs, why, sizeof(why))) {
        tell(t, when, why);
    }
    if (t->flash.breaches > 0) {
        tell(t, when, t->flash.breach);
    }
}

/* Does operations; returns how many did what the model says, and were not short of space. */
static int work(struct trial *t, struct seed *seed, int steps)
{
    int done = 0;
    for (int i = 0; i < steps; i++) {
        struct op op = op_random(seed, &t->model, 3 * t->geometry.block_size);
        int wanted;
        int result = op_do_both(&op, &t->fs, &t->model, &wanted, NULL);
        if (result != wanted && result != LFK_ERR_NOSPC) {
            char text[700];
            op_print(&op, text, sizeof(text));
            tell(t, text, lfk_status_name(result));
        }
        done += result == wanted;
    }
    return done;
}

static void close_trial(struct trial *t)
{
    flash_close(&t->flash);
    model_free(&t->model);
}

/* Works on a device with these flaws from the start; 0: it could not be formatted. */
static int try_flaws(struct trial *t, struct seed *seed)
{
    if (format(t) < 0) {
        return 0;
    }
    assert_int_equal(mount(t), LFK_OK);
    int done = work(t, seed, STEPS);
    check(t, "at work");
    lfk_fs_unmount(&t->fs);
    assert_int_equal(mount(t), LFK_OK);
    check(t, "mounted again");
    lfk_fs_unmount(&t->fs);
    return done;
}

static const struct geometry geometries[] = {
    {512, 48, 16, 64, -1, 0xff, LFK_DISK_2_1},
    {512, 48, 16, 64, 2, 0x00, LFK_DISK_2_1},
    {256, 64, 1, 64, 5, FLASH_ERASE_KEEPS, LFK_DISK_2_1},
    {1024, 40, 128, 256, -1, 0x00, LFK_DISK_2_0},
};

#define GEOMETRIES (sizeof(geometries) / sizeof(geometries[0]))

static void each_block_bad_in_turn(void **state)
{
    struct seed seed = seed_start("fs.badblocks");
    static struct trial t;
    (void)state;
    for (size_t g = 0; g < GEOMETRIES; g++) {
        for (uint32_t block = 0; block < geometries[g].block_count; block++) {
            for (int flaw = FLAW_PROG_ERROR; flaw <= FLAW_ERASE_SILENT; flaw++) {
                struct seed own = {seed_next(&seed)};
                memset(&t, 0, sizeof(t));
                t.geometry = geometries[g];
                open_flash(&t);
                t.flash.flaws[block] = (uint8_t)flaw;
                int done = try_flaws(&t, &own);
                if (block >= 2 ? done < STEPS / 10 : done > 0) {
                    tell(&t, "work done", block >= 2 ? "too little" : "on a bad superblock");
                }
                close_trial(&t);
            }
        }
    }
}

/* Every second block, and a region, bad. */
static void many_blocks_bad(void **state)
{
    struct seed seed = seed_start("fs.badblocks");
    static struct trial t;
    (void)state;
    for (size_t g = 0; g < GEOMETRIES; g++) {
        for (int pattern = 0; pattern < 2; pattern++) {
            for (int flaw = FLAW_PROG_ERROR; flaw <= FLAW_ERASE_SILENT; flaw++) {
                struct seed own = {seed_next(&seed)};
                memset(&t, 0, sizeof(t));
                t.geometry = geometries[g];
                open_flash(&t);
                for (uint32_t b = 2; b < t.geometry.block_count; b++) {
                    bool bad = pattern == 0 ? b % 2 == 0 : b < t.geometry.block_count / 2;
                    t.flash.flaws[b] = bad ? (uint8_t)flaw : FLAW_NONE;
                }
                (void)try_flaws(&t, &own);
                close_trial(&t);
            }
        }
    }
}

/* The superblock's blocks go bad later: then nothing can be added, and all can be read. */
static void superblock_goes_bad(void **state)
{
    struct seed seed = seed_start("fs.badblocks");
    static struct trial t;
    (void)state;
    memset(&t, 0, sizeof(t));
    t.geometry = geometries[0];
    open_flash(&t);
    assert_int_equal(format(&t), LFK_OK);
    assert_int_equal(mount(&t), LFK_OK);
    (void)work(&t, &seed, STEPS);
    t.flash.flaws[0] = t.flash.flaws[1] = FLAW_PROG_ERROR;
    (void)work(&t, &seed, STEPS);
    check(&t, "at work");
    lfk_fs_unmount(&t.fs);
    assert_int_equal(mount(&t), LFK_OK);
    check(&t, "mounted again");
    lfk_fs_unmount(&t.fs);
    close_trial(&t);
}

/* Writes and rewrites files until there is no good block left; returns the erases it took. */
static uint64_t wear_out(struct trial *t, uint32_t blocks, double *spread)
{
    uint64_t erases = 0;
    memset(t, 0, sizeof(*t));
    t->geometry = (struct geometry){512, blocks, 16, 64, 5, 0xff, LFK_DISK_2_1};
    open_flash(t);
    t->flash.wear_limit = 20;
    assert_int_equal(format(t), LFK_OK);
    assert_int_equal(mount(t), LFK_OK);
    assert_int_equal(lfk_fs_mkdir(&t->fs, "/logs", NULL), LFK_OK);
    model_add(&t->model, "/logs", true);
    int result = LFK_OK;
    for (uint32_t turn = 0; result == LFK_OK; turn++) {
        struct op op = {.kind = OP_WRITE, .size = 300 + turn % 1500, .salt = turn};
        snprintf(op.path, sizeof(op.path), "/logs/%u", (unsigned)(turn % 10));
        int wanted;
        result = op_do_both(&op, &t->fs, &t->model, &wanted, NULL);
    }
    assert_int_equal(result, LFK_ERR_NOSPC);
    check(t, "worn out");
    double mean = 0;
    double square = 0;
    for (uint32_t b = 2; b < blocks; b++) {
        erases += t->flash.erases[b];
        mean += t->flash.erases[b];
        square += (double)t->flash.erases[b] * t->flash.erases[b];
    }
    mean /= blocks - 2;
    *spread = square / (blocks - 2) - mean * mean;
    lfk_fs_unmount(&t->fs);
    close_trial(t);
    return erases;
}

static void twice_the_blocks_live_twice_as_long(void **state)
{
    static struct trial t;
    double spread;
    double twice_spread;
    (void)state;
    uint64_t once = wear_out(&t, 64, &spread);
    uint64_t twice = wear_out(&t, 128, &twice_spread);
    printf("%llu erases with 64 blocks, %llu with 128; variance %.1f and %.1f\n",
           (unsigned long long)once, (unsigned long long)twice, spread, twice_spread);
    assert_true(twice * 10 > once * 18);
    assert_true(spread < 20 && twice_spread < 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_block_bad_in_turn),
        cmocka_unit_test(many_blocks_bad),
        cmocka_unit_test(superblock_goes_bad),
        cmocka_unit_test(twice_the_blocks_live_twice_as_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
