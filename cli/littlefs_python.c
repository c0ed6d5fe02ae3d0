/* SPDX-License-Identifier: MIT */
/*
 * The program littlefs-python, as scripts call it: verbs, options, what is
 * printed and the exit codes are those of the Python package's program of this
 * name, version 0.19. The work is done by the same functions as lfskit's.
 */
#include "manner.h"
#include "message.h"
#include "shell.h"
#include "size.h"
#include "work.h"

#include <string.h>
#include <sys/stat.h>

#define NAME_MAX_DEFAULT 255u

/* All options of all verbs; what is not given is 0. */
struct args {
    struct cli_reading_args common;
    bool compact;
    bool no_pad;
    const char *image; /* the second operand in the form it had before 0.11 */
};

/* --- values --------------------------------------------------------------------------- */

/* The complaints are those of argparse about a function, which is called so there. */
static const char *parse_size(const char *value, uint64_t least, uint64_t most, uint64_t *size)
{
    if (cli_size_parse_strictly(value, size) != NULL) {
        return "invalid size_parser value";
    }
    return *size < least ? "must be at least 1" : *size > most ? "too large" : NULL;
}

static const char *store_size(void *member, const char *value)
{
    uint64_t size = 0;
    const char *complaint = parse_size(value, 1, UINT64_MAX, &size);
    if (complaint == NULL) {
        *(uint64_t *)member = size;
    }
    return complaint;
}

static const char *store_size32_from(void *member, const char *value, uint64_t least)
{
    uint64_t size = 0;
    const char *complaint = parse_size(value, least, UINT32_MAX, &size);
    if (complaint == NULL) {
        *(uint32_t *)member = (uint32_t)size;
    }
    return complaint;
}

static const char *store_size32(void *member, const char *value)
{
    return store_size32_from(member, value, 1);
}

static const char *store_limit(void *member, const char *value)
{
    return store_size32_from(member, value, 0);
}

static const char *store_count(void *member, const char *value)
{
    if (value[strspn(value, " 0123456789_")] != '\0') {
        return "invalid int value";
    }
    return store_size32(member, value);
}

/* --- options ------------------------------------------------------------------------------ */

#define AT(member) offsetof(struct args, member)

static const struct cli_option common_options[] = {
    {"verbose", 'v', NULL, cli_store_true, AT(common.verbose),
     "Print the configuration and each entry"},
    {"name-max", 0, "NAME_MAX", store_limit, AT(common.name_max),
     "Longest name in bytes; stored in the image. Defaults to 255; reading an image, to any"},
    {"attr-max", 0, "ATTR_MAX", store_limit, AT(common.attr_max),
     "Largest attribute in bytes; stored in the image. Defaults to 0, which is littlefs's default"},
    {"file-max", 0, "FILE_MAX", store_limit, AT(common.file_max),
     "Largest file in bytes; stored in the image. Defaults to 0, which is littlefs's default"},
    {"inline-max", 0, "INLINE_MAX", store_limit, AT(common.inline_max),
     "Largest file that is stored beside its name. Defaults to 0, which is littlefs's default"},
    {"filename-encoding", 0, "FILENAME_ENCODING", cli_store_text, AT(common.filename_encoding),
     "Encoding of the names in the image, such as latin-1 or shift-jis. Defaults to utf-8"},
    {"block-size", 0, "BLOCK_SIZE", store_size32, AT(common.block_size),
     "Block size, as all sizes in bytes or with B, KB, MB or GB behind it"},
    {0},
};

static const struct cli_option create_options[] = {
    {"compact", 0, NULL, cli_store_true, AT(compact),
     "Store all data in the first blocks, which is always done, and print how many they are"},
    {"no-pad", 0, NULL, cli_store_true, AT(no_pad),
     "End the image after the last block in use. Only valid with --compact"},
    {"block-count", 0, "BLOCK_COUNT", store_count, AT(common.block_count),
     "Size of the filesystem in blocks"},
    {"fs-size", 0, "FS_SIZE", store_size, AT(common.fs_size),
     "Size of the filesystem; 1MB and 1048576 are the same"},
    {"image", 0, "IMAGE", cli_store_text, AT(image), NULL},
    {0},
};

static const struct cli_option_group create_groups[] = {
    CLI_HELP_GROUP,
    {"Options of all commands", common_options, 0},
    {"Options of create", create_options, 0},
    {0},
};

static const struct cli_option_group reading_groups[] = {
    CLI_HELP_GROUP,
    {"Options of all commands", common_options, 0},
    {0},
};

static const char *const create_needs[] = {"block-size", "block-count|fs-size", NULL};
static const char *const reading_needs[] = {"block-size", NULL};

static int check_block_size(const struct cli_run *run, const struct args *args)
{
    if (args->common.block_size == 0) {
        return cli_usage(run, "the following arguments are required: --block-size");
    }
    return CLI_DONE;
}

/* --- create -------------------------------------------------------------------------------- */

