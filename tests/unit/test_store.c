/* SPDX-License-Identifier: MIT */
/*
 * Commits on the flash: what is appended reads back, what ends a commit is
 * computed from the flash as it is, and where it may not be appended it is not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "flash_pairs.h"
#include "mdir_checker.h"

static uint8_t *block_of(const struct flash_pairs *p, uint32_t block)
{
    return p->flash.bytes + (size_t)block * p->flash.bd.block_size;
}

/* What of the pair's log is on the flash. */
static struct lfk_log log_of(const struct flash_pairs *p, const struct lfk_mdir *mdir)
{
    struct lfk_log log;
    assert_true(lfk_log_scan(&log, block_of(p, mdir->pair.block[0]), p->flash.bd.block_size));
    return log;
}

/* A volume whose root has the directory d; d's only pair is returned. */
static struct lfk_mdir *open_with_directory(struct flash_pairs *p, const struct flash_shape *shape)
{
    pairs_open(p, shape);
    return pairs_mkdir(p, p->mdirs.root, "d");
}

static void a_commit_is_appended_and_reads_back(void **state)
{
    (void)state;
    struct flash_pairs p;
    struct edits e = {.count = 0};
    struct lfk_mdir *d = open_with_directory(&p, &usual_shape);
    struct lfk_pair pair = d->pair;
    uint32_t end = d->log.end;
    uint64_t programmed = p.flash.bytes_programmed;
    edit_file(&e, 0, "b", "B");
    edit_attribute(&e, 0, 0x41, "x");
    edit_file(&e, 0, "a", "");
    edit_attribute(&e, 1, 0x07, "");
    pairs_commit(&p, d, &e);
    check_entries(d, "a= b=B+7:+41:x");
    pairs_check(&p);
    assert_int_equal(d->pair.block[0], pair.block[0]);
    assert_int_equal(p.flash.erases[pair.block[0]], 1);
    assert_int_equal(p.flash.erases[pair.block[1]], 0);
    /* And no more is programmed than that. */
    assert_int_equal(p.flash.bytes_programmed - programmed, d->log.end - end);

    e.count = 0;
    edit(&e, LFK_TYPE_ATTRIBUTE + 0x41, 1, NULL, LFK_LENGTH_DELETED);
    edit(&e, LFK_TYPE_FILE, 1, "c", 1);
    edit_delete(&e, 0);
    pairs_commit(&p, d, &e);
    check_entries(d, "c=B+7:");
    pairs_check(&p);
    pairs_close(&p);
}

/* Tags without a meaning for us are in the log, and no harm. */
static void a_commit_of_nothing_is_a_commit(void **state)
{
    (void)state;
    struct flash_pairs p;
    struct lfk_mdir *d = open_with_directory(&p, &usual_shape);
    uint32_t commits = d->log.commits;
    pairs_commit(&p, d, &(struct edits){.count = 0});
    assert_int_equal(log_of(&p, d).commits, commits + 1);
    pairs_check(&p);
    pairs_close(&p);
}

/*
 * The unit behind a commit is read from the flash: whatever an erase leaves,
 * the phase bit makes it an invalid tag, and the FCRC is that of its bytes.
 */
static void the_end_of_a_commit_is_made_for_the_flash_as_it_is(void **state)
{
    (void)state;
    static const int erased[] = {0xff, 0x00, 0x80, 0x7f, FLASH_ERASE_KEEPS};
    for (size_t i = 0; i < sizeof(erased) / sizeof(erased[0]); i++) {
        struct flash_shape shape = usual_shape;
        struct flash_pairs p;
        shape.erase_value = erased[i];
        struct lfk_mdir *d = open_with_directory(&p, &shape);
        for (int commit = 0; commit < 100; commit++) {
            char content[16];
            snprintf(content, sizeof(content), "%d", commit * commit * commit);
            pairs_put(&p, d, "f", content);
            struct lfk_log log = log_of(&p, d);
            assert_int_equal(log.end, d->log.end); /* nothing of what is behind is taken for more */
            if (log.end == 512) {
                assert_int_equal(log.stop, LFK_STOP_FULL);
                continue;
            }
            assert_int_equal(log.stop, LFK_STOP_INVALID);
            assert_true(log.has_fcrc);
            assert_int_equal(log.fcrc_size, 16);
            assert_int_equal(log.fcrc, lfk_crc32(LFK_CRC_INIT, log.bytes + log.end, 16));
        }
        pairs_check(&p);
        pairs_close(&p);
    }
}

static void version_2_0_has_no_fcrc(void **state)
{
    (void)state;
    struct flash_shape shape = usual_shape;
    struct flash_pairs p;
    shape.disk_version = LFK_DISK_2_0;
    struct lfk_mdir *d = open_with_directory(&p, &shape);
    for (int commit = 0; commit < 100; commit++) {
        struct lfk_log_reader reader;
        struct lfk_record record;
        pairs_put(&p, d, "f", commit % 3 ? "odd" : "even");
        struct lfk_log log = log_of(&p, d);
        lfk_log_reader_start(&reader, &log);
        while (lfk_log_reader_next(&reader, &record)) {
            assert_int_not_equal(lfk_tag_type(record.tag), LFK_TYPE_FCRC);
        }
    }
    pairs_check(&p);
    pairs_close(&p);
}

