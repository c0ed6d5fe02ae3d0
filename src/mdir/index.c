/* SPDX-License-Identifier: MIT */
/*
 * An index of the pairs of a directory, so that a name in a directory of many
 * pairs is found by binary search. It is made when it is first needed, and
 * again after the directory was split or has lost a pair.
 */
#include "settle.h"

static int add(struct lfk_mdirs *mdirs, struct lfk_mdir *head, struct lfk_mdir *mdir)
{
    void *index = head->index;
    TRY(lfk_grow(mdirs->arena.allocator, &index, &head->index_room, (size_t)head->index_count + 1,
                 sizeof(struct lfk_mdir *)));
    head->index = index;
    head->index[head->index_count++] = mdir;
    mdir->head = head;
    return LFK_OK;
}

static int build(struct lfk_mdirs *mdirs, struct lfk_mdir *head)
{
    struct lfk_mdir *mdir = head;
    while (mdir != NULL) {
        if (add(mdirs, head, mdir) < 0) {
            head->index_count = 0;
            return LFK_ERR_NOMEM;
        }
        mdir = mdir->tail_hard ? mdir->next : NULL;
    }
    return LFK_OK;
}

void lfk_index_forget(struct lfk_mdir *mdir)
{
    if (mdir->head != NULL) {
        mdir->head->index_count = 0;
        mdir->head = NULL;
    }
}

/* True if all names of the pair are less than this one. */
static bool is_less(const struct lfk_mdir *mdir, const void *name, size_t size)
{
    if (mdir->count == 0) {
        return true;
    }
    const struct lfk_entry *last = &mdir->entries[mdir->count - 1];
    return lfk_mdir_is_superblock(mdir, mdir->count - 1) ||
           lfk_name_compare(last->name, last->name_size, name, size) < 0;
}

struct lfk_mdir *lfk_mdirs_start(struct lfk_mdirs *mdirs, struct lfk_mdir *head, const void *name,
                                 size_t size)
{
    bool listed = head->prev != NULL || head == mdirs->first;
    if (mdirs->writing.blocks == NULL || !head->tail_hard || !listed ||
        (head->index_count == 0 && build(mdirs, head) < 0)) {
        return head;
    }
    uint32_t low = 0;
    uint32_t high = head->index_count - 1; /* the last is right if no other is */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (is_less(head->index[middle], name, size)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return head->index[low];
}
