/* SPDX-License-Identifier: MIT */
/* Trees as they are made: what may be added where, what it becomes, and attributes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tree_maker.h"

static void a_new_tree_is_an_empty_directory(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    const struct lfk_node *root = lfk_tree_root(tree);
    assert_int_equal(root->type, LFK_NODE_DIR);
    assert_string_equal(root->name, "");
    assert_int_equal(root->index, 0);
    assert_null(root->parent);
    assert_null(root->first);
    assert_int_equal(lfk_tree_count(tree), 1);
    lfk_tree_destroy(tree);
    lfk_tree_destroy(NULL);
}

static void entries_stand_in_the_order_they_were_added(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    const struct lfk_node *z = add_file(tree, root, "z", "Z", 1);
    struct lfk_node *d = add_dir(tree, root, "d");
    const struct lfk_node *x = add_file(tree, d, "x", "", 0);
    const struct lfk_node *a = add_file(tree, root, "a", "A", 1);
    check_tree(root, "/z=Z /d/ /d/x= /a=A");
    assert_int_equal(lfk_tree_count(tree), 5);
    assert_int_equal(z->index, 1);
    assert_int_equal(d->index, 2);
    assert_int_equal(x->index, 3);
    assert_int_equal(a->index, 4);
    assert_ptr_equal(x->parent, d);
    assert_ptr_equal(root->last, a);
    lfk_tree_destroy(tree);
}

/* Names are bytes: those that are no text are names too. */
static void names_are_copied_and_may_be_any_bytes(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    struct lfk_node *node = NULL;
    char name[256];
    for (int i = 0; i < 256; i++) {
        name[i] = (char)i;
    }
    name['/'] = '.';
    assert_int_equal(lfk_tree_add_dir(tree, lfk_tree_root(tree), name + 1, 255, &node), LFK_OK);
    assert_int_equal(node->name_size, 255);
    assert_memory_equal(node->name, name + 1, 255);
    assert_int_equal(node->name[255], '\0');
    assert_ptr_not_equal(node->name, name + 1);
    assert_int_equal(lfk_tree_add_dir(tree, node, "...", 3, NULL), LFK_OK);
    assert_int_equal(lfk_tree_add_dir(tree, node, ".a", 2, NULL), LFK_OK);
    lfk_tree_destroy(tree);
}

static void names_that_cannot_be_stored_are_refused(void **state)
{
    (void)state;
    static const struct lfk_span names[] = {{"", 0},    {".", 1},     {"..", 2},
                                            {"a/b", 3}, {"/", 1},     {"a\0b", 3},
                                            {"\0", 1},  {"name/", 5}, {"name\0", 5}};
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    static const struct lfk_content content;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const char *name = names[i].data;
        size_t size = names[i].size;
        assert_int_equal(lfk_tree_add_dir(tree, root, name, size, NULL), LFK_ERR_INVAL);
        assert_int_equal(lfk_tree_add_file(tree, root, name, size, "", 0, NULL), LFK_ERR_INVAL);
        assert_int_equal(lfk_tree_add_content(tree, root, name, size, &content, 0, NULL),
                         LFK_ERR_INVAL);
    }
    assert_int_equal(lfk_tree_count(tree), 1);
    assert_null(root->first);
    lfk_tree_destroy(tree);
}

static void a_file_has_no_entries(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    struct lfk_node *file = add_file(tree, lfk_tree_root(tree), "f", "", 0);
    assert_int_equal(lfk_tree_add_dir(tree, file, "d", 1, NULL), LFK_ERR_NOTDIR);
    assert_int_equal(lfk_tree_add_file(tree, file, "f", 1, "", 0, NULL), LFK_ERR_NOTDIR);
    lfk_tree_destroy(tree);
}

static void files_name_where_their_bytes_are(void **state)
{
    (void)state;
    static const struct lfk_content content;
    struct lfk_tree *tree = new_tree();
    struct lfk_node *node = NULL;
    assert_int_equal(
        lfk_tree_add_content(tree, lfk_tree_root(tree), "f", 1, &content, UINT64_C(1) << 40, &node),
        LFK_OK);
    assert_ptr_equal(node->content, &content);
    assert_int_equal(node->size, UINT64_C(1) << 40);
    assert_int_equal(node->type, LFK_NODE_FILE);
    const struct lfk_node *memory = add_file(tree, lfk_tree_root(tree), "m", "bytes", 5);
    assert_null(memory->content);
    check_content(memory, "bytes", 5);
    lfk_tree_destroy(tree);
}

