/* SPDX-License-Identifier: MIT */
/*
 * A bar on the error stream for work that takes long enough to be waited for.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct cli_progress {
    FILE *err;
    bool wanted;        /* err is a terminal */
    bool shown;         /* a bar stands there now */
    uint64_t total;     /* bytes */
    uint64_t done;      /* bytes */
    uint64_t next_time; /* of the next bar; milliseconds */
};

/* No bar will be shown if `quiet`, or if the stream is not a terminal. */
struct cli_progress cli_progress_start(FILE *err, uint64_t total, bool quiet);
void cli_progress_add(struct cli_progress *progress, uint64_t bytes);
/* Takes the bar away. */
void cli_progress_end(struct cli_progress *progress);

#endif
