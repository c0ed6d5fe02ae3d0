/* SPDX-License-Identifier: MIT */
/*
 * The words behind a command of the shell: which are options and which operands,
 * and these as argv has them.
 */
#ifndef CLI_OPERANDS_H
#define CLI_OPERANDS_H

#include "hint.h"
#include "words.h"

/*
 * Goes over the words behind a command. Zero it, set the verb; each call says
 * what the next word is.
 */
struct cli_operand_walk {
    const struct cli_verb *verb;
    size_t count;       /* of operands there are; 0: the next one may be the last */
    size_t operands;    /* met so far */
    bool value_follows; /* the next word belongs to an option */
    bool options_over;  /* "--" was met */
};

/* True if the word is an operand, of the kind set; false for options and their values. */
bool cli_operand_next(struct cli_operand_walk *walk, const struct cli_word *word,
                      enum cli_hint_kind *kind);

/* How many of the words are operands. */
size_t cli_operands_count(const struct cli_verb *verb, const struct cli_words *words);

/* How many operands a verb cannot do without, the image not counted. */
size_t cli_operands_needed(const struct cli_verb *verb);

/* True if all that a verb takes is one path in the image, which may be left out. */
bool cli_operands_are_path(const struct cli_verb *verb);

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
