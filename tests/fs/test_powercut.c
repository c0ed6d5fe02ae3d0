/* SPDX-License-Identifier: MIT */
/*
 * The power goes at every program and erase of every operation of random
 * histories: torn programs included, and with programs that were not synced
 * lost in any order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "cutting.h"
#include "rounds.h"

#define ROUNDS 300
#define ROUNDS_LONG 10000
#define STEPS 25

static struct cutting cutting;

static void step(struct cutting *c, struct seed *seed)
{
    const struct op op = op_random(seed, &c->model, 3 * c->geometry.block_size);
    const struct cut_way ways[] = {
        {.torn = 0},
        {.torn = 1 + seed_below(seed, c->geometry.block_size)},
        {.forgetful = seed_next(seed)},
    };
    cutting_cut(c, &op, ways, sizeof(ways) / sizeof(ways[0]));
    cutting_do(c, &op);
}

static void cut_round(const struct geometry *geometry, struct seed *seed)
{
    cutting_start(&cutting, geometry);
    for (int i = 0; i < STEPS; i++) {
        step(&cutting, seed);
    }
    cutting_end(&cutting);
}

static void power_cuts(void **state)
{
    (void)state;
    rounds_run("fs.powercut", ROUNDS, ROUNDS_LONG, cut_round);
    printf("%llu cuts\n", (unsigned long long)cutting.cuts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(power_cuts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
