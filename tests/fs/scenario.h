/* SPDX-License-Identifier: MIT */
/*
 * Named histories, written down as a person would tell them. A scenario is a
 * list of operations, divided by "; ", of which those behind "cut" are cut.
 *
 *   write PATH SIZE        the file anew
 *   many PATH COUNT SIZE   writes PATH0, PATH1, ...
 *   again COUNT PATH SIZE  writes the same file as often
 *   overwrite PATH AT SIZE | append PATH SIZE | truncate PATH SIZE
 *   mkdir PATH | remove PATH | rename PATH PATH
 *   setattr PATH | removeattr PATH
 *   grow BLOCKS            by one or two
 */
#ifndef TESTS_SCENARIO_H
#define TESTS_SCENARIO_H

#include "history.h"

#define SCENARIO_OPS_MAX 400

/* What a scenario is to bring about, so that it is cut. */
enum scenario_outcome {
    OUTCOME_ANY,
    OUTCOME_SPLIT,   /* a directory goes on in a second pair */
    OUTCOME_MOVED,   /* a pair is in other blocks */
    OUTCOME_EXPANDED /* the root directory is not in {0, 1} any more */
};

struct scenario {
    const char *name;
    enum scenario_outcome outcome;
    struct geometry geometry;
    const char *text;
};

struct scenario_ops {
    struct op ops[SCENARIO_OPS_MAX];
    size_t count;
    size_t cut_from; /* the first that is cut */
};

/* The library; ends with a NULL name. */
extern const struct scenario scenarios[];

/* Ends the program if the text cannot be read. */
void scenario_read(const struct scenario *scenario, struct scenario_ops *ops);

#endif
