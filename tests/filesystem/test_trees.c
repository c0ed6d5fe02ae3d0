/* SPDX-License-Identifier: MIT */
/* Mounted volumes, and parts of them, as trees. */
#include "stage.h"

#define COUNT 64u

static struct stage stage;

static int open_stage(void **state)
{
    (void)state;
    stage_open(&stage, COUNT);
    put_text(stage.fs, "a", "text");
    OK(lfk_filesystem_mkdir(stage.fs, "d", &detail));
    OK(lfk_filesystem_mkdir(stage.fs, "d/e", &detail));
    put_file(stage.fs, "d/f", 3000);
    OK(lfk_filesystem_set_attribute(stage.fs, "d", 7, "seven", 5, &detail));
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&stage);
    return 0;
}

static struct lfk_tree *load(const char *path, bool shallow)
{
    const struct lfk_load_options options = {.size = sizeof(options), .shallow = shallow};
    struct lfk_tree *tree = NULL;
    OK(lfk_filesystem_load(stage.fs, path, &options, &tree, &detail));
    return tree;
}

static void check_paths(struct lfk_tree *tree, const char *expected)
{
    char paths[256];
    size_t size = 0;
    struct lfk_node *root = lfk_tree_root(tree);
    for (const struct lfk_node *node = lfk_node_next(root, root); node != NULL;
         node = lfk_node_next(root, node)) {
        size += lfk_node_path(node, paths + size, sizeof(paths) - size);
        assert_in_range(size, 1, sizeof(paths) - 2);
        paths[size++] = ' ';
    }
    paths[size] = '\0';
    assert_string_equal(paths, expected);
}

static void everything_below_a_path_is_loaded(void **state)
{
    (void)state;
    struct lfk_tree *tree = load("/", false);
    check_paths(tree, "/a /d /d/e /d/f ");
    const struct lfk_node *d = lfk_tree_root(tree)->last;
    assert_int_equal(d->place.blocks, 2);
    assert_int_equal(d->attributes->type, 7);
    assert_memory_equal(d->attributes->data, "seven", 5);
    assert_int_equal(d->last->size, 3000);
    lfk_tree_destroy(tree);
    tree = load("d", false);
    check_paths(tree, "/e /f ");
    lfk_tree_destroy(tree);
    tree = load("d/f", false);
    check_paths(tree, "/f ");
    lfk_tree_destroy(tree);
}

static void a_shallow_tree_has_the_entries_alone(void **state)
{
    (void)state;
    struct lfk_tree *tree = load("/", true);
    check_paths(tree, "/a /d ");
    assert_int_equal(lfk_tree_root(tree)->last->place.blocks, 2);
    lfk_tree_destroy(tree);
}

static void contents_are_read_through_it(void **state)
{
    (void)state;
    static uint8_t expected[3000];
    fill(expected, sizeof(expected));
    struct lfk_tree *tree = load("d", false);
    struct lfk_reader reader = {0};
    struct lfk_span span;
    size_t at = 0;
    OK(lfk_reader_open(&reader, lfk_tree_root(tree)->last, &detail));
    while (lfk_reader_next(&reader, &span, 1, &detail) > 0) {
        assert_memory_equal(span.data, expected + at, span.size);
        at += span.size;
    }
    assert_int_equal(at, sizeof(expected));
    lfk_reader_close(&reader);
    lfk_tree_destroy(tree);
}

/* What is not synced is not there yet; names and attributes stay when the volume is changed. */
static void a_tree_is_what_was_there(void **state)
{
    (void)state;
    struct lfk_file *file;
    OK(lfk_file_open(&file, stage.fs, "a", LFK_OPEN_WRITE, NULL, &detail));
    assert_int_equal(lfk_file_write(file, "much longer", 11, &detail), 11);
    struct lfk_tree *tree = load("/", false);
    assert_int_equal(lfk_tree_root(tree)->first->size, 4);
    OK(lfk_file_close(file, &detail));
    OK(lfk_filesystem_remove(stage.fs, "d/f", &detail));
    OK(lfk_filesystem_set_attribute(stage.fs, "d", 7, "other", 5, &detail));
    check_paths(tree, "/a /d /d/e /d/f ");
    assert_memory_equal(lfk_tree_root(tree)->last->attributes->data, "seven", 5);
    lfk_tree_destroy(tree);
}

static void what_is_not_there_is_not_loaded(void **state)
{
    (void)state;
    struct lfk_tree *tree = NULL;
    FAILS(lfk_filesystem_load(stage.fs, "none", NULL, &tree, &detail), LFK_ERR_NOENT,
          "no such file or directory");
    FAILS(lfk_filesystem_load(stage.fs, "a/b", NULL, &tree, &detail), LFK_ERR_NOTDIR,
          "not a directory");
    assert_null(tree);
}

#define on_stage(test) cmocka_unit_test_setup_teardown(test, open_stage, close_stage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        on_stage(everything_below_a_path_is_loaded), on_stage(a_shallow_tree_has_the_entries_alone),
        on_stage(contents_are_read_through_it),      on_stage(a_tree_is_what_was_there),
        on_stage(what_is_not_there_is_not_loaded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
