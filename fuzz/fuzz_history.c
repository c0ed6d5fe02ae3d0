/* SPDX-License-Identifier: MIT */
/*
 * The input is a history: a head that says how a volume is made, and records
 * of equal size, each for one thing that is done to it and for what goes wrong
 * meanwhile. After each the volume is what a model says.
 */
#include "fuzz.h"
#include "records.h"
#include "trial.h"

#include <string.h>

/* What is done: to a path, to an open file, to the volume. */
enum step_kind {
    STEP_PATH,
    STEP_OPEN,
    STEP_WRITE,
    STEP_APPEND,
    STEP_TRUNCATE,
    STEP_CLEAR,
    STEP_SYNC,
    STEP_READ,
    STEP_CLOSE,
    STEP_REMOUNT,
    STEP_TIDY,
    STEP_COLLECT,
    STEP_SHRINK,
    STEP_FLAW
};

struct step {
    struct trial *trial;
    struct choices *choices;
    struct op op;
    struct handle *handle;
    struct outcome outcome;
    struct model before;
    struct model after;
    struct model made;
};

static void arm(struct step *step)
{
    mishap_arm(&step->outcome.mishap, &step->trial->flash, &step->trial->ledger);
}

static void disarm(struct step *step, int result)
{
    struct outcome *outcome = &step->outcome;
    outcome->result = result;
    outcome->struck = mishap_disarm(&outcome->mishap, &step->trial->flash, &step->trial->ledger);
}

static void set_after(struct step *step)
{
    model_copy(&step->after, &step->before);
    step->outcome.after = &step->after;
}

/* --- paths ------------------------------------------------------------------------------ */

/* The file may have been made when writing it fails. */
static void set_made(struct step *step)
{
    if (step->op.kind == OP_WRITE && model_find(&step->before, step->op.path) == NULL) {
        model_copy(&step->made, &step->before);
        model_add(&step->made, step->op.path, false);
        step->outcome.made = &step->made;
    }
}

static void do_path(struct step *step)
{
    struct trial *trial = step->trial;
    struct outcome *outcome = &step->outcome;
    op_print(&step->op, trial->text, sizeof(trial->text));
    if (!op_fits(&step->op, &step->before)) {
        return;
    }
    set_after(step);
    outcome->wanted = op_model(&step->op, &step->after);
    outcome->op = &step->op;
    if (outcome->wanted < 0) {
        outcome->after = NULL;
    } else {
        set_made(step);
    }
    arm(step);
    disarm(step, op_do(&step->op, &trial->fs, &outcome->detail));
}

/* --- open files -------------------------------------------------------------------------- */

static int open_or_make(struct step *step, struct lfk_detail *detail)
{
    struct lfk_fs *fs = &step->trial->fs;
    struct lfk_fs_place place;
    struct lfk_fs_entry entry;
    TRY(lfk_fs_prepare(fs, detail));
    TRY(lfk_fs_find(fs, step->op.path, &place, detail));
    if (!place.exists) {
        TRY(lfk_fs_file_create(fs, &place, &entry, detail));
    }
    return handle_open(step->handle, fs, step->outcome.after, step->op.path, detail);
}

static void do_open(struct step *step)
{
    struct trial *trial = step->trial;
    struct op make = step->op;
    snprintf(trial->text, sizeof(trial->text), "open %s", step->op.path);
    handle_close(step->handle);
    make.kind = OP_APPEND;
    make.size = 0;
    if (model_find(&step->before, make.path) == NULL) {
        make.kind = OP_WRITE;
    }
    set_after(step);
    step->outcome.wanted = op_model(&make, &step->after);
    arm(step);
    disarm(step, open_or_make(step, &step->outcome.detail));
    if (step->outcome.wanted < 0) {
        step->outcome.after = NULL;
    }
}

static void do_write(struct step *step, bool truncates, uint32_t position)
{
    struct trial *trial = step->trial;
    struct seed seed = {step->op.salt};
    uint8_t *bytes = malloc((size_t)step->op.size + 1);
    EXPECT(bytes != NULL);
    seed_fill(&seed, bytes, step->op.size);
    const uint8_t *data = truncates ? NULL : bytes;
    snprintf(trial->text, sizeof(trial->text), "handle %s: %s at %u of %u size %u",
             step->handle->path, truncates ? "truncate" : "write", (unsigned)position,
             (unsigned)step->handle->content.size, (unsigned)step->op.size);
    arm(step);
    disarm(step, handle_write(step->handle, position, data, step->op.size, &step->outcome.detail));
    if (step->outcome.result < 0 && !trial->flash.lost &&
        !handle_learn(step->handle, position, data, step->op.size)) {
        trial_fail(trial, "content of no moment of a write that failed");
    }
    free(bytes);
}

