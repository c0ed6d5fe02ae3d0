/* SPDX-License-Identifier: MIT */
/*
 * Finding the block size: from block 0, from block 1 wherever it may lie, and
 * past everything that only looks like a superblock.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flawed_device.h"
#include "image/image.h"
#include "image_maker.h"
#include "seed.h"
#include "told.h"

/* A superblock in both blocks of the root pair. */
static struct maker make_pair(uint32_t block_size, uint32_t block_count)
{
    struct maker m = maker_start(block_size, block_count);
    for (uint32_t block = 0; block < 2; block++) {
        maker_log(&m, block, 1 + block);
        maker_superblock(&m);
        maker_end(&m);
    }
    return m;
}

static void check_found(const void *bytes, size_t size, uint32_t block_size)
{
    struct lfk_bd_memory device;
    struct lfk_detail detail = {0};
    lfk_bd_memory_open(&device, bytes, size);
    assert_int_equal(lfk_image_probe(&device.bd, NULL, &detail), LFK_OK);
    assert_int_equal(device.bd.block_size, block_size);
    assert_int_equal(device.bd.block_count, (size + block_size - 1) / block_size);
    assert_int_equal(detail.status, LFK_OK);
}

static void check_not_found(const void *bytes, size_t size, int status, const char *line)
{
    struct lfk_bd_memory device;
    struct lfk_detail detail = {0};
    lfk_bd_memory_open(&device, bytes, size);
    assert_int_equal(lfk_image_probe(&device.bd, NULL, &detail), status);
    check_told(&detail, status, line);
}

static const uint32_t sizes[] = {128,   256,   384,    512,    640,    1000,   1024,   2048,
                                 3072,  4096,  4224,   8192,   12288,  16384,  32768,  65536,
                                 98304, 99999, 131072, 262144, 393216, 524288, 1048576};
#define SIZE_COUNT (sizeof(sizes) / sizeof(sizes[0]))

static void block_0_tells_the_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        struct maker m = make_pair(sizes[i], 3);
        memset(maker_block(&m, 1), 0x5a, sizes[i]);
        check_found(m.bytes, maker_size(&m), sizes[i]);
        maker_free(&m);
    }
}

/* The magic stands in both blocks of the root pair; either of them is enough. */
static void block_1_tells_the_size_when_block_0_cannot(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.probe");
    for (size_t i = 0; i < SIZE_COUNT; i++) {
        struct maker m = make_pair(sizes[i], 3);
        m.bytes[20] ^= 1; /* in the superblock's tag: the magic stands, the CRC does not match */
        check_found(m.bytes, maker_size(&m), sizes[i]);
        memset(m.bytes, 0xff, sizes[i]);
        check_found(m.bytes, maker_size(&m), sizes[i]);
        memset(m.bytes, 0x00, sizes[i]);
        check_found(m.bytes, maker_size(&m), sizes[i]);
        seed_fill(&seed, m.bytes, sizes[i]);
        check_found(m.bytes, maker_size(&m), sizes[i]);
        maker_free(&m);
    }
}

/* As large as a block may be when block 0 is sound; nobody looks for block 1 so far out. */
static void larger_blocks_are_found_from_block_0_alone(void **state)
{
    (void)state;
    struct maker m = make_pair(UINT32_C(1) << 21, 2);
    check_found(m.bytes, maker_size(&m), UINT32_C(1) << 21);
    check_found(m.bytes, UINT32_C(1) << 21, UINT32_C(1) << 21); /* just one block */
    m.bytes[20] ^= 1;
    struct lfk_bd_memory device;
    struct lfk_detail detail = {0};
    lfk_bd_memory_open(&device, m.bytes, maker_size(&m));
    assert_int_equal(lfk_image_probe(&device.bd, NULL, &detail), LFK_ERR_CORRUPT);
    assert_string_equal(detail.what, "the CRC of the superblock is wrong");
    maker_free(&m);
}

/* After a change of version or size and a compaction the struct stands behind other entries. */
static void the_superblocks_struct_may_stand_anywhere(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 8);
    uint8_t bytes[LFK_SUPERBLOCK_SIZE];
    lfk_superblock_encode(&m.superblock, bytes);
    maker_log(&m, 0, 1);
    maker_add_text(&m, LFK_TYPE_SUPERBLOCK, 0, LFK_MAGIC);
    maker_file(&m, 1, "a", "this looks like content");
    maker_add(&m, LFK_TYPE_INLINE_STRUCT, 1, "\1\0\2\0\0\4\0\0\x10\0\0\0", 12); /* of the file */
    maker_add(&m, LFK_TYPE_INLINE_STRUCT, 0, bytes, sizeof(bytes));
    maker_end(&m);
    check_found(m.bytes, maker_size(&m), 512);
    maker_free(&m);
}

