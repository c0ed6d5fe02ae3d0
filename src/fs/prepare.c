/* SPDX-License-Identifier: MIT */
/*
 * What is due before a volume is changed: an older version is raised, the list
 * of pairs is brought in line with the directories, a rename that was cut is
 * completed, directories that have no entry go, and the superblocks are brought
 * in line with the last of them. Each is a commit of its own, so that a cut on
 * the way leaves just what is due still.
 */
#include "parts.h"

int lfk_fs_write_superblock(struct lfk_fs *fs, struct lfk_mdir *mdir,
                            const struct lfk_superblock *superblock, struct lfk_detail *detail)
{
    uint8_t bytes[LFK_SUPERBLOCK_SIZE];
    lfk_superblock_encode(superblock, bytes);
    const struct lfk_edit edit = {lfk_tag_make(LFK_TYPE_INLINE_STRUCT, 0, sizeof(bytes)), bytes};
    return lfk_mdirs_commit(&fs->mdirs, mdir, &edit, 1, detail);
}

int lfk_fs_write_copies(struct lfk_fs *fs, const struct lfk_superblock *superblock,
                        struct lfk_detail *detail)
{
    struct lfk_superblock copy;
    for (struct lfk_mdir *mdir = fs->mdirs.first; mdir != fs->mdirs.root; mdir = mdir->next) {
        if (!lfk_mdir_is_superblock(mdir, 0)) {
            continue;
        }
        lfk_superblock_decode(&copy, mdir->entries[0].data, mdir->entries[0].data_size);
        if (copy.block_count != superblock->block_count) {
            TRY(lfk_fs_write_superblock(fs, mdir, superblock, detail));
        }
    }
    return LFK_OK;
}

/* A driver that is told a block count refuses a volume one of whose superblocks has another. */
static int level_copies(struct lfk_fs *fs, struct lfk_detail *detail)
{
    if (fs->copies_differ) {
        TRY(lfk_fs_write_copies(fs, &fs->superblock, detail));
        fs->copies_differ = false;
    }
    return LFK_OK;
}

static int raise_version(struct lfk_fs *fs, struct lfk_detail *detail)
{
    struct lfk_superblock superblock = fs->superblock;
    if (superblock.version >= fs->writing.disk_version) {
        return LFK_OK;
    }
    superblock.version = fs->writing.disk_version;
    TRY(lfk_fs_write_superblock(fs, fs->mdirs.root, &superblock, detail));
    fs->superblock = superblock;
    return LFK_OK;
}

static int complete_move(struct lfk_fs *fs, struct lfk_detail *detail)
{
    struct lfk_mdirs *mdirs = &fs->mdirs;
    const struct lfk_gstate before = mdirs->gstate;
    struct lfk_mdir *mdir = mdirs->first;
    uint32_t id = lfk_gstate_move_id(&before);
    if (!lfk_gstate_has_move(&before)) {
        return LFK_OK;
    }
    while (mdir != NULL && !lfk_pair_related(mdir->pair, before.pair)) {
        mdir = mdir->next;
    }
    if (mdir == NULL || id >= mdir->count || lfk_mdir_is_superblock(mdir, id)) {
        return lfk_fail_field(detail, LFK_ERR_CORRUPT, "the source of a pending move is not there",
                              "block", fs->mdirs.block_count, before.pair.block[0]);
    }
    const struct lfk_edit edit = {lfk_tag_make(LFK_TYPE_DELETE, id, 0), NULL};
    lfk_mdirs_clear_move(mdirs);
    int result = lfk_mdirs_commit(mdirs, mdir, &edit, 1, detail);
    if (result < 0) {
        mdirs->gstate = before;
    }
    return result;
}

int lfk_fs_prepare(struct lfk_fs *fs, struct lfk_detail *detail)
{
    if (fs->options.writing == NULL) {
        return lfk_fail(detail, LFK_ERR_INVAL, "the volume is mounted to be read only");
    }
    fs->mdirs.repairing = fs->mdirs.orphans > 0;
    if (fs->relinking) {
        TRY(lfk_fs_relink(fs, detail));
    }
    if (!fs->checked) {
        TRY(lfk_fs_check_disjoint(fs, detail));
    }
    if (fs->mdirs.unsettled > 0) {
        TRY(lfk_fs_find_parents(fs, detail)); /* one of those pairs may have to move */
    }
    TRY(lfk_mdirs_settle(&fs->mdirs, detail));
    lfk_blockmap_checkpoint(
        &fs->blocks); /* not before: an unsettled pair may name what was taken */
    TRY(raise_version(fs, detail));
    TRY(lfk_fs_mend_tails(fs, detail));
    TRY(complete_move(fs, detail));
    TRY(lfk_fs_drop_orphans(fs, detail));
    fs->mdirs.repairing = false;
    if (!fs->checked) {
        TRY(lfk_fs_check_directories(fs, detail));
        fs->checked = true;
    }
    return level_copies(fs, detail);
}

int lfk_fs_make_consistent(struct lfk_fs *fs, struct lfk_detail *detail)
{
    TRY(lfk_fs_prepare(fs, detail));
    struct lfk_gstate difference = fs->mdirs.gstate;
    lfk_gstate_xor(&difference, &fs->mdirs.gdisk);
    if (lfk_gstate_is_zero(&difference)) {
        return LFK_OK;
    }
    return lfk_mdirs_commit(&fs->mdirs, fs->mdirs.root, NULL, 0, detail);
}
