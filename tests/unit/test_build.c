/* SPDX-License-Identifier: MIT */
/*
 * Building as a whole: what comes back from an image, how its blocks lie, that
 * the order of insertion does not matter, and that every failure is clean.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "image_builder.h"
#include "lfskit/volume.h"
#include "tree_maker.h"

/* One file of each size round the inline, block and CTZ boundaries comes back as it was. */
static void files_of_boundary_sizes_come_back(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {0,   1,   15,  16,  17,  127,  128,   129,  251,
                                     252, 253, 371, 372, 373, 1000, 10000, 99999};
    enum { COUNT = sizeof(sizes) / sizeof(*sizes) };
    static uint8_t data[100000];
    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 2654435761u >> 13);
    }
    struct lfk_tree *tree = new_tree();
    for (size_t i = 0; i < COUNT; i++) {
        char name[16];
        snprintf(name, sizeof(name), "%05u", sizes[i]);
        add_file(tree, lfk_tree_root(tree), name, data, sizes[i]);
    }
    struct lfk_build_options options = {.size = sizeof(options), .block_size = 128};
    struct memory_sink sink = new_sink();
    struct lfk_build_report report = build_image(tree, &options, &sink);
    assert_int_equal(report.files, COUNT);
    assert_int_equal(report.inline_files, 4);

    struct lfk_volume *volume = NULL;
    struct lfk_tree *read = NULL;
    assert_int_equal(lfk_volume_open_memory(&volume, sink.bytes, sink.size, NULL, NULL), LFK_OK);
    assert_int_equal(lfk_volume_load(volume, "/", &read, NULL), LFK_OK);
    size_t i = 0;
    for (const struct lfk_node *n = lfk_tree_root(read)->first; n != NULL; n = n->next, i++) {
        check_content(n, data, sizes[i]);
    }
    assert_int_equal(i, COUNT);

    struct lfk_volume_info info;
    lfk_volume_info(volume, &info);
    assert_int_equal(info.blocks_used, report.blocks_used);
    lfk_tree_destroy(read);
    lfk_volume_close(volume);
    lfk_tree_destroy(tree);
    free(sink.bytes);
}

static void attributes_come_back(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    struct lfk_node *dir = add_dir(tree, root, "d");
    struct lfk_node *file = add_file(tree, dir, "f", "x", 1);
    assert_int_equal(lfk_tree_set_attribute(tree, root, 0x10, "root", 4), LFK_OK);
    assert_int_equal(lfk_tree_set_attribute(tree, dir, 0x41, "", 0), LFK_OK);
    assert_int_equal(lfk_tree_set_attribute(tree, file, 0x74, "time", 4), LFK_OK);
    struct memory_sink sink = new_sink();
    build_image(tree, NULL, &sink);

    struct lfk_volume *volume = NULL;
    struct lfk_tree *read = NULL;
    assert_int_equal(lfk_volume_open_memory(&volume, sink.bytes, sink.size, NULL, NULL), LFK_OK);
    assert_int_equal(lfk_volume_load(volume, "/", &read, NULL), LFK_OK);
    const struct lfk_node *node = lfk_tree_root(read);
    assert_int_equal(node->attributes->type, 0x10);
    assert_memory_equal(node->attributes->data, "root", 4);
    node = node->first;
    assert_int_equal(node->attributes->type, 0x41);
    assert_int_equal(node->attributes->size, 0);
    node = node->first;
    assert_int_equal(node->attributes->type, 0x74);
    assert_memory_equal(node->attributes->data, "time", 4);
    lfk_tree_destroy(read);
    lfk_volume_close(volume);
    lfk_tree_destroy(tree);
    free(sink.bytes);
}

static void order_of_insertion_does_not_matter(void **state)
{
    (void)state;
    struct memory_sink sinks[2] = {new_sink(), new_sink()};
    for (int falling = 0; falling < 2; falling++) {
        struct lfk_tree *tree = new_tree();
        add_files(tree, lfk_tree_root(tree), 300, "same", 4, falling);
        build_image(tree, NULL, &sinks[falling]);
        lfk_tree_destroy(tree);
    }
    assert_int_equal(sinks[0].size, sinks[1].size);
    assert_memory_equal(sinks[0].bytes, sinks[1].bytes, sinks[0].size);
    free(sinks[0].bytes);
    free(sinks[1].bytes);
}

/* The root pair in both of its blocks, so that the magic is at offset 8 of blocks 0 and 1; the
   second block of any other pair is erased, and so is what a file leaves of its last block. */
