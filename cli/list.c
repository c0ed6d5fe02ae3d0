/* SPDX-License-Identifier: MIT */
/*
 * The verb list: what is in an image, one entry a line, as a tree or as JSON.
 */
#include "drawing.h"
#include "json.h"
#include "message.h"
#include "order.h"
#include "reading.h"
#include "row.h"
#include "work.h"

#include <string.h>

struct list_args {
    struct cli_reading_args reading;
    bool details;
    bool tree;
    bool json;
};

#define AT(member) offsetof(struct list_args, member)

static const struct cli_option list_options[] = {
    {"long", 'l', NULL, cli_store_true, AT(details),
     "Before each path its type, size in bytes, number of blocks and attributes"},
    {"tree", 0, NULL, cli_store_true, AT(tree), "Draw a tree"},
    {"json", 0, NULL, cli_store_true, AT(json),
     "An array of objects: path, type, size, blocks, inline, attrs; and name_hex if the name does "
     "not decode"},
    CLI_READING_VERBOSE(struct list_args, reading.verbose),
    {0},
};

static const struct cli_option_group list_groups[] = {
    {"Output", list_options, 0},
    CLI_READING_GROUP(struct list_args, reading),
    CLI_HELP_GROUP,
    {0},
};

/* One listing being printed. `line` is put together for each entry. */
struct listing {
    struct cli_reading *reading;
    const struct list_args *args;
    FILE *out;
    const struct lfk_node *directory; /* whose path `path` begins with */
    size_t directory_size;
    struct cli_text path;
    struct cli_text line;
};

/*
 * Sets `path` to the node's; the part that entries of one directory share is
 * made once. False if the name does not decode.
 */
static bool set_path(struct listing *listing, const struct lfk_node *node, enum cli_name_form form)
{
    if (node->parent != listing->directory) {
        listing->directory = node->parent;
        cli_text_cut(&listing->path, 0);
        cli_reading_add_path(listing->reading, &listing->path, node->parent, form);
        listing->directory_size = listing->path.size;
    }
    cli_text_cut(&listing->path, listing->directory_size);
    cli_text_add(&listing->path, "/", 1);
    return cli_reading_add_name(listing->reading, &listing->path, node, form);
}

static void put_line(struct listing *listing)
{
    cli_text_add(&listing->line, "\n", 1);
    fwrite(cli_text_string(&listing->line), 1, listing->line.size, listing->out);
    cli_text_cut(&listing->line, 0);
}

static void print_lines(struct listing *listing)
{
    struct cli_walk walk = cli_walk_start(lfk_tree_root(listing->reading->tree));
    const struct lfk_node *node;
    while ((node = cli_walk_next(&walk)) != NULL) {
        (void)set_path(listing, node, CLI_NAME_SHOWN);
        if (listing->args->details) {
            cli_row_add(&listing->line, node);
        }
        cli_text_add(&listing->line, cli_text_string(&listing->path), listing->path.size);
        put_line(listing);
    }
}

static void print_tree(struct listing *listing)
{
    const struct lfk_node *top = lfk_tree_root(listing->reading->tree);
    if (listing->args->details) {
        cli_row_add(&listing->line, top);
    }
    cli_reading_add_path(listing->reading, &listing->line, top, CLI_NAME_SHOWN);
    if (listing->reading->top.size == 0) {
        cli_text_add(&listing->line, "/", 1);
    }
    put_line(listing);
    struct cli_drawing drawing = cli_drawing_start(top, false);
    const struct lfk_node *node;
    while ((node = cli_drawing_next(&drawing)) != NULL) {
        if (listing->args->details) {
            cli_row_add(&listing->line, node);
        }
        cli_drawing_add(&listing->line, &drawing);
        (void)cli_reading_add_name(listing->reading, &listing->line, node, CLI_NAME_SHOWN);
        cli_text_print(&listing->line, "%s", node->type == LFK_NODE_DIR ? "/" : "");
        put_line(listing);
    }
    listing->line.failed = listing->line.failed || drawing.failed;
    cli_drawing_free(&drawing);
}

/* NULL when out of memory. */
static json_t *describe(struct listing *listing, const struct lfk_node *node)
{
    bool decodes = set_path(listing, node, CLI_NAME_JSON);
    return cli_row_json(cli_text_string(&listing->path), decodes, node);
}

static void print_json(struct listing *listing)
{
    struct cli_json_array array = {.out = listing->out};
    struct cli_walk walk = cli_walk_start(lfk_tree_root(listing->reading->tree));
    const struct lfk_node *node;
    while ((node = cli_walk_next(&walk)) != NULL && !array.failed) {
        cli_json_array_add(&array, describe(listing, node));
    }
    cli_json_array_end(&array);
    listing->line.failed = listing->line.failed || array.failed;
}

static int print_listing(struct cli_reading *reading, const struct list_args *args)
{
    struct listing listing = {.reading = reading, .args = args, .out = reading->run->io->out};
    if (args->json) {
        print_json(&listing);
    } else if (args->tree) {
        print_tree(&listing);
    } else {
        print_lines(&listing);
    }
    bool failed = listing.path.failed || listing.line.failed;
    cli_text_free(&listing.path);
    cli_text_free(&listing.line);
    if (failed) {
        cli_error(reading->run, "%s: out of memory", reading->path);
        return CLI_FAILED;
    }
    return cli_reading_exit_code(reading);
}

int cli_list_lines(struct cli_reading *reading)
{
    return print_listing(reading, &(const struct list_args){0});
}

static int run_list(struct cli_run *run, void *all_args, char **operands, int count)
{
    const struct list_args *args = all_args;
    if (args->json && (args->tree || args->details)) {
        return cli_usage(run, "--json cannot be combined with --tree or --long");
    }
    struct cli_reading reading;
    int exit_code = cli_reading_open(&reading, run, &args->reading, operands[0]);
    if (exit_code == CLI_DONE && args->reading.verbose && !args->json) {
        cli_reading_print_configuration(run, &args->reading, &reading.found);
    }
    if (exit_code == CLI_DONE) {
        exit_code = cli_reading_load(&reading, count > 1 ? operands[1] : "/");
    }
    if (exit_code == CLI_DONE) {
        exit_code = print_listing(&reading, args);
    }
    cli_reading_close(&reading);
    return exit_code;
}

const struct cli_verb cli_list = {
    .name = "list",
    .operands = "IMAGE [PATH]",
    .summary = "list what is in an image",
    .description =
        "Prints the path of each entry at and below PATH, by default of all. Of each directory "
        "first the directories in it are listed, then the files, each in the order of the image.\n"
        "Control characters in names are shown as \\xNN.",
    .examples = "lfskit list lfs.bin\n"
                "lfskit list -l lfs.bin /www\n"
                "lfskit list --tree lfs.bin",
    .groups = list_groups,
    .args_size = sizeof(struct list_args),
    .min_operands = 1,
    .max_operands = 2,
    .run = run_list,
};
