/* SPDX-License-Identifier: MIT */
/* Paths: littlefs's rules for slashes and dots, and lookups in directories of every shape. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fs_checker.h"

/* /a, /d/ with sub/ (which holds deep) and x in it, and /littlefs. */
static struct maker make_example(void)
{
    struct maker m = maker_start(512, 16);
    maker_root(&m);
    maker_file(&m, 1, "a", "A");
    maker_dir(&m, 2, "d", 2, 3);
    maker_file(&m, 3, "littlefs", "a file");
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_end(&m);
    maker_example(&m);
    return m;
}

static void a_file_is_found_by_all_its_paths(void **state)
{
    (void)state;
    static const char *const paths[] = {
        "a",         "/a",           "//a",           "/./a",         "./a",
        "///.//./a", "/d/../a",      "d/sub/../../a", "missing/../a", "/a/../a",
        "/d/./../a", "/x/y/../../a", "/x/../y/../a",  "/d//../a"};
    struct maker m = make_example();
    struct mounted v;
    mount_made(&v, &m);
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        check_file(&v.fs, paths[i], "A");
    }
    check_file(&v.fs, "/d/x", "X");
    check_file(&v.fs, "d/sub//deep", "D");
    unmount(&v);
    maker_free(&m);
}

static void a_directory_is_found_by_all_its_paths(void **state)
{
    (void)state;
    static const char *const roots[] = {"/",  "//",    ".",    "./",
                                        "/.", "/d/..", "a/..", "/d/sub/../.."};
    static const char *const paths[] = {"d",      "/d/",        "/d/.", "/d/./",
                                        "d/x/..", "/d/sub/../", "/d//"};
    struct maker m = make_example();
    struct mounted v;
    mount_made(&v, &m);
    for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
        check_list(&v.fs, roots[i], "a d/ littlefs");
    }
    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        check_list(&v.fs, paths[i], "sub/ x");
    }
    unmount(&v);
    maker_free(&m);
}

static void what_a_path_cannot_be_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int status;
    } cases[] = {
        {"", LFK_ERR_INVAL},          {"..", LFK_ERR_INVAL},
        {"/..", LFK_ERR_INVAL},       {"/../a", LFK_ERR_INVAL},
        {"a/../..", LFK_ERR_INVAL},   {"/d/../../a", LFK_ERR_INVAL},
        {"./..", LFK_ERR_INVAL},      {"missing", LFK_ERR_NOENT},
        {"/missing/", LFK_ERR_NOENT}, {"/missing/a", LFK_ERR_NOENT},
        {"/d/a", LFK_ERR_NOENT},      {"/A", LFK_ERR_NOENT},
        {"/aa", LFK_ERR_NOENT},       {"...", LFK_ERR_NOENT},
        {"/a/", LFK_ERR_NOTDIR},      {"/a/.", LFK_ERR_NOTDIR},
        {"/a/x", LFK_ERR_NOTDIR},     {"/a/x/..", LFK_ERR_NOTDIR},
        {"/d/x//", LFK_ERR_NOTDIR},   {"/d/sub/deep/x", LFK_ERR_NOTDIR},
    };
    struct maker m = make_example();
    struct mounted v;
    mount_made(&v, &m);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        check_lookup_fails(&v.fs, cases[i].path, cases[i].status);
    }
    unmount(&v);
    maker_free(&m);
}

/* The superblock's entry is never found as a file; a file of that name is. */
static void a_file_called_littlefs_is_a_file(void **state)
{
    (void)state;
    struct maker m = make_example();
    struct mounted v;
    mount_made(&v, &m);
    check_file(&v.fs, "/littlefs", "a file");
    unmount(&v);
    maker_root(&m);
    maker_end(&m);
    mount_made(&v, &m);
    check_lookup_fails(&v.fs, "/littlefs", LFK_ERR_NOENT);
    unmount(&v);
    maker_free(&m);
}

