/* SPDX-License-Identifier: MIT */
/*
 * Blocks in use, counted as littlefs counts them: from the pairs on the list
 * and the sizes of the files in them. An entry that is hidden counts like any
 * other, and a block that two entries claim counts twice.
 */
#include "fs/fs.h"

static uint64_t file_blocks(const struct lfk_fs *fs, const struct lfk_mdir *mdir, uint32_t id)
{
    struct lfk_fs_entry entry = {mdir, &mdir->entries[id], id};
    struct lfk_fs_content content;
    if (lfk_fs_content(&entry, &content, NULL) < 0 || content.data != NULL) {
        return 0;
    }
    return lfk_ctz_blocks(fs->bd->block_size, content.size);
}

uint64_t lfk_fs_blocks_used(const struct lfk_fs *fs)
{
    uint64_t used = 0;
    for (const struct lfk_mdir *mdir = fs->first; mdir != NULL; mdir = mdir->next) {
        used += 2;
        for (uint32_t id = 0; id < mdir->count; id++) {
            used += file_blocks(fs, mdir, id);
        }
    }
    return used;
}
