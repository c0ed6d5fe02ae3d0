/* SPDX-License-Identifier: MIT */
/*
 * --help, from the table of verbs, 80 columns wide; and the verb "help".
 */
#include "help.h"
#include "hint.h"
#include "manner.h"

#include <string.h>

#define WIDTH 80
#define OPTION_COLUMN 28

static void put_blanks(FILE *out, size_t count)
{
    fprintf(out, "%*s", (int)count, "");
}

void cli_help_wrap(FILE *out, const char *text, size_t column, size_t indent)
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

void cli_help_row(FILE *out, const char *left, const char *text, size_t column)
{
    size_t size = strlen(left);
    fputs(left, out);
    if (size + 2 > column) {
        fputc('\n', out);
        size = 0;
    }
    put_blanks(out, column - size);
    cli_help_wrap(out, text, column, column);
}

/* "  -v, --verbose" or "      --block-size SIZE", and the help beside it. */
static void put_option(FILE *out, const struct cli_option *option)
{
    char left[64];
    const char letter[] = {'-', option->letter, ',', ' ', '\0'};
    snprintf(left, sizeof(left), "  %s--%s%s%s", option->letter != 0 ? letter : "    ",
             option->name, cli_option_separator(option),
             option->metavar != NULL ? option->metavar : "");
    cli_help_row(out, left, option->help, OPTION_COLUMN);
}

void cli_help_group(FILE *out, const struct cli_option_group *group)
{
    fprintf(out, "\n%s:\n", group->title);
    for (const struct cli_option *option = group->options; option->name != NULL; option++) {
        if (option->help != NULL) {
            put_option(out, option);
        }
    }
}

static void put_lines(FILE *out, const char *text)
{
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        fprintf(out, "  %.*s\n", (int)size, text);
        text += size + (text[size] == '\n');
    }
}

const char *cli_help_on_paths(const struct cli_verb *verb)
{
    struct cli_hint_operands operands = {.verb = verb};
    bool takes_one = false;
    while (cli_hint_next(&operands)) {
        enum cli_hint_kind kind = operands.hint.kind;
        takes_one = takes_one || kind == CLI_HINT_INSIDE || kind == CLI_HINT_EITHER;
    }
    return takes_one ? "How paths in an image are written, 'lfskit help' says." : NULL;
}

static void print_verb(FILE *out, const struct cli_program *program, const struct cli_verb *verb)
{
    const char *on_paths = cli_help_on_paths(verb);
    fprintf(out, "Usage: %s %s [OPTION]... %s\n\n", program->name, verb->name, verb->operands);
    cli_help_wrap(out, verb->description, 0, 0);
    if (on_paths != NULL) {
        fprintf(out, "\n%s\n", on_paths);
    }
    for (const struct cli_option_group *group = verb->groups; group->title != NULL; group++) {
        cli_help_group(out, group);
    }
    if (verb->exit_codes != NULL) {
        fputs("\nExit codes:\n  ", out);
        cli_help_wrap(out, verb->exit_codes, 2, 2);
    }
    if (verb->examples != NULL) {
        fputs("\nExamples:\n", out);
        put_lines(out, verb->examples);
    }
}

static void print_program(FILE *out, const struct cli_program *program)
{
    fprintf(out, "Usage: %s VERB [OPTION]... [ARGUMENT]...\n       %s --version\n\n", program->name,
            program->name);
    cli_help_wrap(out, program->description, 0, 0);
    fputs("\nVerbs:\n", out);
    for (size_t i = 0; program->verbs[i] != NULL; i++) {
        fprintf(out, "  %-12s%s\n", program->verbs[i]->name, program->verbs[i]->summary);
    }
    fputs("\nPaths:\n", out);
    cli_help_wrap(out, program->paths, 0, 0);
    fputs("\nExit codes: ", out);
    cli_help_wrap(out, program->exit_codes, 12, 0);
    fprintf(out, "\n'%s help VERB' says what a verb does and which options it has.\n",
            program->name);
}

void cli_help_print(FILE *out, const struct cli_program *program, const struct cli_verb *verb)
{
    if (verb != NULL) {
        print_verb(out, program, verb);
    } else {
        print_program(out, program);
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
        verb = cli_verb_find(run->program, operands[0]);
        if (verb == NULL) {
            return cli_verb_unknown(run, operands[0]);
        }
    }
    run->program->manner->help(run->io->out, run->program, verb);
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
