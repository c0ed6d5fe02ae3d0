/* SPDX-License-Identifier: MIT */
/*
 * Writes to open files. A CTZ list can only grow at its end, and blocks that
 * the disk knows are never changed; so writing starts a new end of the list at
 * the block that holds the position, and a flush copies what is left of the
 * old end behind it.
 *
 *   list      | 0 | 1 | 2 |                the blocks kept, then those written
 *   buffer                | 3 ... |        the block being filled
 *   replaced              | 3 | 4 | 5 |    the old end, until the flush
 *
 * Invariant: between two calls every block that may still be needed is in the
 * list, in `replaced`, or on the volume.
 */
#include "parts.h"

#include <string.h>

static uint32_t block_size_of(const struct lfk_fs_file *file)
{
    return file->fs->bd->block_size;
}

/* --- one block ------------------------------------------------------------------- */

static int program(struct lfk_fs_file *file, uint32_t block, uint32_t size,
                   struct lfk_detail *detail)
{
    struct lfk_fs *fs = file->fs;
    TRY(lfk_bd_erase(fs->bd, block, detail));
    TRY(lfk_bd_prog(fs->bd, block, 0, file->buffer, size, detail));
    TRY(lfk_bd_read(fs->bd, block, 0, fs->mdirs.scratch, size, detail));
    if (memcmp(fs->mdirs.scratch, file->buffer, size) != 0) {
        return lfk_fail_block(detail, LFK_ERR_CORRUPT, "a block does not hold what was programmed",
                              block);
    }
    return LFK_OK;
}

/* Puts the buffer into a free block, which becomes the list's last; bad ones are passed over. */
static int store_buffer(struct lfk_fs_file *file, struct lfk_detail *detail)
{
    struct lfk_fs *fs = file->fs;
    uint32_t size = lfk_align_up(file->fill, fs->writing.prog_size);
    uint32_t block;
    int result;
    TRY(lfk_fs_blocks_resize(fs, &file->list, file->index + 1, detail));
    file->list.count = file->index; /* no more than that until it is there */
    memset(file->buffer + file->fill, LFK_ERASED, size - file->fill);
    do {
        TRY(lfk_blockmap_take(&fs->blocks, &block, detail));
        result = program(file, block, size, detail);
    } while (result == LFK_ERR_CORRUPT);
    TRY(result);
    file->list.blocks[file->index] = block;
    file->list.count = file->index + 1;
    /* From here on a traversal finds the block in the list. */
    lfk_blockmap_checkpoint(&fs->blocks);
    return LFK_OK;
}

/*
 * Starts the next block: its pointers lead to blocks before it. All are looked
 * up before the buffer is touched: if one cannot be, it still holds the block before.
 */
static int start_block(struct lfk_fs_file *file, uint32_t index, struct lfk_detail *detail)
{
    uint32_t blocks[LFK_CTZ_POINTERS_MAX];
    uint32_t pointers = lfk_ctz_pointers(index);
    for (uint32_t x = 0; x < pointers; x++) {
        TRY(lfk_fs_blocks_get(file->fs, &file->list, index - (UINT32_C(1) << x), &blocks[x],
                              detail));
    }
    for (uint32_t x = 0; x < pointers; x++) {
        lfk_put_le32(file->buffer + (size_t)4 * x, blocks[x]);
    }
    file->index = index;
    file->fill = 4 * pointers;
    return LFK_OK;
}

/* --- the new end ------------------------------------------------------------------ */

/*
 * Moves the blocks from `index` on from the list to `replaced`. All are looked
 * up now, since it is the last one that leads to them, and to the block that stays.
 */
static int set_aside(struct lfk_fs_file *file, uint32_t index, struct lfk_detail *detail)
{
    uint32_t count = file->list.count > index ? file->list.count - index : 0;
    uint32_t block;
    for (uint32_t i = file->list.count; i > index && i > 0; i--) {
        TRY(lfk_fs_blocks_get(file->fs, &file->list, i - 1, &block, detail));
    }
    if (index > 0 && index < file->list.count) {
        TRY(lfk_fs_blocks_get(file->fs, &file->list, index - 1, &block, detail));
    }
    file->replaced.count = 0;
    TRY(lfk_fs_blocks_resize(file->fs, &file->replaced, count, detail));
    if (count > 0) {
        memcpy(file->replaced.blocks, &file->list.blocks[index],
               count * sizeof(file->list.blocks[0]));
    }
    file->replaced_first = index;
    file->list.count = index;
    return LFK_OK;
}

