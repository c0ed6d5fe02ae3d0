/* SPDX-License-Identifier: MIT */
/*
 * Types of attributes as people write them.
 */
#ifndef CLI_ATTRIBUTES_H
#define CLI_ATTRIBUTES_H

#include "options.h"

#include <stdint.h>

struct cli_attribute_type {
    bool given;
    uint8_t number;
};

/* A number from 0 to 255, or any other one character. NULL, or what is wrong as a clause. */
const char *cli_attribute_type_parse(const char *text, struct cli_attribute_type *type);

cli_store_fn cli_store_attribute_type; /* struct cli_attribute_type */

/* Writes the low `size` bytes of a number, the lowest first. */
void cli_little_endian_put(unsigned char *bytes, size_t size, uint64_t number);

/* Reads a number of at most 8 bytes. */
uint64_t cli_little_endian_get(const unsigned char *bytes, size_t size);

#endif
