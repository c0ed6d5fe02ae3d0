/* SPDX-License-Identifier: MIT */
/*
 * Changes of pairs, whole: one commit, and after it those that it calls for
 * because the pair has moved to other blocks. What refers to a pair is the
 * entry of its directory, in the parent, and the tail of the pair before it;
 * the parent's comes first, and between the two the sync bit says that the
 * list is behind. Such a commit may itself move its pair; those steps are kept
 * on a stack, the newest is seen to first, and nothing calls itself.
 *
 * The pairs can refer to each other in a circle, so a pair that moved may be
 * written again before the list follows. The block that the list leads to is then
 * left alone: the state of the volume is summed up over the list.
 *
 * A step that moved its pair is in force in memory at once, but on disk nothing
 * refers to it until the commit after it is there; if that fails, the step is
 * undone. A commit that failed half-way leaves a pair of which nobody knows
 * what the disk says: it is written anew before anything else is changed.
 */
#include "fold.h"
#include "settle.h"
#include "table.h"

/* What one pair is to become. */
struct change {
    struct lfk_mdir *mdir;
    const struct lfk_edit *edits;
    size_t count;
    struct lfk_mdir *drop; /* the pair after it, which this one's tail leaves out; or NULL */
    bool rewrite;          /* write the pair anew, whatever the log has room for */
};

enum stage { STAGE_PARENT, STAGE_TAIL, STAGE_DONE };

/* A step that moved its pair, and how far those that refer to it have followed. */
struct frame {
    struct lfk_step step;
    enum stage stage;
    bool reachable; /* on disk too, by the parent at least */
    bool orphan;    /* counted as one */
};

struct lfk_change_run {
    struct lfk_mdirs *mdirs;
    struct frame *frames;
    size_t count;
    size_t room;
    struct lfk_detail *detail;
};

/* --- one commit ------------------------------------------------------------------------ */

/*
 * False for a pair that only entries lead to as yet: what it says of the global
 * state is not counted.
 */
static bool is_listed(const struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir)
{
    return mdir->prev != NULL || mdir == mdirs->first;
}

/* Of a pair: a frame of it that is not done with, or else one that is, or NULL. */
static const struct frame *find_frame(const struct lfk_change_run *run, const struct lfk_mdir *mdir)
{
    const struct frame *found = NULL;
    for (size_t i = 0; i < run->count; i++) {
        const struct frame *frame = &run->frames[i];
        if (frame->step.mdir == mdir && (found == NULL || frame->stage != STAGE_DONE)) {
            found = frame;
        }
    }
    return found;
}

/* True if a pair that was left on the list has the second block of this one. */
static bool shares_left(const struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir)
{
    uint32_t block = mdir->pair.block[1];
    bool shares = false;
    for (size_t i = 0; i < mdirs->left_count && !shares; i++) {
        const struct lfk_pair *left = &mdirs->left[i].pair;
        shares = left->block[0] == block || left->block[1] == block;
    }
    return shares;
}

/*
 * True if the list on disk may lead to an older version of the pair, with which its
 * second block is in common. It does not when the tail before the pair has followed,
 * and the list is not behind with the pair that has this tail. To a pair that is not
 * on the list it may come to lead with the next tail that is mended.
 */
static bool is_behind(const struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir)
{
    const struct frame *frame = find_frame(mdirs->run, mdir);
    while (frame != NULL && frame->stage == STAGE_DONE) {
        frame = find_frame(mdirs->run, frame->step.mdir->prev);
    }
    return frame != NULL || !is_listed(mdirs, mdir) || shares_left(mdirs, mdir);
}

/* The pair that this one was split from, when that moved in the run; or else the pair itself. */
static const struct lfk_mdir *split_from(const struct lfk_change_run *run,
                                         const struct lfk_mdir *mdir)
{
    const struct lfk_mdir *from = mdir;
    for (size_t i = run->count; i > 0; i--) {
        const struct lfk_step *step = &run->frames[i - 1].step;
        for (uint32_t split = 0; split < step->compaction.split_count; split++) {
            from = step->compaction.splits[split] == from ? step->mdir : from;
        }
    }
    return from;
}

