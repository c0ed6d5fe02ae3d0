/* SPDX-License-Identifier: MIT */
/*
 * Metadata pair pointers: two block numbers, eight bytes on disk. Every
 * comparison treats {a, b} and {b, a} alike.
 */
#include "disk/disk.h"

bool lfk_pair_is_null(struct lfk_pair p)
{
    return p.block[0] == LFK_BLOCK_NULL || p.block[1] == LFK_BLOCK_NULL;
}

bool lfk_pair_same(struct lfk_pair a, struct lfk_pair b)
{
    return (a.block[0] == b.block[0] && a.block[1] == b.block[1]) ||
           (a.block[0] == b.block[1] && a.block[1] == b.block[0]);
}

bool lfk_pair_related(struct lfk_pair a, struct lfk_pair b)
{
    return a.block[0] == b.block[0] || a.block[0] == b.block[1] || a.block[1] == b.block[0] ||
           a.block[1] == b.block[1];
}

struct lfk_pair lfk_pair_decode(const void *bytes)
{
    const uint8_t *b = (const uint8_t *)bytes;
    return (struct lfk_pair){{lfk_get_le32(b), lfk_get_le32(b + 4)}};
}

void lfk_pair_encode(struct lfk_pair p, void *bytes)
{
    uint8_t *b = (uint8_t *)bytes;
    lfk_put_le32(b, p.block[0]);
    lfk_put_le32(b + 4, p.block[1]);
}
