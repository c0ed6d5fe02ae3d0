/* SPDX-License-Identifier: MIT */
/*
 * Reads the files of a folder. What goes wrong here is no finding but a
 * mistake in how the test is run, so it ends the program.
 */
#define _POSIX_C_SOURCE 200809L

#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void *must(void *result, const char *what)
{
    if (result == NULL) {
        (void)fprintf(stderr, "%s: %s\n", what, strerror(errno));
        exit(2);
    }
    return result;
}

static void add_file(struct files *files, const char *path, const char *name)
{
    FILE *stream = must(fopen(path, "rb"), path);
    struct stat status;
    if (fstat(fileno(stream), &status) != 0 || !S_ISREG(status.st_mode)) {
        (void)fclose(stream); /* a folder in the folder */
        return;
    }
    struct file file = {.size = (size_t)status.st_size};
    file.bytes = must(malloc(file.size > 0 ? file.size : 1), path);
    if (fread(file.bytes, 1, file.size, stream) != file.size) {
        (void)must(NULL, path);
    }
    (void)fclose(stream);
    file.name = must(malloc(strlen(name) + 1), path);
    memcpy(file.name, name, strlen(name) + 1);
    files->items =
        must(realloc(files->items, (files->count + 1) * sizeof(*files->items)), "memory");
    files->items[files->count++] = file;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct file *)a)->name, ((const struct file *)b)->name);
}

static int ends_in(const char *name, const char *suffix)
{
    size_t size = strlen(name);
    size_t suffix_size = strlen(suffix);
    return size >= suffix_size && strcmp(name + size - suffix_size, suffix) == 0;
}

static void add_folder(struct files *files, DIR *folder, const char *path, const char *suffix)
{
    const struct dirent *entry;
    while ((entry = readdir(folder)) != NULL) {
        size_t size = strlen(path) + 1 + strlen(entry->d_name) + 1;
        if (!ends_in(entry->d_name, suffix)) {
            continue;
        }
        char *whole = must(malloc(size), "memory");
        (void)snprintf(whole, size, "%s/%s", path, entry->d_name);
        add_file(files, whole, entry->d_name);
        free(whole);
    }
}

void files_read(struct files *files, const char *path, const char *suffix)
{
    DIR *folder = opendir(path);
    *files = (struct files){0};
    if (folder == NULL) {
        add_file(files, path, path);
        return;
    }
    add_folder(files, folder, path, suffix);
    (void)closedir(folder);
    if (files->count > 0) {
        qsort(files->items, files->count, sizeof(*files->items), by_name);
    }
}

void files_free(struct files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->items[i].name);
        free(files->items[i].bytes);
    }
    free(files->items);
    *files = (struct files){0};
}
