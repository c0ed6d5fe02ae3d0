/* SPDX-License-Identifier: MIT */
/*
 * Loads a volume, or a part of it, into a tree. Directories are read in the
 * order in which a walk of the growing tree comes to them, so no stack is
 * needed and no depth is too deep. Each metadata pair is entered once, and
 * files are taken only while the volume has blocks for all of them: the tree,
 * and what is read through it, stay in proportion to the image.
 */
#include "handle.h"

#include <string.h>

struct load {
    struct lfk_volume *volume;
    struct lfk_tree *tree;
    uint64_t walk;
    uint64_t blocks_left; /* that files may still claim */
    struct lfk_detail *detail;
};

/* The path of an entry of `parent`, for a person: a NUL in its name becomes '?'. */
static char *entry_path(const struct load *load, const struct lfk_node *parent,
                        const struct lfk_entry *entry)
{
    bool in_root = parent->parent == NULL;
    size_t parent_size = in_root ? 0 : lfk_node_path(parent, NULL, 0);
    char *path = lfk_alloc(load->volume->options.allocator, parent_size + 1 + entry->name_size + 1);
    if (path == NULL) {
        return NULL;
    }
    if (!in_root) {
        (void)lfk_node_path(parent, path, parent_size + 1);
    }
    char *name = path + parent_size;
    *name++ = '/';
    for (size_t i = 0; i < entry->name_size; i++) {
        name[i] = entry->name[i] == '\0' ? '?' : (char)entry->name[i];
    }
    name[entry->name_size] = '\0';
    return path;
}

/* Tells the damage if somebody listens, else fails with it. Takes over the path; NULL: no memory.
 */
static int tell(const struct load *load, char *path, const struct lfk_detail *damage)
{
    const struct lfk_volume_options *options = &load->volume->options;
    int result = LFK_OK;
    if (path == NULL || damage->status == LFK_ERR_NOMEM) {
        result = lfk_fail_nomem(load->detail);
    } else if (options->damage != NULL) {
        options->damage(options->damage_context, path, damage);
    } else {
        result = damage->status;
        if (load->detail != NULL) {
            *load->detail = *damage;
        }
    }
    lfk_free(options->allocator, path);
    return result;
}

static int tell_entry(const struct load *load, const struct lfk_node *parent,
                      const struct lfk_entry *entry, const struct lfk_detail *damage)
{
    return tell(load, entry_path(load, parent, entry), damage);
}

static int tell_directory(const struct load *load, const struct lfk_node *directory,
                          const struct lfk_detail *damage)
{
    size_t size = lfk_node_path(directory, NULL, 0) + 1;
    char *path = lfk_alloc(load->volume->options.allocator, size);
    if (path != NULL) {
        (void)lfk_node_path(directory, path, size);
    }
    return tell(load, path, damage);
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
    uint32_t blocks = lfk_ctz_blocks(load->volume->fs.superblock.block_size, content->size);
    if (blocks > load->blocks_left) {
        return lfk_fail_field(damage, LFK_ERR_CORRUPT,
                              "the files claim more blocks than the volume has", "blocks",
                              load->blocks_left, blocks);
    }
    TRY(lfk_tree_add_content(load->tree, parent, name, entry->name_size, &load->volume->content,
                             content->size, node));
    load->blocks_left -= blocks;
    (*node)->place.block[0] = content->head;
    (*node)->place.blocks = blocks;
    return LFK_OK;
}

static int add_directory(struct load *load, struct lfk_node *parent,
                         const struct lfk_fs_entry *found, struct lfk_node **node,
                         struct lfk_detail *damage)
{
    struct lfk_pair pair;
    TRY(lfk_tree_add_dir(load->tree, parent, (const char *)found->entry->name,
                         found->entry->name_size, node));
    /* A directory whose pointer is missing is there all the same; its null pair tells when read. */
    if (lfk_fs_dir_pair(&load->volume->fs, found, &pair, damage) < 0) {
        pair = LFK_PAIR_NULL;
    }
    memcpy((*node)->place.block, pair.block, sizeof(pair.block));
    return LFK_OK;
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
        result = add_directory(load, parent, found, node, damage);
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
    if (make_node(load, parent, found, &node, &damage) < 0) {
        return tell_entry(load, parent, found->entry, &damage);
    }
    return add_attributes(load, node, found->entry);
}

/* Adds the entries of a directory whose first pair is in its place. */
static int load_directory(struct load *load, struct lfk_node *node)
{
    struct lfk_detail damage = {0};
    struct lfk_fs_entry found;
    struct lfk_fs_dir dir;
    struct lfk_pair pair;

    memcpy(pair.block, node->place.block, sizeof(pair.block));
    int result = lfk_fs_dir_open(&load->volume->fs, pair, load->walk, &dir, &damage);
    while (result >= 0 && (result = lfk_fs_dir_read(&dir, &found, &damage)) > 0) {
        TRY(load_entry(load, node, &found));
    }
    node->place.blocks = 2 * dir.pairs;
    return result < 0 ? tell_directory(load, node, &damage) : LFK_OK;
}

/* Makes the tree's root stand for what was found. */
static int load_top(struct load *load, const struct lfk_fs_entry *found)
{
    struct lfk_fs *fs = &load->volume->fs;
    struct lfk_node *root = lfk_tree_root(load->tree);
    const struct lfk_entry *entry = found->entry != NULL ? found->entry : &fs->root->entries[0];
    struct lfk_pair pair;
    if (!lfk_fs_is_dir(found)) {
        return load_entry(load, root, found);
    }
    TRY(lfk_fs_dir_pair(fs, found, &pair, load->detail));
    memcpy(root->place.block, pair.block, sizeof(pair.block));
    TRY(add_attributes(load, root, entry));
    for (struct lfk_node *node = root; node != NULL; node = lfk_node_next(root, node)) {
        if (node->type == LFK_NODE_DIR) {
            TRY(load_directory(load, node));
        }
    }
    return LFK_OK;
}

int lfk_volume_load(struct lfk_volume *volume, const char *path, struct lfk_tree **tree,
                    struct lfk_detail *detail)
{
    struct lfk_fs *fs = &volume->fs;
    struct load load = {.volume = volume,
                        .blocks_left =
                            lfk_min(fs->superblock.block_count, volume->image.bd->block_count),
                        .detail = detail};
    struct lfk_fs_entry found;
    TRY(lfk_fs_lookup(fs, path, &found, detail));
    if (lfk_tree_create(&load.tree, volume->options.allocator) < 0) {
        return lfk_fail_nomem(detail);
    }
    load.walk = lfk_fs_walk(fs);
    int result = load_top(&load, &found);
    if (result < 0) {
        lfk_tree_destroy(load.tree);
        return result;
    }
    *tree = load.tree;
    return LFK_OK;
}
