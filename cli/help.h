/* SPDX-License-Identifier: MIT */
/*
 * Help and man pages, both printed from the table of verbs.
 */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "verb.h"

/* Help for one verb, or for the program when it is NULL. */
void cli_help_print(FILE *out, const struct cli_verb *verb);

/* What a verb does, 80 columns wide. */
void cli_help_print_description(FILE *out, const struct cli_verb *verb);

/* The same as a man page, in roff: lfskit-VERB(1) or lfskit(1). */
void cli_man_print(FILE *out, const struct cli_verb *verb);

/* What help and man page of the program say about it. */
extern const char cli_program_summary[];
extern const char cli_program_description[];
extern const char cli_exit_codes[];

#endif
