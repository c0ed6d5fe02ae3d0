/* SPDX-License-Identifier: MIT */
/*
 * Writing commits: byte for byte what the reference writes, and for random
 * geometries and entries, read back whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "disk/disk.h"
#include "example_logs.h"
#include "seed.h"

static const struct lfk_commit_format example_format = {
    .block_size = EXAMPLE_BLOCK_SIZE,
    .prog_size = EXAMPLE_PROG_SIZE,
    .limit = EXAMPLE_BLOCK_SIZE,
    .disk_version = LFK_DISK_2_1,
};

static void add_superblock(struct lfk_commit *commit, uint32_t version, uint32_t block_size,
                           uint32_t block_count)
{
    struct lfk_superblock superblock = {version, block_size,   block_count,
                                        255,     LFK_FILE_MAX, LFK_ATTR_MAX};
    uint8_t bytes[LFK_SUPERBLOCK_SIZE];
    lfk_superblock_encode(&superblock, bytes);
    lfk_commit_add(commit, lfk_tag_make(LFK_TYPE_SUPERBLOCK, 0, LFK_MAGIC_SIZE), LFK_MAGIC);
    lfk_commit_add(commit, lfk_tag_make(LFK_TYPE_INLINE_STRUCT, 0, sizeof(bytes)), bytes);
}

static void directory_of_the_reference_comes_out_the_same(void **state)
{
    (void)state;
    uint8_t block[EXAMPLE_BLOCK_SIZE];
    memset(block, 0xff, sizeof(block));
    struct lfk_commit commit;
    lfk_commit_start(&commit, &example_format, block, 0);
    assert_int_equal(lfk_commit_finish(&commit), 0x18);
    lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_CREATE, 0, 0), NULL);
    lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_FILE, 0, 1), "b");
    lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_INLINE_STRUCT, 0, 0), NULL);
    assert_int_equal(lfk_commit_finish(&commit), 0x40);
    lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_INLINE_STRUCT, 0, 2), "B1");
    assert_int_equal(lfk_commit_finish(&commit), 0x60);
    lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_CREATE, 0, 0), NULL);
    lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_FILE, 0, 1), "a");
    lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_INLINE_STRUCT, 0, 0), NULL);
    assert_int_equal(lfk_commit_finish(&commit), 0x80);
    assert_memory_equal(block, example_directory, sizeof(block));
    assert_int_equal(commit.crc, 0x1f274496);
}

static void root_of_the_reference_comes_out_the_same(void **state)
{
    (void)state;
    uint8_t block[EXAMPLE_BLOCK_SIZE];
    uint8_t pair[8];
    memset(block, 0xff, sizeof(block));
    lfk_pair_encode((struct lfk_pair){{11, 12}}, pair);
    struct lfk_commit commit;
    lfk_commit_start(&commit, &example_format, block, 1);
    add_superblock(&commit, LFK_DISK_2_1, EXAMPLE_BLOCK_SIZE, 16);
    assert_int_equal(lfk_commit_finish(&commit), 0x40);
    lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_CREATE, 1, 0), NULL);
    lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_DIR, 1, 1), "d");
    lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_DIR_STRUCT, 1, 8), pair);
    lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_SOFT_TAIL, LFK_ID_NONE, 8), pair);
    assert_int_equal(lfk_commit_finish(&commit), 0x78);
    assert_memory_equal(block, example_root, sizeof(block));
}

static void version_2_0_has_no_fcrc_but_keeps_its_room(void **state)
{
    (void)state;
    uint8_t block[512];
    memset(block, 0xff, sizeof(block));
    struct lfk_commit_format format = {512, 16, 512, LFK_DISK_2_0, 0};
    struct lfk_commit commit;
    lfk_commit_start(&commit, &format, block, 0);
    add_superblock(&commit, LFK_DISK_2_0, 512, 8);
    assert_int_equal(lfk_commit_finish(&commit), 0x40);
    assert_memory_equal(block + 0x2c, "\x70\x1f\xfc\x08\x14\x79\x0b\xc4\xff", 9);
}

static void phase_is_chosen_by_the_byte_that_follows(void **state)
{
    (void)state;
    uint8_t block[512] = {0};
    struct lfk_commit_format format = {512, 16, 512, LFK_DISK_2_1, 0};
    struct lfk_commit commit;
    lfk_commit_start(&commit, &format, block, 1);
    add_superblock(&commit, LFK_DISK_2_1, 512, 16);
    assert_int_equal(lfk_commit_finish(&commit), 0x40);
    /* As the reference wrote it on a device erased to zeros. */
    assert_memory_equal(
        block + 0x2c, "\x7f\xef\xfc\x10\x10\0\0\0\xaa\xb4\x44\x13\x0f\xe0\x00\x0c\x57\x39\x44\x8c",
        20);
    struct lfk_log log;
    assert_true(lfk_log_scan(&log, block, sizeof(block)));
    assert_int_equal(log.end, 0x40);
    assert_true(lfk_log_is_appendable(&log, 16, LFK_DISK_2_1));
}

