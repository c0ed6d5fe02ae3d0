/* SPDX-License-Identifier: MIT */
/*
 * The lines a user typed, in this session and those before it.
 */
#ifndef CLI_HISTORY_H
#define CLI_HISTORY_H

#include <histedit.h>

struct cli_history;

/* With the lines of earlier sessions, if there are any; NULL when out of memory. */
struct cli_history *cli_history_open(void);
void cli_history_attach(struct cli_history *history, EditLine *el);
/* Blank lines are left out. */
void cli_history_add(struct cli_history *history, const char *line);
/* Stores the lines of this session behind those that others have stored. Accepts NULL. */
void cli_history_close(struct cli_history *history);

#endif
