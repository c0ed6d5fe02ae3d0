/* SPDX-License-Identifier: MIT */
/*
 * Random histories: every operation says what the model says, and the volume
 * is what the model is, as mounted and after mounting it again; the check finds
 * nothing wrong with it.
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
#include "rounds.h"

#define ROUNDS 150
#define ROUNDS_LONG 20000
#define STEPS 120

struct volume {
    struct geometry geometry;
    struct flash flash;
    struct lfk_fs_writing writing;
    struct lfk_fs fs;
    struct model model;
};

static void mount(struct volume *v)
{
    struct lfk_detail detail = {0};
    struct lfk_fs_options options = geometry_options(&v->geometry, &v->writing);
    options.block_count = 0;
    int result = lfk_fs_mount(&v->fs, &v->flash.bd, &options, &detail);
    if (result < 0) {
        fail_msg("mount: %s, block %u", detail.what, (unsigned)detail.block);
    }
}

static void open_volume(struct volume *v, const struct geometry *geometry)
{
    struct lfk_detail detail = {0};
    memset(v, 0, sizeof(*v));
    v->geometry = *geometry;
    geometry_open(&v->geometry, &v->flash);
    const struct lfk_fs_options options = geometry_options(&v->geometry, &v->writing);
    assert_int_equal(lfk_fs_format(&v->flash.bd, &options, &detail), LFK_OK);
    mount(v);
}

static void close_volume(struct volume *v)
{
    lfk_fs_unmount(&v->fs);
    flash_close(&v->flash);
    model_free(&v->model);
}

static void check(struct volume *v)
{
    char why[400];
    if (!model_agrees(&v->model, &v->fs, why, sizeof(why))) {
        fail_msg("%s", why);
    }
    if (!opinion_agrees(&v->flash, &v->fs, why, sizeof(why))) {
        fail_msg("%s", why);
    }
    if (v->flash.breaches > 0) {
        fail_msg("%s", v->flash.breach);
    }
}

static void step(struct volume *v, struct seed *seed)
{
    struct lfk_detail detail = {0};
    char text[700];
    int wanted;
    struct op op = op_random(seed, &v->model, 4 * v->geometry.block_size);
    op_print(&op, text, sizeof(text));
    int result = op_do_both(&op, &v->fs, &v->model, &wanted, &detail);
    if (getenv("LFSKIT_TRACE") != NULL) {
        printf("%s: %d\n", text, result);
    }
    bool no_room =
        result == LFK_ERR_NOSPC || (result == LFK_ERR_NAMETOOLONG && v->geometry.block_size < 256);
    if (result != wanted && !no_room) {
        fail_msg("%s: %d, the model says %d: %s, block %u", text, result, wanted,
                 detail.what ? detail.what : "", (unsigned)detail.block);
    }
    if (seed_below(seed, 10) == 0) {
        lfk_fs_unmount(&v->fs);
        mount(v);
    }
    check(v);
}

static void history(const struct geometry *geometry, struct seed *seed)
{
    static struct volume v;
    open_volume(&v, geometry);
    for (int i = 0; i < STEPS; i++) {
        step(&v, seed);
    }
    close_volume(&v);
}

static void histories(void **state)
{
    (void)state;
    rounds_run("fs.histories", ROUNDS, ROUNDS_LONG, history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(histories)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