/*
 * True if what a commit to the pair adds to the global state counts at once: if the
 * list on disk leads to it. To one that was split from another it does through that.
 */
static bool adds_to_state(const struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir)
{
    return !is_behind(mdirs, mdir) && !is_behind(mdirs, split_from(mdirs->run, mdir));
}

/* What a commit to the pair has to add. */
static struct lfk_gstate change_of_gstate(const struct lfk_mdirs *mdirs,
                                          const struct lfk_mdir *mdir)
{
    struct lfk_gstate change = {0};
    if (adds_to_state(mdirs, mdir)) {
        change = mdirs->gstate;
        lfk_gstate_xor(&change, &mdirs->gdisk);
    }
    return change;
}

static void set_unsettled(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, bool unsettled)
{
    mdirs->unsettled += unsettled;
    mdirs->unsettled -= mdir->unsettled;
    mdir->unsettled = unsettled;
}

/* Appends, if the log has room; LFK_ERR_NOSPC and LFK_ERR_CORRUPT call for a compaction. */
static int append(struct lfk_mdirs *mdirs, const struct change *change,
                  const struct lfk_gstate *absorbed, struct lfk_mdir *made,
                  struct lfk_detail *detail)
{
    struct lfk_gstate delta = change_of_gstate(mdirs, change->mdir);
    lfk_gstate_xor(&delta, absorbed);
    bool has_delta = !lfk_gstate_is_zero(&delta);
    lfk_gstate_xor(&delta, &change->mdir->delta);
    if (lfk_entries_copy(mdirs, change->mdir, made) < 0) {
        return lfk_fail_nomem(detail);
    }
    int result = lfk_store_append(mdirs, change->mdir, change->edits, change->count,
                                  has_delta ? &delta : NULL, made, detail);
    if (result < 0) {
        lfk_entries_free(mdirs, made);
    }
    return result;
}

/* Applies the edits to a copy of the list, where they lie with the caller. */
static int apply(struct lfk_mdirs *mdirs, const struct change *change, struct lfk_mdir *edited,
                 struct lfk_detail *detail)
{
    int result = LFK_OK;
    if (lfk_entries_copy(mdirs, change->mdir, edited) < 0) {
        return lfk_fail_nomem(detail);
    }
    for (size_t i = 0; i < change->count && result == LFK_OK; i++) {
        if (lfk_tag_type(change->edits[i].tag) == LFK_TYPE_CREATE &&
            edited->count >= LFK_FOLD_ENTRIES_MAX) {
            result = lfk_fail_full(change->mdir, detail);
            break;
        }
        const struct lfk_record record = {.tag = change->edits[i].tag,
                                          .data = change->edits[i].data,
                                          .size = lfk_tag_data_size(change->edits[i].tag)};
        result = lfk_fold_record(mdirs, edited, &record, change->mdir->pair.block[0], detail);
    }
    if (result < 0) {
        lfk_entries_free(mdirs, edited);
    }
    return result;
}

static int compact(struct lfk_mdirs *mdirs, const struct change *change,
                   const struct lfk_gstate *absorbed, struct lfk_step *step, struct lfk_mdir *made,
                   struct lfk_detail *detail)
{
    struct lfk_gstate gstate = change_of_gstate(mdirs, change->mdir);
    struct lfk_mdir edited;
    TRY(apply(mdirs, change, &edited, detail));
    lfk_gstate_xor(&edited.delta, absorbed);
    int result = lfk_compact(mdirs, change->mdir, &edited, &gstate, is_behind(mdirs, change->mdir),
                             &step->compaction, detail);
    lfk_entries_free(mdirs, &edited);
    step->compacted = true;
    step->spoiled |= step->compaction.spoiled;
    *made = step->compaction.made;
    return result;
}

