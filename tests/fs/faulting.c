/* SPDX-License-Identifier: MIT */
/*
 * Operations in which something fails.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "faulting.h"
#include "opinion.h"

/* One operation in which something fails. */
struct fault {
    struct faulting *faulting;
    const struct op *op;
    struct model after; /* of the operation */
    struct flash flash;
    struct lfk_fs fs;
    int result;
};

static void mount(struct faulting *f, struct flash *flash, struct lfk_fs *fs)
{
    struct lfk_detail detail = {0};
    struct lfk_fs_options options = geometry_options(&f->geometry, &f->writing);
    options.block_count = 0;
    options.allocator = &f->ledger.allocator;
    if (lfk_fs_mount(fs, &flash->bd, &options, &detail) < 0) {
        fail_msg("mount: %s, block %u", detail.what, (unsigned)detail.block);
    }
}

static void tell(const struct fault *fault, const char *when, const char *why)
{
    char text[2 * MODEL_PATH_MAX + 64];
    op_print(fault->op, text, sizeof(text));
    fail_msg("%s: %s, %s: %s", text, lfk_status_name(fault->result), when, why);
}

static void check(struct fault *fault, struct model *model, const char *when)
{
    char why[400];
    if (!model_agrees(model, &fault->fs, why, sizeof(why)) ||
        !opinion_agrees(&fault->flash, &fault->fs, why, sizeof(why))) {
        tell(fault, when, why);
    }
}

/* Which of the models the volume agrees with. An operation that succeeded has to be done. */
static void find_model(struct fault *fault, struct model *found)
{
    struct model *before = &fault->faulting->model;
    char why[400];
    if (model_agrees(&fault->after, &fault->fs, why, sizeof(why))) {
        model_copy(found, &fault->after);
        return;
    }
    if (fault->result == LFK_OK) {
        tell(fault, "not done", why);
    }
    model_copy(found, before);
    if (model_agrees(before, &fault->fs, why, sizeof(why))) {
        return;
    }
    if (fault->op->kind == OP_WRITE && model_find(found, fault->op->path) == NULL) {
        model_add(found, fault->op->path, false);
    }
    check(fault, found, "half done");
}

/* The volume goes on being used, without being mounted anew and after that. */
static void go_on(struct fault *fault, struct model *model)
{
    struct faulting *f = fault->faulting;
    struct lfk_detail detail = {0};
    int result = lfk_fs_mkdir(&fault->fs, "/after", &detail);
    if (result == LFK_OK) {
        model_add(model, "/after", true);
    } else if (result != LFK_ERR_NOSPC) {
        tell(fault, "going on", detail.what != NULL ? detail.what : "");
    }
    for (int again = 0; again < 2; again++) {
        check(fault, model, again ? "mounted again" : "going on");
        lfk_fs_unmount(&fault->fs);
        mount(f, &fault->flash, &fault->fs);
    }
    if (result == LFK_OK && !lfk_gstate_is_zero(&fault->fs.mdirs.gdisk)) {
        tell(fault, "going on", "the state is not at rest");
    }
    if (fault->flash.breaches > 0) {
        tell(fault, "going on", fault->flash.breach);
    }
}

/* Fails the call, or with no error the allocation, of that number; false if there is none. */
static bool fail_one(struct fault *fault, uint64_t number, int error)
{
    struct faulting *f = fault->faulting;
    struct model found;
    flash_copy(&fault->flash, &f->flash);
    mount(f, &fault->flash, &fault->fs);
    if (error == LFK_OK) {
        f->ledger.calls = 0;
        f->ledger.refused = number;
        f->ledger.lasting = true;
    } else {
        fault->flash.calls_left = number;
        fault->flash.error = error;
    }
    fault->result = op_do(fault->op, &fault->fs, NULL);
    bool met = error == LFK_OK ? f->ledger.calls >= number : fault->flash.calls_left == FLASH_NEVER;
    f->ledger.refused = 0;
    fault->flash.calls_left = FLASH_NEVER;
    if (met) {
        find_model(fault, &found);
        go_on(fault, &found);
        model_free(&found);
        f->faults++;
    }
    lfk_fs_unmount(&fault->fs);
    flash_close(&fault->flash);
    if (f->ledger.live != 0) {
        tell(fault, "at the end", "memory is not given back");
    }
    return met;
}

static void fail_each(struct faulting *f, const struct op *op, int error)
{
    struct fault fault = {.faulting = f, .op = op};
    model_copy(&fault.after, &f->model);
    if (op_model(op, &fault.after) == LFK_OK) {
        for (uint64_t number = 1; fail_one(&fault, number, error); number++) {
        }
    }
    model_free(&fault.after);
}

/* --- from outside --------------------------------------------------------------- */

void faulting_start(struct faulting *f, const struct geometry *geometry)
{
    uint64_t faults = f->faults;
    memset(f, 0, sizeof(*f));
    f->faults = faults;
    f->geometry = *geometry;
    ledger_open(&f->ledger);
    geometry_open(&f->geometry, &f->flash);
    const struct lfk_fs_options options = geometry_options(&f->geometry, &f->writing);
    assert_int_equal(lfk_fs_format(&f->flash.bd, &options, NULL), LFK_OK);
}

void faulting_end(struct faulting *f)
{
    flash_close(&f->flash);
    model_free(&f->model);
}

void faulting_fail_calls(struct faulting *f, const struct op *op, int error)
{
    fail_each(f, op, error);
}

void faulting_fail_memory(struct faulting *f, const struct op *op)
{
    fail_each(f, op, LFK_OK);
}

void faulting_do(struct faulting *f, const struct op *op)
{
    struct lfk_fs fs;
    int wanted;
    mount(f, &f->flash, &fs);
    (void)op_do_both(op, &fs, &f->model, &wanted, NULL);
    lfk_fs_unmount(&fs);
}
