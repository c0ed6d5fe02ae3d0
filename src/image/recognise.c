/* SPDX-License-Identifier: MIT */
/*
 * Names what is not littlefs, by the marks each format leaves in its first
 * bytes. A guess is given only when several fields agree, so that an unknown
 * image is called unknown.
 */
#include "image/image.h"

#include <string.h>

#define PIECE 4096u /* bytes looked at a time */

/*
 * littlefs v1, block 0:
 *   0        4      8            16            20         28          32
 *   revision length tail pair    entry header  root pair  block size  block count
 *   36       40
 *   version  "littlefs"
 */
static bool is_littlefs_v1(const uint8_t *head)
{
    static const uint8_t entry_header[4] = {0x2e, 20, 0, 8}; /* type, and three lengths */
    return memcmp(head + 16, entry_header, sizeof(entry_header)) == 0 &&
           lfk_get_le32(head + 36) >> 16 == 1 && memcmp(head + 40, "littlefs", 8) == 0;
}

static bool is_power_of_two(uint32_t v)
{
    return v != 0 && (v & (v - 1)) == 0;
}

/* A boot sector: a jump, sizes of sectors and clusters that make sense, the signature. */
static bool is_fat(const uint8_t *head)
{
    uint32_t sector = (uint32_t)head[11] | (uint32_t)head[12] << 8;
    return (head[0] == 0xeb || head[0] == 0xe9) && is_power_of_two(sector) && sector >= 512 &&
           sector <= 4096 && is_power_of_two(head[13]) && head[510] == 0x55 && head[511] == 0xaa;
}

/*
 * SPIFFS ends the lookup page of each block with a 16-bit magic made of the
 * page size and of the number of blocks from this one on. Blocks 0 and 1 must
 * both fit; the page may be any of the usual sizes, and so may the block.
 */
static bool spiffs_magic_at(struct lfk_bd *bd, uint32_t block, uint32_t page)
{
    uint8_t magic[2];
    uint32_t expected = (UINT32_C(0x20140529) ^ page ^ (bd->block_count - block)) & 0xffff;
    uint32_t lookup = lfk_align_up(bd->block_size / page * 2, page);
    return lfk_bd_read(bd, block, lookup - 4, magic, sizeof(magic), NULL) == LFK_OK &&
           ((uint32_t)magic[0] | (uint32_t)magic[1] << 8) == expected;
}

static bool is_spiffs(struct lfk_bd *bd)
{
    for (uint32_t block_size = 4096; block_size <= 65536; block_size *= 2) {
        if (bd->size % block_size != 0 || lfk_bd_shape(bd, block_size, NULL) < 0) {
            continue;
        }
        for (uint32_t page = 256; page <= block_size / 4; page *= 2) {
            if (spiffs_magic_at(bd, 0, page) && spiffs_magic_at(bd, 1, page)) {
                return true;
            }
        }
    }
    return false;
}

/* True if all bytes of the device, in pieces, are equal to the first. */
static int is_uniform(struct lfk_bd *bd, uint8_t *piece, bool *uniform, struct lfk_detail *detail)
{
    uint8_t value = 0;
    *uniform = true;
    for (uint32_t block = 0; block < bd->block_count && *uniform; block++) {
        uint64_t left = bd->size - (uint64_t)block * PIECE;
        uint32_t size = left < PIECE ? (uint32_t)left : PIECE;
        TRY(lfk_bd_read(bd, block, 0, piece, size, detail));
        value = block == 0 ? piece[0] : value;
        *uniform = piece[0] == value && memcmp(piece, piece + 1, size - 1) == 0;
    }
    return LFK_OK;
}

int lfk_image_recognise(struct lfk_bd *bd, enum lfk_image_kind *kind, struct lfk_detail *detail)
{
    uint8_t head[PIECE];
    uint8_t first;
    bool uniform;

    *kind = LFK_IMAGE_UNKNOWN;
    if (bd->size == 0) {
        *kind = LFK_IMAGE_EMPTY;
        return LFK_OK;
    }
    TRY(lfk_bd_shape(bd, PIECE, detail));
    TRY(lfk_bd_read(bd, 0, 0, &first, 1, detail));
    TRY(is_uniform(bd, head, &uniform, detail));
    if (uniform && (first == 0xff || first == 0x00)) {
        *kind = first == 0xff ? LFK_IMAGE_ERASED_ONES : LFK_IMAGE_ERASED_ZEROS;
        return LFK_OK;
    }
    TRY(lfk_bd_read(bd, 0, 0, head, PIECE, detail));
    if (is_littlefs_v1(head)) {
        *kind = LFK_IMAGE_LITTLEFS_V1;
    } else if (is_fat(head)) {
        *kind = LFK_IMAGE_FAT;
    } else if (is_spiffs(bd)) {
        *kind = LFK_IMAGE_SPIFFS;
    }
    return LFK_OK;
}