/* Makes the change, appended or compacted. */
static int store(struct lfk_mdirs *mdirs, const struct change *change, struct lfk_step *step,
                 struct lfk_mdir *made, struct lfk_detail *detail)
{
    static const struct lfk_gstate nothing;
    const struct lfk_gstate *absorbed = change->drop != NULL ? &change->drop->delta : &nothing;
    mdirs->touched = false;
    const struct lfk_gstate gstate = change_of_gstate(mdirs, change->mdir);
    step->spoiled = change->mdir->unsettled;
    step->changes_state = !lfk_gstate_is_zero(&gstate) || !lfk_gstate_is_zero(absorbed) ||
                          (change->mdir->unsettled && change->mdir->state_unsure);
    if (change->mdir->appendable && !change->rewrite && !change->mdir->unsettled) {
        int result = append(mdirs, change, absorbed, made, detail);
        bool full = result == LFK_ERR_NOSPC && !mdirs->touched;
        step->spoiled |= result < 0 && mdirs->touched;
        if (result != LFK_ERR_CORRUPT && !full) {
            return result;
        }
    }
    return compact(mdirs, change, absorbed, step, made, detail);
}

/* Makes one commit and puts it into force; on failure nothing has changed but, perhaps, the disk.
 */
static int take_step(struct lfk_mdirs *mdirs, const struct change *change, struct lfk_step *step,
                     struct lfk_detail *detail)
{
    struct lfk_mdir made;
    int result = store(mdirs, change, step, &made, detail);
    if (result < 0) {
        if (mdirs->touched && step->spoiled) {
            set_unsettled(mdirs, change->mdir, true);
            change->mdir->state_unsure = step->changes_state;
        }
        return result;
    }
    set_unsettled(mdirs, change->mdir, false);
    if (change->drop != NULL) {
        step->dropped_spoiled = change->drop->unsettled;
        set_unsettled(mdirs, change->drop, false);
    }
    lfk_step_install(mdirs, step, &made, change->drop);
    if (!step->compaction.relocated && adds_to_state(mdirs, change->mdir)) {
        mdirs->gdisk = mdirs->gstate;
    }
    return LFK_OK;
}

/* --- a pair that is left empty --------------------------------------------------------------- */

/* A change that leaves a pair out: the one before it takes over its tail. */
struct leave_out {
    uint8_t tail[LFK_PAIR_SIZE];
    struct lfk_edit edit;
};

static void leave_out(struct leave_out *room, struct change *change, struct lfk_pair tail,
                      bool tail_hard)
{
    lfk_pair_encode(tail, room->tail);
    room->edit.tag = lfk_tag_tail(tail_hard);
    room->edit.data = room->tail;
    *change = (struct change){
        .mdir = change->mdir->prev, .edits = &room->edit, .count = 1, .drop = change->mdir};
}

/* A pair of a directory that is not its first goes when it is emptied. */
static void leave_out_if_empty(struct leave_out *room, struct change *change)
{
    const struct lfk_mdir *mdir = change->mdir;
    uint32_t count = mdir->count;
    struct lfk_pair tail = mdir->tail;
    bool tail_hard = mdir->tail_hard;
    for (size_t i = 0; i < change->count; i++) {
        uint32_t type = lfk_tag_type(change->edits[i].tag);
        count += type == LFK_TYPE_CREATE;
        count -= type == LFK_TYPE_DELETE;
        if (lfk_tag_class(change->edits[i].tag) == LFK_CLASS_TAIL) {
            tail = lfk_pair_decode(change->edits[i].data);
            tail_hard = type == LFK_TYPE_HARD_TAIL;
        }
    }
    if (count == 0 && change->count > 0 && mdir->prev != NULL && mdir->prev->tail_hard) {
        leave_out(room, change, tail, tail_hard);
    }
}

/* --- the commits that follow ------------------------------------------------------------------ */

