/* SPDX-License-Identifier: MIT */
/*
 * A tree of files made from Python's dicts.
 */
#ifndef LFN_TREE_H
#define LFN_TREE_H

#include "lfskit/tree.h"

struct lfn_held;

struct lfn_tree {
    const struct lfn_state *state;
    struct lfn_encoding encoding; /* of names; the caller's to release */
    struct lfk_tree *tree;
    struct lfn_held *held; /* the buffers of the files */
};

/* Adds what a dict, or (dict, attributes), has to the root. 0, or -1 with an exception. */
int lfn_tree_add(struct lfn_tree *tree, PyObject *value);

/* Destroys the tree; the GIL is held. */
void lfn_tree_release(struct lfn_tree *tree);

#endif
