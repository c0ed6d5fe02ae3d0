/* SPDX-License-Identifier: MIT */
/*
 * Folds the log of a metadata block into a list of entries. The log is applied
 * forwards: CREATE inserts a slot, DELETE removes one, and every later tag uses
 * the ids as they are at that point. A NAME beyond the end extends the list.
 *
 * Invariant: fold->order is a permutation of all slots at any time, so that
 * inserting and removing move two bytes an entry and no slot is lost.
 */
#include "fold.h"

#include <string.h>

#define TAG_SIZE 4u
#define PAIR_SIZE 8u /* of an encoded pair pointer */

static void slot_clear(struct lfk_fold *fold, uint32_t index)
{
    fold->slots[fold->order[index]] = (struct lfk_entry){0};
}

static void slot_insert(struct lfk_fold *fold, uint32_t index)
{
    uint16_t slot = fold->order[fold->count];
    memmove(&fold->order[index + 1], &fold->order[index],
            (fold->count - index) * sizeof(fold->order[0]));
    fold->order[index] = slot;
    fold->count++;
    slot_clear(fold, index);
}

static void slot_remove(struct lfk_fold *fold, uint32_t index)
{
    uint16_t slot = fold->order[index];
    fold->count--;
    memmove(&fold->order[index], &fold->order[index + 1],
            (fold->count - index) * sizeof(fold->order[0]));
    fold->order[fold->count] = slot;
}

/* One fold in progress. */
struct folding {
    struct lfk_fold *fold;
    struct lfk_arena *arena;
    struct lfk_mdir *mdir;
    uint32_t block;
    struct lfk_detail *detail;
};

/* The entry's id is out of range: at most `limit` was possible. */
static int bad_id(const struct folding *f, const struct lfk_record *record, uint32_t limit)
{
    return lfk_fail_at(f->detail, LFK_ERR_CORRUPT, "the id of a metadata entry is impossible",
                       f->block, record->offset, limit, lfk_tag_id(record->tag));
}

static int too_short(const struct folding *f, const struct lfk_record *record, uint32_t size)
{
    return lfk_fail_at(f->detail, LFK_ERR_CORRUPT, "a metadata entry is too short", f->block,
                       record->offset, size, record->size);
}

/*
 * In a sound log each entry has a tag of its own, and the block has room for
 * so many: a list of entries that nothing was said of cannot outgrow its block.
 */
static uint32_t entries_max(const struct folding *f)
{
    return lfk_min(LFK_FOLD_ENTRIES_MAX, f->mdir->log.block_size / TAG_SIZE);
}

static int fold_name(const struct folding *f, const struct lfk_record *record)
{
    uint32_t id = lfk_tag_id(record->tag);
    if (id >= entries_max(f)) {
        return bad_id(f, record, entries_max(f) - 1);
    }
    while (f->fold->count <= id) {
        slot_insert(f->fold, f->fold->count);
    }
    struct lfk_entry *entry = &f->fold->slots[f->fold->order[id]];
    entry->name_type = (uint16_t)lfk_tag_type(record->tag);
    entry->name_size = (uint16_t)record->size;
    entry->name = record->data;
    return LFK_OK;
}

static int fold_struct(const struct folding *f, const struct lfk_record *record)
{
    uint32_t id = lfk_tag_id(record->tag);
    if (id >= f->fold->count) {
        return bad_id(f, record, f->fold->count);
    }
    struct lfk_entry *entry = &f->fold->slots[f->fold->order[id]];
    entry->struct_type = (uint16_t)lfk_tag_type(record->tag);
    entry->data_size = (uint16_t)record->size;
    entry->data = record->data;
    return LFK_OK;
}

