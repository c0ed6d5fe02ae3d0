/* SPDX-License-Identifier: MIT */
/*
 * Paths of any length in a growing buffer.
 *
 * Invariant: text[size] is a NUL once anything was put in.
 */
#include "pathbuf.h"

#include <string.h>

int lfk_pathbuf_reserve(struct lfk_pathbuf *path, size_t size)
{
    size_t need;
    if (!lfk_add_size(path->size + 1, size, &need)) {
        return LFK_ERR_NOMEM;
    }
    void *text = path->text;
    TRY(lfk_grow(path->allocator, &text, &path->room, need, 1));
    path->text = text;
    return LFK_OK;
}

void lfk_pathbuf_free(struct lfk_pathbuf *path)
{
    lfk_free(path->allocator, path->text);
    path->text = NULL;
    path->size = 0;
    path->room = 0;
}

void lfk_pathbuf_cut(struct lfk_pathbuf *path, size_t size)
{
    path->size = size;
    path->text[size] = '\0';
}

int lfk_pathbuf_append(struct lfk_pathbuf *path, const char *bytes, size_t size)
{
    TRY(lfk_pathbuf_reserve(path, size));
    memcpy(path->text + path->size, bytes, size);
    path->size += size;
    path->text[path->size] = '\0';
    return LFK_OK;
}

int lfk_pathbuf_set_name(struct lfk_pathbuf *path, size_t size, const char *name, size_t name_size)
{
    path->size = size;
    if (size > 0 && path->text[size - 1] != '/') {
        TRY(lfk_pathbuf_append(path, "/", 1));
    }
    return lfk_pathbuf_append(path, name, name_size);
}

int lfk_pathbuf_set_origin(struct lfk_pathbuf *path, size_t size, const struct lfk_node *node)
{
    size_t length = lfk_node_origin_path(node, NULL, 0);
    path->size = size;
    TRY(lfk_pathbuf_reserve(path, length));
    (void)lfk_node_origin_path(node, path->text + size, length + 1);
    memmove(path->text + size, path->text + size + 1, length); /* the NUL too */
    path->size = size + length - 1;
    return LFK_OK;
}
