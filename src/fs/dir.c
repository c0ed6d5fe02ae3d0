/* SPDX-License-Identifier: MIT */
/*
 * Directories: a chain of pairs linked by hard tails, the first of which the
 * parent's entry names. What stands between the pairs on the list of all pairs
 * is of no concern here, so a directory whose place on that list is out of
 * date is read as its parent sees it.
 */
#include "fs/fs.h"

#define NAME_TYPE_MAX 0x07f /* higher ones are not names of files or directories */

bool lfk_fs_is_dir(const struct lfk_fs_entry *entry)
{
    return entry->entry == NULL || entry->entry->name_type == LFK_TYPE_DIR;
}

int lfk_fs_dir_pair(const struct lfk_fs *fs, const struct lfk_fs_entry *entry,
                    struct lfk_pair *pair, struct lfk_detail *detail)
{
    if (!lfk_fs_is_dir(entry)) {
        return lfk_fail(detail, LFK_ERR_NOTDIR, "not a directory");
    }
    if (entry->entry == NULL) {
        *pair = fs->mdirs.root->pair;
        return LFK_OK;
    }
    *pair = lfk_entry_pair(entry->entry);
    if (lfk_pair_is_null(*pair)) {
        return lfk_fail_block(detail, LFK_ERR_CORRUPT, "a directory has no pointer to its pair",
                              entry->mdir->pair.block[0]);
    }
    return LFK_OK;
}

uint64_t lfk_fs_walk(struct lfk_fs *fs)
{
    return ++fs->walk;
}

static int enter(struct lfk_fs_dir *dir, struct lfk_pair pair, struct lfk_detail *detail)
{
    struct lfk_mdir *mdir;
    dir->mdir = NULL;
    dir->id = 0;
    TRY(lfk_mdirs_get(&dir->fs->mdirs, pair, &mdir, detail));
    if (mdir->walk == dir->walk) {
        return lfk_fail_block(detail, LFK_ERR_CORRUPT, "a directory's pair is linked twice",
                              mdir->pair.block[0]);
    }
    mdir->walk = dir->walk;
    dir->mdir = mdir;
    dir->pairs++;
    return LFK_OK;
}

int lfk_fs_dir_open(struct lfk_fs *fs, struct lfk_pair pair, uint64_t walk, struct lfk_fs_dir *dir,
                    struct lfk_detail *detail)
{
    *dir = (struct lfk_fs_dir){.fs = fs, .walk = walk};
    return enter(dir, pair, detail);
}

/* True for the superblock's entry and the source of a pending move: neither is ever seen. */
static bool is_hidden(const struct lfk_fs *fs, const struct lfk_mdir *mdir, uint32_t id)
{
    return lfk_mdir_is_superblock(mdir, id) || lfk_mdirs_is_moved(&fs->mdirs, mdir, id);
}

bool lfk_fs_is_shown(const struct lfk_fs *fs, const struct lfk_mdir *mdir, uint32_t id)
{
    const struct lfk_entry *entry = &mdir->entries[id];
    return entry->name != NULL && entry->name_type <= NAME_TYPE_MAX && !is_hidden(fs, mdir, id);
}

int lfk_fs_dir_next_pair(struct lfk_fs_dir *dir, struct lfk_detail *detail)
{
    const struct lfk_mdir *mdir = dir->mdir;
    if (!mdir->tail_hard || lfk_pair_is_null(mdir->tail)) {
        dir->mdir = NULL;
        return 0;
    }
    TRY(enter(dir, mdir->tail, detail));
    return 1;
}

int lfk_fs_dir_read(struct lfk_fs_dir *dir, struct lfk_fs_entry *entry, struct lfk_detail *detail)
{
    while (dir->mdir != NULL) {
        struct lfk_mdir *mdir = dir->mdir;
        if (dir->id < mdir->count) {
            uint32_t id = dir->id++;
            if (!is_hidden(dir->fs, mdir, id)) {
                *entry = (struct lfk_fs_entry){mdir, &mdir->entries[id], id};
                return 1;
            }
        } else {
            TRY(lfk_fs_dir_next_pair(dir, detail));
        }
    }
    return 0;
}
