/* SPDX-License-Identifier: MIT */
/*
 * Changed blocks in memory: a block is copied when it is programmed or erased
 * first, and read from its copy from then on.
 */
#include "overlay.h"

#include <stdlib.h>
#include <string.h>

#define ERASED 0xff

static unsigned char *find(const struct cli_overlay *overlay, uint32_t block)
{
    return block < overlay->room ? overlay->blocks[block] : NULL;
}

/* A place for the block in the table, and memory for it. NULL when there is none. */
static unsigned char *add(struct cli_overlay *overlay, uint32_t block)
{
    size_t room = overlay->room;
    while (room <= block) {
        room = room == 0 ? 256 : 2 * room;
    }
    if (room > overlay->room) {
        unsigned char **blocks = realloc(overlay->blocks, room * sizeof(*blocks));
        if (blocks == NULL) {
            return NULL;
        }
        for (size_t i = overlay->room; i < room; i++) {
            blocks[i] = NULL;
        }
        overlay->blocks = blocks;
        overlay->room = room;
    }
    overlay->blocks[block] = malloc(overlay->device.block_size);
    return overlay->blocks[block];
}

static int overlay_read(void *context, uint32_t block, uint32_t offset, void *buffer, uint32_t size,
                        struct lfk_detail *detail)
{
    const struct cli_overlay *overlay = context;
    const unsigned char *bytes = find(overlay, block);
    if (bytes == NULL) {
        const struct lfk_device *below = overlay->below;
        return below->read(below->context, block, offset, buffer, size, detail);
    }
    memcpy(buffer, bytes + offset, size);
    return LFK_OK;
}

static int overlay_prog(void *context, uint32_t block, uint32_t offset, const void *buffer,
                        uint32_t size, struct lfk_detail *detail)
{
    struct cli_overlay *overlay = context;
    const struct lfk_device *below = overlay->below;
    unsigned char *bytes = find(overlay, block);
    if (bytes == NULL) {
        bytes = add(overlay, block);
        int status = bytes == NULL ? LFK_ERR_NOMEM
                                   : below->read(below->context, block, 0, bytes,
                                                 overlay->device.block_size, detail);
        if (status < 0) {
            return status;
        }
    }
    memcpy(bytes + offset, buffer, size);
    return LFK_OK;
}

static int overlay_erase(void *context, uint32_t block, struct lfk_detail *detail)
{
    struct cli_overlay *overlay = context;
    unsigned char *bytes = find(overlay, block);
    (void)detail;
    if (bytes == NULL) {
        bytes = add(overlay, block);
    }
    if (bytes == NULL) {
        return LFK_ERR_NOMEM;
    }
    memset(bytes, ERASED, overlay->device.block_size);
    return LFK_OK;
}

static int overlay_sync(void *context, struct lfk_detail *detail)
{
    (void)context;
    (void)detail;
    return LFK_OK;
}

void cli_overlay_open(struct cli_overlay *overlay, const struct lfk_device *below)
{
    *overlay = (struct cli_overlay){.device = *below, .below = below};
    overlay->device.context = overlay;
    overlay->device.read = overlay_read;
    overlay->device.prog = overlay_prog;
    overlay->device.erase = overlay_erase;
    overlay->device.sync = overlay_sync;
}

void cli_overlay_close(struct cli_overlay *overlay)
{
    for (size_t i = 0; i < overlay->room; i++) {
        free(overlay->blocks[i]);
    }
    free(overlay->blocks);
    *overlay = (struct cli_overlay){0};
}
