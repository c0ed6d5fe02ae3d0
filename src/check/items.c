/* SPDX-License-Identifier: MIT */
/*
 * The entries of a directory, each by itself and in its order.
 */
#include "checker.h"

#include <string.h>

#define CTZ_SIZE 8u

static struct lfk_finding name_place(const struct lfk_check *check,
                                     const struct lfk_check_entry *entry)
{
    return lfk_at(check->pairs[entry->pair].pair.block[0], entry->name_offset);
}

struct lfk_pair lfk_check_entry_pair(const struct lfk_check_entry *entry)
{
    if (entry->struct_type != LFK_TYPE_DIR_STRUCT || entry->data_size < LFK_CHECK_PAIR_SIZE) {
        return LFK_PAIR_NULL;
    }
    return lfk_pair_decode(entry->data);
}

static bool is_forbidden(const char *name, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (name[i] == '/' || name[i] == '\0') {
            return true;
        }
    }
    return size == 0 || (size == 1 && name[0] == '.') ||
           (size == 2 && name[0] == '.' && name[1] == '.');
}

static void check_name(struct lfk_check *check, uint32_t index)
{
    const struct lfk_check_entry *entry = &check->entries[index];
    struct lfk_finding place = name_place(check, entry);
    if (is_forbidden(entry->name, entry->name_size)) {
        lfk_check_tell(check, LFK_FINDING_NAME_FORBIDDEN, lfk_about_entry(index), place);
    }
    if (entry->name_size > check->superblock.name_max) {
        lfk_check_tell(check, LFK_FINDING_NAME_LONG, lfk_about_entry(index),
                       lfk_with(place, check->superblock.name_max, entry->name_size));
    }
}

static void check_content(struct lfk_check *check, uint32_t index)
{
    const struct lfk_check_entry *entry = &check->entries[index];
    uint32_t block = check->pairs[entry->pair].pair.block[0];
    bool suits =
        entry->name_type == LFK_TYPE_DIR
            ? entry->struct_type == LFK_TYPE_DIR_STRUCT && entry->data_size == LFK_CHECK_PAIR_SIZE
            : entry->struct_type == LFK_TYPE_INLINE_STRUCT ||
                  (entry->struct_type == LFK_TYPE_CTZ_STRUCT && entry->data_size == CTZ_SIZE);
    if (entry->data_offset == 0) {
        lfk_check_tell(check, LFK_FINDING_CONTENT_NONE, lfk_about_entry(index),
                       name_place(check, entry));
    } else if (!suits) {
        lfk_check_tell(check, LFK_FINDING_CONTENT_KIND, lfk_about_entry(index),
                       lfk_at(block, entry->data_offset));
    } else if (entry->struct_type == LFK_TYPE_INLINE_STRUCT &&
               entry->data_size > check->superblock.file_max) {
        lfk_check_tell(check, LFK_FINDING_FILE_LARGE, lfk_about_entry(index),
                       lfk_with(lfk_at(block, entry->data_offset), check->superblock.file_max,
                                entry->data_size));
    }
}

static void check_order(struct lfk_check *check, uint32_t index, uint32_t before)
{
    const struct lfk_check_entry *a = &check->entries[before];
    const struct lfk_check_entry *b = &check->entries[index];
    int order = lfk_name_compare(a->name, a->name_size, b->name, b->name_size);
    if (order == 0) {
        lfk_check_tell(check, LFK_FINDING_NAME_TWICE, lfk_about_entry(index), name_place(check, b));
    } else if (order > 0) {
        lfk_check_tell(check, LFK_FINDING_NAME_ORDER, lfk_about_entry(index), name_place(check, b));
    }
}

void lfk_check_item(struct lfk_check *check, uint32_t entry, uint32_t before)
{
    const struct lfk_check_entry *e = &check->entries[entry];
    if (before != LFK_CHECK_NONE) {
        check_order(check, entry, before);
    }
    check_name(check, entry);
    if (e->name_type != LFK_TYPE_FILE && e->name_type != LFK_TYPE_DIR) {
        lfk_check_tell(check, LFK_FINDING_NAME_TYPE, lfk_about_entry(entry),
                       lfk_with(name_place(check, e), LFK_TYPE_FILE, e->name_type));
        return;
    }
    check_content(check, entry);
}
