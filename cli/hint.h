/* SPDX-License-Identifier: MIT */
/*
 * What a shell may offer for a word of the command line. All of it is read from
 * the tables: from the operands of a verb's usage line and the values of its
 * options as help shows them.
 */
#ifndef CLI_HINT_H
#define CLI_HINT_H

#include "verb.h"

/*
 * Ends in the name of a function that each completion file has for it: a file of
 * the host, or IMAGE:/PATH where the verb takes that; a folder of the host; a
 * path in the image; that or a file of the host; a verb.
 */
enum cli_hint_kind {
    CLI_HINT_TEXT, /* anything, nothing can be offered */
    CLI_HINT_CHOICE,
    CLI_HINT_HOST,
    CLI_HINT_FOLDER,
    CLI_HINT_INSIDE,
    CLI_HINT_EITHER,
    CLI_HINT_VERB
};

struct cli_hint {
    enum cli_hint_kind kind;
    const char *word; /* as help shows it, e.g. "SOURCE"; of choices "this|that|OTHER" */
    int size;
};

/* Of the value of an option, which has one. */
struct cli_hint cli_hint_value(const struct cli_option *option);

/* The operands of a verb, one by one. */
struct cli_hint_operands {
    const struct cli_verb *verb; /* zero the rest */
    const char *rest;            /* of the usage line */
    struct cli_hint hint;
    struct cli_hint repeated;
    bool repeats; /* the hint is of all operands from this one on */
};

/* False at the end. */
bool cli_hint_next(struct cli_hint_operands *operands);

/* The name of the function that offers it. */
const char *cli_hint_name(enum cli_hint_kind kind);

/* Prints the choices with a blank between them, without those that stand for others. */
void cli_hint_print_choices(FILE *out, const struct cli_hint *hint);

#endif