/* Makes room for a frame on top of the stack, and for what the frames leave if that is given up. */
static int reserve_frame(struct lfk_change_run *run)
{
    void *frames = run->frames;
    int result = lfk_grow(run->mdirs->arena.allocator, &frames, &run->room, run->count + 1,
                          sizeof(run->frames[0]));
    run->frames = frames;
    if (result == LFK_OK) {
        result = lfk_mdirs_reserve_left(run->mdirs, run->count + 1);
    }
    return result < 0 ? lfk_fail_nomem(run->detail) : LFK_OK;
}

/* Makes the change as the step of the frame on top; one that moved its pair stays on the stack. */
static int run_step(struct lfk_change_run *run, const struct change *asked)
{
    struct lfk_mdirs *mdirs = run->mdirs;
    TRY(reserve_frame(run));
    struct frame *frame = &run->frames[run->count];
    struct change change = *asked;
    struct leave_out room;
    leave_out_if_empty(&room, &change);
    *frame = (struct frame){.step = {.mdir = change.mdir, .gstate = mdirs->gstate}};
    /* While the pair is on the list still; if the step fails they are put back. */
    lfk_cursors_follow(mdirs, asked->mdir, asked->edits, asked->count);
    TRY(take_step(mdirs, &change, &frame->step, run->detail));
    if (change.drop != NULL) {
        lfk_cursors_leave(mdirs, change.drop);
    }
    lfk_cursors_follow_step(mdirs, &frame->step);
    if (frame->step.compaction.relocated) {
        run->count++;
    } else {
        lfk_step_keep(mdirs, &frame->step);
    }
    return LFK_OK;
}

/* Is done with the frame on top. */
static void finish_frame(struct lfk_change_run *run)
{
    struct lfk_step *step = &run->frames[--run->count].step;
    if (run->mdirs->repairing && !is_listed(run->mdirs, step->mdir)) {
        lfk_step_leave(run->mdirs, step); /* the tail that is being mended names it as it was */
    } else {
        lfk_step_keep(run->mdirs, step);
    }
}

/* The edits that make others refer to where a pair now is. */
struct following {
    uint8_t pair[LFK_PAIR_SIZE];
    struct lfk_edit edits[2];
    size_t count;
};

static void add_edit(struct following *f, lfk_tag tag)
{
    f->edits[f->count++] = (struct lfk_edit){tag, f->pair};
}

/* What names the pair by where it was: an entry of the parent or, off the list, its hard tail. */
static bool add_name(struct following *f, const struct lfk_mdir *parent, struct lfk_pair was)
{
    for (uint32_t id = 0; id < parent->count; id++) {
        if (lfk_pair_same(lfk_entry_pair(&parent->entries[id]), was)) {
            add_edit(f, lfk_tag_make(LFK_TYPE_DIR_STRUCT, id, LFK_PAIR_SIZE));
            return true;
        }
    }
    if (parent->tail_hard && lfk_pair_same(parent->tail, was)) {
        add_edit(f, lfk_tag_tail(true));
        return true;
    }
    return false;
}

/* Commits what `f` has to a pair that refers to a moved one. */
static int follow(struct lfk_change_run *run, struct lfk_mdir *mdir, const struct following *f)
{
    const struct change change = {.mdir = mdir, .edits = f->edits, .count = f->count};
    return run_step(run, &change);
}

static int fail_unlisted(struct lfk_detail *detail)
{
    return lfk_fail(detail, LFK_ERR_CORRUPT, "a directory is not on the list of pairs");
}

static int follow_parent(struct lfk_change_run *run, size_t at)
{
    struct frame *frame = &run->frames[at];
    struct lfk_mdir *mdir = frame->step.mdir;
    struct following f = {.count = 0};
    lfk_pair_encode(mdir->pair, f.pair);
    frame->stage = mdir->prev != NULL ? STAGE_TAIL : STAGE_DONE;
    bool is_named = mdir->parent != NULL && (lfk_mdir_is_head(mdir) || mdir->parent != mdir->prev);
    if (!is_named || !add_name(&f, mdir->parent, frame->step.old.pair)) {
        return LFK_OK;
    }
    if (!is_listed(run->mdirs, mdir->parent) && !run->mdirs->repairing) {
        return fail_unlisted(run->detail); /* nor are its blocks known to be in use */
    }
    if (mdir->parent == mdir->prev) {
        add_edit(&f, lfk_tag_tail(mdir->prev->tail_hard));
        frame->stage = STAGE_DONE;
    } else {
        frame->orphan = true;
        lfk_mdirs_add_orphan(run->mdirs);
    }
    return follow(run, mdir->parent, &f);
}

