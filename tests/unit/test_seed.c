/* SPDX-License-Identifier: MIT */
/*
 * The revision of the last pair: a driver that mounts the image starts to look
 * for free blocks where they begin, and reads what was meant all the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "fs_checker.h"
#include "image_builder.h"
#include "tree_maker.h"

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
    } cases[] = {{0, 3, 0},     {0, 64, 0},     {10, 4096, 0},
                 {500, 300, 0}, {500, 8192, 0}, {100, 1000, 4096}};
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

/* There is nothing to look for; the image is as good. */
static void a_full_volume_needs_no_choice(void **state)
{
    (void)state;
    for (uint32_t count = 2; count <= 3; count++) {
        struct lfk_build_options options = {.size = sizeof(options), .block_count = count};
        struct lfk_tree *tree = new_tree();
        add_file(tree, lfk_tree_root(tree), "f", "F", 1);
        struct maker m = build_made(tree, &options);
        struct mounted v;
        mount_made(&v, &m);
        check_file(&v.fs, "/f", "F");
        assert_true(count > 2 || v.fs.mdirs.first->log.revision == 2);
        unmount(&v);
        maker_free(&m);
    }
}

/* When the root's pair is the last, its other block stays one revision behind, and as good. */
static void both_blocks_of_a_root_pair_alone_are_valid(void **state)
{
    (void)state;
    struct lfk_build_options options = {.size = sizeof(options), .block_count = 1000};
    struct lfk_tree *tree = new_tree();
    add_file(tree, lfk_tree_root(tree), "f", "F", 1);
    struct maker m = build_made(tree, &options);
    struct lfk_log logs[2];
    for (uint32_t block = 0; block < 2; block++) {
        assert_true(lfk_log_scan(&logs[block], maker_block(&m, block), m.block_size));
    }
    assert_int_equal(logs[1].revision, logs[0].revision + 1);
    assert_int_equal(logs[1].end, logs[0].end);
    maker_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_driver_finds_free_blocks_at_once),
        cmocka_unit_test(a_full_volume_needs_no_choice),
        cmocka_unit_test(both_blocks_of_a_root_pair_alone_are_valid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
