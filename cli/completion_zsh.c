/* SPDX-License-Identifier: MIT */
/*
 * The completion file for zsh: the tables become arguments of _arguments.
 */
#include "completion.h"
#include "hint.h"

static void put_action(FILE *out, const struct cli_hint *hint)
{
    fprintf(out, ":%.*s:", hint->size, hint->word);
    if (hint->kind == CLI_HINT_CHOICE) {
        fputc('(', out);
        cli_hint_print_choices(out, hint);
        fputc(')', out);
    } else if (hint->kind == CLI_HINT_TEXT) {
        fputc(' ', out);
    } else {
        fprintf(out, "_lfskit_%s", cli_hint_name(hint->kind));
    }
}

/* One name of an option, which excludes the others. */
static void put_name(FILE *out, const struct cli_option *option, bool is_letter)
{
    const char *value = option->metavar == NULL ? "" : option->metavar[0] == '[' ? "=-" : "=";
    const char letter[] = {'-', option->letter, '\0'};
    fputs("            '", out);
    if (option->letter != 0) {
        fprintf(out, "(%s --%s)", letter, option->name);
    }
    if (is_letter) {
        fputs(letter, out);
    } else {
        fprintf(out, "--%s%s", option->name, value);
    }
    fputc('[', out);
    cli_completion_put(out, option->help, "\\[]");
    fputc(']', out);
    if (option->metavar != NULL) {
        const struct cli_hint hint = cli_hint_value(option);
        fputs(option->metavar[0] == '[' ? ":" : "", out);
        put_action(out, &hint);
    }
    fputs("' \\\n", out);
}

static void put_operands(FILE *out, const struct cli_verb *verb)
{
    struct cli_hint_operands operands = {.verb = verb};
    for (int position = 1; cli_hint_next(&operands); position++) {
        if (operands.repeats) {
            fputs("            '*:", out);
        } else {
            fprintf(out, "            '%d%s", position, position > verb->min_operands ? ":" : "");
        }
        put_action(out, &operands.hint);
        fputs("' \\\n", out);
    }
}

static void put_verb(FILE *out, const struct cli_verb *verb)
{
    struct cli_shown_options options = {.group = verb->groups};
    fprintf(out, "    %s)\n        _arguments -s -S : \\\n", verb->name);
    while (cli_shown_options_next(&options)) {
        if (options.option->letter != 0) {
            put_name(out, options.option, true);
        }
        put_name(out, options.option, false);
    }
    put_operands(out, verb);
    fputs("            && return ;;\n", out);
}

void cli_completion_zsh(FILE *out)
{
    fputs("#compdef lfskit\n_lfskit_verb()\n{\n    local -a verbs=(\n", out);
    for (size_t i = 0; cli_lfskit.verbs[i] != NULL; i++) {
        fprintf(out, "        '%s:", cli_lfskit.verbs[i]->name);
        cli_completion_put(out, cli_lfskit.verbs[i]->summary, "\\");
        fputs("'\n", out);
    }
    fputs("    )\n    _describe -t verbs verb verbs\n}\n\n"
          "_lfskit_arguments()\n{\n    case $1 in\n",
          out);
    for (size_t i = 0; cli_lfskit.verbs[i] != NULL; i++) {
        put_verb(out, cli_lfskit.verbs[i]);
    }
    fputs("    esac\n    return 1\n}\n\n", out);
    fputs(cli_completion_zsh_functions, out);
}
