/* SPDX-License-Identifier: MIT */
/*
 * Reads a pair. It is resolved by comparing the revisions of its two blocks,
 * which costs two small reads; what is expensive, reading a block as far as its
 * log reaches, checking its CRCs and folding it, is done once for each block
 * however many pointers, sound or not, lead to it. So time and memory are bounded by the size of
 * the image.
 */
#include "fold.h"
#include "table.h"

#include <string.h>

#define REVISION_SIZE 4u
#define FIRST_READ 256u /* bytes: the whole log of a small directory */

/* A block that is written to has a copy of its own in memory. */
static int take_image(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, const void **bytes,
                      struct lfk_detail *detail)
{
    mdir->image = lfk_alloc(mdirs->arena.allocator, mdirs->bd->block_size);
    *bytes = mdir->image;
    return mdir->image != NULL ? LFK_OK : lfk_fail_nomem(detail);
}

/*
 * Reads on until at least `wanted` bytes of the block are known: half as many
 * again as are known already, but no more at a time than fit in a device's cache.
 */
static int read_on(struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir, uint32_t wanted,
                   uint32_t *known, struct lfk_detail *detail)
{
    uint32_t block_size = mdirs->bd->block_size;
    uint32_t most = mdirs->writing.read_max != 0 ? mdirs->writing.read_max : block_size;
    while (*known < wanted) {
        uint32_t piece = *known == 0 ? FIRST_READ : (*known + 1) / 2;
        piece = lfk_min(lfk_min(piece, most), block_size - *known);
        TRY(lfk_bd_read(mdirs->bd, mdir->pair.block[0], *known, mdir->image + *known, piece,
                        detail));
        *known += piece;
    }
    return LFK_OK;
}

/* Reads what tells whether a commit can be appended; where that cannot be read, none can. */
static int read_behind(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, uint32_t *known,
                       struct lfk_detail *detail)
{
    struct lfk_log *log = &mdir->log;
    if (!log->has_fcrc || log->fcrc_size > log->block_size - log->end) {
        return LFK_OK;
    }
    int result = read_on(mdirs, mdir, log->end + log->fcrc_size, known, detail);
    if (result == LFK_ERR_CORRUPT) {
        log->has_fcrc = false;
        return LFK_OK;
    }
    return result;
}

/* Reads the block as far as its log reaches and finds the end of that. */
static int read_log(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, struct lfk_detail *detail)
{
    struct lfk_log_scanner scanner;
    uint32_t known = 0;
    const void *bytes =
        mdirs->writing.blocks == NULL ? lfk_bd_map(mdirs->bd, mdir->pair.block[0]) : NULL;
    if (bytes != NULL) {
        (void)lfk_log_scan(&mdir->log, bytes, mdirs->bd->block_size);
        return LFK_OK;
    }
    TRY(take_image(mdirs, mdir, &bytes, detail));
    lfk_log_scanner_start(&scanner, &mdir->log, bytes, mdirs->bd->block_size);
    while (!lfk_log_scanner_run(&scanner, known)) {
        TRY(read_on(mdirs, mdir, scanner.wanted, &known, detail));
    }
    return read_behind(mdirs, mdir, &known, detail);
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
static int scan(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, struct lfk_detail *detail)
{
    static const char what[] = "a metadata block has no valid commit";
    struct lfk_detail damage = {0};
    uint32_t block = mdir->pair.block[0];
    int result = read_log(mdirs, mdir, &damage);
    if (result == LFK_OK) {
        if (mdir->log.end != 0) {
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
    } else {
        mdir->log = (struct lfk_log){0}; /* what could be read of it may not be the newest */
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
    *mdir = lfk_mdirs_find(mdirs, pair.block[0]);
    if (*mdir != NULL) {
        return LFK_OK;
    }
    struct lfk_mdir *added = lfk_arena_alloc(&mdirs->arena, sizeof(*added));
    if (added == NULL || lfk_mdirs_reserve(mdirs, pair.block[0]) < 0) {
        return lfk_fail_nomem(detail);
    }
    *added = (struct lfk_mdir){.pair = pair, .tail = LFK_PAIR_NULL};
    int result = scan(mdirs, added, detail);
    if (result < 0) {
        lfk_free(mdirs->arena.allocator, added->image);
        return result;
    }
    lfk_mdirs_add(mdirs, added);
    *mdir = added;
    return LFK_OK;
}

static int fold(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, struct lfk_detail *detail)
{
    struct lfk_detail damage = {0};
    struct lfk_log_reader start;
    lfk_log_reader_start(&start, &mdir->log);
    int result = lfk_fold_log(mdirs, mdir, start.offset, start.chain, &damage);
    if (result == LFK_ERR_CORRUPT) {
        result = set_damage(mdirs, mdir, &damage);
    }
    if (result < 0) {
        lfk_entries_free(mdirs, mdir); /* half a list is none */
        return lfk_fail_nomem(detail);
    }
    mdir->folded = true;
    mdir->appendable = mdirs->writing.blocks != NULL &&
                       lfk_log_is_appendable(&mdir->log, mdirs->writing.format.prog_size,
                                             mdirs->writing.format.disk_version);
    return LFK_OK;
}

int lfk_mdirs_read_revision(struct lfk_mdirs *mdirs, uint32_t block, bool *readable,
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
        TRY(lfk_mdirs_read_revision(mdirs, pair->block[i], &readable[i], &revision[i], detail));
    }
    bool second_is_newer = lfk_revision_is_newer(revision[1], revision[0]);
    if (readable[1] && (!readable[0] || second_is_newer)) {
        *pair = (struct lfk_pair){{pair->block[1], pair->block[0]}};
    }
    return LFK_OK;
}

/* A block that never held a commit is no sign of damage. */
static bool is_blank(const struct lfk_log *log)
{
    return log->bytes == NULL || memcmp(log->bytes, "\xff\xff\xff\xff\xff\xff\xff\xff", 8) == 0 ||
           memcmp(log->bytes, "\0\0\0\0\0\0\0\0", 8) == 0;
}

int lfk_mdirs_fetch(struct lfk_mdirs *mdirs, struct lfk_pair pair, struct lfk_mdir **mdir,
                    struct lfk_detail *detail)
{
    TRY(order_by_revision(mdirs, &pair, detail));
    TRY(get_block(mdirs, pair, mdir, detail));
    if ((*mdir)->log.end == 0 && pair.block[1] < mdirs->bd->block_count) {
        struct lfk_mdir *newer = *mdir;
        TRY(get_block(mdirs, (struct lfk_pair){{pair.block[1], pair.block[0]}}, mdir, detail));
        if ((*mdir)->log.end == 0) {
            *mdir = newer; /* neither is usable: what is wrong with this one tells more */
        } else {
            (*mdir)->other_bad = !is_blank(&newer->log);
        }
    }
    if ((*mdir)->damage == NULL && !(*mdir)->folded) {
        return fold(mdirs, *mdir, detail);
    }
    return LFK_OK;
}
