/* SPDX-License-Identifier: MIT */
/*
 * Short texts in columns. The number of rows is tried from one on; a text
 * counts as wide as it has characters.
 */
#include "columns.h"

#define GAP 2u

static size_t width_of(const char *text)
{
    size_t width = 0;
    for (; *text != '\0'; text++) {
        width += ((unsigned char)*text & 0xc0) != 0x80; /* not within a UTF-8 character */
    }
    return width;
}

static size_t column_width(const char *const *texts, size_t count, size_t first, size_t rows)
{
    size_t widest = 0;
    for (size_t i = first; i < count && i < first + rows; i++) {
        size_t width = width_of(texts[i]);
        widest = width > widest ? width : widest;
    }
    return widest;
}

static int fits(const char *const *texts, size_t count, size_t rows, size_t width)
{
    size_t total = 0;
    for (size_t first = 0; first < count && total <= width; first += rows) {
        total += column_width(texts, count, first, rows) + (first > 0 ? GAP : 0);
    }
    return total <= width;
}

void cli_columns_print(FILE *out, const char *const *texts, size_t count, size_t width)
{
    size_t rows = 1;
    while (rows < count && !fits(texts, count, rows, width)) {
        rows++;
    }
    for (size_t row = 0; row < rows && row < count; row++) {
        for (size_t i = row; i < count; i += rows) {
            size_t padding = column_width(texts, count, i - row, rows) - width_of(texts[i]);
            fprintf(out, "%s%s%*s", i > row ? "  " : "", texts[i], (int)padding, "");
        }
        fputc('\n', out);
    }
}
