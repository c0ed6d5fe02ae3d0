/* SPDX-License-Identifier: MIT */
/*
 * Puts commits on the device and makes sure that they are there. The image in
 * memory is encoded first, then the list is folded from it, and only then is
 * it programmed: what can fail for want of memory has succeeded by then, and the list
 * says what the block says because it was read from it.
 */
#include "store.h"
#include "fold.h"
#include "table.h"

#include <string.h>

static int bad_block(struct lfk_detail *detail, uint32_t block)
{
    return lfk_fail_block(detail, LFK_ERR_CORRUPT, "a block does not hold what was programmed",
                          block);
}

static int does_not_fit(struct lfk_detail *detail, uint32_t block)
{
    return lfk_fail_block(detail, LFK_ERR_NOSPC, "metadata does not fit in its block", block);
}

/* Programs what the commit encoded from `start` on, and reads it back. */
static int program(struct lfk_mdirs *mdirs, uint32_t block, uint32_t start,
                   const struct lfk_commit *commit, struct lfk_detail *detail)
{
    uint32_t size = commit->end - start;
    const uint8_t *bytes = commit->block + start;
    mdirs->touched = true;
    TRY(lfk_bd_prog(mdirs->bd, block, start, bytes, size, detail));
    TRY(lfk_bd_sync(mdirs->bd, detail));
    int result = lfk_bd_read(mdirs->bd, block, start, mdirs->scratch, size, detail);
    if (result == LFK_OK && memcmp(mdirs->scratch, bytes, size) != 0) {
        return bad_block(detail, block);
    }
    return result;
}

/* Ends the encoding of a commit: the unit behind it is looked at as it is on the device. */
static int finish(struct lfk_mdirs *mdirs, uint32_t block, struct lfk_commit *commit,
                  struct lfk_log *log, struct lfk_detail *detail)
{
    uint32_t next = lfk_commit_next(commit);
    if (next != 0) {
        TRY(lfk_bd_read(mdirs->bd, block, next, commit->block + next, commit->format.prog_size,
                        detail));
    }
    int end = lfk_commit_finish(commit);
    if (end < 0) {
        return does_not_fit(detail, block);
    }
    log->end = (uint32_t)end;
    log->chain = commit->chain;
    log->last_crc = commit->crc;
    log->commits++;
    log->stop = next != 0 ? LFK_STOP_INVALID : LFK_STOP_FULL;
    return LFK_OK;
}

static void add_entry(struct lfk_commit *commit, const struct lfk_entry *entry, uint32_t id)
{
    if (entry->name != NULL) {
        lfk_commit_add(commit, lfk_tag_make(entry->name_type, id, entry->name_size), entry->name);
    } else { /* damage, but those after it keep their ids */
        lfk_commit_add(commit, lfk_tag_make(LFK_TYPE_CREATE, id, 0), NULL);
    }
    if (entry->struct_type != 0) {
        lfk_commit_add(commit, lfk_tag_make(entry->struct_type, id, entry->data_size), entry->data);
    }
    for (const struct lfk_mdir_attribute *a = entry->attributes; a != NULL; a = a->next) {
        lfk_commit_add(commit, lfk_tag_make(LFK_TYPE_ATTRIBUTE + a->type, id, a->size), a->data);
    }
}

static void add_gstate(struct lfk_commit *commit, const struct lfk_gstate *delta)
{
    uint8_t bytes[LFK_GSTATE_SIZE];
    lfk_gstate_encode(delta, bytes);
    lfk_commit_add(commit, lfk_tag_make(LFK_TYPE_GSTATE, LFK_ID_NONE, sizeof(bytes)), bytes);
}

static void encode(struct lfk_commit *commit, const struct lfk_content_plan *plan)
{
    for (uint32_t id = plan->begin; id < plan->end; id++) {
        add_entry(commit, &plan->from->entries[id], id - plan->begin);
    }
    if (!lfk_pair_is_null(plan->tail)) {
        uint8_t bytes[LFK_PAIR_SIZE];
        lfk_pair_encode(plan->tail, bytes);
        lfk_commit_add(commit, lfk_tag_tail(plan->tail_hard), bytes);
    }
    if (!lfk_gstate_is_zero(&plan->delta)) {
        add_gstate(commit, &plan->delta);
    }
}

