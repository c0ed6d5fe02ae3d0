/* SPDX-License-Identifier: MIT */
/*
 * Renames. Within one pair it is one commit. Between two the entry appears at
 * its new place in the first commit, which also records in the global state
 * that the old entry is void; the second removes that. Whatever is cut, one of
 * the two names is there, and not both.
 */
#include "parts.h"

#define EDITS_MAX (256u + 5u) /* attributes, and what an entry is made and unmade with */

/* A rename on its way. */
struct renaming {
    struct lfk_fs *fs;
    struct lfk_fs_entry from;
    struct lfk_fs_place to;
    struct lfk_mdir *replaced; /* the directory in the place of which the source goes, or NULL */
    struct lfk_edit *edits;
    size_t count;
    struct lfk_detail *detail;
};

/* True if the directory is `top` or below it. */
static bool is_below(struct lfk_fs *fs, struct lfk_mdir *directory, const struct lfk_mdir *top)
{
    struct lfk_mdir *mdir = directory;
    for (uint32_t depth = 0; mdir != NULL && depth < fs->mdirs.block_count; depth++) {
        while (mdir != fs->mdirs.root && mdir->prev != NULL && mdir->prev->tail_hard) {
            mdir = mdir->prev; /* to the head */
        }
        if (mdir == top) {
            return true;
        }
        mdir = mdir->parent;
    }
    return false;
}

/* A directory must not go below itself: nothing would lead to it any more. */
static int check_subtree(const struct renaming *r)
{
    struct lfk_mdir *directory;
    struct lfk_mdir *moved;
    struct lfk_pair pair;
    if (!lfk_fs_is_dir(&r->from)) {
        return LFK_OK;
    }
    TRY(lfk_fs_dir_pair(r->fs, &r->from, &pair, r->detail));
    TRY(lfk_mdirs_get(&r->fs->mdirs, pair, &moved, r->detail));
    TRY(lfk_mdirs_get(&r->fs->mdirs, r->to.directory, &directory, r->detail));
    if (is_below(r->fs, directory, moved)) {
        return lfk_fail(r->detail, LFK_ERR_INVAL, "a directory cannot be moved below itself");
    }
    return LFK_OK;
}

static int check_target(struct renaming *r)
{
    bool is_dir = lfk_fs_is_dir(&r->from);
    if (!r->to.exists) {
        if (r->to.slash && !is_dir) {
            return lfk_fail(r->detail, LFK_ERR_NOTDIR, "the new name is that of a directory");
        }
        TRY(lfk_fs_check_name(r->fs, &r->to, r->detail));
        return check_subtree(r);
    }
    if (r->to.found.entry == NULL) {
        return lfk_fail(r->detail, LFK_ERR_INVAL, "the root directory cannot be replaced");
    }
    if (lfk_fs_is_dir(&r->to.found) != is_dir) {
        return lfk_fail(r->detail, is_dir ? LFK_ERR_NOTDIR : LFK_ERR_ISDIR,
                        "source and target are not of one type");
    }
    if (is_dir) {
        TRY(lfk_fs_check_empty(r->fs, &r->to.found, &r->replaced, r->detail));
    }
    return check_subtree(r);
}

static void add(struct renaming *r, uint32_t type, uint32_t id, uint32_t size, const void *data)
{
    r->edits[r->count++] = (struct lfk_edit){lfk_tag_make(type, id, size), data};
}

/* The edits that make the target what the source is. */
static void add_target(struct renaming *r)
{
    const struct lfk_entry *entry = r->from.entry;
    uint32_t id = r->to.id;
    if (r->to.exists) {
        add(r, LFK_TYPE_DELETE, id, 0, NULL);
    }
    add(r, LFK_TYPE_CREATE, id, 0, NULL);
    add(r, entry->name_type, id, (uint32_t)r->to.name_size, r->to.name);
    add(r, entry->struct_type, id, entry->data_size, entry->data);
    for (const struct lfk_mdir_attribute *a = entry->attributes; a != NULL; a = a->next) {
        add(r, LFK_TYPE_ATTRIBUTE + a->type, id, a->size, a->data);
    }
}

