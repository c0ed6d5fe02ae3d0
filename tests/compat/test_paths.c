/* SPDX-License-Identifier: MIT */
/*
 * lfs.h: paths. Every cell of the table of paths and operations, and names.
 */
#include "device.h"

#include <stdio.h>
#include <string.h>

#define BLOCKS 24 /* enough for what is planted */

enum operation {
    STAT,
    MKDIR,
    DIR_OPEN,
    OPEN_READ,
    OPEN_CREATE,
    OPEN_EXCLUSIVE,
    REMOVE,
    RENAME_FROM,
    RENAME_FILE_TO,
    RENAME_DIR_TO,
    OPERATIONS
};

#define INV LFS_ERR_INVAL
#define NOE LFS_ERR_NOENT
#define EXI LFS_ERR_EXIST
#define ISD LFS_ERR_ISDIR
#define NOD LFS_ERR_NOTDIR
#define NEM LFS_ERR_NOTEMPTY

/* Paths that give the same results, ending with NULL. */
struct row {
    const char *paths[12];
    int results[OPERATIONS];
};

static const struct row table[] = {
    {{""}, {INV, INV, INV, INV, INV, INV, INV, INV, INV, INV}},
    {{"/", ".", "./", "/.", "//", "d/..", "zz/..", "f/.."},
     {0, EXI, 0, ISD, ISD, EXI, INV, INV, INV, INV}},
    {{"..", "/..", "./..", "d/../..", "f/../.."},
     {INV, INV, INV, INV, INV, INV, INV, INV, INV, INV}},
    {{"d", "/d", "//d", "./d", "d/", "d/.", "zz/../d", "d/sub/..", "d/zz/..", "d//", "d/./."},
     {0, EXI, 0, ISD, ISD, EXI, NEM, 0, ISD, NEM}},
    {{"e", "e/", "e/."}, {0, EXI, 0, ISD, ISD, EXI, 0, 0, ISD, 0}},
    {{"d/sub", "d/sub/", "d/./sub", "d/sub/x/.."}, {0, EXI, 0, ISD, ISD, EXI, 0, 0, ISD, 0}},
    {{"f", "d/../f", "f/../f"}, {0, EXI, NOD, 0, 0, EXI, 0, 0, 0, NOD}},
    {{"f/", "f/.", "f/x", "f/x/y", "f/./x", "f/x/.."},
     {NOD, NOD, NOD, NOD, NOD, NOD, NOD, NOD, NOD, NOD}},
    {{"zz", "d/zz", "...", "littlefs"}, {NOE, 0, NOE, NOE, 0, 0, NOE, NOE, 0, 0}},
    {{"zz/", "d/zz/", "zz//"}, {NOE, 0, NOE, NOE, NOD, NOD, NOE, NOE, NOD, 0}},
    {{"zz/.", "d/zz/.", "zz/yy", "zz/yy/", "zz/yy/.."},
     {NOE, NOE, NOE, NOE, NOE, NOE, NOE, NOE, NOE, NOE}},
};

static int open_and_close(lfs_t *lfs, const char *path, int flags)
{
    lfs_file_t file;
    memset(&file, 0xa5, sizeof(file));
    int result = lfs_file_open(lfs, &file, path, flags);
    if (result == 0) {
        OK(lfs_file_close(lfs, &file));
    }
    return result;
}

static int operate(lfs_t *lfs, enum operation operation, const char *path)
{
    struct lfs_info info;
    lfs_dir_t dir;
    switch (operation) {
    case STAT:
        return lfs_stat(lfs, path, &info);
    case MKDIR:
        return lfs_mkdir(lfs, path);
    case DIR_OPEN: {
        int result = lfs_dir_open(lfs, &dir, path);
        OK(lfs_dir_close(lfs, &dir)); /* also one that was not opened */
        return result;
    }
    case OPEN_READ:
        return open_and_close(lfs, path, LFS_O_RDONLY);
    case OPEN_CREATE:
        return open_and_close(lfs, path, LFS_O_WRONLY | LFS_O_CREAT);
    case OPEN_EXCLUSIVE:
        return open_and_close(lfs, path, LFS_O_WRONLY | LFS_O_CREAT | LFS_O_EXCL);
    case REMOVE:
        return lfs_remove(lfs, path);
    case RENAME_FROM:
        return lfs_rename(lfs, path, "new");
    case RENAME_FILE_TO:
        return lfs_rename(lfs, "f", path);
    default:
        return lfs_rename(lfs, "e", path);
    }
}

