/* SPDX-License-Identifier: MIT */
/*
 * Help and man pages, both printed from the table of verbs.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "verb.h"

/* Help for one verb, or for the program when it is NULL. */
void cli_help_print(FILE *out, const struct cli_program *program, const struct cli_verb *verb);

/* The same as a man page of lfskit, in roff: lfskit-VERB(1) or lfskit(1). */
void cli_man_print(FILE *out, const struct cli_verb *verb);

/* A group of options under its title. */
void cli_help_group(FILE *out, const struct cli_option_group *group);

/* Prints words from `column` on, later lines from `indent` on; a newline in the text stays one. */
void cli_help_wrap(FILE *out, const char *text, size_t column, size_t indent);

/* A row of a table of two columns: `left`, and from `column` on the text. */
void cli_help_row(FILE *out, const char *left, const char *text, size_t column);

/* Where that of the paths is found; NULL for a verb that takes no path in an image. */
const char *cli_help_on_paths(const struct cli_verb *verb);

#endif
