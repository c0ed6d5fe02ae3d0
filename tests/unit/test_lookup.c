/* SPDX-License-Identifier: MIT */
/* Looking names up in a pair: each is found, and the place of each that is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mdir/mdir.h"

enum { ENTRIES_MAX = 8 };

/* A pair of these names, NULL one that is missing, the first perhaps the superblock's. */
struct example {
    struct lfk_entry entries[ENTRIES_MAX];
    struct lfk_mdir mdir;
};

static void make_example(struct example *e, const char *const *names, uint32_t count,
                         bool superblock)
{
    *e = (struct example){.mdir = {.count = count}};
    for (uint32_t i = 0; i < count; i++) {
        e->entries[i].name = (const uint8_t *)names[i];
        e->entries[i].name_size = names[i] ? (uint16_t)strlen(names[i]) : 0;
        e->entries[i].name_type = LFK_TYPE_FILE;
    }
    if (superblock) {
        e->entries[0].name_type = LFK_TYPE_SUPERBLOCK;
    }
    e->mdir.entries = e->entries;
}

static void check_found(const struct example *e, const char *name, uint32_t index)
{
    uint32_t found = UINT32_MAX;
    assert_true(lfk_mdir_lookup(&e->mdir, name, strlen(name), &found));
    assert_int_equal(found, index);
}

static void check_missing(const struct example *e, const char *name, uint32_t index)
{
    uint32_t place = UINT32_MAX;
    assert_false(lfk_mdir_lookup(&e->mdir, name, strlen(name), &place));
    assert_int_equal(place, index);
}

static void every_name_is_found_and_others_have_a_place(void **state)
{
    (void)state;
    static const char *const names[] = {"B", "abc", "ab", "a", "b", "\xc3\xa4"};
    for (uint32_t count = 0; count <= 6; count++) {
        struct example e;
        make_example(&e, names, count, false);
        for (uint32_t i = 0; i < 6; i++) {
            if (i < count) {
                check_found(&e, names[i], i);
            } else {
                check_missing(&e, names[i], count);
            }
        }
        check_missing(&e, "A", 0);
        check_missing(&e, "abcd", count < 1 ? 0 : 1);
        check_missing(&e, "abb", count < 1 ? 0 : 1);
        check_missing(&e, "abd", count < 2 ? count : 2);
    }
}

/* The superblock's entry is not a file called littlefs, but such a file may be there. */
static void the_superblock_is_not_found_by_its_name(void **state)
{
    (void)state;
    static const char *const alone[] = {"littlefs"};
    static const char *const both[] = {"littlefs", "a", "littlefs", "z"};
    struct example e;
    make_example(&e, alone, 1, true);
    check_missing(&e, "littlefs", 1);
    assert_true(lfk_mdir_is_superblock(&e.mdir, 0));
    make_example(&e, both, 4, true);
    check_found(&e, "littlefs", 2);
    check_found(&e, "a", 1);
    check_missing(&e, "0", 1);
    assert_false(lfk_mdir_is_superblock(&e.mdir, 2));
}

static void only_the_first_entry_can_be_the_superblocks(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "littlefs"};
    struct example e;
    make_example(&e, names, 2, false);
    e.entries[1].name_type = LFK_TYPE_SUPERBLOCK;
    assert_false(lfk_mdir_is_superblock(&e.mdir, 0));
    assert_false(lfk_mdir_is_superblock(&e.mdir, 1));
    make_example(&e, names, 0, false);
    assert_false(lfk_mdir_is_superblock(&e.mdir, 0));
}

/* Entries without a name, and names out of order, mislead a search but never end it wrongly. */
static void disorder_does_no_more_than_hide(void **state)
{
    (void)state;
    static const char *const names[] = {"z", NULL, "a", "m", NULL, "b"};
    struct example e;
    uint32_t index;
    make_example(&e, names, 6, false);
    for (uint32_t i = 0; i < 6; i++) {
        const char *name = names[i] ? names[i] : "x";
        bool found = lfk_mdir_lookup(&e.mdir, name, 1, &index);
        assert_in_range(index, 0, found ? 5 : 6);
        assert_true(!found || memcmp(e.entries[index].name, name, 1) == 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_is_found_and_others_have_a_place),
        cmocka_unit_test(the_superblock_is_not_found_by_its_name),
        cmocka_unit_test(only_the_first_entry_can_be_the_superblocks),
        cmocka_unit_test(disorder_does_no_more_than_hide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
