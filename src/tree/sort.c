/* SPDX-License-Identifier: MIT */
/*
 * Sorts the directories of a tree into littlefs's order: a bottom-up merge
 * sort of each list of children, stable, in place and without recursion.
 */
#include "lfskit/tree.h"
#include "util/util.h"

/* Runs of 1, 2, 4, ... nodes: as many as a size_t can count. */
#define RUNS_MAX (sizeof(size_t) * 8)

static int node_compare(const struct lfk_node *a, const struct lfk_node *b)
{
    return lfk_name_compare(a->name, a->name_size, b->name, b->name_size);
}

/* Of equal names that of `a` comes first. */
static struct lfk_node *merge(struct lfk_node *a, struct lfk_node *b)
{
    struct lfk_node *merged = NULL;
    struct lfk_node **end = &merged;
    while (a != NULL && b != NULL) {
        struct lfk_node **lesser = node_compare(a, b) <= 0 ? &a : &b;
        *end = *lesser;
        end = &(*lesser)->next;
        *lesser = *end;
    }
    *end = a != NULL ? a : b;
    return merged;
}

/* runs[i] is NULL or a sorted list of 2^i nodes, all of them older than those in runs[i - 1]. */
static struct lfk_node *sort_list(struct lfk_node *list)
{
    struct lfk_node *runs[RUNS_MAX] = {NULL};
    while (list != NULL) {
        struct lfk_node *run = list;
        list = list->next;
        run->next = NULL;
        size_t i = 0;
        for (; runs[i] != NULL; i++) {
            run = merge(runs[i], run);
            runs[i] = NULL;
        }
        runs[i] = run;
    }
    struct lfk_node *sorted = NULL;
    for (size_t i = 0; i < RUNS_MAX; i++) {
        sorted = merge(runs[i], sorted);
    }
    return sorted;
}

/* Sorts one directory, unless it is in order, and returns the first second of two equal names. */
static const struct lfk_node *sort_dir(struct lfk_node *dir)
{
    struct lfk_node *node = dir->first;
    bool in_order = true;
    for (; node != NULL && node->next != NULL && in_order; node = node->next) {
        in_order = node_compare(node, node->next) < 0;
    }
    if (in_order) {
        return NULL;
    }
    dir->first = sort_list(dir->first);
    const struct lfk_node *twin = NULL;
    for (node = dir->first; node->next != NULL; node = node->next) {
        if (twin == NULL && node_compare(node, node->next) == 0) {
            twin = node->next;
        }
    }
    dir->last = node;
    return twin;
}

int lfk_tree_sort(struct lfk_tree *tree, const struct lfk_node **twin)
{
    const struct lfk_node *first_twin = NULL;
    struct lfk_node *root = lfk_tree_root(tree);
    for (struct lfk_node *node = root; node != NULL; node = lfk_node_next(root, node)) {
        const struct lfk_node *found = sort_dir(node);
        if (first_twin == NULL) {
            first_twin = found;
        }
    }
    if (first_twin == NULL) {
        return LFK_OK;
    }
    if (twin != NULL) {
        *twin = first_twin;
    }
    return LFK_ERR_EXIST;
}