/* Who has the source open goes on with the target. */
static void move_tie(const struct renaming *r, const char *to, struct lfk_entry_tie *tie)
{
    struct lfk_fs_entry found;
    if (tie == NULL || lfk_fs_lookup(r->fs, to, &found, r->detail) < 0) {
        return;
    }
    if (tie->mdir != NULL) {
        tie->mdir->entries[lfk_mdir_find_tie(tie->mdir, tie)].tie = NULL;
    }
    found.mdir->entries[found.id].tie = tie;
    tie->mdir = found.mdir;
}

static int move_within_pair(struct renaming *r)
{
    uint32_t shift = !r->to.exists && r->to.id <= r->from.id;
    add_target(r);
    add(r, LFK_TYPE_DELETE, r->from.id + shift, 0, NULL);
    return lfk_mdirs_commit(&r->fs->mdirs, r->from.mdir, r->edits, r->count, r->detail);
}

static int move_to_pair(struct renaming *r)
{
    struct lfk_mdirs *mdirs = &r->fs->mdirs;
    lfk_mdirs_set_move(mdirs, r->from.mdir->pair, r->from.id);
    add_target(r);
    int result = lfk_mdirs_commit(mdirs, r->to.mdir, r->edits, r->count, r->detail);
    if (result < 0) {
        lfk_mdirs_clear_move(mdirs);
    }
    return result;
}

/* Removes the source, if that is in another pair. */
static int remove_source(struct renaming *r)
{
    struct lfk_mdirs *mdirs = &r->fs->mdirs;
    const struct lfk_gstate before = mdirs->gstate;
    const struct lfk_edit edit = {lfk_tag_make(LFK_TYPE_DELETE, r->from.id, 0), NULL};
    if (!lfk_gstate_has_move(&before)) {
        return LFK_OK;
    }
    lfk_mdirs_clear_move(mdirs);
    int result = lfk_mdirs_commit(mdirs, r->from.mdir, &edit, 1, r->detail);
    if (result < 0) {
        mdirs->gstate = before;
    }
    return result;
}

static int move(struct renaming *r, const char *to)
{
    struct lfk_mdirs *mdirs = &r->fs->mdirs;
    struct lfk_entry_tie *tie = r->from.entry->tie;
    if (r->replaced != NULL) {
        lfk_mdirs_add_orphan(mdirs);
    }
    int result = r->to.mdir == r->from.mdir ? move_within_pair(r) : move_to_pair(r);
    if (result < 0) {
        if (r->replaced != NULL) {
            lfk_mdirs_remove_orphan(mdirs);
        }
        return result;
    }
    if (r->replaced != NULL) {
        r->replaced->parent = NULL;
    }
    move_tie(r, to, tie);
    /* It is done and on record: if one of these fails, the next change sees to it. */
    if (remove_source(r) == LFK_OK && r->replaced != NULL) {
        (void)lfk_fs_drop_directory(r->fs, r->replaced, r->detail);
    }
    return LFK_OK;
}

int lfk_fs_rename(struct lfk_fs *fs, const char *from, const char *to, struct lfk_detail *detail)
{
    struct renaming r = {.fs = fs, .detail = detail};
    TRY(lfk_fs_prepare(fs, detail));
    TRY(lfk_fs_lookup(fs, from, &r.from, detail));
    if (r.from.entry == NULL) {
        return lfk_fail(detail, LFK_ERR_INVAL, "the root directory cannot be renamed");
    }
    TRY(lfk_fs_find(fs, to, &r.to, detail));
    if (r.to.exists && r.to.found.entry == r.from.entry) {
        return LFK_OK;
    }
    TRY(check_target(&r));
    r.edits = lfk_alloc(fs->options.allocator, EDITS_MAX * sizeof(r.edits[0]));
    if (r.edits == NULL) {
        return lfk_fail_nomem(detail);
    }
    int result = move(&r, to);
    lfk_free(fs->options.allocator, r.edits);
    return result;
}
