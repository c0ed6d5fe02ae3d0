/* SPDX-License-Identifier: MIT */
/*
 * A path being put together: a growing text that always ends in a NUL.
 */
#ifndef LFK_HOST_PATHBUF_H
#define LFK_HOST_PATHBUF_H

#include "lfskit/tree.h"
#include "util/util.h"

/* Zero it and set the allocator; text is NULL until something is put in. */
struct lfk_pathbuf {
    const struct lfk_allocator *allocator;
    char *text;
    size_t size; /* bytes, without the NUL */
    size_t room;
};

void lfk_pathbuf_free(struct lfk_pathbuf *path);

/* Cuts back to `size` bytes; something was put in before. */
void lfk_pathbuf_cut(struct lfk_pathbuf *path, size_t size);

/* All of these fail with LFK_ERR_NOMEM alone. */

/* Makes room for `size` more bytes and a NUL. */
int lfk_pathbuf_reserve(struct lfk_pathbuf *path, size_t size);
int lfk_pathbuf_append(struct lfk_pathbuf *path, const char *bytes, size_t size);
/* Cuts back to `size` bytes, then appends '/' and the name; no '/' at the start or after one. */
int lfk_pathbuf_set_name(struct lfk_pathbuf *path, size_t size, const char *name, size_t name_size);
/* Cuts back to `size` bytes, then appends the node's path at the source, no '/' before it. */
int lfk_pathbuf_set_origin(struct lfk_pathbuf *path, size_t size, const struct lfk_node *node);

#endif
