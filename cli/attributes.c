/* SPDX-License-Identifier: MIT */
/*
 * Types of attributes as people write them, and numbers as devices store them.
 */
#include "attributes.h"
#include "size.h"

#include <ctype.h>

const char *cli_attribute_type_parse(const char *text, struct cli_attribute_type *type)
{
    uint64_t number = 0;
    if (text[0] > ' ' && text[0] <= '~' && !isdigit((unsigned char)text[0]) && text[1] == '\0') {
        number = (unsigned char)text[0];
    } else if (cli_size_parse(text, &number) != NULL || number > UINT8_MAX) {
        return "is neither a number from 0 to 255 nor one character";
    }
    *type = (struct cli_attribute_type){true, (uint8_t)number};
    return NULL;
}

const char *cli_store_attribute_type(void *member, const char *value)
{
    return cli_attribute_type_parse(value, member);
}

void cli_little_endian_put(unsigned char *bytes, size_t size, uint64_t number)
{
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (unsigned char)(number >> (8 * i));
    }
}

uint64_t cli_little_endian_get(const unsigned char *bytes, size_t size)
{
    uint64_t number = 0;
    while (size > 0) {
        number = number << 8 | bytes[--size];
    }
    return number;
}
