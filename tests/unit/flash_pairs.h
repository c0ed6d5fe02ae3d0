/* SPDX-License-Identifier: MIT */
/*
 * Metadata pairs on flash, written to without a filesystem above them, and held
 * against what another reader finds on the flash.
 *
 *   struct flash_pairs p;
 *   pairs_open(&p, &usual_shape);
 *   struct edits e = {.count = 0};
 *   edit_file(&e, 1, "a", "content");
 *   pairs_commit(&p, p.mdirs.root, &e);
 *   pairs_check(&p);
 */
#ifndef LFSKIT_TESTS_FLASH_PAIRS_H
#define LFSKIT_TESTS_FLASH_PAIRS_H

#include "flash.h"
#include "mdir/mdir.h"

struct flash_shape {
    uint32_t block_size;
    uint32_t block_count;
    uint32_t prog_size;
    int erase_value;
    uint32_t disk_version;
    int32_t block_cycles;
};

/* 32 blocks of 512 bytes, programmed 16 at a time, erased to ones; version 2.1, no wear levelling.
 */
extern const struct flash_shape usual_shape;

/* Must not be moved while it is open. */
struct flash_pairs {
    struct flash_shape shape;
    struct flash flash;
    struct lfk_blockmap blocks;
    struct lfk_mdirs mdirs;
    uint32_t reserved; /* blocks from this one on are in use; 0: none is */
};

/* A volume that has a superblock and nothing else. */
void pairs_open(struct flash_pairs *p, const struct flash_shape *shape);
/* Mounted anew, perhaps with other settings; the flash stays. */
void pairs_reopen(struct flash_pairs *p, const struct flash_shape *shape);
/* Nothing may have been asked of the flash that it does not allow. */
void pairs_close(struct flash_pairs *p);

/*
 * What is known of every pair on the list is what another reader finds on the
 * flash, entry by entry; tails lead from one to the next, entries to the pairs
 * of their directories; all deltas together are the global state.
 */
void pairs_check(struct flash_pairs *p);

/* --- edits ------------------------------------------------------------------- */

struct edits {
    struct lfk_edit edits[16];
    size_t count;
    uint8_t pair[8];
};

void edit(struct edits *e, uint32_t type, uint32_t id, const void *data, size_t size);
void edit_delete(struct edits *e, uint32_t id);
/* Name and content have to stay where they are until the commit. */
void edit_file(struct edits *e, uint32_t id, const char *name, const char *content);
void edit_content(struct edits *e, uint32_t id, const char *content);
void edit_attribute(struct edits *e, uint32_t id, uint8_t type, const char *value);

/* A commit that has to succeed. */
void pairs_commit(struct flash_pairs *p, struct lfk_mdir *mdir, const struct edits *e);

/* --- directories --------------------------------------------------------------- */

/* Where a name is, or would be, in the directory whose first pair this is; by looking at all. */
bool pairs_find(struct lfk_mdir *head, const char *name, struct lfk_mdir **mdir, uint32_t *id);
/* Makes a file, or gives one another content. */
void pairs_put(struct flash_pairs *p, struct lfk_mdir *head, const char *name, const char *content);
void pairs_remove(struct flash_pairs *p, struct lfk_mdir *head, const char *name);
/* Makes a directory in another that has one pair; its own first pair is returned. */
struct lfk_mdir *pairs_mkdir(struct flash_pairs *p, struct lfk_mdir *parent, const char *name);

/* Pairs of a directory. */
uint32_t pairs_count(const struct lfk_mdir *head);

#endif
