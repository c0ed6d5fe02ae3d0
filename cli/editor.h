/* SPDX-License-Identifier: MIT */
/*
 * Reading lines from a person at a terminal: editing, history, completion.
 * Nothing else knows which library does that.
 */
#ifndef CLI_EDITOR_H
#define CLI_EDITOR_H

#include "cli.h"
#include "text.h"

#include <stdbool.h>

/* What could stand where the cursor is. Zeroed, it is nothing. */
struct cli_candidates {
    struct cli_text names; /* each ended by a NUL, as they are shown; sorted; the first so many */
    size_t shown;          /* names in `names` */
    size_t count;          /* of all */
    struct cli_text added; /* what all of them continue the line with, quoted as it needs */
};

/* Finds what could follow `line`, which is the line up to the cursor. */
typedef void cli_complete_fn(void *context, const char *line, struct cli_candidates *candidates);

struct cli_editor;

bool cli_is_terminal(FILE *stream);

/*
 * NULL if lines cannot be edited: the terminal that the streams are has no cursor;
 * there is no library for it; there is no memory. The history is that of earlier
 * sessions of the user, kept in a file that only the user can read.
 */
struct cli_editor *cli_editor_open(const struct cli_io *io, const char *prompt,
                                   cli_complete_fn *complete, void *context);

enum cli_line {
    CLI_LINE_READ,
    CLI_LINE_CANCELLED, /* by Ctrl-C */
    CLI_LINE_END,       /* of the input */
};

/* Reads a line, without its newline, into the text, which was empty. */
enum cli_line cli_editor_read(struct cli_editor *editor, struct cli_text *line);

/* Leaves the terminal as it was and stores the history. Accepts NULL. */
void cli_editor_close(struct cli_editor *editor);

#endif
