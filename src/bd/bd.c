/* SPDX-License-Identifier: MIT */
/*
 * What every block device shares: range checks before a request reaches the
 * device. Block numbers and offsets come from images; no device ever sees one
 * outside its blocks.
 */
#include "bd/bd.h"

#define BLOCK_COUNT_MAX (UINT32_MAX - 1) /* the two highest block numbers are reserved */

int lfk_bd_read(struct lfk_bd *bd, uint32_t block, uint32_t offset, void *buffer, uint32_t size,
                struct lfk_detail *detail)
{
    if (block >= bd->block_count) {
        return lfk_fail_field(detail, LFK_ERR_CORRUPT,
                              "a block number is not below the number of blocks in the image",
                              "block", bd->block_count, block);
    }
    if (offset > bd->block_size || size > bd->block_size - offset) {
        return lfk_fail_at(detail, LFK_ERR_CORRUPT, "a read passes the end of its block", block,
                           offset, bd->block_size, (uint64_t)offset + size);
    }
    return bd->ops->read(bd, block, offset, buffer, size, detail);
}

const void *lfk_bd_map(struct lfk_bd *bd, uint32_t block)
{
    if (block >= bd->block_count || bd->ops->map == NULL) {
        return NULL;
    }
    return bd->ops->map(bd, block);
}

void lfk_bd_close(struct lfk_bd *bd)
{
    if (bd->ops != NULL && bd->ops->close != NULL) {
        bd->ops->close(bd);
    }
    *bd = (struct lfk_bd){0};
}

int lfk_bd_shape(struct lfk_bd *bd, uint32_t block_size, struct lfk_detail *detail)
{
    uint64_t count = bd->size / block_size + (bd->size % block_size != 0);
    if (count > BLOCK_COUNT_MAX) {
        return lfk_fail_field(detail, LFK_ERR_FBIG, "the image has too many blocks of this size",
                              "block_size", BLOCK_COUNT_MAX, count);
    }
    bd->block_size = block_size;
    bd->block_count = (uint32_t)count;
    return LFK_OK;
}
