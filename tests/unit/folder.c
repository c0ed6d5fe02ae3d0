/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700

#include "folder.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define NAMES_MAX 64

int enter_folder(void **state)
{
    const char *base = getenv("TMPDIR");
    char *path = malloc(4096);
    if (path == NULL) {
        return -1;
    }
    snprintf(path, 4096, "%s/lfskit-unit-XXXXXX", base ? base : "/tmp");
    *state = path;
    return mkdtemp(path) == NULL ? -1 : chdir(path);
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Removes what it can from the current directory; 1: it went into one that is not empty. */
static int remove_content(void)
{
    DIR *dir = opendir(".");
    if (dir == NULL) {
        return -1;
    }
    int result = 0;
    const struct dirent *entry;
    while (result == 0 && (entry = readdir(dir)) != NULL) {
        const char *name = entry->d_name;
        if (!is_dots(name) && unlink(name) != 0 && rmdir(name) != 0) {
            result = chdir(name) == 0 ? 1 : -1;
        }
    }
    closedir(dir);
    return result;
}

/* Never by a path, as that may be longer than the host takes. */
static int remove_below(const char *folder)
{
    int depth = 0;
    int result = chdir(folder);
    while (result == 0 && depth >= 0) {
        int found = remove_content();
        depth += found > 0 ? 1 : -1;
        result = found < 0 ? found : found == 0 ? chdir("..") : 0;
    }
    return result;
}

int leave_folder(void **state)
{
    char *path = *state;
    int result = remove_below(path) == 0 ? rmdir(path) : -1;
    free(path);
    return result;
}

void make_dir(const char *path)
{
    assert_int_equal(mkdir(path, 0777), 0);
}

void make_bytes(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

void make_file(const char *path, const char *text)
{
    make_bytes(path, text, strlen(text));
}

void make_link(const char *target, const char *path)
{
    assert_int_equal(symlink(target, path), 0);
}

void make_fifo(const char *path)
{
    assert_int_equal(mkfifo(path, 0666), 0);
}

void check_text(const char *path, const char *text)
{
    char found[4096];
    struct stat status;
    assert_int_equal(lstat(path, &status), 0);
    assert_true(S_ISREG(status.st_mode));
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t size = fread(found, 1, sizeof(found) - 1, file);
    assert_int_equal(fclose(file), 0);
    found[size] = '\0';
    assert_string_equal(found, text);
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

void check_names(const char *path, const char *names)
{
    char *found[NAMES_MAX];
    size_t count = 0;
    DIR *dir = opendir(path);
    const struct dirent *entry;
    assert_non_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        if (!is_dots(entry->d_name)) {
            assert_in_range(count, 0, NAMES_MAX - 1);
            found[count] = strdup(entry->d_name);
            assert_non_null(found[count]);
            count++;
        }
    }
    closedir(dir);
    qsort(found, count, sizeof(found[0]), compare);
    char text[4096] = "";
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size +=
            (size_t)snprintf(text + size, sizeof(text) - size, "%s%s", i > 0 ? " " : "", found[i]);
        assert_in_range(size, 0, sizeof(text) - 1);
        free(found[i]);
    }
    assert_string_equal(text, names);
}

bool is_there(const char *path)
{
    struct stat status;
    return lstat(path, &status) == 0;
}

bool is_root(void)
{
    if (geteuid() == 0) {
        printf("SKIPPED: permissions are not tested: root may do everything\n");
        return true;
    }
    return false;
}
