/* SPDX-License-Identifier: MIT */
/*
 * lfs_calls - makes the calls of lfs.h that standard input lists, one a line,
 * and prints what each returns. test_differential.py compares that with what
 * the reference returns, see reference_calls.py, where the lines are described.
 */
#include "lfs.h"

#include <stdio.h>
#include <stdlib.h>

#define LINE_SIZE 4096
#define WORDS 5
#define SLOTS 8

static struct {
    uint8_t *bytes;
    lfs_size_t block_size;
    lfs_size_t block_count;
} flash;

static struct lfs_config cfg;
static lfs_t lfs;
static lfs_file_t files[SLOTS];
static lfs_dir_t dirs[SLOTS];
static uint8_t buffer[1 << 16];

/* --- the device -------------------------------------------------------------------------- */

static uint8_t *at(lfs_block_t block, lfs_off_t off)
{
    return flash.bytes + (size_t)block * flash.block_size + off;
}

static int read_flash(const struct lfs_config *c, lfs_block_t block, lfs_off_t off, void *to,
                      lfs_size_t size)
{
    (void)c;
    if (block >= flash.block_count) {
        return LFS_ERR_CORRUPT;
    }
    memcpy(to, at(block, off), size);
    return 0;
}

static int prog_flash(const struct lfs_config *c, lfs_block_t block, lfs_off_t off,
                      const void *from, lfs_size_t size)
{
    (void)c;
    memcpy(at(block, off), from, size);
    return 0;
}

static int erase_flash(const struct lfs_config *c, lfs_block_t block)
{
    (void)c;
    memset(at(block, 0), 0xff, flash.block_size);
    return 0;
}

static int sync_flash(const struct lfs_config *c)
{
    (void)c;
    return 0;
}

/* --- the calls ------------------------------------------------------------------------------ */

struct line {
    const char *words[WORDS];
};

static const char *text(const struct line *line, int word)
{
    return line->words[word];
}

static long number(const struct line *line, int word)
{
    return strtol(line->words[word], NULL, 10);
}

static lfs_file_t *file_of(const struct line *line)
{
    return &files[number(line, 1) % SLOTS];
}

static lfs_dir_t *dir_of(const struct line *line)
{
    return &dirs[number(line, 1) % SLOTS];
}

static void print_bytes(int result, size_t size)
{
    printf("%d ", result);
    for (size_t i = 0; i < size; i++) {
        printf("%02x", buffer[i]);
    }
    putchar('\n');
}

static void print(int result)
{
    print_bytes(result, 0);
}

static void print_info(int result, const struct lfs_info *info)
{
    if (result < 0 || info->name[0] == '\0') {
        print(result);
    } else {
        printf("%d %d %lu %s\n", result, info->type, (unsigned long)info->size, info->name);
    }
}

static void call_format(const struct line *line)
{
    free(flash.bytes);
    (void)lfs_unmount(&lfs);
    flash.block_size = (lfs_size_t)number(line, 2);
    flash.block_count = (lfs_size_t)number(line, 3);
    flash.bytes = malloc((size_t)flash.block_count * flash.block_size);
    if (flash.bytes == NULL) {
        exit(EXIT_FAILURE);
    }
    memset(flash.bytes, 0xff, (size_t)flash.block_count * flash.block_size);
    cfg = (struct lfs_config){
        .read = read_flash,
        .prog = prog_flash,
        .erase = erase_flash,
        .sync = sync_flash,
        .read_size = (lfs_size_t)number(line, 1),
        .prog_size = (lfs_size_t)number(line, 1),
        .block_size = flash.block_size,
        .block_count = flash.block_count,
        .block_cycles = (int32_t)number(line, 4),
        .cache_size = lfs_max(64, (lfs_size_t)number(line, 1)),
        .lookahead_size = 16,
    };
    print(lfs_format(&lfs, &cfg));
    (void)lfs_mount(&lfs, &cfg);
}

static void call_remount(const struct line *line)
{
    (void)line;
    (void)lfs_unmount(&lfs);
    print(lfs_mount(&lfs, &cfg));
}

static void call_stat(const struct line *line)
{
    struct lfs_info info;
    int result = lfs_stat(&lfs, text(line, 1), &info);
    print_info(result, &info);
}

static void call_mkdir(const struct line *line)
{
    print(lfs_mkdir(&lfs, text(line, 1)));
}

static void call_remove(const struct line *line)
{
    print(lfs_remove(&lfs, text(line, 1)));
}

static void call_rename(const struct line *line)
{
    print(lfs_rename(&lfs, text(line, 1), text(line, 2)));
}

static void call_setattr(const struct line *line)
{
    lfs_size_t size = (lfs_size_t)number(line, 3);
    memset(buffer, (int)number(line, 4), size);
    print(lfs_setattr(&lfs, text(line, 1), (uint8_t)number(line, 2), buffer, size));
}

