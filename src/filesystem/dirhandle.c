/* SPDX-License-Identifier: MIT */
/*
 * Handles on directories: cursors that mdir keeps right. A cursor's position
 * counts every entry but the superblock's, also those that are hidden, which
 * makes it move in step with the edits it follows.
 */
#include "opened.h"

/* Entry 0 of the root's first pair is the superblock's. */
static uint32_t first_id(const struct lfk_mdir *mdir)
{
    return lfk_mdir_is_superblock(mdir, 0) ? 1 : 0;
}

static void go_to_start(struct lfk_directory *directory)
{
    struct lfk_mdir *head = directory->cursor.head;
    directory->cursor.at =
        (struct lfk_mdir_place){.mdir = head, .id = first_id(head), .at_start = true};
    directory->landmark = head;
    directory->steps = 0;
}

static void link_directory(struct lfk_directory *directory)
{
    struct lfk_filesystem *filesystem = directory->filesystem;
    directory->cursor.next = filesystem->fs.mdirs.cursors;
    filesystem->fs.mdirs.cursors = &directory->cursor;
    directory->next = filesystem->directories;
    filesystem->directories = directory;
}

static void unlink_directory(struct lfk_directory *directory)
{
    struct lfk_filesystem *filesystem = directory->filesystem;
    struct lfk_mdir_cursor **cursor = &filesystem->fs.mdirs.cursors;
    while (*cursor != &directory->cursor) {
        cursor = &(*cursor)->next;
    }
    *cursor = directory->cursor.next;
    struct lfk_directory **link = &filesystem->directories;
    while (*link != directory) {
        link = &(*link)->next;
    }
    *link = directory->next;
}

int lfk_directory_open(struct lfk_directory **directory, struct lfk_filesystem *filesystem,
                       const char *path, struct lfk_detail *detail)
{
    struct lfk_fs *fs = &filesystem->fs;
    struct lfk_fs_entry found;
    struct lfk_pair pair;
    struct lfk_mdir *head;
    TRY(lfk_fs_lookup(fs, path, &found, detail));
    TRY(lfk_fs_dir_pair(fs, &found, &pair, detail));
    TRY(lfk_mdirs_get(&fs->mdirs, pair, &head, detail));
    struct lfk_directory *opened = lfk_alloc_zeroed(filesystem->allocator, 1, sizeof(*opened));
    if (opened == NULL) {
        return lfk_fail_nomem(detail);
    }
    opened->filesystem = filesystem;
    opened->cursor.head = head;
    go_to_start(opened);
    link_directory(opened);
    *directory = opened;
    return LFK_OK;
}

void lfk_directory_close(struct lfk_directory *directory)
{
    if (directory != NULL) {
        unlink_directory(directory);
        lfk_free(directory->filesystem->allocator, directory);
    }
}

/*
 * Each pair comes once, whatever happens to the directory meanwhile; so one that
 * is met again after it was the landmark is part of a circle.
 */
static int check_circle(struct lfk_directory *directory, const struct lfk_mdir *next,
                        struct lfk_detail *detail)
{
    if (next == directory->landmark) {
        return lfk_fail_block(detail, LFK_ERR_CORRUPT, "a directory's pairs are linked in a circle",
                              next->pair.block[0]);
    }
    directory->steps++;
    if ((directory->steps & (directory->steps - 1)) == 0) {
        directory->landmark = next;
    }
    return LFK_OK;
}

/* Goes on to the directory's next pair; 0: there is none. */
static int enter_next(struct lfk_directory *directory, struct lfk_detail *detail)
{
    struct lfk_fs *fs = &directory->filesystem->fs;
    struct lfk_mdir_place *at = &directory->cursor.at;
    struct lfk_mdir *next = NULL;
    int result = LFK_OK;
    if (at->mdir->tail_hard && !lfk_pair_is_null(at->mdir->tail)) {
        result = lfk_mdirs_get(&fs->mdirs, at->mdir->tail, &next, detail);
    }
    if (next != NULL && result == LFK_OK) {
        result = check_circle(directory, next, detail);
    }
    at->mdir = result == LFK_OK ? next : NULL;
    at->id = 0;
    return result < 0 ? result : at->mdir != NULL;
}

int lfk_directory_read(struct lfk_directory *directory, struct lfk_stat *stat,
                       struct lfk_detail *detail)
{
    struct lfk_mdir_place *at = &directory->cursor.at;
    at->at_start = false;
    while (at->mdir != NULL) {
        if (at->id >= at->mdir->count) {
            TRY(enter_next(directory, detail));
            continue;
        }
        uint32_t id = at->id++;
        at->position++;
        if (lfk_fs_is_shown(&directory->filesystem->fs, at->mdir, id)) {
            const struct lfk_fs_entry entry = {at->mdir, &at->mdir->entries[id], id};
            TRY(lfk_describe(&entry, stat, detail));
            return 1;
        }
    }
    return 0;
}

uint32_t lfk_directory_tell(const struct lfk_directory *directory)
{
    return directory->cursor.at.position;
}

int lfk_directory_seek(struct lfk_directory *directory, uint32_t position,
                       struct lfk_detail *detail)
{
    struct lfk_mdir_place *at = &directory->cursor.at;
    uint32_t left = position;
    go_to_start(directory);
    at->at_start = position == 0;
    while (left > 0 && at->mdir != NULL) {
        uint32_t part = lfk_min(left, at->mdir->count - at->id);
        at->id += part;
        at->position += part;
        left -= part;
        if (left > 0) {
            TRY(enter_next(directory, detail));
        }
    }
    if (left > 0) {
        return lfk_fail_field(detail, LFK_ERR_INVAL, "the directory has fewer entries", "position",
                              at->position, position);
    }
    return LFK_OK;
}

void lfk_directory_rewind(struct lfk_directory *directory)
{
    go_to_start(directory);
}
