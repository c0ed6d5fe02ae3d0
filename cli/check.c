/* SPDX-License-Identifier: MIT */
/*
 * The verb check: everything that is wrong with an image, as lines or as JSON,
 * and in the exit code.
 */
#include "lfskit/check.h"
#include "blocks.h"
#include "json.h"
#include "message.h"
#include "reading.h"

#include <inttypes.h>
#include <string.h>

#define LINE_ROOM 512

struct check_args {
    struct cli_reading_args reading;
    bool json;
    bool blocks;
    bool quiet;
};

static const struct cli_option check_options[] = {
    {"blocks", 0, NULL, cli_store_true, offsetof(struct check_args, blocks),
     "Draw a map of the blocks, and say what each belongs to"},
    {"json", 0, NULL, cli_store_true, offsetof(struct check_args, json), "Print an object"},
    {"quiet", 'q', NULL, cli_store_true, offsetof(struct check_args, quiet),
     "Print nothing, the exit code says how it is"},
    CLI_READING_VERBOSE(struct check_args, reading.verbose),
    {0},
};

static const struct cli_option_group check_groups[] = {
    {"Output", check_options, 0},
    CLI_READING_GROUP(struct check_args, reading),
    CLI_HELP_GROUP,
    {0},
};

/* A check at work: what was found is put together while it is told. */
struct checking {
    struct cli_run *run;
    const struct check_args *args;
    const char *path;
    struct lfk_encoding *encoding;
    struct lfk_check *check;
    struct lfk_check_info info;
    struct cli_configuration found;
    struct cli_text text; /* a line a finding */
    uint64_t told;        /* findings */
    json_t *findings;
    bool failed; /* out of memory */
};

static const char *severity_name(enum lfk_severity severity)
{
    static const char *const names[] = {
        [LFK_SEVERITY_NOTE] = "note",
        [LFK_SEVERITY_REPAIR] = "repair",
        [LFK_SEVERITY_DAMAGE] = "damage",
    };
    return names[severity];
}

/* --- as text ------------------------------------------------------------------------------- */

static void add_line(struct checking *checking, const struct lfk_finding *finding)
{
    const struct lfk_finding_kind *kind = finding->kind;
    struct cli_text *text = &checking->text;
    char line[LINE_ROOM];
    lfk_finding_format(finding, line, sizeof(line));
    cli_text_print(text, "%-6s %s ", severity_name(kind->severity), kind->code);
    if (finding->path != NULL) {
        cli_bytes_path_add(text, checking->encoding, finding->path, CLI_NAME_SHOWN);
        cli_text_add(text, ": ", 2);
    }
    cli_text_print(text, "%s\n", line);
    if (checking->args->reading.verbose) {
        cli_text_print(text, "    %s\n    Repaired by a driver: %s\n", kind->meaning, kind->repair);
    }
}

static void add_count(struct cli_text *text, uint64_t count, const char *one, const char *several)
{
    if (count > 0) {
        cli_text_print(text, "%" PRIu64 " %s, ", count, count == 1 ? one : several);
    }
}

static void add_summary(struct checking *checking)
{
    const struct lfk_check_info *info = &checking->info;
    struct cli_text *text = &checking->text;
    uint64_t untold = info->notes + info->repairs + info->damages - checking->told;
    if (untold > 0) {
        cli_text_print(text, "%" PRIu64 " more finding%s, not shown\n", untold,
                       untold == 1 ? "" : "s");
    }
    cli_text_escaped(text, checking->path, strlen(checking->path));
    cli_text_print(text, ": %s", info->repairs + info->damages == 0 ? "clean, " : "");
    add_count(text, info->damages, "damage", "damages");
    add_count(text, info->repairs, "repair due", "repairs due");
    add_count(text, info->notes, "note", "notes");
    cli_text_cut(text, text->size - 2);
    if (info->block_count > 0) {
        cli_text_print(text, "; %" PRIu64 " of %" PRIu32 " blocks used", info->blocks_used,
                       info->block_count);
    }
    cli_text_add(text, "\n", 1);
}

