/* SPDX-License-Identifier: MIT */
#include "flawed_device.h"

#include <string.h>

static int flawed_read(struct lfk_bd *bd, uint32_t block, uint32_t offset, void *buffer,
                       uint32_t size, struct lfk_detail *detail)
{
    struct flawed_device *device = (struct flawed_device *)bd; /* its first member */
    if (block == device->bad_block && offset + size > device->bad_offset) {
        return lfk_fail_block(detail, device->status, "the device cannot read", block);
    }
    device->bytes_read += size;
    memcpy(buffer, device->bytes + (size_t)block * bd->block_size + offset, size);
    return LFK_OK;
}

void flawed_open(struct flawed_device *device, const void *bytes, uint32_t block_size,
                 uint32_t block_count)
{
    static const struct lfk_bd_ops ops = {.read = flawed_read};
    *device = (struct flawed_device){
        .bd = {&ops, block_size, block_count, (uint64_t)block_size * block_count},
        .bytes = bytes,
        .bad_block = LFK_BLOCK_NULL,
    };
}
