/* SPDX-License-Identifier: MIT */
/* Volumes as wholes: what is told of them, kept in order, made larger and smaller. */
#include "stage.h"

#include <stdio.h>
#include <string.h>

#define COUNT 32u

static void a_volume_tells_its_shape_and_limits(void **state)
{
    (void)state;
    const struct lfk_filesystem_options options = {.size = sizeof(options),
                                                   .cache_size = 256,
                                                   .name_max = 64,
                                                   .file_max = 100000,
                                                   .attr_max = 50,
                                                   .inline_max = 40};
    struct lfk_filesystem_info info;
    struct stage stage;
    stage_open_with(&stage, COUNT, &options);
    stage.options = (struct lfk_filesystem_options){.size = sizeof(options)};
    lfk_filesystem_info(stage.fs, &info);
    assert_int_equal(info.inline_max, 40);
    stage_remount(&stage);
    lfk_filesystem_info(stage.fs, &info);
    assert_int_equal(info.disk_version, LFK_DISK_VERSION_2_1);
    assert_int_equal(info.block_size, BLOCK_SIZE);
    assert_int_equal(info.block_count, COUNT);
    assert_int_equal(info.name_max, 64);
    assert_int_equal(info.file_max, 100000);
    assert_int_equal(info.attr_max, 50);
    assert_int_equal(info.inline_max, 50); /* not stored: the default */
    stage.options.inline_max = UINT32_MAX;
    stage_remount(&stage);
    lfk_filesystem_info(stage.fs, &info);
    assert_int_equal(info.inline_max, 0);
    stage_close(&stage);
}

/* Marks each block in use; the array has COUNT of them. */
static int mark(void *context, uint32_t block)
{
    bool *used = context;
    assert_true(block < COUNT);
    used[block] = true;
    return 0;
}

static int stop(void *context, uint32_t block)
{
    uint32_t *first = context;
    *first = block;
    return 4711;
}

static uint32_t count_used(struct lfk_filesystem *fs)
{
    bool used[COUNT] = {false};
    uint32_t count = 0;
    OK(lfk_filesystem_traverse(fs, mark, used, &detail));
    for (uint32_t i = 0; i < COUNT; i++) {
        count += used[i];
    }
    assert_true(used[0] && used[1]);
    return count;
}

static void blocks_in_use_are_counted_and_shown(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, COUNT);
    assert_int_equal(lfk_filesystem_blocks_used(stage.fs), 2);
    put_text(stage.fs, "inline", "takes no block");
    OK(lfk_filesystem_mkdir(stage.fs, "dir", &detail));
    put_file(stage.fs, "dir/five", BLOCKS(5) - 40);
    assert_int_equal(lfk_filesystem_blocks_used(stage.fs), 2 + 2 + 5);
    assert_int_equal(count_used(stage.fs), 2 + 2 + 5);

    /* What an open file has written counts beside what is synced. */
    static uint8_t bytes[BLOCKS(3)];
    struct lfk_file *file;
    OK(lfk_file_open(&file, stage.fs, "dir/five", LFK_OPEN_WRITE, NULL, &detail));
    assert_int_equal(lfk_file_write(file, bytes, sizeof(bytes), &detail), sizeof(bytes));
    assert_true(lfk_filesystem_blocks_used(stage.fs) > 2 + 2 + 5);
    assert_true(count_used(stage.fs) > 2 + 2 + 5);
    OK(lfk_file_close(file, &detail));
    assert_int_equal(lfk_filesystem_blocks_used(stage.fs), 2 + 2 + 5);

    uint32_t first = LFK_BLOCK_NULL;
    assert_int_equal(lfk_filesystem_traverse(stage.fs, stop, &first, &detail), 4711);
    assert_true(first < 2);
    stage_close(&stage);
}

