/* SPDX-License-Identifier: MIT */
/*
 * Operations cut at every change they make to the device.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cutting.h"
#include "opinion.h"

/* One operation being cut. */
struct case_of_cut {
    struct cutting *cutting;
    const struct op *op;
    struct model after; /* of the operation */
    struct flash flash; /* cut */
};

static void mount(struct cutting *c, struct flash *flash, struct lfk_fs *fs, bool writing)
{
    struct lfk_detail detail = {0};
    struct lfk_fs_options options = geometry_options(&c->geometry, &c->writing);
    options.block_count = 0;
    options.writing = writing ? &c->writing : NULL;
    if (lfk_fs_mount(fs, &flash->bd, &options, &detail) < 0) {
        fail_msg("mount: %s, block %u", detail.what, (unsigned)detail.block);
    }
}

/* --- what is found after a cut ----------------------------------------------------- */

/* The model that the volume agrees with: the one before or after; a new file may be empty. */
static const struct model *agreeing(struct case_of_cut *k, struct lfk_fs *fs, struct model *made)
{
    struct model *before = &k->cutting->model;
    char why_before[400];
    char why_after[400];
    char why_made[400] = "";
    if (model_agrees(before, fs, why_before, sizeof(why_before))) {
        return before;
    }
    if (model_agrees(&k->after, fs, why_after, sizeof(why_after))) {
        return &k->after;
    }
    model_copy(made, before);
    if (k->op->kind == OP_WRITE && model_find(made, k->op->path) == NULL) {
        model_add(made, k->op->path, false);
        if (model_agrees(made, fs, why_made, sizeof(why_made))) {
            return made;
        }
    }
    fail_msg("neither before (%s) nor after (%s) nor between (%s)", why_before, why_after,
             why_made);
    return NULL;
}

static void check(struct flash *flash, const struct lfk_fs *fs)
{
    char why[400];
    if (!opinion_agrees(flash, fs, why, sizeof(why))) {
        fail_msg("%s", why);
    }
}

/* --- after a cut ------------------------------------------------------------------------- */

/* The volume goes on being used; what is left to repair is repaired first. */
static void go_on(struct cutting *c, struct flash *flash, const struct model *found)
{
    struct lfk_detail detail = {0};
    struct lfk_fs fs;
    struct model model;
    char why[400];
    model_copy(&model, found);
    mount(c, flash, &fs, true);
    int result = lfk_fs_mkdir(&fs, "/after", &detail);
    if (result == LFK_OK) {
        model_add(&model, "/after", true);
    } else if (result != LFK_ERR_NOSPC) {
        fail_msg("after the cut: %d: %s, block %u", result, detail.what, (unsigned)detail.block);
    }
    if (lfk_fs_make_consistent(&fs, &detail) < 0 && result == LFK_OK) {
        fail_msg("repair: %s, block %u", detail.what, (unsigned)detail.block);
    }
    if (!model_agrees(&model, &fs, why, sizeof(why))) {
        fail_msg("after the repair: %s", why);
    }
    lfk_fs_unmount(&fs);
    mount(c, flash, &fs, true);
    if (!model_agrees(&model, &fs, why, sizeof(why))) {
        fail_msg("after the repair, mounted again: %s", why);
    }
    if (result == LFK_OK && !lfk_gstate_is_zero(&fs.mdirs.gdisk)) {
        fail_msg("after the repair the state is not at rest");
    }
    check(flash, &fs);
    lfk_fs_unmount(&fs);
    if (flash->breaches > 0) {
        fail_msg("%s", flash->breach);
    }
    model_free(&model);
}

/* Cuts the operation after so many changes; false if it was over before. */
static bool cut(struct case_of_cut *k, uint64_t changes, const struct cut_way *way)
{
    struct cutting *c = k->cutting;
    struct flash *flash = &k->flash;
    struct lfk_fs fs;
    struct model made = {.count = 0};
    flash_copy(flash, &c->flash);
    mount(c, flash, &fs, true);
    flash->changes_left = changes;
    flash->torn = way->torn;
    flash->forgetful = way->forgetful;
    (void)op_do(k->op, &fs, NULL);
    bool was_cut = flash->lost;
    lfk_fs_unmount(&fs);
    if (was_cut) {
        flash_restore(flash);
        if (c->told != NULL) {
            c->told(c->context, c, flash);
        }
        mount(c, flash, &fs, false);
        const struct model *found = agreeing(k, &fs, &made);
        check(flash, &fs);
        lfk_fs_unmount(&fs);
        go_on(c, flash, found);
        c->cuts++;
    }
    model_free(&made);
    flash_close(flash);
    return was_cut;
}

/* --- from outside ---------------------------------------------------------------------------- */

void cutting_start(struct cutting *c, const struct geometry *geometry)
{
    struct lfk_detail detail = {0};
    *c = (struct cutting){
        .geometry = *geometry, .cuts = c->cuts, .told = c->told, .context = c->context};
    geometry_open(&c->geometry, &c->flash);
    const struct lfk_fs_options options = geometry_options(&c->geometry, &c->writing);
    assert_int_equal(lfk_fs_format(&c->flash.bd, &options, &detail), LFK_OK);
}

void cutting_end(struct cutting *c)
{
    flash_close(&c->flash);
    model_free(&c->model);
}

void cutting_cut(struct cutting *c, const struct op *op, const struct cut_way *ways, size_t count)
{
    struct case_of_cut k = {.cutting = c, .op = op};
    char text[2 * MODEL_PATH_MAX + 64];
    op_print(op, text, sizeof(text));
    model_copy(&k.after, &c->model);
    if (op_model(op, &k.after) == LFK_OK) {
        if (getenv("LFSKIT_TRACE") != NULL) {
            printf("%s\n", text);
        }
        for (size_t i = 0; i < count; i++) {
            for (uint64_t changes = 0; cut(&k, changes, &ways[i]); changes++) {
            }
        }
    }
    model_free(&k.after);
}

void cutting_do(struct cutting *c, const struct op *op)
{
    struct lfk_fs fs;
    int wanted;
    mount(c, &c->flash, &fs, true);
    (void)op_do_both(op, &fs, &c->model, &wanted, NULL);
    lfk_fs_unmount(&fs);
}
