/* SPDX-License-Identifier: MIT */
/*
 * The input is a file that may be an image: its superblock is looked for, its
 * geometry found, or what else it may be named.
 */
#include "fuzz.h"
#include "ledger.h"

#include "disk/disk.h"
#include "image/image.h"

/* One block, which may be cut short, and the search reads a megabyte at a time. */
#define MEMORY_MAX(size) (((size_t)1 << 20) + (size))

static void check_failure(const struct lfk_detail *detail, int status)
{
    char text[256];
    EXPECT(status == LFK_ERR_INVAL || status == LFK_ERR_CORRUPT || status == LFK_ERR_FBIG);
    EXPECT(detail->status == status && detail->what != NULL);
    EXPECT(lfk_detail_format(detail, text, sizeof(text)) > 0);
}

/* Block size of the image, or 0. `asked` as in lfk_image_open_memory. */
static uint32_t open_image(const uint8_t *data, size_t size, uint32_t asked)
{
    struct lfk_image image;
    struct lfk_detail detail = {0};
    struct ledger ledger;
    uint32_t found = 0;

    ledger_open(&ledger);
    ledger.limit = MEMORY_MAX(size);
    int status = lfk_image_open_memory(&image, data, size, asked, &ledger.allocator, &detail);
    if (status == LFK_OK) {
        found = image.bd->block_size;
        EXPECT(found >= LFK_BLOCK_SIZE_MIN && found <= LFK_BLOCK_SIZE_MAX);
        EXPECT(image.bd->block_count == (size - 1) / found + 1);
        EXPECT(asked == 0 || asked == found);
        lfk_image_close(&image);
    } else {
        check_failure(&detail, status);
    }
    EXPECT(!ledger.exceeded && ledger.live == 0);
    return found;
}

static void name_image(const uint8_t *data, size_t size)
{
    struct lfk_bd_memory memory;
    struct lfk_detail detail = {0};
    enum lfk_image_kind kind;
    lfk_bd_memory_open(&memory, data, size);
    EXPECT(lfk_image_recognise(&memory.bd, &kind, &detail) == LFK_OK);
    EXPECT((kind == LFK_IMAGE_EMPTY) == (size == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t block_size = open_image(data, size, 0);
    if (block_size != 0) {
        EXPECT(open_image(data, size, block_size) == block_size);
        EXPECT(open_image(data, size, block_size + 1) == 0);
    }
    name_image(data, size);
    return 0;
}
