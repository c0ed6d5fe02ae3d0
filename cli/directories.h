/* SPDX-License-Identifier: MIT */
/*
 * Directories made in a volume where they are missing.
 */
#ifndef CLI_DIRECTORIES_H
#define CLI_DIRECTORIES_H

#include "session.h"

/*
 * Makes the directory with this path as the volume stores it unless there is one;
 * *is_made says which. A status; nothing is told.
 */
int cli_directory_make(struct cli_session *session, const char *path, bool *is_made,
                       struct lfk_detail *detail);

/*
 * Makes the directory at the place, and those above it, unless they are there.
 * CLI_DONE, or CLI_FAILED after telling.
 */
int cli_directories_make(struct cli_session *session, const struct cli_place *place);

/* The same of the directory that the place is in. */
int cli_directories_make_parent(struct cli_session *session, const struct cli_place *place);

#endif
