/* SPDX-License-Identifier: MIT */
/* Reading files of a loaded volume: their bytes, several at a time, and lists that are damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tree_maker.h"
#include "volume_checker.h"

#define SIZE 5000u

/* The file f over blocks in no order, and g, the same list cut after a truncation. */
struct example {
    struct maker m;
    uint8_t data[SIZE];
    struct lfk_volume *volume;
    struct lfk_tree *tree;
    const struct lfk_node *f;
    const struct lfk_node *g;
};

static const uint32_t list[] = {9, 3, 12, 4, 15, 7, 5, 2, 6, 10};

static void make_example(struct example *e)
{
    e->m = maker_start(512, 64);
    for (uint32_t i = 0; i < SIZE; i++) {
        e->data[i] = (uint8_t)(i * 7 + i / 256);
    }
    maker_root(&e->m);
    maker_ctz(&e->m, 1, "f", 10, SIZE);
    maker_ctz(&e->m, 2, "g", 4, 1600);
    maker_end(&e->m);
    maker_list(&e->m, list, e->data, SIZE);
    e->volume = open_made(&e->m, NULL);
    e->tree = load(e->volume, "/");
    e->f = lfk_tree_root(e->tree)->first;
    e->g = e->f->next;
}

static void free_example(struct example *e)
{
    lfk_tree_destroy(e->tree);
    lfk_volume_close(e->volume);
    maker_free(&e->m);
}

static void files_are_read_whole_and_again(void **state)
{
    (void)state;
    struct example e;
    make_example(&e);
    for (int i = 0; i < 2; i++) {
        check_content(e.f, e.data, SIZE);
        check_content(e.g, e.data, 1600);
    }
    free_example(&e);
}

static void readers_do_not_disturb_each_other(void **state)
{
    (void)state;
    struct example e;
    make_example(&e);
    struct lfk_reader readers[2];
    uint32_t done[2] = {0, 0};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(lfk_reader_open(&readers[i], e.f, NULL), LFK_OK);
    }
    for (int turn = 0; done[0] < SIZE || done[1] < SIZE; turn++) {
        int i = turn % 3 == 0; /* one is twice as fast */
        struct lfk_span span;
        int count = lfk_reader_next(&readers[i], &span, 1, NULL);
        assert_int_equal(count, done[i] < SIZE);
        if (count > 0) {
            assert_memory_equal(span.data, e.data + done[i], span.size);
            done[i] += (uint32_t)span.size;
        }
    }
    for (int i = 0; i < 2; i++) {
        lfk_reader_close(&readers[i]);
    }
    free_example(&e);
}

/* A damaged list is no reason not to load its entry; reading it tells the pointer that is wrong. */
static void a_damaged_list_fails_when_it_is_read(void **state)
{
    (void)state;
    struct example e;
    make_example(&e);
    struct lfk_reader reader = {0};
    struct lfk_detail detail = {0};
    lfk_put_le32(maker_block(&e.m, 15), 64); /* block 4 of f, not one of g */
    assert_int_equal(lfk_reader_open(&reader, e.f, &detail), LFK_ERR_CORRUPT);
    check_told(&detail, LFK_ERR_CORRUPT,
               "a CTZ pointer is not below the volume's block count: "
               "block 15, offset 0: expected 64, found 64");
    lfk_reader_close(&reader);
    check_content(e.g, e.data, 1600);
    free_example(&e);
}

static void a_bad_head_fails_when_it_is_read(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 8);
    maker_root(&m);
    maker_ctz(&m, 1, "f", 77, 5);
    maker_end(&m);
    struct damages told = {.size = 0};
    struct lfk_volume *volume = open_made(&m, &told);
    struct lfk_tree *tree = load(volume, "/");
    struct lfk_reader reader = {0};
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_tree_root(tree)->first->size, 5);
    assert_int_equal(lfk_reader_open(&reader, lfk_tree_root(tree)->first, &detail),
                     LFK_ERR_CORRUPT);
    check_told(&detail, LFK_ERR_CORRUPT,
               "a CTZ pointer is not below the volume's block count (head): expected 8, found 77");
    check_damages(&told, "");
    lfk_tree_destroy(tree);
    lfk_volume_close(volume);
    maker_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_read_whole_and_again),
        cmocka_unit_test(readers_do_not_disturb_each_other),
        cmocka_unit_test(a_damaged_list_fails_when_it_is_read),
        cmocka_unit_test(a_bad_head_fails_when_it_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
