/* SPDX-License-Identifier: MIT */
/*
 * A filesystem on flash that holds it to the contract, written to by the
 * functions of fs alone.
 */
#ifndef LFSKIT_TESTS_FLASH_VOLUME_H
#define LFSKIT_TESTS_FLASH_VOLUME_H

#include "flash.h"
#include "fs/fs.h"

/* Must not be moved while it is open. */
struct flash_volume {
    struct flash flash;
    struct lfk_fs_writing writing; /* as it was formatted and is mounted with */
    struct lfk_fs fs;
};

/* Formatted and mounted: blocks of 512 bytes, programmed 16 at a time; version 2.1. */
void volume_open(struct flash_volume *v, uint32_t block_count);
/* The same with other settings. */
void volume_open_with(struct flash_volume *v, uint32_t block_size, uint32_t block_count,
                      const struct lfk_fs_writing *writing);
/* Unmounted as after a loss of power, and mounted again; a flash that was cut has its power back.
 */
void volume_remount(struct flash_volume *v);
/* Nothing may have been asked of the flash that it does not allow. */
void volume_close(struct flash_volume *v);

/* Makes a file or gives it another content; it has to succeed. */
void volume_put(struct flash_volume *v, const char *path, const void *data, size_t size);
void volume_put_text(struct flash_volume *v, const char *path, const char *text);
void volume_mkdir(struct flash_volume *v, const char *path);
/* Opens a file that is there. */
void volume_open_file(struct flash_volume *v, const char *path, struct lfk_fs_file *file);

bool volume_has(struct flash_volume *v, const char *path);
/* The file that a handle has, or a path leads to, holds this. */
void check_open_file(struct lfk_fs_file *file, const void *data, size_t size);
void volume_check(struct flash_volume *v, const char *path, const void *data, size_t size);
void volume_check_text(struct flash_volume *v, const char *path, const char *text);

#endif
