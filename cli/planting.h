/* SPDX-License-Identifier: MIT */
/*
 * A tree of files, from the host or from the volume itself, put into a volume.
 */
#ifndef CLI_PLANTING_H
#define CLI_PLANTING_H

#include "lfskit/tree.h"
#include "session.h"

struct cli_planting {
    struct cli_session *session;
    const struct lfk_node *top;     /* what is put, with all below it */
    const struct cli_place *target; /* the path it gets */
    /* Stores a file at its place, and tells what goes wrong. */
    void (*plant_file)(const struct cli_planting *planting, const struct lfk_node *node,
                       const struct cli_place *place);
    void *context; /* of plant_file */
};

/*
 * Makes the missing directories on the way to the target and all that is in the
 * tree: directories are joined with those that are there, and get the
 * attributes of the nodes. What goes wrong is told, and the rest is put.
 */
void cli_plant(const struct cli_planting *planting);

#endif
