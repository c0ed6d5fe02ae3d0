/* SPDX-License-Identifier: MIT */
/*
 * A text that grows. Running out of memory is remembered, so that a text is
 * put together without a check at each step and tested once at its end.
 */
#include "text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for `more` bytes and the NUL. */
static bool reserve(struct cli_text *text, size_t more)
{
    if (text->failed) {
        return false;
    }
    if (more < text->room - text->size) {
        return true;
    }
    size_t room = text->room == 0 ? 256 : text->room;
    while (room - text->size <= more) {
        if (room > SIZE_MAX / 2) {
            text->failed = true;
            return false;
        }
        room *= 2;
    }
    char *data = realloc(text->data, room);
    if (data == NULL) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->room = room;
    return true;
}

void cli_text_add(struct cli_text *text, const void *bytes, size_t size)
{
    if (reserve(text, size)) {
        memcpy(text->data + text->size, bytes, size);
        text->size += size;
        text->data[text->size] = '\0';
    }
}

void cli_text_print_list(struct cli_text *text, const char *format, va_list list)
{
    va_list copy;
    va_copy(copy, list);
    int size = vsnprintf(NULL, 0, format, copy);
    va_end(copy);
    if (size < 0) {
        text->failed = true;
    } else if (reserve(text, (size_t)size)) {
        vsnprintf(text->data + text->size, (size_t)size + 1, format, list);
        text->size += (size_t)size;
    }
}

void cli_text_print(struct cli_text *text, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    cli_text_print_list(text, format, list);
    va_end(list);
}

void cli_text_hex(struct cli_text *text, const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < size; i++) {
        static const char digits[] = "0123456789abcdef";
        const char pair[2] = {digits[byte[i] >> 4], digits[byte[i] & 15]};
        cli_text_add(text, pair, sizeof(pair));
    }
}

void cli_text_cut(struct cli_text *text, size_t size)
{
    if (size < text->size) {
        text->size = size;
        text->data[size] = '\0';
    }
}

const char *cli_text_string(const struct cli_text *text)
{
    return text->data == NULL ? "" : text->data;
}

void cli_text_free(struct cli_text *text)
{
    free(text->data);
    *text = (struct cli_text){0};
}
