/* SPDX-License-Identifier: MIT */
/*
 * Loads a volume, or a part of it, into a tree. Directories are read in the
 * order in which a walk of the growing tree comes to them, so no stack is
 * needed and no depth is too deep. Each metadata pair is entered once, and
 * files are taken only while the volume has blocks for all of them: the tree,
 * and what is read through it, stay in proportion to the image.
 */
#include "load/load.h"
#include "contents.h"

#include <string.h>

/*
 * Of a path in a report as much of the end is given as fits in so many bytes:
 * on a hostile image every directory can have a path of megabytes.
 */
#define PATH_TOLD 4096u
#define PATH_CUT "/..."

struct load {
    struct lfk_fs *fs;
    const struct lfk_load_how *how;
    struct lfk_tree *tree;
    const struct lfk_content *content; /* of files that are not inline */
    uint64_t walk;
    uint64_t blocks_left; /* that files may still claim */
    struct lfk_detail *detail;
    const struct lfk_node *spelled; /* the directory whose path `path` begins with */
    size_t spelled_size;
    char path[sizeof(PATH_CUT) + PATH_TOLD + 1 + LFK_LENGTH_MAX + 1];
};

/* Puts the path of a directory, with no '/' at its end, at the start of load->path. */
static void spell_directory(struct load *load, const struct lfk_node *directory)
{
    const struct lfk_node *top = directory;
    const struct lfk_node *node;
    size_t size = 0;

    if (load->spelled == directory) {
        return;
    }
    for (; top->parent != NULL && size + 1 + top->name_size <= PATH_TOLD; top = top->parent) {
        size += 1 + top->name_size;
    }
    if (top->parent != NULL) {
        memcpy(load->path, PATH_CUT, sizeof(PATH_CUT) - 1);
        size += sizeof(PATH_CUT) - 1;
    }
    load->spelled = directory;
    load->spelled_size = size;
    for (node = directory; node != top; node = node->parent) {
        size -= node->name_size;
        memcpy(load->path + size, node->name, node->name_size);
        load->path[--size] = '/';
    }
}

/* Tells the damage of load->path if somebody listens, else fails with it. */
static int tell(const struct load *load, const struct lfk_detail *damage)
{
    if (load->how->damage != NULL && damage->status == LFK_ERR_CORRUPT) {
        load->how->damage(load->how->damage_context, load->path, damage);
        return LFK_OK;
    }
    if (load->detail != NULL) {
        *load->detail = *damage;
    }
    return damage->status;
}

/* The path is for a person: a NUL in a name becomes '?'. */
static int tell_entry(struct load *load, const struct lfk_node *parent,
                      const struct lfk_entry *entry, const struct lfk_detail *damage)
{
    spell_directory(load, parent);
    char *name = load->path + load->spelled_size;
    *name++ = '/';
    for (size_t i = 0; i < entry->name_size; i++) {
        name[i] = entry->name[i] == '\0' ? '?' : (char)entry->name[i];
    }
    name[entry->name_size] = '\0';
    return tell(load, damage);
}

static int tell_directory(struct load *load, const struct lfk_node *directory,
                          const struct lfk_detail *damage)
{
    spell_directory(load, directory);
    size_t size = load->spelled_size;
    if (size == 0) {
        load->path[size++] = '/';
    }
    load->path[size] = '\0';
    return tell(load, damage);
}

static int add_attributes(const struct load *load, struct lfk_node *node,
                          const struct lfk_entry *entry)
{
    for (const struct lfk_mdir_attribute *a = entry->attributes; a != NULL; a = a->next) {
        if (lfk_tree_set_attribute(load->tree, node, a->type, a->data, a->size) < 0) {
            return lfk_fail_nomem(load->detail);
        }
    }
    return LFK_OK;
}

/* Adds the node of a file whose content is described by `content`. */
static int add_file(struct load *load, struct lfk_node *parent, const struct lfk_entry *entry,
                    const struct lfk_fs_content *content, struct lfk_node **node,
                    struct lfk_detail *damage)
{
    const char *name = (const char *)entry->name;
    if (content->data != NULL) {
        return lfk_tree_add_file(load->tree, parent, name, entry->name_size, content->data,
                                 content->size, node);
    }
    uint32_t blocks = lfk_ctz_blocks(load->fs->superblock.block_size, content->size);
    if (blocks > load->blocks_left) {
        return lfk_fail_field(damage, LFK_ERR_CORRUPT,
                              "the files claim more blocks than the volume has", "blocks",
                              load->blocks_left, blocks);
    }
    TRY(lfk_tree_add_content(load->tree, parent, name, entry->name_size, load->content,
                             content->size, node));
    load->blocks_left -= blocks;
    (*node)->place.block[0] = content->head;
    (*node)->place.blocks = blocks;
    return LFK_OK;
}

/* Puts a directory's pair in its place: the null pair, and that is told, if it has none. */
static int place_directory(struct load *load, struct lfk_node *node,
                           const struct lfk_fs_entry *found)
{
    struct lfk_detail damage = {0};
    struct lfk_pair pair;
    int result = LFK_OK;
    if (lfk_fs_dir_pair(load->fs, found, &pair, &damage) < 0) {
        pair = LFK_PAIR_NULL;
        result = tell_directory(load, node, &damage);
    }
    memcpy(node->place.block, pair.block, sizeof(pair.block));
    return result;
}

