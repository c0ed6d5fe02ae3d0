/* SPDX-License-Identifier: MIT */
/*
 * Free blocks: a bitmap of the whole volume. littlefs keeps no such thing on
 * disk, so it is filled by one traversal of everything in use; that is the
 * filesystem's to make and is handed over as a callback, so that nothing here
 * knows about directories.
 *
 * Between two traversals the map only fills: blocks that become free are found
 * by the next one, which is made when no free block is left in the map. So a
 * block costs O(1), but for a share of the traversal. Blocks are taken in rising order, around and
 * around, which spreads wear.
 */
#ifndef LFK_ALLOC_H
#define LFK_ALLOC_H

#include "util/util.h"

struct lfk_blockmap;

/*
 * Marks every block that is in use, in any order and as often as it likes.
 * Negative: it failed, with `detail` filled.
 */
typedef int lfk_blockmap_fill_fn(void *context, struct lfk_blockmap *map,
                                 struct lfk_detail *detail);

struct lfk_blockmap {
    const struct lfk_allocator *allocator;
    lfk_blockmap_fill_fn *fill;
    void *context;
    uint32_t block_count;
    uint32_t next;   /* where the search goes on */
    bool held;       /* no block becomes free, see lfk_blockmap_hold */
    uint8_t *marks;  /* a bit a block: in use, or taken; NULL until the first fill */
    uint32_t marked; /* blocks that have a bit; what a volume grew by has none at first */
    uint32_t free;   /* of those, the ones that are not marked */
    uint32_t *taken; /* since the last checkpoint: no traversal sees them yet */
    size_t taken_count;
    size_t taken_room;
};

/* The search starts at block `start` modulo the count. */
void lfk_blockmap_open(struct lfk_blockmap *map, uint32_t block_count, uint32_t start,
                       lfk_blockmap_fill_fn *fill, void *context,
                       const struct lfk_allocator *allocator);
/* Accepts a zeroed map. */
void lfk_blockmap_close(struct lfk_blockmap *map);

/* Says that everything taken so far is either seen by a traversal or given up. */
void lfk_blockmap_checkpoint(struct lfk_blockmap *map);

/*
 * Takes a free block. LFK_ERR_NOSPC: a traversal has found none. Errors of the
 * traversal are passed on; the map is then as it was.
 */
int lfk_blockmap_take(struct lfk_blockmap *map, uint32_t *block, struct lfk_detail *detail);

/*
 * While it is held, blocks that were taken stay so, though no traversal may
 * see them any more: what the disk says, and names, is not known.
 */
void lfk_blockmap_hold(struct lfk_blockmap *map, bool held);

/* For the traversal: the block is in use. Numbers beyond the volume are left alone. */
void lfk_blockmap_mark(struct lfk_blockmap *map, uint32_t block);

/* Makes the traversal now rather than when a block is needed. */
int lfk_blockmap_refill(struct lfk_blockmap *map, struct lfk_detail *detail);

/*
 * A traversal sees more than the last time: that is marked, too, and nothing becomes
 * free. Errors are those of the traversal.
 */
int lfk_blockmap_extend(struct lfk_blockmap *map, struct lfk_detail *detail);

/* The volume has another size. Blocks that it grew by are found when no other is free. */
void lfk_blockmap_resize(struct lfk_blockmap *map, uint32_t block_count);

#endif
