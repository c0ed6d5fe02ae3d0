/* SPDX-License-Identifier: MIT */
/*
 * Lists of entries: attributes by rising type, copies that stand on their own,
 * nodes that are used again.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fold.h"
#include "mdir_checker.h"
#include "scarce_memory.h"

static const uint8_t letters[] = "abcdefghijklmnopqrstuvwxyz";

/* Puts an entry that is named by a letter. */
static void insert(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, uint32_t id, char letter)
{
    assert_int_equal(lfk_entries_insert(mdirs, mdir, id), LFK_OK);
    mdir->entries[id].name = &letters[letter - 'a'];
    mdir->entries[id].name_size = 1;
    mdir->entries[id].name_type = LFK_TYPE_FILE;
}

static void set(struct lfk_mdirs *mdirs, struct lfk_entry *entry, uint8_t type, char value)
{
    struct lfk_mdir_attribute *attribute;
    assert_int_equal(lfk_entry_add_attribute(mdirs, entry, type, &attribute), LFK_OK);
    attribute->data = &letters[value - 'a'];
    attribute->size = 1;
}

static void ids_shift_as_entries_come_and_go(void **state)
{
    (void)state;
    struct lfk_mdirs mdirs = {0};
    struct lfk_mdir mdir = {.count = 0};
    insert(&mdirs, &mdir, 0, 'c');
    insert(&mdirs, &mdir, 0, 'a');
    insert(&mdirs, &mdir, 1, 'b');
    insert(&mdirs, &mdir, 3, 'd');
    check_entries(&mdir, "a b c d");
    set(&mdirs, &mdir.entries[2], 1, 'x');
    lfk_entries_remove(&mdirs, &mdir, 1);
    check_entries(&mdir, "a c+1:x d");
    lfk_entries_remove(&mdirs, &mdir, 2);
    lfk_entries_remove(&mdirs, &mdir, 0);
    lfk_entries_remove(&mdirs, &mdir, 0);
    check_entries(&mdir, "");
    lfk_entries_free(&mdirs, &mdir);
    lfk_mdirs_close(&mdirs);
}

static void attributes_stand_by_rising_type(void **state)
{
    (void)state;
    struct lfk_mdirs mdirs = {0};
    struct lfk_mdir mdir = {.count = 0};
    insert(&mdirs, &mdir, 0, 'f');
    struct lfk_entry *entry = &mdir.entries[0];
    set(&mdirs, entry, 0x41, 'b');
    set(&mdirs, entry, 0xff, 'd');
    set(&mdirs, entry, 0x00, 'a');
    set(&mdirs, entry, 0x42, 'c');
    check_entries(&mdir, "f+0:a+41:b+42:c+ff:d");
    set(&mdirs, entry, 0x41, 'x'); /* takes the place of the one there is */
    check_entries(&mdir, "f+0:a+41:x+42:c+ff:d");
    assert_int_equal(lfk_entry_attribute(entry, 0x42)->data[0], 'c');
    assert_null(lfk_entry_attribute(entry, 0x43));
    lfk_entry_remove_attribute(&mdirs, entry, 0x43);
    lfk_entry_remove_attribute(&mdirs, entry, 0x00);
    lfk_entry_remove_attribute(&mdirs, entry, 0xff);
    check_entries(&mdir, "f+41:x+42:c");
    lfk_entries_free(&mdirs, &mdir);
    lfk_mdirs_close(&mdirs);
}

