/* SPDX-License-Identifier: MIT */
/*
 * Values of JSON that list and info share.
 */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include "lfskit/tree.h"

#include <jansson.h>
#include <stdio.h>

/* {"0x74": "hex", ...}; NULL when out of memory. */
json_t *cli_json_attributes(const struct lfk_node *node);

/* Sets a key; a NULL value (out of memory) or a failure is remembered in *failed. */
void cli_json_set(json_t *object, const char *key, json_t *value, bool *failed);

/* Hexadecimal digits of the bytes as a string. */
json_t *cli_json_hex(const void *bytes, size_t size);

#endif
