/* SPDX-License-Identifier: MIT */
/*
 * A volume on its way through a history. Without a mishap an operation does
 * what the model says, or finds no space and changes nothing. A mishap leaves
 * the volume as before or as after, to whoever goes on and to whoever mounts.
 */
#include "trial.h"

#include "opinion.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In smaller blocks an entry may not fit whose name is no longer than the limit. */
#define NAMES_FIT 512u

void trial_fail(const struct trial *trial, const char *why)
{
    fprintf(stderr, "not so: %s: %s\n", trial->text, why);
    abort();
}

static void check_opinion(struct trial *trial)
{
    char why[400];
    if (!opinion_agrees(&trial->flash, &trial->fs, why, sizeof(why))) {
        trial_fail(trial, why);
    }
}

/* --- start and end ------------------------------------------------------------------ */

static int mount(struct trial *trial, struct lfk_detail *detail)
{
    struct lfk_fs_options options = {.allocator = &trial->ledger.allocator,
                                     .writing = &trial->writing};
    return lfk_fs_mount(&trial->fs, &trial->flash.bd, &options, detail);
}

static void mount_surely(struct trial *trial)
{
    struct lfk_detail detail = {0};
    if (mount(trial, &detail) < 0) {
        trial_fail(trial, detail.what);
    }
}

static void unmount(struct trial *trial)
{
    lfk_fs_unmount(&trial->fs);
    for (size_t i = 0; i < TRIAL_HANDLES; i++) {
        handle_close(&trial->handles[i]);
    }
    if (trial->ledger.live != 0) {
        trial_fail(trial, "memory is not given back");
    }
}

/* Settings beside the geometry, within littlefs's rules. */
static void choose_writing(struct trial *trial, struct choices *choices)
{
    struct geometry *g = &trial->geometry;
    struct lfk_fs_writing *writing = &trial->writing;
    uint32_t half = g->block_size / 2;
    uint32_t most = lfk_min(g->cache_size, g->block_size / 8);
    if (choose_below(choices, 3) == 2 && half >= 128 && half % g->prog_size == 0) {
        writing->metadata_max = half;
        most = lfk_min(g->cache_size, half / 8);
    }
    switch (choose_below(choices, 4)) {
    case 2:
        writing->inline_max = UINT32_MAX;
        break;
    case 3:
        writing->inline_max = 1 + choose_below(choices, most);
        break;
    default:
        break;
    }
}

static void choose_flaws(struct trial *trial, struct choices *choices)
{
    uint32_t count = choose_below(choices, 8);
    trial->flash.wear_limit = choose_below(choices, 8) == 7 ? 8 : 0;
    for (uint32_t i = 4; i < count; i++) {
        uint32_t block = choose_below(choices, trial->geometry.block_count);
        trial->flash.flaws[block] = (uint8_t)choose_below(choices, FLAW_ERASE_SILENT + 1);
    }
}

bool trial_start(struct trial *trial, struct choices *choices)
{
    struct lfk_detail detail = {0};
    memset(trial, 0, sizeof(*trial));
    ledger_open(&trial->ledger);
    trial->geometry = geometry_choose(choices);
    trial->geometry.block_count = 2 + choose_below(choices, 64);
    struct lfk_fs_options options = geometry_options(&trial->geometry, &trial->writing);
    options.allocator = &trial->ledger.allocator;
    choose_writing(trial, choices);
    geometry_open(&trial->geometry, &trial->flash);
    choose_flaws(trial, choices);
    snprintf(trial->text, sizeof(trial->text), "format");
    bool is_bad = trial->flash.flaws[0] != FLAW_NONE || trial->flash.flaws[1] != FLAW_NONE;
    int result = lfk_fs_format(&trial->flash.bd, &options, &detail);
    if (result < 0) {
        if (!is_bad || result != LFK_ERR_NOSPC) {
            trial_fail(trial, detail.what);
        }
        return false;
    }
    mount_surely(trial);
    return true;
}

void trial_end(struct trial *trial)
{
    unmount(trial);
    flash_close(&trial->flash);
    model_free(&trial->model);
}

/* --- mounting again ------------------------------------------------------------------- */

void trial_remount(struct trial *trial, const struct mishap *mishap)
{
    /* A device that says it could not read a block may be believed: the older state is next. */
    bool is_harmless = mishap->kind == MISHAP_MEMORY ||
                       (mishap->kind == MISHAP_ERROR && mishap->error != LFK_ERR_CORRUPT);
    unmount(trial);
    flash_restore(&trial->flash);
    if (is_harmless) {
        mishap_arm(mishap, &trial->flash, &trial->ledger);
        int result = mount(trial, NULL);
        if (mishap_disarm(mishap, &trial->flash, &trial->ledger) && result < 0) {
            mount_surely(trial);
        } else if (result < 0) {
            trial_fail(trial, lfk_status_name(result));
        }
    } else {
        mount_surely(trial);
    }
    check_opinion(trial);
}

