/* SPDX-License-Identifier: MIT */
/*
 * The shell: a line becomes a command and its operands, and the command is run
 * on the session as the program runs it.
 */
#include "shell.h"
#include "candidates.h"
#include "editor.h"
#include "globs.h"
#include "interrupt.h"
#include "message.h"

#include <stdlib.h>
#include <string.h>

#define PROMPT "littlefs> "
#define GROUPS_MAX 8
static const char blanks[] = " \t\r\n\v\f";

FILE *cli_shell_errors(const struct cli_shell *shell)
{
    fflush(shell->run.io->out);
    return shell->told;
}

/* Says one line about a command that fails before it starts. */
static int complain(struct cli_shell *shell, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    cli_text_put_list(cli_shell_errors(shell), format, list);
    va_end(list);
    return CLI_FAILED;
}

static int unknown(struct cli_shell *shell, const char *line, const char *name)
{
    struct cli_guess guess = {.name = name};
    (void)complain(shell, "*** Unknown syntax: %s", line);
    for (size_t i = 0; cli_shell_verb(i) != NULL; i++) {
        cli_guess_offer(&guess, cli_shell_verb(i));
    }
    if (guess.nearest != NULL && (shell->is_terminal || shell->scripted)) {
        (void)complain(shell, "Did you mean '%s'?", guess.nearest->name);
    }
    return CLI_FAILED;
}

static int wrong_usage(struct cli_shell *shell)
{
    struct cli_text usage = {0};
    cli_shell_usage(&usage, shell->run.verb);
    (void)complain(shell, "ValueError: %s", cli_text_string(&usage));
    cli_text_free(&usage);
    return CLI_FAILED;
}

static void tell_refusal(void *context, const char *text)
{
    struct cli_shell *shell = context;
    struct cli_text usage = {0};
    cli_shell_usage(&usage, shell->run.verb);
    (void)complain(shell, "ValueError: %s. %s", text, cli_text_string(&usage));
    cli_text_free(&usage);
}

/* --- running a command ------------------------------------------------------------------------ */

/* The groups of options of a verb but for those that concern the opening of the image. */
static void keep_groups(struct cli_option_group *kept, const struct cli_verb *verb)
{
    size_t count = 0;
    for (const struct cli_option_group *group = verb->groups; group->title != NULL; group++) {
        if (!cli_session_settles(group) && count + 1 < GROUPS_MAX) {
            kept[count++] = *group;
        }
    }
}

static int run_parsed(struct cli_shell *shell, void *args, struct cli_arguments *arguments)
{
    const struct cli_verb *verb = shell->run.verb;
    int first = 1;
    if (verb->groups->title != NULL) {
        switch (
            cli_options_parse(&shell->run, (int)arguments->count, arguments->items, args, &first)) {
        case CLI_HELPED:
            return CLI_DONE;
        case CLI_REFUSED:
            return CLI_FAILED;
        case CLI_PARSED:
            break;
        }
    }
    /* The most counts the image, too, which is not among them. */
    int count = (int)arguments->count - first;
    if (count < (int)cli_operands_needed(verb) ||
        (verb->max_operands >= 0 && count > verb->max_operands - 1)) {
        return wrong_usage(shell);
    }
    return verb->inside(shell->session, args, arguments->items + first, count);
}

static int run_arguments(struct cli_shell *shell, struct cli_arguments *arguments)
{
    struct cli_option_group groups[GROUPS_MAX] = {{0}};
    const struct cli_verb *found = shell->run.verb;
    struct cli_verb verb = *found;
    keep_groups(groups, found);
    verb.groups = groups;
    void *args = calloc(1, verb.args_size);
    if (args == NULL || arguments->failed) {
        free(args);
        return complain(shell, "MemoryError");
    }
    shell->run.verb = &verb;
    int exit_code = run_parsed(shell, args, arguments);
    shell->run.verb = found;
    if (verb.release != NULL) {
        verb.release(args);
    }
    free(args);
    return exit_code;
}

