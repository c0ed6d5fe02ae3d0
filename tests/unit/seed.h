/* SPDX-License-Identifier: MIT */
/*
 * Random numbers for tests. Each run draws a seed of its own and prints it;
 * the environment variable LFSKIT_SEED repeats a run.
 */
#ifndef LFSKIT_TESTS_SEED_H
#define LFSKIT_TESTS_SEED_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct seed {
    uint64_t state;
};

/* `test` is its name in ctest, e.g. "unit.crc32". */
static inline struct seed seed_start(const char *test)
{
    const char *given = getenv("LFSKIT_SEED");
    uint64_t seed = given ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    printf("seed %" PRIu64 "; replay: LFSKIT_SEED=%" PRIu64 " ctest -R '^%s$'\n", seed, seed, test);
    return (struct seed){seed};
}

/* SplitMix64: any state is good, 0 included. */
static inline uint32_t seed_next(struct seed *seed)
{
    uint64_t z = seed->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)(z >> 32);
}

/* A number below `bound`, which is not 0. */
static inline uint32_t seed_below(struct seed *seed, uint32_t bound)
{
    return (uint32_t)((uint64_t)seed_next(seed) * bound >> 32);
}

static inline void seed_fill(struct seed *seed, uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)seed_next(seed);
    }
}

#endif
