/* SPDX-License-Identifier: MIT */
/*
 * Removes files and empty directories. A directory's entry goes first, then
 * its pair from the list; the sync bit says in between that there is an orphan.
 */
#include "parts.h"

int lfk_fs_check_empty(struct lfk_fs *fs, const struct lfk_fs_entry *entry, struct lfk_mdir **head,
                       struct lfk_detail *detail)
{
    struct lfk_pair pair;
    TRY(lfk_fs_dir_pair(fs, entry, &pair, detail));
    TRY(lfk_mdirs_get(&fs->mdirs, pair, head, detail));
    if ((*head)->count > 0 || (*head)->tail_hard) {
        return lfk_fail(detail, LFK_ERR_NOTEMPTY, "the directory is not empty");
    }
    return LFK_OK;
}

int lfk_fs_drop_directory(struct lfk_fs *fs, struct lfk_mdir *head, struct lfk_detail *detail)
{
    lfk_mdirs_remove_orphan(&fs->mdirs);
    int result = lfk_mdirs_drop(&fs->mdirs, head, detail);
    if (result < 0) {
        lfk_mdirs_add_orphan(&fs->mdirs);
    }
    return result;
}

int lfk_fs_remove(struct lfk_fs *fs, const char *path, struct lfk_detail *detail)
{
    struct lfk_fs_entry found;
    struct lfk_mdir *head = NULL;
    TRY(lfk_fs_prepare(fs, detail));
    TRY(lfk_fs_lookup(fs, path, &found, detail));
    if (found.entry == NULL) {
        return lfk_fail(detail, LFK_ERR_INVAL, "the root directory cannot be removed");
    }
    if (lfk_fs_is_dir(&found)) {
        TRY(lfk_fs_check_empty(fs, &found, &head, detail));
        lfk_mdirs_add_orphan(&fs->mdirs);
    }
    const struct lfk_edit edit = {lfk_tag_make(LFK_TYPE_DELETE, found.id, 0), NULL};
    int result = lfk_mdirs_commit(&fs->mdirs, found.mdir, &edit, 1, detail);
    if (head == NULL) {
        return result;
    }
    if (result < 0) {
        lfk_mdirs_remove_orphan(&fs->mdirs);
        return result;
    }
    head->parent = NULL;
    /* It is gone, and the orphan is on record: if this fails, the next change sees to it. */
    (void)lfk_fs_drop_directory(fs, head, detail);
    return LFK_OK;
}