static void print_text(struct checking *checking)
{
    if (checking->args->reading.verbose) {
        cli_reading_print_configuration(checking->run, &checking->args->reading, &checking->found);
    }
    if (checking->args->blocks) {
        cli_blocks_add(&checking->text, checking->check, checking->encoding);
    }
    add_summary(checking);
    checking->failed = checking->failed || checking->text.failed;
    fputs(cli_text_string(&checking->text), checking->run->io->out);
}

/* --- as JSON ------------------------------------------------------------------------------- */

static void set(struct checking *checking, json_t *object, const char *key, json_t *value)
{
    cli_json_set(object, key, value, &checking->failed);
}

static void set_number(struct checking *checking, json_t *object, const char *key, uint64_t number)
{
    set(checking, object, key, json_integer((json_int_t)number));
}

static json_t *path_json(const struct checking *checking, const char *path)
{
    if (path == NULL) {
        return json_null();
    }
    struct cli_text text = {0};
    cli_bytes_path_add(&text, checking->encoding, path, CLI_NAME_JSON);
    json_t *value = text.failed ? NULL : json_string(cli_text_string(&text));
    cli_text_free(&text);
    return value;
}

static void add_object(struct checking *checking, const struct lfk_finding *finding)
{
    const struct lfk_finding_kind *kind = finding->kind;
    json_t *object = json_pack("{s:s,s:s,s:s,s:s,s:s}", "id", kind->code, "severity",
                               severity_name(kind->severity), "title", kind->title, "meaning",
                               kind->meaning, "repair", kind->repair);
    char line[LINE_ROOM];
    lfk_finding_format(finding, line, sizeof(line));
    set(checking, object, "message", json_string(line));
    set(checking, object, "path", path_json(checking, finding->path));
    if (finding->field != NULL) {
        set(checking, object, "field", json_string(finding->field));
    }
    if (finding->has_block) {
        set_number(checking, object, "block", finding->block);
    }
    if (finding->has_offset) {
        set_number(checking, object, "offset", finding->offset);
    }
    if (finding->has_values) {
        set_number(checking, object, "expected", finding->expected);
        set_number(checking, object, "found", finding->found);
    }
    if (json_array_append_new(checking->findings, object) != 0) {
        checking->failed = true;
    }
}

static const char *verdict(const struct lfk_check_info *info)
{
    if (info->damages > 0) {
        return "damaged";
    }
    return info->repairs > 0 ? "repairs due" : "clean";
}

static json_t *volume_json(struct checking *checking)
{
    const struct lfk_check_info *info = &checking->info;
    json_t *object = json_object();
    set(checking, object, "verdict", json_string(verdict(info)));
    set_number(checking, object, "damages", info->damages);
    set_number(checking, object, "repairs", info->repairs);
    set_number(checking, object, "notes", info->notes);
    set_number(checking, object, "block_size", info->block_size);
    set_number(checking, object, "block_count", info->block_count);
    set_number(checking, object, "image_size", info->image_size);
    set_number(checking, object, "used_blocks", info->blocks_used);
    set_number(checking, object, "metadata_pairs", info->pairs);
    set_number(checking, object, "directories", info->directories);
    set_number(checking, object, "files", info->files);
    set(checking, object, "findings", json_incref(checking->findings));
    if (checking->args->blocks) {
        set(checking, object, "blocks", cli_blocks_json(checking->check, checking->encoding));
    }
    return object;
}

static void print_json(struct checking *checking)
{
    FILE *out = checking->run->io->out;
    json_t *object = volume_json(checking);
    if (!checking->failed && json_dumpf(object, out, JSON_INDENT(2)) != 0 && !ferror(out)) {
        checking->failed = true;
    }
    fputc('\n', out);
    json_decref(object);
}

/* --- the check ------------------------------------------------------------------------------- */

