/* SPDX-License-Identifier: MIT */
/*
 * The verb du: what directories and files of a volume take.
 */
#include "json.h"
#include "loaded.h"

#include <inttypes.h>
#include <stdlib.h>

struct du_args {
    struct cli_session_args session;
    bool summarize;
};

static const struct cli_option du_options[] = {
    {"summarize", 's', NULL, cli_store_true, offsetof(struct du_args, summarize),
     "Only the sum of each PATH"},
    CLI_SESSION_JSON(struct du_args,
                     "An array of objects: path, bytes, blocks, files, directories"),
    {0},
};

static const struct cli_option_group du_groups[] = {
    {"Output", du_options, 0},
    CLI_SESSION_READING_GROUP(struct du_args),
    CLI_HELP_GROUP,
    {0},
};

/* Of a node and all below it. */
struct sum {
    uint64_t bytes;
    uint64_t blocks;
    uint64_t files;
    uint64_t directories; /* below it */
};

struct usage {
    const struct du_args *args;
    struct cli_json_array array;
    struct cli_text path;
};

/* Adds the first sum to the second; a directory counts in the one above it. */
static void add_sum(const struct sum *sum, bool is_dir, struct sum *above)
{
    above->bytes += sum->bytes;
    above->blocks += sum->blocks;
    above->files += sum->files;
    above->directories += sum->directories + is_dir;
}

/* The sums of all nodes, by their index; NULL when out of memory. */
static struct sum *sum_up(const struct cli_loaded *loaded)
{
    size_t count;
    const struct lfk_node **nodes = cli_loaded_nodes(loaded, &count);
    struct sum *sums = calloc(lfk_tree_count(loaded->tree), sizeof(*sums));
    while (nodes != NULL && sums != NULL && count > 0) {
        const struct lfk_node *node = nodes[--count];
        bool is_dir = node->type == LFK_NODE_DIR;
        const struct sum own = {node->size, node->place.blocks, !is_dir, 0};
        add_sum(&own, false, &sums[node->index]); /* to what is below it */
        if (count > 0) {
            add_sum(&sums[node->index], is_dir, &sums[node->parent->index]);
        }
    }
    if (nodes == NULL) {
        free(sums);
        sums = NULL;
    }
    free((void *)nodes);
    return sums;
}

static json_t *describe(const char *path, const struct sum *sum)
{
    return json_pack("{s:s,s:I,s:I,s:I,s:I}", "path", path, "bytes", (json_int_t)sum->bytes,
                     "blocks", (json_int_t)sum->blocks, "files", (json_int_t)sum->files,
                     "directories", (json_int_t)sum->directories);
}

static void print_sum(struct usage *usage, const struct cli_loaded *loaded,
                      const struct lfk_node *node, const struct sum *sum)
{
    if (usage->args->session.json) {
        (void)cli_loaded_path(&usage->path, loaded, node, CLI_NAME_JSON);
        cli_json_array_add(&usage->array, describe(cli_text_string(&usage->path), sum));
    } else {
        (void)cli_loaded_path(&usage->path, loaded, node, CLI_NAME_SHOWN);
        fprintf(usage->array.out, "%10" PRIu64 " %6" PRIu64 " %s\n", sum->bytes, sum->blocks,
                cli_text_string(&usage->path));
    }
}

static void print_usage(struct cli_session *session, void *context, const struct cli_place *place)
{
    struct usage *usage = context;
    struct cli_loaded loaded = {0};
    struct sum *sums = NULL;
    if (cli_loaded_open(&loaded, session, place, false) == CLI_DONE) {
        sums = sum_up(&loaded);
        usage->path.failed = usage->path.failed || sums == NULL;
    }
    for (const struct lfk_node *node = loaded.node;
         sums != NULL && node != NULL && !cli_session_stopped(session);
         node = usage->args->summarize ? NULL : lfk_node_next(loaded.node, node)) {
        if (node->type == LFK_NODE_DIR || node == loaded.node) {
            print_sum(usage, &loaded, node, &sums[node->index]);
        }
    }
    free(sums);
    cli_loaded_free(&loaded);
}

static int run_du(struct cli_session *session, void *args, char **operands, int count)
{
    char here[] = ".";
    char *all = here;
    struct usage usage = {.args = args, .array = {.out = session->run->io->out}};
    int exit_code = cli_places_visit(session, count > 0 ? operands : &all, count > 0 ? count : 1,
                                     print_usage, &usage);
    if (usage.args->session.json) {
        cli_json_array_end(&usage.array);
    }
    usage.path.failed = usage.path.failed || usage.array.failed;
    if (cli_session_check_text(session, &usage.path) != CLI_DONE) {
        exit_code = CLI_FAILED;
    }
    cli_text_free(&usage.path);
    return exit_code;
}

const struct cli_verb cli_du = {
    .name = "du",
    .operands = "IMAGE [PATH...]",
    .summary = "show what directories of an image take",
    .description =
        "Prints, of each directory at and below the PATHs, by default the root, and of each PATH "
        "that is a file: the bytes of the files in it and below, the blocks that they and the "
        "metadata take, and its path. A file that lies in the metadata takes no block of its own.",
    .examples = "lfskit du lfs.bin\n"
                "lfskit du -s lfs.bin /www /cfg",
    .groups = du_groups,
    .args_size = sizeof(struct du_args),
    .min_operands = 1,
    .max_operands = -1,
    .inside = run_du,
    .inside_operands = "[path...]",
};
