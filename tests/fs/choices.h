/* SPDX-License-Identifier: MIT */
/*
 * Where a test's decisions come from: random numbers, or bytes that a fuzzer
 * has chosen. When the bytes are used up, every decision is 0.
 */
#ifndef TESTS_CHOICES_H
#define TESTS_CHOICES_H

#include "seed.h"

#include <stddef.h>

struct choices {
    struct seed *seed; /* NULL: the bytes */
    const uint8_t *bytes;
    size_t left;
};

/* A number of so many bytes. */
static inline uint32_t choose_bytes(struct choices *choices, int count)
{
    uint32_t number = 0;
    for (int i = 0; i < count && choices->left > 0; i++, choices->left--) {
        number = number << 8 | *choices->bytes++;
    }
    return number;
}

static inline uint32_t choose_next(struct choices *choices)
{
    return choices->seed != NULL ? seed_next(choices->seed) : choose_bytes(choices, 4);
}

/* A number below `bound`, which is not 0. Small ones take one byte. */
static inline uint32_t choose_below(struct choices *choices, uint32_t bound)
{
    if (choices->seed != NULL) {
        return seed_below(choices->seed, bound);
    }
    int count = bound <= 0x100 ? 1 : bound <= 0x10000 ? 2 : 4;
    return bound > 1 ? choose_bytes(choices, count) % bound : 0;
}

#endif
