/* SPDX-License-Identifier: MIT */
/*
 * The verb extract: an image, or what of it is named, into a directory or, one
 * file, onto the standard output.
 */
#include "contents.h"
#include "message.h"
#include "reading.h"
#include "work.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct extract_args {
    struct cli_reading_args reading;
    bool quiet;
};

static const struct cli_option extract_options[] = {
    {"quiet", 'q', NULL, cli_store_true, offsetof(struct extract_args, quiet), "Print errors only"},
    CLI_READING_VERBOSE(struct extract_args, reading.verbose),
    {0},
};

static const struct cli_option_group extract_groups[] = {
    {"Output", extract_options, 0},
    CLI_READING_GROUP(struct extract_args, reading),
    CLI_HELP_GROUP,
    {0},
};

/* One PATH: a literal path or a pattern. */
struct wanted {
    struct cli_text path; /* in its normal form */
    bool met;             /* something has this path; the root is met from the start */
};

/* One extraction at work. */
struct extraction {
    struct cli_reading *reading;
    const char *folder;
    bool listed;  /* each entry is printed */
    bool counted; /* there is a summary at the end */
    struct wanted *wanted;
    int wanted_count;
    struct cli_text path; /* of the node at hand */
    uint64_t files;
    uint64_t directories;
    uint64_t bytes;
};

static const char *image_path(struct extraction *x, const struct lfk_node *node)
{
    cli_text_cut(&x->path, 0);
    cli_reading_add_path(x->reading, &x->path, node, CLI_NAME_PLAIN);
    return cli_text_string(&x->path);
}

/* Tells what went wrong with a node: about its place on the host, or in the image. */
static void tell(struct extraction *x, const struct lfk_node *node, const struct lfk_detail *detail)
{
    bool of_host = cli_detail_is_of_host(detail);
    struct cli_text subject = {0};
    cli_text_print(&subject, "%s%s%s", of_host ? x->folder : x->reading->path, of_host ? "" : ": ",
                   image_path(x, node));
    cli_error_detail(x->reading->run, cli_text_string(&subject), detail->status, detail);
    cli_text_free(&subject);
    x->reading->problems++;
}

static void tell_failed(void *context, const struct lfk_node *node, const struct lfk_detail *detail)
{
    struct extraction *x = context;
    /* It was counted when it was about to be made; what is wrong in the image shows before. */
    if (node->type == LFK_NODE_DIR && cli_detail_is_of_host(detail) && x->directories > 0) {
        x->directories--;
    }
    tell(x, node, detail);
}

static bool is_wanted(void *context, const struct lfk_node *node)
{
    struct extraction *x = context;
    const char *path = image_path(x, node);
    bool wanted = false;
    for (int i = 0; i < x->wanted_count; i++) {
        const char *pattern = cli_text_string(&x->wanted[i].path);
        if (strcmp(pattern, path) == 0 || lfk_path_match(pattern, path)) {
            x->wanted[i].met = wanted = true;
        }
    }
    return wanted;
}

static void count_entry(void *context, const struct lfk_node *node, const char *host_path)
{
    struct extraction *x = context;
    x->files += node->type == LFK_NODE_FILE;
    x->directories += node->type == LFK_NODE_DIR;
    x->bytes += node->size;
    if (x->listed) {
        struct cli_text line = {0};
        cli_reading_add_path(x->reading, &line, node, CLI_NAME_SHOWN);
        cli_text_add(&line, " ", 1);
        cli_text_escaped(&line, host_path, strlen(host_path));
        fprintf(x->reading->run->io->out, "%s\n", cli_text_string(&line));
        cli_text_free(&line);
    }
}

static bool all_are_met(const struct extraction *x)
{
    for (int i = 0; i < x->wanted_count; i++) {
        if (!x->wanted[i].met) {
            return false;
        }
    }
    return true;
}

/* Each PATH that named nothing is a failure of its own. */
static void tell_unmet(struct extraction *x, char *const *paths)
{
    /* Nobody asked for what is below a selected directory yet. */
    const struct lfk_node *root = lfk_tree_root(x->reading->tree);
    for (const struct lfk_node *node = lfk_node_next(root, root); node != NULL && !all_are_met(x);
         node = lfk_node_next(root, node)) {
        (void)is_wanted(x, node);
    }
    for (int i = 0; i < x->wanted_count; i++) {
        if (!x->wanted[i].met) {
            cli_error(x->reading->run, "%s: %s: no such file or directory", x->reading->path,
                      paths[i]);
            x->reading->problems++;
        }
    }
}

static void print_summary(const struct extraction *x)
{
    struct cli_text folder = {0};
    cli_text_escaped(&folder, x->folder, strlen(x->folder));
    fprintf(x->reading->run->io->out,
            "%s: %" PRIu64 " file%s, %" PRIu64 " bytes in %" PRIu64 " director%s\n",
            cli_text_string(&folder), x->files, x->files == 1 ? "" : "s", x->bytes, x->directories,
            x->directories == 1 ? "y" : "ies");
    cli_text_free(&folder);
}

static void extract_to_folder(struct extraction *x)
{
    const struct lfk_extract_options options = {
        .size = sizeof(options),
        .encoding = x->reading->encoding,
        .select = x->wanted_count > 0 ? is_wanted : NULL,
        .progress = x->listed || x->counted ? count_entry : NULL,
        .report = tell_failed,
        .context = x,
    };
    struct lfk_detail detail = {0};
    unsigned long before = x->reading->problems;
    int status = lfk_extract(lfk_tree_root(x->reading->tree), x->folder, &options, &detail);
    if (status < 0 && x->reading->problems == before) {
        cli_error_detail(x->reading->run, x->folder, status, &detail);
        x->reading->problems++;
    } else if (x->counted) {
        print_summary(x);
    }
}

