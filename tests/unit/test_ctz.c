/* SPDX-License-Identifier: MIT */
/*
 * CTZ arithmetic against a list laid out block by block, and at the largest
 * sizes a file can have.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "disk/disk.h"

static const uint32_t block_sizes[] = {128, 384, 512, 4096, 131072};
#define BLOCK_SIZES (sizeof(block_sizes) / sizeof(block_sizes[0]))
#define BLOCKS 300u

static void agrees_with_a_list_laid_out_block_by_block(void **state)
{
    (void)state;
    for (size_t i = 0; i < BLOCK_SIZES; i++) {
        uint32_t block_size = block_sizes[i];
        uint32_t start = 0; /* file offset where the block's data begins */
        for (uint32_t index = 0; index < BLOCKS; index++) {
            uint32_t pointers = 0;
            while (index > 0 && index % (UINT32_C(1) << pointers) == 0) {
                pointers++;
            }
            uint32_t data = block_size - 4 * pointers;
            assert_int_equal(lfk_ctz_pointers(index), pointers);
            assert_int_equal(lfk_ctz_capacity(block_size, index), data);

            uint32_t offset;
            assert_int_equal(lfk_ctz_index(block_size, start, &offset), index);
            assert_int_equal(offset, 4 * pointers);
            assert_int_equal(lfk_ctz_index(block_size, start + data - 1, &offset), index);
            assert_int_equal(offset, block_size - 1);
            assert_int_equal(lfk_ctz_blocks(block_size, start + 1), index + 1);
            assert_int_equal(lfk_ctz_blocks(block_size, start + data), index + 1);
            start += data;
        }
    }
}

static void empty_file_has_no_blocks(void **state)
{
    (void)state;
    assert_int_equal(lfk_ctz_blocks(4096, 0), 0);
    assert_int_equal(lfk_ctz_blocks(4096, 1), 1);
}

static void agrees_at_the_largest_file_size(void **state)
{
    (void)state;
    static const struct {
        uint32_t block_size, index, offset;
    } cases[] = {{128, 17895696, 102}, {512, 4260880, 110}, {4096, 525313, 4090}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint32_t offset;
        uint32_t index = lfk_ctz_index(cases[i].block_size, LFK_FILE_MAX - 1, &offset);
        assert_int_equal(index, cases[i].index);
        assert_int_equal(offset, cases[i].offset);
        assert_int_equal(lfk_ctz_blocks(cases[i].block_size, LFK_FILE_MAX), cases[i].index + 1);
    }
}

/* What a damaged image may state is computed without leaving the block. */
static void any_number_gives_an_offset_inside_the_block(void **state)
{
    (void)state;
    for (size_t i = 0; i < BLOCK_SIZES; i++) {
        for (uint32_t back = 0; back < 5000; back++) {
            uint32_t offset;
            uint32_t index = lfk_ctz_index(block_sizes[i], UINT32_MAX - back, &offset);
            assert_in_range(offset, 4 * lfk_ctz_pointers(index), block_sizes[i] - 1);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_a_list_laid_out_block_by_block),
        cmocka_unit_test(empty_file_has_no_blocks),
        cmocka_unit_test(agrees_at_the_largest_file_size),
        cmocka_unit_test(any_number_gives_an_offset_inside_the_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
