/* SPDX-License-Identifier: MIT */
/*
 * Handles on files: each has the content as it was when it was opened, all on
 * one entry know where it is, and what is wrong is told in time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flash_volume.h"
#include "scarce_memory.h"
#include "told.h"

static int create(struct flash_volume *v, const char *path, struct lfk_detail *detail)
{
    struct lfk_fs_place place;
    struct lfk_fs_entry entry;
    assert_int_equal(lfk_fs_find(&v->fs, path, &place, NULL), LFK_OK);
    assert_false(place.exists);
    int result = lfk_fs_file_create(&v->fs, &place, &entry, detail);
    if (result == LFK_OK) {
        assert_ptr_equal(&entry.mdir->entries[entry.id], entry.entry);
        assert_int_equal(entry.entry->name_size, place.name_size);
        assert_memory_equal(entry.entry->name, place.name, place.name_size);
    }
    return result;
}

/* As soon as it is created, though nothing was written to it. */
static void a_created_file_is_there_and_empty(void **state)
{
    (void)state;
    struct flash_volume v;
    volume_open(&v, 16);
    assert_int_equal(create(&v, "f", NULL), LFK_OK);
    volume_remount(&v);
    volume_check(&v, "f", NULL, 0);
    volume_close(&v);
}

/* The entry is given out where it is, though its commit has split the pair. */
static void a_created_file_is_found_though_its_pair_was_split(void **state)
{
    (void)state;
    for (int order = 0; order < 2; order++) {
        struct flash_volume v;
        volume_open_with(&v, 512, 64, &(struct lfk_fs_writing){.prog_size = 16, .block_cycles = 2});
        for (uint32_t i = 0; i < 60; i++) {
            uint32_t number = order == 0 ? i : 59 - i;
            char path[] = "/a-name-of-some-length-00";
            path[23] = (char)('0' + number / 10);
            path[24] = (char)('0' + number % 10);
            assert_int_equal(create(&v, path, NULL), LFK_OK);
        }
        assert_true(v.fs.mdirs.root->tail_hard);
        volume_close(&v);
    }
}

static void names_are_checked_before_they_are_made(void **state)
{
    (void)state;
    struct flash_volume v;
    char name[34];
    struct lfk_detail detail = {0};
    memset(name, 'n', sizeof(name));
    name[33] = '\0';
    volume_open_with(&v, 512, 16, &(struct lfk_fs_writing){.prog_size = 16, .name_max = 32});
    uint64_t changes = v.flash.changes;
    assert_int_equal(create(&v, name, &detail), LFK_ERR_NAMETOOLONG);
    check_told(&detail, LFK_ERR_NAMETOOLONG, "name is too long (name_max): expected 32, found 33");
    assert_int_equal(create(&v, "f/", &detail), LFK_ERR_NOTDIR);
    check_told(&detail, LFK_ERR_NOTDIR, "the name is that of a directory");
    assert_int_equal(v.flash.changes, changes);
    assert_int_equal(create(&v, name + 1, NULL), LFK_OK);
    volume_close(&v);

    /* A block must have room for it. */
    char longer[129];
    memset(longer, 'n', sizeof(longer));
    longer[128] = '\0';
    volume_open_with(&v, 128, 16, &(struct lfk_fs_writing){.prog_size = 16});
    assert_int_equal(create(&v, longer, &detail), LFK_ERR_NAMETOOLONG);
    volume_close(&v);
}

static void a_directory_is_not_opened(void **state)
{
    (void)state;
    static const char *const paths[] = {"/", "d"};
    struct flash_volume v;
    volume_open(&v, 16);
    volume_mkdir(&v, "d");
    for (int i = 0; i < 2; i++) {
        struct lfk_fs_file file;
        struct lfk_fs_entry entry;
        assert_int_equal(lfk_fs_lookup(&v.fs, paths[i], &entry, NULL), LFK_OK);
        assert_int_equal(lfk_fs_file_open(&v.fs, &entry, &file, NULL), LFK_ERR_ISDIR);
        assert_null(file.fs);
        lfk_fs_file_close(&file);
    }
    assert_null(v.fs.files);
    volume_close(&v);
}

