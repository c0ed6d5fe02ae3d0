/* SPDX-License-Identifier: MIT */
/*
 * What a line of the shell could go on with.
 */
#ifndef CLI_CANDIDATES_H
#define CLI_CANDIDATES_H

#include "editor.h"

/* A cli_complete_fn; the context is the shell. */
void cli_candidates_find(void *context, const char *line, struct cli_candidates *candidates);

#endif
