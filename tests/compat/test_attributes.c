/* SPDX-License-Identifier: MIT */
/*
 * lfs.h: attributes by path, and those that belong to open files.
 */
#include "device.h"

#include <stdio.h>
#include <string.h>

static uint8_t large[LFS_ATTR_MAX + 1000];

static void check_attribute(lfs_t *lfs, const char *path, uint8_t type, const char *text)
{
    char buffer[64];
    lfs_ssize_t size = text != NULL ? (lfs_ssize_t)strlen(text) : LFS_ERR_NOATTR;
    memset(buffer, 'x', sizeof(buffer));
    assert_int_equal(lfs_getattr(lfs, path, type, buffer, sizeof(buffer)), size);
    assert_string_equal(buffer, text != NULL ? text : "");
}

/* --- by path ------------------------------------------------------------------------- */

static void set_get_remove(struct volume *v, const char *path)
{
    lfs_t *lfs = &v->lfs;
    check_attribute(lfs, path, 'A', NULL);
    OK(lfs_setattr(lfs, path, 'A', "aaaa", 4));
    OK(lfs_setattr(lfs, path, 'B', "bbbbbb", 6));
    OK(lfs_setattr(lfs, path, 0, "zero", 4));
    OK(lfs_setattr(lfs, path, 255, "", 0));
    volume_remount(v);
    check_attribute(lfs, path, 'A', "aaaa");
    check_attribute(lfs, path, 'B', "bbbbbb");
    check_attribute(lfs, path, 0, "zero");
    check_attribute(lfs, path, 255, "");
    OK(lfs_setattr(lfs, path, 'A', "changed", 7));
    OK(lfs_removeattr(lfs, path, 'B'));
    check_attribute(lfs, path, 'A', "changed");
    check_attribute(lfs, path, 'B', NULL);
    volume_remount(v);
    check_attribute(lfs, path, 'A', "changed");
    check_attribute(lfs, path, 'B', NULL);
    check_attribute(lfs, path, 255, "");
}

static void check_kinds(struct volume *v)
{
    OK(lfs_mkdir(&v->lfs, "d"));
    make_file(&v->lfs, "d/f", "content", 7);
    make_pattern(&v->lfs, "large", 5000, 0);
    set_get_remove(v, "/");
    set_get_remove(v, "d");
    set_get_remove(v, "d/f");
    set_get_remove(v, "large");
    check_text(&v->lfs, "d/f", "content");
    check_pattern(&v->lfs, "large", 5000, 0);
    /* They survive what happens to the content, and a rename, and go with the entry. */
    make_pattern(&v->lfs, "large", 10, 1);
    OK(lfs_rename(&v->lfs, "large", "d/small"));
    check_attribute(&v->lfs, "d/small", 'A', "changed");
    OK(lfs_rename(&v->lfs, "d/small", "d/f"));
    check_attribute(&v->lfs, "d/f", 'A', "changed");
    make_file(&v->lfs, "g", "", 0);
    OK(lfs_rename(&v->lfs, "g", "d/f"));
    check_attribute(&v->lfs, "d/f", 'A', NULL);
    OK(lfs_remove(&v->lfs, "d/f"));
    OK(lfs_remove(&v->lfs, "d"));
}

static void files_directories_and_the_root(void **state)
{
    (void)state;
    on_all_volumes(check_kinds);
}

/* The stored size comes back; what fits is copied, and zeros up to attr_max. */
static void buffers_short_and_long(void **state)
{
    static struct volume v;
    (void)state;
    volume_open(&v, &shapes[0]);
    OK(lfs_mkdir(&v.lfs, "d"));
    OK(lfs_setattr(&v.lfs, "d", 1, "12345678", 8));
    assert_int_equal(lfs_getattr(&v.lfs, "d", 1, NULL, 0), 8);
    memset(large, 'x', sizeof(large));
    assert_int_equal(lfs_getattr(&v.lfs, "d", 1, large, 3), 8);
    assert_memory_equal(large, "123xxx", 6);
    assert_int_equal(lfs_getattr(&v.lfs, "d", 1, large, sizeof(large)), 8);
    assert_memory_equal(large, "12345678\0\0", 10);
    assert_int_equal(large[LFS_ATTR_MAX - 1], 0);
    assert_int_equal(large[LFS_ATTR_MAX], 'x');
    assert_int_equal(lfs_getattr(&v.lfs, "missing", 1, large, 1), LFS_ERR_NOENT);
    volume_close(&v);
}