/* Offset, length and CRC of each CRC entry in a block that one commit of the reference fills. */
static void long_padding_takes_several_crc_entries(void **state)
{
    (void)state;
    static const uint32_t crcs[][3] = {{0x43, 0x3fe, 0x29b58490},
                                       {0x445, 0x3fe, 0xdebb20e3},
                                       {0x847, 0x3fe, 0xdebb20e3},
                                       {0xc49, 0x3b3, 0xd6d61dce}};
    uint8_t block[4096];
    memset(block, 0xff, sizeof(block));
    struct lfk_commit_format format = {4096, 4096, 4096, LFK_DISK_2_1, 0};
    struct lfk_commit commit;
    lfk_commit_start(&commit, &format, block, 4);
    add_superblock(&commit, LFK_DISK_2_1, 4096, 6);
    lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_FILE, 1, 1), "a");
    lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_INLINE_STRUCT, 1, 5), "hello");
    lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_FILE, 2, 1), "b");
    lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_INLINE_STRUCT, 2, 0), NULL);
    assert_int_equal(lfk_commit_finish(&commit), 4096);

    struct lfk_log log;
    assert_true(lfk_log_scan(&log, block, sizeof(block)));
    assert_int_equal(log.commits, 4);
    struct lfk_log_reader reader;
    struct lfk_record record;
    lfk_log_reader_start(&reader, &log);
    uint32_t i = 0;
    while (lfk_log_reader_next(&reader, &record)) {
        if (lfk_tag_class(record.tag) == LFK_CLASS_CRC) {
            assert_int_equal(record.offset - 4, crcs[i][0]);
            assert_int_equal(record.size, crcs[i][1]);
            assert_int_equal(lfk_get_le32(record.data), crcs[i][2]);
            i++;
        }
    }
    assert_int_equal(i, 4);
}

static void entries_may_fill_the_block_but_for_a_crc(void **state)
{
    (void)state;
    for (uint32_t size = 96; size <= 120; size++) {
        uint8_t block[EXAMPLE_BLOCK_SIZE + 16];
        uint8_t data[120] = {0};
        memset(block, 0xff, sizeof(block));
        struct lfk_commit commit;
        lfk_commit_start(&commit, &example_format, block, 0);
        lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_INLINE_STRUCT, 0, size), data);
        bool fits = 4 + 4 + size + 8 <= EXAMPLE_BLOCK_SIZE;
        assert_int_equal(commit.overflow, !fits);
        assert_int_equal(lfk_commit_finish(&commit), fits ? 128 : LFK_ERR_NOSPC);
        for (uint32_t i = EXAMPLE_BLOCK_SIZE; i < sizeof(block); i++) {
            assert_int_equal(block[i], 0xff);
        }
    }
}

static void entries_end_before_the_limit_less_a_crc(void **state)
{
    (void)state;
    uint8_t block[EXAMPLE_BLOCK_SIZE];
    static const uint8_t data[48];
    memset(block, 0xff, sizeof(block));
    struct lfk_commit_format format = example_format;
    format.limit = 64;
    struct lfk_commit commit;
    lfk_commit_start(&commit, &format, block, 0);
    lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_INLINE_STRUCT, 0, sizeof(data)), data);
    assert_false(commit.overflow);
    lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_DELETE, 0, 0), NULL);
    assert_true(commit.overflow);
    assert_int_equal(lfk_commit_finish(&commit), LFK_ERR_NOSPC);
}

