/* SPDX-License-Identifier: MIT */
/*
 * The bitmap of free blocks.
 *
 * Invariant: a block whose bit is clear is in use by nobody; so a block is
 * never handed out twice, whatever happens between two traversals.
 */
#include "alloc/alloc.h"

#include <string.h>

void lfk_blockmap_open(struct lfk_blockmap *map, uint32_t block_count, uint32_t start,
                       lfk_blockmap_fill_fn *fill, void *context,
                       const struct lfk_allocator *allocator)
{
    *map = (struct lfk_blockmap){
        .allocator = allocator,
        .fill = fill,
        .context = context,
        .block_count = block_count,
        .next = start % block_count,
    };
}

void lfk_blockmap_close(struct lfk_blockmap *map)
{
    lfk_free(map->allocator, map->marks);
    lfk_free(map->allocator, map->taken);
    *map = (struct lfk_blockmap){0};
}

void lfk_blockmap_checkpoint(struct lfk_blockmap *map)
{
    map->taken_count = 0;
}

void lfk_blockmap_hold(struct lfk_blockmap *map, bool held)
{
    map->held = held;
}

void lfk_blockmap_mark(struct lfk_blockmap *map, uint32_t block)
{
    if (block < map->marked && !lfk_bit_is_set(map->marks, block)) {
        lfk_bit_set(map->marks, block);
        map->free--;
    }
}

/* The traversal marks in a map of its own: if it fails, what was known is known still. */
int lfk_blockmap_refill(struct lfk_blockmap *map, struct lfk_detail *detail)
{
    size_t size = (size_t)map->block_count / 8 + 1;
    if (map->held && map->marks != NULL) {
        return LFK_OK; /* a traversal would add nothing, and take nothing away */
    }
    struct lfk_blockmap filled = *map;
    filled.marks = lfk_alloc(map->allocator, size);
    if (filled.marks == NULL) {
        return lfk_fail_nomem(detail);
    }
    memset(filled.marks, 0, size);
    filled.marked = map->block_count;
    filled.free = map->block_count;
    int result = map->fill(map->context, &filled, detail);
    if (result < 0) {
        lfk_free(map->allocator, filled.marks);
        return result;
    }
    for (size_t i = 0; i < map->taken_count; i++) {
        lfk_blockmap_mark(&filled, map->taken[i]);
    }
    lfk_free(map->allocator, map->marks);
    *map = filled;
    return LFK_OK;
}

int lfk_blockmap_extend(struct lfk_blockmap *map, struct lfk_detail *detail)
{
    return map->marks != NULL ? map->fill(map->context, map, detail) : LFK_OK;
}

/* The next clear bit at or after `next`, around the end; there is one. Full bytes are skipped. */
static uint32_t find_clear(const struct lfk_blockmap *map)
{
    uint32_t block = map->next;
    while (lfk_bit_is_set(map->marks, block)) {
        bool skip = block % 8 == 0 && map->marks[block / 8] == 0xff;
        block += skip ? 8 : 1;
        if (block >= map->marked) {
            block = 0;
        }
    }
    return block;
}

int lfk_blockmap_take(struct lfk_blockmap *map, uint32_t *block, struct lfk_detail *detail)
{
    void *taken = map->taken;
    if (lfk_grow(map->allocator, &taken, &map->taken_room, map->taken_count + 1,
                 sizeof(map->taken[0])) < 0) {
        return lfk_fail_nomem(detail);
    }
    map->taken = taken;
    if (map->free == 0) {
        TRY(lfk_blockmap_refill(map, detail));
    }
    if (map->free == 0) {
        return lfk_fail(detail, LFK_ERR_NOSPC, "no block of the volume is free");
    }
    *block = find_clear(map);
    map->next = (*block + 1) % map->marked;
    lfk_blockmap_mark(map, *block);
    map->taken[map->taken_count++] = *block;
    return LFK_OK;
}

void lfk_blockmap_resize(struct lfk_blockmap *map, uint32_t block_count)
{
    map->block_count = block_count;
    map->next %= block_count;
    if (block_count < map->marked) {
        map->marked = block_count;
        map->free = 0;
        for (uint32_t block = 0; block < block_count; block++) {
            map->free += !lfk_bit_is_set(map->marks, block);
        }
    }
}
