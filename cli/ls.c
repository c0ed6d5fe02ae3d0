/* SPDX-License-Identifier: MIT */
/*
 * The verb ls: the names in a directory of a volume.
 */
#include "color.h"
#include "row.h"
#include "rows.h"

struct ls_args {
    struct cli_session_args session;
    bool details;
    bool classify;
    enum cli_color color;
};

#define AT(member) offsetof(struct ls_args, member)

static const struct cli_option ls_options[] = {
    {"long", 'l', NULL, cli_store_true, AT(details),
     "Before each name its type, size in bytes, number of blocks and attributes"},
    {"classify", 'F', NULL, cli_store_true, AT(classify), "A '/' behind the names of directories"},
    CLI_COLOR_OPTION(struct ls_args, color),
    CLI_SESSION_JSON(struct ls_args, "An array of objects, as those of the verb list"),
    {0},
};

static const struct cli_option_group ls_groups[] = {
    {"Output", ls_options, 0},
    CLI_SESSION_READING_GROUP(struct ls_args),
    CLI_HELP_GROUP,
    {0},
};

static void print_names(const struct cli_loaded *loaded, const struct ls_args *args)
{
    struct cli_session *session = loaded->session;
    FILE *out = session->run->io->out;
    bool colored = cli_color_is_on(args->color, out);
    struct cli_text line = {0};
    for (const struct lfk_node *node = loaded->node->first;
         node != NULL && !cli_session_stopped(session); node = node->next) {
        cli_text_cut(&line, 0);
        if (args->details) {
            cli_row_add(&line, node);
        }
        cli_text_print(&line, "%s", cli_color_start(colored, node->type));
        (void)cli_name_add(&line, session->encoding, node, CLI_NAME_SHOWN);
        bool marked = args->classify && node->type == LFK_NODE_DIR;
        fprintf(out, "%s%s%s\n", cli_text_string(&line), cli_color_end(colored, node->type),
                marked ? "/" : "");
    }
    (void)cli_session_check_text(session, &line);
    cli_text_free(&line);
}

static void print_json(const struct cli_loaded *loaded)
{
    struct cli_rows rows = cli_rows_start(loaded, true);
    for (const struct lfk_node *node = loaded->node->first;
         node != NULL && !cli_session_stopped(loaded->session); node = node->next) {
        cli_rows_add(&rows, node);
    }
    cli_rows_end(&rows);
}

static void list_directory(struct cli_session *session, void *context,
                           const struct cli_place *place)
{
    const struct ls_args *args = context;
    struct cli_loaded loaded = {0};
    bool is_open = cli_loaded_open_directory(&loaded, session, place, true) == CLI_DONE;
    if (is_open && args->session.json) {
        print_json(&loaded);
    } else if (is_open) {
        print_names(&loaded, args);
    }
    cli_loaded_free(&loaded);
}

static int run_ls(struct cli_session *session, void *args, char **operands, int count)
{
    char here[] = ".";
    char *directory = count > 0 ? operands[0] : here;
    return cli_places_visit(session, &directory, 1, list_directory, args);
}

const struct cli_verb cli_ls = {
    .name = "ls",
    .alias = "dir",
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
