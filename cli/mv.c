/* SPDX-License-Identifier: MIT */
/*
 * The verb mv: an entry of a volume gets another path.
 */
#include "session.h"

struct mv_args {
    struct cli_session_args session;
};

static const struct cli_option_group mv_groups[] = {
    CLI_SESSION_CHANGING_GROUP(struct mv_args),
    CLI_SESSION_READING_GROUP(struct mv_args),
    CLI_HELP_GROUP,
    {0},
};

/* Tells an error of a rename, about the one of the two paths that it comes from. */
static int tell(struct cli_session *session, const struct cli_place *from,
                const struct cli_place *to, int status, struct lfk_detail *detail)
{
    struct lfk_stat stat;
    bool is_there =
        lfk_filesystem_stat(session->filesystem, cli_place_stored(from), &stat, NULL) == LFK_OK;
    if (status == LFK_ERR_ISDIR) {
        detail->what = "is a directory, into which nothing is moved: TARGET is the whole new path";
    }
    return is_there && from->stored.size > 0 ? cli_place_fail_made(session, to, status, detail)
                                             : cli_place_fail(session, from, status, detail);
}

/* The working directory goes where the directory goes that it is in. */
static void follow(struct cli_session *session, const struct cli_place *from,
                   const struct cli_place *to)
{
    const struct cli_place here = {.stored = session->directory};
    const struct cli_place moved = {.stored = from->shown};
    if (from->shown.size == 0 || !cli_place_holds(&moved, &here)) {
        return;
    }
    struct cli_text directory = {0};
    cli_text_print(&directory, "%s%s", cli_text_string(&to->shown),
                   cli_text_string(&session->directory) + from->shown.size);
    cli_text_free(&session->directory);
    session->directory = directory;
}

static int move(struct cli_session *session, const struct cli_place *from,
                const struct cli_place *to)
{
    struct lfk_detail detail = {0};
    int status = lfk_filesystem_rename(session->filesystem, cli_place_stored(from),
                                       cli_place_stored(to), &detail);
    if (status < 0) {
        return tell(session, from, to, status, &detail);
    }
    follow(session, from, to);
    cli_session_announce(session, "Moved %s -> %s", cli_place_shown(from), cli_place_shown(to));
    return CLI_DONE;
}

static int run_mv(struct cli_session *session, void *args, char **operands, int count)
{
    struct cli_place from = {0};
    struct cli_place to = {0};
    (void)args;
    (void)count;
    int exit_code = cli_place_set(&from, session, operands[0]);
    if (exit_code == CLI_DONE) {
        exit_code = cli_place_set(&to, session, operands[1]);
    }
    if (exit_code == CLI_DONE) {
        exit_code = move(session, &from, &to);
    }
    cli_place_free(&from);
    cli_place_free(&to);
    return exit_code;
}

const struct cli_verb cli_mv = {
    .name = "mv",
    .operands = "IMAGE SOURCE TARGET",
    .summary = "rename or move an entry of an image",
    .description =
        "Gives the file or directory SOURCE the path TARGET, in place, with its attributes and all "
        "that is in it. TARGET is the whole new path: nothing is moved into a directory that is "
        "there. A file replaces a file, and a directory an empty one.",
    .examples = "lfskit mv lfs.bin /logs/2024 /logs/old",
    .groups = mv_groups,
    .args_size = sizeof(struct mv_args),
    .min_operands = 3,
    .max_operands = 3,
    .inside = run_mv,
    .writes = true,
    .inside_operands = "<source> <destination>",
};
