/* SPDX-License-Identifier: MIT */
/*
 * Reading logs: those the reference wrote, each of their bytes damaged, and
 * bytes that mean nothing or were made to deceive.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "disk/disk.h"
#include "example_logs.h"
#include "seed.h"

/* Reads no more of the block than the scan wants at a time; what is not read is something else. */
static struct lfk_log scan_in_pieces(const uint8_t *block, uint32_t size)
{
    static uint8_t copy[4096];
    struct lfk_log log;
    struct lfk_log_scanner scanner;
    uint32_t known = 0;
    assert_in_range(size, 0, sizeof(copy));
    for (uint32_t i = 0; i < size; i++) {
        copy[i] = (uint8_t)~block[i];
    }
    lfk_log_scanner_start(&scanner, &log, copy, size);
    while (!lfk_log_scanner_run(&scanner, known)) {
        assert_in_range(scanner.wanted, known + 1, size);
        memcpy(copy + known, block + known, scanner.wanted - known);
        known = scanner.wanted;
    }
    return log;
}

static struct lfk_log scan(const uint8_t *block, uint32_t size)
{
    struct lfk_log log;
    bool valid = lfk_log_scan(&log, block, size);
    assert_int_equal(valid, log.end != 0);
    struct lfk_log same = scan_in_pieces(block, size);
    same.bytes = log.bytes;
    assert_memory_equal(&same, &log, sizeof(log));
    return log;
}

static struct lfk_log scan_example(const uint8_t *block)
{
    return scan(block, EXAMPLE_BLOCK_SIZE);
}

static void log_of_the_reference_reads_entry_by_entry(void **state)
{
    (void)state;
    static const struct {
        lfk_tag tag;
        uint32_t offset;
        const char *data;
    } entries[] = {
        {0x5ffffc08, 0x08, "\x08\0\0\0\xe3\x20\xbb\xde"},
        {0x500ffc04, 0x14, "\x28\xe8\x53\xc6"},
        {0x40100000, 0x1c, ""},
        {0x00100001, 0x20, "b"},
        {0x20100000, 0x25, ""},
        {0x5ffffc08, 0x29, "\x08\0\0\0\xe3\x20\xbb\xde"},
        {0x500ffc0b, 0x35, "\x51\x9c\xa8\x67\xff\xff\xff\xff\xff\xff\xff"},
        {0x20100002, 0x44, "B1"},
        {0x5ffffc08, 0x4a, "\x08\0\0\0\xe3\x20\xbb\xde"},
        {0x500ffc0a, 0x56, "\x13\xac\xce\xe2\xff\xff\xff\xff\xff\xff"},
        {0x40100000, 0x64, ""},
        {0x00100001, 0x68, "a"},
        {0x20100000, 0x6d, ""},
        {0x500ffc0f, 0x71, "\x96\x44\x27\x1f\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"},
    };
    struct lfk_log log = scan_example(example_directory);
    struct lfk_log_reader reader;
    struct lfk_record record;
    lfk_log_reader_start(&reader, &log);
    for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
        assert_true(lfk_log_reader_next(&reader, &record));
        assert_int_equal(record.tag, entries[i].tag);
        assert_int_equal(record.offset, entries[i].offset);
        assert_int_equal(record.size, lfk_tag_length(entries[i].tag));
        assert_ptr_equal(record.data, example_directory + record.offset);
        assert_memory_equal(record.data, entries[i].data, record.size);
    }
    assert_false(lfk_log_reader_next(&reader, &record));
}

static void scan_says_how_far_the_log_goes(void **state)
{
    (void)state;
    struct lfk_log log = scan_example(example_directory);
    assert_int_equal(log.revision, 0);
    assert_int_equal(log.commits, 4);
    assert_int_equal(log.end, 0x80);
    assert_int_equal(log.stop, LFK_STOP_FULL);
    assert_int_equal(log.last_crc, 0x1f274496);
    assert_false(log.has_fcrc);

    log = scan_example(example_root);
    assert_int_equal(log.revision, 1);
    assert_int_equal(log.commits, 2);
    assert_int_equal(log.end, 0x78);
    assert_int_equal(log.stop, LFK_STOP_INVALID);
    assert_int_equal(log.stop_offset, 0x78);
    assert_int_equal(log.chain, 0x500ffc07);
    assert_true(log.has_fcrc);
    assert_int_equal(log.fcrc_size, 8);
}

