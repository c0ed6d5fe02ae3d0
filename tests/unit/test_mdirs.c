/* SPDX-License-Identifier: MIT */
/*
 * Which block of a pair counts: the newer one with a valid commit, whatever is
 * in the other, and however often and in whatever order the two are named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "flawed_device.h"
#include "mdir_checker.h"
#include "told.h"

/* A block whose one entry is called so. */
static void make_block(struct maker *m, uint32_t block, uint32_t revision, const char *name)
{
    maker_log(m, block, revision);
    maker_add_text(m, LFK_TYPE_FILE, 0, name);
    maker_end(m);
}

/* Blocks 0 and 1, "zero" and "one". */
static struct maker make_pair(uint32_t revision, uint32_t other_revision)
{
    struct maker m = maker_start(256, 2);
    make_block(&m, 0, revision, "zero");
    make_block(&m, 1, other_revision, "one");
    return m;
}

static void check_pair(const struct maker *m, uint32_t first, uint32_t second, const char *expected,
                       bool other_bad)
{
    struct opened_mdirs opened;
    open_mdirs(&opened, m);
    const struct lfk_mdir *mdir = get_pair(&opened.mdirs, first, second);
    check_entries(mdir, expected);
    assert_int_equal(mdir->pair.block[0], strcmp(expected, "one") == 0);
    assert_int_equal(mdir->other_bad, other_bad);
    close_mdirs(&opened);
}

