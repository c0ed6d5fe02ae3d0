/* SPDX-License-Identifier: MIT */
/*
 * A small device in memory, for the programs that are compiled with one of the
 * switches: 32 blocks of 512 bytes. The volume on it can be made by lfskit itself.
 */
#ifndef TESTS_RAM_H
#define TESTS_RAM_H

/* cmocka.h needs these, in this order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lfs.h"

#define RAM_BLOCK 512u
#define RAM_BLOCKS 32u
#define RAM_CACHE 64u

#define OK(call) assert_int_equal(call, 0)

struct ram {
    uint8_t bytes[RAM_BLOCKS * RAM_BLOCK];
    struct lfs_config cfg;
};

static int ram_read(const struct lfs_config *c, lfs_block_t block, lfs_off_t off, void *buffer,
                    lfs_size_t size)
{
    const struct ram *ram = (const struct ram *)c->context;
    if (block >= RAM_BLOCKS) {
        return LFS_ERR_CORRUPT;
    }
    memcpy(buffer, ram->bytes + (size_t)block * RAM_BLOCK + off, size);
    return 0;
}

#ifndef LFS_READONLY
static int ram_prog(const struct lfs_config *c, lfs_block_t block, lfs_off_t off,
                    const void *buffer, lfs_size_t size)
{
    struct ram *ram = (struct ram *)c->context;
    memcpy(ram->bytes + (size_t)block * RAM_BLOCK + off, buffer, size);
    return 0;
}

static int ram_erase(const struct lfs_config *c, lfs_block_t block)
{
    (void)c;
    (void)block;
    return 0;
}

static int ram_sync(const struct lfs_config *c)
{
    (void)c;
    return 0;
}
#endif

/* Blank; what the configuration has beside this is zero. */
static inline void ram_start(struct ram *ram)
{
    memset(ram, 0xff, sizeof(*ram));
    memset(&ram->cfg, 0, sizeof(ram->cfg));
    ram->cfg.context = ram;
    ram->cfg.read = ram_read;
#ifndef LFS_READONLY
    ram->cfg.prog = ram_prog;
    ram->cfg.erase = ram_erase;
    ram->cfg.sync = ram_sync;
#endif
    ram->cfg.read_size = 16;
    ram->cfg.prog_size = 16;
    ram->cfg.block_size = RAM_BLOCK;
    ram->cfg.block_count = RAM_BLOCKS;
    ram->cfg.block_cycles = 100;
    ram->cfg.cache_size = RAM_CACHE;
    ram->cfg.lookahead_size = 16;
}

#endif
