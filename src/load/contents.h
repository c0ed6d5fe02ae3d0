/* SPDX-License-Identifier: MIT */
/*
 * Where the nodes of a loaded tree have their bytes from; private to the part
 * load.
 */
#ifndef LFK_CONTENTS_H
#define LFK_CONTENTS_H

#include "fs/fs.h"
#include "lfskit/tree.h"

/* A supplier that lives in the tree; NULL when out of memory. */
const struct lfk_content *lfk_load_content(struct lfk_fs *fs, struct lfk_tree *tree);

#endif
