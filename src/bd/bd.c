/* SPDX-License-Identifier: MIT */
/*
 * What every block device shares: range checks before a request reaches the
 * device. Block numbers and offsets come from images; no device ever sees one
 * outside its blocks.
 */
#include "bd/bd.h"

#define BLOCK_COUNT_MAX (UINT32_MAX - 1) /* the two highest block numbers are reserved */

static int check_range(const struct lfk_bd *bd, uint32_t block, uint32_t offset, uint32_t size,
                       struct lfk_detail *detail)
{
    if (block >= bd->block_count) {
        return lfk_fail_field(detail, LFK_ERR_CORRUPT,
                              "a block number is not below the number of blocks in the image",
                              "block", bd->block_count, block);
    }
    if (offset > bd->block_size || size > bd->block_size - offset) {
        return lfk_fail_at(detail, LFK_ERR_CORRUPT, "an access passes the end of its block", block,
                           offset, bd->block_size, (uint64_t)offset + size);
    }
    return LFK_OK;
}

int lfk_bd_read(struct lfk_bd *bd, uint32_t block, uint32_t offset, void *buffer, uint32_t size,
                struct lfk_detail *detail)
{
    TRY(check_range(bd, block, offset, size, detail));
    return bd->ops->read(bd, block, offset, buffer, size, detail);
}

static int refuse_change(struct lfk_detail *detail)
{
    return lfk_fail(detail, LFK_ERR_INVAL, "the device is only read");
}

int lfk_bd_prog(struct lfk_bd *bd, uint32_t block, uint32_t offset, const void *buffer,
                uint32_t size, struct lfk_detail *detail)
{
    if (bd->ops->prog == NULL) {
        return refuse_change(detail);
    }
    TRY(check_range(bd, block, offset, size, detail));
    return bd->ops->prog(bd, block, offset, buffer, size, detail);
}

int lfk_bd_erase(struct lfk_bd *bd, uint32_t block, struct lfk_detail *detail)
{
    if (bd->ops->erase == NULL) {
        return refuse_change(detail);
    }
    TRY(check_range(bd, block, 0, 0, detail));
    return bd->ops->erase(bd, block, detail);
}

int lfk_bd_sync(struct lfk_bd *bd, struct lfk_detail *detail)
{
    return bd->ops->sync == NULL ? refuse_change(detail) : bd->ops->sync(bd, detail);
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
