/* SPDX-License-Identifier: MIT */
/*
 * An allocator that answers so many requests, and none after that.
 */
#ifndef LFSKIT_TESTS_SCARCE_MEMORY_H
#define LFSKIT_TESTS_SCARCE_MEMORY_H

#include "lfskit/base.h"

#include <stdlib.h>

struct scarce_memory {
    struct lfk_allocator allocator; /* its context is the struct, which stays where it is */
    size_t left;
};

static inline void *scarce_memory_resize(void *context, void *memory, size_t size)
{
    struct scarce_memory *scarce = (struct scarce_memory *)context;
    if (size == 0) {
        free(memory);
        return NULL;
    }
    if (scarce->left == 0) {
        return NULL;
    }
    scarce->left--;
    return realloc(memory, size);
}

static inline void scarce_memory_start(struct scarce_memory *scarce, size_t requests)
{
    *scarce = (struct scarce_memory){{scarce, scarce_memory_resize}, requests};
}

#endif
