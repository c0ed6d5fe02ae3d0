/* SPDX-License-Identifier: MIT */
/*
 * Arenas: a list of chunks, from the newest of which memory is handed out by
 * advancing an offset. What was handed out never moves and is freed with the
 * arena only. Chunks double in size up to CHUNK_MAX; what would take a quarter
 * of a chunk gets one of its own, so less than that is wasted at a chunk's end.
 */
#include "util/util.h"

#include <string.h>

#define CHUNK_MIN ((size_t)4096)
#define CHUNK_MAX ((size_t)1 << 20)

struct lfk_arena_chunk {
    struct lfk_arena_chunk *next;
    max_align_t bytes[];
};

static struct lfk_arena_chunk *new_chunk(const struct lfk_arena *arena, size_t room)
{
    size_t size;
    if (!lfk_add_size(sizeof(struct lfk_arena_chunk), room, &size)) {
        return NULL;
    }
    return (struct lfk_arena_chunk *)lfk_alloc(arena->allocator, size);
}

/* A chunk of its own for something large; the newest chunk stays in use. */
static void *take_large(struct lfk_arena *arena, size_t size)
{
    struct lfk_arena_chunk *chunk = new_chunk(arena, size);
    if (!chunk) {
        return NULL;
    }
    if (arena->chunks) {
        chunk->next = arena->chunks->next;
        arena->chunks->next = chunk;
    } else {
        chunk->next = NULL;
        arena->chunks = chunk;
        arena->used = size;
        arena->room = size;
    }
    return chunk->bytes;
}

static void *take(struct lfk_arena *arena, size_t size, size_t alignment)
{
    size_t start = (arena->used + alignment - 1) / alignment * alignment;
    if (arena->chunks && start <= arena->room && size <= arena->room - start) {
        arena->used = start + size;
        return (uint8_t *)arena->chunks->bytes + start;
    }
    size_t room = arena->room < CHUNK_MAX / 2 ? arena->room * 2 : CHUNK_MAX;
    if (room < CHUNK_MIN) {
        room = CHUNK_MIN;
    }
    if (size > room / 4) {
        return take_large(arena, size);
    }
    struct lfk_arena_chunk *chunk = new_chunk(arena, room);
    if (!chunk) {
        return NULL;
    }
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    arena->used = size;
    arena->room = room;
    return chunk->bytes;
}

void *lfk_arena_alloc(struct lfk_arena *arena, size_t size)
{
    return take(arena, size, _Alignof(max_align_t));
}

void *lfk_arena_copy(struct lfk_arena *arena, const void *data, size_t size)
{
    size_t whole;
    if (!lfk_add_size(size, 1, &whole)) {
        return NULL;
    }
    char *copy = (char *)take(arena, whole, 1);
    if (!copy) {
        return NULL;
    }
    if (size > 0) {
        memcpy(copy, data, size);
    }
    copy[size] = '\0';
    return copy;
}

void lfk_arena_free(struct lfk_arena *arena)
{
    struct lfk_arena_chunk *chunk = arena->chunks;
    while (chunk) {
        struct lfk_arena_chunk *next = chunk->next;
        lfk_free(arena->allocator, chunk);
        chunk = next;
    }
    arena->chunks = NULL;
    arena->used = 0;
    arena->room = 0;
}
