/* SPDX-License-Identifier: MIT */
/*
 * Block devices: one small vtable and the devices that need nothing else.
 *
 * A device is a row of equal blocks. Devices over plain bytes (memory, files)
 * have the shape they are given: lfk_bd_shape. Bytes past the end of a device
 * read as 0xff, as erased flash does, up to the end of the block they are in.
 */
#ifndef LFK_BD_H
#define LFK_BD_H

#include "util/util.h"

struct lfk_bd;

struct lfk_bd_ops {
    /* The range lies inside the block; the block is less than block_count. */
    int (*read)(struct lfk_bd *bd, uint32_t block, uint32_t offset, void *buffer, uint32_t size,
                struct lfk_detail *detail);
    /*
     * The whole block as memory that stays as it is while the device is open,
     * or NULL when there is none; then it is read. The member may be NULL.
     */
    const void *(*map)(struct lfk_bd *bd, uint32_t block);
    void (*close)(struct lfk_bd *bd);
};

struct lfk_bd {
    const struct lfk_bd_ops *ops;
    uint32_t block_size;
    uint32_t block_count;
    uint64_t size; /* bytes */
};

/* Checks the range, then reads. Out of range is LFK_ERR_CORRUPT: the number came from an image. */
int lfk_bd_read(struct lfk_bd *bd, uint32_t block, uint32_t offset, void *buffer, uint32_t size,
                struct lfk_detail *detail);

/* The whole block as stable memory, or NULL if it has to be read (or is out of range). */
const void *lfk_bd_map(struct lfk_bd *bd, uint32_t block);

/* Accepts a zeroed device. */
void lfk_bd_close(struct lfk_bd *bd);

/*
 * Gives a flat device blocks of this size, which is not 0; a part of a block at
 * the end counts as one. More than 2^32 - 2 blocks: LFK_ERR_FBIG, the shape stays.
 */
int lfk_bd_shape(struct lfk_bd *bd, uint32_t block_size, struct lfk_detail *detail);

/* Bytes in memory. They must outlive the device. No blocks until it is shaped. */
struct lfk_bd_memory {
    struct lfk_bd bd;
    const uint8_t *bytes;
};

void lfk_bd_memory_open(struct lfk_bd_memory *memory, const void *bytes, uint64_t size);

/*
 * A file of the host, mapped read-only. It must not be shortened by others
 * while it is open. LFK_ERR_IO with the host's error; LFK_ERR_INVAL for what is
 * neither a regular file nor a block device.
 */
struct lfk_bd_file {
    struct lfk_bd_memory memory;
    struct lfk_bd_ops ops; /* the memory device's, with a close of the file's own */
};

int lfk_bd_file_open(struct lfk_bd_file *file, const char *path, struct lfk_detail *detail);

#endif
