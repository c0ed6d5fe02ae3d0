/* SPDX-License-Identifier: MIT */
/*
 * Paths of entries and directories. The way up from a directory is that on
 * which it was found, so it ends: at the root, or where nothing leads.
 */
#include "checker.h"

#include <string.h>

/* Of a path no more is spelled than fits in so many bytes, and its last name. */
#define PATH_TOLD 4096u
#define ORPHAN "(orphan)"
#define CUT "/..."

/* A path being put together from its end: `start` is where it begins so far. */
struct spelling {
    char bytes[sizeof(ORPHAN) + sizeof(CUT) + PATH_TOLD + LFK_LENGTH_MAX + 2];
    size_t start;
};

static void prepend(struct spelling *spelling, const char *bytes, size_t size)
{
    if (size > 0) {
        spelling->start -= size;
        memcpy(spelling->bytes + spelling->start, bytes, size);
    }
}

static void prepend_name(struct spelling *spelling, const struct lfk_check_entry *entry)
{
    prepend(spelling, entry->name, entry->name_size);
    for (size_t i = 0; i < entry->name_size; i++) {
        if (spelling->bytes[spelling->start + i] == '\0') {
            spelling->bytes[spelling->start + i] = '?';
        }
    }
    prepend(spelling, "/", 1);
}

/* Puts the path of a directory before what is there; for the root that is nothing. */
static void prepend_directory(struct spelling *spelling, const struct lfk_check *check,
                              uint32_t directory)
{
    size_t end = spelling->start;
    while (directory != LFK_CHECK_NONE) {
        const struct lfk_check_directory *d = &check->directories[directory];
        if (d->entry == LFK_CHECK_NONE) {
            if (!d->is_root) {
                prepend(spelling, ORPHAN, sizeof(ORPHAN) - 1);
            }
            return;
        }
        const struct lfk_check_entry *entry = &check->entries[d->entry];
        if (end - spelling->start + entry->name_size + 1 > PATH_TOLD) {
            prepend(spelling, CUT, sizeof(CUT) - 1);
            return;
        }
        prepend_name(spelling, entry);
        directory = check->pairs[entry->pair].directory;
    }
}

static size_t give(const struct spelling *spelling, char *buffer, size_t size)
{
    size_t length = sizeof(spelling->bytes) - spelling->start;
    size_t copied = size > 0 && length >= size ? size - 1 : length;
    if (size > 0) {
        memcpy(buffer, spelling->bytes + spelling->start, copied);
        buffer[copied] = '\0';
    }
    return length;
}

size_t lfk_check_entry_path(const struct lfk_check *check, uint32_t entry, char *buffer,
                            size_t size)
{
    struct spelling spelling = {.start = sizeof(spelling.bytes)};
    const struct lfk_check_entry *e = &check->entries[entry];
    prepend_name(&spelling, e);
    prepend_directory(&spelling, check, check->pairs[e->pair].directory);
    return give(&spelling, buffer, size);
}

size_t lfk_check_directory_path(const struct lfk_check *check, uint32_t directory, char *buffer,
                                size_t size)
{
    struct spelling spelling = {.start = sizeof(spelling.bytes)};
    if (directory != LFK_CHECK_NONE) {
        prepend_directory(&spelling, check, directory);
        if (spelling.start == sizeof(spelling.bytes)) {
            prepend(&spelling, "/", 1);
        }
    } else if (size > 0) {
        buffer[0] = '\0';
    }
    return give(&spelling, buffer, size);
}