/* The bytes of the reference again, each commit begun from nothing but what the log says. */
static void a_log_that_was_read_is_continued(void **state)
{
    (void)state;
    static const uint32_t ends[] = {0x18, 0x40, 0x60, 0x80};
    uint8_t block[EXAMPLE_BLOCK_SIZE];
    memset(block, 0xff, sizeof(block));
    for (size_t i = 0; i < 3; i++) {
        struct lfk_log log;
        struct lfk_commit commit;
        memcpy(block, example_directory, ends[i]);
        assert_true(lfk_log_scan(&log, block, sizeof(block)));
        assert_int_equal(log.end, ends[i]);
        lfk_commit_continue(&commit, &example_format, block, &log);
        if (i != 1) { /* the first and third make a file, the second gives it content */
            lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_CREATE, 0, 0), NULL);
            lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_FILE, 0, 1), i == 0 ? "b" : "a");
        }
        lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_INLINE_STRUCT, 0, i == 1 ? 2 : 0), "B1");
        assert_int_equal(lfk_commit_finish(&commit), ends[i + 1]);
        assert_memory_equal(block, example_directory, ends[i + 1]);
    }
}

/*
 * Before a commit is finished it is known whether it fits, and where the unit
 * is that has to be looked at: where the next one will begin.
 */
static void what_finishing_will_do_is_known_before(void **state)
{
    (void)state;
    static const uint32_t units[] = {1, 4, 16, 64, 512};
    static const uint8_t data[600];
    uint8_t block[512 + 16];
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        for (uint32_t size = 0; size <= 520; size++) {
            const struct lfk_commit_format format = {512, units[i], 512, LFK_DISK_2_1, 0};
            struct lfk_commit commit;
            memset(block, 0xff, sizeof(block));
            lfk_commit_start(&commit, &format, block, 0);
            lfk_commit_add(&commit, lfk_tag_make(LFK_TYPE_INLINE_STRUCT, 0, size), data);
            bool fits = lfk_commit_fits(&commit);
            uint32_t next = lfk_commit_next(&commit);
            int end = lfk_commit_finish(&commit);
            assert_int_equal(fits, 4 + 4 + size + 8 <= 512);
            assert_int_equal(fits, end > 0);
            bool more = fits && 512 - (uint32_t)end >= units[i];
            assert_int_equal(next, more ? end : 0);
        }
    }
}

/* The room that version 2.0 leaves for an FCRC: units of padding alone are left erased. */
static void what_has_to_be_programmed_ends_with_the_crc(void **state)
{
    (void)state;
    static const struct {
        uint32_t prog_size;
        uint32_t version;
        uint32_t end;
    } cases[] = {{1, LFK_DISK_2_0, 0x34},  {4, LFK_DISK_2_0, 0x34}, {8, LFK_DISK_2_0, 0x38},
                 {16, LFK_DISK_2_0, 0x40}, {1, LFK_DISK_2_1, 0x40}, {16, LFK_DISK_2_1, 0x40}};
    uint8_t block[512];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct lfk_commit_format format = {512, cases[i].prog_size, 512, cases[i].version, 0};
        struct lfk_commit commit;
        memset(block, 0xff, sizeof(block));
        lfk_commit_start(&commit, &format, block, 1);
        add_superblock(&commit, cases[i].version, 512, 16);
        assert_int_equal(lfk_commit_finish(&commit), 0x40);
        assert_int_equal(commit.end, cases[i].end);
    }
}

/* What was written, to compare with what is read. */
struct script {
    struct {
        lfk_tag tag;
        uint8_t data[40];
    } entries[1000];
    uint32_t count;
};

