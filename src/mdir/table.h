/* SPDX-License-Identifier: MIT */
/*
 * The table of mdirs by the number of their current block; private to mdir.
 */
#ifndef LFK_TABLE_H
#define LFK_TABLE_H

#include "mdir/mdir.h"

/* --- mdirs.c -------------------------------------------------------------------- */

/* NULL: the block is the current one of no mdir known. */
struct lfk_mdir *lfk_mdirs_find(const struct lfk_mdirs *mdirs, uint32_t block);

/* The mdir of the pair, whichever way round it names the blocks; NULL: none that was folded. */
struct lfk_mdir *lfk_mdirs_find_pair(const struct lfk_mdirs *mdirs, struct lfk_pair pair);

/* Makes sure that an mdir with this block, one of the device's, as its current one can be added. */
int lfk_mdirs_reserve(struct lfk_mdirs *mdirs, uint32_t block);

/*
 * Adds an mdir under its current block, which was reserved; what was known of
 * that block, or of the pair, before is forgotten.
 */
void lfk_mdirs_add(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir);

/* Takes the mdir out, so that its pair can change or vanish. */
void lfk_mdirs_remove(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir);

/* --- fetch.c ------------------------------------------------------------------------ */

/*
 * Reads the pair's current block and folds its log. The mdir may turn out to
 * be known already, by another pointer.
 */
int lfk_mdirs_fetch(struct lfk_mdirs *mdirs, struct lfk_pair pair, struct lfk_mdir **mdir,
                    struct lfk_detail *detail);

/* Reads a block's revision. Not readable: the block is bad, or not there. */
int lfk_mdirs_read_revision(struct lfk_mdirs *mdirs, uint32_t block, bool *readable,
                            uint32_t *revision, struct lfk_detail *detail);

#endif
