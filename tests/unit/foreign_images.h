/* SPDX-License-Identifier: MIT */
/*
 * The first bytes of images that are not littlefs v2, as their own tools write
 * them.
 */
#ifndef LFSKIT_TESTS_FOREIGN_IMAGES_H
#define LFSKIT_TESTS_FOREIGN_IMAGES_H

#include <stdint.h>
#include <string.h>

#define FOREIGN_SIZE 16384u

/* littlefs v1: a directory header, and the superblock's entry with the version and the magic. */
static inline void make_littlefs_v1(uint8_t image[FOREIGN_SIZE])
{
    static const uint8_t head[] = {0x02, 0,    0, 0, 0x34, 0,    0,    0x80, 0x01, 0,   0,   0,
                                   0,    0x00, 0, 0, 0x2e, 0x14, 0x00, 0x08, 2,    0,   0,   0,
                                   3,    0,    0, 0, 0,    0x10, 0,    0,    4,    0,   0,   0,
                                   0x07, 0,    1, 0, 'l',  'i',  't',  't',  'l',  'e', 'f', 's'};
    memset(image, 0xff, FOREIGN_SIZE);
    memcpy(image, head, sizeof(head));
}

/* FAT: a boot sector of 512-byte sectors, 4 a cluster. */
static inline void make_fat(uint8_t image[FOREIGN_SIZE])
{
    static const uint8_t head[] = {0xeb, 0x3c, 0x90, 'M', 'S', 'D', 'O', 'S', '5', '.', '0',
                                   0,    2,    4,    1,   0,   2,   0,   2,   32,  0,   0xf8};
    memset(image, 0, FOREIGN_SIZE);
    memcpy(image, head, sizeof(head));
    image[510] = 0x55;
    image[511] = 0xaa;
}

/*
 * SPIFFS: a block starts with pages of two bytes for each of its pages, and
 * 4 bytes before their end stands 0x0529 ^ page size ^ blocks from here on.
 */
static inline void make_spiffs_of(uint8_t *image, uint32_t size, uint32_t block_size, uint32_t page)
{
    uint32_t lookup = block_size / page * 2;
    uint32_t end = lookup < page ? page : lookup;
    memset(image, 0xff, size);
    for (uint32_t block = 0; block < size / block_size; block++) {
        uint32_t magic = UINT32_C(0x0529) ^ page ^ (size / block_size - block);
        image[block * block_size + end - 4] = (uint8_t)magic;
        image[block * block_size + end - 3] = (uint8_t)(magic >> 8);
    }
}

/* The usual: blocks of 4096 and pages of 256 bytes. */
static inline void make_spiffs(uint8_t image[FOREIGN_SIZE])
{
    make_spiffs_of(image, FOREIGN_SIZE, 4096, 256);
}

#endif
