/* SPDX-License-Identifier: MIT */
/*
 * Opens images made by hand as volumes and loads what is in them.
 */
#ifndef LFSKIT_TESTS_VOLUME_CHECKER_H
#define LFSKIT_TESTS_VOLUME_CHECKER_H

#include "image_maker.h"
#include "lfskit/volume.h"
#include "told.h"

/* `damages` may be NULL: then the first damage is an error. */
struct lfk_volume *open_made(const struct maker *m, struct damages *damages);

struct lfk_tree *load(struct lfk_volume *volume, const char *path);

/* Opens, loads everything, and compares the tree (see check_tree) and what was told. */
void check_made_tree(const struct maker *m, const char *expected, const char *damages);

#endif