static bool exists(const struct cli_session *session, const char *path)
{
    struct cli_place place = {0};
    struct lfk_stat stat;
    int status = cli_place_resolve(&place, session, path, NULL);
    if (status == LFK_OK) {
        status = lfk_filesystem_stat(session->filesystem, cli_place_stored(&place), &stat, NULL);
    }
    cli_place_free(&place);
    return status == LFK_OK;
}

/*
 * Commands with one path that may be left out (ls, cd, tree) take the rest of the line
 * as that path if there is one of that name, or if it would be several words.
 */
static bool takes_rest(const struct cli_shell *shell, const char *rest,
                       const struct cli_words *words, enum cli_split split)
{
    const struct cli_verb *verb = shell->run.verb;
    if (*rest == '\0' || !cli_operands_are_path(verb)) {
        return false;
    }
    return split != CLI_SPLIT_DONE || exists(shell->session, rest) ||
           cli_operands_count(verb, words) > 1;
}

static int run_words(struct cli_shell *shell, const char *rest)
{
    struct cli_words words = {0};
    struct cli_arguments arguments = {0};
    int exit_code = CLI_DONE;
    enum cli_split split = cli_words_split(&words, rest);
    cli_arguments_add(&arguments, shell->run.verb->name);
    if (split == CLI_SPLIT_NOMEM) {
        exit_code = complain(shell, "MemoryError");
    } else if (shell->session->filesystem != NULL && takes_rest(shell, rest, &words, split)) {
        if (*rest == '-') {
            cli_arguments_add(&arguments, "--");
        }
        cli_arguments_add(&arguments, rest);
    } else if (split != CLI_SPLIT_DONE) {
        exit_code = complain(shell, "ValueError: No %s",
                             split == CLI_SPLIT_QUOTE ? "closing quotation" : "escaped character");
    } else {
        cli_arguments_expand(&arguments, shell->session, &words);
    }
    if (exit_code == CLI_DONE) {
        exit_code = run_arguments(shell, &arguments);
    }
    cli_arguments_free(&arguments);
    cli_words_free(&words);
    return exit_code;
}

/* A working directory that is gone: the nearest one above it that is there. */
static void settle_directory(struct cli_session *session)
{
    struct cli_text *directory = &session->directory;
    while (session->filesystem != NULL && directory->size > 0 && !exists(session, "")) {
        size_t end = directory->size;
        while (end > 0 && directory->data[end - 1] != '/') {
            end--;
        }
        cli_text_cut(directory, end - 1);
    }
}

/* One command, without blanks around it. */
static int run_command(struct cli_shell *shell, const char *line)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    char name[16] = "help";
    size_t size = *line == '?' ? 1 : strspn(line, letters);
    if (*line != '?') {
        snprintf(name, sizeof(name), "%.*s", (int)size, line);
    }
    const struct cli_verb *verb = size < sizeof(name) ? cli_shell_find(name) : NULL;
    if (verb == NULL) {
        return unknown(shell, line, name);
    }
    if (shell->session->filesystem == NULL && !cli_shell_works_unmounted(verb)) {
        return complain(shell, "RuntimeError: Filesystem is not mounted. Run 'mount' first.");
    }
    shell->run.verb = verb;
    int exit_code = run_words(shell, line + size + strspn(line + size, blanks));
    settle_directory(shell->session);
    return exit_code;
}

static bool is_interrupted(void *context)
{
    (void)context;
    return cli_interrupted();
}

/* The command stopped where it was. Output that a waiting terminal did not take is not missed. */
static int tell_interrupt(struct cli_shell *shell)
{
    FILE *out = shell->run.io->out;
    cli_interrupt_forget();
    clearerr(out);
    fputc('\n', out);
    return complain(shell, "KeyboardInterrupt");
}

