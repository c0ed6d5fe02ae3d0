/* SPDX-License-Identifier: MIT */
/*
 * Images built from trees in memory: what is in them, how small they are, that
 * they do not depend on the order of insertion, and that every failure is
 * clean.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "disk/disk.h"
#include "lfskit/build.h"
#include "lfskit/volume.h"

/* A sink into growing memory that fails once it has got `limit` bytes. */
struct memory_sink {
    struct lfk_sink sink;
    uint8_t *bytes;
    size_t size;
    size_t limit;
};

static int memory_write(struct lfk_sink *sink, const struct lfk_span *spans, size_t count,
                        struct lfk_detail *detail)
{
    struct memory_sink *m = (struct memory_sink *)sink;
    for (size_t i = 0; i < count; i++) {
        if (m->size + spans[i].size > m->limit) {
            return lfk_fail(detail, LFK_ERR_IO, "sink is full");
        }
        m->bytes = realloc(m->bytes, m->size + spans[i].size);
        assert_non_null(m->bytes);
        memcpy(m->bytes + m->size, spans[i].data, spans[i].size);
        m->size += spans[i].size;
    }
    return LFK_OK;
}

static struct memory_sink new_sink(void)
{
    return (struct memory_sink){.sink = {memory_write}, .limit = SIZE_MAX};
}

static struct lfk_tree *new_tree(void)
{
    struct lfk_tree *tree = NULL;
    assert_int_equal(lfk_tree_create(&tree, NULL), LFK_OK);
    return tree;
}

static struct lfk_node *add_file(struct lfk_tree *tree, struct lfk_node *parent, const char *name,
                                 const void *data, size_t size)
{
    struct lfk_node *node = NULL;
    assert_int_equal(lfk_tree_add_file(tree, parent, name, strlen(name), data, size, &node),
                     LFK_OK);
    return node;
}

static struct lfk_node *add_dir(struct lfk_tree *tree, struct lfk_node *parent, const char *name)
{
    struct lfk_node *node = NULL;
    assert_int_equal(lfk_tree_add_dir(tree, parent, name, strlen(name), &node), LFK_OK);
    return node;
}

static struct lfk_build_report build_image(struct lfk_tree *tree,
                                           const struct lfk_build_options *options,
                                           struct memory_sink *sink)
{
    struct lfk_build *build = NULL;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_build_plan(&build, tree, options, &detail), LFK_OK);
    assert_int_equal(lfk_build_write(build, &sink->sink, NULL, &detail), LFK_OK);
    struct lfk_build_report report = *lfk_build_report(build);
    assert_int_equal(sink->size, (size_t)report.blocks_used * report.options.block_size);
    lfk_build_close(build);
    return report;
}

/* Adds `count` files f000000... of `size` bytes of `data`, in rising or falling order. */
static void add_files(struct lfk_tree *tree, struct lfk_node *parent, int count, const void *data,
                      size_t size, bool falling)
{
    for (int i = 0; i < count; i++) {
        char name[16];
        snprintf(name, sizeof(name), "f%06d", falling ? count - 1 - i : i);
        add_file(tree, parent, name, data, size);
    }
}

static void check_same_file(const struct lfk_node *node, const void *data, size_t size)
{
    struct lfk_reader reader = {0};
    struct lfk_span spans[3];
    size_t done = 0;
    int count;
    assert_int_equal(node->size, size);
    assert_int_equal(lfk_reader_open(&reader, node, NULL), LFK_OK);
    while ((count = lfk_reader_next(&reader, spans, 3, NULL)) > 0) {
        for (int i = 0; i < count; i++) {
            assert_memory_equal((const char *)data + done, spans[i].data, spans[i].size);
            done += spans[i].size;
        }
    }
    assert_int_equal(count, 0);
    assert_int_equal(done, size);
    lfk_reader_close(&reader);
}

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
        check_same_file(n, data, sizes[i]);
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

/*
 * 7 bytes of name, 100 of data and two tags: 115 a file. A compaction may
 * leave 4056 in a block: 35 files, 34 beside the superblock's 40 bytes.
 */