static void take_finding(void *context, const struct lfk_finding *finding)
{
    struct checking *checking = context;
    checking->told++;
    if (checking->args->json) {
        add_object(checking, finding);
    } else {
        add_line(checking, finding);
    }
}

static int open_check(struct checking *checking)
{
    const struct cli_reading_args *args = &checking->args->reading;
    struct lfk_detail detail = {0};
    const struct lfk_check_options options = {
        .size = sizeof(options),
        .block_size = args->block_size,
        .block_count = args->block_count,
        .name_max = args->name_max,
        .file_max = args->file_max,
        .attr_max = args->attr_max,
        .report = checking->args->quiet ? NULL : take_finding,
        .context = checking,
    };
    int status = lfk_check_open(&checking->check, checking->path, &options, &detail);
    if (status < 0) {
        cli_error_detail(checking->run, checking->path, status, &detail);
        return CLI_UNABLE;
    }
    lfk_check_info(checking->check, &checking->info);
    checking->found = (struct cli_configuration){
        .image = checking->path,
        .block_size = checking->info.block_size,
        .block_count = checking->info.block_count,
        .file_size = checking->info.image_size,
        .name_max = checking->info.name_max,
    };
    return cli_reading_check_size(checking->run, args, &checking->found) ? CLI_DONE : CLI_UNABLE;
}

static int check_image(struct checking *checking)
{
    if (open_check(checking) != CLI_DONE) {
        return CLI_UNABLE;
    }
    if (checking->args->json) {
        print_json(checking);
    } else if (!checking->args->quiet) {
        print_text(checking);
    }
    if (checking->failed) {
        cli_error(checking->run, "%s: out of memory", checking->path);
        return CLI_UNABLE;
    }
    if (checking->info.damages > 0) {
        return CLI_DAMAGED;
    }
    return checking->info.repairs > 0 ? CLI_REPAIRS : CLI_DONE;
}

static int run_check(struct cli_run *run, void *all_args, char **operands, int count)
{
    struct checking checking = {.run = run, .args = all_args, .path = operands[0]};
    const struct check_args *args = checking.args;
    (void)count;
    if (args->quiet && (args->json || args->blocks || args->reading.verbose)) {
        return cli_usage(run, "--quiet cannot be combined with --json, --blocks or --verbose");
    }
    int exit_code = cli_encoding_open(run, &checking.encoding, args->reading.filename_encoding);
    if (exit_code == CLI_DONE) {
        checking.findings = json_array();
        checking.failed = checking.findings == NULL;
        exit_code = check_image(&checking);
    } else if (exit_code != CLI_USAGE) {
        exit_code = CLI_UNABLE;
    }
    json_decref(checking.findings);
    cli_text_free(&checking.text);
    lfk_check_close(checking.check);
    lfk_encoding_close(checking.encoding);
    return exit_code;
}

const struct cli_verb cli_check = {
    .name = "check",
    .operands = "IMAGE",
    .summary = "say what is wrong with an image, and what each block holds",
    .description =
        "Reads all there is in the image in a way of its own, without mounting it, and says what "
        "is wrong: with the blocks and commits of metadata, with directories, files' lists of "
        "blocks, the global state and the copies of the superblock. Nothing is changed.\n"
        "A finding is a note, or a repair that a driver makes by itself when it writes, or damage. "
        "Each has a number, under which the project's documentation explains it; -v does so at "
        "once.\n"
        "If the superblock cannot be read, --block-size says how the rest is to be read.",
    .exit_codes = "0: clean, but for notes. 1: repairs are due. 4: there is damage. 8: the check "
                  "could not be made. 2: wrong usage.",
    .examples = "lfskit check lfs.bin\n"
                "lfskit check -v lfs.bin\n"
                "lfskit check --json --blocks lfs.bin",
    .groups = check_groups,
    .args_size = sizeof(struct check_args),
    .min_operands = 1,
    .max_operands = 1,
    .run = run_check,
    .failure = CLI_UNABLE,
};
