/* SPDX-License-Identifier: MIT */
/*
 * The memory of a mount. Every piece is on a list, so that it can all be given
 * back without a look at what it was for: a call that was left by longjmp may
 * have been in the middle of changing it.
 *
 * What belongs to a lfs_t is told from what happens to lie in memory that was
 * never initialised by a seal, a number that fits this lfs_t and this pointer.
 */
#include "lfs_compat.h"

#include <stdlib.h>

#define SEAL ((uintptr_t)0x6c66736b69744d21)

/* Stands before each piece. */
struct links {
    union piece *next;
    union piece *previous;
    size_t size; /* there is no telling it otherwise */
};

union piece {
    struct links links;
    long double aligned; /* as memory for anything has to be */
    long long aligned_too;
};

struct lfs_compat_memory {
    struct lfk_allocator allocator;
    union piece *pieces;
};

/* LFS_NO_MALLOC is about the caller's buffers; this is none of them. */
static void *take(size_t size)
{
#ifdef LFS_NO_MALLOC
    return malloc(size);
#else
    return lfs_malloc(size);
#endif
}

static void give_back(void *memory)
{
#ifdef LFS_NO_MALLOC
    free(memory);
#else
    lfs_free(memory);
#endif
}

static union piece *add(struct lfs_compat_memory *memory, size_t size)
{
    union piece *piece = NULL;
    if (size < SIZE_MAX - sizeof(*piece)) {
        piece = (union piece *)take(sizeof(*piece) + size);
    }
    if (piece != NULL) {
        piece->links.size = size;
        piece->links.previous = NULL;
        piece->links.next = memory->pieces;
        if (piece->links.next != NULL) {
            piece->links.next->links.previous = piece;
        }
        memory->pieces = piece;
    }
    return piece;
}

static void drop(struct lfs_compat_memory *memory, union piece *piece)
{
    if (piece->links.next != NULL) {
        piece->links.next->links.previous = piece->links.previous;
    }
    if (piece->links.previous != NULL) {
        piece->links.previous->links.next = piece->links.next;
    } else {
        memory->pieces = piece->links.next;
    }
    give_back(piece);
}

static void *resize(void *context, void *bytes, size_t size)
{
    struct lfs_compat_memory *memory = (struct lfs_compat_memory *)context;
    union piece *old = bytes != NULL ? (union piece *)bytes - 1 : NULL;
    union piece *made = NULL;
    if (size > 0) {
        made = add(memory, size);
        if (made == NULL) {
            return NULL;
        }
    }
    if (made != NULL && old != NULL) {
        memcpy(made + 1, old + 1, old->links.size < size ? old->links.size : size);
    }
    if (old != NULL) {
        drop(memory, old);
    }
    return made != NULL ? made + 1 : NULL;
}

static uintptr_t seal_of(const lfs_t *lfs)
{
    return SEAL ^ (uintptr_t)lfs ^ (uintptr_t)lfs->memory;
}

/* Looks at memory that may never have been initialised, which is what it is there for. */
#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
__attribute__((no_sanitize("memory")))
#endif
#endif
static bool
has_memory(const lfs_t *lfs)
{
    return lfs->seal == seal_of(lfs);
}

const struct lfk_allocator *lfs_compat_memory_open(lfs_t *lfs)
{
    struct lfs_compat_memory *memory = (struct lfs_compat_memory *)take(sizeof(*memory));
    if (memory == NULL) {
        return NULL;
    }
    memory->allocator.context = memory;
    memory->allocator.resize = resize;
    memory->pieces = NULL;
    lfs->memory = memory;
    lfs->seal = seal_of(lfs);
    return &memory->allocator;
}

void lfs_compat_memory_close(lfs_t *lfs)
{
    if (has_memory(lfs)) {
        union piece *piece = lfs->memory->pieces;
        while (piece != NULL) {
            union piece *next = piece->links.next;
            give_back(piece);
            piece = next;
        }
        give_back(lfs->memory);
    }
    lfs->memory = NULL;
    lfs->seal = 0;
    lfs->filesystem = NULL;
    lfs->files = NULL;
    lfs->dirs = NULL;
}

bool lfs_compat_is_mounted(const lfs_t *lfs)
{
    return has_memory(lfs) && lfs->filesystem != NULL;
}

void *lfs_compat_take(lfs_t *lfs, size_t size)
{
    return resize(lfs->memory, NULL, size);
}

void lfs_compat_give_back(lfs_t *lfs, void *bytes)
{
    if (bytes != NULL) {
        (void)resize(lfs->memory, bytes, 0);
    }
}
