/* SPDX-License-Identifier: MIT */
/*
 * Global state: the XOR of the deltas that all metadata pairs carry. Its
 * reserved bits are zero in memory whatever the disk says, so that a sum of
 * deltas can be compared with zero.
 */
#include "disk/disk.h"

#define SYNC_BIT UINT32_C(0x80000000)
#define MOVE_BITS UINT32_C(0x70000000)
#define RESERVED_BITS UINT32_C(0x000003ff)

void lfk_gstate_decode(struct lfk_gstate *state, const void *bytes)
{
    const uint8_t *b = (const uint8_t *)bytes;
    state->word = lfk_get_le32(b) & ~RESERVED_BITS;
    state->pair = lfk_pair_decode(b + 4);
}

void lfk_gstate_encode(const struct lfk_gstate *state, uint8_t bytes[LFK_GSTATE_SIZE])
{
    lfk_put_le32(bytes, state->word & ~RESERVED_BITS);
    lfk_pair_encode(state->pair, bytes + 4);
}

void lfk_gstate_xor(struct lfk_gstate *state, const struct lfk_gstate *delta)
{
    state->word ^= delta->word;
    state->pair.block[0] ^= delta->pair.block[0];
    state->pair.block[1] ^= delta->pair.block[1];
}

bool lfk_gstate_has_orphans(const struct lfk_gstate *state)
{
    return (state->word & SYNC_BIT) != 0;
}

bool lfk_gstate_has_move(const struct lfk_gstate *state)
{
    return (state->word & MOVE_BITS) != 0;
}

uint32_t lfk_gstate_move_id(const struct lfk_gstate *state)
{
    return state->word >> 10 & 0x3ff;
}

bool lfk_gstate_is_zero(const struct lfk_gstate *state)
{
    return (state->word | state->pair.block[0] | state->pair.block[1]) == 0;
}

void lfk_gstate_set_orphans(struct lfk_gstate *state, bool orphans)
{
    state->word = (state->word & ~SYNC_BIT) | (orphans ? SYNC_BIT : 0);
}

void lfk_gstate_set_move(struct lfk_gstate *state, struct lfk_pair pair, uint32_t id)
{
    state->word = (state->word & SYNC_BIT) | LFK_TYPE_DELETE << 20 | id << 10;
    state->pair = pair;
}

bool lfk_gstate_moves(const struct lfk_gstate *state, struct lfk_pair pair, uint32_t id)
{
    return lfk_gstate_has_move(state) && lfk_gstate_move_id(state) == id &&
           lfk_pair_related(state->pair, pair);
}

void lfk_gstate_clear_move(struct lfk_gstate *state)
{
    state->word &= SYNC_BIT;
    state->pair = (struct lfk_pair){{0, 0}};
}