static void attributes_stand_by_rising_type(void **state)
{
    (void)state;
    static const uint8_t types[] = {0x74, 0x00, 0xff, 0x41, 0x42};
    struct lfk_tree *tree = new_tree();
    struct lfk_node *node = add_dir(tree, lfk_tree_root(tree), "d");
    for (size_t i = 0; i < sizeof(types); i++) {
        uint8_t value = types[i];
        assert_int_equal(lfk_tree_set_attribute(tree, node, types[i], &value, 1), LFK_OK);
    }
    static const uint8_t sorted[] = {0x00, 0x41, 0x42, 0x74, 0xff};
    const struct lfk_attribute *a = node->attributes;
    for (size_t i = 0; i < sizeof(sorted); i++, a = a->next) {
        assert_non_null(a);
        assert_int_equal(a->type, sorted[i]);
        assert_memory_equal(a->data, &sorted[i], 1); /* a copy: `value` is gone */
    }
    assert_null(a);
    lfk_tree_destroy(tree);
}

static void an_attribute_set_again_is_replaced(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    assert_int_equal(lfk_tree_set_attribute(tree, root, 7, "old", 3), LFK_OK);
    assert_int_equal(lfk_tree_set_attribute(tree, root, 7, "newer", 5), LFK_OK);
    assert_int_equal(root->attributes->size, 5);
    assert_memory_equal(root->attributes->data, "newer", 5);
    assert_int_equal(lfk_tree_set_attribute(tree, root, 7, NULL, 0), LFK_OK);
    assert_int_equal(root->attributes->size, 0);
    assert_null(root->attributes->next);
    lfk_tree_destroy(tree);
}

static void an_attribute_has_1022_bytes_at_most(void **state)
{
    (void)state;
    static const uint8_t data[1023];
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    assert_int_equal(lfk_tree_set_attribute(tree, root, 1, data, 1023), LFK_ERR_NOSPC);
    assert_null(root->attributes);
    assert_int_equal(lfk_tree_set_attribute(tree, root, 1, data, 1022), LFK_OK);
    assert_int_equal(root->attributes->size, 1022);
    lfk_tree_destroy(tree);
}

/* Counts what is held. */
static void *count_resize(void *context, void *memory, size_t size)
{
    int *held = (int *)context;
    if (size == 0) {
        *held -= memory != NULL;
        free(memory);
        return NULL;
    }
    *held += memory == NULL;
    return realloc(memory, size);
}

static void all_memory_is_the_trees_and_goes_with_it(void **state)
{
    (void)state;
    int held = 0;
    struct lfk_allocator allocator = {&held, count_resize};
    struct lfk_tree *tree = NULL;
    assert_int_equal(lfk_tree_create(&tree, &allocator), LFK_OK);
    add_files(tree, lfk_tree_root(tree), 1000, "", 0, false);
    char *memory = lfk_tree_alloc(tree, 100000);
    assert_non_null(memory);
    memset(memory, 1, 100000);
    assert_in_range(held, 2, 1000);
    lfk_tree_destroy(tree);
    assert_int_equal(held, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_tree_is_an_empty_directory),
        cmocka_unit_test(entries_stand_in_the_order_they_were_added),
        cmocka_unit_test(names_are_copied_and_may_be_any_bytes),
        cmocka_unit_test(names_that_cannot_be_stored_are_refused),
        cmocka_unit_test(a_file_has_no_entries),
        cmocka_unit_test(files_name_where_their_bytes_are),
        cmocka_unit_test(attributes_stand_by_rising_type),
        cmocka_unit_test(an_attribute_set_again_is_replaced),
        cmocka_unit_test(an_attribute_has_1022_bytes_at_most),
        cmocka_unit_test(all_memory_is_the_trees_and_goes_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
