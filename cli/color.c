/* SPDX-License-Identifier: MIT */
/*
 * The colours, and who gets to see them.
 */
#include "color.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *cli_store_color(void *member, const char *value)
{
    static const char *const values[] = {
        [CLI_COLOR_AUTO] = "auto", [CLI_COLOR_ALWAYS] = "always", [CLI_COLOR_NEVER] = "never"};
    enum cli_color color = value == NULL ? CLI_COLOR_ALWAYS : CLI_COLOR_AUTO;
    while (value != NULL && strcmp(value, values[color]) != 0) {
        if (color++ == CLI_COLOR_NEVER) {
            return "is not auto, always or never";
        }
    }
    *(enum cli_color *)member = color;
    return NULL;
}

bool cli_color_is_on(enum cli_color color, FILE *out)
{
    const char *unwanted = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    if (color != CLI_COLOR_AUTO) {
        return color == CLI_COLOR_ALWAYS;
    }
    return (unwanted == NULL || *unwanted == '\0') && terminal != NULL &&
           strcmp(terminal, "dumb") != 0 && isatty(fileno(out));
}

const char *cli_color_start(bool is_on, enum lfk_node_type type)
{
    return is_on && type == LFK_NODE_DIR ? "\033[1;34m" : "";
}

const char *cli_color_end(bool is_on, enum lfk_node_type type)
{
    return is_on && type == LFK_NODE_DIR ? "\033[0m" : "";
}
