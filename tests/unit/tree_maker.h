/* SPDX-License-Identifier: MIT */
/*
 * Trees made and looked at by tests.
 */
#ifndef LFSKIT_TESTS_TREE_MAKER_H
#define LFSKIT_TESTS_TREE_MAKER_H

#include "lfskit/tree.h"

struct lfk_tree *new_tree(void);
struct lfk_node *add_file(struct lfk_tree *tree, struct lfk_node *parent, const char *name,
                          const void *data, size_t size);
struct lfk_node *add_dir(struct lfk_tree *tree, struct lfk_node *parent, const char *name);
/* Adds `count` files f000000... of `size` bytes of `data`, in rising or falling order. */
void add_files(struct lfk_tree *tree, struct lfk_node *parent, int count, const void *data,
               size_t size, bool falling);

/* The file holds these bytes, however it is read. */
void check_content(const struct lfk_node *node, const void *data, size_t size);

/*
 * What is below `top`, as text: in the order of a walk, with blanks between,
 * "path/" for a directory and "path=content" for a file.
 */
void check_tree(const struct lfk_node *top, const char *expected);

#endif
