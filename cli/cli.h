/* SPDX-License-Identifier: MIT */
/*
 * Command lines as a library: one call runs one command of one program. It
 * reads and writes the streams it is given, and returns the exit code: 0 done,
 * 1 failed, 2 wrong usage. Calls are independent of each other.
 */
#ifndef CLI_H
#define CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct cli_io {
    FILE *in;
    FILE *out;
    FILE *err;
    /*
     * Told of a name in an image that is not in the encoding asked for, in place
     * of a line on `err`; NULL: that line.
     */
    void (*undecodable)(void *context, const char *encoding, const void *name, size_t size);
    void *context;
    bool answered; /* set when --help or --version was all that was asked for */
};

struct cli_program;
extern const struct cli_program cli_lfskit;
extern const struct cli_program cli_littlefs_python;

/* argv[0] is not looked at; the order of the others may be changed. */
int cli_main(const struct cli_program *program, int argc, char **argv, struct cli_io *io);

#endif
