/* SPDX-License-Identifier: MIT */
/*
 * Looks a name up in a folded pair. Entries are in littlefs's order on every
 * sound volume; on a damaged one where they are not, a name may be missed and
 * nothing worse.
 */
#include "mdir/mdir.h"

bool lfk_mdir_is_superblock(const struct lfk_mdir *mdir, uint32_t index)
{
    return index == 0 && mdir->count > 0 && mdir->entries[0].name_type == LFK_TYPE_SUPERBLOCK;
}

bool lfk_mdir_lookup(const struct lfk_mdir *mdir, const void *name, size_t size, uint32_t *index)
{
    uint32_t low = lfk_mdir_is_superblock(mdir, 0) ? 1 : 0;
    uint32_t high = mdir->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct lfk_entry *entry = &mdir->entries[middle];
        int order = lfk_name_compare(entry->name, entry->name_size, name, size);
        if (order == 0) {
            *index = middle;
            return true;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *index = low;
    return false;
}