/* Each has what was there when it was opened; the one that is synced last is what stays. */
static void handles_on_one_file_do_not_see_each_others_content(void **state)
{
    (void)state;
    static uint8_t large[2000];
    struct flash_volume v;
    struct lfk_fs_file a;
    struct lfk_fs_file b;
    memset(large, 'b', sizeof(large));
    volume_open(&v, 32);
    volume_put_text(&v, "f", "old");
    volume_open_file(&v, "f", &a);
    volume_open_file(&v, "f", &b);
    assert_ptr_equal(a.opened, b.opened);
    assert_int_equal(a.opened->handles, 2);
    assert_int_equal(lfk_fs_file_write(&a, 0, "A", 1, NULL), LFK_OK);
    assert_int_equal(lfk_fs_file_write(&b, 0, large, sizeof(large), NULL), LFK_OK);
    check_open_file(&a, "Ald", 3);
    check_open_file(&b, large, sizeof(large));
    volume_check_text(&v, "f", "old");
    assert_int_equal(lfk_fs_file_sync(&b, NULL, 0, NULL), LFK_OK);
    volume_check(&v, "f", large, sizeof(large));
    check_open_file(&a, "Ald", 3);
    assert_int_equal(lfk_fs_file_sync(&a, NULL, 0, NULL), LFK_OK);
    volume_check_text(&v, "f", "Ald");
    check_open_file(&b, large, sizeof(large)); /* its blocks are not taken from it */
    volume_put(&v, "g", large, 1500);
    check_open_file(&b, large, sizeof(large));
    lfk_fs_file_close(&a);
    assert_int_equal(b.opened->handles, 1);
    lfk_fs_file_close(&b);
    lfk_fs_file_close(&b); /* is closed */
    volume_close(&v);
}

static void the_last_handle_leaves_no_tie_behind(void **state)
{
    (void)state;
    struct flash_volume v;
    struct lfk_fs_file files[3];
    struct lfk_fs_entry entry;
    volume_open(&v, 16);
    volume_put_text(&v, "f", "F");
    for (int i = 0; i < 3; i++) {
        volume_open_file(&v, "f", &files[i]);
    }
    assert_int_equal(lfk_fs_lookup(&v.fs, "f", &entry, NULL), LFK_OK);
    assert_non_null(entry.entry->tie);
    lfk_fs_file_close(&files[1]);
    lfk_fs_file_close(&files[0]);
    assert_non_null(entry.entry->tie);
    lfk_fs_file_close(&files[2]);
    assert_null(entry.entry->tie);
    assert_null(v.fs.files);
    /* Open ones are closed when the volume is. */
    volume_open_file(&v, "f", &files[0]);
    volume_open_file(&v, "f", &files[1]);
    lfk_fs_unmount(&v.fs);
    assert_null(files[0].fs);
    assert_null(files[1].fs);
    volume_close(&v);
}

static void a_removed_file_stays_for_who_has_it_open(void **state)
{
    (void)state;
    static uint8_t data[3000];
    struct flash_volume v;
    struct lfk_fs_file file;
    memset(data, 7, sizeof(data));
    volume_open(&v, 16);
    volume_put(&v, "f", data, sizeof(data));
    volume_open_file(&v, "f", &file);
    assert_int_equal(lfk_fs_remove(&v.fs, "f", NULL), LFK_OK);
    assert_null(file.opened->tie.mdir);
    volume_put_text(&v, "f", "another");
    check_open_file(&file, data, sizeof(data));
    assert_int_equal(lfk_fs_file_write(&file, 1000, "x", 1, NULL), LFK_OK);
    data[1000] = 'x';
    check_open_file(&file, data, sizeof(data));
    assert_int_equal(lfk_fs_file_sync(&file, NULL, 0, NULL), LFK_OK);
    volume_check_text(&v, "f", "another");
    lfk_fs_file_close(&file);
    volume_close(&v);
}

