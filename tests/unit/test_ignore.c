/* SPDX-License-Identifier: MIT */
/*
 * Lists of patterns: the rules of gitignore one by one. tests/cli/test_ignore.py
 * holds random lists against git itself.
 */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "folder.h"
#include "lfskit/host.h"
#include "told.h"

static struct lfk_excludes *list_of(const char *const *patterns)
{
    struct lfk_excludes *excludes = NULL;
    assert_int_equal(lfk_excludes_open(&excludes), LFK_OK);
    for (size_t i = 0; patterns[i] != NULL; i++) {
        assert_int_equal(lfk_excludes_add(excludes, patterns[i]), LFK_OK);
    }
    return excludes;
}

#define LIST(...) list_of((const char *const[]){__VA_ARGS__, NULL})

/* Asks for one path and frees the list. */
static bool excludes_once(struct lfk_excludes *excludes, const char *path, bool is_directory)
{
    bool excluded = lfk_excludes_match(excludes, path, is_directory);
    lfk_excludes_close(excludes);
    return excluded;
}

static bool excludes_file(struct lfk_excludes *excludes, const char *path)
{
    return excludes_once(excludes, path, false);
}

static bool excludes_dir(struct lfk_excludes *excludes, const char *path)
{
    return excludes_once(excludes, path, true);
}

static void an_empty_list_excludes_nothing(void **state)
{
    (void)state;
    struct lfk_excludes *excludes = NULL;
    assert_int_equal(lfk_excludes_open(&excludes), LFK_OK);
    assert_false(excludes_file(excludes, "a"));
    lfk_excludes_close(NULL);
}

static void a_name_alone_is_met_everywhere(void **state)
{
    (void)state;
    assert_true(excludes_file(LIST("*.map"), "a.map"));
    assert_true(excludes_file(LIST("*.map"), "js/deep/a.map"));
    assert_true(excludes_dir(LIST("node_modules"), "x/node_modules"));
    assert_false(excludes_file(LIST("*.map"), "a.map.js"));
    assert_false(excludes_file(LIST("js"), "js2"));
    assert_true(excludes_file(LIST("a b"), "x/a b"));
}

static void a_slash_ties_to_the_source(void **state)
{
    (void)state;
    assert_true(excludes_file(LIST("/a"), "a"));
    assert_false(excludes_file(LIST("/a"), "x/a"));
    assert_true(excludes_file(LIST("x/a"), "x/a"));
    assert_false(excludes_file(LIST("x/a"), "y/x/a"));
    assert_true(excludes_file(LIST("**/x/a"), "y/x/a"));
    assert_true(excludes_file(LIST("x/*"), "x/a"));
    assert_false(excludes_file(LIST("x/*"), "x/a/b"));
    assert_true(excludes_file(LIST("x/**"), "x/a/b"));
    assert_false(excludes_dir(LIST("x/**"), "x"));
}

static void a_slash_at_the_end_means_directories(void **state)
{
    (void)state;
    assert_true(excludes_dir(LIST("build/"), "build"));
    assert_false(excludes_file(LIST("build/"), "build"));
    assert_true(excludes_dir(LIST("build/"), "x/build"));
    assert_false(excludes_dir(LIST("/build/"), "x/build"));
    assert_true(excludes_dir(LIST("**/"), "x"));
    assert_false(excludes_file(LIST("**/"), "x"));
}

static void the_last_that_matches_decides(void **state)
{
    (void)state;
    assert_false(excludes_file(LIST("*.js", "!keep.js"), "keep.js"));
    assert_true(excludes_file(LIST("*.js", "!keep.js"), "other.js"));
    assert_true(excludes_file(LIST("!keep.js", "*.js"), "keep.js"));
    assert_true(excludes_file(LIST("*", "!*", "a"), "a"));
    assert_false(excludes_file(LIST("*", "!*/", "!*.html"), "x/a.html"));
}

