/* SPDX-License-Identifier: MIT */
/*
 * Entries of a volume by their paths: a line for each, or an array of JSON with
 * an object for each.
 */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include "json.h"
#include "loaded.h"

struct cli_rows {
    bool json;
    const struct cli_loaded *loaded;
    struct cli_json_array array;
    struct cli_text path;
};

struct cli_rows cli_rows_start(const struct cli_loaded *loaded, bool json);
void cli_rows_add(struct cli_rows *rows, const struct lfk_node *node);
void cli_rows_end(struct cli_rows *rows); /* a lack of memory is told */

#endif
