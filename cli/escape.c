/* SPDX-License-Identifier: MIT */
/*
 * Bytes from an image or a host, made safe to be shown. Whatever the bytes,
 * what comes out is valid UTF-8; escaped, it holds no control character
 * either, so that a name cannot move the cursor or end a line.
 */
#include "lfskit/host.h"
#include "text.h"

/* C0, DEL and C1. */
static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

/* How many of the bytes, from the first on, are printable ASCII. */
static size_t plain_size(const unsigned char *byte, size_t size)
{
    size_t i = 0;
    while (i < size && byte[i] >= 0x20 && byte[i] < 0x7f) {
        i++;
    }
    return i;
}

void cli_text_escaped(struct cli_text *text, const void *bytes, size_t size)
{
    const unsigned char *byte = bytes;
    while (size > 0) {
        size_t plain = plain_size(byte, size);
        if (plain > 0) {
            cli_text_add(text, byte, plain);
            byte += plain;
            size -= plain;
            continue;
        }
        uint32_t code = 0;
        size_t length = lfk_utf8_read(byte, size, &code);
        if (length > 0 && !is_control(code)) {
            cli_text_add(text, byte, length);
        } else {
            length = length == 0 ? 1 : length;
            for (size_t i = 0; i < length; i++) {
                cli_text_print(text, "\\x%02x", byte[i]);
            }
        }
        byte += length;
        size -= length;
    }
}

void cli_text_put_line(FILE *out, const struct cli_text *text)
{
    struct cli_text shown = {0};
    cli_text_escaped(&shown, cli_text_string(text), text->size);
    bool failed = text->failed || shown.failed;
    fprintf(out, "%s\n", failed ? "out of memory" : cli_text_string(&shown));
    cli_text_free(&shown);
}

void cli_text_put_list(FILE *out, const char *format, va_list list)
{
    struct cli_text line = {0};
    cli_text_print_list(&line, format, list);
    cli_text_put_line(out, &line);
    cli_text_free(&line);
}

bool cli_text_utf8(struct cli_text *text, const void *bytes, size_t size)
{
    static const unsigned char replacement[] = {0xef, 0xbf, 0xbd};
    const unsigned char *byte = bytes;
    bool valid = true;
    while (size > 0) {
        uint32_t code = 0;
        size_t length = lfk_utf8_read(byte, size, &code);
        if (length > 0) {
            cli_text_add(text, byte, length);
        } else {
            cli_text_add(text, replacement, sizeof(replacement));
            valid = false;
            length = 1;
        }
        byte += length;
        size -= length;
    }
    return valid;
}