static void pairs_are_packed_full(void **state)
{
    (void)state;
    static const char data[100];
    static const struct {
        int files;
        uint32_t fill;
        uint32_t blocks;
    } cases[] = {{34, 0, 2}, {35, 0, 4}, {69, 0, 4}, {70, 0, 6}, {34, 50, 4}, {69, 50, 10}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct lfk_build_options options = {.size = sizeof(options), .fill_percent = cases[i].fill};
        struct lfk_tree *tree = new_tree();
        struct memory_sink sink = new_sink();
        add_files(tree, lfk_tree_root(tree), cases[i].files, data, sizeof(data), false);
        assert_int_equal(build_image(tree, &options, &sink).metadata_blocks, cases[i].blocks);
        lfk_tree_destroy(tree);
        free(sink.bytes);
    }
}

/* A driver splits a pair that would get its 255th entry; the superblock's counts. */
static void no_pair_has_more_than_254_entries(void **state)
{
    (void)state;
    static const uint32_t blocks[] = {2, 4};
    for (int extra = 0; extra < 2; extra++) {
        struct lfk_build_options options = {.size = sizeof(options), .block_size = 32768};
        struct lfk_tree *tree = new_tree();
        struct memory_sink sink = new_sink();
        add_files(tree, lfk_tree_root(tree), 253 + extra, "", 0, false);
        assert_int_equal(build_image(tree, &options, &sink).blocks_used, blocks[extra]);
        lfk_tree_destroy(tree);
        free(sink.bytes);
    }
}

/* What a driver computes at mount: the block where it starts to look for free ones. */
static uint32_t search_start(const struct memory_sink *sink, uint32_t block_size, uint32_t count,
                             size_t pairs)
{
    uint32_t seed = 0;
    for (size_t pair = 0; pair < pairs; pair++) {
        /* Of the root pair the second block is the newer. */
        const uint8_t *block = sink->bytes + (2 * pair + (pair == 0)) * block_size;
        struct lfk_log log;
        struct lfk_log_reader reader;
        struct lfk_record record;
        assert_true(lfk_log_scan(&log, block, block_size));
        lfk_log_reader_start(&reader, &log);
        while (lfk_log_reader_next(&reader, &record)) {
            if (lfk_tag_is_crc(record.tag)) {
                seed = lfk_crc32(seed, record.data, 4);
            }
        }
    }
    return seed % count;
}

static void a_driver_finds_free_blocks_at_once(void **state)
{
    (void)state;
    static const struct {
        int files;
        uint32_t count;
        uint32_t prog_size;
    } cases[] = {{0, 64, 0}, {10, 4096, 0}, {500, 300, 0}, {500, 8192, 0}, {100, 1000, 4096}};
    static const char data[300];
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct lfk_build_options options = {.size = sizeof(options),
                                            .block_count = cases[i].count,
                                            .prog_size = cases[i].prog_size};
        struct lfk_tree *tree = new_tree();
        struct memory_sink sink = new_sink();
        add_files(tree, lfk_tree_root(tree), cases[i].files, data, sizeof(data), false);
        struct lfk_build_report report = build_image(tree, &options, &sink);
        uint32_t start = search_start(&sink, 4096, cases[i].count, report.metadata_blocks / 2);
        assert_in_range(start, report.blocks_used,
                        report.blocks_used + (cases[i].count - report.blocks_used) / 16);
        lfk_tree_destroy(tree);
        free(sink.bytes);
    }
}

static void head_room_is_added(void **state)
{
    (void)state;
    static const struct {
        uint32_t blocks;
        uint32_t percent;
        uint32_t count;
    } cases[] = {{0, 0, 2}, {5, 0, 7}, {0, 50, 4}, {0, 99, 200}, {0, 1, 3}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        struct lfk_build_options options = {.size = sizeof(options),
                                            .free_blocks = cases[i].blocks,
                                            .free_percent = cases[i].percent};
        struct lfk_tree *tree = new_tree();
        struct memory_sink sink = new_sink();
        assert_int_equal(build_image(tree, &options, &sink).options.block_count, cases[i].count);
        lfk_tree_destroy(tree);
        free(sink.bytes);
    }
}