/* Undoes that; the list still has the room. */
static void put_back(struct lfk_fs_file *file)
{
    if (file->replaced.count > 0) {
        memcpy(&file->list.blocks[file->list.count], file->replaced.blocks,
               file->replaced.count * sizeof(file->list.blocks[0]));
    }
    file->list.count += file->replaced.count;
    file->replaced.count = 0;
}

/* Fills the buffer with what a block of the old end holds before `offset`. */
static int copy_front(struct lfk_fs_file *file, uint32_t index, uint32_t offset,
                      struct lfk_detail *detail)
{
    bool is_there = file->replaced.count > 0 && file->replaced.blocks[0] == file->buffered;
    file->buffered = LFK_BLOCK_NULL;
    if (is_there) {
        file->index = index;
    } else {
        TRY(start_block(file, index, detail));
        if (offset > file->fill) {
            TRY(lfk_bd_read(file->fs->bd, file->replaced.blocks[0], file->fill,
                            file->buffer + file->fill, offset - file->fill, detail));
        }
    }
    file->fill = offset;
    return LFK_OK;
}

static int reserve_buffer(struct lfk_fs_file *file, struct lfk_detail *detail)
{
    if (file->buffer == NULL) {
        file->buffer = lfk_alloc(file->fs->options.allocator, block_size_of(file));
        if (file->buffer == NULL) {
            return lfk_fail_nomem(detail);
        }
    }
    return LFK_OK;
}

/* Starts a new end at a position that is not behind the file's. */
static int start(struct lfk_fs_file *file, uint32_t position, struct lfk_detail *detail)
{
    uint32_t offset;
    uint32_t index = lfk_ctz_index(block_size_of(file), position, &offset);
    TRY(lfk_fs_check_list(file, detail));
    TRY(reserve_buffer(file, detail));
    TRY(set_aside(file, index, detail));
    int result = copy_front(file, index, offset, detail);
    if (result < 0) {
        put_back(file);
        return result;
    }
    file->is_writing = true;
    file->written = position;
    return LFK_OK;
}

/* Makes room in the buffer. */
static int next_block_if_full(struct lfk_fs_file *file, struct lfk_detail *detail)
{
    if (file->fill < block_size_of(file)) {
        return LFK_OK;
    }
    TRY(store_buffer(file, detail));
    return start_block(file, file->index + 1, detail);
}

/* `data` NULL stands for zeros. */
static int put(struct lfk_fs_file *file, const uint8_t *data, uint32_t size,
               struct lfk_detail *detail)
{
    while (size > 0) {
        TRY(next_block_if_full(file, detail));
        uint32_t part = lfk_min(size, block_size_of(file) - file->fill);
        if (data != NULL) {
            memcpy(file->buffer + file->fill, data, part);
            data += part;
        } else {
            memset(file->buffer + file->fill, 0, part);
        }
        file->fill += part;
        file->written += part;
        size -= part;
    }
    return LFK_OK;
}

/* Copies what the old end holds behind what was written. The bytes keep their places in a block. */
static int copy_rest(struct lfk_fs_file *file, struct lfk_detail *detail)
{
    while (file->written < file->size) {
        TRY(next_block_if_full(file, detail));
        uint32_t part = lfk_min(file->size - file->written, block_size_of(file) - file->fill);
        uint32_t block = file->replaced.blocks[file->index - file->replaced_first];
        TRY(lfk_bd_read(file->fs->bd, block, file->fill, file->buffer + file->fill, part, detail));
        file->fill += part;
        file->written += part;
    }
    return LFK_OK;
}

int lfk_fs_file_flush(struct lfk_fs_file *file, struct lfk_detail *detail)
{
    if (!file->is_writing) {
        return LFK_OK;
    }
    lfk_blockmap_checkpoint(&file->fs->blocks);
    TRY(copy_rest(file, detail));
    TRY(store_buffer(file, detail));
    file->size = file->written;
    file->buffered = file->list.blocks[file->list.count - 1];
    file->replaced.count = 0;
    file->is_writing = false;
    return LFK_OK;
}

/* --- from outside --------------------------------------------------------------------- */

/* Starts a list with what was inline, and what is written to it. */
static int put_inline(struct lfk_fs_file *file, uint32_t before, uint32_t position,
                      const void *data, uint32_t size, struct lfk_detail *detail)
{
    uint32_t kept = lfk_min(position, before);
    uint32_t end = position + size;
    uint32_t rest = end < before ? before - end : 0;
    TRY(start(file, 0, detail));
    TRY(put(file, file->data, kept, detail));
    TRY(put(file, NULL, position - kept, detail));
    TRY(put(file, data, size, detail));
    return rest > 0 ? put(file, file->data + end, rest, detail) : LFK_OK;
}