static void call_getattr(const struct line *line)
{
    int result = lfs_getattr(&lfs, text(line, 1), (uint8_t)number(line, 2), buffer, 1022);
    print_bytes(result < 0 ? result : 0, result < 0 ? 0 : (size_t)result);
}

static void call_removeattr(const struct line *line)
{
    print(lfs_removeattr(&lfs, text(line, 1), (uint8_t)number(line, 2)));
}

static void call_file_open(const struct line *line)
{
    print(lfs_file_open(&lfs, file_of(line), text(line, 2), (int)number(line, 3)));
}

static void call_file_close(const struct line *line)
{
    print(lfs_file_close(&lfs, file_of(line)));
}

static void call_file_sync(const struct line *line)
{
    print(lfs_file_sync(&lfs, file_of(line)));
}

static void call_file_read(const struct line *line)
{
    int result = lfs_file_read(&lfs, file_of(line), buffer, (lfs_size_t)number(line, 2));
    print_bytes(result < 0 ? result : 0, result < 0 ? 0 : (size_t)result);
}

static void call_file_write(const struct line *line)
{
    lfs_size_t size = (lfs_size_t)number(line, 2);
    memset(buffer, (int)number(line, 3), size);
    print(lfs_file_write(&lfs, file_of(line), buffer, size));
}

static void call_file_seek(const struct line *line)
{
    print(lfs_file_seek(&lfs, file_of(line), (lfs_soff_t)number(line, 2), (int)number(line, 3)));
}

static void call_file_tell(const struct line *line)
{
    print(lfs_file_tell(&lfs, file_of(line)));
}

static void call_file_rewind(const struct line *line)
{
    print(lfs_file_rewind(&lfs, file_of(line)));
}

static void call_file_size(const struct line *line)
{
    print(lfs_file_size(&lfs, file_of(line)));
}

static void call_file_truncate(const struct line *line)
{
    print(lfs_file_truncate(&lfs, file_of(line), (lfs_off_t)number(line, 2)));
}

static void call_dir_open(const struct line *line)
{
    print(lfs_dir_open(&lfs, dir_of(line), text(line, 2)));
}

static void call_dir_close(const struct line *line)
{
    print(lfs_dir_close(&lfs, dir_of(line)));
}

static void call_dir_read(const struct line *line)
{
    struct lfs_info info;
    int result = lfs_dir_read(&lfs, dir_of(line), &info);
    print_info(result < 0 ? result : 0, &info);
}

static void call_dir_tell(const struct line *line)
{
    print(lfs_dir_tell(&lfs, dir_of(line)));
}

static void call_dir_rewind(const struct line *line)
{
    print(lfs_dir_rewind(&lfs, dir_of(line)));
}

static void call_fs_size(const struct line *line)
{
    (void)line;
    print(lfs_fs_size(&lfs));
}

static void call_fs_gc(const struct line *line)
{
    (void)line;
    print(lfs_fs_gc(&lfs));
}

static void call_fs_mkconsistent(const struct line *line)
{
    (void)line;
    print(lfs_fs_mkconsistent(&lfs));
}

static const struct {
    const char *name;
    void (*call)(const struct line *line);
} calls[] = {
    {"format", call_format},
    {"remount", call_remount},
    {"stat", call_stat},
    {"mkdir", call_mkdir},
    {"remove", call_remove},
    {"rename", call_rename},
    {"setattr", call_setattr},
    {"getattr", call_getattr},
    {"removeattr", call_removeattr},
    {"file_open", call_file_open},
    {"file_close", call_file_close},
    {"file_sync", call_file_sync},
    {"file_read", call_file_read},
    {"file_write", call_file_write},
    {"file_seek", call_file_seek},
    {"file_tell", call_file_tell},
    {"file_rewind", call_file_rewind},
    {"file_size", call_file_size},
    {"file_truncate", call_file_truncate},
    {"dir_open", call_dir_open},
    {"dir_close", call_dir_close},
    {"dir_read", call_dir_read},
    {"dir_tell", call_dir_tell},
    {"dir_rewind", call_dir_rewind},
    {"fs_size", call_fs_size},
    {"fs_gc", call_fs_gc},
    {"fs_mkconsistent", call_fs_mkconsistent},
};

static bool make_call(char *bytes)
{
    struct line line;
    bytes[strcspn(bytes, "\n")] = '\0';
    for (int i = 0; i < WORDS; i++) {
        char *end = bytes + strcspn(bytes, "\t");
        line.words[i] = bytes;
        bytes = *end != '\0' ? end + 1 : end;
        *end = '\0';
    }
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        if (strcmp(calls[i].name, line.words[0]) == 0) {
            calls[i].call(&line);
            return true;
        }
    }
    return false;
}

int main(void)
{
    static char bytes[LINE_SIZE];
    while (fgets(bytes, sizeof(bytes), stdin) != NULL) {
        if (!make_call(bytes)) {
            fprintf(stderr, "there is no call %s\n", bytes);
            return 1;
        }
    }
    (void)lfs_unmount(&lfs);
    free(flash.bytes);
    return 0;
}
