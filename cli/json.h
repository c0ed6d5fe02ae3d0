/* SPDX-License-Identifier: MIT */
/*
 * Values of JSON that several verbs print.
 */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include "lfskit/tree.h"

#include <jansson.h>
#include <stdio.h>

/* {"0x74": "hex", ...}; NULL when out of memory. */
json_t *cli_json_attributes(const struct lfk_node *node);

/*
 * An array printed one value a line, so that memory is needed for one only.
 * Zero it but for `out`. `failed` is set when memory runs out.
 */
struct cli_json_array {
    FILE *out;
    bool begun;
    bool failed;
};

void cli_json_array_add(struct cli_json_array *array, json_t *value); /* NULL: out of memory */
void cli_json_array_end(struct cli_json_array *array);

/* Prints a value of its own; takes it. False when out of memory, NULL among it. */
bool cli_json_print(FILE *out, json_t *value);

/* Sets a key; a NULL value (out of memory) or a failure is remembered in *failed. */
void cli_json_set(json_t *object, const char *key, json_t *value, bool *failed);

/* Hexadecimal digits of the bytes as a string. */
json_t *cli_json_hex(const void *bytes, size_t size);

#endif
