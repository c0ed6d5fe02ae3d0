/* SPDX-License-Identifier: MIT */
/*
 * Full volumes: each operation of each scenario with no block free, with one,
 * with two, and so on. It finds no space, or is done; nothing else is harmed,
 * and when something was removed it can be done.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "opinion.h"
#include "scenario.h"

#define FREE_MAX 12u
#define FILLER "/~" /* behind every name of a scenario */

struct trial {
    struct geometry geometry;
    struct lfk_fs_writing writing;
    struct flash flash;
    struct lfk_fs fs;
    struct model model;
    uint64_t done;
    uint64_t refused;
};

static void mount(struct trial *t, struct flash *flash)
{
    struct lfk_fs_options options = geometry_options(&t->geometry, &t->writing);
    options.block_count = 0;
    assert_int_equal(lfk_fs_mount(&t->fs, &flash->bd, &options, NULL), LFK_OK);
}

static void check(struct trial *t, struct flash *flash, struct model *model, const struct op *op)
{
    char text[2 * MODEL_PATH_MAX + 64];
    char why[400];
    op_print(op, text, sizeof(text));
    if (!model_agrees(model, &t->fs, why, sizeof(why)) ||
        !opinion_agrees(flash, &t->fs, why, sizeof(why))) {
        fail_msg("%s: %s", text, why);
    }
    if (flash->breaches > 0) {
        fail_msg("%s: %s", text, flash->breach);
    }
}

static uint64_t free_blocks(const struct trial *t)
{
    return t->fs.superblock.block_count - lfk_mdirs_blocks_used(&t->fs.mdirs);
}

/* Leaves so many blocks free, if as many are; false if they are not to be had. */
static bool fill(struct trial *t, struct model *model, uint64_t left)
{
    uint32_t block_size = t->geometry.block_size;
    struct op op = {.kind = OP_WRITE, .path = FILLER};
    int wanted;
    if (op_do_both(&op, &t->fs, model, &wanted, NULL) < 0 || free_blocks(t) < left) {
        return false;
    }
    uint32_t count = (uint32_t)(free_blocks(t) - left);
    for (uint32_t index = 0; index < count; index++) {
        op.size += lfk_ctz_capacity(block_size, index);
    }
    return op_do_both(&op, &t->fs, model, &wanted, NULL) == LFK_OK && free_blocks(t) == left;
}

/* The operation with so many blocks free. */
static void try_full(struct trial *t, const struct op *op, uint64_t left)
{
    const struct op unfill = {.kind = OP_REMOVE, .path = FILLER};
    struct flash flash;
    struct model model;
    int wanted;
    flash_copy(&flash, &t->flash);
    model_copy(&model, &t->model);
    mount(t, &flash);
    if (fill(t, &model, left)) {
        int result = op_do_both(op, &t->fs, &model, &wanted, NULL);
        t->done += result == LFK_OK;
        t->refused += result == LFK_ERR_NOSPC;
        if (result != wanted) {
            assert_int_equal(result, LFK_ERR_NOSPC);
        }
        check(t, &flash, &model, op);
        lfk_fs_unmount(&t->fs);
        mount(t, &flash);
        check(t, &flash, &model, op);
        if (result == LFK_ERR_NOSPC && model_find(&model, FILLER) != NULL) {
            assert_int_equal(op_do_both(&unfill, &t->fs, &model, &wanted, NULL), LFK_OK);
            (void)op_do_both(op, &t->fs, &model, &wanted, NULL);
            check(t, &flash, &model, op);
        }
    }
    lfk_fs_unmount(&t->fs);
    flash_close(&flash);
    model_free(&model);
}

static void run(struct trial *t, const struct scenario *scenario)
{
    static struct scenario_ops ops;
    scenario_read(scenario, &ops);
    t->geometry = scenario->geometry;
    t->model = (struct model){.count = 0};
    geometry_open(&t->geometry, &t->flash);
    const struct lfk_fs_options options = geometry_options(&t->geometry, &t->writing);
    assert_int_equal(lfk_fs_format(&t->flash.bd, &options, NULL), LFK_OK);
    for (size_t i = 0; i < ops.count; i++) {
        int wanted;
        for (uint64_t left = 0; i >= ops.cut_from && left <= FREE_MAX; left++) {
            try_full(t, &ops.ops[i], left);
        }
        mount(t, &t->flash);
        (void)op_do_both(&ops.ops[i], &t->fs, &t->model, &wanted, NULL);
        lfk_fs_unmount(&t->fs);
    }
    flash_close(&t->flash);
    model_free(&t->model);
}

static void full_volumes(void **state)
{
    static struct trial t;
    (void)state;
    for (const struct scenario *scenario = scenarios; scenario->name != NULL; scenario++) {
        run(&t, scenario);
    }
    printf("%llu done, %llu without space\n", (unsigned long long)t.done,
           (unsigned long long)t.refused);
    assert_true(t.refused > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(full_volumes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
