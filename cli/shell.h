/* SPDX-License-Identifier: MIT */
/*
 * The shell: commands, a line each, on one session. Its commands are the verbs
 * that work inside an image, and a few of its own.
 */
#ifndef CLI_SHELL_H
#define CLI_SHELL_H

#include "manner.h"
#include "session.h"

struct cli_shell {
    struct cli_session *session;
    struct cli_run run;         /* of the command at work */
    struct cli_program program; /* as it speaks here */
    struct cli_manner manner;
    FILE *told;       /* where what goes wrong is told */
    bool stops;       /* the first command that fails ends it */
    bool scripted;    /* by -c or -f: no prompts, faults as the program tells them */
    bool is_terminal; /* a person is there: more is said */
    bool left;        /* by `exit` */
    int exit_code;
};

/*
 * Starts a shell on an open session, whose run, tell and announces it takes over
 * for good.
 */
void cli_shell_start(struct cli_shell *shell, struct cli_session *session);

/* Runs the commands of a stream up to its end. */
void cli_shell_read(struct cli_shell *shell, FILE *in);

/* The stream for what goes wrong; what was put out so far comes before it, on any. */
FILE *cli_shell_errors(const struct cli_shell *shell);

/* Runs one line. CLI_DONE, or what its command came to. */
int cli_shell_line(struct cli_shell *shell, const char *line, size_t size);

/* Runs commands parted by semicolons. */
void cli_shell_commands(struct cli_shell *shell, const char *commands);

/* --- its commands ------------------------------------------------------------------------ */

/* NULL if it has no such command. */
const struct cli_verb *cli_shell_find(const char *name);

/* The command `index` of all, NULL behind the last. */
const struct cli_verb *cli_shell_verb(size_t index);

/* True if it is of use while no volume is mounted. */
bool cli_shell_works_unmounted(const struct cli_verb *verb);

/* Tells a fault as Python would; the context is the shell. */
cli_fault_fn cli_shell_tell;

/* Prints what a verb is for here and its options; the program is not looked at. */
void cli_shell_help(FILE *out, const struct cli_program *program, const struct cli_verb *verb);

/* Fills in the usage line of a verb, "Usage: rm [-r] <path>". */
void cli_shell_usage(struct cli_text *text, const struct cli_verb *verb);

#endif
