/* SPDX-License-Identifier: MIT */
/*
 * CTZ lists known from their last block back: each block is found, in few
 * reads, and no pointer is followed out of the volume.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fs_checker.h"
#include "parts.h"
#include "seed.h"

enum { BLOCK_COUNT = 200, LIST_MAX = 190 };

/* A file over blocks in a random order, and a list of which its last block is known. */
struct example {
    struct maker m;
    struct mounted v;
    struct lfk_bd_stat stat; /* between the volume and its device */
    uint32_t blocks[LIST_MAX];
    uint32_t size;
    struct lfk_fs_blocks list;
};

static void make_example(struct example *e, struct seed *seed, uint32_t count)
{
    uint32_t order[BLOCK_COUNT];
    *e = (struct example){.m = maker_start(512, BLOCK_COUNT)};
    maker_root(&e->m);
    maker_end(&e->m);
    for (uint32_t i = 0; i < BLOCK_COUNT - 2; i++) {
        uint32_t j = seed_below(seed, i + 1);
        order[i] = order[j];
        order[j] = 2 + i;
    }
    memcpy(e->blocks, order, count * sizeof(order[0]));
    e->size = 0;
    for (uint32_t i = 0; i < count; i++) {
        e->size += lfk_ctz_capacity(512, i);
    }
    uint8_t *data = calloc(1, e->size);
    assert_non_null(data);
    maker_list(&e->m, e->blocks, data, e->size);
    free(data);
    mount_made(&e->v, &e->m);
    lfk_bd_stat_open(&e->stat, &e->v.device.bd);
    e->v.fs.bd = &e->stat.bd;
    assert_int_equal(lfk_fs_blocks_resize(&e->v.fs, &e->list, count, NULL), LFK_OK);
    e->list.blocks[count - 1] = e->blocks[count - 1];
}

static void free_example(struct example *e)
{
    lfk_fs_blocks_free(&e->v.fs, &e->list);
    unmount(&e->v);
    maker_free(&e->m);
}

static void each_block_is_found_in_few_reads(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.list");
    static const uint32_t counts[] = {1, 2, 3, 4, 5, 31, 32, 33, 64, 100, LIST_MAX};
    for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
        uint32_t count = counts[c];
        for (int order = 0; order < 3; order++) {
            struct example e;
            make_example(&e, &seed, count);
            for (uint32_t i = 0; i < count; i++) {
                uint32_t index = order == 0   ? i
                                 : order == 1 ? count - 1 - i
                                              : seed_below(&seed, count);
                uint32_t block;
                uint64_t reads = e.stat.reads;
                assert_int_equal(lfk_fs_blocks_get(&e.v.fs, &e.list, index, &block, NULL), LFK_OK);
                assert_int_equal(block, e.blocks[index]);
                assert_in_range(e.stat.reads - reads, 0, 2 * lfk_log2(count) + 1);
                reads = e.stat.reads; /* and is known from then on */
                assert_int_equal(lfk_fs_blocks_get(&e.v.fs, &e.list, index, &block, NULL), LFK_OK);
                assert_int_equal(block, e.blocks[index]);
                assert_int_equal(e.stat.reads, reads);
            }
            assert_true(order != 1 || e.stat.reads == count - 1); /* from the end: one a block */
            free_example(&e);
        }
    }
}

/* How often each block was visited; and where the visit ends. */
struct visit {
    uint8_t times[BLOCK_COUNT];
    uint32_t count;
    uint32_t stop_after;
};

static int note(void *context, uint32_t block)
{
    struct visit *visit = context;
    assert_in_range(block, 0, BLOCK_COUNT - 1);
    visit->times[block]++;
    return ++visit->count == visit->stop_after ? 42 : 0;
}

