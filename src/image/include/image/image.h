/* SPDX-License-Identifier: MIT */
/*
 * An image as it is found: a file or bytes in memory whose container and
 * geometry are found out by looking.
 */
#ifndef LFK_IMAGE_H
#define LFK_IMAGE_H

#include "bd/bd.h"
#include "container/container.h"

/* What the bytes look like. */
enum lfk_image_kind {
    LFK_IMAGE_UNKNOWN,
    LFK_IMAGE_LITTLEFS_V1,
    LFK_IMAGE_FAT,
    LFK_IMAGE_SPIFFS,
    LFK_IMAGE_ERASED_ONES,  /* all 0xff */
    LFK_IMAGE_ERASED_ZEROS, /* all 0x00 */
    LFK_IMAGE_EMPTY         /* no bytes */
};

/* Must not be moved while it is open. */
struct lfk_image {
    struct lfk_container container;
    struct lfk_bd *bd; /* shaped to the block size found */
};

/*
 * Opens, finds the superblock in either block of the root pair, and shapes the
 * device to its block size. `block_size` not 0 must match: LFK_ERR_INVAL. What
 * is not littlefs is LFK_ERR_INVAL with a text that names it; a littlefs whose
 * superblock cannot be read is LFK_ERR_CORRUPT.
 */
int lfk_image_open_file(struct lfk_image *image, const char *path, uint32_t block_size,
                        const struct lfk_allocator *allocator, struct lfk_detail *detail);
int lfk_image_open_memory(struct lfk_image *image, const void *bytes, size_t size,
                          uint32_t block_size, const struct lfk_allocator *allocator,
                          struct lfk_detail *detail);

/* Of one in a file, see lfk_bd_file_lock. */
int lfk_image_lock(const struct lfk_image *image, struct lfk_detail *detail);

/* Accepts a zeroed image. */
void lfk_image_close(struct lfk_image *image);

/*
 * Finds the superblock of a flat device, whatever its shape, and shapes it to
 * the block size stated there. LFK_ERR_NOENT: nothing looks like a superblock;
 * LFK_ERR_CORRUPT: something does, but it cannot be read.
 */
int lfk_image_probe(struct lfk_bd *bd, const struct lfk_allocator *allocator,
                    struct lfk_detail *detail);

/* Names what a flat device without a superblock holds. Leaves it in another shape. */
int lfk_image_recognise(struct lfk_bd *bd, enum lfk_image_kind *kind, struct lfk_detail *detail);

#endif
