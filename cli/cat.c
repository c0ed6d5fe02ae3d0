/* SPDX-License-Identifier: MIT */
/*
 * The verb cat: files of a volume on the standard output.
 */
#include "contents.h"

struct cat_args {
    struct cli_session_args session;
};

static const struct cli_option_group cat_groups[] = {
    CLI_SESSION_READING_GROUP(struct cat_args),
    CLI_HELP_GROUP,
    {0},
};

struct stream_sink {
    struct lfk_sink sink;
    FILE *out;
};

/* Why it failed is told at the end of the program, as of all output. */
static int write_to_stream(struct lfk_sink *sink, const struct lfk_span *spans, size_t count,
                           struct lfk_detail *detail)
{
    FILE *out = ((struct stream_sink *)sink)->out; /* its first member */
    (void)detail;
    for (size_t i = 0; i < count; i++) {
        if (fwrite(spans[i].data, 1, spans[i].size, out) != spans[i].size) {
            return LFK_ERR_IO;
        }
    }
    return LFK_OK;
}

static void print_file(struct cli_session *session, void *context, const struct cli_place *place)
{
    struct stream_sink out = {{write_to_stream}, session->run->io->out};
    (void)context;
    (void)cli_contents_read(session, place, &out.sink, NULL);
}

static int run_cat(struct cli_session *session, void *args, char **operands, int count)
{
    return cli_places_visit(session, operands, count, print_file, args);
}

const struct cli_verb cli_cat = {
    .name = "cat",
    .operands = "IMAGE PATH...",
    .summary = "print files of an image",
    .description = "Writes the contents of the files to the standard output, one after the other, "
                   "as they are.",
    .examples = "lfskit cat lfs.bin /cfg/net.json",
    .groups = cat_groups,
    .args_size = sizeof(struct cat_args),
    .min_operands = 2,
    .max_operands = -1,
    .inside = run_cat,
    .inside_operands = "<remote_path>",
};
