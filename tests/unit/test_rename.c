/* SPDX-License-Identifier: MIT */
/*
 * Renames: what goes with the entry, what may be replaced by what, and that at
 * no moment the file has two names or none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "flash_volume.h"
#include "fs_checker.h"
#include "told.h"

/* d/ with x and e/ in it, empty/, full/ with y, and the file f. */
static void open_tree(struct flash_volume *v)
{
    volume_open(v, 64);
    volume_mkdir(v, "d");
    volume_mkdir(v, "d/e");
    volume_mkdir(v, "empty");
    volume_mkdir(v, "full");
    volume_put_text(v, "d/x", "X");
    volume_put_text(v, "full/y", "Y");
    volume_put_text(v, "f", "F");
}

static void rename_ok(struct flash_volume *v, const char *from, const char *to)
{
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_fs_rename(&v->fs, from, to, &detail), LFK_OK);
}

static void names_change_within_a_directory_and_between_two(void **state)
{
    (void)state;
    struct flash_volume v;
    open_tree(&v);
    rename_ok(&v, "f", "a"); /* before where it was, and behind */
    rename_ok(&v, "a", "z");
    check_list(&v.fs, "/", "d/ empty/ full/ z");
    rename_ok(&v, "z", "d/e/f");
    rename_ok(&v, "d/x", "x");
    check_list(&v.fs, "/", "d/ empty/ full/ x");
    check_list(&v.fs, "d", "e/");
    rename_ok(&v, "d", "empty/d"); /* with all that is in it */
    volume_check_text(&v, "empty/d/e/f", "F");
    volume_remount(&v);
    volume_check_text(&v, "empty/d/e/f", "F");
    volume_check_text(&v, "x", "X");
    assert_true(lfk_gstate_is_zero(&v.fs.mdirs.gdisk));
    volume_close(&v);
}

static void what_is_replaced_is_gone(void **state)
{
    (void)state;
    static const uint8_t data[2000];
    struct flash_volume v;
    open_tree(&v);
    volume_put(&v, "g", data, sizeof(data));
    uint64_t used = lfk_fs_blocks_used(&v.fs);
    rename_ok(&v, "f", "g");
    rename_ok(&v, "d/x", "full/y");
    volume_check_text(&v, "g", "F");
    volume_check_text(&v, "full/y", "X");
    rename_ok(&v, "d/e", "empty"); /* a directory without entries */
    check_list(&v.fs, "/", "d/ empty/ full/ g");
    check_list(&v.fs, "d", "");
    assert_int_equal(lfk_fs_blocks_used(&v.fs), used - 4 - 2);
    volume_remount(&v);
    assert_int_equal(lfk_fs_blocks_used(&v.fs), used - 4 - 2);
    volume_close(&v);
}

static void attributes_go_with_the_entry(void **state)
{
    (void)state;
    struct flash_volume v;
    struct lfk_fs_entry entry;
    open_tree(&v);
    assert_int_equal(lfk_fs_set_attribute(&v.fs, "f", 0x41, "attribute", 9, NULL), LFK_OK);
    assert_int_equal(lfk_fs_set_attribute(&v.fs, "d/x", 0x42, "replaced", 8, NULL), LFK_OK);
    rename_ok(&v, "f", "a");
    rename_ok(&v, "a", "d/x");
    volume_remount(&v);
    assert_int_equal(lfk_fs_lookup(&v.fs, "d/x", &entry, NULL), LFK_OK);
    const struct lfk_mdir_attribute *attribute = lfk_entry_attribute(entry.entry, 0x41);
    assert_non_null(attribute);
    assert_int_equal(attribute->size, 9);
    assert_memory_equal(attribute->data, "attribute", 9);
    assert_null(lfk_entry_attribute(entry.entry, 0x42));
    volume_close(&v);
}

static void an_open_file_goes_with_the_entry(void **state)
{
    (void)state;
    struct flash_volume v;
    struct lfk_fs_file f;
    struct lfk_fs_file x;
    open_tree(&v);
    volume_open_file(&v, "f", &f);
    volume_open_file(&v, "d/x", &x);
    rename_ok(&v, "f", "a");
    rename_ok(&v, "a", "d/x"); /* in the place of the other */
    assert_int_equal(lfk_fs_file_write(&f, 0, "new", 3, NULL), LFK_OK);
    assert_int_equal(lfk_fs_file_write(&x, 0, "old", 3, NULL), LFK_OK);
    assert_int_equal(lfk_fs_file_sync(&f, NULL, 0, NULL), LFK_OK);
    assert_int_equal(lfk_fs_file_sync(&x, NULL, 0, NULL), LFK_OK); /* nobody's file */
    volume_check_text(&v, "d/x", "new");
    check_open_file(&x, "old", 3);
    lfk_fs_file_close(&f);
    lfk_fs_file_close(&x);
    volume_remount(&v);
    volume_check_text(&v, "d/x", "new");
    check_list(&v.fs, "/", "d/ empty/ full/");
    volume_close(&v);
}

