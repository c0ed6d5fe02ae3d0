/* SPDX-License-Identifier: MIT */
/*
 * The verb create: a directory or a file becomes an image. The tree is looked
 * at and planned whole before the output is opened, so that what cannot be
 * stored is told before anything is written.
 */
#include "configuration.h"
#include "create_args.h"
#include "message.h"
#include "names.h"
#include "order.h"
#include "progress.h"
#include "work.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define IMAGE_DEFAULT "lfs.bin"
#define ERASED 0xff

/* One image being made. */
struct creation {
    const struct cli_run *run;
    const struct cli_create_args *args;
    const char *source;
    const char *image;
    FILE *told; /* what -v and the summary go to: not the stream the image is on */
    struct lfk_encoding *encoding;
    struct lfk_tree *tree;
    struct lfk_scan *scan;
    struct lfk_build *build;
    unsigned long problems; /* told already, one by one */
};

/* Tells the detail of a failed call, unless its parts were told already. */
static int fail(const struct creation *creation, const char *subject, int status,
                const struct lfk_detail *detail)
{
    if (creation->problems == 0) {
        cli_error_detail(creation->run, subject, status, detail);
    }
    return CLI_FAILED;
}

static void fail_node(struct creation *creation, const struct lfk_node *node, int status,
                      const struct lfk_detail *detail)
{
    size_t size = lfk_scan_path(creation->scan, node, NULL, 0) + 1;
    char *path = malloc(size);
    if (path != NULL) {
        (void)lfk_scan_path(creation->scan, node, path, size);
    }
    cli_error_detail(creation->run, path, status, detail);
    free(path);
    creation->problems++;
}

static void tell_unstorable(void *context, const struct lfk_node *node,
                            const struct lfk_detail *detail)
{
    fail_node(context, node, detail->status, detail);
}

static void tell_unusable(void *context, const char *path, const struct lfk_detail *detail)
{
    struct creation *creation = context;
    cli_error_detail(creation->run, path, detail->status, detail);
    creation->problems++;
}

static void tell_skipped(void *context, const char *path, const struct lfk_detail *detail)
{
    const struct creation *creation = context;
    if (!creation->args->quiet) {
        struct cli_text text = {0};
        cli_detail_add(&text, detail->status, detail);
        cli_warning(creation->run, "%s: %s", path, cli_text_string(&text));
        cli_text_free(&text);
    }
}

static int scan_source(struct creation *creation)
{
    const struct lfk_scan_options options = {
        .size = sizeof(options),
        .no_dereference = creation->args->no_dereference,
        .encoding = creation->encoding,
        .excludes = creation->args->excludes,
        .output = strcmp(creation->image, "-") != 0 ? creation->image : NULL,
        .warn = tell_skipped,
        .report = tell_unusable,
        .context = creation,
    };
    struct lfk_detail detail = {0};
    int status = lfk_tree_create(&creation->tree, NULL);
    if (status == LFK_OK) {
        status =
            lfk_scan_open(&creation->scan, creation->tree, creation->source, &options, &detail);
    }
    return status < 0 ? fail(creation, creation->source, status, &detail) : CLI_DONE;
}

/* An option out of its range is wrong usage. */
static int refuse_option(const struct creation *creation, const struct lfk_detail *detail)
{
    char option[32];
    size_t i = 0;
    for (; detail->field[i] != '\0' && i < sizeof(option) - 1; i++) {
        option[i] = detail->field[i];
        if (option[i] == '_') {
            option[i] = '-';
        }
    }
    option[i] = '\0';
    return cli_usage(creation->run, "--%s: %" PRIu64 " %s, %" PRIu64, option, detail->found,
                     detail->what, detail->expected);
}

static int plan_image(struct creation *creation)
{
    struct lfk_build_options options = creation->args->build;
    options.report = tell_unstorable;
    options.report_context = creation;
    struct lfk_detail detail = {0};
    int status = lfk_build_plan(&creation->build, creation->tree, &options, &detail);
    if (status == LFK_ERR_INVAL && detail.field != NULL && detail.has_values) {
        return refuse_option(creation, &detail);
    }
    return status < 0 ? fail(creation, creation->source, status, &detail) : CLI_DONE;
}

