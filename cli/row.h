/* SPDX-License-Identifier: MIT */
/*
 * An entry of an image in a row of a table, and as an object of JSON.
 */
#ifndef CLI_ROW_H
#define CLI_ROW_H

#include "lfskit/tree.h"
#include "text.h"

#include <jansson.h>

/* Adds type, size in bytes, number of blocks and attributes, and a blank. */
void cli_row_add(struct cli_text *line, const struct lfk_node *node);

/*
 * {"path": ...}; of a name that does not decode the bytes, too. NULL when out of memory.
 */
json_t *cli_row_json(const char *path, bool decodes, const struct lfk_node *node);

#endif
