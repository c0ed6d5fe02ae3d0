/* SPDX-License-Identifier: MIT */
/* Open directories: their order, positions, and what they show while they are changed. */
#include "stage.h"

#include <stdio.h>
#include <string.h>

#define COUNT 128u
#define MANY 60u

static struct stage stage;

static int open_stage(void **state)
{
    (void)state;
    stage_open(&stage, COUNT);
    OK(lfk_filesystem_mkdir(stage.fs, "dir", &detail));
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&stage);
    return 0;
}

static struct lfk_directory *open_dir(const char *path)
{
    struct lfk_directory *directory;
    OK(lfk_directory_open(&directory, stage.fs, path, &detail));
    return directory;
}

/* The next entry has this name. */
static void check_next(struct lfk_directory *directory, const char *name)
{
    struct lfk_stat stat;
    assert_int_equal(lfk_directory_read(directory, &stat, &detail), 1);
    assert_string_equal(stat.name, name);
}

static void check_end(struct lfk_directory *directory)
{
    struct lfk_stat stat;
    OK(lfk_directory_read(directory, &stat, &detail));
}

static const char *name_of(unsigned i)
{
    static char name[32];
    (void)snprintf(name, sizeof(name), "dir/an entry of number %02u", i % 100);
    return name;
}

/* So many that the directory takes several pairs. */
static void make_many(void)
{
    for (unsigned i = 0; i < MANY; i++) {
        put_text(stage.fs, name_of(i), "");
    }
}

static void entries_come_in_littlefs_order(void **state)
{
    (void)state;
    static const char *const names[] = {"b", "a", "ab", "B", "\xc3\xa4"};
    struct lfk_stat stat;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        put_text(stage.fs, names[i], "12345");
    }
    check_list(stage.fs, "/", "B ab a b dir/ \xc3\xa4");
    struct lfk_directory *directory = open_dir("/");
    assert_int_equal(lfk_directory_read(directory, &stat, &detail), 1);
    assert_false(stat.is_dir);
    assert_int_equal(stat.size, 5);
    assert_int_equal(stat.name_size, 1);
    lfk_directory_close(directory);
}

static void what_is_no_directory_is_not_opened(void **state)
{
    (void)state;
    struct lfk_directory *directory = NULL;
    put_text(stage.fs, "file", "");
    FAILS(lfk_directory_open(&directory, stage.fs, "file", &detail), LFK_ERR_NOTDIR,
          "not a directory");
    FAILS(lfk_directory_open(&directory, stage.fs, "none", &detail), LFK_ERR_NOENT,
          "no such file or directory");
    assert_null(directory);
    lfk_directory_close(NULL);
}

static void every_position_is_found_again(void **state)
{
    (void)state;
    make_many();
    assert_true(lfk_filesystem_blocks_used(stage.fs) > 6); /* several pairs */
    struct lfk_directory *directory = open_dir("dir");
    for (unsigned i = 0; i < MANY; i++) {
        assert_int_equal(lfk_directory_tell(directory), i);
        check_next(directory, name_of(i) + 4);
    }
    check_end(directory);
    check_end(directory);
    for (unsigned i = MANY; i-- > 0;) {
        OK(lfk_directory_seek(directory, i, &detail));
        assert_int_equal(lfk_directory_tell(directory), i);
        check_next(directory, name_of(i) + 4);
    }
    OK(lfk_directory_seek(directory, MANY, &detail));
    check_end(directory);
    FAILS(lfk_directory_seek(directory, MANY + 1, &detail), LFK_ERR_INVAL,
          "the directory has fewer entries (position): expected 60, found 61");
    check_end(directory);
    lfk_directory_rewind(directory);
    assert_int_equal(lfk_directory_tell(directory), 0);
    check_next(directory, name_of(0) + 4);
    lfk_directory_close(directory);
}

/* Removes each entry as it comes, which is what people do. */
static void a_directory_can_be_emptied_while_it_is_read(void **state)
{
    (void)state;
    char path[LFK_STAT_NAME_MAX + 8];
    struct lfk_stat stat;
    unsigned met = 0;
    make_many();
    struct lfk_directory *directory = open_dir("dir");
    while (lfk_directory_read(directory, &stat, &detail) > 0) {
        (void)snprintf(path, sizeof(path), "dir/%s", stat.name);
        OK(lfk_filesystem_remove(stage.fs, path, &detail));
        assert_int_equal(lfk_directory_tell(directory), 0);
        met++;
    }
    assert_int_equal(met, MANY);
    lfk_directory_close(directory);
    check_list(stage.fs, "dir", "");
}

static void what_stays_is_met_once_whatever_comes_and_goes(void **state)
{
    (void)state;
    char path[LFK_STAT_NAME_MAX + 8];
    struct lfk_stat stat;
    unsigned met = 0;
    make_many();
    struct lfk_directory *directory = open_dir("dir");
    while (lfk_directory_read(directory, &stat, &detail) > 0) {
        if (strchr(stat.name, '+') != NULL) {
            continue;
        }
        assert_string_equal(stat.name, name_of(met) + 4);
        (void)snprintf(path, sizeof(path), "dir/%s+", stat.name); /* sorts before it */
        put_text(stage.fs, path, "");
        (void)snprintf(path, sizeof(path), "dir/zz%u", met);
        put_text(stage.fs, path, "");
        OK(lfk_filesystem_remove(stage.fs, path, &detail));
        met++;
    }
    assert_int_equal(met, MANY);
    lfk_directory_close(directory);
}

static void a_removed_directory_is_at_its_end(void **state)
{
    (void)state;
    struct lfk_directory *directory = open_dir("dir");
    OK(lfk_filesystem_remove(stage.fs, "dir", &detail));
    OK(lfk_filesystem_mkdir(stage.fs, "other", &detail));
    put_text(stage.fs, "other/x", "");
    check_end(directory);
    lfk_directory_rewind(directory);
    check_end(directory);
    lfk_directory_close(directory);
}

static void a_pair_that_cannot_be_read_is_told_with_its_block(void **state)
{
    (void)state;
    make_many();
    lfk_filesystem_unmount(stage.fs);
    stage.fs = NULL;
    memset(stage.bytes + BLOCKS(2), 0, stage.size - BLOCKS(2));
    detail = (struct lfk_detail){0};
    assert_int_equal(
        lfk_filesystem_mount(&stage.fs, lfk_medium_device(stage.medium), &stage.options, &detail),
        LFK_ERR_CORRUPT);
    assert_string_equal(detail.what, "a metadata block has no valid commit");
    assert_true(detail.has_block && detail.block >= 2);
    assert_null(stage.fs);
}

#define on_stage(test) cmocka_unit_test_setup_teardown(test, open_stage, close_stage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        on_stage(entries_come_in_littlefs_order),
        on_stage(what_is_no_directory_is_not_opened),
        on_stage(every_position_is_found_again),
        on_stage(a_directory_can_be_emptied_while_it_is_read),
        on_stage(what_stays_is_met_once_whatever_comes_and_goes),
        on_stage(a_removed_directory_is_at_its_end),
        on_stage(a_pair_that_cannot_be_read_is_told_with_its_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
