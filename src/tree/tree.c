/* SPDX-License-Identifier: MIT */
/*
 * The tree of files: making it, adding to it, attributes. A node and its name
 * are one allocation in the tree's arena, so that trees of a million files
 * stay cheap to make and to free.
 *
 * Invariant: every node but the root is on the list of its parent, which is a
 * directory; `last` is the end of that list; names are never empty.
 */
#include "lfskit/tree.h"
#include "util/util.h"

#include <string.h>

#define ATTRIBUTE_SIZE_MAX 1022

struct lfk_tree {
    const struct lfk_allocator *allocator;
    struct lfk_arena arena;
    size_t count;
    struct lfk_node root;
};

int lfk_tree_create(struct lfk_tree **tree, const struct lfk_allocator *allocator)
{
    struct lfk_tree *t = lfk_alloc_zeroed(allocator, 1, sizeof(*t));
    if (t == NULL) {
        return LFK_ERR_NOMEM;
    }
    t->allocator = allocator;
    t->arena.allocator = allocator;
    t->root.type = LFK_NODE_DIR;
    t->root.name = "";
    t->count = 1;
    *tree = t;
    return LFK_OK;
}

void lfk_tree_destroy(struct lfk_tree *tree)
{
    if (tree != NULL) {
        lfk_arena_free(&tree->arena);
        lfk_free(tree->allocator, tree);
    }
}

struct lfk_node *lfk_tree_root(struct lfk_tree *tree)
{
    return &tree->root;
}

size_t lfk_tree_count(const struct lfk_tree *tree)
{
    return tree->count;
}

static bool name_is_valid(const char *name, size_t size)
{
    if (size == 0 || (size == 1 && name[0] == '.') ||
        (size == 2 && name[0] == '.' && name[1] == '.')) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (name[i] == '\0' || name[i] == '/') {
            return false;
        }
    }
    return true;
}

static int add_node(struct lfk_tree *tree, struct lfk_node *parent, const char *name,
                    size_t name_size, struct lfk_node **added)
{
    if (parent->type != LFK_NODE_DIR) {
        return LFK_ERR_NOTDIR;
    }
    struct lfk_node *node;
    size_t need;
    if (!name_is_valid(name, name_size) || !lfk_add_size(sizeof(*node) + 1, name_size, &need)) {
        return LFK_ERR_INVAL;
    }
    node = lfk_arena_alloc(&tree->arena, need);
    if (node == NULL) {
        return LFK_ERR_NOMEM;
    }
    memset(node, 0, sizeof(*node));
    char *copy = (char *)(node + 1);
    memcpy(copy, name, name_size);
    copy[name_size] = '\0';

    node->name = copy;
    node->name_size = name_size;
    node->parent = parent;
    node->index = tree->count++;
    if (parent->last == NULL) {
        parent->first = node;
    } else {
        parent->last->next = node;
    }
    parent->last = node;
    *added = node;
    return LFK_OK;
}

int lfk_tree_add_dir(struct lfk_tree *tree, struct lfk_node *parent, const char *name,
                     size_t name_size, struct lfk_node **node)
{
    struct lfk_node *added;
    TRY(add_node(tree, parent, name, name_size, &added));
    added->type = LFK_NODE_DIR;
    if (node != NULL) {
        *node = added;
    }
    return LFK_OK;
}

int lfk_tree_add_file(struct lfk_tree *tree, struct lfk_node *parent, const char *name,
                      size_t name_size, const void *data, size_t size, struct lfk_node **node)
{
    struct lfk_node *added;
    TRY(add_node(tree, parent, name, name_size, &added));
    added->type = LFK_NODE_FILE;
    added->data = data;
    added->size = size;
    if (node != NULL) {
        *node = added;
    }
    return LFK_OK;
}

int lfk_tree_add_content(struct lfk_tree *tree, struct lfk_node *parent, const char *name,
                         size_t name_size, const struct lfk_content *content, uint64_t size,
                         struct lfk_node **node)
{
    struct lfk_node *added;
    TRY(add_node(tree, parent, name, name_size, &added));
    added->type = LFK_NODE_FILE;
    added->content = content;
    added->size = size;
    if (node != NULL) {
        *node = added;
    }
    return LFK_OK;
}

int lfk_tree_set_attribute(struct lfk_tree *tree, struct lfk_node *node, uint8_t type,
                           const void *data, size_t size)
{
    if (size > ATTRIBUTE_SIZE_MAX) {
        return LFK_ERR_NOSPC;
    }
    void *copy = lfk_arena_copy(&tree->arena, data, size);
    if (copy == NULL) {
        return LFK_ERR_NOMEM;
    }
    struct lfk_attribute **link = &node->attributes;
    while (*link != NULL && (*link)->type < type) {
        link = &(*link)->next;
    }
    if (*link == NULL || (*link)->type != type) {
        struct lfk_attribute *attribute = lfk_arena_alloc(&tree->arena, sizeof(*attribute));
        if (attribute == NULL) {
            return LFK_ERR_NOMEM;
        }
        attribute->next = *link;
        attribute->type = type;
        *link = attribute;
    }
    (*link)->size = (uint16_t)size;
    (*link)->data = copy;
    return LFK_OK;
}

void *lfk_tree_alloc(struct lfk_tree *tree, size_t size)
{
    return lfk_arena_alloc(&tree->arena, size);
}
