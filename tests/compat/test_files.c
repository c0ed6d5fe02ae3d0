/* SPDX-License-Identifier: MIT */
/*
 * lfs.h: what is written to files is what is read from them.
 */
#include "device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST 262144u

static uint8_t bytes[LARGEST + 1024];
static uint8_t found[LARGEST + 1024];

/* --- sizes and chunks ------------------------------------------------------------------- */

static void write_in_chunks(lfs_t *lfs, const char *path, lfs_size_t size, lfs_size_t chunk)
{
    lfs_file_t file;
    OK(lfs_file_open(lfs, &file, path, LFS_O_WRONLY | LFS_O_CREAT | LFS_O_EXCL));
    for (lfs_size_t at = 0; at < size; at += chunk) {
        lfs_size_t part = size - at < chunk ? size - at : chunk;
        assert_int_equal(lfs_file_write(lfs, &file, bytes + at, part), part);
        assert_int_equal(file.pos, at + part);
        assert_int_equal(file.ctz.size, at + part);
    }
    OK(lfs_file_close(lfs, &file));
}

static void read_in_chunks(lfs_t *lfs, const char *path, lfs_size_t size, lfs_size_t chunk)
{
    lfs_file_t file;
    OK(lfs_file_open(lfs, &file, path, LFS_O_RDONLY));
    memset(found, 0, size);
    for (lfs_size_t at = 0; at < size; at += chunk) {
        lfs_size_t part = size - at < chunk ? size - at : chunk;
        assert_int_equal(lfs_file_read(lfs, &file, found + at, chunk), part);
    }
    assert_int_equal(lfs_file_read(lfs, &file, found, chunk), 0);
    assert_int_equal(lfs_file_tell(lfs, &file), size);
    OK(lfs_file_close(lfs, &file));
    assert_int_equal(memcmp(found, bytes, size), 0);
}

static void check_chunks(struct volume *v)
{
    static const lfs_size_t sizes[] = {0, 7, 32, 8192, 8193, 131072, LARGEST};
    static const lfs_size_t chunks[] = {1, 16, 31, 33, 1023};
    for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
        for (size_t c = 0; c < sizeof(chunks) / sizeof(chunks[0]); c++) {
            if (chunks[c] < 31 && sizes[s] > 8193) {
                continue;
            }
            write_in_chunks(&v->lfs, "file", sizes[s], chunks[c]);
            volume_remount(v);
            read_in_chunks(&v->lfs, "file", sizes[s], chunks[(c + 1) % 5]);
            OK(lfs_remove(&v->lfs, "file"));
        }
    }
}

static void sizes_and_chunks(void **state)
{
    (void)state;
    on_all_volumes(check_chunks);
}

/* --- rewriting, appending ------------------------------------------------------------------ */

static void write_over(lfs_t *lfs, const char *path, int flags, lfs_size_t size, unsigned salt)
{
    static uint8_t part[LARGEST];
    lfs_file_t file;
    fill(part, size, salt);
    OK(lfs_file_open(lfs, &file, path, LFS_O_WRONLY | flags));
    assert_int_equal(lfs_file_write(lfs, &file, part, size), size);
    OK(lfs_file_close(lfs, &file));
}

/* The file is `first` bytes of salt 1, then `second` bytes of salt 2 are written its way. */
static void check_rewrite(struct volume *v, lfs_size_t first, lfs_size_t second)
{
    lfs_size_t longer = first > second ? first : second;
    make_pattern(&v->lfs, "file", first, 1);
    write_over(&v->lfs, "file", 0, second, 2);
    fill(found, longer, 1);
    fill(found, second, 2);
    volume_remount(v);
    check_file(&v->lfs, "file", found, longer);

    make_pattern(&v->lfs, "file", first, 1);
    write_over(&v->lfs, "file", LFS_O_APPEND, second, 2);
    fill(found, first, 1);
    fill(found + first, second, 2);
    volume_remount(v);
    check_file(&v->lfs, "file", found, first + second);

    make_pattern(&v->lfs, "file", first, 1);
    write_over(&v->lfs, "file", LFS_O_TRUNC, second, 2);
    volume_remount(v);
    check_pattern(&v->lfs, "file", second, 2);
}

static void check_rewrites(struct volume *v)
{
    static const lfs_size_t sizes[] = {0, 1, 7, 8, 9, 64, 65, 512, 513, 8192, 40000};
    for (size_t a = 0; a < sizeof(sizes) / sizeof(sizes[0]); a++) {
        for (size_t b = 0; b < sizeof(sizes) / sizeof(sizes[0]); b++) {
            check_rewrite(v, sizes[a], sizes[b]);
        }
    }
}

static void rewriting_and_appending(void **state)
{
    (void)state;
    on_all_volumes(check_rewrites);
}