static void everything_that_changes_is_refused_read_only(void **state)
{
    (void)state;
    struct stage stage;
    struct lfk_file *file;
    static const char line[] = "the volume is mounted read-only";
    stage_open(&stage, COUNT);
    put_text(stage.fs, "a", "text");
    OK(lfk_filesystem_set_attribute(stage.fs, "a", 1, "x", 1, &detail));
    stage_remount_read_only(&stage);
    struct lfk_filesystem *fs = stage.fs;
    FAILS(lfk_filesystem_make_consistent(fs, &detail), LFK_ERR_INVAL, line);
    FAILS(lfk_filesystem_collect_garbage(fs, 0, &detail), LFK_ERR_INVAL, line);
    FAILS(lfk_filesystem_resize(fs, COUNT + 1, &detail), LFK_ERR_INVAL, line);
    FAILS(lfk_filesystem_mkdir(fs, "d", &detail), LFK_ERR_INVAL, line);
    FAILS(lfk_filesystem_remove(fs, "a", &detail), LFK_ERR_INVAL, line);
    FAILS(lfk_filesystem_rename(fs, "a", "b", &detail), LFK_ERR_INVAL, line);
    FAILS(lfk_filesystem_set_attribute(fs, "a", 1, "y", 1, &detail), LFK_ERR_INVAL, line);
    FAILS(lfk_filesystem_remove_attribute(fs, "a", 1, &detail), LFK_ERR_INVAL, line);
    FAILS(lfk_file_open(&file, fs, "a", LFK_OPEN_WRITE, NULL, &detail), LFK_ERR_INVAL, line);
    FAILS(lfk_file_open(&file, fs, "b", LFK_OPEN_READ | LFK_OPEN_CREATE, NULL, &detail),
          LFK_ERR_INVAL, line);
    FAILS(lfk_file_open(&file, fs, "a", LFK_OPEN_READ | LFK_OPEN_TRUNCATE, NULL, &detail),
          LFK_ERR_INVAL, line);
    check_text_of(fs, "a", "text");
    check_list(fs, "/", "a");
    assert_int_equal(count_used(fs), 2);
    stage_close(&stage);
}

static void a_volume_can_be_tidied_up_ahead_of_time(void **state)
{
    (void)state;
    struct stage stage;
    static uint8_t before[BLOCKS(COUNT)];
    stage_open(&stage, COUNT);
    for (unsigned i = 0; i < 5; i++) {
        put_text(stage.fs, "a", "text");
    }
    memcpy(before, stage.bytes, stage.size);
    OK(lfk_filesystem_make_consistent(stage.fs, &detail));
    OK(lfk_filesystem_collect_garbage(stage.fs, UINT32_MAX, &detail));
    assert_memory_equal(before, stage.bytes, stage.size);
    OK(lfk_filesystem_collect_garbage(stage.fs, 1, &detail));
    assert_memory_not_equal(before, stage.bytes, stage.size);
    stage_remount(&stage);
    check_text_of(stage.fs, "a", "text");
    stage_close(&stage);
}

/* Room for the larger volume is in the memory from the start. */
static void a_volume_grows_and_shrinks(void **state)
{
    (void)state;
    const struct lfk_medium_options half = {
        .size = sizeof(half), .block_size = BLOCK_SIZE, .block_count = COUNT / 2};
    static uint8_t bytes[BLOCKS(COUNT)];
    struct lfk_filesystem_info info;
    struct lfk_medium *medium;
    struct lfk_filesystem *fs;
    OK(lfk_medium_open_memory(&medium, bytes, sizeof(bytes), &half, &detail));
    OK(lfk_filesystem_format(lfk_medium_device(medium), NULL, &detail));
    OK(lfk_filesystem_mount(&fs, lfk_medium_device(medium), NULL, &detail));
    put_file(fs, "a", BLOCKS(10));
    OK(lfk_filesystem_resize(fs, COUNT / 2, &detail));
    OK(lfk_filesystem_resize(fs, COUNT, &detail));
    put_file(fs, "b", BLOCKS(10));
    detail = (struct lfk_detail){0};
    assert_int_equal(lfk_filesystem_resize(fs, 10, &detail), LFK_ERR_NOTEMPTY);
    assert_string_equal(detail.what, "a block that would go is in use");
    assert_true(detail.has_block && detail.block >= 10);
    FAILS(lfk_filesystem_resize(fs, 1, &detail), LFK_ERR_INVAL,
          "is too small or too large (block_count): expected 2, found 1");
    lfk_filesystem_info(fs, &info);
    assert_int_equal(info.block_count, COUNT);
    OK(lfk_filesystem_remove(fs, "a", &detail));
    OK(lfk_filesystem_remove(fs, "b", &detail));
    OK(lfk_filesystem_resize(fs, 2, &detail));
    lfk_filesystem_unmount(fs);
    struct lfk_device device = *lfk_medium_device(medium);
    device.block_count = 0;
    OK(lfk_filesystem_mount(&fs, &device, NULL, &detail));
    lfk_filesystem_info(fs, &info);
    assert_int_equal(info.block_count, 2);
    detail = (struct lfk_detail){0};
    assert_int_equal(lfk_filesystem_mkdir(fs, "d", &detail), LFK_ERR_NOSPC);
    assert_int_equal(detail.status, LFK_ERR_NOSPC);
    lfk_filesystem_unmount(fs);
    lfk_medium_close(medium);
}

