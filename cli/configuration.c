/* SPDX-License-Identifier: MIT */
/*
 * The block of settings that -v begins with, in the form that scripts know
 * from littlefs-python.
 */
#include "configuration.h"
#include "text.h"

#include <inttypes.h>
#include <string.h>

static void put(FILE *out, const char *label, uint64_t number)
{
    fprintf(out, "  %-13s%9" PRIu64, label, number);
}

static void put_with_hex(FILE *out, const char *label, uint64_t number)
{
    put(out, label, number);
    fprintf(out, "  /  0x%" PRIX64 "\n", number);
}

static void put_limit(FILE *out, const char *label, uint32_t limit)
{
    if (limit != 0) {
        put(out, label, limit);
        fputc('\n', out);
    }
}

void cli_configuration_print(FILE *out, const struct cli_configuration *c)
{
    uint64_t size = (uint64_t)c->block_size * c->block_count;
    fputs("LittleFS Configuration:\n", out);
    put_with_hex(out, "Block Size:", c->block_size);
    put_with_hex(out, "Image Size:", size);
    if (c->file_size != 0 && c->file_size != size) {
        put_with_hex(out, "Input Image Size (compacted): ", c->file_size);
    }
    put_limit(out, "Block Count:", c->block_count);
    put_limit(out, "Name Max:", c->name_max);
    if (c->inline_max != 0 && c->inline_max != UINT32_MAX) {
        put_with_hex(out, "Inline Max:", c->inline_max);
    }
    put_limit(out, "Attr Max:", c->attr_max);
    put_limit(out, "File Max:", c->file_max);
    struct cli_text image = {0};
    cli_text_escaped(&image, c->image, strlen(c->image));
    fprintf(out, "  %-13s%s\n", "Image:", cli_text_string(&image));
    cli_text_free(&image);
}
