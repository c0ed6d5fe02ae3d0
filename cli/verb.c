/* SPDX-License-Identifier: MIT */
/*
 * Verbs found by name, and one command run from its words to its exit code.
 */
#include "verb.h"
#include "inside.h"
#include "manner.h"
#include "message.h"

#include <stdlib.h>
#include <string.h>

int cli_failure(const struct cli_run *run)
{
    return run->verb != NULL && run->verb->failure != 0 ? run->verb->failure : CLI_FAILED;
}

const struct cli_verb *cli_verb_find(const struct cli_program *program, const char *name)
{
    for (size_t i = 0; program->verbs[i] != NULL; i++) {
        const struct cli_verb *verb = program->verbs[i];
        if (strcmp(verb->name, name) == 0 ||
            (verb->alias != NULL && strcmp(verb->alias, name) == 0)) {
            return verb;
        }
    }
    return NULL;
}

#define NAME_MAX_COMPARED 15

/*
 * Letters to insert, remove, replace or swap with the next one, to make one
 * word the other; words are cut to 15 letters.
 */
static size_t name_distance(const char *a, const char *b)
{
    size_t rows[3][NAME_MAX_COMPARED + 1]; /* of the letter of a, the one before it, and before */
    size_t height = strnlen(a, NAME_MAX_COMPARED);
    size_t columns = strnlen(b, NAME_MAX_COMPARED);
    for (size_t j = 0; j <= columns; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= height; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        row[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            size_t replaced = above[j - 1] + (a[i - 1] != b[j - 1]);
            size_t shorter = (above[j] < row[j - 1] ? above[j] : row[j - 1]) + 1;
            row[j] = replaced < shorter ? replaced : shorter;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                size_t swapped = rows[(i + 1) % 3][j - 2] + 1;
                row[j] = swapped < row[j] ? swapped : row[j];
            }
        }
    }
    return rows[height % 3][columns];
}

void cli_guess_offer(struct cli_guess *guess, const struct cli_verb *verb)
{
    size_t distance = name_distance(guess->name, verb->name);
    bool alike = distance < strlen(guess->name) && distance < strlen(verb->name);
    /* More differences than two are another word. */
    if (alike && distance < (guess->nearest != NULL ? guess->distance : 3)) {
        guess->distance = distance;
        guess->nearest = verb;
    }
}

const struct cli_verb *cli_verb_nearest(const struct cli_program *program, const char *name)
{
    struct cli_guess guess = {.name = name};
    for (size_t i = 0; program->verbs[i] != NULL; i++) {
        cli_guess_offer(&guess, program->verbs[i]);
    }
    return guess.nearest;
}

static int run_verb(struct cli_run *run, int argc, char **argv, void *args)
{
    int first = 0;
    switch (cli_options_parse(run, argc, argv, args, &first)) {
    case CLI_HELPED:
        run->io->answered = true;
        return CLI_DONE;
    case CLI_REFUSED:
        return CLI_USAGE;
    case CLI_PARSED:
        break;
    }
    const struct cli_verb *verb = run->verb;
    int count = argc - first;
    struct cli_mistake mistake = {.kind = CLI_OPERAND_MISSING, .complaint = verb->operands};
    if (count < verb->min_operands) {
        return run->program->manner->mistake(run, &mistake);
    }
    if (verb->max_operands >= 0 && count > verb->max_operands) {
        mistake.kind = CLI_OPERAND_UNEXPECTED;
        mistake.word = argv[first + verb->max_operands];
        return run->program->manner->mistake(run, &mistake);
    }
    return verb->inside != NULL ? cli_inside_run(run, args, argv + first, count)
                                : verb->run(run, args, argv + first, count);
}

int cli_verb_unknown(const struct cli_run *run, const char *name)
{
    const struct cli_mistake mistake = {.kind = CLI_VERB_UNKNOWN, .word = name};
    return run->program->manner->mistake(run, &mistake);
}

/* True of an option that stands in the place of a verb, cut perhaps: a letter tells them apart. */
static bool is_option(const char *word, const char *option)
{
    size_t size = strlen(word);
    return size > strlen("--") && strncmp(word, option, size) == 0;
}

static int run_words(struct cli_run *run, int argc, char **argv)
{
    const struct cli_program *program = run->program;
    struct cli_mistake mistake = {.kind = CLI_VERB_MISSING};
    if (argc < 2) {
        return program->manner->mistake(run, &mistake);
    }
    const char *word = argv[1];
    if (is_option(word, "--version")) {
        fprintf(run->io->out, "%s\n", LFSKIT_VERSION);
        run->io->answered = true;
        return CLI_DONE;
    }
    if (is_option(word, "--help") || strcmp(word, "-h") == 0) {
        program->manner->help(run->io->out, program, NULL);
        run->io->answered = true;
        return CLI_DONE;
    }
    if (word[0] == '-') {
        mistake = (struct cli_mistake){.kind = CLI_OPTION_UNKNOWN, .word = word};
        return program->manner->mistake(run, &mistake);
    }
    run->verb = cli_verb_find(program, word);
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

int cli_main(const struct cli_program *program, int argc, char **argv, struct cli_io *io)
{
    struct cli_run run = {.program = program, .io = io};
    int exit_code = run_words(&run, argc, argv);
    return cli_finish(&run, exit_code);
}
