/* SPDX-License-Identifier: MIT */
/*
 * The metadata blocks read so far, by block number. A pair is resolved by
 * comparing the revisions of its two blocks, which costs two small reads; what
 * is expensive, checking a block's CRCs and folding its log, is done once for
 * each block however many pointers, sound or not, lead to it. So time and
 * memory are bounded by the size of the image.
 *
 * Invariant: a block is in `slots` at most once, and stays.
 */
#include "fold.h"
#include "mdir/mdir.h"

#include <string.h>

#define ROOM_MIN 64u
#define REVISION_SIZE 4u

void lfk_mdirs_open(struct lfk_mdirs *mdirs, struct lfk_bd *bd,
                    const struct lfk_allocator *allocator)
{
    *mdirs = (struct lfk_mdirs){.bd = bd, .block_count = LFK_BLOCK_NULL};
    mdirs->arena.allocator = allocator;
}

void lfk_mdirs_close(struct lfk_mdirs *mdirs)
{
    lfk_free(mdirs->arena.allocator, mdirs->slots);
    lfk_free(mdirs->arena.allocator, mdirs->fold);
    lfk_arena_free(&mdirs->arena);
    *mdirs = (struct lfk_mdirs){0};
}

/* The slot that holds the block, or the empty one it belongs in. */
static struct lfk_mdir **slot_of(struct lfk_mdir **slots, size_t room, uint32_t block)
{
    size_t at = (block * UINT32_C(2654435769)) >> 7; /* spreads neighbours */
    while (slots[at & (room - 1)] != NULL && slots[at & (room - 1)]->pair.block[0] != block) {
        at++;
    }
    return &slots[at & (room - 1)];
}

/* Keeps a quarter of the slots empty, so that a search ends soon. */
static int make_room(struct lfk_mdirs *mdirs)
{
    const struct lfk_allocator *allocator = mdirs->arena.allocator;
    size_t room = mdirs->room == 0 ? ROOM_MIN : mdirs->room * 2;
    if (mdirs->count < mdirs->room / 4 * 3) {
        return LFK_OK;
    }
    struct lfk_mdir **slots = lfk_alloc_zeroed(allocator, room, sizeof(struct lfk_mdir *));
    if (slots == NULL) {
        return LFK_ERR_NOMEM;
    }
    for (size_t i = 0; i < mdirs->room; i++) {
        if (mdirs->slots[i] != NULL) {
            *slot_of(slots, room, mdirs->slots[i]->pair.block[0]) = mdirs->slots[i];
        }
    }
    lfk_free(allocator, mdirs->slots);
    mdirs->slots = slots;
    mdirs->room = room;
    return LFK_OK;
}

/* The whole block as stable memory; read into the arena if it cannot be mapped. */
static int block_bytes(struct lfk_mdirs *mdirs, uint32_t block, const void **bytes,
                       struct lfk_detail *detail)
{
    *bytes = lfk_bd_map(mdirs->bd, block);
    if (*bytes != NULL) {
        return LFK_OK;
    }
    if (block >= mdirs->bd->block_count) { /* fails, and needs no memory to do so */
        return lfk_bd_read(mdirs->bd, block, 0, NULL, 0, detail);
    }
    void *copy = lfk_arena_alloc(&mdirs->arena, mdirs->bd->block_size);
    if (copy == NULL) {
        return lfk_fail_nomem(detail);
    }
    *bytes = copy;
    return lfk_bd_read(mdirs->bd, block, 0, copy, mdirs->bd->block_size, detail);
}

/* Remembers why the block cannot be used. */
static int set_damage(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir,
                      const struct lfk_detail *damage)
{
    mdir->damage = lfk_arena_copy(&mdirs->arena, damage, sizeof(*damage));
    return mdir->damage != NULL ? LFK_OK : LFK_ERR_NOMEM;
}

/* Finds the valid part of the block's log; a block without one is damaged. */
static int scan(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, uint32_t block,
                struct lfk_detail *detail)
{
    static const char what[] = "a metadata block has no valid commit";
    struct lfk_detail damage = {0};
    const void *bytes;
    int result = block_bytes(mdirs, block, &bytes, &damage);
    if (result == LFK_OK) {
        if (lfk_log_scan(&mdir->log, bytes, mdirs->bd->block_size)) {
            return LFK_OK;
        }
        if (mdir->log.stop == LFK_STOP_CRC) {
            (void)lfk_fail_at(&damage, LFK_ERR_CORRUPT, what, block, mdir->log.stop_offset,
                              mdir->log.crc_expected, mdir->log.crc_found);
        } else {
            (void)lfk_fail_block(&damage, LFK_ERR_CORRUPT, what, block);
        }
    } else if (result != LFK_ERR_CORRUPT) {
        if (detail != NULL) {
            *detail = damage;
        }
        return result;
    }
    return set_damage(mdirs, mdir, &damage) < 0 ? lfk_fail_nomem(detail) : LFK_OK;
}

