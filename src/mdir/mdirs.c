/* SPDX-License-Identifier: MIT */
/*
 * The metadata blocks read so far, by block number. A pair is resolved by
 * comparing the revisions of its two blocks, which costs two small reads; what
 * is expensive, checking a block's CRCs and folding its log, is done once for
 * each block however many pointers, sound or not, lead to it. So time and
 * memory are bounded by the size of the image.
 *
 * Invariant: what is in a slot stays, and is of the block whose number it is at.
 */
#include "fold.h"
#include "mdir/mdir.h"

#include <string.h>

#define REVISION_SIZE 4u
#define PAGE_SLOTS 256u

/*
 * The mdirs of a row of blocks. Plain tables, and no hash: an image cannot
 * choose its blocks so that they are slow to find.
 */
struct lfk_mdir_page {
    struct lfk_mdir *slots[PAGE_SLOTS];
};

void lfk_mdirs_open(struct lfk_mdirs *mdirs, struct lfk_bd *bd,
                    const struct lfk_allocator *allocator)
{
    *mdirs = (struct lfk_mdirs){.bd = bd, .block_count = LFK_BLOCK_NULL};
    mdirs->arena.allocator = allocator;
}

void lfk_mdirs_close(struct lfk_mdirs *mdirs)
{
    lfk_free(mdirs->arena.allocator, (void *)mdirs->pages);
    lfk_free(mdirs->arena.allocator, mdirs->fold);
    lfk_arena_free(&mdirs->arena);
    *mdirs = (struct lfk_mdirs){0};
}

/* Where the block belongs, its page made if need be; NULL: no memory. */
static struct lfk_mdir **slot_of(struct lfk_mdirs *mdirs, uint32_t block)
{
    if (mdirs->pages == NULL) {
        mdirs->pages =
            lfk_alloc_zeroed(mdirs->arena.allocator, mdirs->bd->block_count / PAGE_SLOTS + 1,
                             sizeof(struct lfk_mdir_page *));
        if (mdirs->pages == NULL) {
            return NULL;
        }
    }
    struct lfk_mdir_page **page = &mdirs->pages[block / PAGE_SLOTS];
    if (*page == NULL) {
        *page = lfk_arena_alloc(&mdirs->arena, sizeof(**page));
        if (*page == NULL) {
            return NULL;
        }
        **page = (struct lfk_mdir_page){{NULL}};
    }
    return &(*page)->slots[block % PAGE_SLOTS];
}

/* The whole block as stable memory; read into the arena if it cannot be mapped. */
static int block_bytes(struct lfk_mdirs *mdirs, uint32_t block, const void **bytes,
                       struct lfk_detail *detail)
{
    *bytes = lfk_bd_map(mdirs->bd, block);
    if (*bytes != NULL) {
        return LFK_OK;
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
    struct lfk_detail *kept = lfk_arena_alloc(&mdirs->arena, sizeof(*kept));
    if (kept == NULL) {
        return LFK_ERR_NOMEM;
    }
    *kept = *damage;
    mdir->damage = kept;
    return LFK_OK;
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
    if (pair.block[0] >= mdirs->bd->block_count) { /* nothing is kept of what is not there */
        (void)lfk_bd_read(mdirs->bd, pair.block[0], 0, NULL, 0, detail);
        return LFK_ERR_CORRUPT;
    }
    struct lfk_mdir **slot = slot_of(mdirs, pair.block[0]);
    if (slot == NULL) {
        return lfk_fail_nomem(detail);
    }
    if (*slot == NULL) {
        struct lfk_mdir *added = lfk_arena_alloc(&mdirs->arena, sizeof(*added));
        if (added == NULL) {
            return lfk_fail_nomem(detail);
        }
        *added = (struct lfk_mdir){.pair = pair};
        TRY(scan(mdirs, added, pair.block[0], detail));
        *slot = added;
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
    struct lfk_detail failure = {0};
    int result = lfk_bd_read(mdirs->bd, block, 0, bytes, REVISION_SIZE, &failure);
    *readable = result == LFK_OK;
    *revision = *readable ? lfk_get_le32(bytes) : 0;
    if (*readable || result == LFK_ERR_CORRUPT) {
        return LFK_OK;
    }
    if (detail != NULL) {
        *detail = failure;
    }
    return result;
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
    if (current->log.end == 0 && pair.block[1] < mdirs->bd->block_count) {
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