static void do_sync(struct step *step)
{
    struct trial *trial = step->trial;
    struct handle *handle = step->handle;
    uint8_t byte = (uint8_t)step->op.salt;
    const struct lfk_fs_attribute attribute = {&byte, 1, 1};
    size_t count = choose_below(step->choices, 3) == 2;
    snprintf(trial->text, sizeof(trial->text), "handle %s: sync %s", handle->path,
             count > 0 ? "and set an attribute" : "");
    set_after(step);
    if (handle->dirty || count > 0) {
        handle_sync_model(handle, &step->after);
    }
    struct model_node *node = model_find(&step->after, handle->path);
    if (count > 0 && node != NULL) {
        node->attribute = byte;
    }
    arm(step);
    disarm(step, lfk_fs_file_sync(&handle->file, &attribute, count, &step->outcome.detail));
    if (step->outcome.result == LFK_OK && handle->path[0] != '\0') {
        handle->dirty = false;
    }
}

static void do_read(struct step *step, uint32_t position)
{
    struct trial *trial = step->trial;
    bool same;
    snprintf(trial->text, sizeof(trial->text), "handle %s: read at %u of %u size %u",
             step->handle->path, (unsigned)position, (unsigned)step->handle->content.size,
             (unsigned)step->op.size);
    arm(step);
    int result =
        handle_compare(step->handle, position, step->op.size, &same, &step->outcome.detail);
    disarm(step, result < 0 ? result : LFK_OK);
    if (result >= 0 && !same) {
        trial_fail(trial, "an open file reads otherwise");
    }
}

static void do_handle(struct step *step, enum step_kind kind)
{
    struct handle *handle = step->handle;
    uint32_t size = handle->content.size;
    uint32_t position = choose_below(step->choices, size + 1);
    if (choose_below(step->choices, 8) == 7) {
        position = size + choose_below(step->choices, step->trial->geometry.block_size);
    }
    if (!handle->is_open) {
        do_open(step);
        return;
    }
    switch (kind) {
    case STEP_WRITE:
    case STEP_TRUNCATE:
        do_write(step, kind == STEP_TRUNCATE, position);
        break;
    case STEP_APPEND:
        do_write(step, false, size);
        break;
    case STEP_CLEAR:
        handle_clear(handle);
        break;
    case STEP_SYNC:
        do_sync(step);
        break;
    case STEP_READ:
        do_read(step, position);
        break;
    default:
        handle_close(handle);
        break;
    }
}

/* --- the volume --------------------------------------------------------------------------- */

static void do_remount(struct step *step)
{
    struct trial *trial = step->trial;
    snprintf(trial->text, sizeof(trial->text), "remount");
    if (choose_below(step->choices, 4) == 3) {
        trial->writing.disk_version = LFK_DISK_2_1;
    }
    trial_remount(trial, &step->outcome.mishap);
}

static int shrink(struct step *step, struct lfk_detail *detail)
{
    struct lfk_fs *fs = &step->trial->fs;
    uint32_t less = 1 + choose_below(step->choices, 4);
    uint32_t count = fs->superblock.block_count;
    int result = count > 2 + less ? lfk_fs_resize(fs, count - less, detail) : LFK_OK;
    return result == LFK_ERR_NOTEMPTY ? LFK_OK : result;
}

static void do_volume(struct step *step, enum step_kind kind)
{
    struct trial *trial = step->trial;
    struct lfk_fs *fs = &trial->fs;
    int result;
    arm(step);
    switch (kind) {
    case STEP_TIDY:
        snprintf(trial->text, sizeof(trial->text), "make consistent");
        result = lfk_fs_make_consistent(fs, &step->outcome.detail);
        break;
    case STEP_COLLECT:
        snprintf(trial->text, sizeof(trial->text), "collect garbage");
        result = lfk_fs_collect_garbage(fs, step->op.size, &step->outcome.detail);
        break;
    default:
        snprintf(trial->text, sizeof(trial->text), "shrink");
        result = shrink(step, &step->outcome.detail);
        break;
    }
    disarm(step, result);
    if (kind == STEP_TIDY && result == LFK_OK && !lfk_gstate_is_zero(&fs->mdirs.gdisk)) {
        trial_fail(trial, "the state is not at rest");
    }
}