static int check_volume_size(const struct cli_run *run, const struct cli_reading_args *args)
{
    if (args->block_count == 0 && args->fs_size == 0) {
        return cli_usage(run, "one of the arguments --block-count --fs-size is required");
    }
    if (args->block_count != 0 && args->fs_size != 0) {
        return cli_usage(run, "argument --fs-size: not allowed with argument --block-count");
    }
    if (args->fs_size % args->block_size != 0) {
        return cli_usage(run, "fs-size must be a multiple of block-size.");
    }
    return CLI_DONE;
}

static int create(const struct cli_run *run, const struct args *args, const char *source,
                  const char *image)
{
    if (args->no_pad && !args->compact) {
        cli_warning(run, "--no-pad without --compact is ignored");
    }
    struct cli_create_args create_args = {
        .size = {.bytes = args->common.fs_size},
        .build =
            {
                .block_size = args->common.block_size,
                .block_count = args->common.block_count,
                .cache_size = args->common.block_size, /* as it always was: inline files go by it */
                .name_max = args->common.name_max,
                .attr_max = args->common.attr_max,
                .file_max = args->common.file_max,
                .inline_max = args->common.inline_max,
            },
        .filename_encoding = args->common.filename_encoding,
        .compact = args->compact,
        .no_pad = args->no_pad && args->compact,
        .verbose = args->common.verbose,
        .no_summary = true,
    };
    /* A file may be called so here. */
    const bool is_dash = image != NULL && strcmp(image, "-") == 0;
    return cli_create_image(run, &create_args, source, is_dash ? "./-" : image);
}

static int run_create(struct cli_run *run, void *all_args, char **operands, int count)
{
    const struct args *args = all_args;
    int exit_code = check_block_size(run, args);
    if (exit_code == CLI_DONE) {
        exit_code = check_volume_size(run, &args->common);
    }
    if (exit_code == CLI_DONE && args->image != NULL && count > 1) {
        exit_code = cli_usage(run, "argument --image: not allowed with argument destination");
    }
    if (exit_code == CLI_DONE) {
        exit_code = create(run, args, operands[0], count > 1 ? operands[1] : args->image);
    }
    return exit_code;
}

