/* SPDX-License-Identifier: MIT */
/*
 * Streams in memory for a command line, and what was written to them.
 */
#ifndef LFSKIT_TESTS_CLI_STREAMS_H
#define LFSKIT_TESTS_CLI_STREAMS_H

#include "cli.h"

struct cli_streams {
    struct cli_io io;
    char *out;
    char *err;
    size_t out_size;
    size_t err_size;
};

void cli_streams_open(struct cli_streams *streams);
/* Brings out and err up to date; they are NUL-terminated. */
void cli_streams_flush(struct cli_streams *streams);
void cli_streams_close(struct cli_streams *streams);

#endif