static void blocks_lie_in_the_order_of_the_tree(void **state)
{
    (void)state;
    static const char data[5000];
    struct lfk_build_options options = {.size = sizeof(options), .block_count = 16};
    struct lfk_tree *tree = new_tree();
    add_file(tree, add_dir(tree, lfk_tree_root(tree), "d"), "z", data, 4097);
    add_file(tree, lfk_tree_root(tree), "f", data, 5000);
    struct maker m = build_made(tree, &options);
    struct lfk_log logs[3];
    for (uint32_t block = 0; block < 3; block++) {
        assert_true(lfk_log_scan(&logs[block], maker_block(&m, block), 4096));
    }
    assert_memory_equal(maker_block(&m, 0) + 8, "littlefs", 8);
    assert_memory_equal(maker_block(&m, 1) + 8, "littlefs", 8);
    assert_true(lfk_revision_is_newer(logs[1].revision, logs[0].revision));
    for (uint32_t i = 0; i < 4096; i++) {
        assert_int_equal(maker_block(&m, 3)[i], 0xff);
    }
    static const uint32_t used[] = {4096, 5, 4096, 908}; /* of /d/z and /f */
    assert_int_equal(m.block_count, 8);
    for (uint32_t file = 0; file < 4; file++) {
        const uint8_t *block = maker_block(&m, 4 + file);
        for (uint32_t i = file % 2 ? 4 : 0; i < 4096; i++) {
            assert_int_equal(block[i], i < used[file] ? 0 : 0xff);
        }
    }
    maker_free(&m);
}

/* A plan can be written more than once, and comes out the same. */
static void a_plan_may_be_written_again(void **state)
{
    (void)state;
    static const char data[5000];
    struct lfk_tree *tree = new_tree();
    struct lfk_build *build = NULL;
    struct memory_sink sinks[2] = {new_sink(), new_sink()};
    add_files(tree, lfk_tree_root(tree), 50, data, sizeof(data), false);
    assert_int_equal(lfk_build_plan(&build, tree, NULL, NULL), LFK_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(lfk_build_write(build, &sinks[i].sink, NULL, NULL), LFK_OK);
    }
    assert_int_equal(sinks[0].size, sinks[1].size);
    assert_memory_equal(sinks[0].bytes, sinks[1].bytes, sinks[0].size);
    lfk_build_close(build);
    lfk_build_close(NULL);
    lfk_tree_destroy(tree);
    free(sinks[0].bytes);
    free(sinks[1].bytes);
}

/* --- failures ---------------------------------------------------------------- */

/* Fails the allocation number `fail_at`; counts what is not freed. */
struct failing_allocator {
    struct lfk_allocator allocator;
    int calls;
    int fail_at;
    int live;
};

static void *failing_resize(void *context, void *memory, size_t size)
{
    struct failing_allocator *f = context;
    if (size == 0) {
        f->live -= memory != NULL;
        free(memory);
        return NULL;
    }
    if (f->calls++ == f->fail_at) {
        return NULL;
    }
    f->live += memory == NULL;
    return realloc(memory, size);
}

static int build_with(struct failing_allocator *failing, size_t sink_limit)
{
    static const char data[600];
    struct lfk_build_options options = {.size = sizeof(options), .allocator = &failing->allocator};
    struct lfk_tree *tree = new_tree();
    struct lfk_build *build = NULL;
    struct memory_sink sink = new_sink();
    struct lfk_detail detail = {0};
    sink.limit = sink_limit;
    add_files(tree, lfk_tree_root(tree), 300, data, sizeof(data), false);
    add_files(tree, add_dir(tree, lfk_tree_root(tree), "d"), 50, data, 100, false);
    int status = lfk_build_plan(&build, tree, &options, &detail);
    if (status == LFK_OK) {
        status = lfk_build_write(build, &sink.sink, NULL, &detail);
    }
    assert_int_equal(detail.status, status);
    lfk_build_close(build);
    lfk_tree_destroy(tree);
    free(sink.bytes);
    return status;
}

static void every_failed_allocation_is_an_error(void **state)
{
    (void)state;
    int status = LFK_ERR_NOMEM;
    int fail_at = 0;
    while (status != LFK_OK) {
        struct failing_allocator failing = {.fail_at = fail_at++};
        failing.allocator = (struct lfk_allocator){&failing, failing_resize};
        status = build_with(&failing, SIZE_MAX);
        assert_true(status == LFK_OK || status == LFK_ERR_NOMEM);
        assert_int_equal(failing.live, 0);
    }
    assert_true(fail_at > 4);
}

static void every_failed_write_is_an_error(void **state)
{
    (void)state;
    for (size_t limit = 0; limit < (size_t)100 * 4096; limit += 4096) {
        struct failing_allocator failing = {.fail_at = -1};
        failing.allocator = (struct lfk_allocator){&failing, failing_resize};
        assert_int_equal(build_with(&failing, limit), LFK_ERR_IO);
        assert_int_equal(failing.live, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_boundary_sizes_come_back),
        cmocka_unit_test(attributes_come_back),
        cmocka_unit_test(order_of_insertion_does_not_matter),
        cmocka_unit_test(blocks_lie_in_the_order_of_the_tree),
        cmocka_unit_test(a_plan_may_be_written_again),
        cmocka_unit_test(every_failed_allocation_is_an_error),
        cmocka_unit_test(every_failed_write_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
