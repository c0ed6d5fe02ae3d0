/* SPDX-License-Identifier: MIT */
/*
 * Checked sums and products, and bit counts. A function that can overflow says
 * so and leaves its result alone; no caller ever sees a wrapped number.
 */
#include "util/util.h"

bool lfk_add_u32(uint32_t a, uint32_t b, uint32_t *result)
{
    if (b > UINT32_MAX - a) {
        return false;
    }
    *result = a + b;
    return true;
}

bool lfk_add_size(size_t a, size_t b, size_t *result)
{
    if (b > SIZE_MAX - a) {
        return false;
    }
    *result = a + b;
    return true;
}

bool lfk_mul_size(size_t a, size_t b, size_t *result)
{
    if (a != 0 && b > SIZE_MAX / a) {
        return false;
    }
    *result = a * b;
    return true;
}

uint32_t lfk_ctz(uint32_t v)
{
    return lfk_popcount((v & (0u - v)) - 1);
}

uint32_t lfk_popcount(uint32_t v)
{
    v = v - (v >> 1 & 0x55555555u);
    v = (v & 0x33333333u) + (v >> 2 & 0x33333333u);
    v = (v + (v >> 4)) & 0x0f0f0f0fu;
    return v * 0x01010101u >> 24;
}

uint32_t lfk_log2(uint32_t v)
{
    v |= v >> 1;
    v |= v >> 2;
    v |= v >> 4;
    v |= v >> 8;
    v |= v >> 16;
    return lfk_popcount(v) - 1;
}
