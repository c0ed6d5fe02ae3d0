/* SPDX-License-Identifier: MIT */
/*
 * The order in which trees are shown: of each directory first the directories
 * in it, then the files, then each of those directories in the same way.
 */
#ifndef CLI_ORDER_H
#define CLI_ORDER_H

#include "lfskit/tree.h"

/*
 * True if a tree was loaded from the path of a file: its root then stands for
 * no directory and has that file as its one child.
 */
bool cli_root_holds_file(const struct lfk_node *root);

struct cli_walk {
    const struct lfk_node *top;
    const struct lfk_node *directory; /* whose entries are given out */
    const struct lfk_node *node;      /* given out last; NULL before the first of its type */
    enum lfk_node_type type;
};

struct cli_walk cli_walk_start(const struct lfk_node *top);

/* The next entry below `top`, or NULL at the end. */
const struct lfk_node *cli_walk_next(struct cli_walk *walk);

#endif
