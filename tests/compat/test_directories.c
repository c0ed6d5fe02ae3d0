/* SPDX-License-Identifier: MIT */
/*
 * lfs.h: directories: made and removed, gone over while they change, positions.
 */
#include "device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_MAX 300

static void name_of(char *name, unsigned i)
{
    snprintf(name, 16, "n%03u", i);
}

static void make_entries(lfs_t *lfs, const char *directory, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char path[64];
        char name[16];
        name_of(name, i);
        snprintf(path, sizeof(path), "%s/%s", directory, name);
        make_file(lfs, path, "x", 1);
    }
}

static void remove_entries(lfs_t *lfs, const char *directory)
{
    char path[400];
    struct lfs_info info;
    lfs_dir_t dir;
    OK(lfs_dir_open(lfs, &dir, directory));
    while (lfs_dir_read(lfs, &dir, &info) == 1) {
        if (strcmp(info.name, ".") != 0 && strcmp(info.name, "..") != 0) {
            snprintf(path, sizeof(path), "%s/%s", directory, info.name);
            OK(lfs_remove(lfs, path));
        }
    }
    OK(lfs_dir_close(lfs, &dir));
}

/* --- made, renamed, removed ------------------------------------------------------------ */

/* `count` directories and as many files among them, before and after mounting again. */
static void check_crowd(struct volume *v, unsigned count)
{
    char path[32];
    char other[32];
    struct lfs_info info;
    for (unsigned i = 0; i < count; i++) {
        snprintf(path, sizeof(path), "dir%03u", i);
        OK(lfs_mkdir(&v->lfs, path));
        snprintf(path, sizeof(path), "dir%03u/inner", i);
        OK(lfs_mkdir(&v->lfs, path));
        snprintf(path, sizeof(path), "fil%03u", i);
        make_file(&v->lfs, path, path, 7);
    }
    volume_remount(v);
    for (unsigned i = 0; i < count; i++) {
        snprintf(path, sizeof(path), "dir%03u", i);
        snprintf(other, sizeof(other), "new%03u", count - i);
        assert_int_equal(lfs_remove(&v->lfs, path), LFS_ERR_NOTEMPTY);
        assert_int_equal(lfs_mkdir(&v->lfs, path), LFS_ERR_EXIST);
        OK(lfs_rename(&v->lfs, path, other));
        assert_int_equal(lfs_stat(&v->lfs, path, &info), LFS_ERR_NOENT);
    }
    volume_remount(v);
    for (unsigned i = 0; i < count; i++) {
        snprintf(path, sizeof(path), "fil%03u", i);
        check_file(&v->lfs, path, path, 7);
        OK(lfs_remove(&v->lfs, path));
        snprintf(path, sizeof(path), "new%03u/inner", i + 1);
        OK(lfs_remove(&v->lfs, path));
        snprintf(path, sizeof(path), "new%03u", i + 1);
        OK(lfs_remove(&v->lfs, path));
    }
    check_names(&v->lfs, "/", "");
}

static void crowds(void **state)
{
    static const unsigned counts[] = {3, 10, 33, 99};
    static struct volume v;
    (void)state;
    for (size_t i = 0; i < SHAPES; i++) {
        volume_open_size(&v, &shapes[i], 1024 * shapes[i].block_size);
        for (size_t j = 0; j < 4; j++) {
            check_crowd(&v, counts[j]);
        }
        assert_true(lfs_fs_size(&v.lfs) <= 4);
        volume_close(&v);
    }
}

/* Every entry is removed as it is met, in a nest of directories. */
static void removed_while_iterating(void **state)
{
    static struct volume v;
    (void)state;
    volume_open(&v, &shapes[0]);
    OK(lfs_mkdir(&v.lfs, "d"));
    OK(lfs_mkdir(&v.lfs, "d/e"));
    make_entries(&v.lfs, "d/e", 120);
    make_entries(&v.lfs, "d", 120);
    assert_int_equal(lfs_remove(&v.lfs, "d"), LFS_ERR_NOTEMPTY);
    remove_entries(&v.lfs, "d/e");
    remove_entries(&v.lfs, "d");
    OK(lfs_remove(&v.lfs, "d"));
    check_names(&v.lfs, "/", "");
    assert_int_equal(lfs_fs_size(&v.lfs), 2);
    volume_close(&v);
}

/* --- changes around a position --------------------------------------------------------------- */

