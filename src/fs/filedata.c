/* SPDX-License-Identifier: MIT */
/*
 * File contents. A CTZ list is walked once, back from its head by the first
 * pointer of each block, into a table of block numbers; the bytes are then
 * given out from front to back, where they lie.
 *
 * Invariant: every number in file->blocks is below the block counts of both
 * the volume and the image.
 */
#include "fs/fs.h"

#define CTZ_STRUCT_SIZE 8u
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
    if (e->data != NULL && e->struct_type == LFK_TYPE_CTZ_STRUCT &&
        e->data_size >= CTZ_STRUCT_SIZE) {
        content->head = lfk_get_le32(e->data);
        content->size = lfk_get_le32(e->data + 4);
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

static int fill_table(struct lfk_fs_file *file, uint32_t head, struct lfk_detail *detail)
{
    uint8_t pointer[POINTER_SIZE];
    uint32_t i = file->block_total - 1;
    TRY(check_pointer(file->fs, NULL, head, detail));
    file->blocks[i] = head;
    for (; i > 0; i--) {
        uint32_t from = file->blocks[i];
        TRY(lfk_bd_read(file->fs->bd, from, 0, pointer, POINTER_SIZE, detail));
        file->blocks[i - 1] = lfk_get_le32(pointer);
        TRY(check_pointer(file->fs, &from, file->blocks[i - 1], detail));
    }
    return LFK_OK;
}

int lfk_fs_file_open(const struct lfk_fs *fs, uint32_t head, uint32_t size,
                     struct lfk_fs_file *file, struct lfk_detail *detail)
{
    const struct lfk_allocator *allocator = fs->options.allocator;
    uint32_t total = lfk_ctz_blocks(fs->bd->block_size, size);
    *file = (struct lfk_fs_file){.fs = fs, .block_total = total, .left = size};
    if (size > LFK_FILE_MAX || total > fs->superblock.block_count || total > fs->bd->block_count) {
        return lfk_fail_field(detail, LFK_ERR_CORRUPT, "a file is larger than the volume", "blocks",
                              lfk_min(fs->superblock.block_count, fs->bd->block_count), total);
    }
    if (total == 0) {
        return LFK_OK;
    }
    file->blocks = lfk_alloc_zeroed(allocator, total, sizeof(file->blocks[0]));
    if (file->blocks == NULL) {
        return lfk_fail_nomem(detail);
    }
    int result = fill_table(file, head, detail);
    if (result < 0) {
        lfk_fs_file_close(file);
    }
    return result;
}

/* Reads a block that cannot be mapped into the file's one buffer. */
static int read_block(struct lfk_fs_file *file, uint32_t block, const uint8_t **bytes,
                      struct lfk_detail *detail)
{
    struct lfk_bd *bd = file->fs->bd;
    if (file->buffer == NULL) {
        file->buffer = lfk_alloc(file->fs->options.allocator, bd->block_size);
        if (file->buffer == NULL) {
            return lfk_fail_nomem(detail);
        }
    }
    *bytes = file->buffer;
    return lfk_bd_read(bd, block, 0, file->buffer, bd->block_size, detail);
}

int lfk_fs_file_next(struct lfk_fs_file *file, struct lfk_span *spans, size_t room,
                     struct lfk_detail *detail)
{
    size_t count = 0;
    while (count < room && count < INT32_MAX && file->left > 0) {
        uint32_t block = file->blocks[file->index];
        const uint8_t *bytes = lfk_bd_map(file->fs->bd, block);
        if (bytes == NULL) {
            if (count > 0) {
                break; /* the buffer may be in use, and holds one block a call */
            }
            TRY(read_block(file, block, &bytes, detail));
        }
        uint32_t capacity = lfk_ctz_capacity(file->fs->bd->block_size, file->index);
        uint32_t size = lfk_min(file->left, capacity);
        spans[count].data = bytes + (file->fs->bd->block_size - capacity);
        spans[count].size = size;
        count++;
        file->left -= size;
        file->index++;
    }
    return (int)count;
}

void lfk_fs_file_close(struct lfk_fs_file *file)
{
    if (file->fs != NULL) {
        lfk_free(file->fs->options.allocator, file->blocks);
        lfk_free(file->fs->options.allocator, file->buffer);
    }
    *file = (struct lfk_fs_file){0};
}
