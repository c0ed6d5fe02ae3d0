/* SPDX-License-Identifier: MIT */
/*
 * A block device over bytes in memory. Whole blocks are given out as they lie
 * there; the part of a block at the end is read, and continues as 0xff.
 */
#include "bd/bd.h"

#include <string.h>

static struct lfk_bd_memory *memory_of(struct lfk_bd *bd)
{
    return (struct lfk_bd_memory *)bd; /* its first member */
}

static int memory_read(struct lfk_bd *bd, uint32_t block, uint32_t offset, void *buffer,
                       uint32_t size, struct lfk_detail *detail)
{
    uint64_t start = (uint64_t)block * bd->block_size + offset;
    uint64_t left = start < bd->size ? bd->size - start : 0;
    size_t present = left < size ? (size_t)left : size;
    (void)detail;

    if (present > 0) {
        memcpy(buffer, memory_of(bd)->bytes + start, present);
    }
    memset((uint8_t *)buffer + present, LFK_ERASED, size - present);
    return LFK_OK;
}

static const void *memory_map(struct lfk_bd *bd, uint32_t block)
{
    uint64_t start = (uint64_t)block * bd->block_size;
    if (bd->size - start < bd->block_size) {
        return NULL;
    }
    return memory_of(bd)->bytes + start;
}

void lfk_bd_memory_open(struct lfk_bd_memory *memory, const void *bytes, uint64_t size)
{
    static const struct lfk_bd_ops ops = {.read = memory_read, .map = memory_map};
    *memory = (struct lfk_bd_memory){.bd = {.ops = &ops, .size = size}, .bytes = bytes};
}
