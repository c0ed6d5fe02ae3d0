/* SPDX-License-Identifier: MIT */
/*
 * The completion file for fish: a command `complete` for each row of the tables.
 */
#include "completion.h"
#include "hint.h"

static void put_text(FILE *out, const char *text)
{
    fputs(" -d '", out);
    cli_completion_put(out, text, "\\'");
    fputs("'\n", out);
}

static void put_in(FILE *out, const struct cli_verb *verb)
{
    fprintf(out, "complete -c lfskit -n '__lfskit_in %s'", verb->name);
}

/* fish has no options whose value may be missing: they are words with and without it. */
static void put_values(FILE *out, const struct cli_verb *verb, const struct cli_option *option)
{
    const struct cli_hint hint = cli_hint_value(option);
    if (hint.kind == CLI_HINT_CHOICE) {
        put_in(out, verb);
        fprintf(out, " -a '(string split \" \" -- \"");
        cli_hint_print_choices(out, &hint);
        fprintf(out, "\" | string replace -r \"^\" -- --%s=)'", option->name);
        put_text(out, option->help);
    }
}

static void put_option(FILE *out, const struct cli_verb *verb, const struct cli_option *option)
{
    put_in(out, verb);
    if (option->letter != 0) {
        fprintf(out, " -s %c", option->letter);
    }
    fprintf(out, " -l %s", option->name);
    if (option->metavar != NULL && option->metavar[0] != '[') {
        const struct cli_hint hint = cli_hint_value(option);
        fputs(hint.kind == CLI_HINT_HOST ? " -r -F" : " -x", out);
        if (hint.kind == CLI_HINT_CHOICE) {
            fputs(" -a '", out);
            cli_hint_print_choices(out, &hint);
            fputc('\'', out);
        }
    }
    put_text(out, option->help);
    if (option->metavar != NULL && option->metavar[0] == '[') {
        put_values(out, verb, option);
    }
}

static void put_operands(FILE *out, const struct cli_verb *verb)
{
    struct cli_hint_operands operands = {.verb = verb};
    for (int before = 0; cli_hint_next(&operands); before++) {
        const struct cli_hint *hint = &operands.hint;
        if (hint->kind == CLI_HINT_TEXT) {
            continue;
        }
        fprintf(out, "complete -c lfskit -n '__lfskit_at %s %s %d' -a '", verb->name,
                operands.repeats ? "-ge" : "-eq", before);
        if (hint->kind == CLI_HINT_CHOICE) {
            cli_hint_print_choices(out, hint);
        } else {
            fprintf(out, "(__lfskit_%s)", cli_hint_name(hint->kind));
        }
        fputs("'\n", out);
    }
}

static void put_verb(FILE *out, const struct cli_verb *verb)
{
    struct cli_shown_options options = {.group = verb->groups};
    while (cli_shown_options_next(&options)) {
        put_option(out, verb, options.option);
    }
    put_operands(out, verb);
}

/* The options whose value is a word of its own, which is no operand. */
static void put_valued(FILE *out, const struct cli_verb *verb)
{
    struct cli_shown_options options = {.group = verb->groups};
    fprintf(out, "        case %s\n            set valued", verb->name);
    while (cli_shown_options_next(&options)) {
        const char *metavar = options.option->metavar;
        if (metavar != NULL && metavar[0] != '[') {
            fprintf(out, " --%s", options.option->name);
        }
    }
    fputc('\n', out);
}

void cli_completion_fish(FILE *out)
{
    fputs("function __lfskit_valued -S -a verb\n    switch $verb\n", out);
    for (size_t i = 0; cli_lfskit.verbs[i] != NULL; i++) {
        put_valued(out, cli_lfskit.verbs[i]);
    }
    fputs("    end\nend\n\n", out);
    fputs(cli_completion_fish_functions, out);
    for (size_t i = 0; cli_lfskit.verbs[i] != NULL; i++) {
        fprintf(out, "complete -c lfskit -n '__lfskit_in \"\"; or __lfskit_at help -eq 0' -a %s",
                cli_lfskit.verbs[i]->name);
        put_text(out, cli_lfskit.verbs[i]->summary);
    }
    for (size_t i = 0; cli_lfskit.verbs[i] != NULL; i++) {
        put_verb(out, cli_lfskit.verbs[i]);
    }
}
