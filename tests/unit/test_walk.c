/* SPDX-License-Identifier: MIT */
/* Walks over trees and paths of nodes, of any depth and into too small a buffer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tree_maker.h"

/* /a/ with 1 and 2/ (which holds x) and 3 in it, then /b. */
struct example {
    struct lfk_tree *tree;
    struct lfk_node *root;
    struct lfk_node *a;
    struct lfk_node *one;
    struct lfk_node *two;
    struct lfk_node *x;
    struct lfk_node *three;
    struct lfk_node *b;
};

static struct example make_example(void)
{
    struct example e = {.tree = new_tree()};
    e.root = lfk_tree_root(e.tree);
    e.a = add_dir(e.tree, e.root, "a");
    e.one = add_file(e.tree, e.a, "1", "", 0);
    e.two = add_dir(e.tree, e.a, "2");
    e.x = add_file(e.tree, e.two, "x", "", 0);
    e.three = add_file(e.tree, e.a, "3", "", 0);
    e.b = add_file(e.tree, e.root, "b", "", 0);
    return e;
}

static void a_walk_meets_each_directory_before_its_entries(void **state)
{
    (void)state;
    struct example e = make_example();
    struct lfk_node *order[] = {e.root, e.a, e.one, e.two, e.x, e.three, e.b, NULL};
    for (size_t i = 0; order[i] != NULL; i++) {
        assert_ptr_equal(lfk_node_next(e.root, order[i]), order[i + 1]);
    }
    lfk_tree_destroy(e.tree);
}

static void a_walk_stays_below_its_top(void **state)
{
    (void)state;
    struct example e = make_example();
    assert_ptr_equal(lfk_node_next(e.a, e.a), e.one);
    assert_null(lfk_node_next(e.a, e.three));
    assert_ptr_equal(lfk_node_next(e.two, e.two), e.x);
    assert_null(lfk_node_next(e.two, e.x));
    assert_null(lfk_node_next(e.one, e.one)); /* a file has nothing below it */
    lfk_tree_destroy(e.tree);
}

static void what_is_below_a_node_can_be_left_out(void **state)
{
    (void)state;
    struct example e = make_example();
    assert_ptr_equal(lfk_node_skip(e.root, e.a), e.b);
    assert_ptr_equal(lfk_node_skip(e.root, e.two), e.three);
    assert_ptr_equal(lfk_node_skip(e.root, e.x), e.three);
    assert_null(lfk_node_skip(e.two, e.x));
    assert_null(lfk_node_skip(e.a, e.a));
    assert_null(lfk_node_skip(e.root, e.root));
    assert_null(lfk_node_skip(e.root, e.b));
    lfk_tree_destroy(e.tree);
}

static void check_path(const struct lfk_node *node, const char *path)
{
    char buffer[64];
    assert_int_equal(lfk_node_path(node, NULL, 0), strlen(path));
    for (size_t size = 1; size <= strlen(path) + 2; size++) {
        memset(buffer, 'X', sizeof(buffer));
        assert_int_equal(lfk_node_path(node, buffer, size), strlen(path));
        size_t kept = size - 1 < strlen(path) ? size - 1 : strlen(path);
        assert_memory_equal(buffer, path, kept);
        assert_int_equal(buffer[kept], '\0');
        assert_int_equal(buffer[size], 'X');
    }
}

static void paths_are_cut_as_snprintf_cuts(void **state)
{
    (void)state;
    struct example e = make_example();
    struct lfk_node *longer = add_dir(e.tree, e.root, "longer-name");
    check_path(e.root, "/");
    check_path(e.a, "/a");
    check_path(e.x, "/a/2/x");
    check_path(add_file(e.tree, longer, "inner", "", 0), "/longer-name/inner");
    lfk_tree_destroy(e.tree);
}

static void a_path_at_the_source_has_the_names_there(void **state)
{
    (void)state;
    struct example e = make_example();
    char buffer[64];
    e.a->origin = "\xc3\xa4";
    e.x->origin = "ex";
    assert_int_equal(lfk_node_origin_path(e.x, buffer, sizeof(buffer)), 8);
    assert_string_equal(buffer, "/\xc3\xa4/2/ex");
    lfk_node_path(e.x, buffer, sizeof(buffer));
    assert_string_equal(buffer, "/a/2/x");
    lfk_node_origin_path(e.root, buffer, sizeof(buffer));
    assert_string_equal(buffer, "/");
    lfk_tree_destroy(e.tree);
}

/* Recursion would overflow the stack here. */
static void no_depth_is_too_deep(void **state)
{
    (void)state;
    enum { DEPTH = 200000 };
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    struct lfk_node *node = root;
    for (int i = 0; i < DEPTH; i++) {
        node = add_dir(tree, node, "d");
    }
    assert_int_equal(lfk_tree_sort(tree, NULL), LFK_OK);
    assert_int_equal(lfk_node_path(node, NULL, 0), 2 * DEPTH);
    size_t met = 0;
    for (const struct lfk_node *n = root; n != NULL; n = lfk_node_next(root, n)) {
        met++;
    }
    assert_int_equal(met, DEPTH + 1);
    lfk_tree_destroy(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_walk_meets_each_directory_before_its_entries),
        cmocka_unit_test(a_walk_stays_below_its_top),
        cmocka_unit_test(what_is_below_a_node_can_be_left_out),
        cmocka_unit_test(paths_are_cut_as_snprintf_cuts),
        cmocka_unit_test(a_path_at_the_source_has_the_names_there),
        cmocka_unit_test(no_depth_is_too_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
