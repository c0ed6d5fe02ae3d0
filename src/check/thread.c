/* SPDX-License-Identifier: MIT */
/*
 * The list that threads all metadata pairs, from blocks 0 and 1 by every tail.
 * It is complete if it ends with a null tail and every pair on it could be
 * read: only then is it known what is not on it.
 */
#include "checker.h"

/* The tail that led to a pair, for what is told about it. */
static struct lfk_finding tail_place(const struct lfk_check *check, uint32_t from)
{
    const struct lfk_check_pair *pair = &check->pairs[from];
    return lfk_at(pair->pair.block[0], pair->tail_offset);
}

/* Tells of a pointer's blocks that the image does not have, and of twice the same. */
static void check_blocks(struct lfk_check *check, uint32_t from, struct lfk_pair blocks)
{
    if (from == LFK_CHECK_NONE) {
        return;
    }
    struct lfk_finding place = tail_place(check, from);
    struct lfk_check_about about = lfk_about_pair(from);
    for (int i = 0; i < 2; i++) {
        if (!lfk_check_has_block(check, blocks.block[i])) {
            lfk_check_tell(check, LFK_FINDING_LIST_OUTSIDE, about,
                           lfk_with(place, check->limit, blocks.block[i]));
        }
    }
    if (blocks.block[0] == blocks.block[1]) {
        lfk_check_tell(check, LFK_FINDING_PAIR_SAME, about,
                       lfk_with(place, blocks.block[0], blocks.block[1]));
    }
}

/* True if the list comes back to a pair, or to a block of one. */
static bool returns(struct lfk_check *check, uint32_t from, struct lfk_pair blocks)
{
    uint32_t met = lfk_check_find_related(check, blocks);
    if (met == LFK_CHECK_NONE) {
        return false;
    }
    bool same = lfk_check_find_pair(check, blocks) != LFK_CHECK_NONE;
    lfk_check_tell(check, same ? LFK_FINDING_LIST_LOOP : LFK_FINDING_LIST_OVERLAP,
                   lfk_about_pair(from), tail_place(check, from));
    return true;
}

/* The list ends at this pair: as it should? */
static void check_last(struct lfk_check *check, uint32_t last)
{
    const struct lfk_check_pair *pair = &check->pairs[last];
    const uint32_t *tail = pair->tail.block;
    bool half = tail[0] != LFK_BLOCK_NULL || tail[1] != LFK_BLOCK_NULL;
    if (half || (pair->tail_offset != 0 && pair->tail_hard)) {
        lfk_check_tell(check, LFK_FINDING_LIST_TAIL, lfk_about_pair(last), tail_place(check, last));
        check->complete = false;
    }
}

int lfk_check_walk(struct lfk_check *check)
{
    struct lfk_pair next = LFK_PAIR_ROOT;
    uint32_t from = LFK_CHECK_NONE;
    bool hard = false;
    check->complete = true;
    while (!lfk_pair_is_null(next)) {
        uint32_t index;
        check_blocks(check, from, next);
        if (returns(check, from, next)) {
            check->complete = false;
            return LFK_OK;
        }
        TRY(lfk_check_read_pair(check, next, &index));
        struct lfk_check_pair *pair = &check->pairs[index];
        pair->listed = true;
        pair->continues = hard;
        check->info.pairs++;
        check->complete = check->complete && pair->whole;
        if (!pair->readable) {
            return LFK_OK;
        }
        from = index;
        next = pair->tail;
        hard = pair->tail_hard;
    }
    check_last(check, from);
    return LFK_OK;
}
