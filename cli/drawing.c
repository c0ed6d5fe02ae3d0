/* SPDX-License-Identifier: MIT */
/*
 * A tree drawn with branches. The entries that are still to come are kept on a
 * stack, each with the depth it is at, so that no depth is too deep.
 */
#include "drawing.h"

#include <stdlib.h>
#include <string.h>

#define STEP 4 /* characters a level */

struct cli_branch {
    const struct lfk_node *node;
    size_t depth;
    bool is_last;
};

static int compare_branches(const void *a, const void *b)
{
    const struct lfk_node *first = ((const struct cli_branch *)a)->node;
    const struct lfk_node *second = ((const struct cli_branch *)b)->node;
    size_t size = first->name_size < second->name_size ? first->name_size : second->name_size;
    int order = memcmp(first->name, second->name, size);
    return order != 0 ? order : (first->name_size > size) - (second->name_size > size);
}

static bool reserve(struct cli_drawing *drawing)
{
    if (drawing->count < drawing->room) {
        return true;
    }
    size_t room = drawing->room == 0 ? 64 : 2 * drawing->room;
    struct cli_branch *branches = realloc(drawing->branches, room * sizeof(*branches));
    if (branches == NULL) {
        drawing->failed = true;
        return false;
    }
    drawing->branches = branches;
    drawing->room = room;
    return true;
}

/* Puts what is in a directory on the stack, the first entry last. */
static void push(struct cli_drawing *drawing, const struct lfk_node *directory, size_t depth)
{
    size_t start = drawing->count;
    for (const struct lfk_node *node = directory->first; node != NULL && reserve(drawing);
         node = node->next) {
        drawing->branches[drawing->count++] = (struct cli_branch){node, depth, false};
    }
    size_t count = drawing->count - start;
    if (count == 0) {
        return;
    }
    struct cli_branch *entries = drawing->branches + start;
    if (drawing->sorted) {
        qsort(entries, count, sizeof(*entries), compare_branches);
    }
    entries[count - 1].is_last = true;
    for (size_t i = 0; i < count / 2; i++) {
        struct cli_branch entry = entries[i];
        entries[i] = entries[count - 1 - i];
        entries[count - 1 - i] = entry;
    }
}

struct cli_drawing cli_drawing_start(const struct lfk_node *top, bool sorted)
{
    struct cli_drawing drawing = {.sorted = sorted};
    push(&drawing, top, 0);
    return drawing;
}

const struct lfk_node *cli_drawing_next(struct cli_drawing *drawing)
{
    if (drawing->count == 0 || drawing->failed) {
        return NULL;
    }
    const struct cli_branch branch = drawing->branches[--drawing->count];
    drawing->node = branch.node;
    cli_text_cut(&drawing->lead, branch.depth * STEP);
    drawing->lead_size = drawing->lead.size;
    cli_text_add(&drawing->lead, branch.is_last ? "    " : "|   ", STEP);
    push(drawing, branch.node, branch.depth + 1);
    drawing->failed = drawing->failed || drawing->lead.failed;
    return branch.node;
}

void cli_drawing_add(struct cli_text *line, const struct cli_drawing *drawing)
{
    bool is_last = drawing->lead.data[drawing->lead_size] == ' ';
    cli_text_add(line, cli_text_string(&drawing->lead), drawing->lead_size);
    cli_text_add(line, is_last ? "`-- " : "|-- ", STEP);
}

void cli_drawing_free(struct cli_drawing *drawing)
{
    free(drawing->branches);
    cli_text_free(&drawing->lead);
}
