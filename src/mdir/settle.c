/* SPDX-License-Identifier: MIT */
/*
 * Everything in memory that has to follow when a pair changes: the table of
 * blocks, the threaded list, what entries are tied to, and which pair holds a
 * directory's entry.
 *
 * Invariant: after install and after undo alike, each tie and each head's
 * parent names the mdir that holds the entry.
 */
#include "settle.h"
#include "fold.h"
#include "table.h"

/* --- the list ------------------------------------------------------------------- */

void lfk_mdir_link(struct lfk_mdir *prev, struct lfk_mdir *mdir)
{
    mdir->prev = prev;
    mdir->next = prev->next;
    prev->next = mdir;
    if (mdir->next != NULL) {
        mdir->next->prev = mdir;
    }
}

/* The mdir's own links stay, so that it can be put back. */
static void unlink_mdir(struct lfk_mdir *mdir)
{
    mdir->prev->next = mdir->next;
    if (mdir->next != NULL) {
        mdir->next->prev = mdir->prev;
    }
}

void lfk_mdir_unlink(struct lfk_mdir *mdir)
{
    unlink_mdir(mdir);
    mdir->prev = NULL;
    mdir->next = NULL;
}

static void relink_mdir(struct lfk_mdir *mdir)
{
    mdir->prev->next = mdir;
    if (mdir->next != NULL) {
        mdir->next->prev = mdir;
    }
}

/* --- ties and parents -------------------------------------------------------------- */

void lfk_mdir_cut_ties(const struct lfk_mdir *mdir)
{
    for (uint32_t id = 0; id < mdir->count; id++) {
        struct lfk_entry_tie *tie = mdir->entries[id].tie;
        if (tie != NULL && tie->mdir == mdir) {
            tie->mdir = NULL;
        }
    }
}

/* The first pair of the directory that an entry names, if it is known; or NULL. */
static struct lfk_mdir *find_head(const struct lfk_mdirs *mdirs, const struct lfk_entry *entry)
{
    return entry->name_type == LFK_TYPE_DIR ? lfk_mdirs_find_pair(mdirs, lfk_entry_pair(entry))
                                            : NULL;
}

void lfk_mdirs_adopt(const struct lfk_mdirs *mdirs, struct lfk_mdir *mdir)
{
    for (uint32_t id = 0; id < mdir->count; id++) {
        const struct lfk_entry *entry = &mdir->entries[id];
        struct lfk_mdir *head = find_head(mdirs, entry);
        if (entry->tie != NULL) {
            entry->tie->mdir = mdir;
        }
        /* The source of a move that is to be pending once this step is done has its place
         * elsewhere. */
        if (head != NULL && !lfk_gstate_moves(&mdirs->gstate, mdir->pair, id)) {
            head->parent = mdir;
        }
    }
}

void lfk_mdirs_adopt_all(struct lfk_mdirs *mdirs)
{
    for (struct lfk_mdir *mdir = mdirs->first; mdir != NULL; mdir = mdir->next) {
        lfk_mdirs_adopt(mdirs, mdir);
    }
}

/* The mdir's entries are about to be others: undoes the adoption. */
static void disown(const struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir)
{
    lfk_mdir_cut_ties(mdir);
    for (uint32_t id = 0; id < mdir->count; id++) {
        struct lfk_mdir *head = find_head(mdirs, &mdir->entries[id]);
        if (head != NULL && head->parent == mdir) {
            head->parent = NULL;
        }
    }
}

/* --- steps ------------------------------------------------------------------------------ */

/* Replaces what the mdir says, in the table too; its links stay. */
static void replace(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, const struct lfk_mdir *by)
{
    struct lfk_mdir now = *by;
    now.walk = mdir->walk;
    now.next = mdir->next;
    now.prev = mdir->prev;
    now.parent = mdir->parent;
    now.head = mdir->head;
    now.index = mdir->index;
    now.index_count = mdir->index_count;
    now.index_room = mdir->index_room;
    lfk_mdirs_remove(mdirs, mdir);
    *mdir = now;
    lfk_mdirs_add(mdirs, mdir);
}

