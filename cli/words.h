/* SPDX-License-Identifier: MIT */
/*
 * A line of the shell split into words, by the rules of Python's shlex: blanks
 * part words; '...' holds anything but its end, "..." too, with \" and \\ in it;
 * elsewhere \ takes the next character as it is.
 */
#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include "text.h"

#include <stddef.h>

struct cli_word {
    struct cli_text text;    /* as meant */
    struct cli_text pattern; /* the same for lfk_path_match: '\' before what was quoted */
    bool is_pattern;         /* it has a '*', '?' or '[' that was not quoted */
    bool is_quoted;          /* something in it was quoted */
};

enum cli_split {
    CLI_SPLIT_DONE,
    CLI_SPLIT_QUOTE,  /* a quotation is not closed */
    CLI_SPLIT_ESCAPE, /* nothing stands behind a backslash */
    CLI_SPLIT_NOMEM,
};

/* Zeroed, it has no words. */
struct cli_words {
    struct cli_word *words;
    size_t count;
    size_t room;
    bool is_open; /* the line ended within the last word */
    char quote;   /* ... and within this quotation, or 0 */
};

/* Whatever it returns, the words up to there are in `words`, the unfinished one, too. */
enum cli_split cli_words_split(struct cli_words *words, const char *line);
void cli_words_free(struct cli_words *words);

/* The size of the command that `line` begins with: up to a ';' that is not quoted, or all. */
size_t cli_words_command(const char *line);

/*
 * Adds a name so that splitting gives it back: within the quotation `quote`, or
 * with backslashes if that is 0.
 */
void cli_words_quote(struct cli_text *text, const char *name, char quote);

#endif
