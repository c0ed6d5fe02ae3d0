/* SPDX-License-Identifier: MIT */
#include "tree_maker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct lfk_tree *new_tree(void)
{
    struct lfk_tree *tree = NULL;
    assert_int_equal(lfk_tree_create(&tree, NULL), LFK_OK);
    return tree;
}

struct lfk_node *add_file(struct lfk_tree *tree, struct lfk_node *parent, const char *name,
                          const void *data, size_t size)
{
    struct lfk_node *node = NULL;
    assert_int_equal(lfk_tree_add_file(tree, parent, name, strlen(name), data, size, &node),
                     LFK_OK);
    return node;
}

struct lfk_node *add_dir(struct lfk_tree *tree, struct lfk_node *parent, const char *name)
{
    struct lfk_node *node = NULL;
    assert_int_equal(lfk_tree_add_dir(tree, parent, name, strlen(name), &node), LFK_OK);
    return node;
}

void add_files(struct lfk_tree *tree, struct lfk_node *parent, int count, const void *data,
               size_t size, bool falling)
{
    for (int i = 0; i < count; i++) {
        char name[16];
        snprintf(name, sizeof(name), "f%06d", falling ? count - 1 - i : i);
        add_file(tree, parent, name, data, size);
    }
}

void check_content(const struct lfk_node *node, const void *data, size_t size)
{
    struct lfk_reader reader = {0};
    struct lfk_span spans[3];
    size_t done = 0;
    int count;
    assert_int_equal(node->size, size);
    assert_int_equal(lfk_reader_open(&reader, node, NULL), LFK_OK);
    while ((count = lfk_reader_next(&reader, spans, 3, NULL)) > 0) {
        for (int i = 0; i < count; i++) {
            assert_in_range(spans[i].size, 0, size - done);
            assert_memory_equal((const char *)data + done, spans[i].data, spans[i].size);
            done += spans[i].size;
        }
    }
    assert_int_equal(count, 0);
    assert_int_equal(done, size);
    lfk_reader_close(&reader);
}

/* Adds the file's bytes to a text of which `size` are there. */
static size_t append_content(const struct lfk_node *node, char *text, size_t size, size_t room)
{
    struct lfk_reader reader = {0};
    struct lfk_span span;
    assert_int_equal(lfk_reader_open(&reader, node, NULL), LFK_OK);
    while (lfk_reader_next(&reader, &span, 1, NULL) > 0) {
        assert_in_range(size + span.size, 0, room - 1);
        memcpy(text + size, span.data, span.size);
        size += span.size;
    }
    lfk_reader_close(&reader);
    return size;
}

void check_tree(const struct lfk_node *top, const char *expected)
{
    char text[1024];
    size_t size = 0;
    const struct lfk_node *node = top;
    while ((node = lfk_node_next(top, node)) != NULL) {
        if (size > 0) {
            text[size++] = ' ';
        }
        size += lfk_node_path(node, text + size, sizeof(text) - size);
        assert_in_range(size, 0, sizeof(text) - 3);
        text[size++] = node->type == LFK_NODE_DIR ? '/' : '=';
        if (node->type == LFK_NODE_FILE) {
            size = append_content(node, text, size, sizeof(text) - 2);
        }
    }
    text[size] = '\0';
    assert_string_equal(text, expected);
}
