/* SPDX-License-Identifier: MIT */
/*
 * The walk over a device that can only be read goes through the filesystem's
 * own functions, below what loads a tree: the public headers know no devices.
 */
#include "device.h"

#include "fs/fs.h"
#include "image/image.h"

#include <stdlib.h>
#include <string.h>

#define SPANS 4
#define ERASED 0xff

static bool is_worn(const struct device *device, uint32_t block)
{
    return device->worn_every != 0 && block % device->worn_every == device->worn_every - 1;
}

static int device_read(struct lfk_bd *bd, uint32_t block, uint32_t offset, void *buffer,
                       uint32_t size, struct lfk_detail *detail)
{
    struct device *device = (struct device *)bd; /* its first member */
    uint64_t start = (uint64_t)block * bd->block_size + offset;
    uint64_t left = start < bd->size ? bd->size - start : 0;
    size_t present = left < size ? (size_t)left : size;

    device->reads++;
    device->bytes_read += size;
    if (device->reads == device->breaks_at) {
        device->broken = true;
        return lfk_fail_block(detail, LFK_ERR_IO, "the device is broken", block);
    }
    if (is_worn(device, block)) {
        return lfk_fail_block(detail, LFK_ERR_CORRUPT, "the block is worn", block);
    }
    if (present > 0) {
        memcpy(buffer, device->bytes + start, present);
    }
    memset((uint8_t *)buffer + present, ERASED, size - present);
    return LFK_OK;
}

void device_open(struct device *device, const void *bytes, size_t size)
{
    static const struct lfk_bd_ops ops = {.read = device_read};
    *device = (struct device){.bd = {.ops = &ops, .size = size}, .bytes = bytes};
}

/* Directories that wait to be read. */
struct queue {
    struct lfk_pair *pairs;
    size_t count;
    size_t done;
};

static void push(struct queue *queue, struct lfk_pair pair)
{
    struct lfk_pair *grown = realloc(queue->pairs, (queue->count + 1) * sizeof(pair));
    if (grown != NULL) {
        queue->pairs = grown;
        queue->pairs[queue->count++] = pair;
    }
}

/* Damage is nothing that stops a visit. */
static int pardon(int result)
{
    return result == LFK_ERR_CORRUPT ? LFK_OK : result;
}

static int read_file(const struct lfk_fs *fs, const struct lfk_fs_content *content,
                     struct lfk_detail *detail)
{
    struct lfk_fs_stream stream;
    struct lfk_span spans[SPANS];
    uint64_t delivered = 0;
    int result = lfk_fs_stream_open(fs, content->head, content->size, &stream, detail);
    if (result < 0) {
        return pardon(result);
    }
    while ((result = lfk_fs_stream_next(&stream, spans, SPANS, detail)) > 0) {
        for (int i = 0; i < result; i++) {
            delivered += spans[i].size;
        }
    }
    lfk_fs_stream_close(&stream);
    if (result == LFK_OK && delivered != content->size) {
        return lfk_fail(detail, LFK_ERR_INVAL, "a file is longer or shorter than it should be");
    }
    return pardon(result);
}

/* As in loading a tree, files are read while the volume has blocks for them. */
static int visit_entry(const struct lfk_fs *fs, const struct lfk_fs_entry *entry,
                       struct queue *queue, uint32_t *blocks_left, struct lfk_detail *detail)
{
    struct lfk_fs_content content;
    struct lfk_pair pair;
    if (lfk_fs_is_dir(entry)) {
        if (lfk_fs_dir_pair(fs, entry, &pair, detail) == LFK_OK) {
            push(queue, pair);
        }
        return LFK_OK;
    }
    if (lfk_fs_content(entry, &content, detail) < 0 || content.data != NULL) {
        return LFK_OK;
    }
    uint32_t blocks = lfk_ctz_blocks(fs->bd->block_size, content.size);
    if (blocks > *blocks_left) {
        return LFK_OK;
    }
    *blocks_left -= blocks;
    return read_file(fs, &content, detail);
}

static int visit_directories(struct lfk_fs *fs, struct queue *queue, struct lfk_detail *detail)
{
    uint32_t blocks_left = lfk_min(fs->superblock.block_count, fs->bd->block_count);
    uint64_t walk = lfk_fs_walk(fs);
    push(queue, fs->mdirs.root->pair);
    while (queue->done < queue->count) {
        struct lfk_fs_dir dir;
        struct lfk_fs_entry entry;
        int result = lfk_fs_dir_open(fs, queue->pairs[queue->done++], walk, &dir, detail);
        while (result >= 0 && (result = lfk_fs_dir_read(&dir, &entry, detail)) > 0) {
            TRY(visit_entry(fs, &entry, queue, &blocks_left, detail));
        }
        TRY(pardon(result));
    }
    return LFK_OK;
}

static void ignore(void *context, const struct lfk_detail *detail)
{
    (void)context;
    (void)detail;
}

static int visit_mounted(struct device *device, const struct lfk_allocator *allocator,
                         struct lfk_detail *detail)
{
    struct lfk_fs_options options = {.allocator = allocator, .damage = ignore};
    struct queue queue = {0};
    struct lfk_fs fs;
    TRY(lfk_fs_mount(&fs, &device->bd, &options, detail));
    int result = visit_directories(&fs, &queue, detail);
    free(queue.pairs);
    lfk_fs_unmount(&fs);
    return result;
}

int device_visit(struct device *device, const struct lfk_allocator *allocator,
                 struct lfk_detail *detail)
{
    uint64_t breaks_at = device->breaks_at;
    uint32_t worn_every = device->worn_every;
    device->breaks_at = 0;
    device->worn_every = 0;
    int result = lfk_image_probe(&device->bd, allocator, detail);
    device->breaks_at = breaks_at;
    device->worn_every = worn_every;
    device->reads = device->bytes_read = 0;
    return result < 0 ? result : visit_mounted(device, allocator, detail);
}
