/* SPDX-License-Identifier: MIT */
/*
 * Reads from open files: straight from the device into the caller's memory,
 * block by block.
 */
#include "parts.h"

#include <string.h>

/* Looks up the blocks of a range from the last one back: each is then one pointer away. */
static int look_up(struct lfk_fs *fs, struct lfk_fs_blocks *list, uint32_t position, uint32_t size,
                   struct lfk_detail *detail)
{
    uint32_t offset;
    uint32_t block;
    uint32_t first = lfk_ctz_index(fs->bd->block_size, position, &offset);
    uint32_t last = lfk_ctz_index(fs->bd->block_size, position + size - 1, &offset);
    for (uint32_t index = last; index > first; index--) {
        TRY(lfk_fs_blocks_get(fs, list, index, &block, detail));
    }
    return LFK_OK;
}

int lfk_fs_list_read(struct lfk_fs *fs, struct lfk_fs_blocks *list, uint32_t position, void *buffer,
                     uint32_t size, struct lfk_detail *detail)
{
    uint8_t *bytes = buffer;
    if (size > 0) {
        TRY(look_up(fs, list, position, size, detail));
    }
    while (size > 0) {
        uint32_t offset;
        uint32_t block;
        uint32_t index = lfk_ctz_index(fs->bd->block_size, position, &offset);
        uint32_t part = lfk_min(size, fs->bd->block_size - offset);
        TRY(lfk_fs_blocks_get(fs, list, index, &block, detail));
        TRY(lfk_bd_read(fs->bd, block, offset, bytes, part, detail));
        bytes += part;
        position += part;
        size -= part;
    }
    return LFK_OK;
}

int lfk_fs_check_list(const struct lfk_fs_file *file, struct lfk_detail *detail)
{
    if (file->damaged) {
        return lfk_fail(detail, LFK_ERR_CORRUPT,
                        "the file's CTZ list begins outside the volume or is larger than it");
    }
    return LFK_OK;
}

int lfk_fs_file_read(struct lfk_fs_file *file, uint32_t position, void *buffer, uint32_t size,
                     struct lfk_detail *detail)
{
    if (file->is_writing) {
        TRY(lfk_fs_file_flush(file, detail));
    }
    if (position >= file->size) {
        return 0;
    }
    size = lfk_min(size, file->size - position);
    if (size > INT32_MAX) {
        size = INT32_MAX;
    }
    if (file->is_inline) {
        memcpy(buffer, file->data + position, size);
    } else {
        TRY(lfk_fs_check_list(file, detail));
        TRY(lfk_fs_list_read(file->fs, &file->list, position, buffer, size, detail));
    }
    return (int)size;
}