/* Commits of the example directory: where they end, and where their CRC's data ends. */
static const uint32_t commit_ends[] = {0, 0x18, 0x40, 0x60, 0x80};
static const uint32_t covered_ends[] = {0, 0x18, 0x39, 0x5a, 0x75};

static void damage_ends_the_log_at_the_commit_before_it(void **state)
{
    (void)state;
    for (uint32_t bit = 0; bit < EXAMPLE_BLOCK_SIZE * 8; bit++) {
        uint8_t block[EXAMPLE_BLOCK_SIZE];
        memcpy(block, example_directory, sizeof(block));
        block[bit / 8] ^= (uint8_t)(1u << bit % 8);
        uint32_t commit = 1;
        while (commit_ends[commit] <= bit / 8) {
            commit++;
        }
        struct lfk_log log = scan_example(block);
        if (bit / 8 >= covered_ends[commit]) {
            assert_int_equal(log.end, 0x80);
            continue;
        }
        assert_int_equal(log.end, commit_ends[commit - 1]);
        if (log.stop == LFK_STOP_CRC) {
            assert_int_not_equal(log.crc_expected, log.crc_found);
        }
        assert_false(lfk_log_is_appendable(&log, EXAMPLE_PROG_SIZE, LFK_DISK_2_1));
    }
}

static void power_lost_inside_a_commit_leaves_the_commits_before(void **state)
{
    (void)state;
    for (uint32_t cut = 0; cut <= EXAMPLE_BLOCK_SIZE; cut++) {
        uint8_t block[EXAMPLE_BLOCK_SIZE];
        memset(block, 0xff, sizeof(block));
        memcpy(block, example_directory, cut);
        uint32_t commit = 0;
        while (commit < 4 && covered_ends[commit + 1] <= cut) {
            commit++;
        }
        struct lfk_log log = scan_example(block);
        assert_int_equal(log.end, commit_ends[commit]);
        /* Bytes of the torn commit that differ from erased ones forbid an append. */
        bool erased = cut <= commit_ends[commit];
        assert_int_equal(lfk_log_is_appendable(&log, EXAMPLE_PROG_SIZE, LFK_DISK_2_1),
                         erased && commit > 0 && commit < 4);
    }
}

static void append_needs_a_matching_fcrc(void **state)
{
    (void)state;
    uint8_t block[EXAMPLE_BLOCK_SIZE];
    memcpy(block, example_root, sizeof(block));
    struct lfk_log log = scan_example(block);
    assert_true(lfk_log_is_appendable(&log, 8, LFK_DISK_2_1));
    assert_true(lfk_log_is_appendable(&log, 4, LFK_DISK_2_1));
    assert_false(lfk_log_is_appendable(&log, 16, LFK_DISK_2_1)); /* 0x78 is not aligned */

    block[0x7f] = 0xfe;
    log = scan_example(block);
    assert_int_equal(log.end, 0x78);
    assert_false(lfk_log_is_appendable(&log, 8, LFK_DISK_2_1));
    /* A 2.0 driver knows no FCRC. */
    assert_true(lfk_log_is_appendable(&log, 8, LFK_DISK_2_0));
}

static void append_needs_an_fcrc_over_all_that_is_programmed(void **state)
{
    (void)state;
    uint8_t block[EXAMPLE_BLOCK_SIZE];
    memset(block, 0xff, sizeof(block));
    memcpy(block, example_root, 0x40);
    struct lfk_log log = scan_example(block);
    assert_int_equal(log.end, 0x40);
    assert_true(lfk_log_is_appendable(&log, 8, LFK_DISK_2_1));
    assert_false(lfk_log_is_appendable(&log, 16, LFK_DISK_2_1));
    assert_true(lfk_log_is_appendable(&log, 16, LFK_DISK_2_0));
}

/* Writes tags by hand, right or wrong, and ends commits with a true CRC. */
struct forger {
    uint8_t block[256];
    uint32_t start;
    uint32_t offset;
    lfk_tag chain;
};

static struct forger forge(void)
{
    struct forger f = {.offset = 4, .chain = LFK_TAG_FIRST};
    memset(f.block + 4, 0xff, sizeof(f.block) - 4);
    return f;
}

