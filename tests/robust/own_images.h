/* SPDX-License-Identifier: MIT */
/*
 * Images of our own making, of several shapes, for tests that damage them.
 */
#ifndef LFSKIT_TESTS_OWN_IMAGES_H
#define LFSKIT_TESTS_OWN_IMAGES_H

#include "lfskit/build.h"

/* A sink into growing memory. */
struct memory_sink {
    struct lfk_sink sink;
    uint8_t *bytes;
    size_t size;
};

void memory_sink_open(struct memory_sink *sink);
void memory_sink_close(struct memory_sink *sink);

/*
 * Fills a tree with files of many sizes, nested directories, one that takes
 * several pairs, and attributes. Returns the first failure.
 */
int own_tree_fill(struct lfk_tree *tree);

struct own_shape {
    uint32_t block_size;
    uint32_t disk_version;
};

#define OWN_SHAPES 5
extern const struct own_shape own_shapes[OWN_SHAPES];

/* Builds the image of such a tree; ends the test if that fails. */
void own_image(struct memory_sink *sink, const struct own_shape *shape);

#endif