static int fold_attribute(const struct folding *f, const struct lfk_record *record)
{
    uint32_t id = lfk_tag_id(record->tag);
    uint8_t type = (uint8_t)lfk_tag_chunk(record->tag);
    if (id >= f->fold->count) {
        return bad_id(f, record, f->fold->count);
    }
    struct lfk_mdir_attribute **link = &f->fold->slots[f->fold->order[id]].attributes;
    while (*link != NULL && (*link)->type < type) {
        link = &(*link)->next;
    }
    bool present = *link != NULL && (*link)->type == type;
    if (lfk_tag_is_deleted(record->tag)) {
        *link = present ? (*link)->next : *link;
        return LFK_OK;
    }
    if (!present) {
        struct lfk_mdir_attribute *added = lfk_arena_alloc(f->arena, sizeof(*added));
        if (added == NULL) {
            return lfk_fail_nomem(f->detail);
        }
        added->next = *link;
        added->type = type;
        *link = added;
    }
    (*link)->size = (uint16_t)record->size;
    (*link)->data = record->data;
    return LFK_OK;
}

static int fold_splice(const struct folding *f, const struct lfk_record *record)
{
    uint32_t id = lfk_tag_id(record->tag);
    if (lfk_tag_type(record->tag) == LFK_TYPE_CREATE) {
        if (id > f->fold->count || id >= LFK_FOLD_ENTRIES_MAX ||
            f->fold->count == LFK_FOLD_ENTRIES_MAX) {
            return bad_id(f, record, f->fold->count);
        }
        slot_insert(f->fold, id);
    } else if (lfk_tag_type(record->tag) == LFK_TYPE_DELETE) {
        if (id >= f->fold->count) {
            return bad_id(f, record, f->fold->count);
        }
        slot_remove(f->fold, id);
    }
    return LFK_OK;
}

static int fold_tail(const struct folding *f, const struct lfk_record *record)
{
    uint32_t type = lfk_tag_type(record->tag);
    if (type != LFK_TYPE_SOFT_TAIL && type != LFK_TYPE_HARD_TAIL) {
        return LFK_OK;
    }
    if (record->size < PAIR_SIZE) {
        return too_short(f, record, PAIR_SIZE);
    }
    f->mdir->tail = lfk_pair_decode(record->data);
    f->mdir->tail_hard = type == LFK_TYPE_HARD_TAIL;
    return LFK_OK;
}

static int fold_gstate(const struct folding *f, const struct lfk_record *record)
{
    if (lfk_tag_type(record->tag) != LFK_TYPE_GSTATE) {
        return LFK_OK;
    }
    if (record->size < LFK_GSTATE_SIZE) {
        return too_short(f, record, LFK_GSTATE_SIZE);
    }
    lfk_gstate_decode(&f->mdir->delta, record->data);
    return LFK_OK;
}

static int fold_record(const struct folding *f, const struct lfk_record *record)
{
    switch (lfk_tag_class(record->tag)) {
    case LFK_CLASS_NAME:
        return fold_name(f, record);
    case LFK_CLASS_STRUCT:
        return fold_struct(f, record);
    case LFK_CLASS_ATTRIBUTE:
        return fold_attribute(f, record);
    case LFK_CLASS_SPLICE:
        return fold_splice(f, record);
    case LFK_CLASS_TAIL:
        return fold_tail(f, record);
    case LFK_CLASS_GSTATE:
        return fold_gstate(f, record);
    default:
        return LFK_OK; /* CRCs, and what later versions may add */
    }
}

/* Hands the finished list over to the mdir, in order and without gaps. */
static int adopt(const struct folding *f)
{
    const struct lfk_fold *fold = f->fold;
    struct lfk_entry *entries = lfk_arena_alloc(f->arena, fold->count * sizeof(*entries));
    if (entries == NULL) {
        return lfk_fail_nomem(f->detail);
    }
    for (uint32_t i = 0; i < fold->count; i++) {
        entries[i] = fold->slots[fold->order[i]];
    }
    f->mdir->entries = entries;
    f->mdir->count = fold->count;
    return LFK_OK;
}

int lfk_fold_log(struct lfk_fold *fold, struct lfk_arena *arena, struct lfk_mdir *mdir,
                 uint32_t block, struct lfk_detail *detail)
{
    struct folding f = {fold, arena, mdir, block, detail};
    struct lfk_log_reader reader;
    struct lfk_record record;

    fold->count = 0;
    mdir->tail = LFK_PAIR_NULL;
    lfk_log_reader_start(&reader, &mdir->log);
    while (lfk_log_reader_next(&reader, &record)) {
        TRY(fold_record(&f, &record));
    }
    return adopt(&f);
}
