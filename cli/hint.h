/* SPDX-License-Identifier: MIT */
/*
 * What the words of a command line stand for, and so what a shell may offer for
 * them. All of it is read from the tables: from the operands of a verb's usage line
 * and the values of its options as help shows them.
 */
#ifndef CLI_HINT_H
#define CLI_HINT_H

#include "verb.h"

enum cli_hint_kind {
    CLI_HINT_TEXT, /* anything, nothing can be offered */
    CLI_HINT_CHOICE,
    CLI_HINT_HOST,      /* a file of the host, or IMAGE:/PATH where the verb takes that */
    CLI_HINT_FOLDER,    /* of the host */
    CLI_HINT_INSIDE,    /* a path in the image */
    CLI_HINT_DIRECTORY, /* in the image */
    CLI_HINT_EITHER,    /* a path in the image or a file of the host */
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
    enum cli_hint_kind last; /* what the last of those that repeat is */
    bool optional;           /* the verb can do without this one */
    bool repeats;            /* the hint is of all operands from this one on */
};

/* False at the end. */
bool cli_hint_next(struct cli_hint_operands *operands);

/* What the operand `index` of `count` is of a verb that works inside, the image not counted. */
enum cli_hint_kind cli_hint_inside(const struct cli_verb *verb, size_t index, size_t count);

/* The end of the name of the function that each completion file has to offer it. */
const char *cli_hint_name(enum cli_hint_kind kind);

/* Prints the choices with a blank between them, without those that stand for others. */
void cli_hint_print_choices(FILE *out, const struct cli_hint *hint);

#endif
