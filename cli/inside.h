/* SPDX-License-Identifier: MIT */
/*
 * The program's way to run a verb that works inside an image: a session for
 * this one verb, whose faults are lines on the error stream.
 */
#ifndef CLI_INSIDE_H
#define CLI_INSIDE_H

#include "verb.h"

/* `args` and operands as struct cli_verb has them for `run`. Returns an enum cli_exit. */
int cli_inside_run(struct cli_run *run, void *args, char **operands, int count);

#endif
