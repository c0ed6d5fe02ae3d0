/* SPDX-License-Identifier: MIT */
/*
 * The list of pairs brought in line with the directories. A pair that moved is
 * named by its entry first and by the tail before it later; a directory is on
 * the list before it has an entry, and after it has none. Between the two the
 * power may go.
 *
 * The entries have the say, but only those that entries lead to from the root:
 * a pair of which the list has an older version may itself name older versions
 * of others. The list is mended from its front, so that no such version is ever
 * written to, and what is behind it comes onto the list with the new one. If a
 * block is bad the pair whose tail is mended moves on the way, and the entry that
 * follows it is the one that the root leads to, on the list or not.
 */
#include "parts.h"

/* A pair as another names it, by an entry or a hard tail. */
struct name {
    struct lfk_pair pair;
    struct lfk_mdir *by; /* NULL: it is the root */
};

struct names {
    struct name *at;
    size_t count;
    size_t room;
};

/* The directories as entries lead to them from the root. */
struct tour {
    struct lfk_fs *fs;
    uint64_t listed;      /* walk number of a pair on the list that was not met yet */
    uint64_t named;       /* and of one that was met, as the list has it */
    struct names queue;   /* all that were met */
    struct names missing; /* of these, those that the list has not */
};

static int add_name(struct tour *tour, struct names *names, const struct name *name,
                    struct lfk_detail *detail)
{
    void *at = names->at;
    if (lfk_grow(tour->fs->options.allocator, &at, &names->room, names->count + 1, sizeof(*name)) <
        0) {
        return lfk_fail_nomem(detail);
    }
    names->at = at;
    names->at[names->count++] = *name;
    return LFK_OK;
}

/* Adds what a pair names to the queue: directories, and the next pair of its own. */
static int add_named(struct tour *tour, struct lfk_mdir *mdir, struct lfk_detail *detail)
{
    for (uint32_t id = 0; id < mdir->count; id++) {
        const struct name name = {lfk_entry_pair(&mdir->entries[id]), mdir};
        if (!lfk_pair_is_null(name.pair) && !lfk_mdirs_is_moved(&tour->fs->mdirs, mdir, id)) {
            TRY(add_name(tour, &tour->queue, &name, detail));
        }
    }
    const struct name next = {mdir->tail, mdir};
    return mdir->tail_hard ? add_name(tour, &tour->queue, &next, detail) : LFK_OK;
}

static int meet(struct tour *tour, const struct name *name, struct lfk_detail *detail)
{
    struct lfk_mdir *mdir;
    int result = lfk_mdirs_get(&tour->fs->mdirs, name->pair, &mdir, detail);
    if (result == LFK_ERR_CORRUPT) {
        return LFK_OK; /* it cannot be entered */
    }
    TRY(result);
    if (mdir->walk > tour->listed) {
        return LFK_OK; /* met before */
    }
    bool is_named = mdir->walk == tour->listed && lfk_pair_same(mdir->pair, name->pair);
    mdir->walk = is_named ? tour->named : tour->named - 1;
    /* Of what is on the list with the pair that names it, the list itself knows that. */
    if (!is_named || (name->by != NULL && name->by->walk != tour->named)) {
        mdir->parent = name->by;
    }
    if (!is_named) {
        TRY(add_name(tour, &tour->missing, name, detail));
    }
    lfk_mdirs_adopt(&tour->fs->mdirs, mdir);
    return add_named(tour, mdir, detail);
}

static int make_tour(struct tour *tour, struct lfk_detail *detail)
{
    struct lfk_fs *fs = tour->fs;
    tour->listed = fs->walk + 1;
    tour->named = tour->listed + 2;
    fs->walk = tour->named;
    for (struct lfk_mdir *mdir = fs->mdirs.first; mdir != NULL; mdir = mdir->next) {
        mdir->walk = tour->listed;
        mdir->parent = NULL;
    }
    TRY(add_name(tour, &tour->queue, &(struct name){fs->mdirs.root->pair, NULL}, detail));
    for (size_t i = 0; i < tour->queue.count; i++) {
        const struct name name = tour->queue.at[i]; /* those that it names may move the queue */
        TRY(meet(tour, &name, detail));
    }
    return LFK_OK;
}

