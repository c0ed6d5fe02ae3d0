/* SPDX-License-Identifier: MIT */
/* Volumes: what a caller may insist on, what it is told of the volume, and damage at the mount. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "folder.h"
#include "tree_maker.h"
#include "volume_checker.h"

/* One file in a root pair; limits of 32, 1000 and 100 bytes. */
static struct maker make_image(void)
{
    struct maker m = maker_start(512, 16);
    m.superblock.name_max = 32;
    m.superblock.file_max = 1000;
    m.superblock.attr_max = 100;
    maker_root(&m);
    maker_file(&m, 1, "a", "A");
    maker_end(&m);
    return m;
}

static void check_opened(struct lfk_volume *volume)
{
    struct lfk_tree *tree = load(volume, "/");
    check_tree(lfk_tree_root(tree), "/a=A");
    lfk_tree_destroy(tree);
    lfk_volume_close(volume);
}

static void files_and_memory_open_alike(void **state)
{
    (void)state;
    struct maker m = make_image();
    struct lfk_volume *volume = NULL;
    assert_int_equal(lfk_volume_open_memory(&volume, m.bytes, maker_size(&m), NULL, NULL), LFK_OK);
    check_opened(volume);
    make_bytes("image", m.bytes, maker_size(&m));
    assert_int_equal(lfk_volume_open(&volume, "image", NULL, NULL), LFK_OK);
    check_opened(volume);
    maker_free(&m);
}

static void a_file_that_is_not_there_is_the_hosts_error(void **state)
{
    (void)state;
    struct lfk_volume *volume = NULL;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_volume_open(&volume, "image", NULL, &detail), LFK_ERR_IO);
    assert_int_equal(detail.os_error, ENOENT);
    assert_null(volume);
    lfk_volume_close(volume);
}

static void check_options(const struct lfk_volume_options *options, const char *line)
{
    struct maker m = make_image();
    struct lfk_volume *volume = NULL;
    struct lfk_detail detail = {0};
    int status = lfk_volume_open_memory(&volume, m.bytes, maker_size(&m), options, &detail);
    if (line == NULL) {
        assert_int_equal(status, LFK_OK);
        check_opened(volume);
    } else {
        assert_int_equal(status, LFK_ERR_INVAL);
        check_told(&detail, LFK_ERR_INVAL, line);
        assert_null(volume);
    }
    maker_free(&m);
}

/* A wrong block size or count is refused; a count of 0 takes the image's. */
static void a_geometry_that_is_insisted_on_must_be_there(void **state)
{
    (void)state;
    struct lfk_volume_options options = {.size = sizeof(options)};
    check_options(&options, NULL);
    options.block_size = 512;
    options.block_count = 16;
    check_options(&options, NULL);
    options.block_count = 8;
    check_options(&options,
                  "the volume has another block count (block_count): expected 8, found 16");
    options.block_size = 4096;
    check_options(&options,
                  "the image has another block size (block_size): expected 4096, found 512");
}

/* A reader whose own limits are below those of the volume could not read all of it. */
static void limits_below_the_volumes_are_refused(void **state)
{
    (void)state;
    struct lfk_volume_options options = {
        .size = sizeof(options), .name_max = 32, .file_max = 1000, .attr_max = 100};
    check_options(&options, NULL);
    options.attr_max = 99;
    check_options(&options, "the volume's limit is larger (attr_max): expected 99, found 100");
    options.file_max = 999;
    check_options(&options, "the volume's limit is larger (file_max): expected 999, found 1000");
    options.name_max = 31;
    check_options(&options, "the volume's limit is larger (name_max): expected 31, found 32");
}

/* Limits that are not stated are the reader's own. */
static void limits_of_zero_are_below_any(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 16);
    m.superblock.name_max = m.superblock.file_max = m.superblock.attr_max = 0;
    maker_root(&m);
    maker_file(&m, 1, "a", "A");
    maker_end(&m);
    struct lfk_volume_options options = {
        .size = sizeof(options), .name_max = 1, .file_max = 1, .attr_max = 1};
    struct lfk_volume *volume = NULL;
    assert_int_equal(lfk_volume_open_memory(&volume, m.bytes, maker_size(&m), &options, NULL),
                     LFK_OK);
    check_opened(volume);
    maker_free(&m);
}

/* A shorter struct is that of an older version; a longer one asks for what is not known here. */
static void options_of_a_later_version_are_refused(void **state)
{
    (void)state;
    struct lfk_volume_options options = {.size = sizeof(options) + 8};
    char line[80];
    snprintf(line, sizeof(line), "the options have another size (size): expected %u, found %u",
             (unsigned)sizeof(options), (unsigned)sizeof(options) + 8);
    check_options(&options, line);
}

