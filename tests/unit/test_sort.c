/* SPDX-License-Identifier: MIT */
/* Sorting trees: littlefs's order in every directory, and names that are taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "seed.h"
#include "tree_maker.h"

/* Listing order is byte order with the longer before its prefix, files and directories mixed. */
static void entries_get_the_order_of_littlefs(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    add_file(tree, root, "a", "", 0);
    add_dir(tree, root, "ab");
    add_file(tree, root, "B", "", 0);
    add_dir(tree, root, "abc");
    add_file(tree, root, "\xc3\xa4", "", 0);
    add_file(tree, root, "abb", "", 0);
    assert_int_equal(lfk_tree_sort(tree, NULL), LFK_OK);
    check_tree(root, "/B= /abb= /abc/ /ab/ /a= /\xc3\xa4=");
    lfk_tree_destroy(tree);
}

static void every_directory_is_sorted(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    struct lfk_node *z = add_dir(tree, lfk_tree_root(tree), "z");
    struct lfk_node *a = add_dir(tree, lfk_tree_root(tree), "a");
    add_file(tree, z, "2", "", 0);
    add_file(tree, a, "y", "", 0);
    add_file(tree, z, "1", "", 0);
    struct lfk_node *x = add_dir(tree, a, "x");
    add_file(tree, x, "q", "", 0);
    add_file(tree, x, "p", "", 0);
    assert_int_equal(lfk_tree_sort(tree, NULL), LFK_OK);
    check_tree(lfk_tree_root(tree), "/a/ /a/x/ /a/x/p= /a/x/q= /a/y= /z/ /z/1= /z/2=");
    lfk_tree_destroy(tree);
}

static void entries_may_be_added_after_a_sort(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    add_file(tree, root, "c", "", 0);
    add_file(tree, root, "b", "", 0);
    assert_int_equal(lfk_tree_sort(tree, NULL), LFK_OK);
    add_file(tree, root, "a", "", 0);
    check_tree(root, "/b= /c= /a=");
    assert_int_equal(lfk_tree_sort(tree, NULL), LFK_OK);
    check_tree(root, "/a= /b= /c=");
    lfk_tree_destroy(tree);
}

/* The one added later is the one that is too many, whichever the order of adding. */
static void the_second_of_two_names_is_told(void **state)
{
    (void)state;
    for (int sorted = 0; sorted < 2; sorted++) {
        struct lfk_tree *tree = new_tree();
        struct lfk_node *dir = add_dir(tree, lfk_tree_root(tree), "d");
        add_file(tree, dir, sorted ? "a" : "z", "", 0);
        add_file(tree, dir, "twin", "", 0);
        const struct lfk_node *second = add_dir(tree, dir, "twin");
        add_file(tree, dir, "twi", "", 0);
        const struct lfk_node *twin = NULL;
        assert_int_equal(lfk_tree_sort(tree, &twin), LFK_ERR_EXIST);
        assert_ptr_equal(twin, second);
        assert_int_equal(lfk_tree_sort(tree, NULL), LFK_ERR_EXIST);
        lfk_tree_destroy(tree);
    }
}

static void one_name_in_two_directories_is_no_twin(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    add_file(tree, add_dir(tree, root, "b"), "same", "", 0);
    add_file(tree, add_dir(tree, root, "a"), "same", "", 0);
    add_file(tree, root, "same", "", 0);
    assert_int_equal(lfk_tree_sort(tree, NULL), LFK_OK);
    lfk_tree_destroy(tree);
}

static void any_number_in_any_order_is_sorted(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.sort");
    for (uint32_t count = 0; count < 200; count++) {
        struct lfk_tree *tree = new_tree();
        struct lfk_node *root = lfk_tree_root(tree);
        uint32_t step = 1 + 2 * seed_below(&seed, 100); /* odd: each number below 256 comes once */
        uint32_t number = seed_below(&seed, 256);
        for (uint32_t i = 0; i < count; i++) {
            char name[8];
            number = (number + step) % 256;
            snprintf(name, sizeof(name), "%03u", (unsigned)number);
            add_file(tree, root, name, "", 0);
        }
        assert_int_equal(lfk_tree_sort(tree, NULL), LFK_OK);
        uint32_t met = 0;
        for (const struct lfk_node *node = root->first; node != NULL; node = node->next) {
            assert_true(node->next == NULL || strcmp(node->name, node->next->name) < 0);
            assert_true(node->next != NULL || root->last == node);
            met++;
        }
        assert_int_equal(met, count);
        lfk_tree_destroy(tree);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_get_the_order_of_littlefs),
        cmocka_unit_test(every_directory_is_sorted),
        cmocka_unit_test(entries_may_be_added_after_a_sort),
        cmocka_unit_test(the_second_of_two_names_is_told),
        cmocka_unit_test(one_name_in_two_directories_is_no_twin),
        cmocka_unit_test(any_number_in_any_order_is_sorted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
