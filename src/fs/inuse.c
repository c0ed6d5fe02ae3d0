/* SPDX-License-Identifier: MIT */
/*
 * Every block in use: those of the pairs on the list, those that tails and
 * directories' entries name, those of the files, and those that open files
 * still read or have written to. Entries that are hidden count like any other.
 * So does what a change under way replaces, until it is complete; and what one
 * that was cut has made, though the list may not lead there yet.
 */
#include "parts.h"

/* One traversal; `visit` ends it by anything but 0. */
struct traversal {
    struct lfk_fs *fs;
    lfk_fs_block_fn *visit;
    void *context;
    struct lfk_detail *detail;
};

/* Over the directories as entries lead to them from the root. */
struct tour {
    struct traversal *t;
    uint64_t listed; /* walk number of a pair on the list that was not met yet */
    struct lfk_mdir **met;
    size_t count;
    size_t room;
};

/* Of pairs that a tour came by, above the walk number of those on the list. */
enum { PASSED = 1, MET = 2 };

/* Nothing, if the pair is null. */
static int visit_pair(const struct traversal *t, struct lfk_pair pair)
{
    if (lfk_pair_is_null(pair)) {
        return 0;
    }
    int result = t->visit(t->context, pair.block[0]);
    return result != 0 ? result : t->visit(t->context, pair.block[1]);
}

static int visit_entry(const struct traversal *t, const struct lfk_entry *entry)
{
    uint32_t head;
    uint32_t size;
    if (lfk_entry_ctz(entry, &head, &size)) {
        return lfk_fs_blocks_visit(t->fs, head, size, t->visit, t->context, t->detail);
    }
    return visit_pair(t, lfk_entry_pair(entry));
}

static int visit_mdir(void *context, const struct lfk_mdir *mdir)
{
    const struct traversal *t = context;
    int result = visit_pair(t, mdir->pair);
    for (uint32_t id = 0; id < mdir->count && result == 0; id++) {
        result = visit_entry(t, &mdir->entries[id]);
    }
    return result;
}

static int add_met(struct tour *tour, struct lfk_mdir *mdir)
{
    struct traversal *t = tour->t;
    void *met = tour->met;
    if (lfk_grow(t->fs->options.allocator, &met, &tour->room, tour->count + 1,
                 sizeof(struct lfk_mdir *)) < 0) {
        return lfk_fail_nomem(t->detail);
    }
    tour->met = met;
    tour->met[tour->count++] = mdir;
    mdir->walk = tour->listed + MET;
    return LFK_OK;
}

/*
 * A pair that is not on the list, and what tails lead to from it up to one that is: all
 * that comes onto the list with it. What cannot be read now may be read another time.
 */
static int pass(struct tour *tour, struct lfk_mdir *mdir)
{
    struct traversal *t = tour->t;
    int result = 0;
    while (result == 0 && mdir->walk < tour->listed) {
        mdir->walk = tour->listed + PASSED;
        result = visit_mdir(t, mdir);
        if (result == 0) {
            result = visit_pair(t, mdir->tail);
        }
        if (result != 0 || lfk_pair_is_null(mdir->tail)) {
            break;
        }
        int status = lfk_mdirs_get(&t->fs->mdirs, mdir->tail, &mdir, t->detail);
        if (status == LFK_ERR_CORRUPT) {
            break;
        }
        TRY(status);
    }
    return result;
}

static int meet(struct tour *tour, struct lfk_pair pair)
{
    struct lfk_mdir *mdir;
    if (lfk_pair_is_null(pair)) {
        return 0;
    }
    int result = lfk_mdirs_get(&tour->t->fs->mdirs, pair, &mdir, tour->t->detail);
    if (result == LFK_ERR_CORRUPT || (result == LFK_OK && mdir->walk == tour->listed + MET)) {
        return 0;
    }
    TRY(result);
    result = pass(tour, mdir);
    return result != 0 ? result : add_met(tour, mdir);
}

/* The directories that a pair names, and the next pair of its own. */
static int meet_named(struct tour *tour, const struct lfk_mdir *mdir)
{
    int result = 0;
    for (uint32_t id = 0; id < mdir->count && result == 0; id++) {
        if (!lfk_mdirs_is_moved(&tour->t->fs->mdirs, mdir, id)) {
            result = meet(tour, lfk_entry_pair(&mdir->entries[id]));
        }
    }
    return result != 0 || !mdir->tail_hard ? result : meet(tour, mdir->tail);
}