/* The scan of block 0 runs on into block 1 as the size is not known yet. */
static void a_log_that_fills_its_block_is_read_to_its_end(void **state)
{
    (void)state;
    for (uint32_t block_size = 128; block_size <= 4096; block_size *= 2) {
        struct maker m = make_pair(block_size, 4);
        maker_root(&m);
        maker_end(&m);
        while (m.commit.offset < block_size) {
            uint8_t bytes[LFK_SUPERBLOCK_SIZE];
            lfk_superblock_encode(&m.superblock, bytes);
            if (block_size - m.commit.offset >= 64) {
                maker_add(&m, LFK_TYPE_INLINE_STRUCT, 0, bytes, sizeof(bytes));
            }
            maker_end(&m);
        }
        check_found(m.bytes, maker_size(&m), block_size);
        maker_free(&m);
    }
}

/* A superblock counts where its own size puts it; old ones, or copies in files, do not. */
static void places_that_contradict_themselves_are_passed_over(void **state)
{
    (void)state;
    struct maker m = make_pair(4096, 4);
    struct maker other = make_pair(1024, 4);
    memset(m.bytes, 0xff, 4096);
    memcpy(m.bytes + 512, other.bytes, 512);      /* states 1024 */
    memcpy(m.bytes + 2048, m.bytes + 4096, 2048); /* states 4096 */
    check_found(m.bytes, maker_size(&m), 4096);
    memset(m.bytes + 4096, 0xff, 4096);
    check_not_found(m.bytes, maker_size(&m), LFK_ERR_CORRUPT,
                    "the superblock states another block size than its place (block_size): "
                    "expected 2048, found 4096");
    maker_free(&m);
    maker_free(&other);
}

static void impossible_sizes_are_not_believed(void **state)
{
    (void)state;
    static const uint32_t impossible[] = {0, 1, 127, UINT32_C(0x40000001), UINT32_MAX};
    for (size_t i = 0; i < sizeof(impossible) / sizeof(impossible[0]); i++) {
        struct maker m = make_pair(512, 4);
        struct lfk_bd_memory device;
        struct lfk_detail detail = {0};
        m.superblock.block_size = impossible[i];
        maker_root(&m);
        maker_end(&m);
        check_found(m.bytes, maker_size(&m), 512); /* from block 1 */
        memset(maker_block(&m, 1), 0xff, 512);
        lfk_bd_memory_open(&device, m.bytes, maker_size(&m));
        assert_int_equal(lfk_image_probe(&device.bd, NULL, &detail), LFK_ERR_CORRUPT);
        assert_string_equal(detail.what, "the superblock states an impossible block size");
        assert_int_equal(detail.found, impossible[i]);
        maker_free(&m);
    }
}

/* What is missing was erased; block 0 and its log must be there. */
static void a_short_image_is_enough_if_it_has_a_superblock(void **state)
{
    (void)state;
    struct maker m = make_pair(4096, 3);
    check_found(m.bytes, 4096, 4096);
    check_found(m.bytes, 64, 4096);
    memset(m.bytes, 0xff, 4096);
    check_found(m.bytes, 4096 + 64, 4096);
    check_not_found(m.bytes, 4096, LFK_ERR_NOENT, "nothing looks like a superblock");
    maker_free(&m);
}

/* So that a few bytes cannot ask for a gigabyte of memory. */
static void a_huge_block_must_be_there(void **state)
{
    (void)state;
    struct maker m = make_pair(4096, 2);
    m.superblock.block_size = UINT32_C(0x40000000);
    maker_root(&m);
    maker_end(&m);
    memset(maker_block(&m, 1), 0xff, 4096);
    check_not_found(m.bytes, maker_size(&m), LFK_ERR_CORRUPT,
                    "the image is shorter than one block (block_size): "
                    "expected 1073741824, found 8192");
    maker_free(&m);
}

