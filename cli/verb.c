/* SPDX-License-Identifier: MIT */
/*
 * The table of verbs, and one command run from its words to its exit code.
 */
#include "verb.h"
#include "help.h"
#include "inside.h"
#include "message.h"

#include <stdlib.h>
#include <string.h>

const struct cli_verb *const cli_verbs[] = {
    &cli_create, &cli_list, &cli_info,  &cli_extract, &cli_check, &cli_ls,   &cli_tree,  &cli_find,
    &cli_cat,    &cli_xxd,  &cli_du,    &cli_df,      &cli_put,   &cli_get,  &cli_mkdir, &cli_cp,
    &cli_mv,     &cli_rm,   &cli_touch, &cli_attr,    &cli_repl,  &cli_help, NULL,
};

int cli_failure(const struct cli_run *run)
{
    return run->verb != NULL && run->verb->failure != 0 ? run->verb->failure : CLI_FAILED;
}

const struct cli_verb *cli_verb_find(const char *name)
{
    for (size_t i = 0; cli_verbs[i] != NULL; i++) {
        const struct cli_verb *verb = cli_verbs[i];
        if (strcmp(verb->name, name) == 0 ||
            (verb->alias != NULL && strcmp(verb->alias, name) == 0)) {
            return verb;
        }
    }
    return NULL;
}

#define NAME_MAX_COMPARED 15

/* Letters to insert, remove or replace to make one word the other; words are cut to 15 letters. */
size_t cli_name_distance(const char *a, const char *b)
{
    size_t row[NAME_MAX_COMPARED + 1];
    size_t columns = strnlen(b, NAME_MAX_COMPARED);
    for (size_t j = 0; j <= columns; j++) {
        row[j] = j;
    }
    for (size_t i = 1; i <= strnlen(a, NAME_MAX_COMPARED); i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
            size_t shorter = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            diagonal = row[j];
            row[j] = replaced < shorter ? replaced : shorter;
        }
    }
    return row[columns];
}

const struct cli_verb *cli_verb_nearest(const char *name)
{
    const struct cli_verb *nearest = NULL;
    size_t least = 3; /* more differences than two are another word */
    for (size_t i = 0; cli_verbs[i] != NULL; i++) {
        size_t distance = cli_name_distance(name, cli_verbs[i]->name);
        bool alike = distance < strlen(name) && distance < strlen(cli_verbs[i]->name);
        if (alike && distance < least) {
            least = distance;
            nearest = cli_verbs[i];
        }
    }
    return nearest;
}

static int run_verb(struct cli_run *run, int argc, char **argv, void *args)
{
    int first = 0;
    switch (cli_options_parse(run, argc, argv, args, &first)) {
    case CLI_HELPED:
        return CLI_DONE;
    case CLI_REFUSED:
        return CLI_USAGE;
    case CLI_PARSED:
        break;
    }
    const struct cli_verb *verb = run->verb;
    int count = argc - first;
    if (count < verb->min_operands) {
        return cli_usage(run, "too few arguments: it needs %s", verb->operands);
    }
    if (verb->max_operands >= 0 && count > verb->max_operands) {
        return cli_usage(run, "unexpected argument '%s'", argv[first + verb->max_operands]);
    }
    return verb->inside != NULL ? cli_inside_run(run, args, argv + first, count)
                                : verb->run(run, args, argv + first, count);
}

int cli_verb_unknown(const struct cli_run *run, const char *name)
{
    const struct cli_verb *nearest = cli_verb_nearest(name);
    if (nearest != NULL) {
        return cli_usage(run, "unknown verb '%s', did you mean '%s'?", name, nearest->name);
    }
    return cli_usage(run, "unknown verb '%s'", name);
}

static int run_words(struct cli_run *run, int argc, char **argv)
{
    if (argc < 2) {
        return cli_usage(run, "no verb given");
    }
    const char *word = argv[1];
    if (strcmp(word, "--version") == 0) {
        fprintf(run->io->out, "%s\n", LFSKIT_VERSION);
        return CLI_DONE;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        cli_help_print(run->io->out, NULL);
        return CLI_DONE;
    }
    if (word[0] == '-') {
        return cli_usage(run, "unknown option %s", word);
    }
    run->verb = cli_verb_find(word);
    if (run->verb == NULL) {
        return cli_verb_unknown(run, word);
    }
    void *args = calloc(1, run->verb->args_size);
    if (args == NULL) {
        cli_error(run, "out of memory");
        return cli_failure(run);
    }
    int exit_code = run_verb(run, argc - 1, argv + 1, args);
    if (run->verb->release != NULL) {
        run->verb->release(args);
    }
    free(args);
    return exit_code;
}

int cli_main(int argc, char **argv, struct cli_io *io)
{
    struct cli_run run = {.io = io};
    int exit_code = run_words(&run, argc, argv);
    return cli_finish(&run, exit_code);
}