static void unknown_kinds_of_entries_are_no_directories(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 4);
    struct mounted v;
    struct lfk_fs_entry found;
    maker_root(&m);
    maker_add_text(&m, 0x003, 1, "device");
    maker_add_text(&m, 0x0aa, 2, "no name");
    maker_end(&m);
    mount_made(&v, &m);
    assert_int_equal(lfk_fs_lookup(&v.fs, "/device", &found, NULL), LFK_OK);
    assert_int_equal(found.entry->name_type, 0x003);
    assert_int_equal(found.id, 1);
    check_lookup_fails(&v.fs, "/device/", LFK_ERR_NOTDIR);
    check_lookup_fails(&v.fs, "/device/x", LFK_ERR_NOTDIR);
    check_lookup_fails(&v.fs, "/no name", LFK_ERR_NOENT);
    unmount(&v);
    maker_free(&m);
}

/* /s/ is split over {2, 3} and {4, 5}; {6, 7} behind it is of another directory, /t/. */
static struct maker make_split(void)
{
    struct maker m = maker_start(512, 16);
    maker_root(&m);
    maker_dir(&m, 1, "s", 2, 3);
    maker_dir(&m, 2, "t", 6, 7);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_end(&m);
    maker_log(&m, 2, 1);
    maker_file(&m, 0, "b", "B");
    maker_file(&m, 1, "d", "D");
    maker_tail(&m, LFK_TYPE_HARD_TAIL, 4, 5);
    maker_end(&m);
    maker_log(&m, 4, 1);
    maker_file(&m, 0, "c", "misplaced");
    maker_file(&m, 1, "f", "F");
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 6, 7);
    maker_end(&m);
    maker_log(&m, 6, 1);
    maker_file(&m, 0, "h", "H");
    maker_end(&m);
    return m;
}

/* A lookup crosses hard tails, which stay in the directory, and no soft ones, which leave it. */
static void lookups_cross_hard_tails_only(void **state)
{
    (void)state;
    struct maker m = make_split();
    struct mounted v;
    mount_made(&v, &m);
    check_file(&v.fs, "/s/b", "B");
    check_file(&v.fs, "/s/d", "D");
    check_file(&v.fs, "/s/f", "F");
    check_file(&v.fs, "/t/h", "H");
    check_lookup_fails(&v.fs, "/s/h", LFK_ERR_NOENT);
    check_lookup_fails(&v.fs, "/s/z", LFK_ERR_NOENT);
    check_lookup_fails(&v.fs, "/t/f", LFK_ERR_NOENT);
    unmount(&v);
    maker_free(&m);
}

/* The first pair that holds a greater name has the last word, as it has for every driver. */
static void a_lookup_ends_at_the_first_greater_name(void **state)
{
    (void)state;
    struct maker m = make_split();
    struct mounted v;
    mount_made(&v, &m);
    check_lookup_fails(&v.fs, "/s/c", LFK_ERR_NOENT);
    unmount(&v);
    memset(maker_block(&m, 4), 0, 512);
    mount_damaged(&v, &m, "a metadata block has no valid commit: block 4\n");
    check_file(&v.fs, "/s/d", "D");
    check_lookup_fails(&v.fs, "/s/a", LFK_ERR_NOENT);
    check_lookup_fails(&v.fs, "/s/f", LFK_ERR_CORRUPT);
    unmount(&v);
    maker_free(&m);
}

/* The source of a move that was cut is not there; the entry behind it is. */
static void the_source_of_a_pending_move_is_not_found(void **state)
{
    (void)state;
    struct maker m = make_example();
    struct mounted v;
    maker_log(&m, 3, 2);
    maker_dir(&m, 0, "sub", 4, 5);
    maker_file(&m, 1, "x", "X");
    maker_file(&m, 2, "y", "Y");
    maker_gstate(&m, move_of(1), 3, 2);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 4, 5);
    maker_end(&m);
    mount_made(&v, &m);
    check_lookup_fails(&v.fs, "/d/x", LFK_ERR_NOENT);
    check_lookup_fails(&v.fs, "/d/x/", LFK_ERR_NOENT);
    check_file(&v.fs, "/d/y", "Y");
    check_file(&v.fs, "/d/sub/deep", "D");
    check_file(&v.fs, "/a", "A"); /* id 1 too, but of another pair */
    unmount(&v);
    maker_free(&m);
}

