/* SPDX-License-Identifier: MIT */
/*
 * Sizes: a decimal number or a hexadecimal one after 0x, '_' between digits, an
 * optional blank and an optional suffix of 1024, 1024^2 or 1024^3, in any case.
 * A digit is a digit before it is a suffix: 0x1b is 27.
 */
#include "size.h"

#include <ctype.h>
#include <string.h>

static const char not_a_size[] = "is not a size, such as 4096, 0x1000, 64k or 2MiB";
static const char too_large[] = "is too large";

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int digit_value(char c, unsigned base)
{
    int lower = tolower((unsigned char)c);
    int value = lower >= '0' && lower <= '9'                 ? lower - '0'
                : lower >= 'a' && lower <= 'f' && base == 16 ? lower - 'a' + 10
                                                             : -1;
    return value;
}

/* Reads the digits at *text and moves it behind them. */
static const char *parse_number(const char **text, uint64_t *number)
{
    const char *at = *text;
    unsigned base = 10;
    if (at[0] == '0' && (at[1] == 'x' || at[1] == 'X')) {
        base = 16;
        at += 2;
    }
    if (digit_value(*at, base) < 0) {
        return not_a_size;
    }
    *number = 0;
    for (;;) {
        uint64_t value = (uint64_t)digit_value(*at++, base);
        if (*number > (UINT64_MAX - value) / base) {
            return too_large;
        }
        *number = *number * base + value;
        if (*at == '_' && digit_value(at[1], base) >= 0) {
            at++;
        } else if (digit_value(*at, base) < 0) {
            *text = at;
            return NULL;
        }
    }
}

/* What may follow a number, and the power of two it stands for. Those of littlefs-python first. */
static const struct {
    const char *suffix;
    int shift;
} suffixes[] = {
    {"", 0},   {"b", 0},  {"kb", 10},  {"mb", 20},  {"gb", 30},  {"k", 10},
    {"m", 20}, {"g", 30}, {"kib", 10}, {"mib", 20}, {"gib", 30},
};
#define SUFFIXES (sizeof(suffixes) / sizeof(suffixes[0]))
#define SUFFIXES_OF_LITTLEFS_PYTHON 5

/* The shift of one of the first `count` suffixes, or -1. */
static int suffix_shift(const char *suffix, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *a = suffix;
        const char *b = suffixes[i].suffix;
        while (*a != '\0' && tolower((unsigned char)*a) == *b) {
            a++;
            b++;
        }
        if (*a == '\0' && *b == '\0') {
            return suffixes[i].shift;
        }
    }
    return -1;
}

static const char *parse(const char *text, size_t suffix_count, uint64_t *size)
{
    while (is_blank(*text)) {
        text++;
    }
    const char *complaint = parse_number(&text, size);
    if (complaint != NULL) {
        return complaint;
    }
    while (is_blank(*text)) {
        text++;
    }
    int shift = suffix_shift(text, suffix_count);
    if (shift < 0) {
        return not_a_size;
    }
    if (*size > UINT64_MAX >> shift) {
        return too_large;
    }
    *size <<= shift;
    return NULL;
}

const char *cli_size_parse(const char *text, uint64_t *size)
{
    return parse(text, SUFFIXES, size);
}

const char *cli_size_parse_strictly(const char *text, uint64_t *size)
{
    return parse(text, SUFFIXES_OF_LITTLEFS_PYTHON, size);
}

const char *cli_store_size(void *member, const char *value)
{
    uint64_t size = 0;
    const char *complaint = cli_size_parse(value, &size);
    if (complaint == NULL && size == 0) {
        complaint = "is not possible: it must be at least 1";
    }
    if (complaint == NULL) {
        *(uint64_t *)member = size;
    }
    return complaint;
}

const char *cli_store_size32(void *member, const char *value)
{
    uint64_t size = 0;
    const char *complaint = cli_store_size(&size, value);
    if (complaint == NULL && size > UINT32_MAX) {
        complaint = too_large;
    }
    if (complaint == NULL) {
        *(uint32_t *)member = (uint32_t)size;
    }
    return complaint;
}

const char *cli_store_size32_or_zero(void *member, const char *value)
{
    uint64_t size = 0;
    if (cli_size_parse(value, &size) == NULL && size == 0) {
        *(uint32_t *)member = 0;
        return NULL;
    }
    return cli_store_size32(member, value);
}

const char *cli_store_inline_max(void *member, const char *value)
{
    if (strcmp(value, "none") == 0) {
        *(uint32_t *)member = UINT32_MAX;
        return NULL;
    }
    return cli_store_size32_or_zero(member, value);
}