static void a_visit_meets_each_block_once(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.list");
    for (uint32_t count = 1; count <= 40; count++) {
        struct example e;
        struct visit visit = {.count = 0};
        uint32_t head;
        make_example(&e, &seed, count);
        head = e.blocks[count - 1];
        assert_int_equal(lfk_fs_blocks_visit(&e.v.fs, head, e.size, note, &visit, NULL), LFK_OK);
        assert_int_equal(visit.count, count);
        for (uint32_t i = 0; i < count; i++) {
            assert_int_equal(visit.times[e.blocks[i]], 1);
        }
        /* One read for two blocks. */
        assert_int_equal(e.stat.reads, count / 2);
        for (uint32_t stop = 1; stop <= count; stop++) {
            visit = (struct visit){.stop_after = stop};
            assert_int_equal(lfk_fs_blocks_visit(&e.v.fs, head, e.size, note, &visit, NULL), 42);
            assert_int_equal(visit.count, stop);
        }
        visit = (struct visit){.count = 0};
        assert_int_equal(lfk_fs_blocks_visit(&e.v.fs, head, 0, note, &visit, NULL), LFK_OK);
        assert_int_equal(visit.count, 0);
        free_example(&e);
    }
}

static void check_visit_fails(struct example *e, uint32_t head, uint32_t size, const char *line)
{
    struct visit visit = {.count = 0};
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_fs_blocks_visit(&e->v.fs, head, size, note, &visit, &detail),
                     LFK_ERR_CORRUPT);
    check_told(&detail, LFK_ERR_CORRUPT, line);
}

static void pointers_out_of_the_volume_are_not_followed(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.list");
    struct example e;
    struct lfk_detail detail = {0};
    uint32_t block;
    make_example(&e, &seed, 5);
    uint32_t head = e.blocks[4];
    check_visit_fails(&e, 200, 1,
                      "the head of a CTZ list is not below the volume's block count (head): "
                      "expected 200, found 200");
    check_visit_fails(&e, 2, LFK_FILE_MAX,
                      "a file is larger than the volume (blocks): expected 200, found 4260881");
    /* Block 4 of the list points to blocks 3, 2 and 0; the last is not needed in turn. */
    lfk_put_le32(maker_block(&e.m, head) + 8, LFK_BLOCK_NULL);
    struct visit visit = {.count = 0};
    assert_int_equal(lfk_fs_blocks_visit(&e.v.fs, head, e.size, note, &visit, NULL), LFK_OK);
    char line[128];
    snprintf(line, sizeof(line),
             "a CTZ pointer is not below the volume's block count: block %u, offset 8: "
             "expected 200, found 4294967295",
             (unsigned)head);
    assert_int_equal(lfk_fs_blocks_get(&e.v.fs, &e.list, 0, &block, &detail), LFK_ERR_CORRUPT);
    check_told(&detail, LFK_ERR_CORRUPT, line);
    lfk_put_le32(maker_block(&e.m, head) + 4, 200);
    snprintf(line, sizeof(line),
             "a CTZ pointer is not below the volume's block count: block %u, offset 4: "
             "expected 200, found 200",
             (unsigned)head);
    check_visit_fails(&e, head, e.size, line);
    free_example(&e);
}

static void a_list_keeps_what_is_known_when_it_is_resized(void **state)
{
    (void)state;
    struct lfk_fs fs = {0};
    struct lfk_fs_blocks list = {0};
    assert_int_equal(lfk_fs_blocks_resize(&fs, &list, 0, NULL), LFK_OK);
    assert_int_equal(lfk_fs_blocks_resize(&fs, &list, 2, NULL), LFK_OK);
    assert_int_equal(list.blocks[0], LFK_BLOCK_NULL);
    assert_int_equal(list.blocks[1], LFK_BLOCK_NULL);
    list.blocks[0] = 7;
    list.blocks[1] = 8;
    assert_int_equal(lfk_fs_blocks_resize(&fs, &list, 1, NULL), LFK_OK);
    assert_int_equal(lfk_fs_blocks_resize(&fs, &list, 100, NULL), LFK_OK);
    assert_int_equal(list.blocks[0], 7);
    for (uint32_t i = 1; i < 100; i++) { /* nothing of what was there */
        assert_int_equal(list.blocks[i], LFK_BLOCK_NULL);
    }
    lfk_fs_blocks_free(&fs, &list);
    assert_null(list.blocks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_block_is_found_in_few_reads),
        cmocka_unit_test(a_visit_meets_each_block_once),
        cmocka_unit_test(pointers_out_of_the_volume_are_not_followed),
        cmocka_unit_test(a_list_keeps_what_is_known_when_it_is_resized),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