static void plant(lfs_t *lfs)
{
    OK(lfs_mkdir(lfs, "d"));
    OK(lfs_mkdir(lfs, "d/sub"));
    OK(lfs_mkdir(lfs, "e"));
    make_file(lfs, "d/f2", "two", 3);
    make_file(lfs, "f", "one", 3);
}

static void check_planted(lfs_t *lfs)
{
    check_names(lfs, "/", "d e f ");
    check_names(lfs, "d", "f2 sub ");
    check_names(lfs, "e", "");
    check_text(lfs, "d/f2", "two");
    check_text(lfs, "f", "one");
}

static void check_cell(const struct shape *shape, const struct row *row, const char *path,
                       enum operation operation)
{
    static struct volume v;
    int wanted = row->results[operation];
    volume_open_size(&v, shape, BLOCKS * shape->block_size);
    plant(&v.lfs);
    int result = operate(&v.lfs, operation, path);
    if (result != wanted) {
        fail_msg("operation %d on \"%s\": %d, not %d", (int)operation, path, result, wanted);
    }
    if (result < 0) { /* and nothing has changed */
        check_planted(&v.lfs);
        volume_remount(&v);
        check_planted(&v.lfs);
    }
    volume_close(&v);
}

static void check_table(const struct shape *shape)
{
    for (size_t r = 0; r < sizeof(table) / sizeof(table[0]); r++) {
        for (size_t p = 0; table[r].paths[p] != NULL; p++) {
            for (int o = 0; o < OPERATIONS; o++) {
                check_cell(shape, &table[r], table[r].paths[p], (enum operation)o);
            }
        }
    }
}

static void every_cell_of_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < SHAPES; i++) {
        check_table(&shapes[i]);
    }
}

/* Attributes go by the column of stat, and the root has some. */
static void attributes_follow_stat(void **state)
{
    static struct volume v;
    (void)state;
    volume_open(&v, &shapes[0]);
    plant(&v.lfs);
    for (size_t r = 0; r < sizeof(table) / sizeof(table[0]); r++) {
        for (size_t p = 0; table[r].paths[p] != NULL; p++) {
            const char *path = table[r].paths[p];
            int wanted = table[r].results[STAT];
            char byte = 0;
            assert_int_equal(lfs_setattr(&v.lfs, path, 7, "x", 1), wanted);
            assert_int_equal(lfs_getattr(&v.lfs, path, 7, &byte, 1), wanted < 0 ? wanted : 1);
            assert_int_equal(lfs_removeattr(&v.lfs, path, 7), wanted);
            assert_int_equal(lfs_getattr(&v.lfs, path, 7, &byte, 1),
                             wanted < 0 ? wanted : LFS_ERR_NOATTR);
        }
    }
    volume_close(&v);
}

static void stat_gives_the_stored_name(void **state)
{
    static const char *const names[][2] = {
        {"/", "/"}, {"d/..", "/"}, {"d/.", "d"}, {"//d//sub/", "sub"}, {"x/../f", "f"}};
    static struct volume v;
    struct lfs_info info;
    (void)state;
    volume_open(&v, &shapes[0]);
    plant(&v.lfs);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        memset(&info, 0xa5, sizeof(info));
        OK(lfs_stat(&v.lfs, names[i][0], &info));
        assert_string_equal(info.name, names[i][1]);
        bool is_file = strcmp(names[i][1], "f") == 0;
        assert_int_equal(info.type, is_file ? LFS_TYPE_REG : LFS_TYPE_DIR);
        assert_int_equal(info.size, is_file ? 3 : 0);
    }
    volume_close(&v);
}

/* --- names ------------------------------------------------------------------------------ */

static void check_name(lfs_t *lfs, const char *name)
{
    struct lfs_info info;
    char other[LFS_NAME_MAX + 8];
    snprintf(other, sizeof(other), "/dir/%s", name);
    make_file(lfs, name, "x", 1);
    OK(lfs_stat(lfs, name, &info));
    assert_string_equal(info.name, name);
    OK(lfs_mkdir(lfs, "dir"));
    OK(lfs_rename(lfs, name, other));
    assert_int_equal(lfs_stat(lfs, name, &info), LFS_ERR_NOENT);
    OK(lfs_stat(lfs, other, &info));
    assert_string_equal(info.name, name);
    assert_int_equal(lfs_remove(lfs, "dir"), LFS_ERR_NOTEMPTY);
    OK(lfs_remove(lfs, other));
    OK(lfs_mkdir(lfs, other));
    OK(lfs_remove(lfs, other));
    OK(lfs_remove(lfs, "dir"));
}