static void print_configuration(const struct creation *creation)
{
    const struct lfk_build_options *given = &creation->args->build;
    const struct lfk_build_options *settled = &lfk_build_report(creation->build)->options;
    const struct cli_configuration configuration = {
        .image = creation->image,
        .block_size = settled->block_size,
        .block_count = settled->block_count,
        .name_max = settled->name_max,
        .inline_max = given->inline_max,
        .attr_max = given->attr_max,
        .file_max = given->file_max,
    };
    cli_configuration_print(creation->told, &configuration);
}

static void print_entries(const struct creation *creation)
{
    struct cli_text path = {0};
    struct cli_walk walk = cli_walk_start(lfk_tree_root(creation->tree));
    const struct lfk_node *node;
    while ((node = cli_walk_next(&walk)) != NULL) {
        cli_text_cut(&path, 0);
        cli_path_add(&path, creation->encoding, walk.top, node, CLI_NAME_SHOWN);
        fprintf(creation->told, "%s%s\n",
                node->type == LFK_NODE_DIR ? "Adding Directory: " : "Adding File:      ",
                cli_text_string(&path) + 1);
    }
    cli_text_free(&path);
}

static void print_plan(const struct creation *creation)
{
    const struct lfk_build_report *report = lfk_build_report(creation->build);
    print_configuration(creation);
    print_entries(creation);
    if (creation->args->compact) {
        fprintf(creation->told, "Compacting... %" PRIu32 " / %" PRIu32 "\n", report->blocks_used,
                report->options.block_count);
    }
}

static void print_summary(const struct creation *creation)
{
    const struct lfk_build_report *report = lfk_build_report(creation->build);
    uint32_t count = report->options.block_count;
    struct cli_text image = {0};
    cli_text_escaped(&image, creation->image, strlen(creation->image));
    fprintf(creation->told,
            "%s: %" PRIu64 " file%s, %" PRIu64 " bytes in %" PRIu64 " director%s; %" PRIu32
            " of %" PRIu32 " blocks used, %" PRIu32 " free (%" PRIu32 " bytes each)\n",
            cli_text_string(&image), report->files, report->files == 1 ? "" : "s",
            report->file_bytes, report->directories, report->directories == 1 ? "y" : "ies",
            report->blocks_used, count, count - report->blocks_used, report->options.block_size);
    cli_text_free(&image);
}

/* A sink that counts for the progress bar what passes through it. */
struct counting_sink {
    struct lfk_sink sink;
    struct lfk_sink *target;
    struct cli_progress *progress;
};

static int write_counted(struct lfk_sink *sink, const struct lfk_span *spans, size_t count,
                         struct lfk_detail *detail)
{
    struct counting_sink *counting = (struct counting_sink *)sink;
    int status = counting->target->write(counting->target, spans, count, detail);
    for (size_t i = 0; i < count; i++) {
        cli_progress_add(counting->progress, spans[i].size);
    }
    return status;
}

/* Fills the volume up with erased bytes. */
static int write_padding(struct lfk_sink *sink, uint64_t size, struct lfk_detail *detail)
{
    unsigned char erased[16384];
    memset(erased, ERASED, sizeof(erased));
    int status = LFK_OK;
    while (size > 0 && status == LFK_OK) {
        size_t part = size < sizeof(erased) ? (size_t)size : sizeof(erased);
        const struct lfk_span span = {erased, part};
        status = sink->write(sink, &span, 1, detail);
        size -= part;
    }
    return status;
}

