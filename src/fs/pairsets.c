/* SPDX-License-Identifier: MIT */
/*
 * What has to hold of the pairs before anything is written: a block is in one
 * of them only, and a directory is named by one entry only. On a volume where
 * that is not so, a change in one place would be one in another as well.
 */
#include "parts.h"

int lfk_fs_check_disjoint(const struct lfk_fs *fs, struct lfk_detail *detail)
{
    size_t size = (size_t)fs->mdirs.block_count / 8 + 1;
    uint8_t *marks = lfk_alloc_zeroed(fs->options.allocator, size, 1);
    int result = LFK_OK;
    if (marks == NULL) {
        return lfk_fail_nomem(detail);
    }
    for (const struct lfk_mdir *mdir = fs->mdirs.first; mdir != NULL; mdir = mdir->next) {
        for (int i = 0; i < 2; i++) {
            uint32_t block = mdir->pair.block[i];
            if (lfk_bit_is_set(marks, block)) {
                result = lfk_fail_block(detail, LFK_ERR_CORRUPT, "two metadata pairs share a block",
                                        block);
            }
            lfk_bit_set(marks, block);
        }
    }
    lfk_free(fs->options.allocator, marks);
    return result;
}

/* Holds one entry against the list, whose pairs that no entry has named yet are of walk `unnamed`.
 */
static int check_entry(struct lfk_fs *fs, const struct lfk_entry *entry, uint64_t unnamed,
                       struct lfk_detail *detail)
{
    struct lfk_pair pair = lfk_entry_pair(entry);
    struct lfk_mdir *head;
    if (entry->name_type != LFK_TYPE_DIR) {
        return LFK_OK;
    }
    int result = lfk_mdirs_get(&fs->mdirs, pair, &head, detail);
    if (result == LFK_ERR_CORRUPT) {
        return LFK_OK; /* it cannot be entered, and harms nothing beside it */
    }
    TRY(result);
    bool is_head = lfk_mdir_is_head(head) && head != fs->mdirs.root;
    if (head->walk != unnamed || !is_head || !lfk_pair_same(head->pair, pair)) {
        return lfk_fail_block(detail, LFK_ERR_CORRUPT,
                              "a directory's pair is named twice, or is not on the list of pairs",
                              pair.block[0]);
    }
    head->walk++;
    return LFK_OK;
}

int lfk_fs_check_directories(struct lfk_fs *fs, struct lfk_detail *detail)
{
    uint64_t unnamed = fs->walk + 1;
    fs->walk += 2;
    for (struct lfk_mdir *mdir = fs->mdirs.first; mdir != NULL; mdir = mdir->next) {
        mdir->walk = unnamed;
    }
    for (const struct lfk_mdir *mdir = fs->mdirs.first; mdir != NULL; mdir = mdir->next) {
        for (uint32_t id = 0; id < mdir->count; id++) {
            TRY(check_entry(fs, &mdir->entries[id], unnamed, detail));
        }
    }
    return LFK_OK;
}
