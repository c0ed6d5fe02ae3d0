/* SPDX-License-Identifier: MIT */
/*
 * The verb mkdir: directories in a volume, with the missing ones above them if
 * that is asked for.
 */
#include "directories.h"

struct mkdir_args {
    struct cli_session_args session;
    bool parents;
};

static const struct cli_option mkdir_options[] = {
    {"parents", 'p', NULL, cli_store_true, offsetof(struct mkdir_args, parents),
     "Make the missing directories above it, too; one that is there is no error"},
    {0},
};

static const struct cli_option_group mkdir_groups[] = {
    {"What is made", mkdir_options, 0},
    CLI_SESSION_CHANGING_GROUP(struct mkdir_args),
    CLI_SESSION_READING_GROUP(struct mkdir_args),
    CLI_HELP_GROUP,
    {0},
};

static int make_one(struct cli_session *session, const struct cli_place *place)
{
    struct lfk_detail detail = {0};
    int status = lfk_filesystem_mkdir(session->filesystem, cli_place_stored(place), &detail);
    return status < 0 ? cli_place_fail_made(session, place, status, &detail) : CLI_DONE;
}

static void make(struct cli_session *session, void *context, const struct cli_place *place)
{
    const struct mkdir_args *args = context;
    int exit_code = args->parents ? cli_directories_make(session, place) : make_one(session, place);
    if (exit_code == CLI_DONE) {
        cli_session_announce(session, "Created directory %s", cli_place_shown(place));
    }
}

static int run_mkdir(struct cli_session *session, void *args, char **operands, int count)
{
    return cli_places_visit(session, operands, count, make, args);
}

const struct cli_verb cli_mkdir = {
    .name = "mkdir",
    .operands = "IMAGE PATH...",
    .summary = "make directories in an image",
    .description = "Makes the directories, in place. What has the name already is an error.",
    .examples = "lfskit mkdir lfs.bin /logs\n"
                "lfskit mkdir -p lfs.bin /logs/2024/may",
    .groups = mkdir_groups,
    .args_size = sizeof(struct mkdir_args),
    .min_operands = 2,
    .max_operands = -1,
    .inside = run_mkdir,
    .writes = true,
    .inside_operands = "[-p] <remote_path>",
};
