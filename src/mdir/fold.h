/* SPDX-License-Identifier: MIT */
/*
 * The fold of a log into a list of entries; private to mdir.
 */
#ifndef LFK_FOLD_H
#define LFK_FOLD_H

#include "mdir/mdir.h"

#define LFK_FOLD_ENTRIES_MAX LFK_ID_NONE /* ids are below it */

/*
 * Scratch memory of a fold, reused for all. `order` is a permutation of the
 * slots: the first `count` are the entries in their order, the others are free.
 */
struct lfk_fold {
    struct lfk_entry slots[LFK_FOLD_ENTRIES_MAX];
    uint16_t order[LFK_FOLD_ENTRIES_MAX];
    uint32_t count;
};

/*
 * Fills in what the valid part of mdir->log says. LFK_ERR_CORRUPT, about
 * `block`: an entry that cannot be.
 */
int lfk_fold_log(struct lfk_fold *fold, struct lfk_arena *arena, struct lfk_mdir *mdir,
                 uint32_t block, struct lfk_detail *detail);

#endif