static void what_cannot_be_is_refused_and_nothing_written(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        const char *to;
        int status;
    } cases[] = {
        {"missing", "a", LFK_ERR_NOENT},
        {"f", "missing/a", LFK_ERR_NOENT},
        {"f", "d/x/a", LFK_ERR_NOTDIR},
        {"f", "d", LFK_ERR_ISDIR},
        {"d", "f", LFK_ERR_NOTDIR},
        {"d", "full", LFK_ERR_NOTEMPTY},
        {"f", "a/", LFK_ERR_NOTDIR},
        {"f/", "a", LFK_ERR_NOTDIR},
        {"d", "d/d", LFK_ERR_INVAL},
        {"d", "d/e/d", LFK_ERR_INVAL},
        {"d", "d/e", LFK_ERR_INVAL}, /* empty, but below it */
        {"/", "a", LFK_ERR_INVAL},
        {"d", "/", LFK_ERR_INVAL},
        {"f", "", LFK_ERR_INVAL},
        {"f", "../f", LFK_ERR_INVAL},
        {"f", "f", LFK_OK}, /* is done already */
        {"d", "./d/", LFK_OK},
    };
    struct flash_volume v;
    open_tree(&v);
    uint64_t changes = v.flash.changes;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lfk_detail detail = {0};
        assert_int_equal(lfk_fs_rename(&v.fs, cases[i].from, cases[i].to, &detail),
                         cases[i].status);
        assert_int_equal(detail.status, cases[i].status);
    }
    assert_int_equal(v.flash.changes, changes);
    char name[LFK_NAME_MAX + 2];
    memset(name, 'n', sizeof(name));
    name[LFK_NAME_MAX + 1] = '\0';
    assert_int_equal(lfk_fs_rename(&v.fs, "f", name, NULL), LFK_ERR_NAMETOOLONG);
    assert_int_equal(v.flash.changes, changes);
    check_list(&v.fs, "/", "d/ empty/ full/ f");
    volume_close(&v);
}

/* A directory may go up, over what it is in. */
static void a_directory_may_leave_its_parent(void **state)
{
    (void)state;
    struct flash_volume v;
    open_tree(&v);
    volume_put_text(&v, "d/e/g", "G");
    rename_ok(&v, "d/e", "e");
    rename_ok(&v, "d", "e/d"); /* and now the other way round */
    volume_check_text(&v, "e/d/x", "X");
    volume_check_text(&v, "e/g", "G");
    volume_remount(&v);
    check_list(&v.fs, "/", "empty/ e/ full/ f");
    volume_check_text(&v, "e/d/x", "X");
    volume_close(&v);
}

/* --- power cuts ---------------------------------------------------------------------- */

struct cut_case {
    const char *from;
    const char *to;
    const char *content; /* of `from`/rest */
    const char *rest;
    const char *replaced; /* what `to` was; NULL: nothing, or an empty directory */
};

/* One of the names is there, with what the source had; the other is as before, or gone. */
static bool check_cut(struct flash_volume *v, const struct cut_case *c)
{
    char path[32];
    bool is_there = volume_has(v, c->from);
    snprintf(path, sizeof(path), "%s%s", is_there ? c->from : c->to, c->rest);
    volume_check_text(v, path, c->content);
    if (is_there && c->replaced != NULL) {
        volume_check_text(v, c->to, c->replaced);
    } else if (is_there && c->rest[0] == '\0') {
        assert_false(volume_has(v, c->to));
    }
    return !is_there;
}

static void a_rename_that_is_cut_has_happened_or_not(void **state)
{
    (void)state;
    static const struct cut_case cases[] = {
        {"f", "a", "F", "", NULL},           {"f", "d/f", "F", "", NULL},
        {"f", "d/x", "F", "", "X"},          {"d/x", "f", "X", "", "F"},
        {"full", "d/full", "Y", "/y", NULL}, {"full", "empty", "Y", "/y", NULL},
        {"full", "d/e", "Y", "/y", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bool done = false;
        bool was_new = false;
        for (uint64_t cut = 0; !done; cut++) {
            struct flash_volume v;
            open_tree(&v);
            v.flash.changes_left = cut;
            done =
                lfk_fs_rename(&v.fs, cases[i].from, cases[i].to, NULL) == LFK_OK && !v.flash.lost;
            volume_remount(&v);
            bool is_new = check_cut(&v, &cases[i]);
            assert_true(is_new || !was_new); /* once it has happened it stays so */
            was_new = is_new;
            /* What is due is done with the next change, and shows no difference. */
            volume_put_text(&v, "new", "N");
            assert_int_equal(lfk_fs_make_consistent(&v.fs, NULL), LFK_OK);
            assert_true(lfk_gstate_is_zero(&v.fs.mdirs.gdisk));
            assert_int_equal(check_cut(&v, &cases[i]), is_new);
            volume_remount(&v);
            assert_int_equal(check_cut(&v, &cases[i]), is_new);
            volume_close(&v);
            assert_in_range(cut, 0, 20);
        }
        assert_true(was_new);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_change_within_a_directory_and_between_two),
        cmocka_unit_test(what_is_replaced_is_gone),
        cmocka_unit_test(attributes_go_with_the_entry),
        cmocka_unit_test(an_open_file_goes_with_the_entry),
        cmocka_unit_test(what_cannot_be_is_refused_and_nothing_written),
        cmocka_unit_test(a_directory_may_leave_its_parent),
        cmocka_unit_test(a_rename_that_is_cut_has_happened_or_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