static void a_volume_too_small_says_how_many_blocks_are_needed(void **state)
{
    (void)state;
    static const char data[5000];
    struct lfk_build_options options = {.size = sizeof(options), .block_count = 3};
    struct lfk_tree *tree = new_tree();
    struct lfk_build *build = NULL;
    struct lfk_detail detail = {0};
    add_file(tree, lfk_tree_root(tree), "f", data, sizeof(data));
    assert_int_equal(lfk_build_plan(&build, tree, &options, &detail), LFK_ERR_NOSPC);
    assert_string_equal(detail.field, "block_count");
    assert_int_equal(detail.expected, 4);
    assert_int_equal(detail.found, 3);
    lfk_tree_destroy(tree);
}

struct reports {
    int count;
    int status[8];
};

static void note_report(void *context, const struct lfk_node *node, const struct lfk_detail *detail)
{
    struct reports *reports = context;
    assert_non_null(node);
    reports->status[reports->count++] = detail->status;
}

static void every_unstorable_node_is_reported(void **state)
{
    (void)state;
    struct reports reports = {0};
    struct lfk_build_options options = {.size = sizeof(options),
                                        .name_max = 8,
                                        .file_max = 10,
                                        .attr_max = 3,
                                        .report = note_report,
                                        .report_context = &reports};
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    struct lfk_build *build = NULL;
    struct lfk_detail detail = {0};
    add_file(tree, root, "123456789", "", 0);
    add_file(tree, root, "2big", "12345678901", 11);
    struct lfk_node *node = add_file(tree, root, "3attr", "", 0);
    assert_int_equal(lfk_tree_set_attribute(tree, node, 1, "1234", 4), LFK_OK);
    assert_int_equal(lfk_build_plan(&build, tree, &options, &detail), LFK_ERR_NAMETOOLONG);
    assert_int_equal(detail.status, LFK_ERR_NAMETOOLONG);
    assert_int_equal(reports.count, 3);
    assert_int_equal(reports.status[1], LFK_ERR_FBIG);
    assert_int_equal(reports.status[2], LFK_ERR_NOSPC);
    lfk_tree_destroy(tree);
}

static void two_entries_of_one_name_are_refused(void **state)
{
    (void)state;
    struct reports reports = {0};
    struct lfk_build_options options = {
        .size = sizeof(options), .report = note_report, .report_context = &reports};
    struct lfk_tree *tree = new_tree();
    struct lfk_build *build = NULL;
    add_file(tree, lfk_tree_root(tree), "twin", "", 0);
    add_dir(tree, lfk_tree_root(tree), "twin");
    assert_int_equal(lfk_build_plan(&build, tree, &options, NULL), LFK_ERR_EXIST);
    assert_int_equal(reports.count, 1);
    lfk_tree_destroy(tree);
}

/* On blocks of 128 bytes 88 are left for an entry: 72 of name beside two tags and a pointer. */
static void a_name_must_fit_in_a_block(void **state)
{
    (void)state;
    char name[80];
    memset(name, 'n', sizeof(name));
    for (size_t length = 72; length <= 73; length++) {
        struct lfk_build_options options = {.size = sizeof(options), .block_size = 128};
        struct lfk_tree *tree = new_tree();
        struct lfk_build *build = NULL;
        struct lfk_node *node;
        struct lfk_detail detail = {0};
        assert_int_equal(lfk_tree_add_dir(tree, lfk_tree_root(tree), name, length, &node), LFK_OK);
        int status = lfk_build_plan(&build, tree, &options, &detail);
        assert_int_equal(status, length == 72 ? LFK_OK : LFK_ERR_NOSPC);
        lfk_build_close(build);
        lfk_tree_destroy(tree);
    }
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
    for (size_t limit = 0; limit < 100 * 4096; limit += 4096) {
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
        cmocka_unit_test(pairs_are_packed_full),
        cmocka_unit_test(no_pair_has_more_than_254_entries),
        cmocka_unit_test(a_driver_finds_free_blocks_at_once),
        cmocka_unit_test(head_room_is_added),
        cmocka_unit_test(a_volume_too_small_says_how_many_blocks_are_needed),
        cmocka_unit_test(every_unstorable_node_is_reported),
        cmocka_unit_test(two_entries_of_one_name_are_refused),
        cmocka_unit_test(a_name_must_fit_in_a_block),
        cmocka_unit_test(every_failed_allocation_is_an_error),
        cmocka_unit_test(every_failed_write_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
