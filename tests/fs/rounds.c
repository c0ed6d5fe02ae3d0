/* SPDX-License-Identifier: MIT */
/*
 * Rounds of a random test.
 */
#include "rounds.h"

#include <stdio.h>
#include <stdlib.h>

void rounds_run(const char *name, int usual, int many, round_fn *round)
{
    struct seed seed = seed_start(name);
    int count = getenv("LFSKIT_LONG") != NULL ? many : usual;
    const char *only = getenv("LFSKIT_ROUND");
    for (int i = 0; i < count; i++) {
        struct seed own = {seed_next(&seed)};
        if (only != NULL && atoi(only) != i) {
            continue;
        }
        const struct geometry geometry = geometry_random(&own);
        printf("round %d: ", i);
        geometry_print(&geometry);
        round(&geometry, &own);
    }
}