/* APPEND moves a position before the end, keeps one beyond it, and leaves reading alone. */
static void append_positions(void **state)
{
    static struct volume v;
    lfs_file_t file;
    char text[16] = "";
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "hello", 5);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDWR | LFS_O_APPEND));
    assert_int_equal(lfs_file_tell(&v.lfs, &file), 0);
    assert_int_equal(lfs_file_read(&v.lfs, &file, text, 2), 2);
    assert_string_equal(text, "he");
    assert_int_equal(lfs_file_write(&v.lfs, &file, "!", 1), 1);
    assert_int_equal(lfs_file_tell(&v.lfs, &file), 6);
    assert_int_equal(lfs_file_seek(&v.lfs, &file, 8, LFS_SEEK_SET), 8);
    assert_int_equal(lfs_file_write(&v.lfs, &file, "?", 1), 1);
    OK(lfs_file_close(&v.lfs, &file));
    check_file(&v.lfs, "f", "hello!\0\0?", 9);
    volume_close(&v);
}

/* --- many files ------------------------------------------------------------------------------ */

static void many_files(void **state)
{
    static struct volume v;
    char path[16];
    (void)state;
    volume_open(&v, &shapes[0]);
    for (unsigned i = 0; i < 300; i++) {
        snprintf(path, sizeof(path), "file%03u", i);
        make_pattern(&v.lfs, path, i % 100, i);
    }
    for (int mounted = 0; mounted < 2; mounted++) {
        for (unsigned i = 0; i < 300; i++) {
            snprintf(path, sizeof(path), "file%03u", i);
            check_pattern(&v.lfs, path, i % 100, i);
        }
        volume_remount(&v);
    }
    volume_close(&v);
}

#define HANDLES 26u

/* All letters at once, a few bytes each in turn; on the way some are removed. */
static void check_interspersed(struct volume *v, lfs_size_t size, lfs_size_t chunk)
{
    static lfs_file_t files[HANDLES];
    char path[2] = "a";
    for (unsigned i = 0; i < HANDLES; i++, path[0]++) {
        OK(lfs_file_open(&v->lfs, &files[i], path, LFS_O_WRONLY | LFS_O_CREAT | LFS_O_EXCL));
    }
    for (lfs_size_t at = 0; at < size; at += chunk) {
        for (unsigned i = 0; i < HANDLES; i++) {
            fill(bytes, size, i);
            assert_int_equal(lfs_file_write(&v->lfs, &files[i], bytes + at, chunk), chunk);
        }
        if (at == size / 2 / chunk * chunk) {
            OK(lfs_remove(&v->lfs, "c"));
            OK(lfs_remove(&v->lfs, "z"));
            make_file(&v->lfs, "c2", "new", 3);
        }
    }
    for (unsigned i = 0; i < HANDLES; i++) {
        OK(lfs_file_close(&v->lfs, &files[i]));
    }
    volume_remount(v);
    check_names(&v->lfs, "/", "a b c2 d e f g h i j k l m n o p q r s t u v w x y ");
    for (unsigned i = 0; i < HANDLES - 1; i++) {
        path[0] = (char)('a' + i);
        if (i != 2) {
            check_pattern(&v->lfs, path, size, i);
            OK(lfs_remove(&v->lfs, path));
        }
    }
    OK(lfs_remove(&v->lfs, "c2"));
    fill(bytes, sizeof(bytes), 0);
}

static void check_handles(struct volume *v)
{
    check_interspersed(v, 10, 1);
    check_interspersed(v, 100, 10);
    if (v->device.cfg.block_size <= 4096) { /* a block of its own for each of them */
        check_interspersed(v, 4000, 100);
    }
}

static void interspersed_handles(void **state)
{
    (void)state;
    on_all_volumes(check_handles);
}

/* --- neighbours in one metadata block ------------------------------------------------------------
 */

/* A file that grows and shrinks across the inline limit leaves its neighbours alone. */
static void check_neighbours(struct volume *v)
{
    static const lfs_size_t sizes[] = {20, 60, 0, 64, 65, 200, 3, 400, 8, 9, 1};
    char name[201];
    memset(name, 'k', 200);
    name[200] = '\0';
    make_pattern(&v->lfs, "a", 20, 1);
    make_pattern(&v->lfs, "z", 50, 2);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        make_pattern(&v->lfs, "m", sizes[i], 3);
        make_pattern(&v->lfs, name, 400, 4);
        check_pattern(&v->lfs, "a", 20, 1);
        check_pattern(&v->lfs, "m", sizes[i], 3);
        check_pattern(&v->lfs, "z", 50, 2);
        check_pattern(&v->lfs, name, 400, 4);
        OK(lfs_remove(&v->lfs, i % 2 == 0 ? name : "m"));
        volume_remount(v);
        check_pattern(&v->lfs, "a", 20, 1);
        check_pattern(&v->lfs, "z", 50, 2);
    }
}