static void add_random(struct seed *seed, struct script *script, struct lfk_commit *commit)
{
    static const uint32_t types[] = {
        LFK_TYPE_FILE,   LFK_TYPE_DIR,    LFK_TYPE_CTZ_STRUCT,    LFK_TYPE_INLINE_STRUCT,
        LFK_TYPE_CREATE, LFK_TYPE_GSTATE, LFK_TYPE_ATTRIBUTE + 9, 0x7aa};
    uint32_t length = seed_below(seed, 20) ? seed_below(seed, 41) : LFK_LENGTH_DELETED;
    lfk_tag tag = lfk_tag_make(types[seed_below(seed, 8)], seed_below(seed, 254), length);
    uint8_t data[40];
    seed_fill(seed, data, sizeof(data));
    lfk_commit_add(commit, tag, data);
    if (!commit->overflow) {
        script->entries[script->count].tag = tag;
        memcpy(script->entries[script->count].data, data, sizeof(data));
        script->count++;
    }
}

static void read_back(const struct script *script, const struct lfk_log *log)
{
    struct lfk_log_reader reader;
    struct lfk_record record;
    uint32_t i = 0;
    lfk_log_reader_start(&reader, log);
    while (lfk_log_reader_next(&reader, &record)) {
        if (lfk_tag_class(record.tag) != LFK_CLASS_CRC) {
            assert_in_range(i, 0, script->count - 1);
            assert_int_equal(record.tag, script->entries[i].tag);
            assert_memory_equal(record.data, script->entries[i].data, record.size);
            i++;
        }
    }
    assert_int_equal(i, script->count);
}

/* Commits until the block is full; after each the log must read back, and be appendable or full. */
static void write_commits(struct seed *seed, const struct lfk_commit_format *format, uint8_t *block)
{
    static struct script script;
    script.count = 0;
    struct lfk_commit commit;
    lfk_commit_start(&commit, format, block, seed_next(seed));
    for (;;) {
        uint32_t count = script.count;
        for (uint32_t n = seed_below(seed, 5); n > 0 && script.count < 1000; n--) {
            add_random(seed, &script, &commit);
        }
        int end = lfk_commit_finish(&commit);
        if (end < 0) {
            /* The bytes of a commit that did not fit are void; so are its entries. */
            assert_int_equal(end, LFK_ERR_NOSPC);
            script.count = count;
            break;
        }
        struct lfk_log log;
        assert_true(lfk_log_scan(&log, block, format->block_size));
        assert_int_equal(log.end, end);
        assert_int_equal(log.end % format->prog_size, 0);
        assert_int_equal(log.chain, commit.chain);
        uint32_t room = format->block_size - log.end;
        bool more = room >= format->prog_size && room >= sizeof(lfk_tag);
        assert_int_equal(lfk_log_is_appendable(&log, format->prog_size, format->disk_version),
                         more);
        read_back(&script, &log);
        if (!more) {
            break;
        }
    }
}

static void random_commits_read_back(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.commit");
    static const uint8_t erased[] = {0xff, 0x00, 0x80, 0x7f};
    for (int round = 0; round < 2000; round++) {
        uint32_t prog_size = UINT32_C(1) << seed_below(&seed, 13);
        uint32_t least = prog_size < 128 ? 128 / prog_size : 1;
        uint32_t block_size = prog_size * (least + seed_below(&seed, 4096 / prog_size + 4));
        struct lfk_commit_format format = {block_size, prog_size, block_size,
                                           seed_below(&seed, 2) ? LFK_DISK_2_1 : LFK_DISK_2_0, 0};
        uint8_t *block = malloc(block_size);
        assert_non_null(block);
        if (seed_below(&seed, 4) == 0) {
            seed_fill(&seed, block, block_size);
        } else {
            memset(block, erased[seed_below(&seed, 4)], block_size);
        }
        write_commits(&seed, &format, block);
        free(block);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(directory_of_the_reference_comes_out_the_same),
        cmocka_unit_test(root_of_the_reference_comes_out_the_same),
        cmocka_unit_test(version_2_0_has_no_fcrc_but_keeps_its_room),
        cmocka_unit_test(phase_is_chosen_by_the_byte_that_follows),
        cmocka_unit_test(long_padding_takes_several_crc_entries),
        cmocka_unit_test(entries_may_fill_the_block_but_for_a_crc),
        cmocka_unit_test(entries_end_before_the_limit_less_a_crc),
        cmocka_unit_test(a_log_that_was_read_is_continued),
        cmocka_unit_test(what_finishing_will_do_is_known_before),
        cmocka_unit_test(what_has_to_be_programmed_ends_with_the_crc),
        cmocka_unit_test(random_commits_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
