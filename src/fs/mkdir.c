/* SPDX-License-Identifier: MIT */
/*
 * Makes directories. The new pair is written first; then it goes onto the list
 * behind the last pair of its parent, and into the parent, in one commit if
 * that is the same pair. Else the list comes first, and the sync bit says
 * until the second commit that there is an orphan.
 */
#include "parts.h"

struct lfk_mdir *lfk_fs_last_pair(struct lfk_mdir *mdir)
{
    while (mdir->tail_hard && mdir->next != NULL) {
        mdir = mdir->next;
    }
    return mdir;
}

/*
 * Commits the tail that names the new pair. The pair is on the list in memory
 * before: should the one behind it move on the way, it is this one's tail that
 * has to follow.
 */
static int commit_linked(struct lfk_fs *fs, struct lfk_mdir *last, const struct lfk_edit *edits,
                         size_t count, struct lfk_mdir *made, struct lfk_detail *detail)
{
    lfk_mdir_link(last, made);
    int result = lfk_mdirs_commit(&fs->mdirs, last, edits, count, detail);
    if (result < 0) {
        lfk_mdir_unlink(made);
    }
    return result;
}

/* The list first, with the sync bit set. The commit may have shifted the place. */
static int append_to_list(struct lfk_fs *fs, struct lfk_mdir *last, const struct lfk_edit *tail,
                          struct lfk_mdir *made, struct lfk_detail *detail)
{
    lfk_mdirs_add_orphan(&fs->mdirs);
    int result = commit_linked(fs, last, tail, 1, made, detail);
    if (result < 0) {
        lfk_mdirs_remove_orphan(&fs->mdirs);
    }
    return result;
}

static int insert(struct lfk_fs *fs, const char *path, struct lfk_mdir *last, struct lfk_mdir *made,
                  struct lfk_detail *detail)
{
    uint8_t pair[LFK_PAIR_SIZE];
    const struct lfk_edit tail = {lfk_tag_tail(false), pair};
    struct lfk_fs_place place;
    lfk_pair_encode(made->pair, pair);
    TRY(lfk_fs_find(fs, path, &place, detail));
    bool at_once = place.mdir == last;
    if (!at_once) {
        TRY(append_to_list(fs, last, &tail, made, detail));
        TRY(lfk_fs_find(fs, path, &place, detail));
        lfk_mdirs_remove_orphan(&fs->mdirs);
    }
    const struct lfk_edit edits[] = {
        {lfk_tag_make(LFK_TYPE_CREATE, place.id, 0), NULL},
        {lfk_tag_make(LFK_TYPE_DIR, place.id, (uint32_t)place.name_size), place.name},
        {lfk_tag_make(LFK_TYPE_DIR_STRUCT, place.id, LFK_PAIR_SIZE), pair},
        tail,
    };
    if (at_once) {
        return commit_linked(fs, last, edits, 4, made, detail);
    }
    int result = lfk_mdirs_commit(&fs->mdirs, place.mdir, edits, 3, detail);
    if (result < 0) {
        lfk_mdirs_add_orphan(&fs->mdirs); /* the new pair is one */
    }
    return result;
}

int lfk_fs_mkdir(struct lfk_fs *fs, const char *path, struct lfk_detail *detail)
{
    struct lfk_fs_place place;
    struct lfk_mdir *head;
    struct lfk_mdir *made;
    TRY(lfk_fs_prepare(fs, detail));
    TRY(lfk_fs_find(fs, path, &place, detail));
    if (place.exists) {
        return lfk_fail(detail, LFK_ERR_EXIST, "the name is taken");
    }
    TRY(lfk_fs_check_name(fs, &place, detail));
    TRY(lfk_mdirs_get(&fs->mdirs, place.directory, &head, detail));
    struct lfk_mdir *last = lfk_fs_last_pair(head);
    TRY(lfk_mdirs_create(&fs->mdirs, last->tail, &made, detail));
    int result = insert(fs, path, last, made, detail);
    if (result < 0 && made->prev == NULL) {
        lfk_mdirs_forget(&fs->mdirs, made);
    }
    return result;
}