/* It may be looked at, renamed, replaced; only its bytes are not there. */
static void a_damaged_list_is_told_when_it_is_read(void **state)
{
    (void)state;
    static const uint32_t pointers[][2] = {{16, 1000}, {LFK_BLOCK_NULL, 1000}, {5, LFK_FILE_MAX}};
    for (size_t i = 0; i < 3; i++) {
        struct flash_volume v;
        struct lfk_fs_file file;
        struct lfk_fs_entry entry;
        struct lfk_detail detail = {0};
        uint8_t bytes[8];
        uint8_t byte;
        volume_open(&v, 16);
        volume_put_text(&v, "f", "F");
        assert_int_equal(lfk_fs_lookup(&v.fs, "f", &entry, NULL), LFK_OK);
        lfk_put_le32(bytes, pointers[i][0]);
        lfk_put_le32(bytes + 4, pointers[i][1]);
        const struct lfk_edit edit = {lfk_tag_make(LFK_TYPE_CTZ_STRUCT, entry.id, 8), bytes};
        assert_int_equal(lfk_mdirs_commit(&v.fs.mdirs, entry.mdir, &edit, 1, NULL), LFK_OK);
        volume_open_file(&v, "f", &file);
        assert_int_equal(lfk_fs_file_size(&file), pointers[i][1]);
        assert_int_equal(lfk_fs_file_read(&file, 0, &byte, 1, &detail), LFK_ERR_CORRUPT);
        check_told(&detail, LFK_ERR_CORRUPT,
                   "the file's CTZ list begins outside the volume or is larger than it");
        assert_int_equal(lfk_fs_file_write(&file, 10, "x", 1, NULL), LFK_ERR_CORRUPT);
        assert_int_equal(lfk_fs_file_truncate(&file, 10, NULL), LFK_ERR_CORRUPT);
        lfk_fs_file_clear(&file); /* that helps */
        assert_int_equal(lfk_fs_file_write(&file, 0, "new", 3, NULL), LFK_OK);
        check_open_file(&file, "new", 3);
        assert_int_equal(lfk_fs_file_sync(&file, NULL, 0, NULL), LFK_OK);
        lfk_fs_file_close(&file);
        volume_check_text(&v, "f", "new");
        volume_close(&v);
    }
}

static void without_memory_nothing_is_open(void **state)
{
    (void)state;
    static const uint8_t data[2000];
    for (uint32_t size = 10; size <= sizeof(data); size += 1990) {
        int result = LFK_ERR_NOMEM;
        struct flash_volume v;
        struct scarce_memory memory;
        volume_open(&v, 16);
        volume_put(&v, "f", data, size);
        for (size_t requests = 0; result < 0; requests++) {
            struct lfk_fs_file file;
            struct lfk_fs_entry entry;
            assert_int_equal(lfk_fs_lookup(&v.fs, "f", &entry, NULL), LFK_OK);
            scarce_memory_start(&memory, requests);
            v.fs.options.allocator = &memory.allocator;
            result = lfk_fs_file_open(&v.fs, &entry, &file, NULL);
            assert_true(result == LFK_OK || result == LFK_ERR_NOMEM);
            assert_int_equal(v.fs.files != NULL, result == LFK_OK);
            assert_int_equal(entry.entry->tie != NULL, result == LFK_OK);
            assert_int_equal(result == LFK_OK, requests == 2);
            lfk_fs_file_close(&file);
        }
        v.fs.options.allocator = NULL;
        volume_close(&v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_created_file_is_there_and_empty),
        cmocka_unit_test(a_created_file_is_found_though_its_pair_was_split),
        cmocka_unit_test(names_are_checked_before_they_are_made),
        cmocka_unit_test(a_directory_is_not_opened),
        cmocka_unit_test(handles_on_one_file_do_not_see_each_others_content),
        cmocka_unit_test(the_last_handle_leaves_no_tie_behind),
        cmocka_unit_test(a_removed_file_stays_for_who_has_it_open),
        cmocka_unit_test(a_damaged_list_is_told_when_it_is_read),
        cmocka_unit_test(without_memory_nothing_is_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