/* Folds the list from the image, and ties its entries to what those of the plan are tied to. */
static int fold_made(struct lfk_mdirs *mdirs, const struct lfk_content_plan *plan,
                     struct lfk_mdir *made, struct lfk_detail *detail)
{
    struct lfk_log_reader start;
    lfk_log_reader_start(&start, &made->log);
    TRY(lfk_fold_log(mdirs, made, start.offset, start.chain, detail));
    for (uint32_t id = 0; id < made->count; id++) {
        made->entries[id].tie = plan->from->entries[plan->begin + id].tie;
    }
    made->folded = true;
    return LFK_OK;
}

static int store_block(struct lfk_mdirs *mdirs, const struct lfk_content_plan *plan,
                       uint32_t revision, struct lfk_mdir *made, struct lfk_detail *detail)
{
    uint32_t block = made->pair.block[0];
    struct lfk_commit commit;
    lfk_commit_start(&commit, &mdirs->writing.format, made->image, revision);
    encode(&commit, plan);
    if (!lfk_commit_fits(&commit)) {
        return does_not_fit(detail, block);
    }
    TRY(lfk_bd_erase(mdirs->bd, block, detail));
    TRY(finish(mdirs, block, &commit, &made->log, detail));
    TRY(fold_made(mdirs, plan, made, detail));
    return program(mdirs, block, 0, &commit, detail);
}

int lfk_store_block(struct lfk_mdirs *mdirs, const struct lfk_content_plan *plan,
                    struct lfk_pair pair, uint32_t revision, struct lfk_mdir *made,
                    struct lfk_detail *detail)
{
    uint32_t block_size = mdirs->bd->block_size;
    uint8_t *image = lfk_alloc(mdirs->arena.allocator, block_size);
    if (image == NULL || lfk_mdirs_reserve(mdirs, pair.block[0]) < 0) {
        lfk_free(mdirs->arena.allocator, image);
        return lfk_fail_nomem(detail);
    }
    memset(image, LFK_ERASED, block_size);
    *made = (struct lfk_mdir){
        .pair = pair,
        .image = image,
        .log = {.bytes = image, .block_size = block_size, .revision = revision},
        .tail = LFK_PAIR_NULL,
    };
    int result = store_block(mdirs, plan, revision, made, detail);
    made->appendable = made->log.stop == LFK_STOP_INVALID;
    if (result < 0) {
        lfk_entries_free(mdirs, made);
        lfk_free(mdirs->arena.allocator, image);
    }
    return result;
}

bool lfk_store_revoke(struct lfk_mdirs *mdirs, uint32_t block)
{
    struct lfk_log log;
    if (lfk_bd_erase(mdirs->bd, block, NULL) < 0 || lfk_bd_sync(mdirs->bd, NULL) < 0 ||
        lfk_bd_read(mdirs->bd, block, 0, mdirs->scratch, mdirs->bd->block_size, NULL) < 0) {
        return false;
    }
    (void)lfk_log_scan(&log, mdirs->scratch, mdirs->bd->block_size);
    return log.end == 0;
}

int lfk_store_append(struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir,
                     const struct lfk_edit *edits, size_t count, const struct lfk_gstate *delta,
                     struct lfk_mdir *made, struct lfk_detail *detail)
{
    uint32_t block = mdir->pair.block[0];
    struct lfk_commit commit;
    lfk_commit_continue(&commit, &mdirs->writing.format, mdir->image, &mdir->log);
    for (size_t i = 0; i < count; i++) {
        lfk_commit_add(&commit, edits[i].tag, edits[i].data);
    }
    if (delta != NULL) {
        add_gstate(&commit, delta);
    }
    TRY(finish(mdirs, block, &commit, &made->log, detail));
    TRY(lfk_fold_log(mdirs, made, mdir->log.end, mdir->log.chain, detail));
    bool near_full = made->log.end > mdirs->writing.format.limit - LFK_COMPACT_RESERVE;
    if (made->count > LFK_PAIR_ENTRIES_MAX ||
        (near_full && !lfk_keeps_reserve(mdirs, made, mdir))) {
        return does_not_fit(detail, block);
    }
    made->appendable = made->log.stop == LFK_STOP_INVALID;
    return program(mdirs, block, mdir->log.end, &commit, detail);
}

int lfk_store_first_revision(struct lfk_mdirs *mdirs, uint32_t twin, uint32_t *revision,
                             struct lfk_detail *detail)
{
    uint8_t bytes[4];
    uint32_t period = lfk_revision_period(mdirs);
    TRY(lfk_bd_read(mdirs->bd, twin, 0, bytes, sizeof(bytes), detail));
    uint32_t found = lfk_get_le32(bytes);
    /* Modulo 2^32, as revisions are. */
    *revision = period == 0 ? found : (found + period - 1) / period * period;
    return LFK_OK;
}
