/* SPDX-License-Identifier: MIT */
/*
 * Compaction: a pair's entries written anew as one commit, to the other block
 * of the pair or, when that is worn or bad, to another block of the volume. A
 * pair that would be too full after it is split first; {0, 1}, which cannot
 * move, hands on its entries to another pair instead of wearing out.
 *
 * Invariant: nothing that the volume refers to is touched, but for the stale
 * block of the pair itself; so what was made can be given up at any time.
 */
#include "fold.h"
#include "store.h"
#include "table.h"

/* Of the volume: with less free, {0, 1} wears on rather than taking two more blocks. */
#define EXPAND_SHARE 8u

uint32_t lfk_revision_period(const struct lfk_mdirs *mdirs)
{
    int32_t cycles = mdirs->writing.block_cycles;
    /* Odd, so that the two blocks of a pair are replaced in turn. */
    return cycles > 0 ? ((uint32_t)cycles + 1) | 1 : 0;
}

/* --- sizes ------------------------------------------------------------------------ */

static uint32_t entry_size(const struct lfk_entry *entry)
{
    uint32_t size = 4u + (entry->name != NULL ? entry->name_size : 0u) +
                    (entry->struct_type != 0 ? 4u + entry->data_size : 0);
    for (const struct lfk_mdir_attribute *a = entry->attributes; a != NULL; a = a->next) {
        size += 4u + a->size;
    }
    return size;
}

/* Bytes that a compact log of the entries takes, without what is about the pair itself. */
static uint64_t live_size(const struct lfk_mdir *mdir, uint32_t begin, uint32_t end)
{
    uint64_t size = 0;
    for (uint32_t id = begin; id < end; id++) {
        size += entry_size(&mdir->entries[id]);
    }
    return size;
}

bool lfk_keeps_reserve(const struct lfk_mdirs *mdirs, const struct lfk_mdir *edited,
                       const struct lfk_mdir *before)
{
    uint64_t most = mdirs->writing.format.limit - LFK_COMPACT_RESERVE;
    uint64_t size;
    return edited->count <= 1 || (size = live_size(edited, 0, edited->count)) <= most ||
           size <= live_size(before, 0, before->count);
}

int lfk_fail_full(const struct lfk_mdir *mdir, struct lfk_detail *detail)
{
    return lfk_fail_block(detail, LFK_ERR_NOSPC,
                          "a metadata pair is full: an entry is too large, or no block is free",
                          mdir->pair.block[0]);
}

/* --- where to split --------------------------------------------------------------- */

/* True if a pair of these entries has room to grow: to half a block, for they come back soon. */
static bool is_roomy(const struct lfk_mdirs *mdirs, const struct lfk_mdir *edited, uint32_t begin,
                     uint32_t end)
{
    const struct lfk_commit_format *format = &mdirs->writing.format;
    uint32_t most = lfk_min(format->limit - LFK_COMPACT_RESERVE,
                            lfk_align_up(format->limit / 2, format->prog_size));
    return end - begin <= LFK_PAIR_ENTRIES_MAX && live_size(edited, begin, end) <= most;
}

/* The first of the entries that go to a pair of their own; `begin`: none have to. */
static uint32_t split_point(const struct lfk_mdirs *mdirs, const struct lfk_mdir *edited,
                            uint32_t begin, uint32_t end)
{
    uint32_t point = begin;
    while (end - point > 1 && !is_roomy(mdirs, edited, point, end)) {
        point += (end - point) / 2;
    }
    return point;
}

/* --- pairs that nothing refers to yet --------------------------------------------------- */

static int take(struct lfk_mdirs *mdirs, uint32_t *block, struct lfk_detail *detail)
{
    return lfk_blockmap_take(mdirs->writing.blocks, block, detail);
}

