/* SPDX-License-Identifier: MIT */
/*
 * The bytes of files in a volume, read and written whole.
 */
#ifndef CLI_CONTENTS_H
#define CLI_CONTENTS_H

#include "session.h"

/* Takes the next bytes of a file. Less than 0 ends the reading. */
typedef int cli_bytes_fn(void *context, const void *bytes, size_t size);

/*
 * Hands out a file from front to back, in pieces whose size is a multiple of 16
 * but for the last. CLI_DONE, or CLI_FAILED: what goes wrong in the volume is
 * told here, what `take` returns its own business.
 */
int cli_contents_read(struct cli_session *session, const struct cli_place *place,
                      cli_bytes_fn *take, void *context);

#endif
