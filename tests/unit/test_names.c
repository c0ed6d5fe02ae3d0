/* SPDX-License-Identifier: MIT */
/* Names and paths of an image as people see and type them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "names.h"
#include "tree_maker.h"

static void check_normal(const char *typed, const char *expected)
{
    struct cli_text text = {0};
    cli_path_normalise(&text, typed);
    assert_string_equal(cli_text_string(&text), expected);
    cli_text_free(&text);
}

static void paths_have_one_normal_form(void **state)
{
    (void)state;
    check_normal("/", "");
    check_normal("", "");
    check_normal("a", "/a");
    check_normal("/a/b", "/a/b");
    check_normal("//a///b//", "/a/b");
    check_normal("./a/./b/.", "/a/b");
    check_normal("a/../b", "/b");
    check_normal("a/b/../..", "");
    check_normal("..", "");
    check_normal("../../a", "/a");
    check_normal("a/b/../../../c", "/c");
    check_normal(".a/..b/c..", "/.a/..b/c..");
    check_normal("...", "/...");
}

static void paths_are_encoded_name_by_name(void **state)
{
    (void)state;
    struct cli_text text = {0};
    struct lfk_encoding *encoding = NULL;
    assert_int_equal(lfk_encoding_open(&encoding, "latin-1", NULL), LFK_OK);
    assert_int_equal(cli_path_encode(&text, encoding, "/\xc3\xbc/a/\xc3\xa9", NULL), LFK_OK);
    assert_string_equal(cli_text_string(&text), "/\xfc/a/\xe9");
    cli_text_cut(&text, 0);
    assert_int_equal(cli_path_encode(&text, encoding, "", NULL), LFK_OK);
    assert_string_equal(cli_text_string(&text), "");
    assert_int_equal(cli_path_encode(&text, encoding, "/\xe2\x82\xac", NULL), LFK_ERR_INVAL);
    cli_text_free(&text);
    lfk_encoding_close(encoding);
}

static void check_name(const struct lfk_node *node, enum cli_name_form form, bool decodes,
                       const char *expected)
{
    struct cli_text text = {0};
    assert_int_equal(cli_name_add(&text, NULL, node, form), decodes);
    assert_string_equal(cli_text_string(&text), expected);
    cli_text_free(&text);
}

static void names_come_in_three_forms(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    const struct lfk_node *good = add_file(tree, lfk_tree_root(tree), "\xc3\xa9\n", NULL, 0);
    check_name(good, CLI_NAME_PLAIN, true, "\xc3\xa9\n");
    check_name(good, CLI_NAME_SHOWN, true, "\xc3\xa9\\x0a");
    check_name(good, CLI_NAME_JSON, true, "\xc3\xa9\n");
    const struct lfk_node *bad = add_file(tree, lfk_tree_root(tree), "\xe9\n", NULL, 0);
    check_name(bad, CLI_NAME_PLAIN, false, "\xe9\n");
    check_name(bad, CLI_NAME_SHOWN, false, "\\xe9\\x0a");
    check_name(bad, CLI_NAME_JSON, false, "\xef\xbf\xbd\n");
    lfk_tree_destroy(tree);
}

static void a_node_has_a_path_below_another(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    struct lfk_node *dir = add_dir(tree, root, "a");
    struct lfk_node *file = add_file(tree, add_dir(tree, dir, "b\n"), "c", NULL, 0);
    struct cli_text text = {0};
    cli_path_add(&text, NULL, root, root, CLI_NAME_SHOWN);
    assert_string_equal(cli_text_string(&text), "");
    cli_path_add(&text, NULL, root, file, CLI_NAME_SHOWN);
    assert_string_equal(cli_text_string(&text), "/a/b\\x0a/c");
    cli_text_cut(&text, 0);
    cli_path_add(&text, NULL, dir, file, CLI_NAME_PLAIN);
    assert_string_equal(cli_text_string(&text), "/b\n/c");
    cli_text_free(&text);
    lfk_tree_destroy(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_have_one_normal_form),
        cmocka_unit_test(paths_are_encoded_name_by_name),
        cmocka_unit_test(names_come_in_three_forms),
        cmocka_unit_test(a_node_has_a_path_below_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