/* Writes a new pair's first block; one that is bad is replaced. */
static int store_new(struct lfk_mdirs *mdirs, const struct lfk_content_plan *plan,
                     struct lfk_mdir *made, struct lfk_detail *detail)
{
    struct lfk_pair pair;
    uint32_t revision;
    int result;
    TRY(take(mdirs, &pair.block[0], detail));
    /* A twin that cannot be read now may be read later, and then say that it is the newer one. */
    do {
        TRY(take(mdirs, &pair.block[1], detail));
        result = lfk_store_first_revision(mdirs, pair.block[1], &revision, detail);
    } while (result == LFK_ERR_CORRUPT);
    TRY(result);
    while ((result = lfk_store_block(mdirs, plan, pair, revision + 1, made, detail)) ==
           LFK_ERR_CORRUPT) {
        TRY(take(mdirs, &pair.block[0], detail));
    }
    return result;
}

static int make_pair(struct lfk_mdirs *mdirs, const struct lfk_content_plan *plan,
                     struct lfk_mdir **mdir, struct lfk_detail *detail)
{
    *mdir = lfk_arena_alloc(&mdirs->arena, sizeof(**mdir));
    if (*mdir == NULL) {
        return lfk_fail_nomem(detail);
    }
    TRY(store_new(mdirs, plan, *mdir, detail));
    lfk_mdirs_add(mdirs, *mdir);
    return LFK_OK;
}

int lfk_mdirs_create(struct lfk_mdirs *mdirs, struct lfk_pair tail, struct lfk_mdir **mdir,
                     struct lfk_detail *detail)
{
    static const struct lfk_mdir nothing;
    const struct lfk_content_plan plan = {.from = &nothing, .tail = tail};
    return make_pair(mdirs, &plan, mdir, detail);
}

/* --- compaction ------------------------------------------------------------------------- */

/* One compaction being made. */
struct compacting {
    struct lfk_mdirs *mdirs;
    const struct lfk_mdir *mdir;
    const struct lfk_gstate *change;
    bool keeps_other;
    bool has_move; /* its source: the global state knows that by this pair and its id */
    struct lfk_compaction *made;
    struct lfk_content_plan plan; /* of what is left to the pair itself */
    struct lfk_detail *detail;
};

/* Makes a pair of the entries from `begin` on, and what is left ends with a hard tail to it. */
static int hand_on(struct compacting *c, uint32_t begin)
{
    struct lfk_content_plan plan = c->plan;
    plan.begin = begin;
    plan.delta = (struct lfk_gstate){0};
    struct lfk_mdir *made;
    TRY(make_pair(c->mdirs, &plan, &made, c->detail));
    for (uint32_t i = c->made->split_count++; i > 0; i--) {
        c->made->splits[i] = c->made->splits[i - 1];
    }
    c->made->splits[0] = made;
    c->plan.end = begin;
    c->plan.tail = made->pair;
    c->plan.tail_hard = true;
    return LFK_OK;
}

static int split(struct compacting *c)
{
    uint32_t point;
    while (c->made->split_count + 1 < LFK_SPLITS_MAX &&
           (point = split_point(c->mdirs, c->plan.from, 0, c->plan.end)) != 0) {
        int result = hand_on(c, point);
        if (result == LFK_ERR_NOSPC) {
            return LFK_OK; /* a full pair is better than none */
        }
        TRY(result);
    }
    return LFK_OK;
}

static bool is_root_pair(const struct lfk_mdir *mdir)
{
    return lfk_pair_same(mdir->pair, LFK_PAIR_ROOT);
}

/* {0, 1} is due to be replaced: all it has goes to another pair, if the volume is not too full. */
static int expand(struct compacting *c)
{
    const struct lfk_mdirs *mdirs = c->mdirs;
    uint64_t used = lfk_mdirs_blocks_used(mdirs);
    if (!lfk_mdir_is_superblock(c->plan.from, 0) || used >= mdirs->block_count ||
        mdirs->block_count - used <= mdirs->block_count / EXPAND_SHARE) {
        return LFK_OK;
    }
    int result = hand_on(c, 0);
    if (result == LFK_ERR_NOSPC) {
        return LFK_OK;
    }
    c->plan.end = result == LFK_OK ? 1 : c->plan.end;
    c->made->expanded = result == LFK_OK;
    return result;
}

