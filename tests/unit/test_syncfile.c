/* SPDX-License-Identifier: MIT */
/*
 * Files made durable: content and attributes at once or not at all, the data
 * before what names it, and nothing for a file that is as the disk has it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flash_volume.h"

static const struct lfk_fs_attribute attributes[] = {{"first", 5, 0x41}, {"", 0, 0xff}};

/* The content and the attributes are those of the old file or of the new one. Returns which. */
static bool check_version(struct flash_volume *v, const uint8_t *old, uint32_t old_size,
                          const uint8_t *new, uint32_t new_size)
{
    struct lfk_fs_entry entry;
    assert_int_equal(lfk_fs_lookup(&v->fs, "f", &entry, NULL), LFK_OK);
    const struct lfk_mdir_attribute *attribute = lfk_entry_attribute(entry.entry, 0x41);
    bool is_new = lfk_entry_attribute(entry.entry, 0xff) != NULL;
    assert_non_null(attribute);
    assert_int_equal(attribute->size, is_new ? 5 : 3);
    assert_memory_equal(attribute->data, is_new ? "first" : "old", attribute->size);
    volume_check(v, "f", is_new ? new : old, is_new ? new_size : old_size);
    return is_new;
}

/* At each change, with what was not synced lost in several ways. */
static void a_sync_that_is_cut_leaves_the_old_file_or_the_new(void **state)
{
    (void)state;
    static const uint32_t forgetful[] = {0, UINT32_MAX, 0x55555555, 0xaaaaaaaa, 0xfffffffe};
    static const uint32_t sizes[][2] = {{10, 50}, {50, 2000}, {2000, 50}, {2000, 2500}};
    static uint8_t old[2500];
    static uint8_t new[2500];
    memset(old, 'o', sizeof(old));
    memset(new, 'n', sizeof(new));
    for (size_t i = 0; i < 40; i++) {
        const uint32_t *size = sizes[i / 10];
        bool done = false;
        for (uint64_t cut = 0; !done; cut++) {
            struct flash_volume v;
            struct lfk_fs_file file;
            volume_open(&v, 32);
            volume_put(&v, "f", old, size[0]);
            assert_int_equal(lfk_fs_set_attribute(&v.fs, "f", 0x41, "old", 3, NULL), LFK_OK);
            volume_open_file(&v, "f", &file);
            v.flash.changes_left = cut;
            v.flash.torn = i % 2 ? 16 : UINT32_MAX; /* the last program arrives in part, or whole */
            v.flash.forgetful = forgetful[i % 10 / 2];
            lfk_fs_file_clear(&file);
            int result = lfk_fs_file_write(&file, 0, new, size[1], NULL);
            if (result == LFK_OK) {
                result = lfk_fs_file_sync(&file, attributes, 2, NULL);
            }
            done = !v.flash.lost;
            assert_int_equal(result == LFK_OK, done);
            volume_remount(&v);
            bool is_new = check_version(&v, old, size[0], new, size[1]);
            assert_true(is_new || !done);
            volume_close(&v);
            assert_in_range(cut, 0, 30);
        }
    }
}

static void what_is_as_on_the_disk_is_not_written(void **state)
{
    (void)state;
    struct flash_volume v;
    struct lfk_fs_file file;
    volume_open(&v, 16);
    volume_put_text(&v, "f", "F");
    volume_open_file(&v, "f", &file);
    uint64_t changes = v.flash.changes;
    assert_int_equal(lfk_fs_file_sync(&file, NULL, 0, NULL), LFK_OK);
    assert_int_equal(lfk_fs_file_write(&file, 0, "x", 0, NULL), LFK_OK);
    assert_int_equal(lfk_fs_file_truncate(&file, 1, NULL), LFK_OK);
    assert_int_equal(lfk_fs_file_sync(&file, NULL, 0, NULL), LFK_OK);
    assert_int_equal(v.flash.changes, changes);
    /* Attributes are written, though the content is not another. */
    assert_int_equal(lfk_fs_file_sync(&file, attributes, 2, NULL), LFK_OK);
    assert_true(v.flash.changes > changes);
    lfk_fs_file_close(&file);
    volume_remount(&v);
    volume_check_text(&v, "f", "F");
    assert_non_null(lfk_entry_attribute(&v.fs.mdirs.root->entries[1], 0x41));
    volume_close(&v);
}