static void too_large(void **state)
{
    static struct volume v;
    (void)state;
    volume_open(&v, &shapes[3]);
    make_file(&v.lfs, "f", "x", 1);
    OK(lfs_setattr(&v.lfs, "f", 1, "old", 3));
    memset(large, 'l', sizeof(large));
    assert_int_equal(lfs_setattr(&v.lfs, "f", 1, large, LFS_ATTR_MAX + 1), LFS_ERR_NOSPC);
    assert_int_equal(lfs_setattr(&v.lfs, "missing", 1, large, LFS_ATTR_MAX + 1), LFS_ERR_NOSPC);
    check_attribute(&v.lfs, "f", 1, "old");
    OK(lfs_setattr(&v.lfs, "f", 1, large, LFS_ATTR_MAX));
    assert_int_equal(lfs_getattr(&v.lfs, "f", 1, NULL, 0), LFS_ATTR_MAX);
    volume_close(&v);
    /* A block of 512 bytes has no room for it. */
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "x", 1);
    OK(lfs_setattr(&v.lfs, "f", 1, "old", 3));
    assert_int_equal(lfs_setattr(&v.lfs, "f", 1, large, LFS_ATTR_MAX), LFS_ERR_NOSPC);
    check_attribute(&v.lfs, "f", 1, "old");
    check_text(&v.lfs, "f", "x");
    volume_remount(&v);
    check_attribute(&v.lfs, "f", 1, "old");
    volume_close(&v);
}

/* --- of open files ------------------------------------------------------------------------ */

struct opened {
    struct lfs_attr attrs[3];
    struct lfs_file_config config;
    char a[8];
    char b[8];
    char c[8];
    lfs_file_t file;
};

static void open_with(lfs_t *lfs, struct opened *o, const char *path, int flags)
{
    memset(o, 0xa5, sizeof(*o));
    o->attrs[0] = (struct lfs_attr){'A', o->a, sizeof(o->a)};
    o->attrs[1] = (struct lfs_attr){'B', o->b, 3};
    o->attrs[2] = (struct lfs_attr){'C', o->c, 4};
    o->config = (struct lfs_file_config){.attrs = o->attrs, .attr_count = 3};
    memset(o->a, 'x', sizeof(o->a));
    memset(o->b, 'x', sizeof(o->b));
    memset(o->c, 'x', sizeof(o->c));
    OK(lfs_file_opencfg(lfs, &o->file, path, flags, &o->config));
}

static void loaded_at_open(void **state)
{
    static struct volume v;
    struct opened o;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "content", 7);
    OK(lfs_setattr(&v.lfs, "f", 'A', "aaaa", 4));
    OK(lfs_setattr(&v.lfs, "f", 'B', "bbbbbb", 6));
    open_with(&v.lfs, &o, "f", LFS_O_RDONLY);
    assert_memory_equal(o.a, "aaaa\0\0\0\0", 8); /* padded */
    assert_memory_equal(o.b, "bbbxx", 5);        /* cut */
    assert_memory_equal(o.c, "xxxx", 4);         /* not there */
    uint64_t changes = device_changes(&v.device);
    memcpy(o.a, "AAAAAAAA", 8);
    OK(lfs_file_close(&v.lfs, &o.file));
    assert_int_equal(device_changes(&v.device), changes);
    check_attribute(&v.lfs, "f", 'A', "aaaa");
    open_with(&v.lfs, &o, "f", LFS_O_WRONLY);
    assert_memory_equal(o.a, "xxxx", 4); /* not loaded */
    assert_true(o.file.flags & LFS_F_DIRTY);
    OK(lfs_file_close(&v.lfs, &o.file));
    check_attribute(&v.lfs, "f", 'A', "xxxxxxxx");
    check_attribute(&v.lfs, "f", 'C', "xxxx");
    volume_close(&v);
}