/*
 * The block that stays in the pair when `block` comes into it. An other block that is
 * kept goes with the pair, so that both are known for versions of one; and so does
 * what a pending move knows the pair by.
 */
static uint32_t twin_of(const struct compacting *c, uint32_t block)
{
    const uint32_t *own = c->mdir->pair.block;
    const struct lfk_pair newer = {{own[0], own[0]}};
    bool hides_move = c->has_move && !lfk_pair_related(c->mdirs->gstate.pair, newer);
    bool keeps_other = block != own[1] && (c->keeps_other || hides_move);
    return own[keeps_other ? 1 : 0];
}

/* Newer than the pair's, and than what its block `twin` says, which may be a commit that failed. */
static int next_revision(const struct compacting *c, uint32_t twin, uint32_t *revision)
{
    uint32_t own = c->mdir->log.revision;
    uint32_t other = own;
    bool readable = true;
    if (twin != c->mdir->pair.block[0]) {
        TRY(lfk_mdirs_read_revision(c->mdirs, twin, &readable, &other, c->detail));
    }
    if (!readable) {
        other = own + 1; /* such a commit has no other */
    }
    *revision = (lfk_revision_is_newer(other, own) ? other : own) + 1;
    return LFK_OK;
}

static int store_at(struct compacting *c, uint32_t block)
{
    struct lfk_pair pair = {{block, twin_of(c, block)}};
    struct lfk_content_plan plan = c->plan;
    uint32_t revision;
    TRY(next_revision(c, pair.block[1], &revision));
    if (!c->made->relocated) {
        lfk_gstate_xor(&plan.delta, c->change);
    }
    return lfk_store_block(c->mdirs, &plan, pair, revision, &c->made->made, c->detail);
}

/*
 * True if the pair has to stay where it is. Until the tail before it follows, the
 * list leads to a pair as it was before it moved. That will not do for one of which
 * nobody knows what it adds there to the global state: the mark that the tail has
 * to follow could be lost.
 */
static bool is_fixed(const struct lfk_mdir *mdir)
{
    bool is_passed_by =
        lfk_mdir_is_head(mdir) && mdir->parent != NULL && mdir->parent != mdir->prev;
    return mdir->unsettled && mdir->state_unsure && is_passed_by;
}

/* Writes what is left to the pair into its other block, or into one that takes its place. */
static int store_own(struct compacting *c, bool worn)
{
    const uint32_t own = c->mdir->pair.block[1];
    uint32_t block = own;
    int result;
    if (worn || c->keeps_other) {
        result = take(c->mdirs, &block, c->detail);
        c->made->relocated = result == LFK_OK;
        if (result < 0 && (result != LFK_ERR_NOSPC || c->keeps_other)) {
            return result;
        }
    }
    while ((result = store_at(c, block)) == LFK_ERR_CORRUPT) {
        c->made->spoiled |= block == own && !lfk_store_revoke(c->mdirs, block);
        if (is_root_pair(c->mdir)) {
            return lfk_fail_block(c->detail, LFK_ERR_NOSPC,
                                  "a block of the superblock's pair is bad and cannot be replaced",
                                  block);
        }
        if (is_fixed(c->mdir) && !c->made->relocated) {
            return lfk_fail_block(c->detail, LFK_ERR_IO,
                                  "a block is bad, and what its pair says is not known after a "
                                  "failure: mount the volume anew",
                                  block);
        }
        TRY(take(c->mdirs, &block, c->detail));
        c->made->relocated = true;
    }
    c->made->spoiled |= result < 0 && block == own;
    return result;
}

/*
 * The block is due to be replaced, and may be now. A pair to which a commit was appended
 * that is perhaps there, although it failed, stays: else the list could lead to that.
 */
static bool is_worn(const struct compacting *c)
{
    uint32_t period = lfk_revision_period(c->mdirs);
    return period != 0 && (c->mdir->log.revision + 1) % period == 0 && !c->mdirs->repairing &&
           !c->mdirs->touched && !c->mdir->unsettled && !c->has_move;
}

