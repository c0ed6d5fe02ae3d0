/* SPDX-License-Identifier: MIT */
/*
 * Names in directories, of the image and of the host, and paths that match
 * patterns.
 */
#ifndef CLI_GLOBS_H
#define CLI_GLOBS_H

#include "operands.h"

/* Told of a name in a directory. */
typedef void cli_name_fn(void *context, const char *name, bool is_dir);

/*
 * Goes over the names in a directory of the image, given as a normal path, ""
 * for the root. Says nothing of what cannot be read; names that cannot be typed,
 * as they do not decode, are left out.
 */
void cli_image_names(const struct cli_session *session, const char *directory, cli_name_fn *told,
                     void *context);

/* The same of a directory of the host. */
void cli_host_names(const char *directory, cli_name_fn *told, void *context);

/* Adds the absolute paths that match a pattern as typed; false if there are none. */
bool cli_image_match(struct cli_arguments *found, const struct cli_session *session,
                     const char *pattern);

/* Adds the paths of the host that match; false if there are none. */
bool cli_host_match(struct cli_arguments *found, const char *pattern);

/*
 * Adds the words behind the session's verb. One that is a pattern of paths becomes the
 * paths that match, in order, and stays as it is if there are none.
 */
void cli_arguments_expand(struct cli_arguments *arguments, struct cli_session *session,
                          const struct cli_words *words);

#endif
