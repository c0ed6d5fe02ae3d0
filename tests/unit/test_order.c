/* SPDX-License-Identifier: MIT */
/* The order of listings: directories, files, then what is in each of the directories. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "order.h"
#include "tree_maker.h"

static void check_order(const struct lfk_node *top, const char *expected)
{
    char found[256] = "";
    size_t size = 0;
    struct cli_walk walk = cli_walk_start(top);
    const struct lfk_node *node;
    while ((node = cli_walk_next(&walk)) != NULL) {
        size += (size_t)snprintf(found + size, sizeof(found) - size, "%s ", node->name);
    }
    assert_null(cli_walk_next(&walk));
    assert_string_equal(found, expected);
}

static void directories_come_first(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    check_order(root, "");
    add_file(tree, root, "1", NULL, 0);
    check_order(root, "1 ");
    struct lfk_node *a = add_dir(tree, root, "a");
    add_file(tree, root, "2", NULL, 0);
    struct lfk_node *b = add_dir(tree, root, "b");
    add_dir(tree, root, "empty");
    add_file(tree, a, "a1", NULL, 0);
    struct lfk_node *aa = add_dir(tree, a, "aa");
    add_dir(tree, a, "ab");
    add_file(tree, aa, "aa1", NULL, 0);
    add_file(tree, b, "b1", NULL, 0);
    add_dir(tree, b, "ba");
    check_order(root, "a b empty 1 2 aa ab a1 aa1 ba b1 ");
    check_order(a, "aa ab a1 aa1 ");
    check_order(aa, "aa1 ");
    lfk_tree_destroy(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(directories_come_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
