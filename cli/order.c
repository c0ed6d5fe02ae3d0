/* SPDX-License-Identifier: MIT */
/*
 * The order in which trees are shown. It keeps no list of what is to come: the
 * directories are visited in the order of lfk_node_next.
 */
#include "order.h"

bool cli_root_holds_file(const struct lfk_node *root)
{
    return root->place.block[0] == 0 && root->place.block[1] == 0;
}

struct cli_walk cli_walk_start(const struct lfk_node *top)
{
    return (struct cli_walk){.top = top, .directory = top, .type = LFK_NODE_DIR};
}

static const struct lfk_node *next_directory(const struct cli_walk *walk)
{
    const struct lfk_node *node = walk->directory;
    do {
        node = lfk_node_next(walk->top, node);
    } while (node != NULL && node->type != LFK_NODE_DIR);
    return node;
}

const struct lfk_node *cli_walk_next(struct cli_walk *walk)
{
    while (walk->directory != NULL) {
        walk->node = walk->node == NULL ? walk->directory->first : walk->node->next;
        while (walk->node != NULL && walk->node->type != walk->type) {
            walk->node = walk->node->next;
        }
        if (walk->node != NULL) {
            return walk->node;
        }
        if (walk->type == LFK_NODE_DIR) {
            walk->type = LFK_NODE_FILE;
        } else {
            walk->type = LFK_NODE_DIR;
            walk->directory = next_directory(walk);
        }
    }
    return NULL;
}
