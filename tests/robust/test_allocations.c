/* SPDX-License-Identifier: MIT */
/*
 * Memory that is not there: whichever allocation fails, once or from then on,
 * the caller is told so, and everything is given back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "device.h"
#include "files.h"
#include "ledger.h"
#include "own_images.h"

#include "lfskit/volume.h"
#include "util/util.h"

static const char *golden;

/* What is done with little memory, on the image given. Frees all it has. */
typedef int scenario_fn(const struct lfk_allocator *allocator, const uint8_t *bytes, size_t size,
                        struct lfk_detail *detail);

/* Goes through a scenario without its n-th allocation; false if it has not so many. */
static bool refuse(scenario_fn *scenario, const uint8_t *bytes, size_t size, uint64_t n,
                   bool lasting)
{
    struct lfk_detail detail = {0};
    struct ledger ledger;
    ledger_open(&ledger);
    ledger.refused = n;
    ledger.lasting = lasting;
    int status = scenario(&ledger.allocator, bytes, size, &detail);
    assert_int_equal(ledger.live, 0);
    assert_int_equal(ledger.bytes, 0);
    if (ledger.calls < n) {
        assert_int_equal(status, LFK_OK);
        return false;
    }
    assert_int_equal(status, LFK_ERR_NOMEM);
    assert_int_equal(detail.status, LFK_ERR_NOMEM);
    assert_non_null(detail.what);
    return true;
}

/* Refuses each allocation in turn; returns how many there are. */
static uint64_t refuse_each(scenario_fn *scenario, const uint8_t *bytes, size_t size)
{
    uint64_t n = 1;
    while (refuse(scenario, bytes, size, n, false)) {
        (void)refuse(scenario, bytes, size, n, true);
        n++;
    }
    return n - 1;
}

/* --- reading ------------------------------------------------------------------ */

/* Damage of a file's blocks is nothing that concerns this test. */
static int read_file(const struct lfk_node *node, struct lfk_detail *detail)
{
    struct lfk_reader reader = {0};
    struct lfk_span spans[2];
    int result = lfk_reader_open(&reader, node, detail);
    while (result >= 0 && (result = lfk_reader_next(&reader, spans, 2, detail)) > 0) {
    }
    lfk_reader_close(&reader);
    return result == LFK_ERR_CORRUPT ? LFK_OK : result;
}

static int read_tree(struct lfk_tree *tree, struct lfk_detail *detail)
{
    const struct lfk_node *root = lfk_tree_root(tree);
    for (const struct lfk_node *n = root; n != NULL; n = lfk_node_next(root, n)) {
        if (n->type == LFK_NODE_FILE) {
            TRY(read_file(n, detail));
        }
    }
    return LFK_OK;
}

static void listen(void *context, const char *path, const struct lfk_detail *detail)
{
    (void)context;
    (void)path;
    assert_int_equal(detail->status, LFK_ERR_CORRUPT);
}

static int read_volume(const struct lfk_allocator *allocator, const uint8_t *bytes, size_t size,
                       struct lfk_detail *detail)
{
    struct lfk_volume_options options = {
        .size = sizeof(options), .allocator = allocator, .damage = listen};
    struct lfk_volume *volume = NULL;
    struct lfk_tree *tree = NULL;
    TRY(lfk_volume_open_memory(&volume, bytes, size, &options, detail));
    int status = lfk_volume_load(volume, "/", &tree, detail);
    if (status == LFK_OK) {
        status = read_tree(tree, detail);
    }
    lfk_tree_destroy(tree);
    lfk_volume_close(volume);
    return status;
}

/* Every block has to be read into memory first. */
static int read_device(const struct lfk_allocator *allocator, const uint8_t *bytes, size_t size,
                       struct lfk_detail *detail)
{
    struct device device;
    device_open(&device, bytes, size);
    return device_visit(&device, allocator, detail);
}

static void volumes_are_read_or_memory_is_said_to_be_missing(void **state)
{
    (void)state;
    struct files files;
    uint64_t refused = 0;
    files_read(&files, golden, ".img");
    assert_true(files.count > 0);
    for (size_t i = 0; i < files.count; i++) {
        const struct file *file = &files.items[i];
        refused += refuse_each(read_volume, file->bytes, file->size);
        refused += refuse_each(read_device, file->bytes, file->size);
        /* Without its last byte, its last block cannot be used as it lies there. */
        refused += refuse_each(read_volume, file->bytes, file->size - 1);
    }
    printf("reading: %llu allocations refused\n", (unsigned long long)refused);
    assert_true(refused > 10 * files.count);
    files_free(&files);
}

/* --- building ----------------------------------------------------------------- */

static int build_tree(const struct lfk_allocator *allocator, struct lfk_tree *tree,
                      struct lfk_detail *detail)
{
    struct lfk_build_options options = {.size = sizeof(options), .allocator = allocator};
    struct lfk_build *build = NULL;
    struct memory_sink sink;
    memory_sink_open(&sink);
    int status = lfk_build_plan(&build, tree, &options, detail);
    if (status == LFK_OK) {
        status = lfk_build_write(build, &sink.sink, NULL, detail);
    }
    lfk_build_close(build);
    memory_sink_close(&sink);
    return status;
}

/* The functions that make trees fail with a status alone. */
static int make_and_build(const struct lfk_allocator *allocator, const uint8_t *bytes, size_t size,
                          struct lfk_detail *detail)
{
    struct lfk_tree *tree = NULL;
    (void)bytes;
    (void)size;
    int status = lfk_tree_create(&tree, allocator);
    if (status == LFK_OK) {
        status = own_tree_fill(tree);
    }
    status = status == LFK_ERR_NOMEM ? lfk_fail_nomem(detail) : status;
    if (status == LFK_OK) {
        status = build_tree(allocator, tree, detail);
    }
    lfk_tree_destroy(tree);
    return status;
}

/* An image made of another: the files' bytes come from the volume. */
static int rebuild(const struct lfk_allocator *allocator, const uint8_t *bytes, size_t size,
                   struct lfk_detail *detail)
{
    struct lfk_volume_options options = {.size = sizeof(options), .allocator = allocator};
    struct lfk_volume *volume = NULL;
    struct lfk_tree *tree = NULL;
    TRY(lfk_volume_open_memory(&volume, bytes, size, &options, detail));
    int status = lfk_volume_load(volume, "/", &tree, detail);
    if (status == LFK_OK) {
        status = build_tree(allocator, tree, detail);
    }
    lfk_tree_destroy(tree);
    lfk_volume_close(volume);
    return status;
}

static void images_are_built_or_memory_is_said_to_be_missing(void **state)
{
    (void)state;
    uint64_t refused = refuse_each(make_and_build, NULL, 0);
    for (size_t i = 0; i < OWN_SHAPES; i++) {
        struct memory_sink sink;
        own_image(&sink, &own_shapes[i]);
        refused += refuse_each(rebuild, sink.bytes, sink.size);
        memory_sink_close(&sink);
    }
    printf("building: %llu allocations refused\n", (unsigned long long)refused);
    assert_true(refused > 10);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(volumes_are_read_or_memory_is_said_to_be_missing),
        cmocka_unit_test(images_are_built_or_memory_is_said_to_be_missing),
    };
    if (argc != 2) {
        (void)fprintf(stderr, "usage: test_allocations FOLDER_OF_IMAGES\n");
        return 2;
    }
    golden = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
