/* SPDX-License-Identifier: MIT */
#include "mdir_checker.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "told.h"

void open_mdirs(struct opened_mdirs *opened, const struct maker *m)
{
    lfk_bd_memory_open(&opened->device, m->bytes, maker_size(m));
    assert_int_equal(lfk_bd_shape(&opened->device.bd, m->block_size, NULL), LFK_OK);
    lfk_mdirs_open(&opened->mdirs, &opened->device.bd, NULL);
}

void close_mdirs(struct opened_mdirs *opened)
{
    lfk_mdirs_close(&opened->mdirs);
    lfk_bd_close(&opened->device.bd);
}

struct lfk_mdir *get_pair(struct lfk_mdirs *mdirs, uint32_t first, uint32_t second)
{
    struct lfk_mdir *mdir = NULL;
    struct lfk_pair pair = {{first, second}};
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_mdirs_get(mdirs, pair, &mdir, &detail), LFK_OK);
    assert_int_equal(detail.status, LFK_OK); /* a block that is left to its twin is no failure */
    return mdir;
}

void check_pair_fails(struct lfk_mdirs *mdirs, uint32_t first, uint32_t second, int status,
                      const char *line)
{
    struct lfk_mdir *mdir = NULL;
    struct lfk_pair pair = {{first, second}};
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_mdirs_get(mdirs, pair, &mdir, &detail), status);
    check_told(&detail, status, line);
    assert_null(mdir);
}

/* A text being put together. */
struct text {
    char bytes[4096];
    size_t size;
};

static void put(struct text *text, const void *bytes, size_t size)
{
    assert_in_range(size, 0, sizeof(text->bytes) - 1 - text->size);
    memcpy(text->bytes + text->size, bytes, size);
    text->size += size;
    text->bytes[text->size] = '\0';
}

static void put_text(struct text *text, const char *string)
{
    put(text, string, strlen(string));
}

static void put_hex(struct text *text, const char *before, uint32_t number)
{
    char digits[16];
    snprintf(digits, sizeof(digits), "%s%" PRIx32, before, number);
    put_text(text, digits);
}

static void put_name(struct text *text, const struct lfk_entry *entry)
{
    if (entry->name == NULL) {
        put_text(text, "?");
        return;
    }
    put(text, entry->name, entry->name_size);
    if (entry->name_type == LFK_TYPE_DIR) {
        put_text(text, "/");
    } else if (entry->name_type != LFK_TYPE_FILE) {
        put_hex(text, ":", entry->name_type);
    }
}

static void put_struct(struct text *text, const struct lfk_entry *entry)
{
    if (entry->data == NULL) {
        return;
    }
    switch (entry->struct_type) {
    case LFK_TYPE_INLINE_STRUCT:
        put_text(text, "=");
        put(text, entry->data, entry->data_size);
        break;
    case LFK_TYPE_DIR_STRUCT:
        put_text(text, "=dir");
        break;
    case LFK_TYPE_CTZ_STRUCT:
        put_text(text, "=ctz");
        break;
    default:
        put_hex(text, "=", entry->struct_type);
    }
}

void check_entries(const struct lfk_mdir *mdir, const char *expected)
{
    struct text text = {{0}, 0};
    for (uint32_t i = 0; i < mdir->count; i++) {
        const struct lfk_entry *entry = &mdir->entries[i];
        put_text(&text, i > 0 ? " " : "");
        put_name(&text, entry);
        put_struct(&text, entry);
        for (const struct lfk_mdir_attribute *a = entry->attributes; a != NULL; a = a->next) {
            put_hex(&text, "+", a->type);
            put_text(&text, ":");
            put(&text, a->data, a->size);
        }
    }
    assert_string_equal(text.bytes, expected);
}

void check_made_entries(const struct maker *m, const char *expected)
{
    struct opened_mdirs opened;
    open_mdirs(&opened, m);
    check_entries(get_pair(&opened.mdirs, 0, 1), expected);
    close_mdirs(&opened);
}

void check_made_corrupt(const struct maker *m, const char *line)
{
    struct opened_mdirs opened;
    open_mdirs(&opened, m);
    for (int i = 0; i < 2; i++) { /* it is as bad when it is asked for again */
        check_pair_fails(&opened.mdirs, 0, 1, LFK_ERR_CORRUPT, line);
    }
    close_mdirs(&opened);
}
