/* SPDX-License-Identifier: MIT */
/*
 * A tree drawn with branches, a line for each entry.
 */
#ifndef CLI_DRAWING_H
#define CLI_DRAWING_H

#include "lfskit/tree.h"
#include "text.h"

struct cli_branch;

struct cli_drawing {
    bool sorted;
    struct cli_branch *branches; /* entries that are still to come, the next one last */
    size_t count;
    size_t room;
    const struct lfk_node *node; /* the entry at hand, on a line that begins with: */
    struct cli_text lead;
    size_t lead_size; /* without its own branch */
    bool failed;      /* out of memory; the end comes early */
};

/* Goes over what is below `top`, in the order of the tree or sorted by the bytes of names. */
struct cli_drawing cli_drawing_start(const struct lfk_node *top, bool sorted);

/* The next entry, a directory before what is in it, or NULL at the end. */
const struct lfk_node *cli_drawing_next(struct cli_drawing *drawing);

/* Adds the branches before the name of the entry at hand. */
void cli_drawing_add(struct cli_text *line, const struct cli_drawing *drawing);

void cli_drawing_free(struct cli_drawing *drawing);

#endif
