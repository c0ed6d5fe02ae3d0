/* SPDX-License-Identifier: MIT */
/*
 * A device that keeps in memory what is written to it, over one that is only
 * read: what is done to a volume on it is done for trial.
 */
#ifndef CLI_OVERLAY_H
#define CLI_OVERLAY_H

#include "lfskit/filesystem.h"

struct cli_overlay {
    struct lfk_device device; /* to be used; its context is this struct, which must not move */
    const struct lfk_device *below;
    unsigned char **blocks; /* those that were changed, by their number; others are NULL */
    size_t room;
};

/* `below` must stay. */
void cli_overlay_open(struct cli_overlay *overlay, const struct lfk_device *below);

/* Accepts a zeroed one. */
void cli_overlay_close(struct cli_overlay *overlay);

#endif