/* Reads on to the end; what comes has to be the names whose mark is set. */
static void check_rest(lfs_t *lfs, lfs_dir_t *dir, const bool *expected, unsigned count)
{
    struct lfs_info info;
    char name[16];
    for (unsigned i = 0; i < count; i++) {
        if (expected[i]) {
            name_of(name, i);
            assert_int_equal(lfs_dir_read(lfs, dir, &info), 1);
            assert_string_equal(info.name, name);
        }
    }
    assert_int_equal(lfs_dir_read(lfs, dir, &info), 0);
    assert_int_equal(lfs_dir_read(lfs, dir, &info), 0);
    assert_string_equal(info.name, "");
}

/* Stands behind `j` entries, removes entry `k`, and goes on; puts the entry back. */
static void check_removal(struct volume *v, const char *directory, unsigned count, unsigned j,
                          unsigned k)
{
    bool expected[NAMES_MAX];
    char path[64];
    char name[16];
    struct lfs_info info;
    lfs_dir_t dir;
    OK(lfs_dir_open(&v->lfs, &dir, directory));
    for (unsigned i = 0; i < j + 2; i++) {
        assert_int_equal(lfs_dir_read(&v->lfs, &dir, &info), 1);
    }
    name_of(name, k);
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    OK(lfs_remove(&v->lfs, path));
    for (unsigned i = 0; i < count; i++) {
        expected[i] = i >= j && i != k;
    }
    lfs_soff_t position = (lfs_soff_t)(2 + j - (k < j));
    assert_int_equal(lfs_dir_tell(&v->lfs, &dir), position);
    assert_int_equal(dir.pos, position);
    check_rest(&v->lfs, &dir, expected, count);
    assert_int_equal(lfs_dir_tell(&v->lfs, &dir), count + 1);
    OK(lfs_dir_seek(&v->lfs, &dir, (lfs_off_t)position));
    check_rest(&v->lfs, &dir, expected, count);
    OK(lfs_dir_close(&v->lfs, &dir));
    make_file(&v->lfs, path, "x", 1);
}

/*
 * Stands before entry `j`; entry `k` appears. It is met if it sorts behind that;
 * what appears just there is not, unless it is the first of another metadata pair,
 * or no entry was met at all.
 */
static void check_insertion(struct volume *v, const char *directory, unsigned count, unsigned j,
                            unsigned k)
{
    bool expected[NAMES_MAX];
    char path[64];
    char name[16];
    struct lfs_info info;
    lfs_dir_t dir;
    name_of(name, k);
    snprintf(path, sizeof(path), "%s/%s", directory, name);
    OK(lfs_remove(&v->lfs, path));
    OK(lfs_dir_open(&v->lfs, &dir, directory));
    for (unsigned i = 0; i < j + 2; i++) {
        assert_int_equal(lfs_dir_read(&v->lfs, &dir, &info), 1);
    }
    make_file(&v->lfs, path, "x", 1);
    unsigned met = (unsigned)lfs_dir_tell(&v->lfs, &dir) - 2;
    assert_true(met == j + (k < j ? 1 : 0) || (k == j && met == j + 1));
    for (unsigned i = 0; i < count; i++) {
        expected[i] = i >= met;
    }
    check_rest(&v->lfs, &dir, expected, count);
    OK(lfs_dir_close(&v->lfs, &dir));
}

static void check_changes(struct volume *v, const char *directory, unsigned count)
{
    make_entries(&v->lfs, directory, count);
    for (unsigned j = 0; j <= count; j++) {
        for (unsigned k = 0; k < count; k++) {
            check_removal(v, directory, count, j, k);
            if (j < count) {
                check_insertion(v, directory, count, j, k);
            }
        }
    }
    remove_entries(&v->lfs, directory);
}

static void changes_around_a_position(void **state)
{
    static struct volume v;
    (void)state;
    for (size_t i = 0; i < SHAPES; i++) {
        volume_open(&v, &shapes[i]);
        check_changes(&v, ".", 12);
        OK(lfs_mkdir(&v.lfs, "d"));
        check_changes(&v, "d", 12);
        if (i == 0) {
            check_changes(&v, "d", 50); /* more than a pair has room for */
        }
        volume_close(&v);
    }
}

