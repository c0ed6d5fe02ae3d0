/* SPDX-License-Identifier: MIT */
/*
 * The lfskit command line as a library: one call runs one command. It reads
 * and writes the streams it is given, and returns the exit code: 0 done, 1
 * failed, 2 wrong usage.
 */
#ifndef CLI_H
#define CLI_H

#include <stdio.h>

struct cli_io {
    FILE *in;
    FILE *out;
    FILE *err;
};

/* argv[0] is the program's name, as in main; the others, and their order, may be changed. */
int cli_main(int argc, char **argv, struct cli_io *io);

#endif