static int follow_tail(struct lfk_change_run *run, size_t at)
{
    struct frame *frame = &run->frames[at];
    struct lfk_mdir *mdir = frame->step.mdir;
    struct following f = {.count = 0};
    lfk_pair_encode(mdir->pair, f.pair);
    add_edit(&f, lfk_tag_tail(mdir->prev->tail_hard));
    frame->stage = STAGE_DONE;
    if (frame->orphan) {
        frame->orphan = false;
        lfk_mdirs_remove_orphan(run->mdirs);
    }
    return follow(run, mdir->prev, &f);
}

static void undo(struct lfk_mdirs *mdirs, struct frame *frame)
{
    struct lfk_step *step = &frame->step;
    lfk_step_undo(mdirs, step);
    set_unsettled(mdirs, step->mdir, step->spoiled);
    step->mdir->state_unsure = step->changes_state;
    if (step->dropped != NULL) {
        set_unsettled(mdirs, step->dropped, step->dropped_spoiled);
    }
    if (frame->orphan) {
        lfk_mdirs_remove_orphan(mdirs);
    }
}

/*
 * Gives up: what nothing on disk refers to is undone, for the rest a repair is
 * due. A step is referred to by the one above it on the stack: if that is in
 * force, so are those below. True if the first step, the change asked for, is.
 */
static bool unwind(struct lfk_change_run *run)
{
    struct lfk_mdirs *mdirs = run->mdirs;
    bool in_force = false;
    if (run->count == 0) {
        return false;
    }
    while (run->count > 0) {
        struct frame *frame = &run->frames[--run->count];
        if (in_force || frame->reachable) {
            if (!in_force) {
                lfk_mdirs_add_orphan(mdirs);
            }
            in_force = true;
            lfk_step_leave(mdirs, &frame->step);
        } else {
            undo(mdirs, frame);
        }
    }
    /* A directory whose entry was to move is again where the disk says, not where it was to be. */
    const struct lfk_gstate wanted = mdirs->gstate;
    mdirs->gstate = mdirs->gdisk;
    lfk_mdirs_adopt_all(mdirs);
    mdirs->gstate = wanted;
    return in_force;
}

/*
 * The frame that is seen to next: the newest. But if its tail is in a pair with
 * which the list is behind, that is brought in line first, from the front: else the
 * pair would have to move once more, as what the list leads to is kept.
 */
static size_t frame_due(const struct lfk_change_run *run)
{
    const struct frame *due = &run->frames[run->count - 1];
    bool is_tail_due = due->reachable && due->stage == STAGE_TAIL;
    for (const struct frame *frame = due; is_tail_due && frame != NULL;
         frame = find_frame(run, frame->step.mdir->prev)) {
        due = frame->stage == STAGE_TAIL ? frame : due;
    }
    return (size_t)(due - run->frames);
}

static int run_change(struct lfk_change_run *run, const struct change *change)
{
    int result = run_step(run, change);
    while (result >= 0 && run->count > 0) {
        struct frame *newest = &run->frames[run->count - 1];
        newest->reachable |= newest->orphan; /* the parent has followed */
        size_t at = frame_due(run);
        struct frame *frame = &run->frames[at];
        if (frame->stage == STAGE_PARENT) {
            result = follow_parent(run, at);
        } else if (frame->stage == STAGE_TAIL) {
            result = follow_tail(run, at);
        } else {
            finish_frame(run);
        }
    }
    if (result < 0 && unwind(run)) {
        run->mdirs->left_status = result;
        result = LFK_OK; /* done, and what is not is on record: the next change sees to it */
    }
    return result;
}