/*
 * The pair that the tail before a directory should name. The second block that
 * an entry names is where the pair was before it moved; the first was free then,
 * whatever the list has it for.
 */
static struct lfk_pair version_of(const struct tour *tour, const struct lfk_mdir *mdir)
{
    for (size_t i = 0; i < tour->missing.count && mdir->walk != tour->named; i++) {
        const struct lfk_pair *version = &tour->missing.at[i].pair;
        if (version->block[1] == mdir->pair.block[0] || version->block[1] == mdir->pair.block[1]) {
            return *version;
        }
    }
    return mdir->pair;
}

/*
 * The first directory whose tail is behind, and the pair that this should name.
 * In memory the list may already have what the tail has not.
 */
static struct lfk_mdir *find_stale(const struct tour *tour, struct lfk_pair *version)
{
    for (struct lfk_mdir *mdir = tour->fs->mdirs.first; mdir != NULL; mdir = mdir->next) {
        if (lfk_mdir_is_head(mdir)) {
            *version = version_of(tour, mdir);
            if (!lfk_pair_same(*version, mdir->prev->tail)) {
                return mdir;
            }
        }
    }
    return NULL;
}

static int set_tail(struct lfk_fs *fs, struct lfk_mdir *mdir, struct lfk_pair pair,
                    struct lfk_detail *detail)
{
    uint8_t bytes[LFK_PAIR_SIZE];
    lfk_pair_encode(pair, bytes);
    const struct lfk_edit edit = {lfk_tag_tail(mdir->tail_hard), bytes};
    return lfk_mdirs_commit(&fs->mdirs, mdir, &edit, 1, detail);
}

static void end_tour(struct tour *tour)
{
    lfk_free(tour->fs->options.allocator, tour->queue.at);
    lfk_free(tour->fs->options.allocator, tour->missing.at);
}

int lfk_fs_find_parents(struct lfk_fs *fs, struct lfk_detail *detail)
{
    struct tour tour = {.fs = fs};
    int result = fs->mdirs.orphans > 0 ? make_tour(&tour, detail) : LFK_OK;
    end_tour(&tour);
    return result;
}

/* Mends the first tail that is behind. 1: there was one; the list is then built anew. */
static int mend_one_tail(struct lfk_fs *fs, struct lfk_detail *detail)
{
    struct tour tour = {.fs = fs};
    struct lfk_pair version;
    int result = make_tour(&tour, detail);
    struct lfk_mdir *stale = result == LFK_OK ? find_stale(&tour, &version) : NULL;
    end_tour(&tour);
    TRY(result);
    if (stale == NULL) {
        return 0;
    }
    TRY(set_tail(fs, stale->prev, version, detail));
    TRY(lfk_fs_relink(fs, detail));
    return 1;
}

/* What a damaged volume says of a list may change with each pair that is put on it, for ever. */
int lfk_fs_mend_tails(struct lfk_fs *fs, struct lfk_detail *detail)
{
    uint32_t most = fs->mdirs.block_count;
    if (fs->mdirs.orphans == 0) {
        return LFK_OK;
    }
    for (uint32_t mended = 0; mended <= most; mended++) {
        int result = mend_one_tail(fs, detail);
        if (result <= 0) {
            return result;
        }
    }
    return lfk_fail(detail, LFK_ERR_CORRUPT, "the list of pairs cannot be brought in order");
}

/* Takes a directory that no entry names off the list. 1: there was one. */
static int drop_one_orphan(struct lfk_fs *fs, struct lfk_detail *detail)
{
    for (struct lfk_mdir *mdir = fs->mdirs.first; mdir != NULL; mdir = mdir->next) {
        if (lfk_mdir_is_head(mdir) && mdir->parent == NULL) {
            TRY(lfk_mdirs_drop(&fs->mdirs, mdir, detail));
            return 1;
        }
    }
    return 0;
}

int lfk_fs_drop_orphans(struct lfk_fs *fs, struct lfk_detail *detail)
{
    int result = fs->mdirs.orphans > 0;
    while (result > 0) {
        result = drop_one_orphan(fs, detail);
        TRY(result);
        TRY(lfk_fs_mend_tails(fs, detail));
    }
    lfk_mdirs_end_repair(&fs->mdirs);
    return LFK_OK;
}