static void forge_tag(struct forger *f, uint32_t type, uint32_t length, const void *data,
                      uint32_t size)
{
    lfk_tag tag = lfk_tag_make(type, LFK_ID_NONE, length);
    lfk_put_be32(f->block + f->offset, tag ^ f->chain);
    if (size > 0) {
        memcpy(f->block + f->offset + 4, data, size);
    }
    f->offset += 4 + size;
    f->chain = lfk_tag_chain(tag);
}

static void forge_crc(struct forger *f, uint32_t length)
{
    uint32_t at = f->offset;
    forge_tag(f, LFK_TYPE_CRC, length, NULL, 0);
    lfk_put_le32(f->block + at + 4,
                 lfk_crc32(LFK_CRC_INIT, f->block + f->start, at + 4 - f->start));
    f->offset = f->start = at + 4 + length;
}

static void lengths_are_checked_before_use(void **state)
{
    (void)state;
    static const uint32_t crc_lengths[] = {0, 1, 3, LFK_LENGTH_DELETED, 249, LFK_LENGTH_MAX};
    for (size_t i = 0; i < sizeof(crc_lengths) / sizeof(crc_lengths[0]); i++) {
        struct forger f = forge();
        forge_crc(&f, crc_lengths[i]);
        struct lfk_log log = scan(f.block, sizeof(f.block));
        assert_int_equal(log.end, 0);
    }
    /* 248 bytes of padding and CRC fill the block to its last byte. */
    struct forger f = forge();
    forge_crc(&f, 248);
    struct lfk_log log = scan(f.block, sizeof(f.block));
    assert_int_equal(log.end, sizeof(f.block));
    assert_int_equal(log.stop, LFK_STOP_FULL);
}

static void entry_that_leaves_the_block_is_torn(void **state)
{
    (void)state;
    struct forger f = forge();
    forge_crc(&f, 4);
    uint32_t end = f.offset;
    forge_tag(&f, LFK_TYPE_INLINE_STRUCT, sizeof(f.block) - end - 3, NULL, 0);
    struct lfk_log log = scan(f.block, sizeof(f.block));
    assert_int_equal(log.end, end);
    assert_int_equal(log.stop, LFK_STOP_TORN);
    assert_false(lfk_log_is_appendable(&log, 1, LFK_DISK_2_0));
}

static void fcrc_of_a_wrong_length_is_skipped(void **state)
{
    (void)state;
    static const uint8_t data[12] = {1, 0, 0, 0, 0xff, 0xff, 0xff};
    static const uint32_t lengths[] = {0, 4, 7, 9, 12};
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        struct forger f = forge();
        forge_tag(&f, LFK_TYPE_FCRC, lengths[i], data, lengths[i]);
        forge_crc(&f, 4);
        struct lfk_log log = scan(f.block, sizeof(f.block));
        assert_int_equal(log.end, f.offset);
        assert_false(log.has_fcrc);
        assert_false(lfk_log_is_appendable(&log, 1, LFK_DISK_2_1));
    }
}

static void fcrc_that_leaves_the_block_forbids_an_append(void **state)
{
    (void)state;
    struct forger f = forge();
    uint8_t data[8];
    lfk_put_le32(data, UINT32_MAX);
    lfk_put_le32(data + 4, 0);
    forge_tag(&f, LFK_TYPE_FCRC, 8, data, 8);
    forge_crc(&f, 4);
    struct lfk_log log = scan(f.block, sizeof(f.block));
    assert_int_equal(log.fcrc_size, UINT32_MAX);
    assert_false(lfk_log_is_appendable(&log, 1, LFK_DISK_2_1));
}

static void unknown_entries_are_skipped(void **state)
{
    (void)state;
    struct forger f = forge();
    forge_tag(&f, 0x5aa, 5, "CRCno", 5);
    forge_tag(&f, 0x7aa, 3, "abc", 3);
    forge_tag(&f, 0x3ff, LFK_LENGTH_DELETED, NULL, 0);
    forge_crc(&f, 4);
    struct lfk_log log = scan(f.block, sizeof(f.block));
    assert_int_equal(log.commits, 1);
    assert_int_equal(log.end, f.offset);
}