/* --- from outside -------------------------------------------------------------------------------
 */

static int make_change(struct lfk_mdirs *mdirs, const struct change *change,
                       struct lfk_detail *detail)
{
    struct lfk_change_run run = {.mdirs = mdirs, .detail = detail};
    /* A damaged volume can name a pair that only becomes readable when something else is written.
     */
    if (change->mdir == NULL || !is_listed(mdirs, change->mdir)) {
        return fail_unlisted(detail);
    }
    /* Else an older version of a pair, which the list has, could become the newer one. */
    if (mdirs->left_count > 0 && !mdirs->repairing) {
        return lfk_fail(detail, mdirs->left_status,
                        "a pair could not be moved whole: the list of pairs is mended first");
    }
    lfk_cursors_remember(mdirs);
    mdirs->run = &run;
    int result = run_change(&run, change);
    mdirs->run = NULL;
    /* Not before all that refers to a settled pair has followed: it may have been moved. */
    lfk_mdirs_hold_blocks(mdirs);
    lfk_free(mdirs->arena.allocator, run.frames);
    if (result < 0) {
        lfk_cursors_go_back(mdirs);
    }
    return result;
}

static struct lfk_mdir *find_unsettled(const struct lfk_mdirs *mdirs)
{
    struct lfk_mdir *mdir = mdirs->first;
    while (mdir != NULL && !mdir->unsettled) {
        mdir = mdir->next;
    }
    return mdir;
}

int lfk_mdirs_settle(struct lfk_mdirs *mdirs, struct lfk_detail *detail)
{
    struct lfk_gstate wanted = mdirs->gstate;
    int result = LFK_OK;
    mdirs->gstate = mdirs->gdisk; /* what is wanted goes with the next change */
    while (result >= 0 && mdirs->unsettled > 0) {
        struct lfk_mdir *mdir = find_unsettled(mdirs);
        if (mdir == NULL) {
            break;
        }
        result = lfk_mdirs_rewrite(mdirs, mdir, detail);
    }
    mdirs->gstate = wanted;
    lfk_gstate_set_orphans(&mdirs->gstate, mdirs->orphans > 0); /* a pair that moved may be one */
    return result;
}

int lfk_mdirs_commit(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, const struct lfk_edit *edits,
                     size_t count, struct lfk_detail *detail)
{
    struct change change = {.mdir = mdir, .edits = edits, .count = count};
    return make_change(mdirs, &change, detail);
}

int lfk_mdirs_rewrite(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, struct lfk_detail *detail)
{
    struct change change = {.mdir = mdir, .rewrite = true};
    return make_change(mdirs, &change, detail);
}

int lfk_mdirs_drop(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, struct lfk_detail *detail)
{
    struct leave_out room;
    struct change change = {.mdir = mdir};
    leave_out(&room, &change, mdir->tail, mdir->tail_hard);
    return make_change(mdirs, &change, detail);
}

struct lfk_mdir *lfk_change_find_moved(const struct lfk_mdirs *mdirs, struct lfk_pair pair)
{
    for (size_t i = 0; mdirs->run != NULL && i < mdirs->run->count; i++) {
        const struct lfk_step *step = &mdirs->run->frames[i].step;
        if (lfk_pair_same(step->old.pair, pair)) {
            return step->mdir;
        }
    }
    return NULL;
}

int lfk_mdirs_visit_superseded(const struct lfk_mdirs *mdirs, lfk_mdir_fn *visit, void *context)
{
    int result = 0;
    for (size_t i = 0; mdirs->run != NULL && i < mdirs->run->count && result == 0; i++) {
        const struct lfk_step *step = &mdirs->run->frames[i].step;
        result = visit(context, &step->old);
        if (result == 0 && step->dropped != NULL) {
            result = visit(context, step->dropped);
        }
    }
    for (size_t i = 0; i < mdirs->left_count && result == 0; i++) {
        result = visit(context, &mdirs->left[i]);
    }
    return result;
}
