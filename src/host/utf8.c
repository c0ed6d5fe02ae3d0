/* SPDX-License-Identifier: MIT */
/*
 * UTF-8, read strictly: what is accepted here is well-formed for every other
 * program as well.
 */
#include "lfskit/host.h"

/* By length: the lowest code that needs as many bytes, and the data bits of the first byte. */
static const struct {
    uint32_t lowest;
    uint8_t first_bits;
} forms[] = {{0, 0}, {0, 0x7f}, {0x80, 0x1f}, {0x800, 0x0f}, {0x10000, 0x07}};

static size_t length_of(uint8_t first)
{
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xc0 || first > 0xf7) {
        return 0;
    }
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

size_t lfk_utf8_read(const void *bytes, size_t size, uint32_t *code)
{
    const uint8_t *byte = bytes;
    size_t length = length_of(byte[0]);
    if (length == 0 || length > size) {
        return 0;
    }
    uint32_t number = byte[0] & forms[length].first_bits;
    for (size_t i = 1; i < length; i++) {
        if ((byte[i] & 0xc0) != 0x80) {
            return 0;
        }
        number = number << 6 | (byte[i] & 0x3fU);
    }
    bool is_surrogate = number >= 0xd800 && number <= 0xdfff;
    if (number < forms[length].lowest || number > 0x10ffff || is_surrogate) {
        return 0;
    }
    *code = number;
    return length;
}
