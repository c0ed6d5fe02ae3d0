/* SPDX-License-Identifier: MIT */
/*
 * block_device - a block device of one's own under lfs.h: a NOR flash, which
 * erases to ones and programs by clearing bits, with a function to cut its power
 * in the middle of a program. It shows what a driver is asked for, and that a
 * file is old or new after a cut, never in between.
 */
#include "lfs.h"

#include <setjmp.h>
#include <stdio.h>

#define BLOCK_SIZE 4096
#define BLOCK_COUNT 32

/* --- the flash ----------------------------------------------------------------------------- */

struct nor {
    uint8_t bytes[BLOCK_COUNT * BLOCK_SIZE];
    unsigned long programs;
    unsigned long erases;
    unsigned long programs_left; /* until the power goes; 0: it stays */
    jmp_buf reset;               /* where the processor starts then */
};

/* The context of the configuration is the driver's own. */
static struct nor *nor_of(const struct lfs_config *c)
{
    return c->context;
}

/* Where an offset in a block is. A damaged volume can ask for a block that is not there. */
static uint8_t *nor_at(const struct lfs_config *c, lfs_block_t block, lfs_off_t off)
{
    return block < BLOCK_COUNT ? nor_of(c)->bytes + (size_t)block * BLOCK_SIZE + off : NULL;
}

static int nor_read(const struct lfs_config *c, lfs_block_t block, lfs_off_t off, void *buffer,
                    lfs_size_t size)
{
    const uint8_t *from = nor_at(c, block, off);
    if (from == NULL) {
        return LFS_ERR_CORRUPT;
    }
    memcpy(buffer, from, size);
    return LFS_ERR_OK;
}

static int nor_prog(const struct lfs_config *c, lfs_block_t block, lfs_off_t off,
                    const void *buffer, lfs_size_t size)
{
    struct nor *nor = nor_of(c);
    const uint8_t *from = buffer;
    uint8_t *to = nor_at(c, block, off);
    if (to == NULL) {
        return LFS_ERR_IO;
    }
    nor->programs++;
    bool cut = nor->programs_left > 0 && --nor->programs_left == 0;
    for (lfs_size_t i = 0; i < (cut ? size / 16 : size); i++) {
        to[i] &= from[i]; /* ones can become zeros; back takes an erase */
    }
    if (cut) {
        longjmp(nor->reset, 1);
    }
    /* A cell that has not become what it was to be is worn out: littlefs takes another block. */
    return memcmp(to, from, size) == 0 ? LFS_ERR_OK : LFS_ERR_CORRUPT;
}

static int nor_erase(const struct lfs_config *c, lfs_block_t block)
{
    uint8_t *at = nor_at(c, block, 0);
    if (at == NULL) {
        return LFS_ERR_IO;
    }
    nor_of(c)->erases++;
    memset(at, 0xff, BLOCK_SIZE);
    return LFS_ERR_OK;
}

/* A driver with a cache of its own writes it to the chip here. */
static int nor_sync(const struct lfs_config *c)
{
    (void)c;
    return LFS_ERR_OK;
}

/* --- the program ------------------------------------------------------------------------------ */

static struct nor flash;

static const struct lfs_config cfg = {
    .context = &flash,
    .read = nor_read,
    .prog = nor_prog,
    .erase = nor_erase,
    .sync = nor_sync,

    .read_size = 1,
    .prog_size = 256, /* a page */
    .block_size = BLOCK_SIZE,
    .block_count = BLOCK_COUNT,
    .block_cycles = 500,
    .cache_size = 256,
    .lookahead_size = 16,
};

static int store(lfs_t *lfs, const char *path, const char *text)
{
    lfs_file_t file;
    int err = lfs_file_open(lfs, &file, path, LFS_O_WRONLY | LFS_O_CREAT | LFS_O_TRUNC);
    if (err) {
        return err;
    }
    lfs_ssize_t size = lfs_file_write(lfs, &file, text, (lfs_size_t)strlen(text));
    err = lfs_file_close(lfs, &file);
    return size < 0 ? (int)size : err;
}

static int show(lfs_t *lfs, const char *path)
{
    char text[100];
    lfs_file_t file;
    int err = lfs_file_open(lfs, &file, path, LFS_O_RDONLY);
    if (err) {
        return err;
    }
    lfs_ssize_t size = lfs_file_read(lfs, &file, text, sizeof(text) - 1);
    if (size >= 0) {
        printf("  %s: %.*s\n", path, (int)size, text);
    }
    err = lfs_file_close(lfs, &file);
    return size < 0 ? (int)size : err;
}

/* Tries to store something while the power goes at the n-th program from now on. */
static int store_with_cut(lfs_t *lfs, const char *text, unsigned long n)
{
    flash.programs_left = n;
    if (setjmp(flash.reset) == 0) {
        int err = store(lfs, "settings", text);
        flash.programs_left = 0;
        printf("stored before program %lu\n", n);
        return err;
    }
    printf("power lost in program %lu\n", n);
    return lfs_mount(lfs, &cfg); /* as after any reset; what was open is forgotten */
}

static int run(lfs_t *lfs)
{
    int err = lfs_format(lfs, &cfg);
    if (!err) {
        err = lfs_mount(lfs, &cfg);
    }
    if (!err) {
        err = store(lfs, "settings", "volume 3");
    }
    if (!err) {
        err = show(lfs, "settings");
    }
    for (unsigned long n = 1; n <= 2 && !err; n++) {
        err = store_with_cut(lfs, "volume 11", n);
        if (!err) {
            err = show(lfs, "settings");
        }
    }
    if (!err) {
        printf("blocks in use: %ld of %d\n", (long)lfs_fs_size(lfs), BLOCK_COUNT);
        err = lfs_unmount(lfs);
    }
    return err;
}

int main(void)
{
    static lfs_t lfs;
    int err = run(&lfs);
    if (err) {
        fprintf(stderr, "block_device: error %d\n", err);
    }
    return err ? 1 : 0;
}
