/* SPDX-License-Identifier: MIT */
/*
 * The manner of lfskit: messages as GNU programs have them, "lfskit: verb: what",
 * and after wrong usage a line that says where help is.
 */
#include "help.h"
#include "manner.h"
#include "message.h"

#include <string.h>

static void begin(struct cli_text *line, const struct cli_run *run, bool warns)
{
    cli_text_print(line, "%s: ", run->program->name);
    if (run->verb != NULL) {
        cli_text_print(line, "%s: ", run->verb->name);
    }
    cli_text_print(line, "%s", warns ? "warning: " : "");
}

static int refuse(const struct cli_run *run, const char *text)
{
    cli_error(run, "%s", text);
    const char *program = run->program->name;
    if (run->verb != NULL) {
        fprintf(run->io->err, "Try '%s %s --help'.\n", program, run->verb->name);
    } else {
        fprintf(run->io->err, "Try '%s help'.\n", program);
    }
    return CLI_USAGE;
}

static int refuse_verb(const struct cli_run *run, const char *name)
{
    const struct cli_verb *nearest = cli_verb_nearest(run->program, name);
    if (nearest != NULL) {
        return cli_usage(run, "unknown verb '%s', did you mean '%s'?", name, nearest->name);
    }
    return cli_usage(run, "unknown verb '%s'", name);
}

static int tell_mistake(const struct cli_run *run, const struct cli_mistake *mistake)
{
    const char *word = mistake->word;
    const struct cli_option *option = mistake->option;
    switch (mistake->kind) {
    case CLI_OPTION_UNKNOWN:
        return cli_usage(run, "unknown option %.*s", (int)strcspn(word, "="), word);
    case CLI_OPTION_AMBIGUOUS:
        return cli_usage(run, "ambiguous option %.*s", (int)strcspn(word, "="), word);
    case CLI_VALUE_MISSING:
        return cli_usage(run, "option --%s needs a value: %s", option->name, option->metavar);
    case CLI_VALUE_UNWANTED:
        return cli_usage(run, "option --%s takes no value", option->name);
    case CLI_VALUE_WRONG:
        return cli_usage(run, "--%s: '%s' %s", option->name, word, mistake->complaint);
    case CLI_OPERAND_MISSING:
        return cli_usage(run, "too few arguments: it needs %s", mistake->complaint);
    case CLI_OPERAND_UNEXPECTED:
        return cli_usage(run, "unexpected argument '%s'", word);
    case CLI_VERB_MISSING:
        return cli_usage(run, "no verb given");
    case CLI_VERB_UNKNOWN:
        break;
    }
    return refuse_verb(run, word);
}

const struct cli_manner cli_manner_gnu = {
    .begin = begin,
    .refuse = refuse,
    .mistake = tell_mistake,
    .help = cli_help_print,
};
