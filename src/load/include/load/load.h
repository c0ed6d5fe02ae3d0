/* SPDX-License-Identifier: MIT */
/*
 * A mounted volume, or a part of it, as a tree.
 */
#ifndef LFK_LOAD_H
#define LFK_LOAD_H

#include "fs/fs.h"
#include "lfskit/tree.h"

struct lfk_load_how {
    const struct lfk_allocator *allocator; /* of the tree */
    uint32_t blocks;                       /* that all files together may claim */
    bool shallow;                          /* the entries of the directory alone */
    lfk_damage_fn *damage;                 /* NULL: the first damage is an error */
    void *damage_context;
};

/*
 * As lfk_volume_load says. The contents, those of inline files included, are
 * where they are in the volume: they are gone when it is changed.
 */
int lfk_load(struct lfk_fs *fs, const char *path, const struct lfk_load_how *how,
             struct lfk_tree **tree, struct lfk_detail *detail);

#endif
