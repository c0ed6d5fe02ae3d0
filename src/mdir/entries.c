/* SPDX-License-Identifier: MIT */
/*
 * Lists of entries: an array for each mdir, attributes chained to the entries.
 * Nodes of attributes come from the mdirs' arena and are used again.
 *
 * Invariant: nothing here owns a name or data; they lie in the block's image,
 * or, in a copy that edits are applied to, with the caller until it is encoded.
 */
#include "fold.h"

#include <string.h>

static struct lfk_mdir_attribute *take_attribute(struct lfk_mdirs *mdirs)
{
    struct lfk_mdir_attribute *attribute = mdirs->free_attributes;
    if (attribute == NULL) {
        return lfk_arena_alloc(&mdirs->arena, sizeof(*attribute));
    }
    mdirs->free_attributes = attribute->next;
    return attribute;
}

static void free_attributes(struct lfk_mdirs *mdirs, struct lfk_entry *entry)
{
    while (entry->attributes != NULL) {
        struct lfk_mdir_attribute *attribute = entry->attributes;
        entry->attributes = attribute->next;
        attribute->next = mdirs->free_attributes;
        mdirs->free_attributes = attribute;
    }
}

static int copy_attributes(struct lfk_mdirs *mdirs, const struct lfk_entry *from,
                           struct lfk_entry *to)
{
    struct lfk_mdir_attribute **end = &to->attributes;
    to->attributes = NULL;
    for (const struct lfk_mdir_attribute *a = from->attributes; a != NULL; a = a->next) {
        struct lfk_mdir_attribute *copy = take_attribute(mdirs);
        if (copy == NULL) {
            return LFK_ERR_NOMEM;
        }
        *copy = *a;
        copy->next = NULL;
        *end = copy;
        end = &copy->next;
    }
    return LFK_OK;
}

int lfk_entries_copy(struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir, struct lfk_mdir *copy)
{
    void *entries = NULL;
    *copy = *mdir;
    copy->entries = NULL;
    copy->count = 0;
    copy->room = 0;
    /* One more than there are: most changes add at most one. */
    if (lfk_grow(mdirs->arena.allocator, &entries, &copy->room, (size_t)mdir->count + 1,
                 sizeof(copy->entries[0])) < 0) {
        return LFK_ERR_NOMEM;
    }
    copy->entries = entries;
    for (; copy->count < mdir->count; copy->count++) {
        const struct lfk_entry *from = &mdir->entries[copy->count];
        struct lfk_entry *to = &copy->entries[copy->count];
        *to = *from;
        if (from->attributes != NULL && copy_attributes(mdirs, from, to) < 0) {
            copy->count++;
            lfk_entries_free(mdirs, copy);
            return LFK_ERR_NOMEM;
        }
    }
    return LFK_OK;
}

void lfk_entries_free(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir)
{
    for (uint32_t id = 0; id < mdir->count; id++) {
        free_attributes(mdirs, &mdir->entries[id]);
    }
    lfk_free(mdirs->arena.allocator, mdir->entries);
    mdir->entries = NULL;
    mdir->count = 0;
    mdir->room = 0;
}

int lfk_entries_insert(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, uint32_t id)
{
    void *entries = mdir->entries;
    TRY(lfk_grow(mdirs->arena.allocator, &entries, &mdir->room, (size_t)mdir->count + 1,
                 sizeof(mdir->entries[0])));
    mdir->entries = entries;
    memmove(&mdir->entries[id + 1], &mdir->entries[id],
            (mdir->count - id) * sizeof(mdir->entries[0]));
    mdir->entries[id] = (struct lfk_entry){0};
    mdir->count++;
    return LFK_OK;
}

void lfk_entries_remove(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, uint32_t id)
{
    free_attributes(mdirs, &mdir->entries[id]);
    mdir->count--;
    memmove(&mdir->entries[id], &mdir->entries[id + 1],
            (mdir->count - id) * sizeof(mdir->entries[0]));
}

/* The link that leads to the attribute, or to where it would be. */
static struct lfk_mdir_attribute **link_of(struct lfk_entry *entry, uint8_t type)
{
    struct lfk_mdir_attribute **link = &entry->attributes;
    while (*link != NULL && (*link)->type < type) {
        link = &(*link)->next;
    }
    return link;
}

const struct lfk_mdir_attribute *lfk_entry_attribute(const struct lfk_entry *entry, uint8_t type)
{
    const struct lfk_mdir_attribute *attribute = entry->attributes;
    while (attribute != NULL && attribute->type != type) {
        attribute = attribute->next;
    }
    return attribute;
}

int lfk_entry_add_attribute(struct lfk_mdirs *mdirs, struct lfk_entry *entry, uint8_t type,
                            struct lfk_mdir_attribute **attribute)
{
    struct lfk_mdir_attribute **link = link_of(entry, type);
    if (*link == NULL || (*link)->type != type) {
        struct lfk_mdir_attribute *added = take_attribute(mdirs);
        if (added == NULL) {
            return LFK_ERR_NOMEM;
        }
        *added = (struct lfk_mdir_attribute){.next = *link, .type = type};
        *link = added;
    }
    *attribute = *link;
    return LFK_OK;
}

void lfk_entry_remove_attribute(struct lfk_mdirs *mdirs, struct lfk_entry *entry, uint8_t type)
{
    struct lfk_mdir_attribute **link = link_of(entry, type);
    struct lfk_mdir_attribute *removed = *link;
    if (removed != NULL && removed->type == type) {
        *link = removed->next;
        removed->next = mdirs->free_attributes;
        mdirs->free_attributes = removed;
    }
}
