/* SPDX-License-Identifier: MIT */
/*
 * Mounting: one walk over the list of all pairs, which starts at blocks 0 and 1
 * and follows every tail. On the way it finds the root, which is the last pair
 * with a superblock entry, and sums up the global state.
 *
 * Invariant: each pair is on fs->first's list once, so the walk ends at the
 * latest when all blocks of the device have been met.
 */
#include "fs/fs.h"

/* Goes on after damage if somebody listens and there is a root already, else fails with it. */
static int tolerate(struct lfk_fs *fs, const struct lfk_detail *damage, struct lfk_detail *detail)
{
    if (fs->options.damage != NULL && fs->root != NULL && damage->status == LFK_ERR_CORRUPT) {
        fs->options.damage(fs->options.damage_context, damage);
        return LFK_OK;
    }
    if (detail != NULL) {
        *detail = *damage;
    }
    return damage->status;
}

/* Takes over what a superblock entry says; the last on the list has the last word. */
static int adopt_superblock(struct lfk_fs *fs, struct lfk_mdir *mdir, struct lfk_detail *detail)
{
    const struct lfk_entry *entry = &mdir->entries[0];
    struct lfk_superblock superblock;
    if (entry->struct_type != LFK_TYPE_INLINE_STRUCT) {
        return lfk_fail_block(detail, LFK_ERR_CORRUPT, "a superblock entry has no content",
                              mdir->pair.block[0]);
    }
    lfk_superblock_decode(&superblock, entry->data, entry->data_size);
    TRY(lfk_superblock_check(&superblock, detail));
    if (superblock.block_size != fs->bd->block_size) {
        return lfk_fail_field(detail, LFK_ERR_INVAL, "two superblocks state different block sizes",
                              "block_size", fs->bd->block_size, superblock.block_size);
    }
    fs->superblock = superblock;
    fs->root = mdir;
    fs->superblocks++;
    return LFK_OK;
}

static void count_pair(struct lfk_fs *fs, const struct lfk_mdir *mdir)
{
    uint32_t revision = mdir->log.revision;
    if (fs->pairs == 0 || revision < fs->revision_min) {
        fs->revision_min = revision;
    }
    if (fs->pairs == 0 || revision > fs->revision_max) {
        fs->revision_max = revision;
    }
    fs->torn += mdir->log.stop == LFK_STOP_TORN || mdir->log.stop == LFK_STOP_CRC;
    fs->stale += mdir->other_bad;
    fs->pairs++;
}

/* Takes one pair into the list; LFK_ERR_CORRUPT if it cannot be followed further. */
static int take_pair(struct lfk_fs *fs, struct lfk_pair pair, struct lfk_mdir **last,
                     struct lfk_detail *detail)
{
    struct lfk_mdir *mdir;
    TRY(lfk_mdirs_get(&fs->mdirs, pair, &mdir, detail));
    if (mdir->walk == fs->walk) {
        return lfk_fail_block(detail, LFK_ERR_CORRUPT, "the list of metadata pairs loops",
                              mdir->pair.block[0]);
    }
    mdir->walk = fs->walk;
    if (*last == NULL) {
        fs->first = mdir;
    } else {
        (*last)->next = mdir;
    }
    *last = mdir;
    count_pair(fs, mdir);
    lfk_gstate_xor(&fs->gstate, &mdir->delta);
    return LFK_OK;
}

static int walk_list(struct lfk_fs *fs, struct lfk_detail *detail)
{
    struct lfk_pair pair = LFK_PAIR_ROOT;
    struct lfk_mdir *last = NULL;
    struct lfk_detail damage;

    fs->walk++;
    while (!lfk_pair_is_null(pair)) {
        if (take_pair(fs, pair, &last, &damage) < 0) {
            /* Part of a sum is not a state: an entry hidden by mistake would be lost. */
            fs->gstate = (struct lfk_gstate){0};
            return tolerate(fs, &damage, detail);
        }
        if (lfk_mdir_is_superblock(last, 0)) {
            int result = adopt_superblock(fs, last, &damage);
            if (result < 0) {
                TRY(tolerate(fs, &damage, detail));
            }
        }
        pair = last->tail;
    }
    return LFK_OK;
}

/*
 * The count in an earlier superblock may be out of date, so pairs are held
 * against it when the whole list is known.
 */
static int check_range(struct lfk_fs *fs, struct lfk_detail *detail)
{
    uint32_t count = fs->superblock.block_count;
    struct lfk_detail damage;
    if (fs->options.block_count != 0 && fs->options.block_count != count) {
        return lfk_fail_field(detail, LFK_ERR_INVAL, "the volume has another block count",
                              "block_count", fs->options.block_count, count);
    }
    fs->mdirs.block_count = count;
    for (const struct lfk_mdir *mdir = fs->first; mdir != NULL; mdir = mdir->next) {
        for (int i = 0; i < 2; i++) {
            if (mdir->pair.block[i] >= count) {
                (void)lfk_fail_field(&damage, LFK_ERR_CORRUPT,
                                     "a metadata pair is outside the volume", "block", count,
                                     mdir->pair.block[i]);
                TRY(tolerate(fs, &damage, detail));
            }
        }
    }
    return LFK_OK;
}

static int mount(struct lfk_fs *fs, struct lfk_detail *detail)
{
    TRY(walk_list(fs, detail));
    if (fs->root == NULL) {
        return lfk_fail_block(detail, LFK_ERR_CORRUPT, "no pair has a usable superblock", 0);
    }
    return check_range(fs, detail);
}

int lfk_fs_mount(struct lfk_fs *fs, struct lfk_bd *bd, const struct lfk_fs_options *options,
                 struct lfk_detail *detail)
{
    *fs = (struct lfk_fs){.bd = bd, .options = *options};
    lfk_mdirs_open(&fs->mdirs, bd, options->allocator);
    int result = mount(fs, detail);
    if (result < 0) {
        lfk_fs_unmount(fs);
    }
    return result;
}

void lfk_fs_unmount(struct lfk_fs *fs)
{
    lfk_mdirs_close(&fs->mdirs);
    *fs = (struct lfk_fs){0};
}
