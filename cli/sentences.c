/* SPDX-License-Identifier: MIT */
/*
 * What the shell says when something fails: the lines that littlefs-python says,
 * as scripts know them. They do not always tell where and why: a person, and who
 * wrote a script for this program, is told behind them.
 */
#include "message.h"
#include "shell.h"
#include "target.h"

#include <errno.h>
#include <string.h>

/* The same error is another exception in Python where another call met it. P is the path. */
static const struct {
    const char *verb;
    int status;
    const char *sentence;
} sentences[] = {
    {"cd", LFK_ERR_NOTDIR, "NotADirectoryError: Not a directory: P"},
    {"rm", LFK_ERR_NOENT, "FileNotFoundError: [LittleFSError -2] No such file or directory: 'P'."},
    {"mkdir", LFK_ERR_EXIST,
     "FileExistsError: [LittleFSError -17] Cannot create a file when that file already exists: "
     "'P'."},
    {"cat", LFK_ERR_NOENT, "FileNotFoundError: P"},
    {"cat", LFK_ERR_ISDIR, "IsADirectoryError: P"},
    {"get", LFK_ERR_NOENT, "FileNotFoundError: P"},
    {"get", LFK_ERR_ISDIR, "IsADirectoryError: P"},
    {"xxd", LFK_ERR_NOENT, "FileNotFoundError: P"},
    {"xxd", LFK_ERR_ISDIR, "IsADirectoryError: P"},
    {"put", LFK_ERR_ISDIR, "IsADirectoryError: P"},
};

/* Python's exceptions of the host's errors. */
static const struct {
    int os_error;
    const char *name;
} exceptions[] = {
    {ENOENT, "FileNotFoundError"}, {EEXIST, "FileExistsError"},     {EISDIR, "IsADirectoryError"},
    {EACCES, "PermissionError"},   {ENOTDIR, "NotADirectoryError"}, {EPERM, "PermissionError"},
};

static void add_local(struct cli_text *line, const struct cli_fault *fault)
{
    int os_error = fault->detail->os_error;
    const char *name = "OSError";
    for (size_t i = 0; i < sizeof(exceptions) / sizeof(exceptions[0]); i++) {
        if (exceptions[i].os_error == os_error) {
            name = exceptions[i].name;
        }
    }
    if (os_error != 0) {
        cli_text_print(line, "%s: [Errno %d] %s: '%s'", name, os_error, strerror(os_error),
                       fault->path);
    } else {
        cli_text_print(line, "%s: %s: '%s'", name, lfk_status_text(fault->status), fault->path);
    }
}

/* The library's names with littlefs's own beginning. */
static const char *status_name(int status)
{
    return lfk_status_name(status) + strlen("LFK_");
}

/* Where and why, for whom littlefs-python's words are not all. */
static void add_reason(struct cli_text *line, const struct cli_shell *shell, const char *path,
                       const struct cli_fault *fault)
{
    if (shell->is_terminal || shell->scripted) {
        cli_text_print(line, " (%s%s", path != NULL ? path : "", path != NULL ? ": " : "");
        cli_detail_add(line, fault->status, fault->detail);
        cli_text_add(line, ")", 1);
    }
}

static void add_inside(struct cli_text *line, const struct cli_shell *shell,
                       const struct cli_fault *fault)
{
    const char *verb = shell->run.verb->name;
    for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++) {
        const char *sentence = sentences[i].sentence;
        if (sentences[i].status == fault->status && strcmp(sentences[i].verb, verb) == 0) {
            const char *place = strrchr(sentence, 'P');
            cli_text_add(line, sentence, (size_t)(place - sentence));
            cli_text_print(line, "%s%s", fault->path, place + 1);
            return;
        }
    }
    cli_text_print(line, "LittleFSError: LittleFSError %d: LFS_%s", fault->status,
                   status_name(fault->status));
    add_reason(line, shell, fault->path != NULL ? fault->path : shell->session->image, fault);
}

void cli_shell_tell(void *context, const struct cli_fault *fault)
{
    const struct cli_shell *shell = context;
    struct cli_text line = {0};
    if (cli_session_stopped(shell->session)) {
        return;
    }
    switch (fault->kind) {
    case CLI_FAULT_USAGE:
        cli_text_print(&line, "ValueError: %s", fault->detail->what);
        break;
    case CLI_FAULT_NO_LOCAL:
        cli_text_print(&line, "FileNotFoundError: Local file not found: ");
        cli_host_path_tidy(&line, fault->path);
        if (fault->status != LFK_ERR_NOENT) {
            add_reason(&line, shell, NULL, fault);
        }
        break;
    case CLI_FAULT_SKIPPED:
    case CLI_FAULT_LOCAL:
        add_local(&line, fault);
        break;
    case CLI_FAULT_INSIDE:
    case CLI_FAULT_IMAGE:
        add_inside(&line, shell, fault);
        break;
    }
    cli_text_put_line(cli_shell_errors(shell), &line);
    cli_text_free(&line);
}
