/* SPDX-License-Identifier: MIT */
/*
 * Colours of names: those of directories, as ls(1) has them, so that they are
 * told from files at a glance.
 */
#ifndef CLI_COLOR_H
#define CLI_COLOR_H

#include "lfskit/tree.h"
#include "options.h"

#include <stdio.h>

enum cli_color {
    CLI_COLOR_AUTO, /* where a person sees it, see cli_color_is_on */
    CLI_COLOR_ALWAYS,
    CLI_COLOR_NEVER
};

cli_store_fn cli_store_color; /* enum cli_color */

/* An option of it; `member` is an enum cli_color. */
#define CLI_COLOR_OPTION(type, member)                                                             \
    {                                                                                              \
        "color", 0, "[=auto|always|never]", cli_store_color, offsetof(type, member),               \
            "Directories in colour: 'auto', the default, on a terminal, unless NO_COLOR is set "   \
            "in "                                                                                  \
            "the environment or TERM is dumb; without a value always. JSON has none"               \
    }

/*
 * True if names that go to `out` are to be coloured: always, or on a terminal
 * that can and whose user has not set NO_COLOR (https://no-color.org).
 */
bool cli_color_is_on(enum cli_color color, FILE *out);

/* What stands before and behind the name of an entry; "" of what has no colour. */
const char *cli_color_start(bool is_on, enum lfk_node_type type);
const char *cli_color_end(bool is_on, enum lfk_node_type type);

#endif
