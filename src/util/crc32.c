/* SPDX-License-Identifier: MIT */
/*
 * littlefs's CRC-32: eight bytes a step by tables, and for long inputs on
 * processors that can, most of the input folded away first (crc32_clmul.c).
 * The result never depends on how the input is cut into pieces.
 */
#include "util/util.h"

#include "crc32_clmul.h"
#include "crc32_tables.h"

static uint32_t by_tables(uint32_t crc, const uint8_t *data, size_t size)
{
    const uint32_t(*const slices)[256] = lfk_crc_slices;
    for (; size >= 8; size -= 8, data += 8) {
        uint32_t first = lfk_get_le32(data) ^ crc;
        uint32_t second = lfk_get_le32(data + 4);
        crc = slices[7][first & 0xff] ^ slices[6][first >> 8 & 0xff] ^
              slices[5][first >> 16 & 0xff] ^ slices[4][first >> 24] ^ slices[3][second & 0xff] ^
              slices[2][second >> 8 & 0xff] ^ slices[1][second >> 16 & 0xff] ^
              slices[0][second >> 24];
    }
    for (; size > 0; size--, data++) {
        crc = slices[0][(crc ^ *data) & 0xff] ^ crc >> 8;
    }
    return crc;
}

uint32_t lfk_crc32(uint32_t crc, const void *data, size_t size)
{
    const uint8_t *bytes = (const uint8_t *)data;
    if (size >= LFK_CRC_FOLD_MIN) {
        uint8_t rest[LFK_CRC_FOLD_REST];
        size_t folded = lfk_crc32_fold(crc, bytes, size, rest);
        if (folded > 0) {
            crc = by_tables(0, rest, sizeof(rest));
            bytes += folded;
            size -= folded;
        }
    }
    return by_tables(crc, bytes, size);
}
