/* SPDX-License-Identifier: MIT */
/*
 * What stands behind a command of the shell: which of its operands are paths in
 * the image and which of the host, and patterns replaced by what they match.
 */
#ifndef CLI_OPERANDS_H
#define CLI_OPERANDS_H

#include "session.h"
#include "words.h"

enum cli_operand {
    CLI_OPERAND_OTHER,
    CLI_OPERAND_IMAGE,
    CLI_OPERAND_DIRECTORY, /* of the image */
    CLI_OPERAND_HOST,
    CLI_OPERAND_COMMAND,
};

/* What the operand `index` of a verb is, by the words of its usage line. */
enum cli_operand cli_operand_kind(const struct cli_verb *verb, size_t index);

/* How many operands a verb cannot do without, by its usage line. */
size_t cli_operands_needed(const struct cli_verb *verb);

/*
 * Goes over the words behind a command. Zero it, set the verb; each call says
 * what the next word is.
 */
struct cli_operand_walk {
    const struct cli_verb *verb;
    size_t operands;    /* met so far */
    bool value_follows; /* the next word belongs to an option */
    bool options_over;  /* "--" was met */
};

/* True if the word is an operand, of the kind set; false for options and their values. */
bool cli_operand_next(struct cli_operand_walk *walk, const struct cli_word *word,
                      enum cli_operand *kind);

/* The operands and options of a command, as argv has them. Zeroed, it is empty. */
struct cli_arguments {
    char **items; /* ended by NULL once there are any; the texts are malloc'ed */
    size_t count;
    size_t room;
    bool failed; /* out of memory */
};

void cli_arguments_add(struct cli_arguments *arguments, const char *text);
void cli_arguments_free(struct cli_arguments *arguments);

/* Sorts those from `first` on by their bytes. */
void cli_arguments_sort(struct cli_arguments *arguments, size_t first);

#endif
