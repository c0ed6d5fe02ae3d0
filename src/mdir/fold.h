/* SPDX-License-Identifier: MIT */
/*
 * Lists of entries and the fold of tags into them; private to mdir.
 */
#ifndef LFK_FOLD_H
#define LFK_FOLD_H

#include "mdir/mdir.h"

#define LFK_FOLD_ENTRIES_MAX LFK_ID_NONE /* ids are below it */

/* --- entries.c ---------------------------------------------------------------- */

/* Makes `*copy` a copy of the mdir with entries and attributes of its own, on no list. */
int lfk_entries_copy(struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir, struct lfk_mdir *copy);

/* Frees the mdir's entries and attributes. */
void lfk_entries_free(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir);

int lfk_entries_insert(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, uint32_t id);
void lfk_entries_remove(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, uint32_t id);

/* A zeroed attribute at the place that `type` has in the list, or the one that is there. */
int lfk_entry_add_attribute(struct lfk_mdirs *mdirs, struct lfk_entry *entry, uint8_t type,
                            struct lfk_mdir_attribute **attribute);
void lfk_entry_remove_attribute(struct lfk_mdirs *mdirs, struct lfk_entry *entry, uint8_t type);

/* --- fold.c ------------------------------------------------------------------------ */

/*
 * Applies one tag to the mdir: the one meaning that tags have, read from disk
 * or about to be written. LFK_ERR_CORRUPT, about `block`: a tag that cannot be.
 */
int lfk_fold_record(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, const struct lfk_record *record,
                    uint32_t block, struct lfk_detail *detail);

/* Applies what the valid part of mdir->log says from `offset`, where `chain` holds, on. */
int lfk_fold_log(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, uint32_t offset, lfk_tag chain,
                 struct lfk_detail *detail);

#endif
