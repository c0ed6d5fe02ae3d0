/* SPDX-License-Identifier: MIT */
/*
 * The verb xxd: the bytes of a file in hexadecimal.
 */
#include "contents.h"

#include <inttypes.h>

#define LINE_BYTES 16
#define HEX_WIDTH (3 * LINE_BYTES)

struct xxd_args {
    struct cli_session_args session;
};

static const struct cli_option_group xxd_groups[] = {
    CLI_SESSION_READING_GROUP(struct xxd_args),
    CLI_HELP_GROUP,
    {0},
};

struct dump {
    struct lfk_sink sink;
    FILE *out;
    uint32_t offset;
};

static void print_line(struct dump *dump, const unsigned char *bytes, size_t size)
{
    char hex[HEX_WIDTH + 1] = "";
    char text[LINE_BYTES + 1] = "";
    for (size_t i = 0; i < size; i++) {
        snprintf(hex + 3 * i, sizeof(hex) - 3 * i, "%02x ", bytes[i]);
        text[i] = (char)(bytes[i] >= ' ' && bytes[i] <= '~' ? bytes[i] : '.');
    }
    fprintf(dump->out, "%08" PRIx32 ": %-*s  %s\n", dump->offset, HEX_WIDTH, hex, text);
}

/* Spans are of whole lines but for the last. */
static int dump_spans(struct lfk_sink *sink, const struct lfk_span *spans, size_t count,
                      struct lfk_detail *detail)
{
    struct dump *dump = (struct dump *)sink;
    (void)detail;
    for (size_t i = 0; i < count; i++) {
        const unsigned char *byte = spans[i].data;
        for (size_t left = spans[i].size; left > 0;) {
            size_t part = left < LINE_BYTES ? left : LINE_BYTES;
            print_line(dump, byte, part);
            dump->offset += (uint32_t)part;
            byte += part;
            left -= part;
        }
    }
    return ferror(dump->out) ? LFK_ERR_IO : LFK_OK;
}

static void dump_file(struct cli_session *session, void *context, const struct cli_place *place)
{
    struct dump dump = {.sink = {dump_spans}, .out = session->run->io->out};
    (void)context;
    (void)cli_contents_read(session, place, &dump.sink, NULL);
}

static int run_xxd(struct cli_session *session, void *args, char **operands, int count)
{
    return cli_places_visit(session, operands, count, dump_file, args);
}

const struct cli_verb cli_xxd = {
    .name = "xxd",
    .operands = "IMAGE PATH",
    .summary = "print a file of an image in hexadecimal",
    .description =
        "Prints 16 bytes a line: their offset, their values and, where they are printable ASCII, "
        "their characters.",
    .examples = "lfskit xxd lfs.bin /cfg/net.json",
    .groups = xxd_groups,
    .args_size = sizeof(struct xxd_args),
    .min_operands = 2,
    .max_operands = 2,
    .inside = run_xxd,
    .inside_operands = "<remote_path>",
};
