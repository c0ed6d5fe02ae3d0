/* SPDX-License-Identifier: MIT */
/* Reading files of a tree: exactly their size or an error, whatever the source does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "told.h"
#include "tree_maker.h"
#include "util/util.h"

/* A source that gives `total` bytes, a few at a time, and may fail. */
struct source {
    struct lfk_content content;
    size_t total;
    size_t given;
    size_t step;    /* bytes in a span */
    int open_fails; /* a status, or 0 */
    int fails_at;   /* calls to next before one fails; -1: none does */
    int opened;
    int closed;
};

static const char letters[] = "abcdefghijklmnopqrstuvwxyz";

static int source_open(const struct lfk_content *content, const struct lfk_node *node,
                       void **stream, struct lfk_detail *detail)
{
    struct source *source = (struct source *)node->data;
    assert_ptr_equal(content, &source->content);
    if (source->open_fails != 0) {
        return lfk_fail(detail, source->open_fails, "cannot open the source");
    }
    source->opened++;
    *stream = source;
    return LFK_OK;
}

static int source_next(void *stream, struct lfk_span *spans, size_t room, struct lfk_detail *detail)
{
    struct source *source = (struct source *)stream;
    if (source->fails_at-- == 0) {
        return lfk_fail(detail, LFK_ERR_CORRUPT, "cannot read the source");
    }
    size_t count = 0;
    while (count < room && source->given < source->total) {
        size_t left = source->total - source->given;
        spans[count].data = letters + source->given;
        spans[count].size = left < source->step ? left : source->step;
        source->given += spans[count].size;
        count++;
    }
    return (int)count;
}

static void source_close(void *stream)
{
    ((struct source *)stream)->closed++;
}

/* A source, and a tree with a file that takes its bytes from it. */
struct example {
    struct source source;
    struct lfk_tree *tree;
    struct lfk_node *node;
};

static void make_example(struct example *e, size_t size, size_t total)
{
    *e = (struct example){
        .source = {.content = {source_open, source_next, source_close},
                   .total = total,
                   .step = 3,
                   .fails_at = -1},
        .tree = new_tree(),
    };
    assert_int_equal(lfk_tree_add_content(e->tree, lfk_tree_root(e->tree), "f", 1,
                                          &e->source.content, size, &e->node),
                     LFK_OK);
    e->node->data = &e->source;
}

/* Reads to the end with room for two spans; returns the bytes or the error. */
static int read_all(const struct lfk_node *node, struct lfk_detail *detail)
{
    struct lfk_reader reader = {0};
    struct lfk_span spans[2];
    int total = 0;
    int count = lfk_reader_open(&reader, node, detail);
    while (count >= 0 && (count = lfk_reader_next(&reader, spans, 2, detail)) > 0) {
        assert_in_range(count, 1, 2);
        for (int i = 0; i < count; i++) {
            total += (int)spans[i].size;
        }
    }
    lfk_reader_close(&reader);
    return count < 0 ? count : total;
}

static void a_file_in_memory_is_one_span(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    const struct lfk_node *node = add_file(tree, root, "f", "bytes", 5);
    struct lfk_reader reader;
    struct lfk_span spans[2];
    assert_int_equal(lfk_reader_open(&reader, node, NULL), LFK_OK);
    assert_int_equal(lfk_reader_next(&reader, spans, 2, NULL), 1);
    assert_ptr_equal(spans[0].data, node->data);
    assert_int_equal(spans[0].size, 5);
    assert_int_equal(lfk_reader_next(&reader, spans, 2, NULL), 0);
    assert_int_equal(lfk_reader_next(&reader, spans, 2, NULL), 0);
    lfk_reader_close(&reader);
    check_content(add_file(tree, root, "empty", NULL, 0), "", 0);
    lfk_tree_destroy(tree);
}

static void a_source_is_read_to_its_end_and_closed_once(void **state)
{
    (void)state;
    for (size_t size = 0; size <= 26; size++) {
        struct example e;
        make_example(&e, size, size);
        check_content(e.node, letters, size);
        assert_int_equal(e.source.opened, 1);
        assert_int_equal(e.source.closed, 1);
        lfk_tree_destroy(e.tree);
    }
}

/* A file may change between the scan and the reading; the image would be wrong then. */
static void a_source_of_another_size_is_an_error(void **state)
{
    (void)state;
    for (size_t total = 0; total <= 26; total++) {
        struct example e;
        struct lfk_detail detail = {0};
        make_example(&e, 13, total);
        if (total == 13) {
            assert_int_equal(read_all(e.node, &detail), 13);
        } else {
            assert_int_equal(read_all(e.node, &detail), LFK_ERR_IO);
            check_told(&detail, LFK_ERR_IO, "file changed size while it was read");
        }
        assert_int_equal(e.source.closed, 1);
        lfk_tree_destroy(e.tree);
    }
}

static void errors_of_the_source_are_passed_on(void **state)
{
    (void)state;
    for (int fails_at = 0; fails_at < 3; fails_at++) {
        struct example e;
        struct lfk_detail detail = {0};
        make_example(&e, 13, 13);
        e.source.fails_at = fails_at;
        assert_int_equal(read_all(e.node, &detail), LFK_ERR_CORRUPT);
        check_told(&detail, LFK_ERR_CORRUPT, "cannot read the source");
        assert_int_equal(e.source.closed, 1);
        lfk_tree_destroy(e.tree);
    }
}

static void what_was_not_opened_is_not_closed(void **state)
{
    (void)state;
    struct example e;
    struct lfk_detail detail = {0};
    make_example(&e, 13, 13);
    e.source.open_fails = LFK_ERR_NOMEM;
    assert_int_equal(read_all(e.node, &detail), LFK_ERR_NOMEM);
    check_told(&detail, LFK_ERR_NOMEM, "cannot open the source");
    assert_int_equal(e.source.closed, 0);
    lfk_tree_destroy(e.tree);
}

static void a_directory_has_no_bytes(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    struct lfk_detail detail = {0};
    assert_int_equal(read_all(lfk_tree_root(tree), &detail), LFK_ERR_ISDIR);
    check_told(&detail, LFK_ERR_ISDIR, "not a file");
    lfk_tree_destroy(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_in_memory_is_one_span),
        cmocka_unit_test(a_source_is_read_to_its_end_and_closed_once),
        cmocka_unit_test(a_source_of_another_size_is_an_error),
        cmocka_unit_test(errors_of_the_source_are_passed_on),
        cmocka_unit_test(what_was_not_opened_is_not_closed),
        cmocka_unit_test(a_directory_has_no_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
