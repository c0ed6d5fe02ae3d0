/* SPDX-License-Identifier: MIT */
/*
 * The commands that only the shell has, in the form of verbs. The session's
 * context is the shell.
 */
#include "columns.h"
#include "help.h"
#include "operands.h"
#include "shell.h"

#include <string.h>

#define HELP_WIDTH 79

static const struct cli_option_group no_options[] = {{0}};

static struct cli_shell *shell_of(struct cli_session *session)
{
    return session->context;
}

static void print_line(const struct cli_session *session, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    cli_text_put_list(session->run->io->out, format, list);
    va_end(list);
}

static int raise_error(struct cli_session *session, const char *text)
{
    fprintf(cli_shell_errors(shell_of(session)), "RuntimeError: %s\n", text);
    session->problems++;
    return CLI_FAILED;
}

static int run_cd(struct cli_session *session, void *args, char **operands, int count)
{
    struct cli_place place = {0};
    struct lfk_stat stat;
    (void)args;
    int exit_code = cli_place_set(&place, session, count > 0 ? operands[0] : "/");
    if (exit_code == CLI_DONE) {
        exit_code = cli_place_stat(session, &place, &stat);
    }
    if (exit_code == CLI_DONE && !stat.is_dir) {
        exit_code = cli_place_fail(session, &place, LFK_ERR_NOTDIR, NULL);
    }
    if (exit_code == CLI_DONE) {
        cli_text_cut(&session->directory, 0);
        cli_text_add(&session->directory, cli_text_string(&place.shown), place.shown.size);
        print_line(session, "%s", cli_place_shown(&place));
    }
    cli_place_free(&place);
    return exit_code;
}

static int run_pwd(struct cli_session *session, void *args, char **operands, int count)
{
    (void)args;
    (void)operands;
    (void)count;
    print_line(session, "%s",
               session->directory.size > 0 ? cli_text_string(&session->directory) : "/");
    return CLI_DONE;
}

static int run_mount(struct cli_session *session, void *args, char **operands, int count)
{
    (void)args;
    (void)operands;
    (void)count;
    if (session->filesystem != NULL) {
        return raise_error(session, "Filesystem already mounted.");
    }
    int exit_code = cli_session_mount(session);
    if (exit_code == CLI_DONE) {
        cli_session_announce(session, "Mounted remote littlefs.");
    }
    return exit_code;
}

static int run_unmount(struct cli_session *session, void *args, char **operands, int count)
{
    (void)args;
    (void)operands;
    (void)count;
    if (session->filesystem == NULL) {
        return raise_error(session, "Filesystem already unmounted.");
    }
    cli_session_unmount(session);
    cli_session_announce(session, "Unmounted remote littlefs.");
    return CLI_DONE;
}

static int run_exit(struct cli_session *session, void *args, char **operands, int count)
{
    (void)args;
    (void)operands;
    (void)count;
    shell_of(session)->left = true;
    return CLI_DONE;
}

static void list_commands(FILE *out)
{
    static const char heading[] = "Documented commands (type help <topic>):";
    struct cli_arguments names = {0};
    for (size_t i = 0; cli_shell_verb(i) != NULL; i++) {
        cli_arguments_add(&names, cli_shell_verb(i)->name);
        if (cli_shell_verb(i)->alias != NULL) {
            cli_arguments_add(&names, cli_shell_verb(i)->alias);
        }
    }
    cli_arguments_sort(&names, 0);
    fprintf(out, "\n%s\n", heading);
    for (size_t i = 0; heading[i] != '\0'; i++) {
        fputc('=', out);
    }
    fputc('\n', out);
    cli_columns_print(out, (const char *const *)names.items, names.count, HELP_WIDTH);
    fputc('\n', out);
    cli_arguments_free(&names);
}

static int run_help(struct cli_session *session, void *args, char **operands, int count)
{
    FILE *out = session->run->io->out;
    (void)args;
    if (count == 0) {
        list_commands(out);
        return CLI_DONE;
    }
    const struct cli_verb *verb = cli_shell_find(operands[0]);
    if (verb == NULL) {
        print_line(session, "*** No help on %s", operands[0]);
        return CLI_FAILED;
    }
    cli_shell_help(out, session->run->program, verb);
    return CLI_DONE;
}