static void a_superblock_with_a_wrong_crc_is_told_with_its_place(void **state)
{
    (void)state;
    struct maker m = make_pair(512, 2);
    struct lfk_log log;
    memset(maker_block(&m, 1), 0xff, 512);
    m.bytes[30] ^= 0x10;
    assert_false(lfk_log_scan(&log, m.bytes, 512));
    struct lfk_bd_memory device;
    struct lfk_detail detail = {0};
    lfk_bd_memory_open(&device, m.bytes, maker_size(&m));
    assert_int_equal(lfk_image_probe(&device.bd, NULL, &detail), LFK_ERR_CORRUPT);
    assert_string_equal(detail.what, "the CRC of the superblock is wrong");
    assert_int_equal(detail.block, 0);
    assert_int_equal(detail.offset, log.stop_offset);
    assert_int_equal(detail.expected, log.crc_expected);
    assert_int_equal(detail.found, log.crc_found);
    maker_free(&m);
}

static void a_root_pair_without_a_superblock_is_told(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 2);
    maker_root(&m);
    maker_delete(&m, 0);
    maker_end(&m);
    check_not_found(m.bytes, maker_size(&m), LFK_ERR_CORRUPT,
                    "the root pair has no valid superblock: block 0");
    maker_free(&m);
}

static void what_is_no_littlefs_has_no_block_size(void **state)
{
    (void)state;
    static uint8_t bytes[4096];
    for (size_t size = 0; size < 40; size++) {
        check_not_found(bytes, size, LFK_ERR_NOENT, "nothing looks like a superblock");
    }
    struct maker m = make_pair(512, 2);
    for (size_t size = 0; size < 16; size++) {
        check_not_found(m.bytes, size, LFK_ERR_NOENT, "nothing looks like a superblock");
    }
    check_not_found(m.bytes, 16, LFK_ERR_CORRUPT, /* with the magic it does */
                    "the root pair has no valid superblock: block 0");
    struct seed seed = seed_start("unit.probe");
    seed_fill(&seed, bytes, sizeof(bytes));
    check_not_found(bytes, sizeof(bytes), LFK_ERR_NOENT, "nothing looks like a superblock");
    memcpy(bytes + 8, m.bytes + 8, 8); /* the magic without its tag */
    check_not_found(bytes, sizeof(bytes), LFK_ERR_NOENT, "nothing looks like a superblock");
    maker_free(&m);
}

/* Each place that carries the magic costs a scan: there is an end to that. */
static void a_million_false_superblocks_are_given_up(void **state)
{
    (void)state;
    enum { SIZE = 1 << 21 };
    struct maker m = make_pair(512, 2);
    uint8_t *bytes = malloc(SIZE);
    assert_non_null(bytes);
    for (size_t at = 0; at < SIZE; at += 16) {
        memcpy(bytes + at, m.bytes, 16);
    }
    struct lfk_bd_memory device;
    lfk_bd_memory_open(&device, bytes, SIZE);
    assert_int_equal(lfk_image_probe(&device.bd, NULL, NULL), LFK_ERR_CORRUPT);
    free(bytes);
    maker_free(&m);
}

static void a_device_that_is_not_memory_is_probed_too(void **state)
{
    (void)state;
    struct maker m = make_pair(512, 2);
    struct flawed_device device;
    /* In one block, so that the device's own shape is not what the probe gives it. */
    flawed_open(&device, m.bytes, 1024, 1);
    assert_int_equal(lfk_image_probe(&device.bd, NULL, NULL), LFK_OK);
    assert_int_equal(device.bd.block_size, 512);
    assert_int_equal(device.bd.block_count, 2);
    m.bytes[30] ^= 0x10;
    flawed_open(&device, m.bytes, 1024, 1);
    assert_int_equal(lfk_image_probe(&device.bd, NULL, NULL), LFK_OK);
    assert_int_equal(device.bd.block_size, 512);
    maker_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(block_0_tells_the_size),
        cmocka_unit_test(block_1_tells_the_size_when_block_0_cannot),
        cmocka_unit_test(larger_blocks_are_found_from_block_0_alone),
        cmocka_unit_test(the_superblocks_struct_may_stand_anywhere),
        cmocka_unit_test(a_log_that_fills_its_block_is_read_to_its_end),
        cmocka_unit_test(places_that_contradict_themselves_are_passed_over),
        cmocka_unit_test(impossible_sizes_are_not_believed),
        cmocka_unit_test(a_short_image_is_enough_if_it_has_a_superblock),
        cmocka_unit_test(a_huge_block_must_be_there),
        cmocka_unit_test(a_superblock_with_a_wrong_crc_is_told_with_its_place),
        cmocka_unit_test(a_root_pair_without_a_superblock_is_told),
        cmocka_unit_test(what_is_no_littlefs_has_no_block_size),
        cmocka_unit_test(a_million_false_superblocks_are_given_up),
        cmocka_unit_test(a_device_that_is_not_memory_is_probed_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
