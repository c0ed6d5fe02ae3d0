/* SPDX-License-Identifier: MIT */
/*
 * The entries that a log leaves, found by reading it from its end: the last
 * word about each thing is met first, and anything older is of no interest.
 * `positions` says which entry of the end each id stands for at the point
 * reached. Going back over a CREATE takes an id away, going back over a DELETE
 * adds one that stands for nothing.
 *
 *   log:        CREATE 0, NAME 0 "b" | CREATE 0, NAME 0 "a" | DELETE 1
 *   positions:  {}      {0}            {gone} {0, gone}       {0}       <- start
 */
#include "checker.h"

#include <string.h>

#define GONE UINT16_MAX

struct unwinding {
    struct lfk_check *check;
    uint32_t pair;
    uint32_t live; /* ids at the point reached */
};

/* What the tag's id stands for in the end, or NULL. */
static struct lfk_check_entry *slot_of(const struct unwinding *u, const struct lfk_record *record)
{
    uint16_t position = u->check->positions[lfk_tag_id(record->tag)];
    return position == GONE ? NULL : &u->check->slots[position];
}

static void back_over_name(struct unwinding *u, const struct lfk_check_record *at)
{
    const struct lfk_record *record = &at->record;
    struct lfk_check_entry *slot = slot_of(u, record);
    if (slot != NULL && slot->name_offset == 0) {
        slot->name = (const char *)record->data;
        slot->name_offset = record->offset - LFK_CHECK_TAG_SIZE;
        slot->name_type = (uint16_t)lfk_tag_type(record->tag);
        slot->name_size = (uint16_t)record->size;
    }
    u->live = at->before < u->live ? at->before : u->live;
}

static void back_over_struct(struct unwinding *u, const struct lfk_record *record)
{
    struct lfk_check_entry *slot = slot_of(u, record);
    if (slot != NULL && slot->data_offset == 0) {
        slot->data = record->data;
        slot->data_offset = record->offset - LFK_CHECK_TAG_SIZE;
        slot->struct_type = (uint16_t)lfk_tag_type(record->tag);
        slot->data_size = (uint16_t)record->size;
    }
}

static void back_over_splice(struct unwinding *u, const struct lfk_record *record)
{
    uint16_t *at = &u->check->positions[lfk_tag_id(record->tag)];
    uint32_t after = u->live - lfk_tag_id(record->tag); /* ids from this one on */
    if (lfk_tag_type(record->tag) == LFK_TYPE_CREATE) {
        memmove(at, at + 1, (after - 1) * sizeof(*at));
        u->live--;
    } else if (lfk_tag_type(record->tag) == LFK_TYPE_DELETE) {
        memmove(at + 1, at, after * sizeof(*at));
        *at = GONE;
        u->live++;
    }
}

static void back_over(struct unwinding *u, const struct lfk_check_record *at)
{
    switch (lfk_tag_class(at->record.tag)) {
    case LFK_CLASS_NAME:
        back_over_name(u, at);
        break;
    case LFK_CLASS_STRUCT:
        back_over_struct(u, &at->record);
        break;
    case LFK_CLASS_SPLICE:
        back_over_splice(u, &at->record);
        break;
    default:
        break;
    }
}

/* Keeps an entry, its name copied. */
static int keep(struct lfk_check *check, const struct lfk_check_entry *slot)
{
    if (lfk_grow(check->allocator, (void **)&check->entries, &check->entry_room,
                 check->entry_count + 1, sizeof(check->entries[0])) < 0) {
        return lfk_fail_nomem(check->detail);
    }
    struct lfk_check_entry *entry = &check->entries[check->entry_count];
    *entry = *slot;
    if (slot->name != NULL) {
        entry->name = lfk_arena_copy(&check->names, slot->name, slot->name_size);
        if (entry->name == NULL) {
            return lfk_fail_nomem(check->detail);
        }
    }
    check->entry_count++;
    return LFK_OK;
}

/* Keeps the entries that something is known of. */
static int keep_entries(struct lfk_check *check, uint32_t index, uint32_t count)
{
    struct lfk_check_pair *pair = &check->pairs[index];
    uint32_t nameless = 0;
    pair->first = (uint32_t)check->entry_count;
    for (uint32_t id = 0; id < count; id++) {
        struct lfk_check_entry *slot = &check->slots[id];
        nameless += slot->name_offset == 0;
        if (slot->name_offset != 0 || slot->data_offset != 0) {
            slot->id = (uint16_t)id;
            slot->pair = index;
            TRY(keep(check, slot));
        }
    }
    pair->count = (uint32_t)check->entry_count - pair->first;
    if (nameless > 0) {
        lfk_check_tell(check, LFK_FINDING_NAME_NONE, lfk_about_pair(index),
                       lfk_with(lfk_in_block(pair->pair.block[0]), 0, nameless));
    }
    if (count > LFK_PAIR_ENTRIES_MAX) {
        lfk_check_tell(check, LFK_FINDING_ENTRIES_MANY, lfk_about_pair(index),
                       lfk_with(lfk_in_block(pair->pair.block[0]), LFK_PAIR_ENTRIES_MAX, count));
    }
    return LFK_OK;
}

int lfk_check_unwind(struct lfk_check *check, uint32_t pair, uint32_t count)
{
    struct unwinding u = {.check = check, .pair = pair, .live = count};
    memset(check->slots, 0, count * sizeof(check->slots[0]));
    for (uint32_t id = 0; id < count; id++) {
        check->positions[id] = (uint16_t)id;
    }
    for (size_t i = check->record_count; i > 0; i--) {
        back_over(&u, &check->records[i - 1]);
    }
    return keep_entries(check, pair, count);
}
