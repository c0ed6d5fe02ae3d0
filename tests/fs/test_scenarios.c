/* SPDX-License-Identifier: MIT */
/*
 * The power goes at every program and erase of each scenario: between two, in
 * the middle of a program at several of its bytes, and with what was not
 * synced lost in several orders.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cutting.h"
#include "scenario.h"

static const struct cut_way ways[] = {
    {.torn = 0},
    {.torn = 1},
    {.torn = 5},
    {.torn = 16},
    {.torn = 61},
    {.torn = 300},
    {.torn = 511},
    {.torn = UINT32_MAX}, /* all of it */
    {.forgetful = 0x55555555},
    {.forgetful = 0xaaaaaaaa},
    {.forgetful = 0xffffffff},
    {.torn = 9, .forgetful = 0x33333333},
};

#define WAYS (sizeof(ways) / sizeof(ways[0]))

/* Where all pairs are, as a number; another one if one has moved. */
static uint64_t places(const struct lfk_fs *fs)
{
    uint64_t sum = 0;
    for (const struct lfk_mdir *mdir = fs->mdirs.first; mdir != NULL; mdir = mdir->next) {
        sum = 31 * sum + mdir->pair.block[0] + mdir->pair.block[1];
    }
    return sum;
}

static bool is_split(const struct lfk_fs *fs)
{
    const struct lfk_mdir *mdir = fs->mdirs.root;
    while (mdir != NULL && !mdir->tail_hard) {
        mdir = mdir->next;
    }
    return mdir != NULL;
}

/* What the volume is like, before the first cut or at the end. */
struct shape {
    uint64_t places;
    bool is_split;
    bool is_expanded;
};

static struct shape shape_of(struct cutting *cutting)
{
    struct lfk_fs fs;
    const struct lfk_fs_options options = {.block_count = 0};
    assert_int_equal(lfk_fs_mount(&fs, &cutting->flash.bd, &options, NULL), LFK_OK);
    struct shape shape = {places(&fs), is_split(&fs), fs.mdirs.root != fs.mdirs.first};
    lfk_fs_unmount(&fs);
    return shape;
}

static void check_outcome(enum scenario_outcome outcome, const struct shape *before,
                          const struct shape *after)
{
    assert_true(outcome != OUTCOME_SPLIT || after->is_split);
    assert_true(outcome != OUTCOME_MOVED || after->places != before->places);
    assert_true(outcome != OUTCOME_EXPANDED || after->is_expanded);
}

static void run(struct cutting *cutting, const struct scenario *scenario)
{
    static struct scenario_ops ops;
    uint64_t before = cutting->cuts;
    scenario_read(scenario, &ops);
    printf("%s: ", scenario->name);
    fflush(stdout);
    cutting_start(cutting, &scenario->geometry);
    struct shape shape = shape_of(cutting);
    for (size_t i = 0; i < ops.count; i++) {
        if (i == ops.cut_from) {
            shape = shape_of(cutting);
        }
        if (i >= ops.cut_from) {
            cutting_cut(cutting, &ops.ops[i], ways, WAYS);
        }
        cutting_do(cutting, &ops.ops[i]);
    }
    const struct shape end = shape_of(cutting);
    check_outcome(scenario->outcome, &shape, &end);
    cutting_end(cutting);
    printf("%llu cuts\n", (unsigned long long)(cutting->cuts - before));
}

static void power_cuts_in_scenarios(void **state)
{
    static struct cutting cutting;
    (void)state;
    for (const struct scenario *scenario = scenarios; scenario->name != NULL; scenario++) {
        run(&cutting, scenario);
    }
    printf("%llu cuts\n", (unsigned long long)cutting.cuts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(power_cuts_in_scenarios)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
