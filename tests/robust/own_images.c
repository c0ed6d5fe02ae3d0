/* SPDX-License-Identifier: MIT */
/*
 * One tree, in images of several shapes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "own_images.h"

#include "util/util.h"

const struct own_shape own_shapes[OWN_SHAPES] = {
    {128, LFK_DISK_VERSION_2_1},  {256, LFK_DISK_VERSION_2_0},  {500, LFK_DISK_VERSION_2_1},
    {1024, LFK_DISK_VERSION_2_1}, {4096, LFK_DISK_VERSION_2_1},
};

static int memory_write(struct lfk_sink *sink, const struct lfk_span *spans, size_t count,
                        struct lfk_detail *detail)
{
    struct memory_sink *m = (struct memory_sink *)sink;
    for (size_t i = 0; i < count; i++) {
        uint8_t *grown = realloc(m->bytes, m->size + spans[i].size);
        if (grown == NULL) {
            return lfk_fail_nomem(detail);
        }
        m->bytes = grown;
        memcpy(m->bytes + m->size, spans[i].data, spans[i].size);
        m->size += spans[i].size;
    }
    return LFK_OK;
}

void memory_sink_open(struct memory_sink *sink)
{
    *sink = (struct memory_sink){.sink = {memory_write}};
}

void memory_sink_close(struct memory_sink *sink)
{
    free(sink->bytes);
}

static int add_files(struct lfk_tree *tree, struct lfk_node *parent)
{
    static const uint16_t sizes[] = {0, 1, 16, 17, 64, 128, 129, 500, 1000, 1024, 3000, 5000};
    static const uint8_t data[5000] = "bytes of a file, none of them of any meaning";
    struct lfk_node *node = NULL;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        char name[16];
        int length = snprintf(name, sizeof(name), "file%u", sizes[i]);
        TRY(lfk_tree_add_file(tree, parent, name, (size_t)length, data, sizes[i], &node));
        TRY(lfk_tree_set_attribute(tree, node, (uint8_t)i, data, i));
    }
    return LFK_OK;
}

static int add_many(struct lfk_tree *tree, struct lfk_node *parent, int count)
{
    for (int i = 0; i < count; i++) {
        char name[16];
        int length = snprintf(name, sizeof(name), "entry%d", i);
        TRY(lfk_tree_add_file(tree, parent, name, (size_t)length, "inline", 6, NULL));
    }
    return LFK_OK;
}

int own_tree_fill(struct lfk_tree *tree)
{
    struct lfk_node *root = lfk_tree_root(tree);
    struct lfk_node *parent = root;
    TRY(lfk_tree_set_attribute(tree, root, 't', "root", 4));
    TRY(add_files(tree, root));
    for (int depth = 0; depth < 4; depth++) {
        TRY(lfk_tree_add_dir(tree, parent, "directory", 9, &parent));
    }
    TRY(add_files(tree, parent));
    TRY(lfk_tree_add_dir(tree, root, "many", 4, &parent));
    TRY(add_many(tree, parent, 60));
    return lfk_tree_add_dir(tree, root, "nothing in it", 13, NULL);
}

void own_image(struct memory_sink *sink, const struct own_shape *shape)
{
    struct lfk_build_options options = {.size = sizeof(options),
                                        .block_size = shape->block_size,
                                        .disk_version = shape->disk_version};
    struct lfk_tree *tree = NULL;
    struct lfk_build *build = NULL;
    memory_sink_open(sink);
    assert_int_equal(lfk_tree_create(&tree, NULL), LFK_OK);
    assert_int_equal(own_tree_fill(tree), LFK_OK);
    assert_int_equal(lfk_build_plan(&build, tree, &options, NULL), LFK_OK);
    assert_int_equal(lfk_build_write(build, &sink->sink, NULL, NULL), LFK_OK);
    lfk_build_close(build);
    lfk_tree_destroy(tree);
}
