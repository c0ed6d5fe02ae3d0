/* SPDX-License-Identifier: MIT */
/*
 * A file of a volume written as a whole: what had the path stays, or nothing
 * does, until all is there.
 */
#ifndef CLI_WRITER_H
#define CLI_WRITER_H

#include "lfskit/tree.h"
#include "session.h"

struct cli_writer {
    struct lfk_sink sink; /* what is written goes here */
    struct cli_session *session;
    const struct cli_place *place;
    struct lfk_file *file;
    struct lfk_file_attribute *attributes; /* stored with the content */
    bool made;                             /* there was no such file */
};

/*
 * Opens the file at the place, made if missing, with the attributes of a list
 * (may be NULL), to which it keeps those it has. On failure there is nothing to
 * be closed. What is pointed to stays until the writer is closed.
 */
int cli_writer_open(struct cli_writer *writer, struct cli_session *session,
                    const struct cli_place *place, const struct lfk_attribute *attributes,
                    struct lfk_detail *detail);

/* Stores all that was written, if `complete`, or takes it back. */
int cli_writer_close(struct cli_writer *writer, bool complete, struct lfk_detail *detail);

#endif
