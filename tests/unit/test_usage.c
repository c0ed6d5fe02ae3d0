/* SPDX-License-Identifier: MIT */
/* Blocks in use: what littlefs would count, hidden, lost and shared ones too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "fs_checker.h"

static void check_used(struct maker *m, uint64_t blocks)
{
    struct mounted v;
    maker_end(m);
    mount_made(&v, m);
    assert_int_equal(lfk_fs_blocks_used(&v.fs), blocks);
    unmount(&v);
    maker_free(m);
}

static struct maker start(void)
{
    struct maker m = maker_start(512, 64);
    maker_root(&m);
    return m;
}

static void every_pair_counts_two_and_inline_files_nothing(void **state)
{
    (void)state;
    struct maker m = start();
    check_used(&m, 2);
    m = start();
    maker_file(&m, 1, "a", "in the pair");
    maker_dir(&m, 2, "d", 2, 3);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_end(&m);
    maker_log(&m, 2, 1);
    maker_tail(&m, LFK_TYPE_HARD_TAIL, 4, 5);
    maker_end(&m);
    maker_log(&m, 4, 1);
    check_used(&m, 6);
}

/* A block of 512 bytes holds 512, 508, 504, 508, ... bytes of a file. */
static void files_count_the_blocks_of_their_lists(void **state)
{
    (void)state;
    static const uint32_t sizes[][2] = {{0, 0},    {1, 1},    {512, 1},  {513, 2}, {1020, 2},
                                        {1021, 3}, {1524, 3}, {1525, 4}, {2032, 4}};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct maker m = start();
        maker_ctz(&m, 1, "f", 10, sizes[i][0]);
        maker_ctz(&m, 2, "g", 20, 513);
        check_used(&m, 2 + sizes[i][1] + 2);
    }
}

/* A block that two entries claim counts twice. */
static void shared_blocks_count_for_each(void **state)
{
    (void)state;
    struct maker m = start();
    maker_ctz(&m, 1, "f", 10, 1000);
    maker_ctz(&m, 2, "g", 10, 1000);
    check_used(&m, 6);
}

/* The source of a pending move still holds its blocks, and so does the entry behind it. */
static void hidden_files_count(void **state)
{
    (void)state;
    struct maker m = start();
    maker_ctz(&m, 1, "f", 10, 1000);
    maker_ctz(&m, 2, "g", 12, 600);
    maker_gstate(&m, move_of(1), 0, 1);
    check_used(&m, 6);
}

/* A directory that was removed halfway is on the list of pairs: its blocks are not free. */
static void orphans_count(void **state)
{
    (void)state;
    struct maker m = start();
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_gstate(&m, UINT32_C(0x80000000), 0, 0);
    maker_end(&m);
    maker_log(&m, 2, 1);
    maker_ctz(&m, 0, "lost", 10, 1000);
    check_used(&m, 6);
}

static void entries_that_say_nothing_of_blocks_count_nothing(void **state)
{
    (void)state;
    struct maker m = start();
    maker_add_text(&m, LFK_TYPE_FILE, 1, "no content");
    maker_add_text(&m, LFK_TYPE_FILE, 2, "short");
    maker_add_text(&m, LFK_TYPE_CTZ_STRUCT, 2, "1234567");
    maker_add_text(&m, LFK_TYPE_FILE, 3, "unknown");
    maker_add_text(&m, 0x2aa, 3, "12345678");
    check_used(&m, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_counts_two_and_inline_files_nothing),
        cmocka_unit_test(files_count_the_blocks_of_their_lists),
        cmocka_unit_test(shared_blocks_count_for_each),
        cmocka_unit_test(hidden_files_count),
        cmocka_unit_test(orphans_count),
        cmocka_unit_test(entries_that_say_nothing_of_blocks_count_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
