/* SPDX-License-Identifier: MIT */
/*
 * File contents. A CTZ list is walked once, back from its head by the first
 * pointer of each block, into a table of block numbers; the bytes are then
 * given out from front to back, where they lie.
 *
 * Invariant: every number in stream->blocks is below the block counts of both
 * the volume and the image.
 */
#include "fs/fs.h"

#define POINTER_SIZE 4u

int lfk_fs_content(const struct lfk_fs_entry *entry, struct lfk_fs_content *content,
                   struct lfk_detail *detail)
{
    const struct lfk_entry *e = entry->entry;
    *content = (struct lfk_fs_content){0};
    if (e->data != NULL && e->struct_type == LFK_TYPE_INLINE_STRUCT) {
        content->data = e->data;
        content->size = e->data_size;
        return LFK_OK;
    }
    if (lfk_entry_ctz(e, &content->head, &content->size)) {
        return LFK_OK;
    }
    return lfk_fail_block(detail, LFK_ERR_CORRUPT, "a file has no content in a form known",
                          entry->mdir->pair.block[0]);
}

/* Checks a pointer that stands at the start of block `from`; the head's is in the metadata. */
static int check_pointer(const struct lfk_fs *fs, const uint32_t *from, uint32_t block,
                         struct lfk_detail *detail)
{
    uint32_t limit = lfk_min(fs->superblock.block_count, fs->bd->block_count);
    const char *what = limit == fs->superblock.block_count
                           ? "a CTZ pointer is not below the volume's block count"
                           : "a CTZ pointer is not below the number of blocks in the image";
    if (block < limit) {
        return LFK_OK;
    }
    if (from != NULL) {
        return lfk_fail_at(detail, LFK_ERR_CORRUPT, what, *from, 0, limit, block);
    }
    return lfk_fail_field(detail, LFK_ERR_CORRUPT, what, "head", limit, block);
}

static int fill_table(struct lfk_fs_stream *stream, uint32_t head, struct lfk_detail *detail)
{
    uint8_t pointer[POINTER_SIZE];
    uint32_t i = stream->block_total - 1;
    TRY(check_pointer(stream->fs, NULL, head, detail));
    stream->blocks[i] = head;
    for (; i > 0; i--) {
        uint32_t from = stream->blocks[i];
        TRY(lfk_bd_read(stream->fs->bd, from, 0, pointer, POINTER_SIZE, detail));
        stream->blocks[i - 1] = lfk_get_le32(pointer);
        TRY(check_pointer(stream->fs, &from, stream->blocks[i - 1], detail));
    }
    return LFK_OK;
}

int lfk_fs_stream_open(const struct lfk_fs *fs, uint32_t head, uint32_t size,
                       struct lfk_fs_stream *stream, struct lfk_detail *detail)
{
    const struct lfk_allocator *allocator = fs->options.allocator;
    uint32_t total = lfk_ctz_blocks(fs->bd->block_size, size);
    *stream = (struct lfk_fs_stream){.fs = fs, .block_total = total, .left = size};
    if (size > LFK_FILE_MAX || total > fs->superblock.block_count || total > fs->bd->block_count) {
        return lfk_fail_field(detail, LFK_ERR_CORRUPT, "a file is larger than the volume", "blocks",
                              lfk_min(fs->superblock.block_count, fs->bd->block_count), total);
    }
    if (total == 0) {
        return LFK_OK;
    }
    stream->blocks = lfk_alloc_zeroed(allocator, total, sizeof(stream->blocks[0]));
    if (stream->blocks == NULL) {
        return lfk_fail_nomem(detail);
    }
    int result = fill_table(stream, head, detail);
    if (result < 0) {
        lfk_fs_stream_close(stream);
    }
    return result;
}

/* Reads a block that cannot be mapped into the file's one buffer. */
static int read_block(struct lfk_fs_stream *stream, uint32_t block, const uint8_t **bytes,
                      struct lfk_detail *detail)
{
    struct lfk_bd *bd = stream->fs->bd;
    if (stream->buffer == NULL) {
        stream->buffer = lfk_alloc(stream->fs->options.allocator, bd->block_size);
        if (stream->buffer == NULL) {
            return lfk_fail_nomem(detail);
        }
    }
    *bytes = stream->buffer;
    return lfk_bd_read(bd, block, 0, stream->buffer, bd->block_size, detail);
}

int lfk_fs_stream_next(struct lfk_fs_stream *stream, struct lfk_span *spans, size_t room,
                       struct lfk_detail *detail)
{
    size_t count = 0;
    while (count < room && count < INT32_MAX && stream->left > 0) {
        uint32_t block = stream->blocks[stream->index];
        const uint8_t *bytes = lfk_bd_map(stream->fs->bd, block);
        if (bytes == NULL) {
            if (count > 0) {
                break; /* the buffer may be in use, and holds one block a call */
            }
            TRY(read_block(stream, block, &bytes, detail));
        }
        uint32_t capacity = lfk_ctz_capacity(stream->fs->bd->block_size, stream->index);
        uint32_t size = lfk_min(stream->left, capacity);
        spans[count].data = bytes + (stream->fs->bd->block_size - capacity);
        spans[count].size = size;
        count++;
        stream->left -= size;
        stream->index++;
    }
    return (int)count;
}

void lfk_fs_stream_close(struct lfk_fs_stream *stream)
{
    if (stream->fs != NULL) {
        lfk_free(stream->fs->options.allocator, stream->blocks);
        lfk_free(stream->fs->options.allocator, stream->buffer);
    }
    *stream = (struct lfk_fs_stream){0};
}
