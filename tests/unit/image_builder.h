/* SPDX-License-Identifier: MIT */
/*
 * Builds images from trees into memory.
 */
#ifndef LFSKIT_TESTS_IMAGE_BUILDER_H
#define LFSKIT_TESTS_IMAGE_BUILDER_H

#include "image_maker.h"
#include "lfskit/build.h"

/* A sink into growing memory that fails once it would get more than `limit` bytes. */
struct memory_sink {
    struct lfk_sink sink;
    uint8_t *bytes;
    size_t size;
    size_t room; /* of bytes */
    size_t limit;
};

/* To be freed: its bytes. */
struct memory_sink new_sink(void);

struct lfk_build_report build_image(struct lfk_tree *tree, const struct lfk_build_options *options,
                                    struct memory_sink *sink);

/* Builds and frees the tree; the image is for the helpers that look at ones made by hand. */
struct maker build_made(struct lfk_tree *tree, const struct lfk_build_options *options);

#endif