/* A block goes bad; it can be read, so nothing is lost. */
static void do_flaw(struct step *step)
{
    static const uint8_t flaws[] = {FLAW_NONE, FLAW_PROG_ERROR, FLAW_ERASE_ERROR, FLAW_PROG_SILENT,
                                    FLAW_ERASE_SILENT};
    struct flash *flash = &step->trial->flash;
    uint32_t block = choose_below(step->choices, flash->bd.block_count);
    snprintf(step->trial->text, sizeof(step->trial->text), "flaw of block %u", (unsigned)block);
    if (flash->flaws[block] != FLAW_READ_ERROR) {
        flash->flaws[block] = flaws[choose_below(step->choices, sizeof(flaws))];
    }
}

/* --- histories ---------------------------------------------------------------------------- */

static enum step_kind choose_kind(struct choices *choices)
{
    static const uint8_t kinds[] = {STEP_PATH,     STEP_PATH,    STEP_PATH,   STEP_PATH, STEP_PATH,
                                    STEP_PATH,     STEP_PATH,    STEP_PATH,   STEP_OPEN, STEP_WRITE,
                                    STEP_WRITE,    STEP_APPEND,  STEP_APPEND, STEP_READ, STEP_SYNC,
                                    STEP_TRUNCATE, STEP_CLEAR,   STEP_CLOSE,  STEP_SYNC, STEP_TIDY,
                                    STEP_REMOUNT,  STEP_COLLECT, STEP_SHRINK, STEP_FLAW};
    return (enum step_kind)kinds[choose_below(choices, sizeof(kinds))];
}

static void do_step(struct step *step, enum step_kind kind)
{
    switch (kind) {
    case STEP_PATH:
        do_path(step);
        break;
    case STEP_OPEN:
        do_open(step);
        break;
    case STEP_REMOUNT:
        do_remount(step);
        break;
    case STEP_TIDY:
    case STEP_COLLECT:
    case STEP_SHRINK:
        do_volume(step, kind);
        break;
    case STEP_FLAW:
        do_flaw(step);
        break;
    default:
        do_handle(step, kind);
        break;
    }
}

static void run_step(struct trial *trial, struct choices *choices)
{
    static struct step step;
    step = (struct step){.trial = trial, .choices = choices};
    step.outcome.mishap = mishap_choose(choices);
    enum step_kind kind = choose_kind(choices);
    step.handle = &trial->handles[choose_below(choices, TRIAL_HANDLES)];
    step.op = op_choose(choices, &trial->model, 4 * trial->geometry.block_size);
    model_copy(&step.before, &trial->model);
    step.outcome.before = &step.before;
    do_step(&step, kind);
    if (getenv("LFSKIT_TRACE") != NULL) {
        fprintf(stderr, "%s: %s%s\n", trial->text, lfk_status_name(step.outcome.result),
                step.outcome.struck ? ", struck" : "");
    }
    trial_settle(trial, &step.outcome, choices);
    model_free(&step.before);
    model_free(&step.after);
    model_free(&step.made);
}

static void run(struct trial *trial, const uint8_t *data, size_t size)
{
    for (size_t at = 0; at < size && at < (size_t)RECORDS_MAX * RECORD_SIZE; at += RECORD_SIZE) {
        struct choices choices = {.bytes = data + at,
                                  .left = lfk_min((uint32_t)(size - at), RECORD_SIZE)};
        run_step(trial, &choices);
    }
    const struct mishap none = {.kind = MISHAP_NONE};
    const struct outcome outcome = {.before = &trial->model};
    trial_remount(trial, &none);
    trial_settle(trial, &outcome, NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct trial trial;
    size_t head = size < RECORD_HEAD ? size : RECORD_HEAD;
    struct choices choices = {.bytes = data, .left = head};
    if (trial_start(&trial, &choices)) {
        run(&trial, data + head, size - head);
    }
    trial_end(&trial);
    return 0;
}
