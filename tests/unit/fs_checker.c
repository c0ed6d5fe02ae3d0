/* SPDX-License-Identifier: MIT */
#include "fs_checker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static int mount(struct mounted *mounted, const struct maker *m, bool listen,
                 struct lfk_detail *detail)
{
    *mounted = (struct mounted){0};
    struct lfk_fs_options options = {.damage = listen ? note_fs_damage : NULL,
                                     .damage_context = &mounted->damages};
    lfk_bd_memory_open(&mounted->device, m->bytes, maker_size(m));
    assert_int_equal(lfk_bd_shape(&mounted->device.bd, m->block_size, NULL), LFK_OK);
    return lfk_fs_mount(&mounted->fs, &mounted->device.bd, &options, detail);
}

void mount_made(struct mounted *mounted, const struct maker *m)
{
    struct lfk_detail detail = {0};
    assert_int_equal(mount(mounted, m, false, &detail), LFK_OK);
    assert_int_equal(detail.status, LFK_OK);
}

void mount_damaged(struct mounted *mounted, const struct maker *m, const char *damages)
{
    assert_int_equal(mount(mounted, m, true, NULL), LFK_OK);
    check_damages(&mounted->damages, damages);
}

void check_refused(const struct maker *m, int status, const char *line)
{
    struct mounted mounted;
    struct lfk_detail detail = {0};
    assert_int_equal(mount(&mounted, m, false, &detail), status);
    check_told(&detail, status, line);
    unmount(&mounted);
}

void unmount(struct mounted *mounted)
{
    lfk_fs_unmount(&mounted->fs);
    lfk_bd_close(&mounted->device.bd);
}

/* Adds to a text of which `size` bytes are there. */
static void append(char *text, size_t room, size_t *size, const void *bytes, size_t count)
{
    assert_in_range(*size + count, 0, room - 1);
    memcpy(text + *size, bytes, count);
    *size += count;
    text[*size] = '\0';
}

void check_list(struct lfk_fs *fs, const char *path, const char *names)
{
    struct lfk_fs_entry entry;
    struct lfk_fs_dir dir;
    struct lfk_pair pair;
    assert_int_equal(lfk_fs_lookup(fs, path, &entry, NULL), LFK_OK);
    assert_int_equal(lfk_fs_dir_pair(fs, &entry, &pair, NULL), LFK_OK);

    char text[256] = "";
    size_t size = 0;
    int result = lfk_fs_dir_open(fs, pair, lfk_fs_walk(fs), &dir, NULL);
    while (result >= 0 && (result = lfk_fs_dir_read(&dir, &entry, NULL)) > 0) {
        append(text, sizeof(text), &size, " ", size > 0);
        append(text, sizeof(text), &size, entry.entry->name, entry.entry->name_size);
        append(text, sizeof(text), &size, "/", lfk_fs_is_dir(&entry));
    }
    append(text, sizeof(text), &size, size > 0 ? " !" : "!", result < 0 ? 1 + (size > 0) : 0);
    assert_string_equal(text, names);
    assert_int_equal(lfk_fs_dir_read(&dir, &entry, NULL), 0);
}

void check_file(struct lfk_fs *fs, const char *path, const char *text)
{
    struct lfk_fs_entry entry;
    struct lfk_fs_content content;
    assert_int_equal(lfk_fs_lookup(fs, path, &entry, NULL), LFK_OK);
    assert_false(lfk_fs_is_dir(&entry));
    assert_int_equal(lfk_fs_content(&entry, &content, NULL), LFK_OK);
    assert_non_null(content.data);
    assert_int_equal(content.size, strlen(text));
    assert_memory_equal(content.data, text, content.size);
}

void check_lookup_fails(struct lfk_fs *fs, const char *path, int status)
{
    struct lfk_fs_entry entry;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_fs_lookup(fs, path, &entry, &detail), status);
    assert_int_equal(detail.status, status);
}