/*
 * What they have in common. Their operands are given as those of verbs are, behind the
 * image; what they do not use is passed over.
 */
#define SHELL_ONLY                                                                                 \
    .groups = no_options, .args_size = sizeof(struct cli_session_args), .min_operands = 1,         \
    .max_operands = -1

static const struct cli_verb command_cd = {
    .name = "cd",
    .operands = "IMAGE [DIRECTORY]",
    .inside_operands = "[directory]",
    .description = "Makes a directory, by default the root, the one that paths start from.",
    .inside = run_cd,
    SHELL_ONLY,
};

static const struct cli_verb command_pwd = {
    .name = "pwd",
    .operands = "IMAGE",
    .inside_operands = "",
    .description = "Prints the directory that paths start from.",
    .inside = run_pwd,
    SHELL_ONLY,
};

static const struct cli_verb command_mount = {
    .name = "mount",
    .operands = "IMAGE",
    .inside_operands = "",
    .description = "Mounts the image again after unmount.",
    .inside = run_mount,
    SHELL_ONLY,
};

static const struct cli_verb command_unmount = {
    .name = "unmount",
    .operands = "IMAGE",
    .inside_operands = "",
    .description = "Unmounts the image, so that other programs can use it.",
    .inside = run_unmount,
    SHELL_ONLY,
};

static const struct cli_verb command_help = {
    .name = "help",
    .operands = "IMAGE [VERB]",
    .inside_operands = "[command]",
    .description = "Prints all commands, or what one does.",
    .inside = run_help,
    SHELL_ONLY,
};

static const struct cli_verb command_exit = {
    .name = "exit",
    .operands = "IMAGE",
    .inside_operands = "",
    .description = "Leaves the shell.",
    .inside = run_exit,
    SHELL_ONLY,
};

/* Those that only the shell has. */
static const struct cli_verb *const own_commands[] = {
    &command_cd, &command_pwd, &command_mount, &command_unmount, &command_help, &command_exit, NULL,
};

bool cli_shell_works_unmounted(const struct cli_verb *verb)
{
    return verb == &command_mount || verb == &command_unmount || verb == &command_help ||
           verb == &command_exit;
}

const struct cli_verb *cli_shell_verb(size_t index)
{
    for (size_t i = 0; cli_lfskit.verbs[i] != NULL; i++) {
        if (cli_lfskit.verbs[i]->inside != NULL && cli_lfskit.verbs[i]->inside_operands != NULL &&
            index-- == 0) {
            return cli_lfskit.verbs[i];
        }
    }
    return index < sizeof(own_commands) / sizeof(own_commands[0]) ? own_commands[index] : NULL;
}

const struct cli_verb *cli_shell_find(const char *name)
{
    const struct cli_verb *verb;
    for (size_t i = 0; (verb = cli_shell_verb(i)) != NULL; i++) {
        if (strcmp(verb->name, name) == 0 ||
            (verb->alias != NULL && strcmp(verb->alias, name) == 0)) {
            return verb;
        }
    }
    return NULL;
}

void cli_shell_usage(struct cli_text *text, const struct cli_verb *verb)
{
    const char *operands = verb->inside_operands;
    cli_text_print(text, "Usage: %s%s%s", verb->name, *operands != '\0' ? " " : "", operands);
}

void cli_shell_help(FILE *out, const struct cli_program *program, const struct cli_verb *verb)
{
    struct cli_text usage = {0};
    (void)program;
    cli_shell_usage(&usage, verb);
    fprintf(out, "%s\n\n", cli_text_string(&usage));
    cli_text_free(&usage);
    cli_help_wrap(out, verb->description, 0, 0);
    for (const struct cli_option_group *group = verb->groups; group->title != NULL; group++) {
        if (!cli_session_settles(group)) {
            cli_help_group(out, group);
        }
    }
}
