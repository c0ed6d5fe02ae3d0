/* SPDX-License-Identifier: MIT */
/*
 * The blocks of a CTZ list, found from its last one back. Block i points to
 * i - 1, i - 2, i - 4, ... as far as i is even so often, so any block is a few
 * pointers away; what was met on the way is kept.
 *
 * Invariant: a list that is not empty has its last block known, and a number
 * in it is below the volume's block count.
 */
#include "parts.h"

#include <string.h>

#define POINTER_SIZE 4u

int lfk_fs_blocks_resize(struct lfk_fs *fs, struct lfk_fs_blocks *list, uint32_t count,
                         struct lfk_detail *detail)
{
    void *blocks = list->blocks;
    if (lfk_grow(fs->options.allocator, &blocks, &list->room, count, sizeof(list->blocks[0])) < 0) {
        return lfk_fail_nomem(detail);
    }
    list->blocks = blocks;
    if (count > list->count) {
        memset(&list->blocks[list->count], 0xff, (count - list->count) * sizeof(list->blocks[0]));
    }
    list->count = count;
    return LFK_OK;
}

void lfk_fs_blocks_free(struct lfk_fs *fs, struct lfk_fs_blocks *list)
{
    lfk_free(fs->options.allocator, list->blocks);
    *list = (struct lfk_fs_blocks){0};
}

/* Reads `count` pointers of a block, from the first of them on. */
static int read_pointers(struct lfk_fs *fs, uint32_t block, uint32_t first, uint32_t *pointers,
                         uint32_t count, struct lfk_detail *detail)
{
    uint8_t bytes[2 * POINTER_SIZE];
    TRY(lfk_bd_read(fs->bd, block, first * POINTER_SIZE, bytes, count * POINTER_SIZE, detail));
    for (uint32_t i = 0; i < count; i++) {
        pointers[i] = lfk_get_le32(bytes + (size_t)i * POINTER_SIZE);
        if (pointers[i] >= fs->mdirs.block_count) {
            return lfk_fail_at(detail, LFK_ERR_CORRUPT,
                               "a CTZ pointer is not below the volume's block count", block,
                               (first + i) * POINTER_SIZE, fs->mdirs.block_count, pointers[i]);
        }
    }
    return LFK_OK;
}

int lfk_fs_blocks_get(struct lfk_fs *fs, struct lfk_fs_blocks *list, uint32_t index,
                      uint32_t *block, struct lfk_detail *detail)
{
    uint32_t at = list->count - 1;
    if (list->blocks[index] != LFK_BLOCK_NULL) {
        at = index;
    } else if (list->blocks[index + 1] != LFK_BLOCK_NULL) {
        at = index + 1; /* there is one: the last is known */
    }
    while (at > index) {
        uint32_t power = lfk_min(lfk_log2(at - index), lfk_ctz(at));
        uint32_t next = at - (UINT32_C(1) << power);
        if (list->blocks[next] == LFK_BLOCK_NULL) {
            TRY(read_pointers(fs, list->blocks[at], power, &list->blocks[next], 1, detail));
        }
        at = next;
    }
    *block = list->blocks[index];
    return LFK_OK;
}

static int check_head(const struct lfk_fs *fs, uint32_t head, uint32_t blocks,
                      struct lfk_detail *detail)
{
    if (head >= fs->mdirs.block_count) {
        return lfk_fail_field(detail, LFK_ERR_CORRUPT,
                              "the head of a CTZ list is not below the volume's block count",
                              "head", fs->mdirs.block_count, head);
    }
    if (blocks > fs->mdirs.block_count) {
        return lfk_fail_field(detail, LFK_ERR_CORRUPT, "a file is larger than the volume", "blocks",
                              fs->mdirs.block_count, blocks);
    }
    return LFK_OK;
}

/* An even block points to the two before it: one read for both. */
int lfk_fs_blocks_visit(struct lfk_fs *fs, uint32_t head, uint32_t size, lfk_fs_block_fn *visit,
                        void *context, struct lfk_detail *detail)
{
    uint32_t blocks = lfk_ctz_blocks(fs->bd->block_size, size);
    if (blocks == 0) {
        return LFK_OK;
    }
    TRY(check_head(fs, head, blocks, detail));
    uint32_t at = blocks - 1;
    for (;;) {
        uint32_t pointers[2] = {0};
        uint32_t count = at == 0 ? 0 : at % 2 == 0 ? 2 : 1;
        int result = visit(context, head);
        if (result != 0 || count == 0) {
            return result;
        }
        TRY(read_pointers(fs, head, 0, pointers, count, detail));
        if (count == 2) {
            result = visit(context, pointers[0]);
            if (result != 0) {
                return result;
            }
        }
        head = pointers[count - 1];
        at -= count;
    }
}
