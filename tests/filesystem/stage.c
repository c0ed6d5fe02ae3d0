/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lfk_detail detail;

void stage_open_with(struct stage *stage, uint32_t block_count,
                     const struct lfk_filesystem_options *options)
{
    const struct lfk_medium_options medium = {
        .size = sizeof(medium), .block_size = BLOCK_SIZE, .block_count = block_count};
    *stage = (struct stage){.size = (size_t)BLOCK_SIZE * block_count, .options = *options};
    stage->bytes = malloc(stage->size);
    assert_non_null(stage->bytes);
    memset(stage->bytes, 0x5a, stage->size); /* as dirty as flash may be */
    OK(lfk_medium_open_memory(&stage->medium, stage->bytes, stage->size, &medium, &detail));
    OK(lfk_filesystem_format(lfk_medium_device(stage->medium), options, &detail));
    stage_remount(stage);
}

void stage_open(struct stage *stage, uint32_t block_count)
{
    const struct lfk_filesystem_options options = {.size = sizeof(options)};
    stage_open_with(stage, block_count, &options);
}

void stage_remount(struct stage *stage)
{
    lfk_filesystem_unmount(stage->fs);
    OK(lfk_filesystem_mount(&stage->fs, lfk_medium_device(stage->medium), &stage->options,
                            &detail));
}

void stage_remount_read_only(struct stage *stage)
{
    stage->options.read_only = true;
    stage_remount(stage);
}

void stage_close(struct stage *stage)
{
    lfk_filesystem_unmount(stage->fs);
    lfk_medium_close(stage->medium);
    free(stage->bytes);
}

void fill(uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(i * 7 + i / 256);
    }
}

static void put_bytes(struct lfk_filesystem *fs, const char *path, const void *bytes, uint32_t size)
{
    struct lfk_file *file;
    int flags = LFK_OPEN_WRITE | LFK_OPEN_CREATE | LFK_OPEN_TRUNCATE;
    OK(lfk_file_open(&file, fs, path, flags, NULL, &detail));
    assert_int_equal(lfk_file_write(file, bytes, size, &detail), size);
    OK(lfk_file_close(file, &detail));
}

static void check_bytes(struct lfk_filesystem *fs, const char *path, const void *bytes,
                        uint32_t size)
{
    struct lfk_file *file;
    uint8_t *found = malloc(size + 1);
    assert_non_null(found);
    OK(lfk_file_open(&file, fs, path, LFK_OPEN_READ, NULL, &detail));
    assert_int_equal(lfk_file_read(file, found, size + 1, &detail), size);
    assert_memory_equal(found, bytes, size);
    OK(lfk_file_close(file, &detail));
    free(found);
}

void put_file(struct lfk_filesystem *fs, const char *path, uint32_t size)
{
    uint8_t *bytes = malloc(size + 1);
    assert_non_null(bytes);
    fill(bytes, size);
    put_bytes(fs, path, bytes, size);
    free(bytes);
}

void check_file(struct lfk_filesystem *fs, const char *path, uint32_t size)
{
    uint8_t *bytes = malloc(size + 1);
    assert_non_null(bytes);
    fill(bytes, size);
    check_bytes(fs, path, bytes, size);
    free(bytes);
}

void put_text(struct lfk_filesystem *fs, const char *path, const char *text)
{
    put_bytes(fs, path, text, (uint32_t)strlen(text));
}

void check_text_of(struct lfk_filesystem *fs, const char *path, const char *text)
{
    check_bytes(fs, path, text, (uint32_t)strlen(text));
}

void check_list(struct lfk_filesystem *fs, const char *path, const char *names)
{
    struct lfk_directory *directory;
    struct lfk_stat stat;
    char found[4096] = "";
    size_t size = 0;
    int result;
    OK(lfk_directory_open(&directory, fs, path, &detail));
    while ((result = lfk_directory_read(directory, &stat, &detail)) > 0) {
        size += (size_t)snprintf(found + size, sizeof(found) - size, "%s%s%s", size > 0 ? " " : "",
                                 stat.name, stat.is_dir ? "/" : "");
        assert_true(size < sizeof(found));
    }
    OK(result);
    lfk_directory_close(directory);
    assert_string_equal(found, names);
}

bool exists(struct lfk_filesystem *fs, const char *path)
{
    struct lfk_stat stat;
    int result = lfk_filesystem_stat(fs, path, &stat, &detail);
    assert_true(result == LFK_OK || result == LFK_ERR_NOENT);
    return result == LFK_OK;
}
