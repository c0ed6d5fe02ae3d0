/* SPDX-License-Identifier: MIT */
/*
 * Names in directories, of the image and of the host, and paths that match
 * patterns.
 */
#ifndef CLI_GLOBS_H
#define CLI_GLOBS_H

#include "operands.h"
#include "session.h"

/* Told of a name in a directory. */
typedef void cli_name_fn(void *context, const char *name, bool is_dir);

/*
 * Goes over the names in a directory of the image, given as a normal path, "" or
 * "/" for the root. Says nothing of what cannot be read; names that cannot be typed,
 * as they do not decode, are left out.
 */
void cli_image_names(const struct cli_session *session, const char *directory, cli_name_fn *told,
                     void *context);

/* The same of a directory of the host; "" is the current one. */
void cli_host_names(const char *directory, cli_name_fn *told, void *context);

/* Adds a path of the host as typed, with the home directory in the place of "~". */
void cli_host_path(struct cli_text *path, const char *typed);

/*
 * Adds the words behind the session's verb. One that is a pattern of paths becomes the
 * paths that match, sorted, and stays as it is if there are none.
 */
void cli_arguments_expand(struct cli_arguments *arguments, struct cli_session *session,
                          const struct cli_words *words);

#endif
