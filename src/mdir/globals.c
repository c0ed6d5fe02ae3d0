/* SPDX-License-Identifier: MIT */
/*
 * What the pairs of a volume say together: the global state as it is to be,
 * and how many blocks they and their files use.
 */
#include "settle.h"

#define CTZ_STRUCT_SIZE 8u

void lfk_mdirs_set_move(struct lfk_mdirs *mdirs, struct lfk_pair pair, uint32_t id)
{
    lfk_gstate_set_move(&mdirs->gstate, pair, id);
}

void lfk_mdirs_clear_move(struct lfk_mdirs *mdirs)
{
    lfk_gstate_clear_move(&mdirs->gstate);
}

void lfk_mdirs_add_orphan(struct lfk_mdirs *mdirs)
{
    mdirs->orphans++;
    lfk_gstate_set_orphans(&mdirs->gstate, true);
}

void lfk_mdirs_remove_orphan(struct lfk_mdirs *mdirs)
{
    mdirs->orphans--;
    lfk_gstate_set_orphans(&mdirs->gstate, mdirs->orphans > 0);
}

void lfk_mdirs_end_repair(struct lfk_mdirs *mdirs)
{
    mdirs->orphans = 0;
    lfk_mdirs_forget_left(mdirs);
    lfk_mdirs_hold_blocks(mdirs);
    lfk_gstate_set_orphans(&mdirs->gstate, false);
}

bool lfk_entry_ctz(const struct lfk_entry *entry, uint32_t *head, uint32_t *size)
{
    if (entry->struct_type != LFK_TYPE_CTZ_STRUCT || entry->data_size < CTZ_STRUCT_SIZE) {
        return false;
    }
    *head = lfk_get_le32(entry->data);
    *size = lfk_get_le32(entry->data + 4);
    return true;
}

/* An entry that is hidden counts like any other, and a block that two claim counts twice. */
uint64_t lfk_mdirs_blocks_used(const struct lfk_mdirs *mdirs)
{
    uint64_t used = 0;
    for (const struct lfk_mdir *mdir = mdirs->first; mdir != NULL; mdir = mdir->next) {
        used += 2;
        for (uint32_t id = 0; id < mdir->count; id++) {
            uint32_t head;
            uint32_t size;
            if (lfk_entry_ctz(&mdir->entries[id], &head, &size)) {
                used += lfk_ctz_blocks(mdirs->bd->block_size, size);
            }
        }
    }
    return used;
}
