/* SPDX-License-Identifier: MIT */
/*
 * What is at and below a place in a volume, as a tree. Each directory of the
 * volume is in it once, so that going over it ends, whatever the image holds.
 */
#ifndef CLI_LOADED_H
#define CLI_LOADED_H

#include "lfskit/tree.h"
#include "session.h"

struct cli_loaded {
    struct cli_session *session;
    struct lfk_tree *tree;
    const struct lfk_node *node; /* that of the place: the tree's root, or the file in it */
    struct cli_place base;       /* of the tree's root */
};

/*
 * Loads the place, of a directory its own entries alone if `shallow`. Damage is
 * told, and the rest is there. CLI_DONE, or CLI_FAILED after telling why nothing
 * is. Zero it first, and free it in both cases. Names, sizes and attributes stay; the files'
 * bytes are there until the volume is changed.
 */
int cli_loaded_open(struct cli_loaded *loaded, struct cli_session *session,
                    const struct cli_place *place, bool shallow);

/* The same of a directory; of a file LFK_ERR_NOTDIR is told. */
int cli_loaded_open_directory(struct cli_loaded *loaded, struct cli_session *session,
                              const struct cli_place *place, bool shallow);

/*
 * All nodes, each behind the directory it is in, the root first. To be freed;
 * NULL when out of memory.
 */
const struct lfk_node **cli_loaded_nodes(const struct cli_loaded *loaded, size_t *count);

void cli_loaded_free(struct cli_loaded *loaded);

/* Sets `text` to the absolute path of a node. False if its name does not decode. */
bool cli_loaded_path(struct cli_text *text, const struct cli_loaded *loaded,
                     const struct lfk_node *node, enum cli_name_form form);

/* Sets `place` to that of a node. */
void cli_loaded_place(struct cli_place *place, const struct cli_loaded *loaded,
                      const struct lfk_node *node);

#endif