static void a_removed_file_is_not_made_durable(void **state)
{
    (void)state;
    struct flash_volume v;
    struct lfk_fs_file file;
    volume_open(&v, 16);
    volume_put_text(&v, "f", "F");
    volume_open_file(&v, "f", &file);
    assert_int_equal(lfk_fs_remove(&v.fs, "f", NULL), LFK_OK);
    assert_int_equal(lfk_fs_file_write(&file, 0, "lost", 4, NULL), LFK_OK);
    uint64_t changes = v.flash.changes;
    assert_int_equal(lfk_fs_file_sync(&file, attributes, 2, NULL), LFK_OK);
    assert_int_equal(v.flash.changes, changes);
    lfk_fs_file_close(&file);
    assert_false(volume_has(&v, "f"));
    volume_close(&v);
}

/* The entry is found where it is by then: in another pair, under another id. */
static void the_entry_is_found_wherever_it_went(void **state)
{
    (void)state;
    struct flash_volume v;
    struct lfk_fs_file file;
    struct lfk_fs_entry entry;
    volume_open(&v, 64);
    volume_put_text(&v, "m", "old");
    volume_open_file(&v, "m", &file);
    assert_int_equal(lfk_fs_file_write(&file, 0, "new", 3, NULL), LFK_OK);
    for (int i = 0; i < 26; i++) {
        char name[] = "_ of some length";
        name[0] = (char)('a' + i);
        volume_put_text(&v, name, "and with content");
    }
    assert_int_equal(lfk_fs_lookup(&v.fs, "m", &entry, NULL), LFK_OK);
    assert_ptr_not_equal(entry.mdir, v.fs.mdirs.root);
    volume_check_text(&v, "m", "old");
    assert_int_equal(lfk_fs_file_sync(&file, NULL, 0, NULL), LFK_OK);
    lfk_fs_file_close(&file);
    volume_remount(&v);
    volume_check_text(&v, "m", "new");
    volume_check_text(&v, "n of some length", "and with content");
    volume_close(&v);
}

/* What failed before the commit, and the commit itself, are not the same to who asks. */
static void a_commit_that_failed_is_told_apart(void **state)
{
    (void)state;
    static const uint8_t data[600];
    bool before = false;
    bool at_commit = false;
    int result = LFK_ERR_IO;
    for (uint64_t n = 1; result < 0; n++) {
        struct flash_volume v;
        struct lfk_fs_file file;
        volume_open(&v, 32);
        volume_put_text(&v, "f", "old");
        volume_open_file(&v, "f", &file);
        assert_int_equal(lfk_fs_file_write(&file, 0, data, sizeof(data), NULL), LFK_OK);
        v.flash.calls_left = n;
        v.flash.error = LFK_ERR_IO;
        result = lfk_fs_file_sync(&file, NULL, 0, NULL);
        v.flash.calls_left = FLASH_NEVER;
        if (result < 0) {
            before |= !file.commit_failed;
            at_commit |= file.commit_failed;
            assert_true(file.commit_failed || !at_commit); /* the one comes before the other */
            assert_true(file.dirty);
            assert_int_equal(lfk_fs_file_sync(&file, NULL, 0, NULL), LFK_OK);
        }
        assert_false(file.commit_failed);
        assert_false(file.dirty);
        volume_remount(&v);
        volume_check(&v, "f", data, sizeof(data));
        volume_close(&v);
        assert_in_range(n, 1, 40);
    }
    assert_true(before && at_commit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sync_that_is_cut_leaves_the_old_file_or_the_new),
        cmocka_unit_test(what_is_as_on_the_disk_is_not_written),
        cmocka_unit_test(a_removed_file_is_not_made_durable),
        cmocka_unit_test(the_entry_is_found_wherever_it_went),
        cmocka_unit_test(a_commit_that_failed_is_told_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
