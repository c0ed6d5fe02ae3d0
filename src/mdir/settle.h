/* SPDX-License-Identifier: MIT */
/*
 * What a commit does to everything in memory that knows of the pair; private
 * to mdir.
 */
#ifndef LFK_SETTLE_H
#define LFK_SETTLE_H

#include "store.h"

/* One commit to one pair, made and in force in memory, with what it takes to go back. */
struct lfk_step {
    struct lfk_mdir *mdir;
    struct lfk_mdir old; /* what it was; holds list and image until the step is kept or undone */
    struct lfk_compaction compaction;
    bool compacted;
    bool spoiled;       /* nobody knows what the disk says of the pair as it was */
    bool changes_state; /* nor what it adds to the global state */
    bool dropped_spoiled;
    struct lfk_mdir *dropped; /* the pair whose place on the list this one's commit has taken */
    struct lfk_gstate gstate; /* as it was to be before */
};

/*
 * Puts the step's outcome, `made`, into force: list, ties, parents, places on
 * the list, where `dropped`, if not NULL, loses its own.
 */
void lfk_step_install(struct lfk_mdirs *mdirs, struct lfk_step *step, const struct lfk_mdir *made,
                      struct lfk_mdir *dropped);

/* Makes it final: frees what is not needed any more. */
void lfk_step_keep(struct lfk_mdirs *mdirs, struct lfk_step *step);

/*
 * Makes it final when the list on disk still has the pair as it was. What that names
 * is kept until the list is mended: it must not lead to anything else there, and a
 * traversal after mounting goes over the files. Room is reserved before, by frames.
 */
void lfk_step_leave(struct lfk_mdirs *mdirs, struct lfk_step *step);
int lfk_mdirs_reserve_left(struct lfk_mdirs *mdirs, size_t steps);

/* Of what is left; the list does not have it any more. */
void lfk_mdirs_forget_left(struct lfk_mdirs *mdirs);

/* No block becomes free while what the disk says, and so what it names, is not known. */
void lfk_mdirs_hold_blocks(const struct lfk_mdirs *mdirs);

/*
 * Goes back to what was before a step that moved its pair; the newest first.
 * {0, 1} never moves, so the root stays where it is. Cursors are for the caller
 * to put back.
 */
void lfk_step_undo(struct lfk_mdirs *mdirs, struct lfk_step *step);

/* What is tied to the entries, here and not to copies of them elsewhere, learns that they are gone.
 */
void lfk_mdir_cut_ties(const struct lfk_mdir *mdir);

/* --- change.c -------------------------------------------------------------------- */

/* The pair that was `pair` before it moved in the change under way; NULL: there is none. */
struct lfk_mdir *lfk_change_find_moved(const struct lfk_mdirs *mdirs, struct lfk_pair pair);

/* --- index.c --------------------------------------------------------------------- */

/* The pairs of the directory that this one belongs to are about to be others. */
void lfk_index_forget(struct lfk_mdir *mdir);

/* --- cursors.c ------------------------------------------------------------------- */

/* Notes where all cursors are, and puts them back there. */
void lfk_cursors_remember(struct lfk_mdirs *mdirs);
void lfk_cursors_go_back(struct lfk_mdirs *mdirs);

/* Cursors follow the edits made to the pair. */
void lfk_cursors_follow(struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir,
                        const struct lfk_edit *edits, size_t count);

/* Cursors follow the entries that a step handed on to other pairs. */
void lfk_cursors_follow_step(struct lfk_mdirs *mdirs, const struct lfk_step *step);

/* Cursors in a pair that is dropped go to what follows it. */
void lfk_cursors_leave(struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir);

#endif
