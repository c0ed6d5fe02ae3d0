/* SPDX-License-Identifier: MIT */
/*
 * The verb repl: the shell on an image.
 */
#include "message.h"
#include "shell.h"

#include <errno.h>
#include <string.h>

struct repl_args {
    struct cli_session_args session;
    const char *commands;
    const char *script;
    bool goes_on;
    bool read_only;
};

#define AT(member) offsetof(struct repl_args, member)

static const struct cli_option repl_options[] = {
    {"command", 'c', "COMMANDS", cli_store_text, AT(commands),
     "Run these commands, parted by ';', and read no others"},
    {"file", 'f', "FILE", cli_store_text, AT(script),
     "Run the commands in a file of the host, one a line; '-' is the standard input"},
    {"keep-going", 'k', NULL, cli_store_true, AT(goes_on),
     "With -c and -f: go on after a command that failed; the exit code still tells"},
    {"read-only", 0, NULL, cli_store_true, AT(read_only),
     "Never write to the image, which need not be writable then"},
    {"verbose", 'v', NULL, cli_store_true, AT(session.reading.verbose),
     "Print the configuration first"},
    {0},
};

static const struct cli_option_group repl_groups[] = {
    {"Commands", repl_options, 0},
    CLI_SESSION_READING_GROUP(struct repl_args),
    CLI_HELP_GROUP,
    {0},
};

static int run_script(struct cli_shell *shell, const struct cli_run *run, const char *path)
{
    if (strcmp(path, "-") == 0) {
        cli_shell_read(shell, run->io->in);
        return shell->exit_code;
    }
    FILE *script = fopen(path, "r");
    if (script == NULL) {
        const struct lfk_detail detail = {
            .status = LFK_ERR_IO, .what = "cannot open the file", .os_error = errno};
        cli_error_detail(run, path, LFK_ERR_IO, &detail);
        return CLI_FAILED;
    }
    cli_shell_read(shell, script);
    const struct lfk_detail detail = {
        .status = LFK_ERR_IO, .what = "not all could be read", .os_error = errno};
    bool failed = ferror(script) != 0;
    (void)fclose(script);
    if (failed) {
        cli_error_detail(run, path, LFK_ERR_IO, &detail);
        return CLI_FAILED;
    }
    return shell->exit_code;
}

static int run_repl(struct cli_session *session, void *all_args, char **operands, int count)
{
    const struct repl_args *args = all_args;
    const struct cli_run *run = session->run;
    struct cli_shell shell = {
        .scripted = args->commands != NULL || args->script != NULL,
        .stops = !args->goes_on,
    };
    (void)operands;
    (void)count;
    if (args->session.reading.verbose) {
        cli_reading_print_configuration(run, &args->session.reading, &session->found);
    }
    cli_shell_start(&shell, session);
    if (args->commands != NULL) {
        cli_shell_commands(&shell, args->commands);
    }
    int exit_code = shell.exit_code;
    if (args->script != NULL && !shell.left) {
        exit_code = run_script(&shell, run, args->script);
    } else if (!shell.scripted) {
        cli_shell_read(&shell, run->io->in);
    }
    return exit_code;
}

static bool is_read_only(const void *all_args, int count)
{
    const struct repl_args *args = all_args;
    (void)count;
    return args->read_only;
}

const struct cli_verb cli_repl = {
    .name = "repl",
    .alias = "shell",
    .operands = "IMAGE",
    .summary = "work inside an image, command by command",
    .description =
        "Reads commands, one a line, and runs them on the image, which is changed in place: each "
        "change is on the disk when the next command is asked for. 'help' lists the commands; "
        "most are verbs of this program without the name of the image.\n"
        "Words are parted by blanks; quotes and backslashes are those of a shell, and '*', '?' "
        "and '[...]' stand for names, '~' before a path of the host for your home directory. A "
        "pattern alone behind put or get stands for sources. ls, dir, cd and tree take the rest of "
        "the line as one path "
        "if there is one of that name, so that blanks in it need no quotes. Lines that begin with "
        "'#' are comments.\n"
        "At a terminal, lines can be edited and completed with the tabulator, and are remembered "
        "in $XDG_STATE_HOME/lfskit/history, by default ~/.local/state/lfskit/history. Ctrl-C gives "
        "up the line, or stops the command between two steps of its work; Ctrl-D leaves.\n"
        "The image is locked as long as it is mounted; 'unmount' lets others have it.",
    .examples = "echo ls | lfskit repl lfs.bin\n"
                "lfskit repl lfs.bin -c 'cd /; ls'",
    .groups = repl_groups,
    .args_size = sizeof(struct repl_args),
    .min_operands = 1,
    .max_operands = 1,
    .inside = run_repl,
    .writes = true,
    .reads = is_read_only,
    .exit_codes = "0: done, whatever the commands did, unless -c or -f gave them. 1: the image "
                  "cannot be opened, or a command of -c or -f failed. 2: wrong usage.",
};
