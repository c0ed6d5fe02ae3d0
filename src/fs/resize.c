/* SPDX-License-Identifier: MIT */
/*
 * Changes of the volume as a whole: its number of blocks, and tidying up ahead
 * of time.
 */
#include "parts.h"

struct shrinking {
    uint32_t block_count;
    uint32_t block; /* in use, and beyond the count */
};

static int find_beyond(void *context, uint32_t block)
{
    struct shrinking *shrinking = context;
    shrinking->block = block;
    return block >= shrinking->block_count ? LFK_ERR_NOTEMPTY : 0;
}

/*
 * Every superblock entry gets the new count, the root's last: it has the last
 * word, so a cut on the way leaves the old count in force.
 */
static int write_counts(struct lfk_fs *fs, uint32_t block_count, struct lfk_detail *detail)
{
    struct lfk_superblock superblock = fs->superblock;
    superblock.block_count = block_count;
    fs->copies_differ = true; /* until all are written */
    TRY(lfk_fs_write_copies(fs, &superblock, detail));
    TRY(lfk_fs_write_superblock(fs, fs->mdirs.root, &superblock, detail));
    fs->superblock = superblock;
    fs->copies_differ = false;
    return LFK_OK;
}

int lfk_fs_resize(struct lfk_fs *fs, uint32_t block_count, struct lfk_detail *detail)
{
    uint32_t before = fs->superblock.block_count;
    if (block_count == before) {
        return LFK_OK;
    }
    if (block_count < 2 || block_count >= LFK_BLOCK_NULL) {
        return lfk_fail_field(detail, LFK_ERR_INVAL, "is too small or too large", "block_count", 2,
                              block_count);
    }
    TRY(lfk_fs_prepare(fs, detail));
    if (block_count < before) {
        struct shrinking shrinking = {.block_count = block_count};
        int result = lfk_fs_traverse(fs, find_beyond, &shrinking, detail);
        if (result == LFK_ERR_NOTEMPTY) {
            return lfk_fail_block(detail, result, "a block that would go is in use",
                                  shrinking.block);
        }
        TRY(result);
        /* Nothing new may be put there on the way. */
        lfk_blockmap_resize(&fs->blocks, block_count);
    }
    int result = write_counts(fs, block_count, detail);
    if (result == LFK_OK) {
        fs->mdirs.block_count = block_count;
    }
    lfk_blockmap_resize(&fs->blocks, result == LFK_OK ? block_count : before);
    return result;
}

int lfk_fs_collect_garbage(struct lfk_fs *fs, uint32_t threshold, struct lfk_detail *detail)
{
    TRY(lfk_fs_make_consistent(fs, detail));
    uint32_t limit = fs->writing.metadata_max - fs->writing.prog_size;
    for (struct lfk_mdir *mdir = fs->mdirs.first; mdir != NULL && threshold <= limit;
         mdir = mdir->next) {
        if (mdir->log.end > threshold) {
            TRY(lfk_mdirs_rewrite(&fs->mdirs, mdir, detail));
        }
    }
    return lfk_blockmap_refill(&fs->blocks, detail);
}