/*
 * Of all directories those pairs that the list has not. They are sought from the root:
 * what a pair names that is itself an older version may be anything by now.
 */
static int visit_moved(struct traversal *t)
{
    struct lfk_fs *fs = t->fs;
    struct tour tour = {.t = t, .listed = fs->walk + 1};
    fs->walk = tour.listed + MET;
    for (struct lfk_mdir *mdir = fs->mdirs.first; mdir != NULL; mdir = mdir->next) {
        mdir->walk = tour.listed;
    }
    int result = meet(&tour, fs->mdirs.root->pair);
    for (size_t i = 0; i < tour.count && result == 0; i++) {
        result = meet_named(&tour, tour.met[i]);
    }
    lfk_free(fs->options.allocator, tour.met);
    return result;
}

static int visit_list(struct traversal *t)
{
    int result = 0;
    for (const struct lfk_mdir *mdir = t->fs->mdirs.first; mdir != NULL && result == 0;
         mdir = mdir->next) {
        result = visit_mdir(t, mdir);
    }
    /* None has moved unless the list is marked for a repair. */
    if (result == 0 && lfk_gstate_has_orphans(&t->fs->mdirs.gdisk)) {
        result = visit_moved(t);
    }
    return result != 0 ? result : lfk_mdirs_visit_superseded(&t->fs->mdirs, visit_mdir, t);
}

/* True if the entry on the volume has the very blocks that the handle has. */
static bool is_on_volume(const struct lfk_fs_file *file)
{
    const struct lfk_mdir *mdir = file->opened->tie.mdir;
    uint32_t head;
    uint32_t size;
    if (mdir == NULL || file->is_writing || file->list.count == 0) {
        return false;
    }
    uint32_t id = lfk_mdir_find_tie(mdir, &file->opened->tie);
    return id < mdir->count && lfk_entry_ctz(&mdir->entries[id], &head, &size) &&
           size == file->size && head == file->list.blocks[file->list.count - 1];
}

/*
 * The list is known from its last block back; while it is being written, the
 * blocks it had before continue it.
 */
static int visit_file(const struct traversal *t, struct lfk_fs_file *file)
{
    int result = 0;
    if (file->is_inline || is_on_volume(file)) {
        return 0;
    }
    for (uint32_t i = 0; i < file->replaced.count && result == 0; i++) {
        if (file->replaced.blocks[i] != LFK_BLOCK_NULL) {
            result = t->visit(t->context, file->replaced.blocks[i]);
        }
    }
    for (uint32_t i = file->list.count; i > 0 && result == 0; i--) {
        uint32_t block;
        result = lfk_fs_blocks_get(t->fs, &file->list, i - 1, &block, t->detail);
        if (result == LFK_OK) {
            result = t->visit(t->context, block);
        }
    }
    return result;
}

int lfk_fs_traverse(struct lfk_fs *fs, lfk_fs_block_fn *visit, void *context,
                    struct lfk_detail *detail)
{
    struct traversal t = {.fs = fs, .visit = visit, .context = context, .detail = detail};
    int result = visit_list(&t);
    for (struct lfk_fs_file *file = fs->files; file != NULL && result == 0; file = file->next) {
        result = visit_file(&t, file);
    }
    return result;
}

uint64_t lfk_fs_blocks_used(const struct lfk_fs *fs)
{
    uint64_t used = lfk_mdirs_blocks_used(&fs->mdirs);
    for (const struct lfk_fs_file *file = fs->files; file != NULL; file = file->next) {
        if (!file->is_inline && !is_on_volume(file)) {
            used += file->list.count;
        }
    }
    return used;
}

static int mark(void *context, uint32_t block)
{
    lfk_blockmap_mark((struct lfk_blockmap *)context, block);
    return 0;
}

/* What a move knows its source by must be of no other pair, also when that has left it. */
static void mark_move(struct lfk_blockmap *map, const struct lfk_gstate *gstate)
{
    if (lfk_gstate_has_move(gstate)) {
        lfk_blockmap_mark(map, gstate->pair.block[0]);
        lfk_blockmap_mark(map, gstate->pair.block[1]);
    }
}

int lfk_fs_fill_blocks(void *context, struct lfk_blockmap *map, struct lfk_detail *detail)
{
    struct lfk_fs *fs = context;
    mark_move(map, &fs->mdirs.gstate);
    mark_move(map, &fs->mdirs.gdisk);
    return lfk_fs_traverse(fs, mark, map, detail);
}