/* As much of the block as tells that is read, however far its log reaches. */
static void a_sound_log_is_appended_to_after_it_was_read(void **state)
{
    (void)state;
    static const uint32_t block_sizes[] = {512, 4096};
    for (size_t i = 0; i < 2; i++) {
        struct flash_shape shape = usual_shape;
        struct flash_pairs p;
        shape.block_size = block_sizes[i];
        open_with_directory(&p, &shape);
        for (uint32_t commit = 0; commit < block_sizes[i] / 20; commit++) {
            pairs_reopen(&p, &shape);
            struct lfk_mdir *d = p.mdirs.first->next;
            assert_int_equal(d->appendable, d->log.end < block_sizes[i]);
            pairs_put(&p, d, "f", commit % 3 ? "odd" : "even");
            pairs_check(&p);
        }
        pairs_close(&p);
    }
}

/* The next commit to the directory d does not go behind its log; nothing is lost by that. */
static void check_not_appended(struct flash_pairs *p, const struct flash_shape *shape,
                               const char *entries)
{
    pairs_reopen(p, shape);
    struct lfk_mdir *d = p->mdirs.first->next;
    struct lfk_pair pair = d->pair;
    uint32_t revision = d->log.revision;
    assert_false(d->appendable);
    pairs_put(p, d, "z", "Z");
    assert_int_equal(d->pair.block[0], pair.block[1]);
    assert_int_equal(d->pair.block[1], pair.block[0]);
    assert_int_equal(d->log.revision, revision + 1);
    assert_true(d->appendable);
    check_entries(d, entries);
    pairs_check(p);
}

/* A program that was cut: some of the unit is written, and the log shows nothing of it. */
static void nothing_is_appended_where_the_flash_is_not_erased(void **state)
{
    (void)state;
    for (uint32_t at = 0; at < 16; at++) {
        struct flash_pairs p;
        struct lfk_mdir *d = open_with_directory(&p, &usual_shape);
        pairs_put(&p, d, "a", "A");
        block_of(&p, d->pair.block[0])[d->log.end + at] ^= 1;
        p.flash.programmed[d->pair.block[0]] += 16;
        check_not_appended(&p, &usual_shape, "a=A z=Z");
        pairs_close(&p);
    }
}

static void nothing_is_appended_behind_a_torn_commit(void **state)
{
    (void)state;
    for (uint32_t torn = 16; torn <= 32; torn += 16) {
        struct flash_pairs p;
        struct edits e = {.count = 0};
        struct lfk_mdir *d = open_with_directory(&p, &usual_shape);
        pairs_put(&p, d, "a", "A");
        edit_file(&e, 1, "lost", "this is never there");
        p.flash.changes_left = 0;
        p.flash.torn = torn;
        assert_int_equal(lfk_mdirs_commit(&p.mdirs, d, e.edits, e.count, NULL), LFK_ERR_IO);
        flash_restore(&p.flash);
        check_not_appended(&p, &usual_shape, "a=A z=Z");
        pairs_close(&p);
    }
}

/* As a device with another unit has left it. */
static void nothing_is_appended_within_a_program_unit(void **state)
{
    (void)state;
    struct flash_shape larger = usual_shape;
    struct flash_pairs p;
    larger.prog_size = 128;
    struct lfk_mdir *d = open_with_directory(&p, &usual_shape);
    pairs_put(&p, d, "a", "A");
    assert_int_not_equal(d->log.end % 128, 0);
    check_not_appended(&p, &larger, "a=A z=Z");
    /* An FCRC of 128 bytes says enough of 16. */
    pairs_reopen(&p, &usual_shape);
    d = p.mdirs.first->next;
    assert_true(d->appendable);
    pairs_close(&p);
}

/* The FCRC of a smaller unit says nothing of what is behind it. */
static void nothing_is_appended_behind_a_smaller_fcrc(void **state)
{
    (void)state;
    struct flash_shape smaller = usual_shape;
    struct flash_pairs p;
    smaller.prog_size = 4;
    struct lfk_mdir *d = open_with_directory(&p, &smaller);
    pairs_put(&p, d, "a", "A");
    for (int i = 0; d->log.end % 16 != 0; i++) {
        pairs_put(&p, d, "a", "AAAAA" + i % 5);
    }
    char entries[32];
    snprintf(entries, sizeof(entries), "a=%.*s z=Z", d->entries[0].data_size,
             (const char *)d->entries[0].data);
    check_not_appended(&p, &usual_shape, entries);
    pairs_close(&p);
}

/* Version 2.0 does not say whether what is behind the log is erased. */
static void nothing_is_appended_to_a_log_of_the_older_version(void **state)
{
    (void)state;
    struct flash_shape older = usual_shape;
    struct flash_pairs p;
    older.disk_version = LFK_DISK_2_0;
    struct lfk_mdir *d = open_with_directory(&p, &older);
    pairs_put(&p, d, "a", "A");
    check_not_appended(&p, &usual_shape, "a=A z=Z");
    pairs_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_commit_is_appended_and_reads_back),
        cmocka_unit_test(a_commit_of_nothing_is_a_commit),
        cmocka_unit_test(the_end_of_a_commit_is_made_for_the_flash_as_it_is),
        cmocka_unit_test(version_2_0_has_no_fcrc),
        cmocka_unit_test(a_sound_log_is_appended_to_after_it_was_read),
        cmocka_unit_test(nothing_is_appended_where_the_flash_is_not_erased),
        cmocka_unit_test(nothing_is_appended_behind_a_torn_commit),
        cmocka_unit_test(nothing_is_appended_within_a_program_unit),
        cmocka_unit_test(nothing_is_appended_behind_a_smaller_fcrc),
        cmocka_unit_test(nothing_is_appended_to_a_log_of_the_older_version),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