static void power_up(struct trial *trial)
{
    unmount(trial);
    flash_restore(&trial->flash);
    mount_surely(trial);
    check_opinion(trial);
}

/* --- which model ------------------------------------------------------------------------ */

static void adopt(struct trial *trial, const struct model *model)
{
    if (model != &trial->model) {
        model_free(&trial->model);
        model_copy(&trial->model, model);
    }
}

/* Agrees with one of those that are possible, or the program ends. */
static void find_model(struct trial *trial, const struct outcome *outcome, bool before_possible,
                       bool after_possible)
{
    char why[3][400] = {"", "", ""};
    if (after_possible && outcome->after != NULL) {
        if (model_agrees(outcome->after, &trial->fs, why[0], sizeof(why[0]))) {
            adopt(trial, outcome->after);
            for (size_t i = 0; i < TRIAL_HANDLES && outcome->op != NULL; i++) {
                handle_follow(&trial->handles[i], outcome->op);
            }
            return;
        }
    }
    if (before_possible && model_agrees(outcome->before, &trial->fs, why[1], sizeof(why[1]))) {
        adopt(trial, outcome->before);
        return;
    }
    if (before_possible && outcome->made != NULL &&
        model_agrees(outcome->made, &trial->fs, why[2], sizeof(why[2]))) {
        adopt(trial, outcome->made);
        return;
    }
    char text[1300];
    snprintf(text, sizeof(text), "%s; not after: %s; not before: %s; not between: %s",
             lfk_status_name(outcome->result), why[0], why[1], why[2]);
    trial_fail(trial, text);
}

static void check_result(const struct trial *trial, const struct outcome *outcome)
{
    bool is_small = trial->geometry.block_size < NAMES_FIT;
    int result = outcome->result;
    bool no_room = result == LFK_ERR_NOSPC || (result == LFK_ERR_NAMETOOLONG && is_small);
    /* Bad blocks and no room at once: what was begun can only be found out by mounting. */
    bool is_stuck = result == LFK_ERR_IO && trial->fs.mdirs.unsettled > 0;
    bool is_excused = result < 0 && (outcome->struck || no_room || is_stuck);
    if (result != outcome->wanted && !is_excused) {
        char text[300];
        snprintf(text, sizeof(text), "%s (%s), the model says %s", lfk_status_name(result),
                 outcome->detail.what != NULL ? outcome->detail.what : "",
                 lfk_status_name(outcome->wanted));
        trial_fail(trial, text);
    }
}

static void check_handles(const struct trial *trial)
{
    for (size_t i = 0; i < TRIAL_HANDLES; i++) {
        const struct handle *handle = &trial->handles[i];
        if (handle->is_open && lfk_fs_file_size(&handle->file) != handle->content.size) {
            trial_fail(trial, "the size of an open file is another one");
        }
    }
}

static void check_breach(const struct trial *trial)
{
    if (trial->flash.breaches > 0) {
        trial_fail(trial, trial->flash.breach);
    }
}

/*
 * After a commit that failed half-way nobody knows what the disk says, until it
 * is written again, while the power may go, or the volume is mounted again.
 */
static void write_again(struct trial *trial, const struct outcome *outcome, struct choices *choices)
{
    struct mishap mishap = mishap_choose(choices);
    if (mishap.kind != MISHAP_NONE) {
        mishap.kind = MISHAP_CUT;
    }
    mishap_arm(&mishap, &trial->flash, &trial->ledger);
    (void)lfk_fs_prepare(&trial->fs, NULL);
    bool was_cut = mishap_disarm(&mishap, &trial->flash, &trial->ledger);
    if (was_cut || trial->fs.mdirs.unsettled > 0) {
        power_up(trial);
        find_model(trial, outcome, true, true);
    }
}

void trial_settle(struct trial *trial, const struct outcome *outcome, struct choices *choices)
{
    bool was_cut = trial->flash.lost;
    bool is_done = outcome->result == LFK_OK && outcome->wanted == LFK_OK;
    check_breach(trial);
    check_result(trial, outcome);
    if (was_cut) {
        power_up(trial);
    }
    bool before_possible = !is_done || outcome->after == NULL;
    find_model(trial, outcome, before_possible, is_done || outcome->struck);
    if (trial->fs.mdirs.unsettled > 0) {
        write_again(trial, outcome, choices);
    }
    check_handles(trial);
    check_breach(trial);
}
