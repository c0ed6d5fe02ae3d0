/* SPDX-License-Identifier: MIT */
/*
 * The work of verbs that more than one program has: each asks for it with
 * options of its own. All return the exit code, after telling what went wrong.
 */
#ifndef CLI_WORK_H
#define CLI_WORK_H

#include "create_args.h"
#include "reading.h"

/* Makes the image of a directory or a file; NULL for `image` is its name by default. */
int cli_create_image(const struct cli_run *run, struct cli_create_args *args, const char *source,
                     const char *image);

/* Prints the paths of all that was loaded from an image, a line each. */
int cli_list_lines(struct cli_reading *reading);

/* Writes all of an open image into a folder; `listed`: prints each entry's two paths. */
int cli_extract_all(struct cli_reading *reading, const char *folder, bool listed);

#endif
