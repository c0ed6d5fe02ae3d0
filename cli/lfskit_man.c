/* SPDX-License-Identifier: MIT */
/*
 * Writes one man page at build time: lfskit-man FILE [VERB].
 */
#include "help.h"

int main(int argc, char **argv)
{
    const struct cli_verb *verb = argc > 2 ? cli_verb_find(&cli_lfskit, argv[2]) : NULL;
    if (argc < 2 || argc > 3 || (argc > 2 && verb == NULL)) {
        fputs("usage: lfskit-man FILE [VERB]\n", stderr);
        return CLI_USAGE;
    }
    FILE *out = fopen(argv[1], "w");
    if (out == NULL) {
        perror(argv[1]);
        return CLI_FAILED;
    }
    cli_man_print(out, verb);
    if (fclose(out) != 0) {
        perror(argv[1]);
        return CLI_FAILED;
    }
    return CLI_DONE;
}
