/* SPDX-License-Identifier: MIT */
/*
 * Commits on their way to the device; private to mdir.
 */
#ifndef LFK_STORE_H
#define LFK_STORE_H

#include "mdir/mdir.h"

/* --- store.c --------------------------------------------------------------------- */

/* What a whole block is to say. */
struct lfk_content_plan {
    const struct lfk_mdir *from; /* its entries begin..end - 1 */
    uint32_t begin;
    uint32_t end;
    struct lfk_pair tail;
    bool tail_hard;
    struct lfk_gstate delta;
};

/*
 * Writes a block whole, as one compact commit: erases, programs, reads back,
 * and reserves its place in the table.
 * `*made` is then the mdir as it stands on disk, with a list and image of its
 * own and the ties of `from`; only its pair is as it was given. LFK_ERR_CORRUPT: the
 * block is bad; LFK_ERR_NOSPC: the entries do not fit in any.
 */
int lfk_store_block(struct lfk_mdirs *mdirs, const struct lfk_content_plan *plan,
                    struct lfk_pair pair, uint32_t revision, struct lfk_mdir *made,
                    struct lfk_detail *detail);

/*
 * Takes back what was stored in a block, and failed, but may be there all the same.
 * False: nobody knows whether it is.
 */
bool lfk_store_revoke(struct lfk_mdirs *mdirs, uint32_t block);

/*
 * Appends a commit to the block of `made`, a copy of `mdir` that shares its
 * image, and applies it to the list of `made`. LFK_ERR_NOSPC: it does not fit;
 * LFK_ERR_CORRUPT: the block is bad. Nothing is changed then but what lies
 * behind the log.
 */
int lfk_store_append(struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir,
                     const struct lfk_edit *edits, size_t count, const struct lfk_gstate *delta,
                     struct lfk_mdir *made, struct lfk_detail *detail);

/* The revision before the first of a pair whose block `twin` is not written. */
int lfk_store_first_revision(struct lfk_mdirs *mdirs, uint32_t twin, uint32_t *revision,
                             struct lfk_detail *detail);

/* --- compact.c ------------------------------------------------------------------------ */

#define LFK_SPLITS_MAX 32u /* pairs that one compaction can make more; halves of 1023 entries */

/* A pair written anew, and those that were split off it, nearest first. Nothing refers to them. */
struct lfk_compaction {
    struct lfk_mdir made;
    bool relocated; /* to a pair of other blocks */
    bool spoiled;   /* its own other block was tried first, and may say what was to be */
    bool expanded;  /* {0, 1} has handed on all but its superblock entry to splits[0] */
    struct lfk_mdir *splits[LFK_SPLITS_MAX];
    uint32_t split_count;
};

/*
 * Writes the entries, tail and delta of `edited` anew in the place of `mdir`.
 * `change` is what the commit does to the global state besides, unless the pair is
 * relocated. `keeps_other`: the pair's other block stays as it is, and in the pair.
 */
int lfk_compact(struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir, const struct lfk_mdir *edited,
                const struct lfk_gstate *change, bool keeps_other,
                struct lfk_compaction *compaction, struct lfk_detail *detail);

/* Gives up what was made. */
void lfk_compaction_discard(struct lfk_mdirs *mdirs, struct lfk_compaction *compaction);

/*
 * True if the pair leaves room for the bookkeeping that removing things takes,
 * or is at least no fuller than before: so that on a full device things can
 * always be removed.
 */
bool lfk_keeps_reserve(const struct lfk_mdirs *mdirs, const struct lfk_mdir *edited,
                       const struct lfk_mdir *before);

/* LFK_ERR_NOSPC: the pair's entries would be too many for it, and cannot be split. */
int lfk_fail_full(const struct lfk_mdir *mdir, struct lfk_detail *detail);

/* The number that revisions are counted off by for wear levelling; 0: there is none. */
uint32_t lfk_revision_period(const struct lfk_mdirs *mdirs);

#endif
