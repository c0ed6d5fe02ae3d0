/* SPDX-License-Identifier: MIT */
/*
 * A device that keeps a copy of the image's file as it was before the first
 * change, and otherwise is the one below it.
 */
#ifndef CLI_BACKUP_H
#define CLI_BACKUP_H

#include "lfskit/filesystem.h"
#include "options.h"

#include <stdbool.h>

struct cli_backup {
    struct lfk_device device; /* to be used; its context is this struct, which must not move */
    const struct lfk_device *below;
    const char *image;
    const char *suffix; /* what the copy's name has behind the image's */
    bool made;
};

/* What is pointed to must stay. */
void cli_backup_open(struct cli_backup *backup, const struct lfk_device *below, const char *image,
                     const char *suffix);

cli_store_fn cli_store_backup; /* const char *; ".bak" without a value */

#endif
