/* SPDX-License-Identifier: MIT */
/*
 * The superblock entry: found wherever its parts stand in the log, decoded
 * also when short, and refused field by field.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "disk/disk.h"
#include "example_logs.h"

static const struct lfk_superblock good = {LFK_DISK_2_1, 4096, 32, 255, LFK_FILE_MAX, LFK_ATTR_MAX};

static void fields_stand_in_their_order(void **state)
{
    (void)state;
    struct lfk_superblock s = {0x00020001, 0x11, 0x22, 0x33, 0x44, 0x55};
    uint8_t bytes[LFK_SUPERBLOCK_SIZE];
    lfk_superblock_encode(&s, bytes);
    assert_memory_equal(bytes,
                        "\x01\0\x02\0"
                        "\x11\0\0\0"
                        "\x22\0\0\0"
                        "\x33\0\0\0"
                        "\x44\0\0\0"
                        "\x55\0\0\0",
                        sizeof(bytes));
    struct lfk_superblock back;
    lfk_superblock_decode(&back, bytes, sizeof(bytes));
    assert_memory_equal(&back, &s, sizeof(s));
}

static void missing_fields_read_as_zero(void **state)
{
    (void)state;
    uint8_t bytes[LFK_SUPERBLOCK_SIZE];
    lfk_superblock_encode(&good, bytes);
    struct lfk_superblock s;
    lfk_superblock_decode(&s, bytes, 12);
    assert_int_equal(s.block_count, 32);
    assert_int_equal(s.name_max, 0);
    assert_int_equal(s.file_max, 0);
    assert_int_equal(s.attr_max, 0);
    assert_int_equal(lfk_superblock_check(&s, NULL), LFK_OK);
    lfk_superblock_decode(&s, bytes, 0);
    assert_int_equal(s.version, 0);
}

static void each_field_is_checked_and_named(void **state)
{
    (void)state;
    static const struct {
        struct lfk_superblock superblock;
        const char *field;
        uint64_t expected;
        uint64_t found;
    } cases[] = {
        {{0x00010001, 4096, 32, 255, 1, 1}, "version", 2, 1},
        {{0x00030000, 4096, 32, 255, 1, 1}, "version", 2, 3},
        {{0x00020002, 4096, 32, 255, 1, 1}, "version", 1, 2},
        {{LFK_DISK_2_0, 127, 32, 255, 1, 1}, "block_size", 128, 127},
        {{LFK_DISK_2_0, UINT32_MAX, 32, 255, 1, 1}, "block_size", LFK_BLOCK_SIZE_MAX, UINT32_MAX},
        {{LFK_DISK_2_0, 4096, 1, 255, 1, 1}, "block_count", 2, 1},
        {{LFK_DISK_2_0, 4096, 2, 1023, 1, 1}, "name_max", 1022, 1023},
        {{LFK_DISK_2_0, 4096, 2, 1022, UINT32_C(0x80000000), 1},
         "file_max",
         LFK_FILE_MAX,
         UINT32_C(0x80000000)},
        {{LFK_DISK_2_0, 4096, 2, 1022, LFK_FILE_MAX, 1023}, "attr_max", 1022, 1023},
    };
    assert_int_equal(lfk_superblock_check(&good, NULL), LFK_OK);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lfk_detail detail = {0};
        assert_int_equal(lfk_superblock_check(&cases[i].superblock, &detail), LFK_ERR_INVAL);
        assert_string_equal(detail.field, cases[i].field);
        assert_int_equal(detail.expected, cases[i].expected);
        assert_int_equal(detail.found, cases[i].found);
    }
}

static void found_in_a_log_of_the_reference(void **state)
{
    (void)state;
    struct lfk_log log;
    struct lfk_superblock s;
    lfk_log_scan(&log, example_root, EXAMPLE_BLOCK_SIZE);
    assert_true(lfk_superblock_find(&log, &s));
    assert_int_equal(s.version, LFK_DISK_2_1);
    assert_int_equal(s.block_size, 128);
    assert_int_equal(s.block_count, 16);
    assert_int_equal(s.name_max, 255);
    assert_int_equal(s.file_max, LFK_FILE_MAX);
    assert_int_equal(s.attr_max, LFK_ATTR_MAX);
    lfk_log_scan(&log, example_directory, EXAMPLE_BLOCK_SIZE);
    assert_false(lfk_superblock_find(&log, &s));
}

/* An entry of a log under test. */
struct entry {
    lfk_tag tag;
    const void *data;
};