/* Logs are rotated like this, and it ends. */
static void renamed_while_iterating(void **state)
{
    static struct volume v;
    struct lfs_info info;
    lfs_dir_t dir;
    unsigned renamed = 0;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "log1", "x", 1);
    make_file(&v.lfs, "zzz", "x", 1);
    OK(lfs_dir_open(&v.lfs, &dir, "/"));
    while (lfs_dir_read(&v.lfs, &dir, &info) == 1) {
        if (strncmp(info.name, "log", 3) == 0) {
            char next[16];
            snprintf(next, sizeof(next), "log%c", info.name[3] + 1);
            OK(lfs_rename(&v.lfs, info.name, next));
            renamed++;
        }
    }
    assert_int_equal(renamed, 1);
    OK(lfs_dir_close(&v.lfs, &dir));
    check_names(&v.lfs, "/", "log2 zzz ");
    volume_close(&v);
}

/* Every k-th entry is removed when every j-th was met; the others all come, once. */
static void every_kth_at_every_jth(void **state)
{
    static struct volume v;
    (void)state;
    volume_open(&v, &shapes[0]);
    OK(lfs_mkdir(&v.lfs, "d"));
    for (unsigned j = 0; j < 40; j += 3) {
        for (unsigned k = 1; k < 8; k++) {
            struct lfs_info info;
            bool expected[NAMES_MAX];
            lfs_dir_t dir;
            make_entries(&v.lfs, "d", 40);
            OK(lfs_dir_open(&v.lfs, &dir, "d"));
            for (unsigned i = 0; i < j + 2; i++) {
                assert_int_equal(lfs_dir_read(&v.lfs, &dir, &info), 1);
            }
            for (unsigned i = 0; i < 40; i++) {
                char path[32];
                snprintf(path, sizeof(path), "d/n%03u", i);
                expected[i] = i >= j && i % k != 0;
                if (i % k == 0) {
                    OK(lfs_remove(&v.lfs, path));
                }
            }
            check_rest(&v.lfs, &dir, expected, 40);
            OK(lfs_dir_close(&v.lfs, &dir));
        }
    }
    volume_close(&v);
}

/* A rename onto an entry that was met already does not bring it again. */
static void replaced_behind_a_position(void **state)
{
    static struct volume v;
    (void)state;
    volume_open(&v, &shapes[0]);
    for (int across = 0; across < 2; across++) {
        static const bool expected[] = {false, false, false, true, true};
        static const bool without_last[] = {false, false, false, true, false};
        struct lfs_info info;
        lfs_dir_t dir;
        OK(lfs_mkdir(&v.lfs, "d"));
        make_entries(&v.lfs, "d", 5);
        make_file(&v.lfs, "other", "y", 1);
        OK(lfs_dir_open(&v.lfs, &dir, "d"));
        for (int i = 0; i < 5; i++) {
            assert_int_equal(lfs_dir_read(&v.lfs, &dir, &info), 1);
        }
        OK(lfs_rename(&v.lfs, across ? "other" : "d/n004", "d/n002"));
        assert_int_equal(lfs_dir_tell(&v.lfs, &dir), 5);
        check_rest(&v.lfs, &dir, across ? expected : without_last, 5);
        OK(lfs_dir_close(&v.lfs, &dir));
        remove_entries(&v.lfs, "d");
        OK(lfs_remove(&v.lfs, "d"));
        if (!across) {
            OK(lfs_remove(&v.lfs, "other"));
        }
    }
    volume_close(&v);
}

/* A directory's handle outlives the directory, and follows it. */
static void the_directory_itself(void **state)
{
    static struct volume v;
    struct lfs_info info;
    lfs_dir_t dir;
    (void)state;
    for (int replaced = 0; replaced < 2; replaced++) {
        volume_open(&v, &shapes[0]);
        OK(lfs_mkdir(&v.lfs, "d"));
        OK(lfs_mkdir(&v.lfs, "e"));
        OK(lfs_dir_open(&v.lfs, &dir, "d"));
        OK(replaced ? lfs_rename(&v.lfs, "e", "d") : lfs_remove(&v.lfs, "d"));
        make_entries(&v.lfs, "", 60); /* over the blocks that were its */
        assert_int_equal(lfs_dir_read(&v.lfs, &dir, &info), 1);
        assert_int_equal(lfs_dir_read(&v.lfs, &dir, &info), 1);
        assert_string_equal(info.name, "..");
        assert_int_equal(lfs_dir_read(&v.lfs, &dir, &info), 0);
        OK(lfs_dir_rewind(&v.lfs, &dir));
        assert_int_equal(lfs_dir_read(&v.lfs, &dir, &info), 1);
        OK(lfs_dir_close(&v.lfs, &dir));
        volume_close(&v);
    }
}

/* --- positions ---------------------------------------------------------------------------------
 */

