/* SPDX-License-Identifier: MIT */
/*
 * Folds tags into a list of entries. The log is applied forwards: CREATE
 * inserts an entry, DELETE removes one, and every later tag uses the ids as
 * they are at that point. A NAME beyond the end extends the list.
 */
#include "fold.h"

#include <string.h>

#define TAG_SIZE 4u

/* One tag being applied. */
struct folding {
    struct lfk_mdirs *mdirs;
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

static int insert(const struct folding *f, uint32_t id)
{
    return lfk_entries_insert(f->mdirs, f->mdir, id) < 0 ? lfk_fail_nomem(f->detail) : LFK_OK;
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
    while (f->mdir->count <= id) {
        TRY(insert(f, f->mdir->count));
    }
    struct lfk_entry *entry = &f->mdir->entries[id];
    entry->name_type = (uint16_t)lfk_tag_type(record->tag);
    entry->name_size = (uint16_t)record->size;
    entry->name = record->data;
    return LFK_OK;
}

static int fold_struct(const struct folding *f, const struct lfk_record *record)
{
    uint32_t id = lfk_tag_id(record->tag);
    if (id >= f->mdir->count) {
        return bad_id(f, record, f->mdir->count);
    }
    struct lfk_entry *entry = &f->mdir->entries[id];
    entry->struct_type = (uint16_t)lfk_tag_type(record->tag);
    entry->data_size = (uint16_t)record->size;
    entry->data = record->data;
    return LFK_OK;
}

static int fold_attribute(const struct folding *f, const struct lfk_record *record)
{
    uint32_t id = lfk_tag_id(record->tag);
    uint8_t type = (uint8_t)lfk_tag_chunk(record->tag);
    if (id >= f->mdir->count) {
        return bad_id(f, record, f->mdir->count);
    }
    struct lfk_entry *entry = &f->mdir->entries[id];
    struct lfk_mdir_attribute *attribute;
    if (lfk_tag_is_deleted(record->tag)) {
        lfk_entry_remove_attribute(f->mdirs, entry, type);
        return LFK_OK;
    }
    if (lfk_entry_add_attribute(f->mdirs, entry, type, &attribute) < 0) {
        return lfk_fail_nomem(f->detail);
    }
    attribute->size = (uint16_t)record->size;
    attribute->data = record->data;
    return LFK_OK;
}

static int fold_splice(const struct folding *f, const struct lfk_record *record)
{
    uint32_t id = lfk_tag_id(record->tag);
    uint32_t count = f->mdir->count;
    if (lfk_tag_type(record->tag) == LFK_TYPE_CREATE) {
        if (id > count || id >= LFK_FOLD_ENTRIES_MAX || count == LFK_FOLD_ENTRIES_MAX) {
            return bad_id(f, record, count);
        }
        return insert(f, id);
    }
    if (lfk_tag_type(record->tag) == LFK_TYPE_DELETE) {
        if (id >= count) {
            return bad_id(f, record, count);
        }
        lfk_entries_remove(f->mdirs, f->mdir, id);
    }
    return LFK_OK;
}

static int fold_tail(const struct folding *f, const struct lfk_record *record)
{
    uint32_t type = lfk_tag_type(record->tag);
    if (type != LFK_TYPE_SOFT_TAIL && type != LFK_TYPE_HARD_TAIL) {
        return LFK_OK;
    }
    if (record->size < LFK_PAIR_SIZE) {
        return too_short(f, record, LFK_PAIR_SIZE);
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

int lfk_fold_record(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, const struct lfk_record *record,
                    uint32_t block, struct lfk_detail *detail)
{
    const struct folding f = {mdirs, mdir, block, detail};
    switch (lfk_tag_class(record->tag)) {
    case LFK_CLASS_NAME:
        return fold_name(&f, record);
    case LFK_CLASS_STRUCT:
        return fold_struct(&f, record);
    case LFK_CLASS_ATTRIBUTE:
        return fold_attribute(&f, record);
    case LFK_CLASS_SPLICE:
        return fold_splice(&f, record);
    case LFK_CLASS_TAIL:
        return fold_tail(&f, record);
    case LFK_CLASS_GSTATE:
        return fold_gstate(&f, record);
    default:
        return LFK_OK; /* CRCs, and what later versions may add */
    }
}

int lfk_fold_log(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, uint32_t offset, lfk_tag chain,
                 struct lfk_detail *detail)
{
    struct lfk_log_reader reader;
    struct lfk_record record;
    lfk_log_reader_start(&reader, &mdir->log);
    reader.offset = offset;
    reader.chain = chain;
    while (lfk_log_reader_next(&reader, &record)) {
        TRY(lfk_fold_record(mdirs, mdir, &record, mdir->pair.block[0], detail));
    }
    return LFK_OK;
}
