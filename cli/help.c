/* SPDX-License-Identifier: MIT */
/*
 * --help, from the table of verbs, 80 columns wide; and the verb "help".
 */
#include "help.h"
#include "message.h"

#include <string.h>

#define WIDTH 80
#define OPTION_COLUMN 28

const char cli_program_summary[] = "make, look into and unpack littlefs images";
const char cli_program_description[] =
    "lfskit makes littlefs images from directories, shows what is in an image and takes the "
    "files out again. littlefs is a file system for the flash memory of microcontrollers.\n"
    "Sizes are decimal or, after 0x, hexadecimal numbers of bytes, with an optional suffix: k, "
    "KB, KiB (1024), M, MB, MiB, G, GB, GiB, in any case.";
const char cli_exit_codes[] = "0: done. 1: it failed, or an image is damaged; what could be read "
                              "was given. 2: wrong usage, nothing was done. The verb check "
                              "has others besides.";

static void put_blanks(FILE *out, size_t count)
{
    fprintf(out, "%*s", (int)count, "");
}

/* Prints words from `column` on, later lines from `indent` on; a newline in the text stays one. */
static void put_wrapped(FILE *out, const char *text, size_t column, size_t indent)
{
    size_t start = column;
    while (*text != '\0') {
        size_t size = strcspn(text, " \n");
        if (column > start && column + 1 + size > WIDTH) {
            fputc('\n', out);
            put_blanks(out, indent);
            column = start = indent;
        } else if (column > start) {
            fputc(' ', out);
            column++;
        }
        fprintf(out, "%.*s", (int)size, text);
        column += size;
        text += size;
        if (*text == '\n') {
            fputs("\n\n", out);
            put_blanks(out, indent);
            column = start = indent;
        }
        text += *text != '\0';
    }
    fputc('\n', out);
}

/* "  -v, --verbose" or "      --block-size SIZE", and the help beside it. */
static void put_option(FILE *out, const struct cli_option *option)
{
    char left[64];
    const char letter[] = {'-', option->letter, ',', ' ', '\0'};
    int size = snprintf(left, sizeof(left), "  %s--%s%s%s", option->letter != 0 ? letter : "    ",
                        option->name, cli_option_separator(option),
                        option->metavar != NULL ? option->metavar : "");
    fputs(left, out);
    size_t column = (size_t)size;
    if (column + 2 > OPTION_COLUMN) {
        fputc('\n', out);
        column = 0;
    }
    put_blanks(out, OPTION_COLUMN - column);
    put_wrapped(out, option->help, OPTION_COLUMN, OPTION_COLUMN);
}

static void put_lines(FILE *out, const char *text)
{
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        fprintf(out, "  %.*s\n", (int)size, text);
        text += size + (text[size] == '\n');
    }
}

void cli_help_print_description(FILE *out, const struct cli_verb *verb)
{
    put_wrapped(out, verb->description, 0, 0);
}

static void print_verb(FILE *out, const struct cli_verb *verb)
{
    fprintf(out, "Usage: lfskit %s [OPTION]... %s\n\n", verb->name, verb->operands);
    cli_help_print_description(out, verb);
    for (const struct cli_option_group *group = verb->groups; group->title != NULL; group++) {
        fprintf(out, "\n%s:\n", group->title);
        for (const struct cli_option *option = group->options; option->name != NULL; option++) {
            if (option->help != NULL) {
                put_option(out, option);
            }
        }
    }
    if (verb->exit_codes != NULL) {
        fputs("\nExit codes:\n  ", out);
        put_wrapped(out, verb->exit_codes, 2, 2);
    }
    if (verb->examples != NULL) {
        fputs("\nExamples:\n", out);
        put_lines(out, verb->examples);
    }
}

static void print_program(FILE *out)
{
    fputs("Usage: lfskit VERB [OPTION]... [ARGUMENT]...\n       lfskit --version\n\n", out);
    put_wrapped(out, cli_program_description, 0, 0);
    fputs("\nVerbs:\n", out);
    for (size_t i = 0; cli_verbs[i] != NULL; i++) {
        fprintf(out, "  %-10s%s\n", cli_verbs[i]->name, cli_verbs[i]->summary);
    }
    fputs("\nExit codes: ", out);
    put_wrapped(out, cli_exit_codes, 12, 0);
    fputs("\n'lfskit help VERB' says what a verb does and which options it has.\n", out);
}

void cli_help_print(FILE *out, const struct cli_verb *verb)
{
    if (verb != NULL) {
        print_verb(out, verb);
    } else {
        print_program(out);
    }
}

struct help_args {
    bool unused;
};

static int run_help(struct cli_run *run, void *args, char **operands, int count)
{
    (void)args;
    const struct cli_verb *verb = NULL;
    if (count > 0) {
        verb = cli_verb_find(operands[0]);
        if (verb == NULL) {
            return cli_verb_unknown(run, operands[0]);
        }
    }
    cli_help_print(run->io->out, verb);
    return CLI_DONE;
}

const struct cli_verb cli_help = {
    .name = "help",
    .operands = "[VERB]",
    .summary = "say what the program or a verb does",
    .description = "Prints what the program does, or one verb and its options.",
    .groups = (const struct cli_option_group[]){CLI_HELP_GROUP, {0}},
    .args_size = sizeof(struct help_args),
    .min_operands = 0,
    .max_operands = 1,
    .run = run_help,
};
