/* SPDX-License-Identifier: MIT */
/*
 * Error details: recorded where an error is detected, put into words where it
 * is shown. A record is always whole: recording clears what was there before.
 */
#include "util/util.h"

#include <string.h>

void lfk_record(struct lfk_detail *detail, const struct lfk_detail *found)
{
    if (detail != NULL) {
        *detail = *found;
    }
}

/* One row per status: the name programs see and the text people see. */
static const struct {
    int status;
    const char *name;
    const char *text;
} statuses[] = {
    {LFK_OK, "LFK_OK", "no error"},
    {LFK_ERR_NOENT, "LFK_ERR_NOENT", "no such file or directory"},
    {LFK_ERR_IO, "LFK_ERR_IO", "reading or writing failed"},
    {LFK_ERR_BADF, "LFK_ERR_BADF", "the handle is not open"},
    {LFK_ERR_NOMEM, "LFK_ERR_NOMEM", "out of memory"},
    {LFK_ERR_EXIST, "LFK_ERR_EXIST", "the name is taken"},
    {LFK_ERR_NOTDIR, "LFK_ERR_NOTDIR", "not a directory"},
    {LFK_ERR_ISDIR, "LFK_ERR_ISDIR", "is a directory"},
    {LFK_ERR_INVAL, "LFK_ERR_INVAL", "a parameter is out of its range"},
    {LFK_ERR_FBIG, "LFK_ERR_FBIG", "larger than the file size limit"},
    {LFK_ERR_NOSPC, "LFK_ERR_NOSPC", "no space left"},
    {LFK_ERR_NAMETOOLONG, "LFK_ERR_NAMETOOLONG", "longer than the name length limit"},
    {LFK_ERR_NOTEMPTY, "LFK_ERR_NOTEMPTY", "the directory is not empty"},
    {LFK_ERR_NOATTR, "LFK_ERR_NOATTR", "no such attribute"},
    {LFK_ERR_CORRUPT, "LFK_ERR_CORRUPT", "the image contradicts itself"},
};

#define STATUS_COUNT (sizeof(statuses) / sizeof(statuses[0]))

const char *lfk_status_name(int status)
{
    for (size_t i = 0; i < STATUS_COUNT; i++) {
        if (statuses[i].status == status) {
            return statuses[i].name;
        }
    }
    return "LFK_ERR_UNKNOWN";
}

const char *lfk_status_text(int status)
{
    for (size_t i = 0; i < STATUS_COUNT; i++) {
        if (statuses[i].status == status) {
            return statuses[i].text;
        }
    }
    return "unknown error";
}

/* A text being put together: counts what does not fit, as snprintf does. */
struct text {
    char *buffer;
    size_t size;
    size_t length;
};

static void put(struct text *text, const char *s)
{
    for (; *s; s++, text->length++) {
        if (text->size > 0 && text->length < text->size - 1) {
            text->buffer[text->length] = *s;
        }
    }
}

static void put_number(struct text *text, const char *label, uint64_t number)
{
    char digits[21]; /* 2^64 has 20 digits */
    size_t at = sizeof(digits) - 1;
    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    put(text, label);
    put(text, digits + at);
}

size_t lfk_detail_format(const struct lfk_detail *detail, char *buffer, size_t size)
{
    struct text text = {buffer, size, 0};
    put(&text, detail->what ? detail->what : lfk_status_text(detail->status));
    if (detail->field) {
        put(&text, " (");
        put(&text, detail->field);
        put(&text, ")");
    }
    const char *separator = ": ";
    if (detail->has_block) {
        put_number(&text, ": block ", detail->block);
        separator = ", ";
    }
    if (detail->has_offset) {
        put(&text, separator);
        put_number(&text, "offset ", detail->offset);
    }
    if (detail->has_values) {
        put_number(&text, ": expected ", detail->expected);
        put_number(&text, ", found ", detail->found);
    }
    if (size > 0) {
        buffer[text.length < size ? text.length : size - 1] = '\0';
    }
    return text.length;
}
