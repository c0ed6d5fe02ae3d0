/* SPDX-License-Identifier: MIT */
/*
 * count_boots - firmware's code on the host: a file that counts boots, through
 * littlefs's own interface, lfs.h, on flash that is an array. It "boots" three
 * times, each time from the bytes that the last one left.
 */
#include "lfs.h"

#include <stdio.h>
#include <string.h>

#define BLOCK_SIZE 4096
#define BLOCK_COUNT 16

static uint8_t flash[BLOCK_COUNT][BLOCK_SIZE];

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
    memset(flash[block], 0xff, BLOCK_SIZE);
    return LFS_ERR_OK;
}

static int flash_sync(const struct lfs_config *c)
{
    (void)c;
    return LFS_ERR_OK;
}

static const struct lfs_config config = {
    .read = flash_read,
    .prog = flash_prog,
    .erase = flash_erase,
    .sync = flash_sync,
    .read_size = 16,
    .prog_size = 16,
    .block_size = BLOCK_SIZE,
    .block_count = BLOCK_COUNT,
    .block_cycles = 500,
    .cache_size = 64,
    .lookahead_size = 16,
};

/* Reads the count, adds one, stores it. Returns the count or a negative error. */
static int count_boot(lfs_t *lfs)
{
    uint32_t count = 0;
    lfs_file_t file;
    int err = lfs_file_open(lfs, &file, "boot_count", LFS_O_RDWR | LFS_O_CREAT);
    if (err < 0) {
        return err;
    }
    lfs_ssize_t done = lfs_file_read(lfs, &file, &count, sizeof count);
    if (done >= 0) {
        count++;
        lfs_file_rewind(lfs, &file);
        done = lfs_file_write(lfs, &file, &count, sizeof count);
    }
    /* What was written is stored here. */
    err = lfs_file_close(lfs, &file);
    if (done < 0 || err < 0) {
        return done < 0 ? (int)done : err;
    }
    return (int)count;
}

static int boot(void)
{
    lfs_t lfs;
    int err = lfs_mount(&lfs, &config);
    if (err < 0) { /* the first time there is no volume */
        err = lfs_format(&lfs, &config);
        if (err == LFS_ERR_OK) {
            err = lfs_mount(&lfs, &config);
        }
    }
    if (err < 0) {
        return err;
    }
    int count = count_boot(&lfs);
    lfs_unmount(&lfs);
    return count;
}

int main(void)
{
    for (int i = 0; i < 3; i++) {
        int count = boot();
        if (count < 0) {
            fprintf(stderr, "count_boots: error %d\n", count);
            return 1;
        }
        printf("boot count: %d\n", count);
    }
    return 0;
}
