/* SPDX-License-Identifier: MIT */
/*
 * The verb tree: what is below a directory of a volume, drawn, sorted by name.
 */
#include "color.h"
#include "drawing.h"
#include "rows.h"

struct tree_args {
    struct cli_session_args session;
    enum cli_color color;
};

static const struct cli_option tree_options[] = {
    CLI_COLOR_OPTION(struct tree_args, color),
    CLI_SESSION_JSON(struct tree_args, "An array of objects, as those of the verb list"),
    {0},
};

static const struct cli_option_group tree_groups[] = {
    {"Output", tree_options, 0},
    CLI_SESSION_READING_GROUP(struct tree_args),
    CLI_HELP_GROUP,
    {0},
};

static void print_line(const struct cli_loaded *loaded, const struct cli_drawing *drawing,
                       struct cli_text *line, bool colored)
{
    struct cli_session *session = loaded->session;
    enum lfk_node_type type = drawing->node->type;
    cli_text_cut(line, 0);
    cli_drawing_add(line, drawing);
    cli_text_print(line, "%s", cli_color_start(colored, type));
    (void)cli_name_add(line, session->encoding, drawing->node, CLI_NAME_SHOWN);
    fprintf(session->run->io->out, "%s%s%s\n", cli_text_string(line), cli_color_end(colored, type),
            type == LFK_NODE_DIR ? "/" : "");
}

static void print_entries(const struct cli_loaded *loaded, bool json, bool colored)
{
    struct cli_rows rows = cli_rows_start(loaded, json);
    struct cli_drawing drawing = cli_drawing_start(loaded->node, true);
    const struct lfk_node *node;
    while ((node = cli_drawing_next(&drawing)) != NULL && !cli_session_stopped(loaded->session)) {
        if (json) {
            cli_rows_add(&rows, node);
        } else {
            print_line(loaded, &drawing, &rows.path, colored);
        }
    }
    rows.path.failed = rows.path.failed || drawing.failed;
    cli_drawing_free(&drawing);
    cli_rows_end(&rows);
}

static void print_tree(struct cli_session *session, void *context, const struct cli_place *place)
{
    const struct tree_args *args = context;
    FILE *out = session->run->io->out;
    bool json = args->session.json;
    bool colored = cli_color_is_on(args->color, out);
    struct cli_loaded loaded = {0};
    struct cli_text top = {0};
    if (cli_loaded_open_directory(&loaded, session, place, false) == CLI_DONE) {
        (void)cli_loaded_path(&top, &loaded, loaded.node, CLI_NAME_SHOWN);
        if (!json) {
            fprintf(out, "%s%s%s\n", cli_color_start(colored, LFK_NODE_DIR), cli_text_string(&top),
                    cli_color_end(colored, LFK_NODE_DIR));
        }
        print_entries(&loaded, json, colored);
    }
    cli_text_free(&top);
    cli_loaded_free(&loaded);
}

static int run_tree(struct cli_session *session, void *args, char **operands, int count)
{
    char here[] = ".";
    char *place = count > 0 ? operands[0] : here;
    return cli_places_visit(session, &place, 1, print_tree, args);
}

const struct cli_verb cli_tree = {
    .name = "tree",
    .operands = "IMAGE [PATH]",
    .summary = "draw the tree of an image",
    .description = "Draws what is below the directory PATH, by default the root, with the names "
                   "sorted. 'list --tree' draws it in the order of the image, with details.",
    .examples = "lfskit tree lfs.bin /www",
    .groups = tree_groups,
    .args_size = sizeof(struct tree_args),
    .min_operands = 1,
    .max_operands = 2,
    .inside = run_tree,
    .inside_operands = "[path]",
};
