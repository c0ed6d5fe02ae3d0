/* SPDX-License-Identifier: MIT */
/*
 * Walking a tree and spelling paths. Nothing here recurses: a tree may be as
 * deep as whoever made it liked.
 */
#include "lfskit/tree.h"

#include <string.h>

struct lfk_node *lfk_node_next(const struct lfk_node *top, const struct lfk_node *node)
{
    return node->first != NULL ? node->first : lfk_node_skip(top, node);
}

struct lfk_node *lfk_node_skip(const struct lfk_node *top, const struct lfk_node *node)
{
    while (node != top && node->next == NULL) {
        node = node->parent;
    }
    return node == top ? NULL : node->next;
}

static const char *name_of(const struct lfk_node *node, bool at_source, size_t *size)
{
    if (at_source && node->origin != NULL) {
        *size = strlen(node->origin);
        return node->origin;
    }
    *size = node->name_size;
    return node->name;
}

/* Copies `n` bytes to `offset` as far as they are before `room`. */
static void put(char *buffer, size_t room, size_t offset, const char *bytes, size_t n)
{
    if (offset < room) {
        memcpy(buffer + offset, bytes, n < room - offset ? n : room - offset);
    }
}

static size_t write_path(const struct lfk_node *node, bool at_source, char *buffer, size_t size)
{
    size_t length = 0;
    size_t name_size;
    for (const struct lfk_node *n = node; n->parent != NULL; n = n->parent) {
        (void)name_of(n, at_source, &name_size);
        length += 1 + name_size;
    }
    size_t room = size > 0 ? size - 1 : 0;
    size_t end = length;
    for (const struct lfk_node *n = node; n->parent != NULL; n = n->parent) {
        const char *name = name_of(n, at_source, &name_size);
        put(buffer, room, end - name_size, name, name_size);
        end -= name_size + 1;
        put(buffer, room, end, "/", 1);
    }
    if (length == 0) {
        put(buffer, room, 0, "/", 1);
        length = 1;
    }
    if (size > 0) {
        buffer[length < room ? length : room] = '\0';
    }
    return length;
}

size_t lfk_node_path(const struct lfk_node *node, char *buffer, size_t size)
{
    return write_path(node, false, buffer, size);
}

size_t lfk_node_origin_path(const struct lfk_node *node, char *buffer, size_t size)
{
    return write_path(node, true, buffer, size);
}
