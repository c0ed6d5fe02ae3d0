/* SPDX-License-Identifier: MIT */
/*
 * How a program speaks: what it says about a mistake, how a line on its error
 * stream begins, what its help looks like.
 */
#ifndef CLI_MANNER_H
#define CLI_MANNER_H

#include "text.h"
#include "verb.h"

/* A mistake in a command line, and of the members below those that belong to its kind. */
struct cli_mistake {
    enum {
        CLI_OPTION_UNKNOWN,     /* word */
        CLI_OPTION_AMBIGUOUS,   /* word */
        CLI_VALUE_MISSING,      /* option */
        CLI_VALUE_UNWANTED,     /* option, word */
        CLI_VALUE_WRONG,        /* option, word, complaint */
        CLI_OPERAND_MISSING,    /* complaint: the operands there are to be */
        CLI_OPERAND_UNEXPECTED, /* word */
        CLI_VERB_MISSING,       /* none */
        CLI_VERB_UNKNOWN,       /* word */
    } kind;
    const char *word; /* as typed */
    const struct cli_option *option;
    const char *complaint; /* of cli_store_fn */
};

struct cli_manner {
    /* Adds what a line on the error stream begins with, one that warns or one that tells an error.
     */
    void (*begin)(struct cli_text *line, const struct cli_run *run, bool warns);
    /* Says that the usage is wrong, and how it is right. Returns CLI_USAGE. */
    int (*refuse)(const struct cli_run *run, const char *text);
    /* The same of a mistake. */
    int (*mistake)(const struct cli_run *run, const struct cli_mistake *mistake);
    /* Help for one verb, or for the program when it is NULL. */
    void (*help)(FILE *out, const struct cli_program *program, const struct cli_verb *verb);
};

extern const struct cli_manner cli_manner_gnu;      /* as GNU programs do */
extern const struct cli_manner cli_manner_argparse; /* as Python programs do */

#endif
