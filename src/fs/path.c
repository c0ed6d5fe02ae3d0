/* SPDX-License-Identifier: MIT */
/*
 * Paths, by littlefs's rules: no current directory, slashes collapse, "."
 * vanishes, ".." takes away the component before it in the text, whether that
 * exists or not. A component is looked up only if no later ".." takes it away.
 */
#include "fs/fs.h"

/* The component at the start of a path. */
struct component {
    const char *name;
    size_t size;
};

/* Skips slashes and takes the next component; false at the end. */
static bool next_component(const char **path, struct component *component)
{
    while (**path == '/') {
        ++*path;
    }
    component->name = *path;
    while (**path != '/' && **path != '\0') {
        ++*path;
    }
    component->size = (size_t)(*path - component->name);
    return component->size > 0;
}

static bool is_dot(struct component c)
{
    return c.size == 1 && c.name[0] == '.';
}

static bool is_dot_dot(struct component c)
{
    return c.size == 2 && c.name[0] == '.' && c.name[1] == '.';
}

/* If a ".." in `rest` takes away the component before it, returns what follows; else NULL. */
static const char *taken_away(const char *rest)
{
    struct component c;
    size_t depth = 1;
    while (next_component(&rest, &c)) {
        if (is_dot_dot(c)) {
            depth--;
            if (depth == 0) {
                return rest;
            }
        } else if (!is_dot(c)) {
            depth++;
        }
    }
    return NULL;
}

/* True if nothing but slashes is left of a path. */
static bool is_last(const char *rest)
{
    struct component c;
    return !next_component(&rest, &c);
}

static int not_found(struct lfk_detail *detail)
{
    return lfk_fail(detail, LFK_ERR_NOENT, "no such file or directory");
}

/* Looks a name up in a directory: in its first pair that holds it or a greater one. */
static int find_in_directory(struct lfk_fs *fs, struct lfk_pair pair, struct component name,
                             struct lfk_fs_place *place, struct lfk_detail *detail)
{
    uint64_t walk = lfk_fs_walk(fs);
    struct lfk_fs_dir dir;
    TRY(lfk_fs_dir_open(fs, pair, walk, &dir, detail));
    dir.mdir = lfk_mdirs_start(&fs->mdirs, dir.mdir, name.name, name.size);
    int more = 1;
    place->name = name.name;
    place->name_size = name.size;
    place->directory = pair;
    place->exists = false;
    while (more > 0) {
        struct lfk_mdir *mdir = dir.mdir;
        uint32_t id;
        bool met = lfk_mdir_lookup(mdir, name.name, name.size, &id);
        place->mdir = mdir;
        place->id = id;
        if (met) {
            place->exists = lfk_fs_is_shown(fs, mdir, id);
            place->found = (struct lfk_fs_entry){mdir, &mdir->entries[id], id};
            return LFK_OK;
        }
        more = id < mdir->count ? 0 : lfk_fs_dir_next_pair(&dir, detail);
    }
    return more;
}

int lfk_fs_find(struct lfk_fs *fs, const char *path, struct lfk_fs_place *place,
                struct lfk_detail *detail)
{
    struct component name;
    struct lfk_pair pair;
    if (*path == '\0') {
        return lfk_fail(detail, LFK_ERR_INVAL, "the path is empty");
    }
    *place = (struct lfk_fs_place){.found = {fs->mdirs.root, NULL, 0}, .exists = true};
    while (next_component(&path, &name)) {
        if (is_dot_dot(name)) {
            return lfk_fail(detail, LFK_ERR_INVAL, "the path goes above the root");
        }
        if (is_dot(name)) {
            continue;
        }
        const char *rest = taken_away(path);
        if (rest != NULL) {
            path = rest;
            continue;
        }
        TRY(lfk_fs_dir_pair(fs, &place->found, &pair, detail));
        TRY(find_in_directory(fs, pair, name, place, detail));
        place->slash = *path == '/';
        if (!place->exists) {
            return is_last(path) ? LFK_OK : not_found(detail);
        }
        if (place->slash && !lfk_fs_is_dir(&place->found)) {
            return lfk_fail(detail, LFK_ERR_NOTDIR, "not a directory");
        }
    }
    return LFK_OK;
}

int lfk_fs_lookup(struct lfk_fs *fs, const char *path, struct lfk_fs_entry *found,
                  struct lfk_detail *detail)
{
    struct lfk_fs_place place;
    TRY(lfk_fs_find(fs, path, &place, detail));
    *found = place.found;
    return place.exists ? LFK_OK : not_found(detail);
}
