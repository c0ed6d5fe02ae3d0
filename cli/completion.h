/* SPDX-License-Identifier: MIT */
/*
 * Completion files, printed from the table of verbs. What of each file is the
 * same whatever the verbs are is in completion/, and part of the program.
 */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "verb.h"

void cli_completion_bash(FILE *out);
void cli_completion_zsh(FILE *out);
void cli_completion_fish(FILE *out);

/* The files of completion/. */
extern const char cli_completion_bash_functions[];
extern const char cli_completion_zsh_functions[];
extern const char cli_completion_fish_functions[];

/* Prints a text within single quotes; each of the characters in `special` gets a backslash. */
void cli_completion_put(FILE *out, const char *text, const char *special);

#endif