/* Far enough that a table made for the volume as it was would be too short. */
static void a_grown_volume_uses_all_of_it(void **state)
{
    (void)state;
    enum { MUCH = 2000 };
    static uint8_t bytes[MUCH * 128];
    const struct lfk_medium_options few = {
        .size = sizeof(few), .block_size = 128, .block_count = 16};
    struct lfk_medium *medium;
    struct lfk_filesystem *fs;
    char path[16] = "";
    OK(lfk_medium_open_memory(&medium, bytes, sizeof(bytes), &few, &detail));
    OK(lfk_filesystem_format(lfk_medium_device(medium), NULL, &detail));
    OK(lfk_filesystem_mount(&fs, lfk_medium_device(medium), NULL, &detail));
    OK(lfk_filesystem_resize(fs, MUCH, &detail));
    for (unsigned i = 0; i < 500; i++) {
        (void)snprintf(path, sizeof(path), "d%u", i % 1000);
        OK(lfk_filesystem_mkdir(fs, path, &detail));
    }
    assert_true(lfk_filesystem_blocks_used(fs) > 1000);
    assert_true(exists(fs, "d123"));
    lfk_filesystem_unmount(fs);
    lfk_medium_close(medium);
}

static void unmounting_frees_what_is_open(void **state)
{
    (void)state;
    struct stage stage;
    struct lfk_file *file;
    struct lfk_directory *directory;
    stage_open(&stage, COUNT);
    put_text(stage.fs, "a", "synced");
    OK(lfk_file_open(&file, stage.fs, "a", LFK_OPEN_WRITE | LFK_OPEN_APPEND, NULL, &detail));
    assert_int_equal(lfk_file_write(file, " and not", 8, &detail), 8);
    OK(lfk_file_open(&file, stage.fs, "b", LFK_OPEN_READ | LFK_OPEN_CREATE, NULL, &detail));
    OK(lfk_filesystem_remove(stage.fs, "b", &detail));
    OK(lfk_directory_open(&directory, stage.fs, "/", &detail));
    stage_remount(&stage);
    check_text_of(stage.fs, "a", "synced");
    stage_close(&stage);
    lfk_filesystem_unmount(NULL);
}

/* Several volumes at once have nothing to do with each other. */
static void handles_are_independent(void **state)
{
    (void)state;
    struct stage one;
    struct stage other;
    stage_open(&one, COUNT);
    stage_open(&other, COUNT);
    put_text(one.fs, "a", "one");
    put_text(other.fs, "a", "other");
    stage_close(&one);
    check_text_of(other.fs, "a", "other");
    stage_close(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_volume_tells_its_shape_and_limits),
        cmocka_unit_test(blocks_in_use_are_counted_and_shown),
        cmocka_unit_test(everything_that_changes_is_refused_read_only),
        cmocka_unit_test(a_volume_can_be_tidied_up_ahead_of_time),
        cmocka_unit_test(a_volume_grows_and_shrinks),
        cmocka_unit_test(a_grown_volume_uses_all_of_it),
        cmocka_unit_test(unmounting_frees_what_is_open),
        cmocka_unit_test(handles_are_independent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
