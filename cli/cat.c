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

static int print_bytes(void *context, const void *bytes, size_t size)
{
    FILE *out = context;
    return fwrite(bytes, 1, size, out) == size ? LFK_OK : LFK_ERR_IO;
}

static int run_cat(struct cli_session *session, void *args, char **operands, int count)
{
    unsigned long before = session->problems;
    FILE *out = session->run->io->out;
    (void)args;
    for (int i = 0; i < count && !ferror(out); i++) {
        struct cli_place place = {0};
        if (cli_place_set(&place, session, operands[i]) == CLI_DONE) {
            (void)cli_contents_read(session, &place, print_bytes, out);
        }
        cli_place_free(&place);
    }
    return cli_session_exit_code(session, before);
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
