/* SPDX-License-Identifier: MIT */
/*
 * Rounds of a random test: each has a seed and a geometry of its own, and can
 * be repeated alone.
 */
#ifndef TESTS_ROUNDS_H
#define TESTS_ROUNDS_H

#include "history.h"

typedef void round_fn(const struct geometry *geometry, struct seed *seed);

/*
 * `name` is the test's in ctest. Prints the seed, and each round with its
 * geometry. LFSKIT_LONG=1 asks for `many` rounds, LFSKIT_ROUND=N for that one.
 */
void rounds_run(const char *name, int usual, int many, round_fn *round);

#endif