static bool find_in(const struct entry *entries, size_t count, struct lfk_superblock *found)
{
    uint8_t block[512];
    memset(block, 0xff, sizeof(block));
    struct lfk_commit_format format = {sizeof(block), 16, sizeof(block), LFK_DISK_2_1, 0};
    struct lfk_commit commit;
    lfk_commit_start(&commit, &format, block, 0);
    for (size_t i = 0; i < count; i++) {
        lfk_commit_add(&commit, entries[i].tag, entries[i].data);
    }
    assert_in_range(lfk_commit_finish(&commit), 8, sizeof(block));
    struct lfk_log log;
    assert_true(lfk_log_scan(&log, block, sizeof(block)));
    return lfk_superblock_find(&log, found);
}

static void the_newest_data_of_id_0_counts(void **state)
{
    (void)state;
    struct lfk_superblock newer = good;
    newer.block_count = 64;
    uint8_t first[LFK_SUPERBLOCK_SIZE];
    uint8_t second[LFK_SUPERBLOCK_SIZE];
    lfk_superblock_encode(&good, first);
    lfk_superblock_encode(&newer, second);
    const struct entry name = {lfk_tag_make(LFK_TYPE_SUPERBLOCK, 0, 8), "littlefs"};
    const struct entry old = {lfk_tag_make(LFK_TYPE_INLINE_STRUCT, 0, 24), first};
    const struct entry new = {lfk_tag_make(LFK_TYPE_INLINE_STRUCT, 0, 24), second};
    const struct entry other = {lfk_tag_make(LFK_TYPE_INLINE_STRUCT, 1, 24), first};
    const struct entry file = {lfk_tag_make(LFK_TYPE_FILE, 1, 1), "f"};
    struct lfk_superblock s;

    assert_true(find_in((struct entry[]){name, old, file, other, new}, 5, &s));
    assert_int_equal(s.block_count, 64);
    assert_true(find_in((struct entry[]){name, file, other, new}, 4, &s));
    assert_int_equal(s.block_count, 64);
}

static void what_only_looks_like_one_is_not_found(void **state)
{
    (void)state;
    uint8_t bytes[LFK_SUPERBLOCK_SIZE];
    lfk_superblock_encode(&good, bytes);
    const struct entry data = {lfk_tag_make(LFK_TYPE_INLINE_STRUCT, 0, 24), bytes};
    const struct entry name = {lfk_tag_make(LFK_TYPE_SUPERBLOCK, 0, 8), "littlefs"};
    const struct entry other = {lfk_tag_make(LFK_TYPE_SUPERBLOCK, 0, 8), "largefs_"};
    const struct entry file = {lfk_tag_make(LFK_TYPE_FILE, 0, 8), "littlefs"};
    const struct entry longer = {lfk_tag_make(LFK_TYPE_SUPERBLOCK, 0, 9), "littlefs2"};
    const struct entry ctz = {lfk_tag_make(LFK_TYPE_CTZ_STRUCT, 0, 8), bytes};
    const struct entry deleted = {lfk_tag_make(LFK_TYPE_DELETE, 0, 0), NULL};
    struct lfk_superblock s;

    assert_true(find_in((struct entry[]){name, data}, 2, &s));
    assert_false(find_in((struct entry[]){name}, 1, &s));
    assert_false(find_in((struct entry[]){data}, 1, &s));
    assert_false(find_in((struct entry[]){other, data}, 2, &s));
    assert_false(find_in((struct entry[]){file, data}, 2, &s));
    assert_false(find_in((struct entry[]){longer, data}, 2, &s));
    assert_false(find_in((struct entry[]){name, data, ctz}, 3, &s));
    assert_false(find_in((struct entry[]){name, data, deleted}, 3, &s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_stand_in_their_order),
        cmocka_unit_test(missing_fields_read_as_zero),
        cmocka_unit_test(each_field_is_checked_and_named),
        cmocka_unit_test(found_in_a_log_of_the_reference),
        cmocka_unit_test(the_newest_data_of_id_0_counts),
        cmocka_unit_test(what_only_looks_like_one_is_not_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
