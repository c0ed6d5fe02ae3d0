/* SPDX-License-Identifier: MIT */
/*
 * The verb rm: entries of a volume removed, directories with all that is in
 * them if that is asked for.
 */
#include "loaded.h"

#include <stdlib.h>

struct rm_args {
    struct cli_session_args session;
    bool recursive;
};

static const struct cli_option rm_options[] = {
    {"recursive", 'r', NULL, cli_store_true, offsetof(struct rm_args, recursive),
     "Remove directories with all that is in them"},
    {0},
};

static const struct cli_option_group rm_groups[] = {
    {"What is removed", rm_options, 0},
    CLI_SESSION_CHANGING_GROUP(struct rm_args),
    CLI_SESSION_READING_GROUP(struct rm_args),
    CLI_HELP_GROUP,
    {0},
};

static int remove_one(struct cli_session *session, const struct cli_place *place)
{
    struct lfk_detail detail = {0};
    int status = lfk_filesystem_remove(session->filesystem, cli_place_stored(place), &detail);
    if (status == LFK_ERR_NOTEMPTY) {
        detail.what = "the directory is not empty (-r removes all that is in it)";
    }
    return status < 0 ? cli_place_fail(session, place, status, &detail) : CLI_DONE;
}

/* Removes what is below the place, the deepest first. */
static int empty(struct cli_session *session, const struct cli_loaded *loaded)
{
    struct cli_place place = {0};
    unsigned long before = session->problems;
    size_t count;
    const struct lfk_node **nodes = cli_loaded_nodes(loaded, &count);
    if (nodes == NULL) {
        return cli_session_fail(session, CLI_FAULT_IMAGE, NULL, LFK_ERR_NOMEM, NULL);
    }
    while (--count > 0 && !cli_session_stopped(session)) { /* not the root */
        cli_loaded_place(&place, loaded, nodes[count]);
        (void)remove_one(session, &place);
    }
    cli_place_free(&place);
    free((void *)nodes);
    return count > 0 ? CLI_FAILED : cli_session_exit_code(session, before);
}

static int empty_directory(struct cli_session *session, const struct cli_place *place)
{
    struct cli_loaded loaded = {0};
    const struct lfk_detail is_root = {.status = LFK_ERR_INVAL,
                                       .what = "the root cannot be removed"};
    struct lfk_stat stat;
    int exit_code = cli_place_stat(session, place, &stat);
    if (exit_code == CLI_DONE && place->stored.size == 0) {
        exit_code = cli_place_fail(session, place, LFK_ERR_INVAL, &is_root);
    }
    if (exit_code == CLI_DONE && stat.is_dir) {
        exit_code = cli_loaded_open(&loaded, session, place, false);
    }
    if (exit_code == CLI_DONE && stat.is_dir) {
        exit_code = empty(session, &loaded);
    }
    cli_loaded_free(&loaded);
    return exit_code;
}

static void remove_entry(struct cli_session *session, void *context, const struct cli_place *place)
{
    const struct rm_args *args = context;
    if (args->recursive && empty_directory(session, place) != CLI_DONE) {
        return;
    }
    if (remove_one(session, place) == CLI_DONE) {
        cli_session_announce(session, "Removed %s", cli_place_shown(place));
    }
}

static int run_rm(struct cli_session *session, void *args, char **operands, int count)
{
    return cli_places_visit(session, operands, count, remove_entry, args);
}

const struct cli_verb cli_rm = {
    .name = "rm",
    .operands = "IMAGE PATH...",
    .summary = "remove files and directories from an image",
    .description = "Removes the files and empty directories, in place. What cannot be removed is "
                   "told of, and the rest is removed.",
    .examples = "lfskit rm lfs.bin /copies/index.html\n"
                "lfskit rm -r lfs.bin /logs /copies",
    .groups = rm_groups,
    .args_size = sizeof(struct rm_args),
    .min_operands = 2,
    .max_operands = -1,
    .inside = run_rm,
    .writes = true,
    .inside_operands = "[-r] <path>",
};