static void info_shows_the_superblock_and_the_list(void **state)
{
    (void)state;
    struct maker m = make_image();
    struct lfk_volume *volume = open_made(&m, NULL);
    struct lfk_volume_info info;
    lfk_volume_info(volume, &info);
    assert_int_equal(info.disk_version, LFK_DISK_2_1);
    assert_int_equal(info.block_size, 512);
    assert_int_equal(info.block_count, 16);
    assert_int_equal(info.name_max, 32);
    assert_int_equal(info.file_max, 1000);
    assert_int_equal(info.attr_max, 100);
    assert_int_equal(info.image_size, 16 * 512);
    assert_int_equal(info.blocks_used, 2);
    assert_int_equal(info.pairs, 1);
    assert_int_equal(info.superblocks, 1);
    assert_int_equal(info.root[0], 0);
    assert_int_equal(info.root[1], 1);
    assert_int_equal(info.revision, 1);
    assert_false(info.has_move);
    assert_false(info.has_orphans);
    assert_int_equal(info.torn_pairs, 0);
    assert_int_equal(info.stale_pairs, 0);
    lfk_volume_close(volume);
    maker_free(&m);
}

/* {0, 1} -> {3, 2}, the root -> {4, 5}, torn; with a move and orphans pending. */
static struct maker make_odd(void)
{
    struct maker m = maker_start(512, 16);
    maker_root(&m);
    maker_tail(&m, LFK_TYPE_HARD_TAIL, 2, 3);
    maker_end(&m);
    maker_log(&m, 3, 40);
    maker_superblock(&m);
    maker_ctz(&m, 1, "f", 8, 600);
    maker_file(&m, 2, "g", "");
    maker_gstate(&m, UINT32_C(0x80000000) | move_of(2), 2, 3);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 4, 5);
    maker_end(&m);
    maker_empty(&m, 4, 9);
    maker_file(&m, 0, "lost", "");
    maker_end_torn(&m);
    maker_log(&m, 5, 10); /* newer, but not valid */
    maker_end_torn(&m);
    return m;
}

static void info_shows_what_is_odd(void **state)
{
    (void)state;
    struct maker m = make_odd();
    struct lfk_volume *volume = open_made(&m, NULL);
    struct lfk_volume_info info;
    lfk_volume_info(volume, &info);
    assert_int_equal(info.pairs, 3);
    assert_int_equal(info.superblocks, 2);
    assert_int_equal(info.blocks_used, 8);
    assert_int_equal(info.root[0], 3); /* the current block first */
    assert_int_equal(info.root[1], 2);
    assert_int_equal(info.revision, 1);
    assert_int_equal(info.revision_min, 1);
    assert_int_equal(info.revision_max, 40);
    assert_true(info.has_orphans);
    assert_true(info.has_move);
    assert_int_equal(info.move_id, 2);
    assert_int_equal(info.move_pair[0], 2);
    assert_int_equal(info.move_pair[1], 3);
    assert_int_equal(info.torn_pairs, 1);
    assert_int_equal(info.stale_pairs, 1);
    lfk_volume_close(volume);
    maker_free(&m);
}

/* Damage of the list of pairs is the volume's: no path is known. */
static void damage_at_the_mount_is_told_without_a_path(void **state)
{
    (void)state;
    struct maker m = make_image();
    maker_root(&m);
    maker_file(&m, 1, "a", "A");
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 4, 5);
    maker_end(&m);
    struct lfk_volume *volume = NULL;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_volume_open_memory(&volume, m.bytes, maker_size(&m), NULL, &detail),
                     LFK_ERR_CORRUPT);
    check_told(&detail, LFK_ERR_CORRUPT, "a metadata block has no valid commit: block 4");
    check_made_tree(&m, "/a=A", "a metadata block has no valid commit: block 4\n");
    maker_free(&m);
}

/* Block 0 is of no use, and block 1 lies where its superblock says. */
static void a_volume_is_opened_from_either_block(void **state)
{
    (void)state;
    struct maker m = make_image();
    memcpy(maker_block(&m, 1), m.bytes, 512);
    m.bytes[20] ^= 1;
    check_made_tree(&m, "/a=A", "");
    memset(m.bytes, 0, 512);
    check_made_tree(&m, "/a=A", "");
    maker_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_in_folder(files_and_memory_open_alike),
        test_in_folder(a_file_that_is_not_there_is_the_hosts_error),
        cmocka_unit_test(a_geometry_that_is_insisted_on_must_be_there),
        cmocka_unit_test(limits_below_the_volumes_are_refused),
        cmocka_unit_test(limits_of_zero_are_below_any),
        cmocka_unit_test(options_of_a_later_version_are_refused),
        cmocka_unit_test(info_shows_the_superblock_and_the_list),
        cmocka_unit_test(info_shows_what_is_odd),
        cmocka_unit_test(damage_at_the_mount_is_told_without_a_path),
        cmocka_unit_test(a_volume_is_opened_from_either_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