/* --- list and extract ------------------------------------------------------------------------ */

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static bool is_other_than_directory(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

/* What is no filesystem at all is corrupt to littlefs; it is the parameters that are invalid. */
static void add_mount_failure(struct cli_text *text, const char *path, int status,
                              const struct lfk_detail *detail)
{
    if (status == LFK_ERR_INVAL && detail->field == NULL) {
        status = LFK_ERR_CORRUPT;
    }
    cli_text_print(text, "Failed to mount '%s': LittleFSError %d: LFS%s: ", path, status,
                   strchr(lfk_status_name(status), '_'));
    cli_detail_add(text, status, detail);
}

static void tell_unopened(const struct cli_run *run, const char *path, int status,
                          const struct lfk_detail *detail)
{
    struct cli_text text = {0};
    add_mount_failure(&text, path, status, detail);
    cli_error(run, "%s", cli_text_string(&text));
    cli_text_free(&text);
}

static int check_source(const struct cli_run *run, const struct args *args, const char *path)
{
    int exit_code = check_block_size(run, args);
    if (exit_code == CLI_DONE && !is_file(path)) {
        exit_code = cli_usage(run, "Source image '%s' does not exist.", path);
    }
    return exit_code;
}

/* The limit shown is that of the reader, as it always was. */
static void print_configuration(const struct cli_run *run, const struct args *args,
                                const struct cli_configuration *found)
{
    struct cli_configuration shown = *found;
    if (args->common.name_max != 0) {
        shown.name_max = args->common.name_max;
    } else if (shown.name_max < NAME_MAX_DEFAULT) {
        shown.name_max = NAME_MAX_DEFAULT;
    }
    cli_reading_print_configuration(run, &args->common, &shown);
}

/* Opens the image and, with -v, prints what is known of it. Close it in any case. */
static int open_image(struct cli_reading *reading, const struct cli_run *run,
                      const struct args *args, const char *path)
{
    *reading = (struct cli_reading){.run = run};
    int exit_code = check_source(run, args, path);
    if (exit_code == CLI_DONE) {
        exit_code = cli_reading_open(reading, run, &args->common, path);
    }
    if (exit_code == CLI_DONE && args->common.verbose) {
        print_configuration(run, args, &reading->found);
    }
    return exit_code;
}

static int run_list(struct cli_run *run, void *all_args, char **operands, int count)
{
    (void)count;
    struct cli_reading reading;
    int exit_code = open_image(&reading, run, all_args, operands[0]);
    if (exit_code == CLI_DONE) {
        exit_code = cli_reading_load(&reading, "/");
    }
    if (exit_code == CLI_DONE) {
        exit_code = cli_list_lines(&reading);
    }
    cli_reading_close(&reading);
    return exit_code;
}

static int run_extract(struct cli_run *run, void *all_args, char **operands, int count)
{
    const struct args *args = all_args;
    const char *folder = count > 1 ? operands[1] : ".";
    struct cli_reading reading;
    int exit_code = open_image(&reading, run, args, operands[0]);
    if (exit_code == CLI_DONE && is_other_than_directory(folder)) {
        fputs("Destination must be a directory.\n", run->io->out);
        exit_code = CLI_FAILED;
    }
    if (exit_code == CLI_DONE) {
        exit_code = cli_extract_all(&reading, folder, args->common.verbose);
    }
    cli_reading_close(&reading);
    return exit_code;
}

/* --- repl ------------------------------------------------------------------------------------- */

/* All that can be told before the shell has begun: that there is nothing for it to work on. */
static void tell_unmounted(void *context, const struct cli_fault *fault)
{
    const struct cli_session *session = context;
    struct cli_text text = {0};
    add_mount_failure(&text, session->image, fault->status, fault->detail);
    (void)cli_usage(session->run, "%s", cli_text_string(&text));
    cli_text_free(&text);
}

static int run_repl(struct cli_run *run, void *all_args, char **operands, int count)
{
    (void)count;
    const struct args *args = all_args;
    int exit_code = check_source(run, args, operands[0]);
    if (exit_code != CLI_DONE) {
        return exit_code;
    }
    const struct cli_session_args session_args = {.reading = args->common};
    struct cli_session session = {.tell = tell_unmounted, .context = &session};
    if (cli_session_open(&session, run, &session_args, operands[0]) == CLI_DONE) {
        if (args->common.verbose) {
            print_configuration(run, args, &session.found);
        }
        struct cli_shell shell = {0};
        cli_shell_start(&shell, &session);
        cli_shell_read(&shell, run->io->in);
    } else {
        exit_code = CLI_USAGE;
    }
    cli_session_close(&session);
    return exit_code;
}

/* --- the program ------------------------------------------------------------------------------ */

#define IMAGE_OPERAND                                                                              \
    {                                                                                              \
        "source", "Image of a littlefs filesystem"                                                 \
    }

static const struct cli_verb create_verb = {
    .name = "create",
    .operands = "source [destination]",
    .operand_help =
        (const struct cli_operand_help[]){
            {"source", "Directory whose content goes into the image, or one file"},
            {"destination", "Image to be made. Defaults to lfs.bin"},
            {0},
        },
    .summary = "Create LittleFS image from file/directory contents.",
    .description = "Create LittleFS image from file/directory contents.",
    .groups = create_groups,
    .needs = create_needs,
    .args_size = sizeof(struct args),
    .min_operands = 1,
    .max_operands = 2,
    .run = run_create,
};

static const struct cli_verb extract_verb = {
    .name = "extract",
    .operands = "source [destination]",
    .operand_help =
        (const struct cli_operand_help[]){
            IMAGE_OPERAND,
            {"destination", "Directory the content is written to. Defaults to the current one"},
            {0},
        },
    .summary = "Extract LittleFS image contents to a directory.",
    .description = "Extract LittleFS image contents to a directory.",
    .groups = reading_groups,
    .needs = reading_needs,
    .args_size = sizeof(struct args),
    .min_operands = 1,
    .max_operands = 2,
    .run = run_extract,
};

static const struct cli_verb list_verb = {
    .name = "list",
    .operands = "source",
    .operand_help = (const struct cli_operand_help[]){IMAGE_OPERAND, {0}},
    .summary = "List LittleFS image contents.",
    .description = "List LittleFS image contents.",
    .groups = reading_groups,
    .needs = reading_needs,
    .args_size = sizeof(struct args),
    .min_operands = 1,
    .max_operands = 1,
    .run = run_list,
};

static const struct cli_verb repl_verb = {
    .name = "repl",
    .operands = "source",
    .operand_help = (const struct cli_operand_help[]){IMAGE_OPERAND, {0}},
    .summary = "Inspect an existing LittleFS image through an interactive shell.",
    .description = "Inspect an existing LittleFS image through an interactive shell. What its "
                   "commands change is changed in the image itself, at once; 'help' lists them.",
    .groups = reading_groups,
    .needs = reading_needs,
    .args_size = sizeof(struct args),
    .min_operands = 1,
    .max_operands = 1,
    .run = run_repl,
};

static const struct cli_verb *const verbs[] = {
    &create_verb, &extract_verb, &list_verb, &repl_verb, NULL,
};

const struct cli_program cli_littlefs_python = {
    .name = "littlefs-python",
    .summary = "create, extract and inspect littlefs images",
    .description = "Create, extract and inspect LittleFS filesystem images. Use one of the "
                   "commands listed below, the '-h' / '--help' option can be used on each command "
                   "to learn more about the usage.",
    .exit_codes = "0: done. 1: it failed, or the image is damaged. 2: wrong usage.",
    .verbs = verbs,
    .manner = &cli_manner_argparse,
    .tell_unopened = tell_unopened,
};