void lfk_step_install(struct lfk_mdirs *mdirs, struct lfk_step *step, const struct lfk_mdir *made,
                      struct lfk_mdir *dropped)
{
    const struct lfk_compaction *compaction = &step->compaction;
    if (compaction->split_count > 0 || dropped != NULL) {
        lfk_index_forget(step->mdir);
    }
    step->old = *step->mdir;
    disown(mdirs, step->mdir);
    replace(mdirs, step->mdir, made);
    for (uint32_t i = compaction->split_count; i > 0; i--) {
        lfk_mdir_link(step->mdir, compaction->splits[i - 1]);
    }
    lfk_mdirs_adopt(mdirs, step->mdir);
    for (uint32_t i = 0; i < compaction->split_count; i++) {
        lfk_mdirs_adopt(mdirs, compaction->splits[i]);
    }
    if (compaction->expanded && mdirs->root == step->mdir) {
        mdirs->root = compaction->splits[0];
    }
    if (dropped != NULL) {
        step->dropped = dropped;
        disown(mdirs, dropped);
        unlink_mdir(dropped);
    }
}

void lfk_step_keep(struct lfk_mdirs *mdirs, struct lfk_step *step)
{
    lfk_entries_free(mdirs, &step->old);
    if (step->compacted) {
        lfk_free(mdirs->arena.allocator, step->old.image);
    }
    if (step->dropped != NULL) {
        lfk_mdirs_forget(mdirs, step->dropped);
    }
}

/* --- what is left -------------------------------------------------------------------- */

#define LEFT_BY_STEP 2u /* the pair that moved, and the one that it took the place of */

int lfk_mdirs_reserve_left(struct lfk_mdirs *mdirs, size_t steps)
{
    void *left = mdirs->left;
    int result = lfk_grow(mdirs->arena.allocator, &left, &mdirs->left_room,
                          mdirs->left_count + LEFT_BY_STEP * steps, sizeof(mdirs->left[0]));
    mdirs->left = left;
    return result;
}

/* A step that moved its pair compacted it, so that the image it had is not in use any more. */
void lfk_step_leave(struct lfk_mdirs *mdirs, struct lfk_step *step)
{
    struct lfk_mdir *dropped = step->dropped;
    mdirs->left_unsure |= step->spoiled || step->dropped_spoiled;
    mdirs->left[mdirs->left_count++] = step->old;
    if (dropped != NULL) {
        lfk_mdir_cut_ties(dropped);
        mdirs->left[mdirs->left_count++] = *dropped;
        dropped->entries = NULL;
        dropped->image = NULL;
        dropped->count = 0;
        dropped->room = 0;
        lfk_mdirs_forget(mdirs, dropped);
    }
}

void lfk_mdirs_forget_left(struct lfk_mdirs *mdirs)
{
    while (mdirs->left_count > 0) {
        struct lfk_mdir *left = &mdirs->left[--mdirs->left_count];
        lfk_entries_free(mdirs, left);
        lfk_free(mdirs->arena.allocator, left->image);
    }
    mdirs->left_unsure = false;
}

void lfk_mdirs_hold_blocks(const struct lfk_mdirs *mdirs)
{
    lfk_blockmap_hold(mdirs->writing.blocks, mdirs->unsettled > 0 || mdirs->left_unsure);
}

/* --- undone --------------------------------------------------------------------------- */

void lfk_step_undo(struct lfk_mdirs *mdirs, struct lfk_step *step)
{
    struct lfk_compaction *compaction = &step->compaction;
    struct lfk_mdir made = *step->mdir;
    lfk_index_forget(step->mdir);
    disown(mdirs, step->mdir);
    for (uint32_t i = 0; i < compaction->split_count; i++) {
        disown(mdirs, compaction->splits[i]);
        unlink_mdir(compaction->splits[i]);
    }
    replace(mdirs, step->mdir, &step->old);
    lfk_compaction_discard(mdirs, compaction);
    lfk_mdirs_adopt(mdirs, step->mdir);
    if (step->dropped != NULL) {
        relink_mdir(step->dropped);
        lfk_mdirs_adopt(mdirs, step->dropped);
    }
    lfk_entries_free(mdirs, &made);
    if (step->compacted) {
        lfk_free(mdirs->arena.allocator, made.image);
    }
    mdirs->gstate = step->gstate;
}
