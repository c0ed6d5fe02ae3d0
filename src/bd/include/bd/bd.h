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

/* What reads where nothing was programmed since an erase, on flash as it mostly is. */
#define LFK_ERASED 0xff

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
    /*
     * What changes the device; all NULL on one that is only read. A program
     * falls on bytes erased since they were programmed last; what an erase
     * leaves is not defined. LFK_ERR_CORRUPT: the block is bad. Programs may reach the medium in
     * any order until sync returns.
     */
    int (*prog)(struct lfk_bd *bd, uint32_t block, uint32_t offset, const void *buffer,
                uint32_t size, struct lfk_detail *detail);
    int (*erase)(struct lfk_bd *bd, uint32_t block, struct lfk_detail *detail);
    int (*sync)(struct lfk_bd *bd, struct lfk_detail *detail);
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

/*
 * These check the range and pass on what the device says; LFK_ERR_INVAL on one
 * that is only read.
 */
int lfk_bd_prog(struct lfk_bd *bd, uint32_t block, uint32_t offset, const void *buffer,
                uint32_t size, struct lfk_detail *detail);
int lfk_bd_erase(struct lfk_bd *bd, uint32_t block, struct lfk_detail *detail);
int lfk_bd_sync(struct lfk_bd *bd, struct lfk_detail *detail);

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
 * Flash in memory, `block_count` blocks of `block_size` bytes that the caller
 * owns. An erase leaves 0xff.
 */
struct lfk_bd_ram {
    struct lfk_bd bd;
    uint8_t *bytes;
};

void lfk_bd_ram_open(struct lfk_bd_ram *ram, void *bytes, uint32_t block_size,
                     uint32_t block_count);

/*
 * A device behind functions of the caller's, who is promised what a driver of
 * flash promises: a read begins and ends at multiples of read_size and stays in
 * a block; a program is a multiple of prog_size and at most cache_size. Each
 * function returns 0 or a negative status, which goes on unchanged; a positive
 * one becomes LFK_ERR_IO. It may record a detail when it fails. Without `prog`
 * the device is only read.
 */
struct lfk_bd_calls {
    void *context;
    int (*read)(void *context, uint32_t block, uint32_t offset, void *buffer, uint32_t size,
                struct lfk_detail *detail);
    int (*prog)(void *context, uint32_t block, uint32_t offset, const void *buffer, uint32_t size,
                struct lfk_detail *detail);
    int (*erase)(void *context, uint32_t block, struct lfk_detail *detail);
    int (*sync)(void *context, struct lfk_detail *detail);
    uint32_t read_size;  /* bytes; divides cache_size */
    uint32_t prog_size;  /* bytes; divides cache_size */
    uint32_t cache_size; /* bytes; divides the block size */
};

struct lfk_bd_callback {
    struct lfk_bd bd;
    struct lfk_bd_calls calls;
    const struct lfk_allocator *allocator; /* of the cache; unless the caller gave it */
    bool owns_cache;
    uint8_t *cache; /* cache_size bytes, of which cached_size are those of cached_block: */
    uint32_t cached_block;
    uint32_t cached_offset;
    uint32_t cached_size;
    uint32_t next_block; /* where the last read ended */
    uint32_t next_offset;
};

/* `cache` is cache_size bytes of the caller's, or NULL: then they are allocated. */
int lfk_bd_callback_open(struct lfk_bd_callback *callback, const struct lfk_bd_calls *calls,
                         uint32_t block_size, uint32_t block_count, void *cache,
                         const struct lfk_allocator *allocator, struct lfk_detail *detail);

/* A device that counts what is asked of the one below it; closing it leaves that open. */
struct lfk_bd_stat {
    struct lfk_bd bd;
    struct lfk_bd *below;
    uint64_t reads; /* calls */
    uint64_t progs;
    uint64_t erases;
    uint64_t syncs;
    uint64_t bytes_read;
    uint64_t bytes_programmed;
};

void lfk_bd_stat_open(struct lfk_bd_stat *stat, struct lfk_bd *below);

/*
 * A file of the host, mapped read-only. It must not be shortened by others
 * while it is open. LFK_ERR_IO with the host's error; LFK_ERR_INVAL for what is
 * neither a regular file nor a block device.
 */
struct lfk_bd_file {
    struct lfk_bd_memory memory;
    struct lfk_bd_ops ops; /* the memory device's, with a close of the file's own */
    int descriptor;        /* may hold a lock */
};

int lfk_bd_file_open(struct lfk_bd_file *file, const char *path, struct lfk_detail *detail);

/*
 * Keeps away, as long as it is open, those who lock what they change (flock(2)).
 * LFK_ERR_IO, and no error of the host, if one of them is changing it.
 */
int lfk_bd_file_lock(const struct lfk_bd_file *file, struct lfk_detail *detail);

/*
 * A file of the host that is used as flash, in place: what is programmed is in
 * the file at once, and on the medium after a sync. An erase leaves 0xff. What
 * is beyond its end reads as erased, and cannot be programmed: LFK_ERR_CORRUPT,
 * as for a bad block. It is locked (flock(2)): who writes to it has it alone.
 * Errors as above; LFK_ERR_IO, and no error of the host, if another has it.
 */
struct lfk_bd_hostflash {
    struct lfk_bd bd;
    int descriptor;
    uint64_t end; /* of the file; bd.size is where it will be after the first change */
};

enum lfk_bd_access {
    LFK_BD_READ,
    LFK_BD_WRITE,
    LFK_BD_CREATE /* makes an empty file; one that is there is an error of the host */
};

/*
 * The device has no end; a file that is shorter than `block_count` blocks is
 * lengthened to them with 0xff by the first change, a new one at once. With a
 * `block_size` of 0 it must be shaped before it is used.
 */
int lfk_bd_hostflash_open(struct lfk_bd_hostflash *flash, const char *path,
                          enum lfk_bd_access access, uint32_t block_size, uint32_t block_count,
                          struct lfk_detail *detail);

/* Gives the device blocks of another size, and the file so many of them at least. */
void lfk_bd_hostflash_shape(struct lfk_bd_hostflash *flash, uint32_t block_size,
                            uint32_t block_count);

#endif
