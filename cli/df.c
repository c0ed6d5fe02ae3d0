/* SPDX-License-Identifier: MIT */
/*
 * The verb df: how much of a volume is used and free.
 */
#include "json.h"
#include "session.h"

#include <inttypes.h>

struct df_args {
    struct cli_session_args session;
};

static const struct cli_option df_options[] = {
    CLI_SESSION_JSON(struct df_args,
                     "An object: block_size, block_count, used_blocks, free_blocks"),
    {0},
};

static const struct cli_option_group df_groups[] = {
    {"Output", df_options, 0},
    CLI_SESSION_READING_GROUP(struct df_args),
    CLI_HELP_GROUP,
    {0},
};

static void print_line(FILE *out, const struct lfk_filesystem_info *info, uint64_t used)
{
    uint64_t left = used < info->block_count ? info->block_count - used : 0;
    uint64_t percent = (used * 100 + info->block_count - 1) / info->block_count;
    fprintf(out, "%10s %10s %10s %10s %5s\n", "Block size", "Blocks", "Used", "Free", "Use%");
    fprintf(out, "%10" PRIu32 " %10" PRIu32 " %10" PRIu64 " %10" PRIu64 " %4" PRIu64 "%%\n",
            info->block_size, info->block_count, used, left, percent);
}

static json_t *describe(const struct lfk_filesystem_info *info, uint64_t used)
{
    json_int_t left = used < info->block_count ? (json_int_t)(info->block_count - used) : 0;
    return json_pack("{s:I,s:I,s:I,s:I}", "block_size", (json_int_t)info->block_size, "block_count",
                     (json_int_t)info->block_count, "used_blocks", (json_int_t)used, "free_blocks",
                     left);
}

static int run_df(struct cli_session *session, void *all_args, char **operands, int count)
{
    const struct df_args *args = all_args;
    FILE *out = session->run->io->out;
    uint64_t used = lfk_filesystem_blocks_used(session->filesystem);
    (void)operands;
    (void)count;
    if (!args->session.json) {
        print_line(out, &session->info, used);
    } else if (!cli_json_print(out, describe(&session->info, used))) {
        return cli_session_fail(session, CLI_FAULT_IMAGE, NULL, LFK_ERR_NOMEM, NULL);
    }
    return CLI_DONE;
}

const struct cli_verb cli_df = {
    .name = "df",
    .operands = "IMAGE",
    .summary = "show how many blocks of an image are used and free",
    .description =
        "Prints the size of a block in bytes, and how many blocks there are, how many of "
        "them are used and how many free.",
    .examples = "lfskit df lfs.bin",
    .groups = df_groups,
    .args_size = sizeof(struct df_args),
    .min_operands = 1,
    .max_operands = 1,
    .inside = run_df,
    .inside_operands = "",
};
