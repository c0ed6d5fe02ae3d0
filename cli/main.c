/* SPDX-License-Identifier: MIT */
/*
 * The program: the command line on the process's own streams. A reader that
 * goes away is an error of that one write, not a signal: what is half made is
 * then still cleaned up.
 */
#include "cli.h"

#include <signal.h>

int main(int argc, char **argv)
{
    struct cli_io io = {stdin, stdout, stderr};
    signal(SIGPIPE, SIG_IGN);
    return cli_main(argc, argv, &io);
}
