/* SPDX-License-Identifier: MIT */
/*
 * Where sources go: the path of the target that put, get and cp are given, and
 * the image among their operands.
 */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include "session.h"

/* True of a path that stands for a directory by itself: it ends in '/', "." or "..". */
bool cli_path_is_directory(const char *path);

/*
 * Adds the path that a source goes to: the target or, if that is a directory,
 * in it the last name of the source. One that ends in "." or ".." and the root
 * have no name: what is in them goes into the directory. The target "" is the
 * directory one is in.
 */
void cli_target_add(struct cli_text *text, const char *target, bool is_directory,
                    const char *source);

/* Adds a path of the host as it is told: without "." and slashes that mean nothing. */
void cli_host_path_tidy(struct cli_text *text, const char *path);

/* Moves one source; `into`: the target is a directory, in which it keeps its name. */
typedef void cli_source_fn(struct cli_session *session, void *args, const char *source,
                           const char *target, bool into);

/*
 * Calls `visit` with each of the operands but the last, which is the target; of
 * one operand alone the target is "". It is a directory if there are several
 * sources, or `is_directory` says so. CLI_DONE, or CLI_FAILED if something was told.
 */
int cli_sources_visit(struct cli_session *session, char **operands, int count,
                      bool (*is_directory)(const char *target), cli_source_fn *visit, void *args);

/*
 * For struct cli_verb.locate. The image is the first operand; or it is before
 * the first ":/" of the last one, from which the path is left.
 */
int cli_locate_target(const struct cli_run *run, char **operands, int *count, const char **image);

/*
 * The same with the ":/" in the first operand. All others are then in the same
 * image, and begin with it, but for the last one, which may be a path of the host.
 */
int cli_locate_sources(const struct cli_run *run, char **operands, int *count, const char **image);

#endif
