/* SPDX-License-Identifier: MIT */
/*
 * Writes the man pages at build time: lfskit-man FOLDER. That of the program is
 * the last one.
 */
#include "help.h"
#include "text.h"

static int write_page(const char *folder, const struct cli_verb *verb)
{
    struct cli_text path = {0};
    cli_text_print(&path, "%s/lfskit%s%s.1", folder, verb != NULL ? "-" : "",
                   verb != NULL ? verb->name : "");
    FILE *out = path.failed ? NULL : fopen(cli_text_string(&path), "w");
    bool is_written = out != NULL;
    if (is_written) {
        cli_man_print(out, verb);
        is_written = fclose(out) == 0;
    }
    if (!is_written) {
        perror(cli_text_string(&path));
    }
    cli_text_free(&path);
    return is_written ? CLI_DONE : CLI_FAILED;
}

int main(int argc, char **argv)
{
    int exit_code = CLI_DONE;
    if (argc != 2) {
        fputs("usage: lfskit-man FOLDER\n", stderr);
        return CLI_USAGE;
    }
    for (size_t i = 0; cli_lfskit.verbs[i] != NULL && exit_code == CLI_DONE; i++) {
        exit_code = write_page(argv[1], cli_lfskit.verbs[i]);
    }
    return exit_code == CLI_DONE ? write_page(argv[1], NULL) : exit_code;
}
