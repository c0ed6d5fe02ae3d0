/* SPDX-License-Identifier: MIT */
/*
 * The driver as tests in other languages use it: commands come from standard
 * input, one a line, and are answered with "ok ..." or "error CODE". Paths and
 * data are in hexadecimal. The device is a checking flash that holds an image.
 *
 *   open IMAGE BLOCK_SIZE PROG_SIZE CACHE_SIZE CYCLES VERSION ERASE_VALUE
 *   save IMAGE | tree | used | grow BLOCKS
 *   cut CHANGES     the power goes after as many programs and erases; nothing works then
 *   lost            1: it has gone
 *   mkdir PATH | remove PATH | rename PATH PATH | truncate PATH SIZE
 *   write PATH AT DATA        AT is a position, "all" or "end"
 *   setattr PATH TYPE DATA | removeattr PATH TYPE
 */
#include "flash.h"
#include "fs/fs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_SIZE (4u << 20)
#define WORDS_MAX 8

static struct flash flash;
static struct lfk_fs fs;
static struct lfk_fs_writing writing;

static uint8_t *from_hex(const char *text, uint32_t *size)
{
    size_t length = strlen(text) / 2;
    uint8_t *bytes = malloc(length + 1);
    if (bytes == NULL) {
        exit(EXIT_FAILURE);
    }
    for (size_t i = 0; i < length; i++) {
        unsigned byte;
        if (sscanf(text + 2 * i, "%2x", &byte) != 1) {
            exit(EXIT_FAILURE);
        }
        bytes[i] = (uint8_t)byte;
    }
    bytes[length] = '\0';
    *size = (uint32_t)length;
    return bytes;
}

static void put_hex(const void *data, size_t size)
{
    const uint8_t *bytes = data;
    for (size_t i = 0; i < size; i++) {
        printf("%02x", bytes[i]);
    }
}

static void release(void)
{
    lfk_fs_unmount(&fs);
    if (flash.bytes != NULL) {
        flash_close(&flash);
    }
}

static int open_image(char **words)
{
    FILE *file = fopen(words[1], "rb");
    uint32_t block_size = (uint32_t)strtoul(words[2], NULL, 0);
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        exit(EXIT_FAILURE);
    }
    long size = ftell(file);
    uint32_t blocks = (uint32_t)size / block_size;
    release();
    rewind(file);
    int erased = (int)strtol(words[7], NULL, 0);
    flash_open(&flash, block_size, blocks, (uint32_t)strtoul(words[3], NULL, 0), erased);
    if (fread(flash.bytes, 1, (size_t)size, file) != (size_t)size) {
        exit(EXIT_FAILURE);
    }
    fclose(file);
    /* What was erased before is not known: what reads so is taken to be. */
    for (uint32_t block = 0; block < blocks; block++) {
        uint32_t end = erased == FLASH_ERASE_KEEPS ? 0 : block_size;
        while (end > 0 && flash.bytes[(size_t)block * block_size + end - 1] == erased) {
            end--;
        }
        flash.programmed[block] = end;
    }
    writing = (struct lfk_fs_writing){
        .prog_size = flash.prog_size,
        .cache_size = (uint32_t)strtoul(words[4], NULL, 0),
        .block_cycles = (int32_t)strtol(words[5], NULL, 0),
        .disk_version = (uint32_t)strtoul(words[6], NULL, 0),
    };
    const struct lfk_fs_options options = {.writing = &writing};
    return lfk_fs_mount(&fs, &flash.bd, &options, NULL);
}

static int save_image(const char *path)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(flash.bytes, 1, (size_t)flash.bd.size, file) != flash.bd.size) {
        exit(EXIT_FAILURE);
    }
    return fclose(file);
}

static int open_file(const char *path, bool make, struct lfk_fs_file *file)
{
    struct lfk_fs_place place;
    struct lfk_fs_entry entry;
    TRY(lfk_fs_prepare(&fs, NULL));
    TRY(lfk_fs_find(&fs, path, &place, NULL));
    entry = place.found;
    if (!place.exists) {
        if (!make) {
            return LFK_ERR_NOENT;
        }
        TRY(lfk_fs_file_create(&fs, &place, &entry, NULL));
    }
    return lfk_fs_file_open(&fs, &entry, file, NULL);
}

static int write_file(const char *path, const char *at, const uint8_t *data, uint32_t size)
{
    struct lfk_fs_file file;
    TRY(open_file(path, true, &file));
    uint32_t position = (uint32_t)strtoul(at, NULL, 0);
    if (strcmp(at, "all") == 0) {
        lfk_fs_file_clear(&file);
    } else if (strcmp(at, "end") == 0) {
        position = lfk_fs_file_size(&file);
    }
    int result = lfk_fs_file_write(&file, position, data, size, NULL);
    if (result == LFK_OK) {
        result = lfk_fs_file_sync(&file, NULL, 0, NULL);
    }
    lfk_fs_file_close(&file);
    return result;
}