static void check_positions(struct volume *v, const char *directory, unsigned count)
{
    lfs_soff_t tells[NAMES_MAX + 3];
    char names[NAMES_MAX + 3][16];
    struct lfs_info info;
    lfs_dir_t dir;
    OK(lfs_dir_open(&v->lfs, &dir, directory));
    for (unsigned i = 0; i < count + 2; i++) {
        tells[i] = lfs_dir_tell(&v->lfs, &dir);
        assert_int_equal(tells[i], i);
        assert_int_equal(lfs_dir_read(&v->lfs, &dir, &info), 1);
        snprintf(names[i], sizeof(names[i]), "%.15s", info.name);
    }
    tells[count + 2] = lfs_dir_tell(&v->lfs, &dir);
    for (unsigned i = count + 2; i-- > 0;) {
        OK(lfs_dir_seek(&v->lfs, &dir, (lfs_off_t)tells[i]));
        assert_int_equal(lfs_dir_tell(&v->lfs, &dir), i);
        assert_int_equal(lfs_dir_read(&v->lfs, &dir, &info), 1);
        assert_string_equal(info.name, names[i]);
    }
    OK(lfs_dir_seek(&v->lfs, &dir, (lfs_off_t)tells[count + 2]));
    assert_int_equal(lfs_dir_read(&v->lfs, &dir, &info), 0);
    assert_int_equal(lfs_dir_seek(&v->lfs, &dir, count + 3), LFS_ERR_INVAL);
    assert_int_equal(lfs_dir_read(&v->lfs, &dir, &info), 0);
    assert_int_equal(lfs_dir_seek(&v->lfs, &dir, UINT32_MAX), LFS_ERR_INVAL);
    assert_int_equal(lfs_dir_tell(&v->lfs, &dir), count + 2);
    OK(lfs_dir_rewind(&v->lfs, &dir));
    assert_int_equal(lfs_dir_read(&v->lfs, &dir, &info), 1);
    assert_string_equal(info.name, ".");
    OK(lfs_dir_close(&v->lfs, &dir));
}

static void positions(void **state)
{
    static const unsigned counts[] = {0, 4, 128, 132};
    static struct volume v;
    (void)state;
    for (size_t i = 0; i < SHAPES; i++) {
        for (size_t j = 0; j < 4; j++) {
            volume_open(&v, &shapes[i]);
            make_entries(&v.lfs, "", counts[j]);
            check_positions(&v, "/", counts[j]);
            OK(lfs_mkdir(&v.lfs, "n999"));
            make_entries(&v.lfs, "n999", counts[j]);
            check_positions(&v, "n999", counts[j]);
            volume_close(&v);
        }
    }
}

/* A handle stays valid while its directory's pair moves to other blocks. */
static void the_pair_moves(void **state)
{
    static struct volume v;
    (void)state;
    for (int32_t cycles = 1; cycles < 9; cycles += 7) {
        static const bool all[20] = {true, true, true, true, true, true, true, true, true, true,
                                     true, true, true, true, true, true, true, true, true, true};
        struct lfs_info info;
        lfs_dir_t dir;
        device_open(&v.device, &shapes[0], 1 << 20);
        v.device.cfg.block_cycles = cycles;
        OK(lfs_format(&v.lfs, &v.device.cfg));
        OK(lfs_mount(&v.lfs, &v.device.cfg));
        OK(lfs_mkdir(&v.lfs, "d"));
        make_entries(&v.lfs, "d", 20);
        OK(lfs_dir_open(&v.lfs, &dir, "d"));
        assert_int_equal(lfs_dir_read(&v.lfs, &dir, &info), 1);
        assert_int_equal(lfs_dir_read(&v.lfs, &dir, &info), 1);
        for (int i = 0; i < 100; i++) {
            OK(lfs_setattr(&v.lfs, "d/n010", 1, &i, sizeof(i)));
            OK(lfs_setattr(&v.lfs, "d", 1, &i, sizeof(i)));
        }
        check_rest(&v.lfs, &dir, all, 20);
        OK(lfs_dir_close(&v.lfs, &dir));
        volume_close(&v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crowds),
        cmocka_unit_test(removed_while_iterating),
        cmocka_unit_test(changes_around_a_position),
        cmocka_unit_test(renamed_while_iterating),
        cmocka_unit_test(every_kth_at_every_jth),
        cmocka_unit_test(replaced_behind_a_position),
        cmocka_unit_test(the_directory_itself),
        cmocka_unit_test(positions),
        cmocka_unit_test(the_pair_moves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
