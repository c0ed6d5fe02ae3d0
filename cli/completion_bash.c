/* SPDX-License-Identifier: MIT */
/*
 * The completion file for bash: a function that has the tables as text, a row
 * for each verb or option, "NAME HINT HELP", and the functions that read them.
 * HINT is "flag" of an option without a value, and begins with "=" if the value
 * may be missing.
 */
#include "completion.h"
#include "hint.h"

static void put_hint(FILE *out, const struct cli_hint *hint)
{
    if (hint->kind == CLI_HINT_CHOICE) {
        fprintf(out, "%.*s", hint->size, hint->word);
    } else {
        fputs(cli_hint_name(hint->kind), out);
    }
}

static void put_help(FILE *out, const char *help)
{
    fputc(' ', out);
    cli_completion_put(out, help, "");
    fputc('\n', out);
}

static void put_option(FILE *out, const struct cli_option *option)
{
    if (option->letter != 0) {
        fprintf(out, "-%c %s", option->letter, option->metavar == NULL ? "flag" : "text");
        put_help(out, option->help);
    }
    fprintf(out, "--%s ", option->name);
    if (option->metavar == NULL) {
        fputs("flag", out);
    } else {
        const struct cli_hint hint = cli_hint_value(option);
        fputs(option->metavar[0] == '[' ? "=" : "", out);
        put_hint(out, &hint);
    }
    put_help(out, option->help);
}

static void put_verb(FILE *out, const struct cli_verb *verb)
{
    struct cli_shown_options options = {.group = verb->groups};
    struct cli_hint_operands operands = {.verb = verb};
    fprintf(out, "    %s)\n        operands='", verb->name);
    while (cli_hint_next(&operands)) {
        put_hint(out, &operands.hint);
        fputc(' ', out);
    }
    fprintf(out, "%s'\n        rows='", operands.repeats ? "" : "text");
    while (cli_shown_options_next(&options)) {
        put_option(out, options.option);
    }
    fputs("' ;;\n", out);
}

void cli_completion_bash(FILE *out)
{
    fputs("_lfskit_table()\n{\n    case $1 in\n", out);
    for (size_t i = 0; cli_lfskit.verbs[i] != NULL; i++) {
        put_verb(out, cli_lfskit.verbs[i]);
    }
    fputs("    *)\n        operands=text\n        rows='", out);
    for (size_t i = 0; cli_lfskit.verbs[i] != NULL; i++) {
        fprintf(out, "%s verb", cli_lfskit.verbs[i]->name);
        put_help(out, cli_lfskit.verbs[i]->summary);
    }
    fputs("--help flag Print help\n--version flag Print the version\n' ;;\n    esac\n}\n\n", out);
    fputs(cli_completion_bash_functions, out);
}