static int truncate_file(const char *path, uint32_t size)
{
    struct lfk_fs_file file;
    TRY(open_file(path, false, &file));
    int result = lfk_fs_file_truncate(&file, size, NULL);
    if (result == LFK_OK) {
        result = lfk_fs_file_sync(&file, NULL, 0, NULL);
    }
    lfk_fs_file_close(&file);
    return result;
}

/* Prints what is below a directory; recursion is all right in a test's own image. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static int put_tree(struct lfk_pair pair, const char *path)
{
    struct lfk_fs_dir dir;
    struct lfk_fs_entry entry;
    int result;
    TRY(lfk_fs_dir_open(&fs, pair, lfk_fs_walk(&fs), &dir, NULL));
    while ((result = lfk_fs_dir_read(&dir, &entry, NULL)) > 0) {
        char below[2048];
        snprintf(below, sizeof(below), "%s/%.*s", path, (int)entry.entry->name_size,
                 (const char *)entry.entry->name);
        printf(" %c ", lfk_fs_is_dir(&entry) ? 'd' : 'f');
        put_hex(below, strlen(below));
        if (lfk_fs_is_dir(&entry)) {
            struct lfk_pair child;
            TRY(lfk_fs_dir_pair(&fs, &entry, &child, NULL));
            TRY(put_tree(child, below));
            continue;
        }
        struct lfk_fs_file file;
        TRY(lfk_fs_file_open(&fs, &entry, &file, NULL));
        uint32_t size = lfk_fs_file_size(&file);
        uint8_t *data = malloc(size + 1);
        result = lfk_fs_file_read(&file, 0, data, size, NULL);
        lfk_fs_file_close(&file);
        printf(" -");
        put_hex(data, result < 0 ? 0 : (size_t)result);
        free(data);
        TRY(result);
    }
    return result;
}

static int attribute(char **words, const char *path)
{
    uint32_t size;
    uint8_t type = (uint8_t)strtoul(words[2], NULL, 0);
    if (strcmp(words[0], "removeattr") == 0) {
        return lfk_fs_remove_attribute(&fs, path, type, NULL);
    }
    uint8_t *data = from_hex(words[3], &size);
    int result = lfk_fs_set_attribute(&fs, path, type, data, size, NULL);
    free(data);
    return result;
}

static int change(char **words, const char *path)
{
    uint32_t size;
    if (strcmp(words[0], "mkdir") == 0) {
        return lfk_fs_mkdir(&fs, path, NULL);
    }
    if (strcmp(words[0], "remove") == 0) {
        return lfk_fs_remove(&fs, path, NULL);
    }
    if (strcmp(words[0], "truncate") == 0) {
        return truncate_file(path, (uint32_t)strtoul(words[2], NULL, 0));
    }
    if (strcmp(words[0], "rename") == 0) {
        uint8_t *to = from_hex(words[2], &size);
        int result = lfk_fs_rename(&fs, path, (const char *)to, NULL);
        free(to);
        return result;
    }
    if (strcmp(words[0], "write") == 0) {
        uint8_t *data = from_hex(words[3], &size);
        int result = write_file(path, words[2], data, size);
        free(data);
        return result;
    }
    return attribute(words, path);
}

static int run(char **words)
{
    if (strcmp(words[0], "open") == 0) {
        return open_image(words);
    }
    if (strcmp(words[0], "save") == 0) {
        return save_image(words[1]);
    }
    if (strcmp(words[0], "used") == 0) {
        return (int)lfk_mdirs_blocks_used(&fs.mdirs);
    }
    if (strcmp(words[0], "grow") == 0) {
        return lfk_fs_resize(&fs, (uint32_t)strtoul(words[1], NULL, 0), NULL);
    }
    if (strcmp(words[0], "cut") == 0) {
        flash.changes_left = strtoul(words[1], NULL, 0);
        return LFK_OK;
    }
    if (strcmp(words[0], "lost") == 0) {
        return flash.lost;
    }
    uint32_t size;
    uint8_t *path = from_hex(words[1], &size);
    int result = change(words, (const char *)path);
    free(path);
    return result;
}

int main(void)
{
    char *line = malloc(LINE_MAX_SIZE);
    while (line != NULL && fgets(line, LINE_MAX_SIZE, stdin) != NULL) {
        static char none[] = "";
        char *words[WORDS_MAX];
        size_t count = 0;
        for (size_t i = 0; i < WORDS_MAX; i++) {
            words[i] = none; /* one that is not given */
        }
        for (char *word = strtok(line, " \n"); word != NULL && count < WORDS_MAX;
             word = strtok(NULL, " \n")) {
            words[count++] = word;
        }
        if (count == 0) {
            continue;
        }
        int result = LFK_OK;
        if (strcmp(words[0], "tree") == 0) {
            struct lfk_pair root = fs.mdirs.root->pair;
            printf("tree");
            result = put_tree(root, "");
            printf(" ");
        } else {
            result = run(words);
        }
        if (flash.breaches > 0) {
            printf("breach: %s\n", flash.breach);
        } else if (result < 0) {
            printf("error %d\n", result);
        } else {
            printf("ok %d\n", result);
        }
        fflush(stdout);
    }
    release();
    free(line);
    return 0;
}