/* A line of `size` bytes; blank ones and those that begin with '#' are passed over. */
int cli_shell_line(struct cli_shell *shell, const char *line, size_t size)
{
    struct cli_text command = {0};
    size_t first = 0;
    while (first < size && line[first] != '\0' && strchr(blanks, line[first]) != NULL) {
        first++;
    }
    while (size > first && line[size - 1] != '\0' && strchr(blanks, line[size - 1]) != NULL) {
        size--;
    }
    if (size == first || line[first] == '#') {
        return CLI_DONE;
    }
    if (shell->is_terminal) {
        cli_interrupt_forget();
    }
    cli_text_add(&command, line + first, size - first);
    int exit_code = CLI_FAILED;
    if (command.failed) {
        (void)complain(shell, "MemoryError");
    } else if (strlen(command.data) != command.size) {
        (void)complain(shell, "ValueError: embedded null byte");
    } else {
        exit_code = run_command(shell, command.data);
    }
    if (shell->is_terminal && cli_interrupted()) {
        exit_code = tell_interrupt(shell);
    }
    if (exit_code != CLI_DONE && shell->scripted) {
        shell->exit_code = CLI_FAILED;
        shell->left = shell->left || shell->stops;
    }
    shell->run.verb = NULL;
    cli_text_free(&command);
    return exit_code;
}

/* --- where commands come from ------------------------------------------------------------------
 */

void cli_shell_start(struct cli_shell *shell, struct cli_session *session)
{
    shell->session = session;
    shell->run = *session->run;
    shell->manner = cli_manner_gnu;
    shell->manner.help = cli_shell_help;
    shell->program = cli_lfskit; /* whose verbs its commands are */
    shell->program.manner = &shell->manner;
    shell->run.program = &shell->program;
    shell->told = shell->scripted ? shell->run.io->err : shell->run.io->out;
    shell->run.refused = tell_refusal;
    shell->run.context = shell;
    session->run = &shell->run;
    session->announces = true;
    session->tell = cli_shell_tell;
    session->context = shell;
}

void cli_shell_commands(struct cli_shell *shell, const char *commands)
{
    while (*commands != '\0' && !shell->left) {
        commands += strspn(commands, blanks);
        if (*commands == '#') {
            break;
        }
        size_t size = cli_words_command(commands);
        (void)cli_shell_line(shell, commands, size);
        commands += size + (commands[size] == ';');
    }
}

/* Without an editor the terminal itself lets lines be edited. */
static void read_plain(struct cli_shell *shell, FILE *in)
{
    FILE *out = shell->run.io->out;
    char *line = NULL;
    size_t room = 0;
    while (!shell->left) {
        if (!shell->scripted) {
            fputs(PROMPT, out);
        }
        fflush(out);
        if (shell->is_terminal && !cli_interrupt_wait(fileno(in))) {
            cli_interrupt_forget();
            fputc('\n', out);
            continue;
        }
        ssize_t size = getline(&line, &room, in);
        if (size < 0) {
            break;
        }
        (void)cli_shell_line(shell, line, (size_t)size);
    }
    free(line);
}

static void read_edited(struct cli_shell *shell, struct cli_editor *editor)
{
    enum cli_line read = CLI_LINE_READ;
    while (!shell->left && read != CLI_LINE_END) {
        struct cli_text line = {0};
        fflush(shell->run.io->out);
        read = cli_editor_read(editor, &line);
        if (read == CLI_LINE_READ) {
            (void)cli_shell_line(shell, cli_text_string(&line), line.size);
        }
        cli_text_free(&line);
    }
}

/* Ctrl-C is for the line or the command. */
static void read_terminal(struct cli_shell *shell, FILE *in)
{
    shell->session->stop = is_interrupted;
    cli_interrupts_catch();
    struct cli_editor *editor = cli_editor_open(shell->run.io, PROMPT, cli_candidates_find, shell);
    if (editor != NULL) {
        read_edited(shell, editor);
    } else {
        read_plain(shell, in);
    }
    cli_editor_close(editor);
    cli_interrupts_release();
}

void cli_shell_read(struct cli_shell *shell, FILE *in)
{
    shell->is_terminal = !shell->scripted && cli_is_terminal(in) && cli_is_terminal(shell->told);
    if (shell->is_terminal) {
        read_terminal(shell, in);
    } else {
        read_plain(shell, in);
    }
    if (!shell->left && !shell->scripted) {
        fputc('\n', shell->run.io->out);
    }
}