static void names_are_any_bytes(void **state)
{
    static const char *const names[] = {"...",      ".x",           "..x",          "a b",
                                        " ",        "\x01\x02\x1f", "\x7f",         "\xff",
                                        "\xff\xfe", "\xc3\x28",     "\xe2\x98\x83", "\xed\xa0\x80",
                                        "littlefs", "\\",           "C:",           "\r\n",
                                        "*"};
    static struct volume v;
    (void)state;
    volume_open(&v, &shapes[0]);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        check_name(&v.lfs, names[i]);
    }
    check_names(&v.lfs, "/", "");
    volume_close(&v);
}

static void the_longest_name_fits(void **state)
{
    static struct volume v;
    char name[LFS_NAME_MAX + 2];
    struct lfs_info info;
    (void)state;
    volume_open(&v, &shapes[0]);
    memset(name, 'n', sizeof(name));
    name[LFS_NAME_MAX] = '\0';
    check_name(&v.lfs, name);
    make_file(&v.lfs, "f", "x", 1);
    OK(lfs_mkdir(&v.lfs, "d"));
    name[LFS_NAME_MAX] = 'n';
    name[LFS_NAME_MAX + 1] = '\0';
    /* Too long matters only where the name would be made. */
    assert_int_equal(lfs_stat(&v.lfs, name, &info), LFS_ERR_NOENT);
    assert_int_equal(lfs_remove(&v.lfs, name), LFS_ERR_NOENT);
    assert_int_equal(open_and_close(&v.lfs, name, LFS_O_RDONLY), LFS_ERR_NOENT);
    assert_int_equal(lfs_rename(&v.lfs, name, "g"), LFS_ERR_NOENT);
    assert_int_equal(lfs_rename(&v.lfs, "missing", name), LFS_ERR_NOENT);
    assert_int_equal(lfs_mkdir(&v.lfs, name), LFS_ERR_NAMETOOLONG);
    assert_int_equal(lfs_rename(&v.lfs, "f", name), LFS_ERR_NAMETOOLONG);
    assert_int_equal(lfs_rename(&v.lfs, "d", name), LFS_ERR_NAMETOOLONG);
    assert_int_equal(open_and_close(&v.lfs, name, LFS_O_WRONLY | LFS_O_CREAT), LFS_ERR_NAMETOOLONG);
    check_names(&v.lfs, "/", "d f ");
    volume_close(&v);
}

/* A limit of the volume counts, not that of the header. */
static void a_smaller_limit_holds(void **state)
{
    static struct volume v;
    (void)state;
    device_open(&v.device, &shapes[0], 1 << 16);
    v.device.cfg.name_max = 5;
    OK(lfs_format(&v.lfs, &v.device.cfg));
    v.device.cfg.name_max = 0;
    OK(lfs_mount(&v.lfs, &v.device.cfg));
    assert_int_equal(v.lfs.name_max, 5);
    OK(lfs_mkdir(&v.lfs, "12345"));
    assert_int_equal(lfs_mkdir(&v.lfs, "123456"), LFS_ERR_NAMETOOLONG);
    volume_close(&v);
}

static void names_are_in_littlefss_order(void **state)
{
    static const char *const names[] = {"test", "b", "a", "ab", "abc", "aa", "a.txt", "B", "test1"};
    static struct volume v;
    (void)state;
    volume_open(&v, &shapes[0]);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        make_file(&v.lfs, names[i], "", 0);
    }
    check_names(&v.lfs, "/", "B a.txt aa abc ab a b test1 test ");
    volume_close(&v);
}

static void paths_can_be_deep(void **state)
{
    static struct volume v;
    char path[120 + 10];
    (void)state;
    volume_open(&v, &shapes[0]);
    for (size_t at = 0; at < 120; at += 2) {
        memcpy(path + at, "/x", 3);
        OK(lfs_mkdir(&v.lfs, path));
    }
    memcpy(path + 120, "/file", 6);
    make_file(&v.lfs, path, "deep", 4);
    volume_remount(&v);
    check_text(&v.lfs, path, "deep");
    volume_close(&v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cell_of_the_table),      cmocka_unit_test(attributes_follow_stat),
        cmocka_unit_test(stat_gives_the_stored_name),   cmocka_unit_test(names_are_any_bytes),
        cmocka_unit_test(the_longest_name_fits),        cmocka_unit_test(a_smaller_limit_holds),
        cmocka_unit_test(names_are_in_littlefss_order), cmocka_unit_test(paths_can_be_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