static int write_volume(struct creation *creation, struct lfk_sink *target)
{
    const struct lfk_build_report *report = lfk_build_report(creation->build);
    uint64_t used = (uint64_t)report->blocks_used * report->options.block_size;
    uint64_t total = creation->args->no_pad
                         ? used
                         : (uint64_t)report->options.block_count * report->options.block_size;
    struct cli_progress progress =
        cli_progress_start(creation->run->io->err, total, creation->args->quiet);
    struct counting_sink counting = {{write_counted}, target, &progress};
    const struct lfk_node *unread = NULL;
    struct lfk_detail detail = {0};
    int status = lfk_build_write(creation->build, &counting.sink, &unread, &detail);
    if (status == LFK_OK) {
        status = write_padding(&counting.sink, total - used, &detail);
    }
    cli_progress_end(&progress);
    if (status < 0 && unread != NULL) {
        fail_node(creation, unread, status, &detail);
    }
    return status < 0 ? fail(creation, creation->image, status, &detail) : CLI_DONE;
}

static int write_image(struct creation *creation)
{
    struct lfk_output *output = NULL;
    struct lfk_detail detail = {0};
    int exit_code = CLI_DONE;
    int status = lfk_output_open(&output, creation->image, &detail);
    if (status == LFK_OK) {
        exit_code = write_volume(creation, lfk_output_sink(output));
    }
    if (status == LFK_OK && exit_code == CLI_DONE) {
        status = lfk_output_commit(output, &detail);
    }
    lfk_output_close(output);
    return status < 0 ? fail(creation, creation->image, status, &detail) : exit_code;
}

static int make_image(struct creation *creation)
{
    const struct cli_create_args *args = creation->args;
    int exit_code = cli_encoding_open(creation->run, &creation->encoding, args->filename_encoding);
    if (exit_code == CLI_DONE) {
        exit_code = scan_source(creation);
    }
    if (exit_code == CLI_DONE) {
        exit_code = plan_image(creation);
    }
    if (exit_code == CLI_DONE && args->verbose && !args->quiet) {
        print_plan(creation);
    }
    if (exit_code == CLI_DONE) {
        exit_code = write_image(creation);
    }
    if (exit_code == CLI_DONE && !args->quiet && !args->no_summary) {
        print_summary(creation);
    }
    return exit_code;
}

int cli_create_image(const struct cli_run *run, struct cli_create_args *args, const char *source,
                     const char *image)
{
    int exit_code = cli_create_settle(run, args);
    if (exit_code != CLI_DONE) {
        return exit_code;
    }
    struct creation creation = {
        .run = run,
        .args = args,
        .source = source,
        .image = image != NULL ? image : IMAGE_DEFAULT,
    };
    creation.told = strcmp(creation.image, "-") == 0 ? run->io->err : run->io->out;
    exit_code = make_image(&creation);
    lfk_build_close(creation.build);
    lfk_scan_close(creation.scan);
    lfk_tree_destroy(creation.tree);
    lfk_encoding_close(creation.encoding);
    return exit_code;
}

static int run_create(struct cli_run *run, void *all_args, char **operands, int count)
{
    struct cli_create_args *args = all_args;
    if (args->image != NULL && count > 1) {
        return cli_usage(run, "unexpected argument '%s': --image names the image", operands[1]);
    }
    return cli_create_image(run, args, operands[0], count > 1 ? operands[1] : args->image);
}

static void release_create(void *all_args)
{
    struct cli_create_args *args = all_args;
    lfk_excludes_close(args->excludes);
}

const struct cli_verb cli_create = {
    .name = "create",
    .operands = "SOURCE [IMAGE]",
    .summary = "make an image of a directory or a file",
    .description =
        "Makes a littlefs image of all that is in the directory SOURCE, or of the one file "
        "SOURCE. IMAGE is 'lfs.bin' when it is not given; '-' is the standard output.\n"
        "The image appears whole or not at all. The same tree and options give the same bytes, "
        "always: names and contents are stored, no times or owners.",
    .examples = "lfskit create data lfs.bin\n"
                "lfskit create data lfs.bin --free 25% --exclude '*.map'\n"
                "lfskit create data lfs.bin --block-size 4096 --fs-size 0x160000 --name-max 64",
    .groups = cli_create_groups,
    .args_size = sizeof(struct cli_create_args),
    .min_operands = 1,
    .max_operands = 2,
    .run = run_create,
    .release = release_create,
};
