/* SPDX-License-Identifier: MIT */
/*
 * Finds entries in a folded pair. They are in littlefs's order on every sound
 * volume; on a damaged one where they are not, a name may be missed and
 * nothing worse.
 */
#include "mdir/mdir.h"

bool lfk_mdir_is_head(const struct lfk_mdir *mdir)
{
    return mdir->prev != NULL && !mdir->prev->tail_hard;
}

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

uint32_t lfk_mdir_find_tie(const struct lfk_mdir *mdir, const struct lfk_entry_tie *tie)
{
    uint32_t id = 0;
    while (id < mdir->count && mdir->entries[id].tie != tie) {
        id++;
    }
    return id;
}

struct lfk_pair lfk_entry_pair(const struct lfk_entry *entry)
{
    if (entry->struct_type != LFK_TYPE_DIR_STRUCT || entry->data_size < LFK_PAIR_SIZE) {
        return LFK_PAIR_NULL;
    }
    return lfk_pair_decode(entry->data);
}

bool lfk_mdirs_is_moved(const struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir, uint32_t id)
{
    return lfk_gstate_moves(&mdirs->gdisk, mdir->pair, id);
}
