/* SPDX-License-Identifier: MIT */
/*
 * Flash in memory. It takes a program as it comes; that bytes are erased before
 * they are programmed is the caller's duty, and the tests' to check.
 */
#include "bd/bd.h"

#include <string.h>

static uint8_t *at(struct lfk_bd *bd, uint32_t block, uint32_t offset)
{
    struct lfk_bd_ram *ram = (struct lfk_bd_ram *)bd; /* its first member */
    return ram->bytes + (size_t)block * bd->block_size + offset;
}

static int ram_read(struct lfk_bd *bd, uint32_t block, uint32_t offset, void *buffer, uint32_t size,
                    struct lfk_detail *detail)
{
    (void)detail;
    memcpy(buffer, at(bd, block, offset), size);
    return LFK_OK;
}

static int ram_prog(struct lfk_bd *bd, uint32_t block, uint32_t offset, const void *buffer,
                    uint32_t size, struct lfk_detail *detail)
{
    (void)detail;
    memcpy(at(bd, block, offset), buffer, size);
    return LFK_OK;
}

static int ram_erase(struct lfk_bd *bd, uint32_t block, struct lfk_detail *detail)
{
    (void)detail;
    memset(at(bd, block, 0), LFK_ERASED, bd->block_size);
    return LFK_OK;
}

static int ram_sync(struct lfk_bd *bd, struct lfk_detail *detail)
{
    (void)bd;
    (void)detail;
    return LFK_OK;
}

void lfk_bd_ram_open(struct lfk_bd_ram *ram, void *bytes, uint32_t block_size, uint32_t block_count)
{
    static const struct lfk_bd_ops ops = {
        .read = ram_read, .prog = ram_prog, .erase = ram_erase, .sync = ram_sync};
    *ram = (struct lfk_bd_ram){
        .bd = {.ops = &ops,
               .block_size = block_size,
               .block_count = block_count,
               .size = (uint64_t)block_size * block_count},
        .bytes = bytes,
    };
}