static int compact(struct compacting *c)
{
    bool worn = is_worn(c);
    if (!c->has_move) {
        TRY(split(c));
    }
    if (c->made->split_count == 0 && !lfk_keeps_reserve(c->mdirs, c->plan.from, c->mdir)) {
        return lfk_fail_full(c->mdir, c->detail);
    }
    if (worn && is_root_pair(c->mdir)) {
        TRY(expand(c));
    }
    return store_own(c, worn && !is_root_pair(c->mdir));
}

/*
 * True if the pair has the source of a pending move. That is known by the blocks of the
 * pair and its id, which must stay what they are: the global state can be changed with
 * the pair only where that is on the list. Commits to such a pair only follow others,
 * none of them shifts ids: a move is completed before anything else is changed.
 */
static bool has_move(const struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir)
{
    const struct lfk_gstate *gstate = &mdirs->gstate;
    return lfk_gstate_has_move(gstate) && lfk_pair_related(gstate->pair, mdir->pair) &&
           lfk_gstate_move_id(gstate) < mdir->count;
}

int lfk_compact(struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir, const struct lfk_mdir *edited,
                const struct lfk_gstate *change, bool keeps_other,
                struct lfk_compaction *compaction, struct lfk_detail *detail)
{
    struct compacting c = {
        .mdirs = mdirs,
        .mdir = mdir,
        .change = change,
        .keeps_other = keeps_other,
        .has_move = has_move(mdirs, mdir),
        .made = compaction,
        .plan = {.from = edited,
                 .end = edited->count,
                 .tail = edited->tail,
                 .tail_hard = edited->tail_hard,
                 .delta = edited->delta},
        .detail = detail,
    };
    *compaction = (struct lfk_compaction){0};
    int result = compact(&c);
    if (result < 0) {
        lfk_compaction_discard(mdirs, compaction);
    }
    return result;
}

void lfk_compaction_discard(struct lfk_mdirs *mdirs, struct lfk_compaction *compaction)
{
    for (uint32_t i = 0; i < compaction->split_count; i++) {
        lfk_mdirs_forget(mdirs, compaction->splits[i]);
    }
    compaction->split_count = 0;
}

/* --- format --------------------------------------------------------------------------------- */

int lfk_mdirs_format(struct lfk_mdirs *mdirs, const struct lfk_superblock *superblock,
                     struct lfk_detail *detail)
{
    uint8_t bytes[LFK_SUPERBLOCK_SIZE];
    struct lfk_entry entry = {
        .name = (const uint8_t *)LFK_MAGIC,
        .name_size = LFK_MAGIC_SIZE,
        .name_type = LFK_TYPE_SUPERBLOCK,
        .data = bytes,
        .data_size = sizeof(bytes),
        .struct_type = LFK_TYPE_INLINE_STRUCT,
    };
    const struct lfk_mdir from = {.entries = &entry, .count = 1};
    const struct lfk_content_plan plan = {.from = &from, .end = 1, .tail = LFK_PAIR_NULL};
    uint32_t revision;
    lfk_superblock_encode(superblock, bytes);
    int readable = lfk_store_first_revision(mdirs, 1, &revision, detail);
    if (readable == LFK_ERR_CORRUPT) {
        revision = 0; /* it is written next */
    } else {
        TRY(readable);
    }
    /* Both blocks, so that no older volume can be mounted from the second. */
    for (uint32_t block = 0; block < 2; block++) {
        struct lfk_mdir made;
        const struct lfk_pair pair = {{block, 1 - block}};
        int result = lfk_store_block(mdirs, &plan, pair, revision + 1 + block, &made, detail);
        if (result == LFK_ERR_CORRUPT) {
            return lfk_fail_block(detail, LFK_ERR_NOSPC, "a block of the superblock's pair is bad",
                                  block);
        }
        TRY(result);
        lfk_entries_free(mdirs, &made);
        lfk_free(mdirs->arena.allocator, made.image);
    }
    return LFK_OK;
}
