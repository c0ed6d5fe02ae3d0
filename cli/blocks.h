/* SPDX-License-Identifier: MIT */
/*
 * The block map of a checked image, and paths of bytes as people see them.
 */
#ifndef CLI_BLOCKS_H
#define CLI_BLOCKS_H

#include "lfskit/check.h"
#include "lfskit/host.h"
#include "names.h"

#include <jansson.h>

/* Adds a path as the check gives it, each name decoded. */
void cli_bytes_path_add(struct cli_text *text, struct lfk_encoding *encoding, const char *path,
                        enum cli_name_form form);

/* Adds the map: a letter for each block, then what each run of blocks belongs to. */
void cli_blocks_add(struct cli_text *text, const struct lfk_check *check,
                    struct lfk_encoding *encoding);

/* An array of the runs; NULL when out of memory. */
json_t *cli_blocks_json(const struct lfk_check *check, struct lfk_encoding *encoding);

#endif