/* The block, scanned but perhaps not folded yet. */
static int get_block(struct lfk_mdirs *mdirs, struct lfk_pair pair, struct lfk_mdir **mdir,
                     struct lfk_detail *detail)
{
    if (make_room(mdirs) < 0) {
        return lfk_fail_nomem(detail);
    }
    struct lfk_mdir **slot = slot_of(mdirs->slots, mdirs->room, pair.block[0]);
    if (*slot == NULL) {
        struct lfk_mdir *added = lfk_arena_alloc(&mdirs->arena, sizeof(*added));
        if (added == NULL) {
            return lfk_fail_nomem(detail);
        }
        *added = (struct lfk_mdir){.pair = pair};
        TRY(scan(mdirs, added, pair.block[0], detail));
        *slot = added;
        mdirs->count++;
    }
    *mdir = *slot;
    return LFK_OK;
}

static int fold(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, struct lfk_detail *detail)
{
    struct lfk_detail damage = {0};
    if (mdirs->fold == NULL) {
        mdirs->fold = lfk_alloc(mdirs->arena.allocator, sizeof(*mdirs->fold));
        if (mdirs->fold == NULL) {
            return lfk_fail_nomem(detail);
        }
        for (uint32_t i = 0; i < LFK_FOLD_ENTRIES_MAX; i++) {
            mdirs->fold->order[i] = (uint16_t)i;
        }
    }
    int result = lfk_fold_log(mdirs->fold, &mdirs->arena, mdir, mdir->pair.block[0], &damage);
    if (result == LFK_ERR_CORRUPT) {
        result = set_damage(mdirs, mdir, &damage);
    }
    if (result < 0) {
        return lfk_fail_nomem(detail);
    }
    mdir->folded = true;
    return LFK_OK;
}

/* Reads a block's revision; false if the block is not there or cannot be read. */
static int read_revision(struct lfk_mdirs *mdirs, uint32_t block, bool *readable,
                         uint32_t *revision, struct lfk_detail *detail)
{
    uint8_t bytes[REVISION_SIZE];
    int result = lfk_bd_read(mdirs->bd, block, 0, bytes, REVISION_SIZE, detail);
    *readable = result == LFK_OK;
    *revision = *readable ? lfk_get_le32(bytes) : 0;
    return result == LFK_ERR_CORRUPT ? LFK_OK : result;
}

/* Puts the block that is current, unless it turns out to be bad, first. */
static int order_by_revision(struct lfk_mdirs *mdirs, struct lfk_pair *pair,
                             struct lfk_detail *detail)
{
    uint32_t revision[2];
    bool readable[2];
    for (int i = 0; i < 2; i++) {
        TRY(read_revision(mdirs, pair->block[i], &readable[i], &revision[i], detail));
    }
    bool second_is_newer = lfk_revision_is_newer(revision[1], revision[0]);
    if (readable[1] && (!readable[0] || second_is_newer)) {
        *pair = (struct lfk_pair){{pair->block[1], pair->block[0]}};
    }
    return LFK_OK;
}

static int check_range(const struct lfk_mdirs *mdirs, struct lfk_pair pair,
                       struct lfk_detail *detail)
{
    for (int i = 0; i < 2; i++) {
        if (pair.block[i] >= mdirs->block_count) {
            return lfk_fail_field(detail, LFK_ERR_CORRUPT, "a metadata pair is outside the volume",
                                  "block", mdirs->block_count, pair.block[i]);
        }
    }
    return LFK_OK;
}

/* A block that never held a commit is no sign of damage. */
static bool is_blank(const struct lfk_log *log)
{
    return log->bytes == NULL || memcmp(log->bytes, "\xff\xff\xff\xff\xff\xff\xff\xff", 8) == 0 ||
           memcmp(log->bytes, "\0\0\0\0\0\0\0\0", 8) == 0;
}

int lfk_mdirs_get(struct lfk_mdirs *mdirs, struct lfk_pair pair, struct lfk_mdir **mdir,
                  struct lfk_detail *detail)
{
    struct lfk_mdir *current;
    TRY(check_range(mdirs, pair, detail));
    TRY(order_by_revision(mdirs, &pair, detail));
    TRY(get_block(mdirs, pair, &current, detail));
    if (current->log.end == 0) {
        struct lfk_mdir *newer = current;
        TRY(get_block(mdirs, (struct lfk_pair){{pair.block[1], pair.block[0]}}, &current, detail));
        if (current->log.end == 0) {
            current = newer; /* neither is usable: what is wrong with this one tells more */
        } else {
            current->other_bad = !is_blank(&newer->log);
        }
    }
    if (current->damage == NULL && !current->folded) {
        TRY(fold(mdirs, current, detail));
    }
    if (current->damage != NULL) {
        if (detail != NULL) {
            *detail = *current->damage;
        }
        return current->damage->status;
    }
    *mdir = current;
    return LFK_OK;
}
