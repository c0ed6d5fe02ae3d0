/* SPDX-License-Identifier: MIT */
/*
 * The ready-made devices: bytes in memory and files of the host, behind the
 * functions that every device has.
 */
#include "opened.h"

#include "image/image.h"

/* A volume may say that it is larger than any disk: no more is believed unasked. */
#define LENGTHENED_MAX (UINT64_C(1) << 30)

struct lfk_medium {
    struct lfk_device device;
    const struct lfk_allocator *allocator;
    struct lfk_bd *bd; /* one of: */
    struct lfk_bd_ram ram;
    struct lfk_bd_hostflash flash;
};

static struct lfk_bd *bd_of(void *context)
{
    return ((struct lfk_medium *)context)->bd;
}

static int medium_read(void *context, uint32_t block, uint32_t offset, void *buffer, uint32_t size,
                       struct lfk_detail *detail)
{
    return lfk_bd_read(bd_of(context), block, offset, buffer, size, detail);
}

static int medium_prog(void *context, uint32_t block, uint32_t offset, const void *buffer,
                       uint32_t size, struct lfk_detail *detail)
{
    return lfk_bd_prog(bd_of(context), block, offset, buffer, size, detail);
}

static int medium_erase(void *context, uint32_t block, struct lfk_detail *detail)
{
    return lfk_bd_erase(bd_of(context), block, detail);
}

static int medium_sync(void *context, struct lfk_detail *detail)
{
    return lfk_bd_sync(bd_of(context), detail);
}

static int check_block_size(uint32_t block_size, struct lfk_detail *detail)
{
    if (block_size < LFK_BLOCK_SIZE_MIN || block_size > LFK_BLOCK_SIZE_MAX) {
        return lfk_fail_field(detail, LFK_ERR_INVAL, "is too small or too large", "block_size",
                              LFK_BLOCK_SIZE_MIN, block_size);
    }
    return LFK_OK;
}

/* What a volume says of itself, and how much of it is there. */
struct found {
    uint32_t block_size;
    uint32_t block_count;
    uint64_t size; /* bytes of the image */
};

/* Looks into an image that has been opened with this result, and closes it. */
static int look(struct lfk_image *image, int opened, const struct lfk_allocator *allocator,
                struct found *found, struct lfk_detail *detail)
{
    const struct lfk_fs_options reading = {.allocator = allocator};
    struct lfk_fs fs;
    TRY(opened);
    int result = lfk_fs_mount(&fs, image->bd, &reading, detail);
    if (result == LFK_OK) {
        *found =
            (struct found){fs.superblock.block_size, fs.superblock.block_count, image->bd->size};
        lfk_fs_unmount(&fs);
    }
    lfk_image_close(image);
    return result;
}

static int open_ram(struct lfk_medium *medium, void *bytes, size_t size,
                    struct lfk_medium_options *options, struct lfk_detail *detail)
{
    struct found found = {.block_size = options->block_size, .block_count = options->block_count};
    struct lfk_image image;
    if (options->create) {
        return lfk_fail(detail, LFK_ERR_INVAL, "memory is not created");
    }
    if (options->block_size == 0) {
        int opened = lfk_image_open_memory(&image, bytes, size, 0, options->allocator, detail);
        TRY(look(&image, opened, options->allocator, &found, detail));
    }
    options->block_size = found.block_size;
    TRY(check_block_size(options->block_size, detail));
    uint32_t wanted = options->block_count != 0 ? options->block_count : found.block_count;
    size_t blocks = size / options->block_size;
    if (wanted > blocks && !options->read_only) {
        return lfk_fail_field(detail, LFK_ERR_INVAL, "the memory has fewer blocks", "block_count",
                              blocks, wanted);
    }
    uint32_t count = blocks < LFK_BLOCK_NULL ? (uint32_t)blocks : LFK_BLOCK_NULL - 1;
    lfk_bd_ram_open(&medium->ram, bytes, options->block_size, count);
    medium->bd = &medium->ram.bd;
    return LFK_OK;
}

