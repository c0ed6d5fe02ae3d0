/* SPDX-License-Identifier: MIT */
/*
 * The allocator behind every handle: the caller's, or the C library's. A size
 * that does not fit in size_t is refused like memory that is not there, and no
 * size gives a NULL that is not a failure.
 */
#include "util/util.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 16u /* elements of the first growth of an array */

void *lfk_alloc(const struct lfk_allocator *allocator, size_t size)
{
    return lfk_resize(allocator, NULL, size);
}

void *lfk_alloc_zeroed(const struct lfk_allocator *allocator, size_t count, size_t size)
{
    size_t bytes;
    if (!lfk_mul_size(count, size, &bytes)) {
        return NULL;
    }
    void *memory = lfk_alloc(allocator, bytes);
    if (memory) {
        memset(memory, 0, bytes);
    }
    return memory;
}

void *lfk_resize(const struct lfk_allocator *allocator, void *memory, size_t size)
{
    if (size == 0) {
        size = 1;
    }
    if (!allocator) {
        return realloc(memory, size);
    }
    return allocator->resize(allocator->context, memory, size);
}

void lfk_free(const struct lfk_allocator *allocator, void *memory)
{
    if (!memory) {
        return;
    }
    if (!allocator) {
        free(memory);
        return;
    }
    allocator->resize(allocator->context, memory, 0);
}

int lfk_grow(const struct lfk_allocator *allocator, void **items, size_t *room, size_t need,
             size_t element)
{
    if (need <= *room) {
        return LFK_OK;
    }
    size_t wanted;
    if (!lfk_mul_size(*room, 2, &wanted) || wanted < need) {
        wanted = need;
    }
    if (wanted < FIRST_ROOM) {
        wanted = FIRST_ROOM;
    }
    size_t bytes;
    if (!lfk_mul_size(wanted, element, &bytes)) {
        return LFK_ERR_NOMEM;
    }
    void *memory = lfk_resize(allocator, *items, bytes);
    if (!memory) {
        return LFK_ERR_NOMEM;
    }
    *items = memory;
    *room = wanted;
    return LFK_OK;
}
