/* SPDX-License-Identifier: MIT */
#include "flash_volume.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void mount(struct flash_volume *v)
{
    const struct lfk_fs_options options = {.writing = &v->writing};
    assert_int_equal(lfk_fs_mount(&v->fs, &v->flash.bd, &options, NULL), LFK_OK);
}

void volume_open_with(struct flash_volume *v, uint32_t block_size, uint32_t block_count,
                      const struct lfk_fs_writing *writing)
{
    *v = (struct flash_volume){.writing = *writing};
    const struct lfk_fs_options options = {.block_count = block_count, .writing = &v->writing};
    flash_open(&v->flash, block_size, block_count, writing->prog_size, FLASH_ERASE_KEEPS);
    assert_int_equal(lfk_fs_format(&v->flash.bd, &options, NULL), LFK_OK);
    mount(v);
}

void volume_open(struct flash_volume *v, uint32_t block_count)
{
    volume_open_with(v, 512, block_count, &(struct lfk_fs_writing){.prog_size = 16});
}

void volume_remount(struct flash_volume *v)
{
    flash_restore(&v->flash);
    lfk_fs_unmount(&v->fs);
    mount(v);
}

void volume_close(struct flash_volume *v)
{
    assert_string_equal(v->flash.breach, "");
    lfk_fs_unmount(&v->fs);
    flash_close(&v->flash);
}

void volume_put(struct flash_volume *v, const char *path, const void *data, size_t size)
{
    struct lfk_fs_place place;
    struct lfk_fs_file file;
    assert_int_equal(lfk_fs_prepare(&v->fs, NULL), LFK_OK);
    assert_int_equal(lfk_fs_find(&v->fs, path, &place, NULL), LFK_OK);
    struct lfk_fs_entry entry = place.found;
    if (!place.exists) {
        assert_int_equal(lfk_fs_file_create(&v->fs, &place, &entry, NULL), LFK_OK);
    }
    assert_int_equal(lfk_fs_file_open(&v->fs, &entry, &file, NULL), LFK_OK);
    lfk_fs_file_clear(&file);
    assert_int_equal(lfk_fs_file_write(&file, 0, data, (uint32_t)size, NULL), LFK_OK);
    assert_int_equal(lfk_fs_file_sync(&file, NULL, 0, NULL), LFK_OK);
    lfk_fs_file_close(&file);
}

void volume_put_text(struct flash_volume *v, const char *path, const char *text)
{
    volume_put(v, path, text, strlen(text));
}

void volume_mkdir(struct flash_volume *v, const char *path)
{
    assert_int_equal(lfk_fs_mkdir(&v->fs, path, NULL), LFK_OK);
}

void volume_open_file(struct flash_volume *v, const char *path, struct lfk_fs_file *file)
{
    struct lfk_fs_entry entry;
    assert_int_equal(lfk_fs_lookup(&v->fs, path, &entry, NULL), LFK_OK);
    assert_int_equal(lfk_fs_file_open(&v->fs, &entry, file, NULL), LFK_OK);
}

bool volume_has(struct flash_volume *v, const char *path)
{
    struct lfk_fs_entry entry;
    int result = lfk_fs_lookup(&v->fs, path, &entry, NULL);
    assert_true(result == LFK_OK || result == LFK_ERR_NOENT);
    return result == LFK_OK;
}

void check_open_file(struct lfk_fs_file *file, const void *data, size_t size)
{
    char *buffer = malloc(size + 1);
    assert_non_null(buffer);
    assert_int_equal(lfk_fs_file_size(file), size);
    assert_int_equal(lfk_fs_file_read(file, 0, buffer, (uint32_t)size + 1, NULL), size);
    if (size > 0) {
        assert_memory_equal(buffer, data, size);
    }
    free(buffer);
}

void volume_check(struct flash_volume *v, const char *path, const void *data, size_t size)
{
    struct lfk_fs_file file;
    volume_open_file(v, path, &file);
    check_open_file(&file, data, size);
    lfk_fs_file_close(&file);
}

void volume_check_text(struct flash_volume *v, const char *path, const char *text)
{
    volume_check(v, path, text, strlen(text));
}