/* Stored with the content, as they are then; the old ones are seen until then. */
static void stored_at_sync(void **state)
{
    static struct volume v;
    struct opened o;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "content", 7);
    OK(lfs_setattr(&v.lfs, "f", 'A', "old", 3));
    open_with(&v.lfs, &o, "f", LFS_O_RDWR);
    assert_memory_equal(o.a, "old\0\0\0\0\0", 8);
    memcpy(o.a, "first\0\0\0", 8);
    check_attribute(&v.lfs, "f", 'A', "old");
    OK(lfs_setattr(&v.lfs, "f", 'A', "between", 7)); /* is overwritten */
    o.attrs[0].size = 5;
    o.attrs[1].size = 0;
    OK(lfs_file_sync(&v.lfs, &o.file));
    check_attribute(&v.lfs, "f", 'A', "first");
    check_attribute(&v.lfs, "f", 'B', "");
    memcpy(o.a, "later", 5);
    OK(lfs_file_sync(&v.lfs, &o.file)); /* the content has not changed */
    check_attribute(&v.lfs, "f", 'A', "first");
    assert_int_equal(lfs_file_write(&v.lfs, &o.file, "C", 1), 1);
    OK(lfs_file_close(&v.lfs, &o.file));
    check_attribute(&v.lfs, "f", 'A', "later");
    check_text(&v.lfs, "f", "Content");
    volume_remount(&v);
    check_attribute(&v.lfs, "f", 'A', "later");
    check_text(&v.lfs, "f", "Content");
    volume_close(&v);
}

/* Nothing is made when an attribute is too large to be stored. */
static void too_large_for_a_file(void **state)
{
    static struct volume v;
    struct lfs_info info;
    struct lfs_attr attr = {'A', large, LFS_ATTR_MAX + 1};
    struct lfs_file_config config = {.attrs = &attr, .attr_count = 1};
    lfs_file_t file;
    (void)state;
    volume_open(&v, &shapes[3]);
    assert_int_equal(lfs_file_opencfg(&v.lfs, &file, "f", LFS_O_WRONLY | LFS_O_CREAT, &config),
                     LFS_ERR_NOSPC);
    assert_int_equal(lfs_stat(&v.lfs, "f", &info), LFS_ERR_NOENT);
    make_file(&v.lfs, "f", "x", 1);
    OK(lfs_setattr(&v.lfs, "f", 'A', "abc", 3));
    assert_int_equal(lfs_file_opencfg(&v.lfs, &file, "f", LFS_O_RDWR, &config), LFS_ERR_NOSPC);
    /* To be read it may be of any size; what is behind the limit stays. */
    attr.size = sizeof(large);
    memset(large, 'x', sizeof(large));
    OK(lfs_file_opencfg(&v.lfs, &file, "f", LFS_O_RDONLY, &config));
    assert_memory_equal(large, "abc\0\0", 5);
    assert_int_equal(large[LFS_ATTR_MAX - 1], 0);
    assert_int_equal(large[LFS_ATTR_MAX], 'x');
    OK(lfs_file_close(&v.lfs, &file));
    volume_close(&v);
}

/* No room for them together: the file stays as it was, and the volume is fine. */
static void no_room_for_them(void **state)
{
    static struct volume v;
    struct lfs_attr attrs[2] = {{'A', large, 300}, {'B', large, 300}};
    struct lfs_file_config config = {.attrs = attrs, .attr_count = 2};
    lfs_file_t file;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "x", 1);
    OK(lfs_file_opencfg(&v.lfs, &file, "f", LFS_O_WRONLY, &config));
    assert_int_equal(lfs_file_close(&v.lfs, &file), LFS_ERR_NOSPC);
    check_text(&v.lfs, "f", "x");
    check_attribute(&v.lfs, "f", 'A', NULL);
    make_file(&v.lfs, "g", "fine", 4);
    OK(lfs_remove(&v.lfs, "f"));
    volume_remount(&v);
    check_names(&v.lfs, "/", "g ");
    volume_close(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_directories_and_the_root),
        cmocka_unit_test(buffers_short_and_long),
        cmocka_unit_test(too_large),
        cmocka_unit_test(loaded_at_open),
        cmocka_unit_test(stored_at_sync),
        cmocka_unit_test(too_large_for_a_file),
        cmocka_unit_test(no_room_for_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
