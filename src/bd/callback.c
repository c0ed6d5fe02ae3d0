/* SPDX-License-Identifier: MIT */
/*
 * A block device over functions of the caller's. Reads are brought to whole
 * read units by a small cache, as a driver's; those that are whole units
 * already go straight to where they are wanted. A small read that goes on where
 * the last one ended is taken for one of a series, and fills the cache; any
 * other takes no more units than it needs.
 *
 * Invariant: the cache holds what the device holds. It is emptied when its
 * block is programmed or erased, so what is read back after a program comes
 * from the device.
 */
#include "bd/bd.h"

#include <string.h>

#define SMALL_READ 128u /* bytes; larger reads are worth a call of their own */

static struct lfk_bd_callback *callback_of(struct lfk_bd *bd)
{
    return (struct lfk_bd_callback *)bd; /* its first member */
}

/*
 * What comes of a call. `told` is what the function said itself: that is kept
 * if it said anything, with the place that it may not know.
 */
static int check_result(int result, uint32_t block, const char *what, const struct lfk_detail *told,
                        struct lfk_detail *detail)
{
    if (result == 0) {
        return LFK_OK;
    }
    struct lfk_detail failure = *told;
    failure.status = result < 0 ? result : LFK_ERR_IO;
    failure.what = told->what != NULL ? told->what : what;
    if (!told->has_block && block != LFK_BLOCK_NULL) {
        failure.has_block = true;
        failure.block = block;
    }
    lfk_record(detail, &failure);
    return failure.status;
}

static int call_read(struct lfk_bd_callback *callback, uint32_t block, uint32_t offset,
                     void *buffer, uint32_t size, struct lfk_detail *detail)
{
    const struct lfk_bd_calls *calls = &callback->calls;
    struct lfk_detail told = {0};
    int result = calls->read(calls->context, block, offset, buffer, size, &told);
    return check_result(result, block, "the device failed to read", &told, detail);
}

/*
 * Fills the cache from the unit that holds `offset` on: with all that is wanted
 * if it has the room, else with a unit; with all it has room for in a series.
 */
static int fill_cache(struct lfk_bd_callback *callback, uint32_t block, uint32_t offset,
                      uint32_t size, bool series, struct lfk_detail *detail)
{
    uint32_t unit = callback->calls.read_size;
    uint32_t start = offset - offset % unit;
    uint32_t room = lfk_min(callback->calls.cache_size, callback->bd.block_size - start);
    uint32_t wanted = lfk_align_up(offset - start + size, unit);
    if (series) {
        wanted = room;
    } else if (wanted > room) {
        wanted = unit;
    }
    callback->cached_size = 0;
    TRY(call_read(callback, block, start, callback->cache, wanted, detail));
    callback->cached_block = block;
    callback->cached_offset = start;
    callback->cached_size = wanted;
    return LFK_OK;
}

/* How many bytes from `offset` on the cache has. */
static uint32_t cached_from(const struct lfk_bd_callback *callback, uint32_t block, uint32_t offset)
{
    uint32_t in_cache = offset - callback->cached_offset; /* wraps before its start */
    bool hit = block == callback->cached_block && in_cache < callback->cached_size;
    return hit ? callback->cached_size - in_cache : 0;
}

static int callback_read(struct lfk_bd *bd, uint32_t block, uint32_t offset, void *buffer,
                         uint32_t size, struct lfk_detail *detail)
{
    struct lfk_bd_callback *callback = callback_of(bd);
    uint32_t unit = callback->calls.read_size;
    bool series = block == callback->next_block && offset == callback->next_offset &&
                  size < lfk_min(SMALL_READ, callback->calls.cache_size / 2);
    uint8_t *bytes = buffer;
    while (size > 0) {
        uint32_t part = lfk_min(size, cached_from(callback, block, offset));
        if (part > 0) {
            memcpy(bytes, callback->cache + (offset - callback->cached_offset), part);
        } else if (!series && offset % unit == 0 && size >= unit) {
            part = size - size % unit;
            TRY(call_read(callback, block, offset, bytes, part, detail));
        } else {
            TRY(fill_cache(callback, block, offset, size, series, detail));
        }
        bytes += part;
        offset += part;
        size -= part;
    }
    callback->next_block = block;
    callback->next_offset = offset;
    return LFK_OK;
}

static void drop_cache(struct lfk_bd_callback *callback, uint32_t block)
{
    if (callback->cached_block == block) {
        callback->cached_size = 0;
    }
    if (callback->next_block == block) {
        callback->next_block = LFK_BLOCK_NULL;
    }
}

static int callback_prog(struct lfk_bd *bd, uint32_t block, uint32_t offset, const void *buffer,
                         uint32_t size, struct lfk_detail *detail)
{
    struct lfk_bd_callback *callback = callback_of(bd);
    const struct lfk_bd_calls *calls = &callback->calls;
    const uint8_t *bytes = buffer;
    if (offset % calls->prog_size != 0 || size % calls->prog_size != 0) {
        return lfk_fail_at(detail, LFK_ERR_INVAL, "a program is not of whole units", block, offset,
                           calls->prog_size, size);
    }
    drop_cache(callback, block);
    while (size > 0) {
        struct lfk_detail told = {0};
        uint32_t part = lfk_min(size, calls->cache_size);
        int result = calls->prog(calls->context, block, offset, bytes, part, &told);
        TRY(check_result(result, block, "the device failed to program", &told, detail));
        bytes += part;
        offset += part;
        size -= part;
    }
    return LFK_OK;
}

static int callback_erase(struct lfk_bd *bd, uint32_t block, struct lfk_detail *detail)
{
    struct lfk_bd_callback *callback = callback_of(bd);
    struct lfk_detail told = {0};
    drop_cache(callback, block);
    int result = callback->calls.erase(callback->calls.context, block, &told);
    return check_result(result, block, "the device failed to erase", &told, detail);
}

static int callback_sync(struct lfk_bd *bd, struct lfk_detail *detail)
{
    const struct lfk_bd_calls *calls = &callback_of(bd)->calls;
    struct lfk_detail told = {0};
    int result = calls->sync(calls->context, &told);
    return check_result(result, LFK_BLOCK_NULL, "the device failed to sync", &told, detail);
}

static void callback_close(struct lfk_bd *bd)
{
    struct lfk_bd_callback *callback = callback_of(bd);
    if (callback->owns_cache) {
        lfk_free(callback->allocator, callback->cache);
    }
}

int lfk_bd_callback_open(struct lfk_bd_callback *callback, const struct lfk_bd_calls *calls,
                         uint32_t block_size, uint32_t block_count, void *cache,
                         const struct lfk_allocator *allocator, struct lfk_detail *detail)
{
    static const struct lfk_bd_ops reading = {.read = callback_read, .close = callback_close};
    static const struct lfk_bd_ops writing = {.read = callback_read,
                                              .close = callback_close,
                                              .prog = callback_prog,
                                              .erase = callback_erase,
                                              .sync = callback_sync};
    *callback = (struct lfk_bd_callback){
        .bd = {.ops = calls->prog != NULL ? &writing : &reading,
               .block_size = block_size,
               .block_count = block_count,
               .size = (uint64_t)block_size * block_count},
        .calls = *calls,
        .allocator = allocator,
        .owns_cache = cache == NULL,
        .cache = cache != NULL ? cache : lfk_alloc(allocator, calls->cache_size),
        .next_block = LFK_BLOCK_NULL,
    };
    return callback->cache != NULL ? LFK_OK : lfk_fail_nomem(detail);
}
