/* SPDX-License-Identifier: MIT */
/*
 * The bytes of files, in a volume and from elsewhere, handed to a sink whole.
 */
#ifndef CLI_CONTENTS_H
#define CLI_CONTENTS_H

#include "lfskit/tree.h"
#include "session.h"

/*
 * Hands out a file of the volume, in pieces whose size is a multiple of 16 but
 * for the last. CLI_DONE; CLI_FAILED after telling what is wrong in the volume;
 * less than 0: what the sink returned, with its detail.
 */
int cli_contents_read(struct cli_session *session, const struct cli_place *place,
                      struct lfk_sink *sink, struct lfk_detail *detail);

/*
 * Hands out the bytes of a node of a tree. LFK_OK or the first error; `of_sink`
 * (may be NULL) is set if it is the sink's.
 */
int cli_contents_copy(const struct lfk_node *node, struct lfk_sink *sink, bool *of_sink,
                      struct lfk_detail *detail);

#endif