static void marks_can_be_meant_as_letters(void **state)
{
    (void)state;
    assert_true(excludes_file(LIST("\\!a"), "!a"));
    assert_true(excludes_file(LIST("\\#a"), "#a"));
    assert_true(excludes_file(LIST("a\\*"), "a*"));
    assert_false(excludes_file(LIST("a\\*"), "ab"));
    /* On a command line a '#' is no comment, and blanks at the end were meant. */
    assert_true(excludes_file(LIST("#a"), "#a"));
    assert_true(excludes_file(LIST("a "), "a "));
    assert_false(excludes_file(LIST("a "), "a"));
}

static void patterns_without_content_match_nothing(void **state)
{
    (void)state;
    static const char *const empty[] = {"", "!", "/", "!/"};
    for (size_t i = 0; i < 4; i++) {
        assert_false(excludes_file(LIST(empty[i]), "a"));
        assert_false(excludes_dir(LIST(empty[i]), "a"));
    }
}

/* --- files of patterns ---------------------------------------------------------------- */

static struct lfk_excludes *list_from(const char *text)
{
    struct lfk_excludes *excludes = NULL;
    make_file("patterns", text);
    assert_int_equal(lfk_excludes_open(&excludes), LFK_OK);
    assert_int_equal(lfk_excludes_add_file(excludes, "patterns", NULL), LFK_OK);
    return excludes;
}

static void a_file_has_a_pattern_a_line(void **state)
{
    (void)state;
    static const char text[] = "\xef\xbb\xbf*.map\n\n# a comment\n  \n!keep.map\r\nlast";
    assert_true(excludes_file(list_from(text), "a.map"));
    assert_false(excludes_file(list_from(text), "keep.map"));
    assert_true(excludes_file(list_from(text), "last"));
    assert_false(excludes_file(list_from(text), "# a comment"));
    assert_false(excludes_file(list_from(text), "  "));
    assert_false(excludes_file(list_from(""), "a"));
}

static void blanks_at_the_end_of_a_line_do_not_count(void **state)
{
    (void)state;
    assert_true(excludes_file(list_from("a  \n"), "a"));
    assert_false(excludes_file(list_from("a  \n"), "a  "));
    assert_true(excludes_file(list_from("a\\ \n"), "a "));
    assert_true(excludes_file(list_from("a\\  \n"), "a "));
    assert_true(excludes_file(list_from("a b \n"), "a b"));
    assert_true(excludes_file(list_from(" a\n"), " a"));
    assert_true(excludes_file(list_from("\\#a\n"), "#a"));
}

static void files_that_cannot_be_read_are_told(void **state)
{
    (void)state;
    struct lfk_excludes *excludes = NULL;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_excludes_open(&excludes), LFK_OK);
    assert_int_equal(lfk_excludes_add_file(excludes, "none", &detail), LFK_ERR_IO);
    check_told(&detail, LFK_ERR_IO, "file of patterns cannot be opened");
    assert_int_equal(detail.os_error, ENOENT);
    make_dir("directory");
    assert_int_equal(lfk_excludes_add_file(excludes, "directory", &detail), LFK_ERR_IO);
    assert_int_equal(detail.os_error, EISDIR);
    make_file("huge", "a");
    assert_int_equal(truncate("huge", (17 << 20)), 0);
    assert_int_equal(lfk_excludes_add_file(excludes, "huge", &detail), LFK_ERR_FBIG);
    check_told(&detail, LFK_ERR_FBIG, "file of patterns is too large");
    lfk_excludes_close(excludes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_list_excludes_nothing),
        cmocka_unit_test(a_name_alone_is_met_everywhere),
        cmocka_unit_test(a_slash_ties_to_the_source),
        cmocka_unit_test(a_slash_at_the_end_means_directories),
        cmocka_unit_test(the_last_that_matches_decides),
        cmocka_unit_test(marks_can_be_meant_as_letters),
        cmocka_unit_test(patterns_without_content_match_nothing),
        test_in_folder(a_file_has_a_pattern_a_line),
        test_in_folder(blanks_at_the_end_of_a_line_do_not_count),
        test_in_folder(files_that_cannot_be_read_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
