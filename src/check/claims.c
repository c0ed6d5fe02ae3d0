/* SPDX-License-Identifier: MIT */
/*
 * Who owns each block. A block has one owner, the first to claim it; a second
 * is told, and so is then the first.
 */
#include "checker.h"

static void tell_shared(struct lfk_check *check, uint32_t block, uint32_t owner)
{
    uint32_t index = lfk_owner_index(owner);
    lfk_check_tell(check, LFK_FINDING_BLOCK_SHARED,
                   lfk_owner_is_pair(owner) ? lfk_about_pair(index) : lfk_about_entry(index),
                   lfk_in_block(block));
}

bool lfk_check_claim(struct lfk_check *check, uint32_t block, uint32_t owner)
{
    if (check->owners[block] == LFK_CHECK_OWNER_NONE) {
        check->owners[block] = owner;
        check->info.blocks_used++;
        return true;
    }
    if (check->shared[block] == 0) {
        check->shared[block] = 1;
        tell_shared(check, block, check->owners[block]);
    }
    tell_shared(check, block, owner);
    return false;
}

/*
 * Both versions of a pair that was moved to another block have one block in
 * common; it may be the one that counts in both by now.
 */
static bool is_other_version(const struct lfk_check *check, const struct lfk_check_pair *pair,
                             uint32_t block)
{
    uint32_t owner = check->owners[block];
    if (pair->listed || !lfk_owner_is_pair(owner)) {
        return false;
    }
    const struct lfk_check_pair *other = &check->pairs[lfk_owner_index(owner)];
    return other->stale ||
           (other->pair.block[0] == block && other->pair.block[0] == pair->pair.block[0]);
}

void lfk_check_claim_pairs(struct lfk_check *check)
{
    for (uint32_t i = 0; i < check->pair_count; i++) {
        const struct lfk_check_pair *pair = &check->pairs[i];
        int blocks = pair->pair.block[0] == pair->pair.block[1] ? 1 : 2;
        for (int k = 0; k < blocks; k++) {
            uint32_t block = pair->pair.block[k];
            if (block < check->limit && !is_other_version(check, pair, block)) {
                (void)lfk_check_claim(check, block, lfk_owner_pair(i));
            }
        }
    }
}