static int copy_to_output(struct extraction *x, const struct lfk_node *node)
{
    struct lfk_output *output = NULL;
    struct lfk_detail detail = {0};
    int status = lfk_output_open(&output, x->folder, &detail);
    if (status == LFK_OK) {
        status = cli_contents_copy(node, lfk_output_sink(output), NULL, &detail);
    }
    lfk_output_close(output);
    if (status < 0 && cli_detail_is_of_host(&detail)) {
        cli_error_detail(x->reading->run, x->folder, status, &detail);
        x->reading->problems++;
    } else if (status < 0) {
        tell(x, node, &detail);
    }
    return cli_reading_exit_code(x->reading);
}

/* The one file that is wanted goes to the standard output; a path that is there is no pattern. */
static int extract_to_output(struct extraction *x, const char *operand)
{
    const struct lfk_node *root = lfk_tree_root(x->reading->tree);
    const char *path = cli_text_string(&x->wanted[0].path);
    bool exact = x->wanted[0].met;
    const struct lfk_node *found = exact ? root : NULL;
    bool several = false;
    for (const struct lfk_node *node = lfk_node_next(root, root); node != NULL && !exact;
         node = lfk_node_next(root, node)) {
        if (is_wanted(x, node)) {
            exact = strcmp(path, cli_text_string(&x->path)) == 0;
            several = found != NULL && !exact;
            found = node;
        }
    }
    if (several || (found != NULL && found->type == LFK_NODE_DIR)) {
        return cli_usage(x->reading->run, "'-' takes one file, '%s' is %s", operand,
                         several ? "several" : "a directory");
    }
    return found != NULL ? copy_to_output(x, found) : CLI_DONE;
}

static int set_wanted(struct extraction *x, char *const *paths, int count)
{
    if (count == 0) {
        return CLI_DONE;
    }
    x->wanted = calloc((size_t)count, sizeof(x->wanted[0]));
    if (x->wanted == NULL) {
        cli_error(x->reading->run, "out of memory");
        return CLI_FAILED;
    }
    x->wanted_count = count;
    for (int i = 0; i < count; i++) {
        cli_path_normalise(&x->wanted[i].path, paths[i]);
        /* The root is everything. */
        if (x->wanted[i].path.size == 0) {
            cli_text_print(&x->wanted[i].path, "/**");
            x->wanted[i].met = true;
        }
    }
    return CLI_DONE;
}

static int extract(struct extraction *x, const struct extract_args *args, char *const *paths,
                   int count)
{
    bool to_output = strcmp(x->folder, "-") == 0;
    if (to_output && count != 1) {
        return cli_usage(x->reading->run, "'-' needs the path of one file");
    }
    int exit_code = set_wanted(x, paths, count);
    if (exit_code == CLI_DONE && args->reading.verbose && !args->quiet && !to_output) {
        cli_reading_print_configuration(x->reading->run, &args->reading, &x->reading->found);
        x->listed = true;
    }
    if (exit_code == CLI_DONE) {
        exit_code = cli_reading_load(x->reading, "/");
    }
    if (exit_code == CLI_DONE && to_output) {
        exit_code = extract_to_output(x, paths[0]);
    } else if (exit_code == CLI_DONE) {
        x->counted = !args->quiet;
        extract_to_folder(x);
    }
    if (exit_code == CLI_DONE) {
        tell_unmet(x, paths);
        exit_code = cli_reading_exit_code(x->reading);
    }
    return exit_code;
}

int cli_extract_all(struct cli_reading *reading, const char *folder, bool listed)
{
    struct extraction x = {.reading = reading, .folder = folder, .listed = listed};
    int exit_code = cli_reading_load(reading, "/");
    if (exit_code == CLI_DONE) {
        extract_to_folder(&x);
        exit_code = cli_reading_exit_code(reading);
    }
    cli_text_free(&x.path);
    return exit_code;
}

static int run_extract(struct cli_run *run, void *all_args, char **operands, int count)
{
    const struct extract_args *args = all_args;
    struct cli_reading reading;
    struct extraction x = {.reading = &reading, .folder = count > 1 ? operands[1] : "."};
    int named = count > 2 ? count - 2 : 0;
    int exit_code = cli_reading_open(&reading, run, &args->reading, operands[0]);
    if (exit_code == CLI_DONE) {
        exit_code = extract(&x, args, operands + 2, named);
    }
    for (int i = 0; i < x.wanted_count; i++) {
        cli_text_free(&x.wanted[i].path);
    }
    free(x.wanted);
    cli_text_free(&x.path);
    cli_reading_close(&reading);
    return exit_code;
}

const struct cli_verb cli_extract = {
    .name = "extract",
    .operands = "IMAGE [DIR] [PATH...]",
    .summary = "unpack an image or parts of it",
    .description =
        "Writes what is in the image into the directory DIR, by default the current one: "
        "everything, or the files and directories that the PATHs name. A PATH may be a pattern: "
        "'*', '?' and '[...]' match within a name, '**' any number of names. With '-' for DIR the "
        "one file that PATH names goes to the standard output.\n"
        "Existing files are replaced whole, nothing else is deleted. Nothing outside DIR is ever "
        "written to, whatever the names in the image are and whatever symbolic links are in DIR.",
    .examples = "lfskit extract lfs.bin out\n"
                "lfskit extract lfs.bin out /www '/cfg/*.json'\n"
                "lfskit extract lfs.bin - /cfg/net.json",
    .groups = extract_groups,
    .args_size = sizeof(struct extract_args),
    .min_operands = 1,
    .max_operands = -1,
    .run = run_extract,
};
