/* SPDX-License-Identifier: MIT */
/*
 * Lists of patterns with the rules of gitignore. Patterns are taken apart when
 * they are added; a path is tried against them from the last to the first, and
 * the first that matches decides.
 */
#include "lfskit/host.h"
#include "pattern.h"
#include "util/util.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A pattern file larger than this is something else, given by mistake. */
#define PATTERN_FILE_MAX (16U << 20)

struct ignore_pattern {
    const char *text; /* without '!' and the '/' at the end */
    size_t size;
    bool negated;
    bool directories_only;
    bool whole_path;
};

struct lfk_excludes {
    struct lfk_arena arena;
    struct ignore_pattern *patterns;
    size_t count;
    size_t room;
};

int lfk_excludes_open(struct lfk_excludes **excludes)
{
    *excludes = lfk_alloc_zeroed(NULL, 1, sizeof(**excludes));
    return *excludes != NULL ? LFK_OK : LFK_ERR_NOMEM;
}

void lfk_excludes_close(struct lfk_excludes *excludes)
{
    if (excludes != NULL) {
        lfk_free(NULL, excludes->patterns);
        lfk_arena_free(&excludes->arena);
        lfk_free(NULL, excludes);
    }
}

static int add_pattern(struct lfk_excludes *excludes, const char *text, size_t size)
{
    struct ignore_pattern pattern = {0};
    if (size > 0 && text[0] == '!') {
        pattern.negated = true;
        text++;
        size--;
    }
    if (size > 0 && text[size - 1] == '/') {
        pattern.directories_only = true;
        size--;
    }
    pattern.whole_path = size > 0 && memchr(text, '/', size) != NULL;
    pattern.size = size;
    pattern.text = lfk_arena_copy(&excludes->arena, text, size);
    if (pattern.text == NULL) {
        return LFK_ERR_NOMEM;
    }
    void *patterns = excludes->patterns;
    TRY(lfk_grow(NULL, &patterns, &excludes->room, excludes->count + 1, sizeof(pattern)));
    excludes->patterns = patterns;
    excludes->patterns[excludes->count++] = pattern;
    return LFK_OK;
}

int lfk_excludes_add(struct lfk_excludes *excludes, const char *pattern)
{
    return add_pattern(excludes, pattern, strlen(pattern));
}

/* The line's length without the blanks at its end, of which a backslash keeps one. */
static size_t trimmed_size(const char *line, size_t size)
{
    size_t kept = 0;
    for (size_t i = 0; i < size; i++) {
        if (line[i] == '\\' && i + 1 < size) {
            i++;
            kept = i + 1;
        } else if (line[i] != ' ') {
            kept = i + 1;
        }
    }
    return kept;
}

static int add_lines(struct lfk_excludes *excludes, const char *text, size_t size)
{
    size_t start = 0;
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        start = 3;
    }
    while (start < size) {
        const char *line = text + start;
        const char *newline = memchr(line, '\n', size - start);
        size_t length = newline != NULL ? (size_t)(newline - line) : size - start;
        start += length + 1;
        if (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        if (length == 0 || line[0] == '#') {
            continue;
        }
        length = trimmed_size(line, length);
        if (length > 0) {
            TRY(add_pattern(excludes, line, length));
        }
    }
    return LFK_OK;
}

/* Reads the whole file into *text, which the caller frees also on failure. */
static int read_file(FILE *file, char **text, size_t *size, struct lfk_detail *detail)
{
    size_t room = 0;
    size_t n;
    do {
        void *grown = *text;
        if (lfk_grow(NULL, &grown, &room, *size + 4096, 1) < 0) {
            return lfk_fail_nomem(detail);
        }
        *text = grown;
        errno = 0;
        n = fread(*text + *size, 1, room - *size, file);
        *size += n;
        if (*size > PATTERN_FILE_MAX) {
            return lfk_fail(detail, LFK_ERR_FBIG, "file of patterns is too large");
        }
    } while (n > 0);
    return ferror(file) ? lfk_fail_os(detail, errno, "file of patterns cannot be read") : LFK_OK;
}

int lfk_excludes_add_file(struct lfk_excludes *excludes, const char *path,
                          struct lfk_detail *detail)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return lfk_fail_os(detail, errno, "file of patterns cannot be opened");
    }
    char *text = NULL;
    size_t size = 0;
    int result = read_file(file, &text, &size, detail);
    if (result == LFK_OK) {
        result = add_lines(excludes, text, size);
        if (result < 0) {
            result = lfk_fail_nomem(detail);
        }
    }
    lfk_free(NULL, text);
    (void)fclose(file);
    return result;
}

static bool pattern_matches(const struct ignore_pattern *pattern, const char *path,
                            bool is_directory)
{
    if (pattern->directories_only && !is_directory) {
        return false;
    }
    if (pattern->whole_path) {
        return lfk_path_match(pattern->text, path);
    }
    const char *name = strrchr(path, '/');
    name = name != NULL ? name + 1 : path;
    return lfk_pattern_match_name(pattern->text, pattern->size, name, strlen(name));
}

bool lfk_excludes_match(const struct lfk_excludes *excludes, const char *path, bool is_directory)
{
    for (size_t i = excludes->count; i > 0; i--) {
        if (pattern_matches(&excludes->patterns[i - 1], path, is_directory)) {
            return !excludes->patterns[i - 1].negated;
        }
    }
    return false;
}
