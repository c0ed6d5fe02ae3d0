/* SPDX-License-Identifier: MIT */
/*
 * Devices that fail and memory that runs out, at every point of each scenario
 * and of random histories.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "faulting.h"
#include "rounds.h"
#include "scenario.h"

#define ROUNDS 60
#define ROUNDS_LONG 5000
#define STEPS 20

/* The codes that mean something to the driver, and one that does not. */
static const int errors[] = {LFK_ERR_IO, LFK_ERR_CORRUPT, LFK_ERR_NOSPC, LFK_ERR_NOMEM, -99};

#define ERRORS (sizeof(errors) / sizeof(errors[0]))

static struct faulting faulting;

static void fail_scenario(const struct scenario *scenario)
{
    static struct scenario_ops ops;
    scenario_read(scenario, &ops);
    faulting_start(&faulting, &scenario->geometry);
    for (size_t i = 0; i < ops.count; i++) {
        for (size_t e = 0; i >= ops.cut_from && e < ERRORS; e++) {
            faulting_fail_calls(&faulting, &ops.ops[i], errors[e]);
        }
        if (i >= ops.cut_from) {
            faulting_fail_memory(&faulting, &ops.ops[i]);
        }
        faulting_do(&faulting, &ops.ops[i]);
    }
    faulting_end(&faulting);
}

static void every_call_fails_in_scenarios(void **state)
{
    (void)state;
    for (const struct scenario *scenario = scenarios; scenario->name != NULL; scenario++) {
        uint64_t before = faulting.faults;
        fail_scenario(scenario);
        printf("%s: %llu faults\n", scenario->name, (unsigned long long)(faulting.faults - before));
    }
    printf("%llu faults\n", (unsigned long long)faulting.faults);
}

static void fail_round(const struct geometry *geometry, struct seed *seed)
{
    faulting_start(&faulting, geometry);
    for (int i = 0; i < STEPS; i++) {
        const struct op op = op_random(seed, &faulting.model, 3 * geometry->block_size);
        faulting_fail_calls(&faulting, &op, errors[seed_below(seed, ERRORS)]);
        faulting_fail_memory(&faulting, &op);
        faulting_do(&faulting, &op);
    }
    faulting_end(&faulting);
}

static void every_call_fails_in_histories(void **state)
{
    (void)state;
    rounds_run("fs.faults", ROUNDS, ROUNDS_LONG, fail_round);
    printf("%llu faults\n", (unsigned long long)faulting.faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_fails_in_scenarios),
        cmocka_unit_test(every_call_fails_in_histories),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