static void phase_bit_flips_what_is_valid_next(void **state)
{
    (void)state;
    struct forger f = forge();
    memset(f.block, 0, sizeof(f.block));
    uint32_t at = f.offset;
    forge_tag(&f, LFK_TYPE_CRC + 1, 4, NULL, 0);
    lfk_put_le32(f.block + at + 4, lfk_crc32(LFK_CRC_INIT, f.block, at + 4));
    struct lfk_log log = scan(f.block, sizeof(f.block));
    assert_int_equal(log.end, at + 8);
    assert_int_equal(log.stop, LFK_STOP_INVALID); /* zeros follow */
    assert_int_equal(log.chain, 0xd01ffc04);

    f.offset = f.start = at + 8;
    forge_crc(&f, 4);
    log = scan(f.block, sizeof(f.block));
    assert_int_equal(log.commits, 2);
}

static void blank_and_tiny_blocks_have_no_log(void **state)
{
    (void)state;
    static const uint8_t fills[] = {0x00, 0xff};
    for (size_t i = 0; i < sizeof(fills); i++) {
        uint8_t block[64];
        memset(block, fills[i], sizeof(block));
        for (uint32_t size = 0; size <= sizeof(block); size++) {
            struct lfk_log log = scan(block, size);
            struct lfk_log_reader reader;
            struct lfk_record record;
            lfk_log_reader_start(&reader, &log);
            assert_int_equal(log.end, 0);
            assert_false(lfk_log_reader_next(&reader, &record));
            assert_false(lfk_log_is_appendable(&log, 1, LFK_DISK_2_0));
        }
    }
}

/* Most such logs end early; a sanitizer sees to it that none is read past its end. */
static void random_damage_never_leads_outside(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.log");
    for (int round = 0; round < 20000; round++) {
        uint8_t block[EXAMPLE_BLOCK_SIZE];
        uint32_t size = seed_below(&seed, EXAMPLE_BLOCK_SIZE + 1);
        memcpy(block, round % 2 ? example_root : example_directory, sizeof(block));
        for (uint32_t n = seed_below(&seed, 4); n > 0; n--) {
            block[seed_below(&seed, sizeof(block))] = (uint8_t)seed_next(&seed);
        }
        struct lfk_log log = scan(block, size);
        struct lfk_log_reader reader;
        struct lfk_record record;
        uint32_t end = 4;
        lfk_log_reader_start(&reader, &log);
        while (lfk_log_reader_next(&reader, &record)) {
            assert_int_equal(record.offset, end + 4);
            end = record.offset + record.size;
            assert_in_range(end, 8, log.end);
        }
        assert_true(log.end == 0 || log.end == end);
        assert_in_range(log.end, 0, size);
    }
}

static void revisions_compare_as_sequence_numbers(void **state)
{
    (void)state;
    assert_true(lfk_revision_is_newer(2, 1));
    assert_false(lfk_revision_is_newer(1, 2));
    assert_false(lfk_revision_is_newer(1, 1));
    assert_true(lfk_revision_is_newer(0, UINT32_MAX));
    assert_false(lfk_revision_is_newer(UINT32_C(0x80000000), 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(log_of_the_reference_reads_entry_by_entry),
        cmocka_unit_test(scan_says_how_far_the_log_goes),
        cmocka_unit_test(damage_ends_the_log_at_the_commit_before_it),
        cmocka_unit_test(power_lost_inside_a_commit_leaves_the_commits_before),
        cmocka_unit_test(append_needs_a_matching_fcrc),
        cmocka_unit_test(append_needs_an_fcrc_over_all_that_is_programmed),
        cmocka_unit_test(lengths_are_checked_before_use),
        cmocka_unit_test(entry_that_leaves_the_block_is_torn),
        cmocka_unit_test(fcrc_of_a_wrong_length_is_skipped),
        cmocka_unit_test(fcrc_that_leaves_the_block_forbids_an_append),
        cmocka_unit_test(unknown_entries_are_skipped),
        cmocka_unit_test(phase_bit_flips_what_is_valid_next),
        cmocka_unit_test(blank_and_tiny_blocks_have_no_log),
        cmocka_unit_test(random_damage_never_leads_outside),
        cmocka_unit_test(revisions_compare_as_sequence_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