/* Writes to a file whose content outgrows the metadata: all of it goes to a list, or it stays. */
static int leave_inline(struct lfk_fs_file *file, uint32_t position, const void *data,
                        uint32_t size, struct lfk_detail *detail)
{
    uint32_t before = file->size;
    file->is_inline = false;
    file->size = 0;
    file->list.count = 0;
    int result = put_inline(file, before, position, data, size, detail);
    if (result < 0) {
        file->is_inline = true;
        file->is_writing = false;
        file->size = before;
        file->list.count = 0;
    }
    return result;
}

static int write_inline(struct lfk_fs_file *file, uint32_t position, const void *data,
                        uint32_t size, struct lfk_detail *detail)
{
    uint32_t end = position + size;
    TRY(lfk_fs_file_reserve(file, end, detail));
    if (position > file->size) {
        memset(file->data + file->size, 0, position - file->size);
    }
    if (data != NULL) {
        memcpy(file->data + position, data, size);
    } else {
        memset(file->data + position, 0, size);
    }
    file->size = end > file->size ? end : file->size;
    return LFK_OK;
}

/* Goes on at a position: where the buffer ends, behind zeros, or with a new end of the list. */
static int go_to(struct lfk_fs_file *file, uint32_t position, struct lfk_detail *detail)
{
    if (file->is_writing && position >= file->written && file->written >= file->size) {
        return put(file, NULL, position - file->written, detail);
    }
    if (file->is_writing && position == file->written) {
        return LFK_OK;
    }
    TRY(lfk_fs_file_flush(file, detail));
    TRY(start(file, lfk_min(position, file->size), detail));
    return put(file, NULL, position - file->written, detail);
}

static int write_at(struct lfk_fs_file *file, uint32_t position, const void *data, uint32_t size,
                    struct lfk_detail *detail)
{
    uint32_t end;
    uint32_t file_max = file->fs->writing.file_max;
    if (!lfk_add_u32(position, size, &end) || end > file_max) {
        return lfk_fail_field(detail, LFK_ERR_FBIG, "file is too large", "file_max", file_max,
                              (uint64_t)position + size);
    }
    file->dirty = true;
    if (file->is_inline && end <= file->fs->writing.inline_max &&
        file->size <= file->fs->writing.inline_max) {
        return write_inline(file, position, data, size, detail);
    }
    lfk_blockmap_checkpoint(&file->fs->blocks);
    if (file->is_inline) {
        return leave_inline(file, position, data, size, detail);
    }
    TRY(go_to(file, position, detail));
    return put(file, data, size, detail);
}

int lfk_fs_file_write(struct lfk_fs_file *file, uint32_t position, const void *data, uint32_t size,
                      struct lfk_detail *detail)
{
    return size == 0 ? LFK_OK : write_at(file, position, data, size, detail);
}

void lfk_fs_file_clear(struct lfk_fs_file *file)
{
    file->is_inline = true;
    file->is_writing = false;
    file->damaged = false;
    file->dirty = true;
    file->size = 0;
    file->list.count = 0;
    file->replaced.count = 0;
    file->buffered = LFK_BLOCK_NULL;
}

/* A list that is short enough goes back into the metadata. */
static int enter_inline(struct lfk_fs_file *file, uint32_t size, struct lfk_detail *detail)
{
    TRY(lfk_fs_file_reserve(file, size, detail));
    if (size > 0) {
        TRY(lfk_fs_list_read(file->fs, &file->list, 0, file->data, size, detail));
    }
    lfk_fs_file_clear(file);
    file->size = size;
    return LFK_OK;
}

static int shorten(struct lfk_fs_file *file, uint32_t size, struct lfk_detail *detail)
{
    uint32_t block;
    TRY(lfk_fs_file_flush(file, detail));
    TRY(lfk_fs_check_list(file, detail));
    if (size <= file->fs->writing.inline_max) {
        return enter_inline(file, size, detail);
    }
    uint32_t count = lfk_ctz_blocks(block_size_of(file), size);
    TRY(lfk_fs_blocks_get(file->fs, &file->list, count - 1, &block, detail));
    file->list.count = count;
    file->size = size;
    return LFK_OK;
}

int lfk_fs_file_truncate(struct lfk_fs_file *file, uint32_t size, struct lfk_detail *detail)
{
    uint32_t before = lfk_fs_file_size(file);
    if (size > before) {
        return write_at(file, before, NULL, size - before, detail);
    }
    if (size == before) {
        return LFK_OK;
    }
    if (!file->is_inline) {
        TRY(shorten(file, size, detail));
    }
    file->size = size;
    file->dirty = true;
    return LFK_OK;
}
