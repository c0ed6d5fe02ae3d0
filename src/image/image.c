/* SPDX-License-Identifier: MIT */
/*
 * Opens an image whose geometry nobody knows: container, then superblock, then
 * shape. What turns out not to be littlefs is named if we can.
 */
#include "image/image.h"

static const char *refusal(enum lfk_image_kind kind)
{
    switch (kind) {
    case LFK_IMAGE_LITTLEFS_V1:
        return "this is a littlefs v1 image, not v2";
    case LFK_IMAGE_FAT:
        return "this is a FAT filesystem, not littlefs";
    case LFK_IMAGE_SPIFFS:
        return "this is a SPIFFS image, not littlefs";
    case LFK_IMAGE_ERASED_ONES:
        return "this is erased flash, all 0xff: nothing was ever written";
    case LFK_IMAGE_ERASED_ZEROS:
        return "this is erased flash, all 0x00: nothing was ever written";
    case LFK_IMAGE_EMPTY:
        return "the image is empty, it has no bytes";
    case LFK_IMAGE_UNKNOWN:
        break;
    }
    return "this is not a littlefs image: no superblock in block 0 or 1";
}

static int find(struct lfk_image *image, uint32_t block_size, const struct lfk_allocator *allocator,
                struct lfk_detail *detail)
{
    struct lfk_bd *bd = image->container.bd;
    int result = lfk_image_probe(bd, allocator, detail);
    if (result == LFK_ERR_NOENT) {
        enum lfk_image_kind kind;
        TRY(lfk_image_recognise(bd, &kind, detail));
        return lfk_fail(detail, LFK_ERR_INVAL, refusal(kind));
    }
    TRY(result);
    if (block_size != 0 && block_size != bd->block_size) {
        return lfk_fail_field(detail, LFK_ERR_INVAL, "the image has another block size",
                              "block_size", block_size, bd->block_size);
    }
    image->bd = bd;
    return LFK_OK;
}

int lfk_image_open_file(struct lfk_image *image, const char *path, uint32_t block_size,
                        const struct lfk_allocator *allocator, struct lfk_detail *detail)
{
    *image = (struct lfk_image){0};
    TRY(lfk_container_open_file(&image->container, path, detail));
    int result = find(image, block_size, allocator, detail);
    if (result < 0) {
        lfk_image_close(image);
    }
    return result;
}

int lfk_image_lock(const struct lfk_image *image, struct lfk_detail *detail)
{
    return lfk_bd_file_lock(&image->container.file, detail);
}

int lfk_image_open_memory(struct lfk_image *image, const void *bytes, size_t size,
                          uint32_t block_size, const struct lfk_allocator *allocator,
                          struct lfk_detail *detail)
{
    *image = (struct lfk_image){0};
    lfk_container_open_memory(&image->container, bytes, size);
    int result = find(image, block_size, allocator, detail);
    if (result < 0) {
        lfk_image_close(image);
    }
    return result;
}

void lfk_image_close(struct lfk_image *image)
{
    lfk_container_close(&image->container);
    *image = (struct lfk_image){0};
}
