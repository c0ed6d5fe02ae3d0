/* SPDX-License-Identifier: MIT */
/*
 * A text that grows, and what makes bytes from an image or a host safe to be
 * shown on a terminal.
 */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Zeroed, it is empty. Always NUL-terminated once something was added. When
 * memory runs out `failed` is set and stays set, and nothing more is added.
 */
struct cli_text {
    char *data;
    size_t size; /* without the NUL */
    size_t room;
    bool failed;
};

void cli_text_add(struct cli_text *text, const void *bytes, size_t size);
void cli_text_print(struct cli_text *text, const char *format, ...);
void cli_text_print_list(struct cli_text *text, const char *format, va_list list);
void cli_text_hex(struct cli_text *text, const void *bytes, size_t size);
void cli_text_cut(struct cli_text *text, size_t size); /* down to `size` bytes */
void cli_text_free(struct cli_text *text);

/* The text, "" when nothing was added. */
const char *cli_text_string(const struct cli_text *text);

/*
 * Adds UTF-8 with everything that could steer a terminal as \xNN: C0 and C1
 * controls, DEL, and bytes that are not UTF-8.
 */
void cli_text_escaped(struct cli_text *text, const void *bytes, size_t size);

/* Prints the text so escaped, and a newline. */
void cli_text_put_line(FILE *out, const struct cli_text *text);

/* The same of what printf would print. */
void cli_text_put_list(FILE *out, const char *format, va_list list);

/* Adds UTF-8 with U+FFFD in place of each byte that is not; false if there was one. */
bool cli_text_utf8(struct cli_text *text, const void *bytes, size_t size);

#endif
