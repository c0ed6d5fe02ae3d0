/* SPDX-License-Identifier: MIT */
/*
 * The verb ls: the names in a directory of a volume.
 */
#include "json.h"
#include "row.h"
#include "session.h"

struct ls_args {
    struct cli_session_args session;
    bool details;
};

static const struct cli_option ls_options[] = {
    {"long", 'l', NULL, cli_store_true, offsetof(struct ls_args, details),
     "Before each name its type, size in bytes, number of blocks and attributes"},
    CLI_SESSION_JSON(struct ls_args, "An array of objects, as those of the verb list"),
    {0},
};

static const struct cli_option_group ls_groups[] = {
    {"Output", ls_options, 0},
    CLI_SESSION_READING_GROUP(struct ls_args),
    CLI_HELP_GROUP,
    {0},
};

static void print_names(struct cli_session *session, const struct lfk_node *directory, bool details)
{
    struct cli_text line = {0};
    for (const struct lfk_node *node = directory->first; node != NULL; node = node->next) {
        cli_text_cut(&line, 0);
        if (details) {
            cli_row_add(&line, node);
        }
        (void)cli_name_add(&line, session->encoding, node, CLI_NAME_SHOWN);
        fprintf(session->run->io->out, "%s\n", cli_text_string(&line));
    }
    (void)cli_session_check_text(session, &line);
    cli_text_free(&line);
}

static void print_json(struct cli_session *session, const struct cli_place *place,
                       const struct lfk_node *directory)
{
    struct cli_json_array array = {.out = session->run->io->out};
    struct cli_text path = {0};
    for (const struct lfk_node *node = directory->first; node != NULL; node = node->next) {
        bool decodes = cli_place_node_path(&path, session, place, node, CLI_NAME_JSON);
        cli_json_array_add(&array, cli_row_json(cli_text_string(&path), decodes, node));
    }
    cli_json_array_end(&array);
    path.failed = path.failed || array.failed;
    (void)cli_session_check_text(session, &path);
    cli_text_free(&path);
}

static void list_directory(struct cli_session *session, const struct ls_args *args,
                           const struct cli_place *place)
{
    struct lfk_tree *tree = cli_place_load_directory(session, place, true);
    if (tree != NULL && args->session.json) {
        print_json(session, place, lfk_tree_root(tree));
    } else if (tree != NULL) {
        print_names(session, lfk_tree_root(tree), args->details);
    }
    lfk_tree_destroy(tree);
}

static int run_ls(struct cli_session *session, void *all_args, char **operands, int count)
{
    unsigned long before = session->problems;
    struct cli_place place = {0};
    if (cli_place_set(&place, session, count > 0 ? operands[0] : "") == CLI_DONE) {
        list_directory(session, all_args, &place);
    }
    cli_place_free(&place);
    return cli_session_exit_code(session, before);
}

const struct cli_verb cli_ls = {
    .name = "ls",
    .operands = "IMAGE [PATH]",
    .summary = "print the names in a directory of an image",
    .description =
        "Prints the names in the directory PATH, by default the root, one a line and in the order "
        "of the image. The verb list shows whole trees.\n"
        "Control characters in names are shown as \\xNN.",
    .examples = "lfskit ls lfs.bin\n"
                "lfskit ls -l lfs.bin /www",
    .groups = ls_groups,
    .args_size = sizeof(struct ls_args),
    .min_operands = 1,
    .max_operands = 2,
    .inside = run_ls,
    .inside_operands = "[path]",
};
