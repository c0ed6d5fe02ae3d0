/* SPDX-License-Identifier: MIT */
/*
 * An image found and checked: opens it as it is found, gives its blocks to the
 * check, and closes it.
 *
 * What has a superblock that cannot be read is littlefs all the same: that is
 * an outcome, not a failure. If the caller knows the block size, the rest is
 * checked, too.
 */
#include "check/check.h"
#include "image/image.h"

/* Where the bytes are: in a file, or in memory. */
struct source {
    const char *path; /* NULL: in memory */
    const void *bytes;
    size_t size;
};

static int open_container(struct lfk_container *container, const struct source *source,
                          struct lfk_detail *detail)
{
    *container = (struct lfk_container){0};
    if (source->path != NULL) {
        return lfk_container_open_file(container, source->path, detail);
    }
    lfk_container_open_memory(container, source->bytes, source->size);
    return LFK_OK;
}

/* Checks an image whose superblock cannot be read, for `reason`. */
static int check_headless(struct lfk_check **check, const struct source *source,
                          const struct lfk_check_options *options, const struct lfk_detail *reason,
                          struct lfk_detail *detail)
{
    struct lfk_container container;
    TRY(open_container(&container, source, detail));
    struct lfk_bd *bd = container.bd;
    int result;
    if (options->block_size == 0) {
        result = lfk_check_unreadable(check, bd->size, reason, options, detail);
    } else {
        result = lfk_bd_shape(bd, options->block_size, detail);
        if (result == LFK_OK) {
            result = lfk_check_device(check, bd, options, detail);
        }
    }
    lfk_container_close(&container);
    return result;
}

static int open_image(struct lfk_image *image, const struct source *source,
                      const struct lfk_check_options *options, struct lfk_detail *detail)
{
    if (source->path == NULL) {
        return lfk_image_open_memory(image, source->bytes, source->size, options->block_size,
                                     options->allocator, detail);
    }
    TRY(lfk_image_open_file(image, source->path, options->block_size, options->allocator, detail));
    int result = lfk_image_lock(image, detail);
    if (result < 0) {
        lfk_image_close(image);
    }
    return result;
}

static int check_source(struct lfk_check **check, const struct source *source,
                        const struct lfk_check_options *options, struct lfk_detail *detail)
{
    static const struct lfk_check_options defaults = {.size = sizeof(defaults)};
    const struct lfk_check_options *given = options != NULL ? options : &defaults;
    struct lfk_detail reason = {0};
    struct lfk_image image;
    int result = open_image(&image, source, given, &reason);
    if (result == LFK_ERR_CORRUPT) {
        return check_headless(check, source, given, &reason, detail);
    }
    if (result < 0) {
        if (detail != NULL) {
            *detail = reason;
        }
        return result;
    }
    result = lfk_check_device(check, image.bd, given, detail);
    lfk_image_close(&image);
    return result;
}

int lfk_check_open(struct lfk_check **check, const char *path,
                   const struct lfk_check_options *options, struct lfk_detail *detail)
{
    const struct source source = {.path = path};
    return check_source(check, &source, options, detail);
}

int lfk_check_open_memory(struct lfk_check **check, const void *bytes, size_t size,
                          const struct lfk_check_options *options, struct lfk_detail *detail)
{
    const struct source source = {.bytes = bytes, .size = size};
    return check_source(check, &source, options, detail);
}
