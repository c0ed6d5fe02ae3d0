/* SPDX-License-Identifier: MIT */
/*
 * The block map of a checked image.
 */
#ifndef CLI_BLOCKS_H
#define CLI_BLOCKS_H

#include "lfskit/check.h"
#include "lfskit/host.h"
#include "names.h"

#include <jansson.h>

/* Adds the map: a letter for each block, then what each run of blocks belongs to. */
void cli_blocks_add(struct cli_text *text, const struct lfk_check *check,
                    struct lfk_encoding *encoding);

/* An array of the runs; NULL when out of memory. */
json_t *cli_blocks_json(const struct lfk_check *check, struct lfk_encoding *encoding);

#endif
