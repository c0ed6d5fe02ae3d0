/* SPDX-License-Identifier: MIT */
/*
 * Matches names and paths against patterns, byte by byte. Not fnmatch(3), whose
 * result depends on the locale: the same tree must give the same image
 * everywhere.
 *
 * Invariant: after a mismatch only the last '*' (in a path: the last "**") takes
 * one more, as an earlier one cannot do better; so time is bounded by the
 * product of the lengths, and nothing recurses.
 */
#include "pattern.h"

#include "lfskit/host.h"

#include <string.h>

/* [:name:] as pairs of first and last character, in ASCII whatever the locale. */
static const struct {
    const char *name;
    const char *ranges;
} classes[] = {
    {"alnum", "09AZaz"},   {"alpha", "AZaz"},   {"blank", "\t\t  "}, {"cntrl", "\x01\x1f\x7f\x7f"},
    {"digit", "09"},       {"graph", "!~"},     {"lower", "az"},     {"print", " ~"},
    {"punct", "!/:@[`{~"}, {"space", "\t\r  "}, {"upper", "AZ"},     {"xdigit", "09AFaf"},
};

static bool in_ranges(const char *ranges, uint8_t c)
{
    for (; *ranges != '\0'; ranges += 2) {
        if (c >= (uint8_t)ranges[0] && c <= (uint8_t)ranges[1]) {
            return true;
        }
    }
    return false;
}

/*
 * The ranges of the class whose "[:" is before `p`, and the bytes up to and with
 * its ":]". NULL: it is no class, just a '['. "": it is none that is known.
 */
static const char *class_ranges(const char *p, size_t size, size_t *length)
{
    const char *end = memchr(p, ']', size);
    if (end == NULL) {
        return "";
    }
    if (end == p || end[-1] != ':') {
        return NULL;
    }
    *length = (size_t)(end - p) + 1;
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        size_t n = strlen(classes[i].name);
        if (n + 2 == *length && memcmp(p, classes[i].name, n) == 0) {
            return classes[i].ranges;
        }
    }
    return "";
}

/* One character of a bracket at p[*i], perhaps after a backslash. */
static bool read_member(const char *p, size_t size, size_t *i, uint8_t *c)
{
    if (*i < size && p[*i] == '\\') {
        (*i)++;
    }
    if (*i >= size) {
        return false;
    }
    *c = (uint8_t)p[(*i)++];
    return true;
}

/*
 * Matches `c` against what stands at p[*i] of a bracket: a character, a range or
 * a class, and moves *i behind it. False if it is not valid.
 */
static bool match_member(const char *p, size_t size, size_t *i, uint8_t c, bool *found)
{
    if (p[*i] == '[' && *i + 1 < size && p[*i + 1] == ':') {
        size_t length;
        const char *ranges = class_ranges(p + *i + 2, size - *i - 2, &length);
        if (ranges != NULL && ranges[0] == '\0') {
            return false;
        }
        if (ranges != NULL) {
            *found = *found || in_ranges(ranges, c);
            *i += 2 + length;
            return true;
        }
    }
    uint8_t first;
    if (!read_member(p, size, i, &first)) {
        return false;
    }
    uint8_t last = first;
    if (*i + 1 < size && p[*i] == '-' && p[*i + 1] != ']') {
        (*i)++;
        if (!read_member(p, size, i, &last)) {
            return false;
        }
    }
    *found = *found || c == first || (c >= first && c <= last);
    return true;
}

/*
 * Matches `c` against the bracket whose '[' is before `p`. Returns the bytes up
 * to and with its ']', or 0 if it is no valid bracket.
 */
static size_t match_bracket(const char *p, size_t size, uint8_t c, bool *matches)
{
    bool negated = size > 0 && (p[0] == '!' || p[0] == '^');
    size_t start = negated ? 1 : 0;
    size_t i = start;
    bool found = false;
    while (i < size && (p[i] != ']' || i == start)) {
        if (!match_member(p, size, &i, c, &found)) {
            return 0;
        }
    }
    *matches = found != negated;
    return i < size ? i + 1 : 0;
}

/* Matches `c` against the first element of the pattern, not '*'. Returns its length, 0: no. */
static size_t match_one(const char *p, size_t size, uint8_t c)
{
    if (p[0] == '?') {
        return 1;
    }
    if (p[0] == '[') {
        bool matches;
        size_t length = match_bracket(p + 1, size - 1, c, &matches);
        return length != 0 && matches ? 1 + length : 0;
    }
    if (p[0] == '\\') {
        return size > 1 && (uint8_t)p[1] == c ? 2 : 0;
    }
    return (uint8_t)p[0] == c ? 1 : 0;
}

bool lfk_pattern_match_name(const char *pattern, size_t pattern_size, const char *name,
                            size_t name_size)
{
    size_t after_star = 0; /* in the pattern; 0: no star yet */
    size_t resume = 0;     /* in the name, for the next try */
    size_t p = 0;
    size_t n = 0;
    while (n < name_size || p < pattern_size) {
        if (p < pattern_size && pattern[p] == '*') {
            after_star = ++p;
            resume = n;
            continue;
        }
        if (p < pattern_size && n < name_size) {
            size_t length = match_one(pattern + p, pattern_size - p, (uint8_t)name[n]);
            if (length != 0) {
                p += length;
                n++;
                continue;
            }
        }
        if (after_star == 0 || resume >= name_size) {
            return false;
        }
        p = after_star;
        n = ++resume;
    }
    return true;
}

/* The end of the name that begins at `path`. */
static const char *name_end(const char *path)
{
    const char *slash = strchr(path, '/');
    return slash != NULL ? slash : path + strlen(path);
}

/* The name after that which ends at `end`, or NULL. */
static const char *name_after(const char *end)
{
    return *end == '/' ? end + 1 : NULL;
}

/* More than two stars are taken for two, as git does. */
static bool is_double_star(const char *name)
{
    size_t stars = strspn(name, "*");
    return stars >= 2 && name + stars == name_end(name);
}

bool lfk_path_match(const char *pattern, const char *path)
{
    const char *p = pattern[0] == '/' ? pattern + 1 : pattern;
    const char *n = path[0] == '/' ? path + 1 : path;
    const char *after_stars = NULL; /* the name after the last "**" */
    const char *resume = NULL;      /* where it is tried next in the path */
    while (p != NULL || n != NULL) {
        if (p != NULL && n != NULL && is_double_star(p)) {
            after_stars = name_after(name_end(p));
            if (after_stars == NULL) {
                return true;
            }
            p = after_stars;
            resume = n;
            continue;
        }
        if (p != NULL && n != NULL) {
            const char *p_end = name_end(p);
            const char *n_end = name_end(n);
            if (lfk_pattern_match_name(p, (size_t)(p_end - p), n, (size_t)(n_end - n))) {
                p = name_after(p_end);
                n = name_after(n_end);
                continue;
            }
        }
        resume = resume != NULL ? name_after(name_end(resume)) : NULL;
        if (resume == NULL) {
            return false;
        }
        p = after_stars;
        n = resume;
    }
    return true;
}