static void neighbours_in_a_block(void **state)
{
    (void)state;
    on_all_volumes(check_neighbours);
}

/* --- flags and fields ---------------------------------------------------------------------------
 */

static void flags_say_what_is(void **state)
{
    static struct volume v;
    lfs_file_t file;
    (void)state;
    volume_open(&v, &shapes[0]);
    const int flags = LFS_O_RDWR | LFS_O_CREAT | LFS_O_EXCL;
    OK(lfs_file_open(&v.lfs, &file, "f", flags));
    assert_int_equal(file.flags, flags | LFS_F_INLINE);
    fill(bytes, 100, 0);
    assert_int_equal(lfs_file_write(&v.lfs, &file, bytes, 10), 10);
    assert_true(file.flags & LFS_F_DIRTY);
    assert_true(file.flags & LFS_F_INLINE);
    OK(lfs_file_sync(&v.lfs, &file));
    assert_int_equal(file.flags, flags | LFS_F_INLINE);
    assert_int_equal(lfs_file_write(&v.lfs, &file, bytes, 100), 100);
    assert_int_equal(file.flags, flags | LFS_F_DIRTY | LFS_F_WRITING);
    OK(lfs_file_rewind(&v.lfs, &file));
    assert_int_equal(lfs_file_read(&v.lfs, &file, bytes, 10), 10);
    assert_int_equal(file.flags, flags | LFS_F_DIRTY | LFS_F_READING);
    OK(lfs_file_close(&v.lfs, &file));
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_WRONLY | LFS_O_TRUNC));
    assert_int_equal(file.flags, LFS_O_WRONLY | LFS_O_TRUNC | LFS_F_DIRTY | LFS_F_INLINE);
    assert_int_equal(file.ctz.size, 0);
    OK(lfs_file_close(&v.lfs, &file));
    volume_close(&v);
}

/* TRUNC is seen by others when it is synced; it works without the right to write, too. */
static void truncation_at_open(void **state)
{
    static struct volume v;
    struct lfs_info info;
    lfs_file_t file;
    (void)state;
    volume_open(&v, &shapes[0]);
    make_file(&v.lfs, "f", "hello", 5);
    OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_RDONLY | LFS_O_TRUNC));
    assert_int_equal(lfs_file_size(&v.lfs, &file), 0);
    OK(lfs_stat(&v.lfs, "f", &info));
    assert_int_equal(info.size, 5);
    OK(lfs_file_close(&v.lfs, &file));
    check_text(&v.lfs, "f", "");
    volume_close(&v);
}

/* CREAT makes the file at once, whatever the rights; without any, nothing else is allowed. */
static void creation_is_immediate(void **state)
{
    static struct volume v;
    static const int rights[] = {0, LFS_O_RDONLY, LFS_O_WRONLY, LFS_O_RDWR};
    lfs_file_t file;
    char path[2] = "a";
    char byte = 0;
    (void)state;
    volume_open(&v, &shapes[0]);
    for (size_t i = 0; i < 4; i++, path[0]++) {
        OK(lfs_file_open(&v.lfs, &file, path, rights[i] | LFS_O_CREAT));
        check_text(&v.lfs, path, "");
        assert_int_equal(lfs_file_read(&v.lfs, &file, &byte, 1),
                         rights[i] & LFS_O_RDONLY ? 0 : LFS_ERR_BADF);
        assert_int_equal(lfs_file_write(&v.lfs, &file, &byte, 1),
                         rights[i] & LFS_O_WRONLY ? 1 : LFS_ERR_BADF);
        OK(lfs_file_close(&v.lfs, &file));
    }
    lfs_file_t second;
    assert_int_equal(lfs_file_open(&v.lfs, &second, "no", LFS_O_RDONLY | LFS_O_EXCL),
                     LFS_ERR_NOENT);
    assert_int_equal(lfs_file_open(&v.lfs, &second, "a", LFS_O_RDONLY | LFS_O_EXCL), LFS_ERR_EXIST);
    volume_close(&v);
}

static int prepare(void **state)
{
    (void)state;
    fill(bytes, sizeof(bytes), 0);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_and_chunks),      cmocka_unit_test(rewriting_and_appending),
        cmocka_unit_test(append_positions),      cmocka_unit_test(many_files),
        cmocka_unit_test(interspersed_handles),  cmocka_unit_test(neighbours_in_a_block),
        cmocka_unit_test(flags_say_what_is),     cmocka_unit_test(truncation_at_open),
        cmocka_unit_test(creation_is_immediate),
    };
    return cmocka_run_group_tests(tests, prepare, NULL);
}
