/* SPDX-License-Identifier: MIT */
/*
 * Mounting: one walk over the list of all pairs, which starts at blocks 0 and 1
 * and follows every tail. On the way it finds the root, which is the last pair
 * with a superblock entry, and sums up the global state. It never writes.
 *
 * Invariant: each pair is on the list once, so the walk ends at the latest
 * when all blocks of the device have been met.
 */
#include "parts.h"

/* Goes on after damage if somebody listens and there is a root already, else fails with it. */
static int tolerate(struct lfk_fs *fs, const struct lfk_detail *damage, struct lfk_detail *detail)
{
    if (fs->options.damage != NULL && fs->mdirs.root != NULL && damage->status == LFK_ERR_CORRUPT) {
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
        return lfk_fail_field(detail, LFK_ERR_INVAL, "the superblock states another block size",
                              "block_size", fs->bd->block_size, superblock.block_size);
    }
    fs->copies_differ |=
        fs->superblocks > 0 && superblock.block_count != fs->superblock.block_count;
    fs->superblock = superblock;
    fs->mdirs.root = mdir;
    fs->superblocks++;
    return LFK_OK;
}

static void count_pair(struct lfk_fs *fs, const struct lfk_mdir *mdir)
{
    uint32_t revision = mdir->log.revision;
    uint8_t crc[4];
    if (fs->pairs == 0 || revision < fs->revision_min) {
        fs->revision_min = revision;
    }
    if (fs->pairs == 0 || revision > fs->revision_max) {
        fs->revision_max = revision;
    }
    fs->torn += mdir->log.stop == LFK_STOP_TORN || mdir->log.stop == LFK_STOP_CRC;
    fs->stale += mdir->other_bad;
    fs->pairs++;
    lfk_put_le32(crc, mdir->log.last_crc);
    fs->seed = lfk_crc32(fs->seed, crc, sizeof(crc));
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
    if (!lfk_pair_same(mdir->pair, pair)) { /* it was read by an older pointer to its block */
        mdir->pair.block[1] = pair.block[mdir->pair.block[0] == pair.block[0]];
    }
    mdir->walk = fs->walk;
    mdir->prev = *last;
    mdir->next = NULL;
    if (*last == NULL) {
        fs->mdirs.first = mdir;
    } else {
        (*last)->next = mdir;
    }
    *last = mdir;
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
            fs->mdirs.gdisk = (struct lfk_gstate){0};
            return tolerate(fs, &damage, detail);
        }
        count_pair(fs, last);
        lfk_gstate_xor(&fs->mdirs.gdisk, &last->delta);
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

int lfk_fs_relink(struct lfk_fs *fs, struct lfk_detail *detail)
{
    struct lfk_pair pair = LFK_PAIR_ROOT;
    struct lfk_mdir *last = NULL;
    fs->walk++;
    fs->relinking = true;
    for (struct lfk_mdir *mdir = fs->mdirs.first; mdir != NULL; mdir = mdir->next) {
        mdir->prev = NULL; /* it may not be on the list any more */
    }
    while (!lfk_pair_is_null(pair)) {
        TRY(take_pair(fs, pair, &last, detail));
        last->parent = NULL;
        pair = last->tail;
    }
    lfk_mdirs_adopt_all(&fs->mdirs);
    TRY(lfk_fs_check_disjoint(fs, detail));
    TRY(lfk_blockmap_extend(&fs->blocks, detail)); /* by what has come onto the list */
    fs->relinking = false;
    return LFK_OK;
}

static int check_count(const struct lfk_fs *fs, struct lfk_detail *detail)
{
    uint32_t count = fs->superblock.block_count;
    if (fs->options.block_count != 0 && fs->options.block_count != count) {
        return lfk_fail_field(detail, LFK_ERR_INVAL, "the volume has another block count",
                              "block_count", fs->options.block_count, count);
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
    fs->mdirs.block_count = count;
    for (const struct lfk_mdir *mdir = fs->mdirs.first; mdir != NULL; mdir = mdir->next) {
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

/* What only a volume that is written to needs. */
static int start_writing(struct lfk_fs *fs, struct lfk_detail *detail)
{
    TRY(lfk_fs_adopt_limits(fs, detail));
    lfk_blockmap_open(&fs->blocks, fs->superblock.block_count, fs->seed, lfk_fs_fill_blocks, fs,
                      fs->options.allocator);
    fs->mdirs.gstate = fs->mdirs.gdisk;
    fs->mdirs.orphans = lfk_gstate_has_orphans(&fs->mdirs.gdisk);
    lfk_mdirs_adopt_all(&fs->mdirs);
    return LFK_OK;
}

static int mount(struct lfk_fs *fs, struct lfk_detail *detail)
{
    bool writing = fs->options.writing != NULL;
    if (writing) {
        TRY(lfk_fs_open_mdirs(fs, detail));
    }
    int walked = walk_list(fs, detail);
    if (fs->mdirs.root != NULL) { /* with a wrong count, what is beyond it is no damage */
        TRY(check_count(fs, detail));
    }
    TRY(walked);
    if (fs->mdirs.root == NULL) {
        return lfk_fail_block(detail, LFK_ERR_CORRUPT, "no pair has a usable superblock", 0);
    }
    TRY(check_range(fs, detail));
    return writing ? start_writing(fs, detail) : LFK_OK;
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
    while (fs->files != NULL) {
        lfk_fs_file_close(fs->files);
    }
    lfk_blockmap_close(&fs->blocks);
    lfk_mdirs_close(&fs->mdirs);
    *fs = (struct lfk_fs){0};
}
