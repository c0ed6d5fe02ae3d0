/* SPDX-License-Identifier: MIT */
/*
 * The bitmap of free blocks.
 *
 * Invariant: while the map is filled, a block whose bit is clear is in use by
 * nobody; so a block is never handed out twice, whatever happens between two
 * traversals.
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
    if (block < map->block_count && !lfk_bit_is_set(map->marks, block)) {
        lfk_bit_set(map->marks, block);
        map->free--;
    }
}

int lfk_blockmap_refill(struct lfk_blockmap *map, struct lfk_detail *detail)
{
    size_t size = (size_t)map->block_count / 8 + 1;
    if (map->held && map->filled) {
        return LFK_OK; /* a traversal would add nothing, and take nothing away */
    }
    if (map->marks == NULL) {
        map->marks = lfk_alloc(map->allocator, size);
        if (map->marks == NULL) {
            return lfk_fail_nomem(detail);
        }
    }
    memset(map->marks, 0, size);
    map->free = map->block_count;
    map->filled = false;
    TRY(map->fill(map->context, map, detail));
    for (size_t i = 0; i < map->taken_count; i++) {
        lfk_blockmap_mark(map, map->taken[i]);
    }
    map->filled = true;
    return LFK_OK;
}

/* The next clear bit at or after `next`, around the end; there is one. Full bytes are skipped. */
static uint32_t find_clear(const struct lfk_blockmap *map)
{
    uint32_t block = map->next;
    while (lfk_bit_is_set(map->marks, block)) {
        bool skip = block % 8 == 0 && map->marks[block / 8] == 0xff;
        block += skip ? 8 : 1;
        if (block >= map->block_count) {
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
    if (!map->filled || map->free == 0) {
        TRY(lfk_blockmap_refill(map, detail));
    }
    if (map->free == 0) {
        return lfk_fail(detail, LFK_ERR_NOSPC, "no block of the volume is free");
    }
    *block = find_clear(map);
    map->next = (*block + 1) % map->block_count;
    lfk_blockmap_mark(map, *block);
    map->taken[map->taken_count++] = *block;
    return LFK_OK;
}

void lfk_blockmap_resize(struct lfk_blockmap *map, uint32_t block_count)
{
    lfk_free(map->allocator, map->marks);
    map->marks = NULL;
    map->filled = false;
    map->block_count = block_count;
    map->next %= block_count;
}
