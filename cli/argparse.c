/* SPDX-License-Identifier: MIT */
/*
 * The manner of littlefs-python: help and messages as Python's argparse has
 * them, the usage first and then "littlefs-python: error: what".
 */
#include "help.h"
#include "manner.h"
#include "message.h"

#include <string.h>

#define USAGE_WIDTH 78u
#define HELP_COLUMN 24u

/* --- the usage ------------------------------------------------------------------------ */

/* A usage being printed, part by part. */
struct usage {
    FILE *out;
    size_t indent;
    size_t column;
    struct cli_text part;
};

static void put_part(struct usage *usage)
{
    if (usage->column + 1 + usage->part.size > USAGE_WIDTH) {
        fprintf(usage->out, "\n%*s", (int)usage->indent, "");
        usage->column = usage->indent;
    }
    fprintf(usage->out, " %s", cli_text_string(&usage->part));
    usage->column += 1 + usage->part.size;
    cli_text_cut(&usage->part, 0);
}

/* What the verb needs that this option is, or is one of; NULL: it is not needed. */
static const char *need_of(const struct cli_verb *verb, const char *name)
{
    size_t size = strlen(name);
    for (const char *const *need = verb->needs; need != NULL && *need != NULL; need++) {
        const char *at = *need;
        while (at != NULL) {
            if (strcspn(at, "|") == size && memcmp(at, name, size) == 0) {
                return *need;
            }
            at = strchr(at, '|');
            at += at != NULL;
        }
    }
    return NULL;
}

/* Options that exclude each other follow each other in their table and become one part. */
static void put_option(struct usage *usage, const struct cli_verb *verb,
                       const struct cli_option *option)
{
    const char *need = need_of(verb, option->name);
    size_t size = strlen(option->name);
    bool is_choice = need != NULL && strchr(need, '|') != NULL;
    bool is_last = is_choice && strcmp(strrchr(need, '|') + 1, option->name) == 0;
    const char *opening = need == NULL ? "[" : "";
    if (is_choice) {
        opening = strncmp(need, option->name, size) == 0 ? "(" : " | ";
    }
    if (option->letter != 0) {
        cli_text_print(&usage->part, "%s-%c", opening, option->letter);
    } else {
        cli_text_print(&usage->part, "%s--%s", opening, option->name);
    }
    if (option->metavar != NULL) {
        cli_text_print(&usage->part, " %s", option->metavar);
    }
    cli_text_print(&usage->part, "%s", need == NULL ? "]" : is_last ? ")" : "");
    if (!is_choice || is_last) {
        put_part(usage);
    }
}

static void put_verb_usage(struct usage *usage, const struct cli_verb *verb)
{
    struct cli_shown_options options = {.group = verb->groups};
    while (cli_shown_options_next(&options)) {
        put_option(usage, verb, options.option);
    }
    fprintf(usage->out, "\n%*s %s\n", (int)usage->indent, "", verb->operands);
}

/* "{create,list}" */
static void put_choice(FILE *out, const struct cli_program *program)
{
    for (size_t i = 0; program->verbs[i] != NULL; i++) {
        fprintf(out, "%c%s", i == 0 ? '{' : ',', program->verbs[i]->name);
    }
    fputc('}', out);
}

static void print_usage(FILE *out, const struct cli_program *program, const struct cli_verb *verb)
{
    int size = fprintf(out, "usage: %s", program->name);
    if (verb == NULL) {
        fputs(" [-h] [--version] ", out);
        put_choice(out, program);
        fputs(" ...\n", out);
        return;
    }
    size += fprintf(out, " %s", verb->name);
    struct usage usage = {.out = out, .indent = (size_t)size, .column = (size_t)size};
    put_verb_usage(&usage, verb);
    cli_text_free(&usage.part);
}

/* --- help -------------------------------------------------------------------------------- */

static void print_option_help(FILE *out, const struct cli_option *option)
{
    struct cli_text left = {0};
    const char *value = option->metavar != NULL ? option->metavar : "";
    const char *blank = option->metavar != NULL ? " " : "";
    cli_text_print(&left, "  ");
    if (option->letter != 0) {
        cli_text_print(&left, "-%c%s%s, ", option->letter, blank, value);
    }
    cli_text_print(&left, "--%s%s%s", option->name, blank, value);
    cli_help_row(out, cli_text_string(&left), option->help, HELP_COLUMN);
    cli_text_free(&left);
}