/* Revisions are compared as sequence numbers: 0 is newer than 0xffffffff. A pair has no order. */
static void the_newer_revision_counts(void **state)
{
    (void)state;
    static const struct {
        uint32_t revision[2];
        const char *expected;
    } cases[] = {{{1, 2}, "one"},
                 {{2, 1}, "zero"},
                 {{UINT32_MAX, 0}, "one"},
                 {{0, UINT32_MAX}, "zero"},
                 {{UINT32_C(0x7fffffff), UINT32_C(0x80000000)}, "one"},
                 {{1, UINT32_C(0x80000000)}, "one"},
                 {{0, UINT32_C(0x7fffffff)}, "one"},
                 {{5, UINT32_C(0x90000000)}, "zero"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct maker m = make_pair(cases[i].revision[0], cases[i].revision[1]);
        check_pair(&m, 0, 1, cases[i].expected, false);
        check_pair(&m, 1, 0, cases[i].expected, false);
        maker_free(&m);
    }
}

/* When neither is newer, equal or half the circle apart, the first named counts. */
static void between_equals_the_first_named_counts(void **state)
{
    (void)state;
    static const uint32_t others[] = {7, 7 ^ UINT32_C(0x80000000)};
    for (int i = 0; i < 2; i++) {
        struct maker m = make_pair(7, others[i]);
        check_pair(&m, 0, 1, "zero", false);
        check_pair(&m, 1, 0, "one", false);
        maker_free(&m);
    }
}

/* A newer revision proves nothing: the block must hold a valid commit. */
static void a_newer_block_without_a_valid_commit_loses(void **state)
{
    (void)state;
    struct maker m = maker_start(256, 2);
    make_block(&m, 0, 1, "zero");
    maker_log(&m, 1, 2);
    maker_add_text(&m, LFK_TYPE_FILE, 0, "one");
    maker_end_torn(&m);
    check_pair(&m, 0, 1, "zero", true);
    check_pair(&m, 1, 0, "zero", true);
    maker_free(&m);
}

/* A newer block whose first commit is valid wins, however its log ends. */
static void a_newer_block_wins_by_its_first_commit(void **state)
{
    (void)state;
    struct maker m = make_pair(1, 2);
    maker_add_text(&m, LFK_TYPE_FILE, 1, "torn");
    maker_end_torn(&m);
    check_pair(&m, 0, 1, "one", false);
    maker_free(&m);
}

/* The other block may be erased, never written, or hold what was there before. */
static void the_other_block_may_hold_anything(void **state)
{
    (void)state;
    static const struct {
        uint8_t fill;
        bool bad; /* it looks as if it had been written */
    } cases[] = {{0xff, false}, {0x00, false}, {0x5a, true}, {0x80, true}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct maker m = maker_start(256, 2);
        uint32_t fill = cases[i].fill * UINT32_C(0x01010101);
        memset(maker_block(&m, 1), cases[i].fill, 256);
        make_block(&m, 0, fill - 1, "zero"); /* the other looks newer */
        check_pair(&m, 0, 1, "zero", cases[i].bad);
        maker_free(&m);
    }
}

/* A new pair's second block may hold an old log of some other pair. */
static void an_old_log_in_the_other_block_is_not_read(void **state)
{
    (void)state;
    struct maker m = maker_start(256, 2);
    make_block(&m, 1, 1000, "of another directory");
    make_block(&m, 0, 1001, "zero");
    check_pair(&m, 0, 1, "zero", false);
    check_pair(&m, 1, 0, "zero", false);
    maker_free(&m);
}

/* Padding longer than a tag can say takes several CRC entries: one change all the same. */
static void several_crc_entries_end_one_change(void **state)
{
    (void)state;
    struct maker m = maker_start(8192, 2);
    m.format.prog_size = 4096;
    maker_log(&m, 0, 1);
    maker_file(&m, 0, "a", "A");
    maker_end(&m);
    maker_file(&m, 1, "b", "B");
    maker_end(&m);
    struct opened_mdirs opened;
    open_mdirs(&opened, &m);
    const struct lfk_mdir *mdir = get_pair(&opened.mdirs, 0, 1);
    check_entries(mdir, "a=A b=B");
    assert_int_equal(mdir->log.commits, 8);
    assert_int_equal(mdir->log.end, 8192);
    close_mdirs(&opened);
    maker_free(&m);
}

/* On a device erased to zeros the CRC tags have the phase bit. */
static void logs_on_zeros_read_as_those_on_ones(void **state)
{
    (void)state;
    struct maker m = maker_start(256, 2);
    memset(m.bytes, 0, maker_size(&m));
    make_block(&m, 0, 1, "zero");
    maker_add_text(&m, LFK_TYPE_FILE, 1, "and more");
    maker_end(&m);
    check_made_entries(&m, "zero and more");
    maker_free(&m);
}

/* Of the pair {0, 1} a block cannot be read from an offset on; `left` is what the other says. */
static void check_flawed(uint32_t bad, uint32_t offset, const char *left, const char *line)
{
    struct maker m = make_pair(1, 2);
    struct flawed_device device;
    struct lfk_mdirs mdirs;
    flawed_open(&device, m.bytes, 256, 2);
    device.bad_block = bad;
    device.bad_offset = offset;
    device.status = LFK_ERR_CORRUPT;
    lfk_mdirs_open(&mdirs, &device.bd, NULL);
    check_entries(get_pair(&mdirs, 0, 1), left);
    lfk_mdirs_close(&mdirs);

    device.status = LFK_ERR_IO;
    lfk_mdirs_open(&mdirs, &device.bd, NULL);
    check_pair_fails(&mdirs, 0, 1, LFK_ERR_IO, line);
    lfk_mdirs_close(&mdirs);
    maker_free(&m);
}

/* Reading CORRUPT from a block makes it no candidate, though its revision could be read; other
   errors are the caller's. */
static void a_block_that_cannot_be_read_is_left_to_its_twin(void **state)
{
    (void)state;
    check_flawed(0, 0, "one", "the device cannot read: block 0");
    check_flawed(1, 0, "zero", "the device cannot read: block 1");
    check_flawed(1, 4, "zero", "the device cannot read: block 1");
}

/* A short image ends before the second block, or within the first, behind its log. */
static void a_block_beyond_the_end_is_left_to_its_twin(void **state)
{
    (void)state;
    struct maker m = make_pair(1, 2);
    static const struct {
        uint32_t size;
        const char *expected;
    } cases[] = {{512, "one"}, {300, "one"}, {256, "zero"}, {100, "zero"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lfk_bd_memory device;
        struct lfk_mdirs mdirs;
        lfk_bd_memory_open(&device, m.bytes, cases[i].size);
        assert_int_equal(lfk_bd_shape(&device.bd, 256, NULL), LFK_OK);
        lfk_mdirs_open(&mdirs, &device.bd, NULL);
        const struct lfk_mdir *mdir = get_pair(&mdirs, 0, 1);
        check_entries(mdir, cases[i].expected);
        assert_false(mdir->other_bad);
        lfk_mdirs_close(&mdirs);
    }
    maker_free(&m);
}

static void a_pair_without_a_valid_commit_is_told_with_its_place(void **state)
{
    (void)state;
    struct maker m = maker_start(256, 2);
    check_made_corrupt(&m, "a metadata block has no valid commit: block 0");
    maker_log(&m, 1, 2); /* all but the CRC: 4 of revision, an entry of 7, its tag of 4 */
    maker_add_text(&m, LFK_TYPE_FILE, 0, "one");
    m.format.disk_version = LFK_DISK_2_0;
    m.commit.format.disk_version = LFK_DISK_2_0;
    maker_end(&m);
    uint32_t crc = lfk_get_le32(maker_block(&m, 1) + 15);
    lfk_put_le32(maker_block(&m, 1) + 15, crc + 1);
    char line[128];
    snprintf(line, sizeof(line),
             "a metadata block has no valid commit: block 1, offset 11: expected %u, found %u",
             (unsigned)crc + 1, (unsigned)crc);
    check_made_corrupt(&m, line);
    maker_free(&m);
}

static void numbers_beyond_the_volume_are_refused(void **state)
{
    (void)state;
    struct maker m = make_pair(1, 2);
    struct opened_mdirs opened;
    open_mdirs(&opened, &m);
    opened.mdirs.block_count = 2;
    static const uint32_t beyond[] = {2, UINT32_MAX - 1, UINT32_MAX};
    for (size_t i = 0; i < 6; i++) {
        struct lfk_mdir *mdir = NULL;
        struct lfk_detail detail = {0};
        struct lfk_pair pair = {{0, 0}};
        pair.block[i % 2] = beyond[i / 2];
        assert_int_equal(lfk_mdirs_get(&opened.mdirs, pair, &mdir, &detail), LFK_ERR_CORRUPT);
        assert_string_equal(detail.field, "block");
        assert_int_equal(detail.expected, 2);
        assert_int_equal(detail.found, beyond[i / 2]);
    }
    close_mdirs(&opened);
    maker_free(&m);
}

/* As long as the volume's size is not known, the image's own is the bound. */
static void numbers_beyond_the_image_are_refused(void **state)
{
    (void)state;
    struct maker m = make_pair(1, 2);
    struct opened_mdirs opened;
    open_mdirs(&opened, &m);
    check_pair_fails(&opened.mdirs, 2, 3, LFK_ERR_CORRUPT,
                     "a block number is not below the number of blocks in the image (block): "
                     "expected 2, found 2");
    check_entries(get_pair(&opened.mdirs, 2, 1), "one");
    close_mdirs(&opened);
    maker_free(&m);
}

/* However many pointers lead to a block, it is read once, and is one list of entries. */
static void a_block_is_read_once(void **state)
{
    (void)state;
    struct maker m = maker_start(256, 8);
    make_block(&m, 2, 5, "current");
    make_block(&m, 3, 4, "old");
    struct flawed_device device;
    struct lfk_mdirs mdirs;
    flawed_open(&device, m.bytes, 256, 8);
    lfk_mdirs_open(&mdirs, &device.bd, NULL);
    const struct lfk_mdir *mdir = get_pair(&mdirs, 2, 3);
    uint64_t once = device.bytes_read;
    const struct lfk_entry *entries = mdir->entries;
    for (int i = 0; i < 100; i++) {
        assert_ptr_equal(get_pair(&mdirs, 3, 2), mdir);
    }
    assert_in_range(device.bytes_read, once, once + UINT64_C(8) * 100); /* revisions alone */
    assert_ptr_equal(mdir->entries, entries);
    /* A stale pointer names the block that was replaced. */
    make_block(&m, 7, 3, "replaced");
    assert_ptr_equal(get_pair(&mdirs, 7, 2), mdir);
    lfk_mdirs_close(&mdirs);
    maker_free(&m);
}

static void many_pairs_are_kept_apart(void **state)
{
    (void)state;
    enum { PAIRS = 2000 };
    struct maker m = maker_start(128, 2 * PAIRS);
    struct opened_mdirs opened;
    for (uint32_t i = 0; i < PAIRS; i++) {
        char name[16];
        snprintf(name, sizeof(name), "pair%u", (unsigned)i);
        make_block(&m, 2 * i + i % 2, 1, name);
    }
    open_mdirs(&opened, &m);
    for (uint32_t i = 0; i < 2 * PAIRS; i++) { /* each twice */
        char name[16];
        uint32_t pair = i * 7 % PAIRS;
        snprintf(name, sizeof(name), "pair%u", (unsigned)pair);
        check_entries(get_pair(&opened.mdirs, 2 * pair, 2 * pair + 1), name);
    }
    close_mdirs(&opened);
    maker_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_newer_revision_counts),
        cmocka_unit_test(between_equals_the_first_named_counts),
        cmocka_unit_test(a_newer_block_without_a_valid_commit_loses),
        cmocka_unit_test(a_newer_block_wins_by_its_first_commit),
        cmocka_unit_test(the_other_block_may_hold_anything),
        cmocka_unit_test(an_old_log_in_the_other_block_is_not_read),
        cmocka_unit_test(several_crc_entries_end_one_change),
        cmocka_unit_test(logs_on_zeros_read_as_those_on_ones),
        cmocka_unit_test(a_block_that_cannot_be_read_is_left_to_its_twin),
        cmocka_unit_test(a_block_beyond_the_end_is_left_to_its_twin),
        cmocka_unit_test(a_pair_without_a_valid_commit_is_told_with_its_place),
        cmocka_unit_test(numbers_beyond_the_volume_are_refused),
        cmocka_unit_test(numbers_beyond_the_image_are_refused),
        cmocka_unit_test(a_block_is_read_once),
        cmocka_unit_test(many_pairs_are_kept_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