/* The number of blocks that the file is to have at least. */
static int settle_length(const struct lfk_medium_options *options, const struct found *found,
                         uint32_t *block_count, struct lfk_detail *detail)
{
    uint64_t size = (uint64_t)found->block_count * found->block_size;
    *block_count = options->block_count != 0 ? options->block_count : found->block_count;
    if (options->block_count == 0 && size > found->size && size > LENGTHENED_MAX) {
        return lfk_fail_field(detail, LFK_ERR_INVAL, "the file is much shorter than its volume",
                              "block_count", found->block_count, found->size / found->block_size);
    }
    return LFK_OK;
}

static int open_flash(struct lfk_medium *medium, const char *path,
                      struct lfk_medium_options *options, struct lfk_detail *detail)
{
    enum lfk_bd_access access = options->read_only ? LFK_BD_READ : LFK_BD_WRITE;
    struct found found = {.block_size = options->block_size};
    uint32_t count = options->block_count;
    struct lfk_image image;
    if (options->create && (options->read_only || count == 0)) {
        return lfk_fail(detail, LFK_ERR_INVAL,
                        options->read_only ? "what is created cannot be read only"
                                           : "the number of blocks is not given");
    }
    if (options->block_size != 0 || options->create) {
        TRY(check_block_size(options->block_size, detail));
    }
    TRY(lfk_bd_hostflash_open(&medium->flash, path, options->create ? LFK_BD_CREATE : access,
                              options->block_size, count, detail));
    medium->bd = &medium->flash.bd;
    if (options->block_size == 0) {
        int opened = lfk_image_open_file(&image, path, 0, options->allocator, detail);
        TRY(look(&image, opened, options->allocator, &found, detail));
        options->block_size = found.block_size;
        TRY(check_block_size(options->block_size, detail));
    }
    if (!options->read_only) {
        TRY(settle_length(options, &found, &count, detail));
    }
    lfk_bd_hostflash_shape(&medium->flash, options->block_size, count);
    return LFK_OK;
}

static int create(struct lfk_medium **medium, struct lfk_medium_options *settled,
                  const struct lfk_medium_options *options, struct lfk_detail *detail)
{
    TRY(lfk_options_take(settled, sizeof(*settled), options, detail));
    *medium = lfk_alloc_zeroed(settled->allocator, 1, sizeof(**medium));
    if (*medium == NULL) {
        return lfk_fail_nomem(detail);
    }
    (*medium)->allocator = settled->allocator;
    return LFK_OK;
}

/* Gives out the medium if opening it succeeded, else undoes it. */
static int finish(struct lfk_medium *made, int result, const struct lfk_medium_options *options,
                  struct lfk_medium **medium)
{
    if (result < 0) {
        lfk_medium_close(made);
        return result;
    }
    made->device = (struct lfk_device){
        .size = sizeof(made->device),
        .context = made,
        .read = medium_read,
        .prog = options->read_only ? NULL : medium_prog,
        .erase = options->read_only ? NULL : medium_erase,
        .sync = options->read_only ? NULL : medium_sync,
        .block_size = options->block_size,
        .block_count = options->block_count,
    };
    *medium = made;
    return LFK_OK;
}

int lfk_medium_open_memory(struct lfk_medium **medium, void *bytes, size_t size,
                           const struct lfk_medium_options *options, struct lfk_detail *detail)
{
    struct lfk_medium_options settled;
    struct lfk_medium *made;
    TRY(create(&made, &settled, options, detail));
    int result = open_ram(made, bytes, size, &settled, detail);
    return finish(made, result, &settled, medium);
}

int lfk_medium_open_file(struct lfk_medium **medium, const char *path,
                         const struct lfk_medium_options *options, struct lfk_detail *detail)
{
    struct lfk_medium_options settled;
    struct lfk_medium *made;
    TRY(create(&made, &settled, options, detail));
    int result = open_flash(made, path, &settled, detail);
    return finish(made, result, &settled, medium);
}

void lfk_medium_close(struct lfk_medium *medium)
{
    if (medium != NULL) {
        if (medium->bd != NULL) {
            lfk_bd_close(medium->bd);
        }
        lfk_free(medium->allocator, medium);
    }
}

const struct lfk_device *lfk_medium_device(const struct lfk_medium *medium)
{
    return &medium->device;
}