static void check_told_lookup(struct lfk_fs *fs, const char *path, const char *line)
{
    struct lfk_fs_entry found;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_fs_lookup(fs, path, &found, &detail), LFK_ERR_CORRUPT);
    check_told(&detail, LFK_ERR_CORRUPT, line);
}

/* An entry is found whatever its pointer says; what is below it is not. */
static void directories_that_point_nowhere_are_found_but_not_entered(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 4);
    struct mounted v;
    struct lfk_fs_entry found;
    maker_root(&m);
    maker_add_text(&m, LFK_TYPE_DIR, 1, "none");
    maker_dir(&m, 2, "outside", 3, 4);
    maker_add_text(&m, LFK_TYPE_DIR, 3, "short");
    maker_add_text(&m, LFK_TYPE_DIR_STRUCT, 3, "1234567");
    maker_dir(&m, 4, "unwritten", 2, 3);
    maker_dir(&m, 5, "void", 2, LFK_BLOCK_NULL);
    maker_end(&m);
    mount_made(&v, &m);
    static const char *const paths[] = {"/none", "/outside", "/short", "/unwritten", "/void"};
    for (int i = 0; i < 5; i++) {
        assert_int_equal(lfk_fs_lookup(&v.fs, paths[i], &found, NULL), LFK_OK);
        assert_true(lfk_fs_is_dir(&found));
    }
    check_told_lookup(&v.fs, "/none/x", "a directory has no pointer to its pair: block 0");
    check_told_lookup(&v.fs, "/short/x", "a directory has no pointer to its pair: block 0");
    check_told_lookup(&v.fs, "/void/x", "a directory has no pointer to its pair: block 0");
    check_told_lookup(&v.fs, "/outside/x",
                      "a metadata pair is outside the volume (block): expected 4, found 4");
    check_told_lookup(&v.fs, "/unwritten/x", "a metadata block has no valid commit: block 2");
    unmount(&v);
    maker_free(&m);
}

/* A directory may lead back to one above it: each step of a path is a lookup of its own. */
static void a_path_through_a_loop_ends(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 4);
    struct mounted v;
    maker_root(&m);
    maker_file(&m, 1, "a", "A");
    maker_dir(&m, 2, "up", 0, 1);
    maker_end(&m);
    mount_made(&v, &m);
    check_file(&v.fs, "/up/up/up/up/a", "A");
    check_lookup_fails(&v.fs, "/up/up/b", LFK_ERR_NOENT);
    unmount(&v);
    maker_free(&m);
}

static void a_directory_that_goes_in_circles_is_left(void **state)
{
    (void)state;
    struct maker m = make_split();
    struct mounted v;
    maker_log(&m, 5, 2); /* the second pair leads back to the first */
    maker_file(&m, 0, "f", "F");
    maker_tail(&m, LFK_TYPE_HARD_TAIL, 2, 3);
    maker_end(&m);
    mount_damaged(&v, &m, "the list of metadata pairs loops: block 2\n");
    check_file(&v.fs, "/s/f", "F");
    check_lookup_fails(&v.fs, "/s/e", LFK_ERR_NOENT);
    check_told_lookup(&v.fs, "/s/z", "a directory's pair is linked twice: block 2");
    unmount(&v);
    maker_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_found_by_all_its_paths),
        cmocka_unit_test(a_directory_is_found_by_all_its_paths),
        cmocka_unit_test(what_a_path_cannot_be_is_refused),
        cmocka_unit_test(a_file_called_littlefs_is_a_file),
        cmocka_unit_test(unknown_kinds_of_entries_are_no_directories),
        cmocka_unit_test(lookups_cross_hard_tails_only),
        cmocka_unit_test(a_lookup_ends_at_the_first_greater_name),
        cmocka_unit_test(the_source_of_a_pending_move_is_not_found),
        cmocka_unit_test(directories_that_point_nowhere_are_found_but_not_entered),
        cmocka_unit_test(a_path_through_a_loop_ends),
        cmocka_unit_test(a_directory_that_goes_in_circles_is_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