static void a_copy_stands_on_its_own(void **state)
{
    (void)state;
    struct lfk_mdirs mdirs = {0};
    struct lfk_mdir mdir = {.tail = {{4, 5}}, .tail_hard = true};
    struct lfk_mdir copy;
    struct lfk_entry_tie tie;
    insert(&mdirs, &mdir, 0, 'a');
    insert(&mdirs, &mdir, 1, 'b');
    set(&mdirs, &mdir.entries[0], 1, 'x');
    set(&mdirs, &mdir.entries[0], 2, 'y');
    mdir.entries[1].tie = &tie;
    assert_int_equal(lfk_entries_copy(&mdirs, &mdir, &copy), LFK_OK);
    check_entries(&copy, "a+1:x+2:y b");
    assert_ptr_equal(copy.entries[1].tie, &tie);
    assert_int_equal(copy.tail.block[0], 4);
    lfk_entry_remove_attribute(&mdirs, &copy.entries[0], 1);
    set(&mdirs, &copy.entries[0], 2, 'z');
    lfk_entries_remove(&mdirs, &copy, 1);
    check_entries(&copy, "a+2:z");
    check_entries(&mdir, "a+1:x+2:y b");
    lfk_entries_free(&mdirs, &mdir);
    check_entries(&copy, "a+2:z");
    lfk_entries_free(&mdirs, &copy);
    lfk_mdirs_close(&mdirs);
}

/* A directory that is changed a million times must not take a million nodes. */
static void nodes_are_used_again(void **state)
{
    (void)state;
    struct lfk_mdirs mdirs = {0};
    struct lfk_mdir mdir = {.count = 0};
    insert(&mdirs, &mdir, 0, 'a');
    set(&mdirs, &mdir.entries[0], 1, 'x');
    set(&mdirs, &mdir.entries[0], 2, 'y');
    struct lfk_mdir_attribute *first = mdir.entries[0].attributes;
    for (int i = 0; i < 100; i++) {
        struct lfk_mdir copy;
        assert_int_equal(lfk_entries_copy(&mdirs, &mdir, &copy), LFK_OK);
        lfk_entries_free(&mdirs, &copy);
    }
    size_t used = mdirs.arena.used;
    for (int i = 0; i < 100; i++) {
        lfk_entry_remove_attribute(&mdirs, &mdir.entries[0], 1);
        set(&mdirs, &mdir.entries[0], 1, 'z');
    }
    assert_int_equal(mdirs.arena.used, used);
    assert_ptr_equal(mdir.entries[0].attributes, first);
    lfk_entries_free(&mdirs, &mdir);
    lfk_mdirs_close(&mdirs);
}

/* Enough attributes that the nodes of a copy do not all come from one request. */
static void a_copy_without_memory_leaves_nothing_behind(void **state)
{
    (void)state;
    int result = LFK_ERR_NOMEM;
    for (size_t requests = 0; result == LFK_ERR_NOMEM; requests++) {
        struct scarce_memory memory;
        struct lfk_mdirs mdirs = {0};
        struct lfk_mdir mdir = {.count = 0};
        struct lfk_mdir copy;
        scarce_memory_start(&memory, SIZE_MAX);
        mdirs.arena.allocator = &memory.allocator;
        for (uint32_t id = 0; id < 20; id++) {
            insert(&mdirs, &mdir, id, 'a');
            for (uint32_t type = 0; type < 256; type++) {
                set(&mdirs, &mdir.entries[id], (uint8_t)type, 'x');
            }
        }
        memory.left = requests;
        result = lfk_entries_copy(&mdirs, &mdir, &copy);
        if (result == LFK_OK) {
            assert_in_range(requests, 2, 50);
            assert_int_equal(copy.count, 20);
        } else {
            assert_int_equal(result, LFK_ERR_NOMEM);
            assert_int_equal(copy.count, 0);
            assert_null(copy.entries);
        }
        lfk_entries_free(&mdirs, &copy);
        memory.left = requests == 0 ? 0 : SIZE_MAX;
        int inserted = lfk_entries_insert(&mdirs, &mdir, 7);
        assert_true(inserted == LFK_OK || (requests == 0 && inserted == LFK_ERR_NOMEM));
        assert_int_equal(mdir.count, inserted == LFK_OK ? 21 : 20);
        lfk_entries_free(&mdirs, &mdir);
        lfk_mdirs_close(&mdirs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_shift_as_entries_come_and_go),
        cmocka_unit_test(attributes_stand_by_rising_type),
        cmocka_unit_test(a_copy_stands_on_its_own),
        cmocka_unit_test(nodes_are_used_again),
        cmocka_unit_test(a_copy_without_memory_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
