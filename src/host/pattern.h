/* SPDX-License-Identifier: MIT */
/*
 * The one matcher of names against patterns.
 */
#ifndef LFK_HOST_PATTERN_H
#define LFK_HOST_PATTERN_H

#include "util/util.h"

/* True if the whole name matches the pattern; neither holds a '/' or ends in NUL. */
bool lfk_pattern_match_name(const char *pattern, size_t pattern_size, const char *name,
                            size_t name_size);

#endif
