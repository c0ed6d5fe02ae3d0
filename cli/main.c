/* SPDX-License-Identifier: MIT */
/*
 * A program, the one that PROGRAM names: the command line on the process's own streams. A reader
 * that goes away and a file that grows too large are errors of that one write, not signals: what is
 * half made is then still cleaned up.
 */
#include "cli.h"

#include <signal.h>

int main(int argc, char **argv)
{
    struct cli_io io = {.in = stdin, .out = stdout, .err = stderr};
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    return cli_main(&PROGRAM, argc, argv, &io);
}