/* The node an entry stands for; LFK_ERR_CORRUPT or LFK_ERR_INVAL, in `damage`: it stands for none.
 */
static int make_node(struct load *load, struct lfk_node *parent, const struct lfk_fs_entry *found,
                     struct lfk_node **node, struct lfk_detail *damage)
{
    const struct lfk_entry *entry = found->entry;
    uint32_t block = found->mdir->pair.block[0];
    int result;
    if (entry->name == NULL) {
        return lfk_fail_block(damage, LFK_ERR_CORRUPT, "an entry has no name", block);
    }
    if (entry->name_type == LFK_TYPE_DIR) {
        result =
            lfk_tree_add_dir(load->tree, parent, (const char *)entry->name, entry->name_size, node);
    } else if (entry->name_type == LFK_TYPE_FILE) {
        struct lfk_fs_content content;
        TRY(lfk_fs_content(found, &content, damage));
        result = add_file(load, parent, entry, &content, node, damage);
    } else {
        return lfk_fail_block(damage, LFK_ERR_CORRUPT, "an entry is of no type known", block);
    }
    if (result == LFK_ERR_INVAL) {
        return lfk_fail_block(damage, LFK_ERR_CORRUPT, "an entry has a name that cannot be", block);
    }
    return result == LFK_ERR_NOMEM ? lfk_fail_nomem(damage) : result;
}

/* Adds what an entry stands for; one that stands for nothing is told and left out. */
static int load_entry(struct load *load, struct lfk_node *parent, const struct lfk_fs_entry *found)
{
    struct lfk_detail damage = {0};
    struct lfk_node *node = NULL;
    (void)make_node(load, parent, found, &node, &damage); /* if it makes none, `damage` says why */
    if (node == NULL) {
        return tell_entry(load, parent, found->entry, &damage);
    }
    if (lfk_fs_is_dir(found)) {
        TRY(place_directory(load, node, found));
    }
    return add_attributes(load, node, found->entry);
}

/* Adds the entries of a directory whose first pair is in its place, unless it is to be counted
 * only. */
static int load_directory(struct load *load, struct lfk_node *node, bool counted)
{
    struct lfk_detail damage = {0};
    struct lfk_fs_entry found;
    struct lfk_fs_dir dir;
    struct lfk_pair pair;

    memcpy(pair.block, node->place.block, sizeof(pair.block));
    if (lfk_pair_is_null(pair)) {
        return LFK_OK; /* told when it was placed */
    }
    int result = lfk_fs_dir_open(load->fs, pair, load->walk, &dir, &damage);
    while (result >= 0 && (result = lfk_fs_dir_read(&dir, &found, &damage)) > 0) {
        if (!counted) {
            TRY(load_entry(load, node, &found));
        }
    }
    node->place.blocks = 2 * dir.pairs;
    return result < 0 ? tell_directory(load, node, &damage) : LFK_OK;
}

/* Adds the one file that is asked for: where damage is told of, it is "/", as nothing is below it.
 */
static int load_file(struct load *load, struct lfk_node *root, const struct lfk_fs_entry *found)
{
    struct lfk_detail damage = {0};
    struct lfk_node *node = NULL;
    if (make_node(load, root, found, &node, &damage) < 0) {
        return tell_directory(load, root, &damage);
    }
    return add_attributes(load, node, found->entry);
}

/* Makes the tree's root stand for what was found. */
static int load_top(struct load *load, const struct lfk_fs_entry *found)
{
    struct lfk_node *root = lfk_tree_root(load->tree);
    if (!lfk_fs_is_dir(found)) {
        return load_file(load, root, found);
    }
    const struct lfk_entry *entry =
        found->entry != NULL ? found->entry : &load->fs->mdirs.root->entries[0];
    TRY(place_directory(load, root, found));
    TRY(add_attributes(load, root, entry));
    for (struct lfk_node *node = root; node != NULL; node = lfk_node_next(root, node)) {
        if (node->type == LFK_NODE_DIR) {
            TRY(load_directory(load, node, load->how->shallow && node != root));
        }
    }
    return LFK_OK;
}

int lfk_load(struct lfk_fs *fs, const char *path, const struct lfk_load_how *how,
             struct lfk_tree **tree, struct lfk_detail *detail)
{
    struct load load = {.fs = fs, .how = how, .blocks_left = how->blocks, .detail = detail};
    struct lfk_fs_entry found;
    TRY(lfk_fs_lookup(fs, path, &found, detail));
    if (lfk_tree_create(&load.tree, how->allocator) < 0) {
        return lfk_fail_nomem(detail);
    }
    load.content = lfk_load_content(fs, load.tree);
    int result = load.content != NULL ? LFK_OK : lfk_fail_nomem(detail);
    if (result == LFK_OK) {
        load.walk = lfk_fs_walk(fs);
        result = load_top(&load, &found);
    }
    if (result < 0) {
        lfk_tree_destroy(load.tree);
        return result;
    }
    *tree = load.tree;
    return LFK_OK;
}