static void print_verb_help(FILE *out, const struct cli_verb *verb)
{
    fputc('\n', out);
    cli_help_wrap(out, verb->description, 0, 0);
    fputs("\npositional arguments:\n", out);
    for (const struct cli_operand_help *operand = verb->operand_help; operand->name != NULL;
         operand++) {
        char left[32];
        snprintf(left, sizeof(left), "  %s", operand->name);
        cli_help_row(out, left, operand->help, HELP_COLUMN);
    }
    struct cli_shown_options options = {.group = verb->groups};
    fputs("\noptions:\n", out);
    while (cli_shown_options_next(&options)) {
        print_option_help(out, options.option);
    }
}

static void print_program_help(FILE *out, const struct cli_program *program)
{
    fputc('\n', out);
    cli_help_wrap(out, program->description, 0, 0);
    fputs("\noptions:\n", out);
    cli_help_row(out, "  -h, --help", "Print this help", HELP_COLUMN);
    cli_help_row(out, "  --version", "Print the version", HELP_COLUMN);
    fputs("\nAvailable Commands:\n  ", out);
    put_choice(out, program);
    fputc('\n', out);
    for (size_t i = 0; program->verbs[i] != NULL; i++) {
        char left[32];
        snprintf(left, sizeof(left), "    %s", program->verbs[i]->name);
        cli_help_row(out, left, program->verbs[i]->summary, HELP_COLUMN);
    }
    fputs("\nExit codes: ", out);
    cli_help_wrap(out, program->exit_codes, strlen("Exit codes: "), 0);
}

static void print_help(FILE *out, const struct cli_program *program, const struct cli_verb *verb)
{
    print_usage(out, program, verb);
    if (verb != NULL) {
        print_verb_help(out, verb);
    } else {
        print_program_help(out, program);
    }
}

/* --- messages ------------------------------------------------------------------------------ */

static void begin(struct cli_text *line, const struct cli_run *run, bool warns)
{
    cli_text_print(line, "%s: %s: ", run->program->name, warns ? "warning" : "error");
}

static int refuse(const struct cli_run *run, const char *text)
{
    print_usage(run->io->err, run->program, run->verb);
    cli_error(run, "%s", text);
    return CLI_USAGE;
}

static int refuse_verb(const struct cli_run *run, const char *name)
{
    struct cli_text choice = {0};
    for (const struct cli_verb *const *verb = run->program->verbs; *verb != NULL; verb++) {
        cli_text_print(&choice, "%s'%s'", choice.size > 0 ? ", " : "", (*verb)->name);
    }
    int exit_code = cli_usage(run, "argument command: invalid choice: '%s' (choose from %s)", name,
                              cli_text_string(&choice));
    cli_text_free(&choice);
    return exit_code;
}

static int tell_mistake(const struct cli_run *run, const struct cli_mistake *mistake)
{
    const char *word = mistake->word;
    const char *option = mistake->option != NULL ? mistake->option->name : NULL;
    switch (mistake->kind) {
    case CLI_OPTION_UNKNOWN:
    case CLI_OPERAND_UNEXPECTED:
        return cli_usage(run, "unrecognized arguments: %s", word);
    case CLI_OPTION_AMBIGUOUS:
        return cli_usage(run, "ambiguous option: %s", word);
    case CLI_VALUE_MISSING:
        return cli_usage(run, "argument --%s: expected one argument", option);
    case CLI_VALUE_UNWANTED:
        return cli_usage(run, "argument --%s: ignored explicit argument '%s'", option, word);
    case CLI_VALUE_WRONG:
        return cli_usage(run, "argument --%s: %s: '%s'", option, mistake->complaint, word);
    case CLI_OPERAND_MISSING:
        return cli_usage(run, "the following arguments are required: %.*s",
                         (int)strcspn(mistake->complaint, " "), mistake->complaint);
    case CLI_VERB_MISSING:
        return cli_usage(run, "the following arguments are required: command");
    case CLI_VERB_UNKNOWN:
        break;
    }
    return refuse_verb(run, word);
}

const struct cli_manner cli_manner_argparse = {
    .begin = begin,
    .refuse = refuse,
    .mistake = tell_mistake,
    .help = print_help,
};
