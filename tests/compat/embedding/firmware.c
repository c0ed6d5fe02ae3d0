/* SPDX-License-Identifier: MIT */
/*
 * Somebody else's firmware that uses lfs.h: it stores a file, and says how often
 * it took the lock.
 */
#include "lfs.h"

#include <stdio.h>

#define BLOCK 256
#define BLOCKS 32

static uint8_t flash[BLOCKS][BLOCK];
static unsigned locks;

static int flash_read(const struct lfs_config *c, lfs_block_t block, lfs_off_t off, void *buffer,
                      lfs_size_t size)
{
    (void)c;
    memcpy(buffer, &flash[block][off], size);
    return LFS_ERR_OK;
}

static int flash_prog(const struct lfs_config *c, lfs_block_t block, lfs_off_t off,
                      const void *buffer, lfs_size_t size)
{
    (void)c;
    memcpy(&flash[block][off], buffer, size);
    return LFS_ERR_OK;
}

static int flash_erase(const struct lfs_config *c, lfs_block_t block)
{
    (void)c;
    memset(flash[block], 0xff, BLOCK);
    return LFS_ERR_OK;
}

static int flash_sync(const struct lfs_config *c)
{
    (void)c;
    return LFS_ERR_OK;
}

#ifdef LFS_THREADSAFE
static int take_lock(const struct lfs_config *c)
{
    (void)c;
    locks++;
    return LFS_ERR_OK;
}

static int give_lock(const struct lfs_config *c)
{
    (void)c;
    return LFS_ERR_OK;
}
#endif

static const struct lfs_config cfg = {
    .read = flash_read,
    .prog = flash_prog,
    .erase = flash_erase,
    .sync = flash_sync,
#ifdef LFS_THREADSAFE
    .lock = take_lock,
    .unlock = give_lock,
#endif
    .read_size = 16,
    .prog_size = 16,
    .block_size = BLOCK,
    .block_count = BLOCKS,
    .cache_size = 32,
    .lookahead_size = 16,
    .block_cycles = 500,
};

int main(void)
{
    struct lfs_info info;
    lfs_file_t file;
    lfs_t lfs;
    int err = lfs_format(&lfs, &cfg);
    if (!err) {
        err = lfs_mount(&lfs, &cfg);
    }
    if (!err) {
        err = lfs_file_open(&lfs, &file, "file", LFS_O_RDWR | LFS_O_CREAT);
    }
    if (!err) {
        lfs_file_write(&lfs, &file, "some bytes", 10);
        err = lfs_file_close(&lfs, &file);
    }
    if (!err) {
        err = lfs_stat(&lfs, "file", &info);
    }
    if (!err) {
        printf("%s: %lu bytes; names up to %lu; %u locks\n", info.name, (unsigned long)info.size,
               (unsigned long)lfs.name_max, locks);
        err = lfs_unmount(&lfs);
    }
    return err ? 1 : 0;
}
