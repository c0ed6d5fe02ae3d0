/* SPDX-License-Identifier: MIT */
/* Paths put together piece by piece. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pathbuf.h"
#include "scarce_memory.h"
#include "tree_maker.h"

static void names_are_joined_by_one_slash(void **state)
{
    (void)state;
    struct lfk_pathbuf path = {0};
    assert_int_equal(lfk_pathbuf_set_name(&path, 0, "out", 3), LFK_OK);
    assert_string_equal(path.text, "out");
    assert_int_equal(lfk_pathbuf_set_name(&path, 3, "www", 3), LFK_OK);
    assert_string_equal(path.text, "out/www");
    /* The next replaces what is behind the size given. */
    assert_int_equal(lfk_pathbuf_set_name(&path, 3, "a", 1), LFK_OK);
    assert_string_equal(path.text, "out/a");
    assert_int_equal(path.size, 5);
    lfk_pathbuf_free(&path);
    assert_int_equal(lfk_pathbuf_append(&path, "/", 1), LFK_OK);
    assert_int_equal(lfk_pathbuf_set_name(&path, 1, "etc", 3), LFK_OK);
    assert_string_equal(path.text, "/etc");
    lfk_pathbuf_free(&path);
}

static void cutting_keeps_the_start(void **state)
{
    (void)state;
    struct lfk_pathbuf path = {0};
    assert_int_equal(lfk_pathbuf_append(&path, "abcdef", 6), LFK_OK);
    lfk_pathbuf_cut(&path, 2);
    assert_string_equal(path.text, "ab");
    lfk_pathbuf_cut(&path, 0);
    assert_string_equal(path.text, "");
    lfk_pathbuf_free(&path);
}

static void a_path_can_be_of_any_length(void **state)
{
    (void)state;
    struct lfk_pathbuf path = {0};
    for (size_t i = 0; i < 10000; i++) {
        assert_int_equal(lfk_pathbuf_set_name(&path, path.size, "name", 4), LFK_OK);
    }
    assert_int_equal(path.size, 10000 * 5 - 1);
    assert_int_equal(strlen(path.text), path.size);
    lfk_pathbuf_free(&path);
}

/* The path of a node is that at the source, where names may be spelled otherwise. */
static void nodes_are_found_under_their_origin(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    struct lfk_node *dir = add_dir(tree, lfk_tree_root(tree), "\xe9");
    struct lfk_node *file = add_file(tree, dir, "f", NULL, 0);
    struct lfk_pathbuf path = {0};
    dir->origin = "\xc3\xa9";
    assert_int_equal(lfk_pathbuf_set_origin(&path, 0, file), LFK_OK);
    assert_string_equal(path.text, "\xc3\xa9/f");
    assert_int_equal(lfk_pathbuf_append(&path, "/", 1), LFK_OK);
    assert_int_equal(lfk_pathbuf_set_origin(&path, 3, dir), LFK_OK);
    assert_string_equal(path.text, "\xc3\xa9/\xc3\xa9");
    assert_int_equal(lfk_pathbuf_set_origin(&path, 0, lfk_tree_root(tree)), LFK_OK);
    assert_string_equal(path.text, "");
    lfk_pathbuf_free(&path);
    lfk_tree_destroy(tree);
}

static void missing_memory_is_an_error(void **state)
{
    (void)state;
    struct scarce_memory memory;
    struct lfk_pathbuf path = {.allocator = &memory.allocator};
    scarce_memory_start(&memory, 0);
    assert_int_equal(lfk_pathbuf_append(&path, "a", 1), LFK_ERR_NOMEM);
    assert_int_equal(lfk_pathbuf_reserve(&path, SIZE_MAX), LFK_ERR_NOMEM);
    lfk_pathbuf_free(&path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_joined_by_one_slash),
        cmocka_unit_test(cutting_keeps_the_start),
        cmocka_unit_test(a_path_can_be_of_any_length),
        cmocka_unit_test(nodes_are_found_under_their_origin),
        cmocka_unit_test(missing_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
