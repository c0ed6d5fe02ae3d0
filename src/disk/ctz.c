/* SPDX-License-Identifier: MIT */
/*
 * CTZ list arithmetic. Block 0 of a file is all data; block i > 0 starts with
 * ctz(i) + 1 pointers of 4 bytes, pointer x to block i - 2^x, data after them.
 *
 *   block   0      1        2           3        4
 *          |data| |0|data| |1|0|data|  |2|data| |3|2|0|data|
 *
 * The pointers in blocks 1..i number 2*i - popcount(i), so a block holds
 * block_size - 8 bytes of data on average and what is left over is a popcount:
 * that gives the closed forms below. block_size is at least LFK_BLOCK_SIZE_MIN.
 */
#include "disk/disk.h"

uint32_t lfk_ctz_blocks(uint32_t block_size, uint32_t file_size)
{
    uint32_t offset;
    return file_size == 0 ? 0 : lfk_ctz_index(block_size, file_size - 1, &offset) + 1;
}

uint32_t lfk_ctz_index(uint32_t block_size, uint32_t pos, uint32_t *offset)
{
    uint32_t average = block_size - 8;
    uint32_t index = pos / average;
    if (index == 0) {
        *offset = pos;
        return 0;
    }
    /* The estimate is exact or one too high; taking its pointers off corrects it. */
    index = (pos - 4 * (lfk_popcount(index - 1) + 2)) / average;
    *offset = pos - average * index - 4 * lfk_popcount(index);
    return index;
}

uint32_t lfk_ctz_pointers(uint32_t index)
{
    return index == 0 ? 0 : lfk_ctz(index) + 1;
}

uint32_t lfk_ctz_capacity(uint32_t block_size, uint32_t index)
{
    return block_size - 4 * lfk_ctz_pointers(index);
}
