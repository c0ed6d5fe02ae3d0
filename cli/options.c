/* SPDX-License-Identifier: MIT */
/*
 * Parses a command line by the tables of its verb. getopt_long(3) would do but
 * for its state, which is the process's: commands run in several threads where
 * the host is a Python interpreter.
 */
#include "options.h"
#include "manner.h"

#include <string.h>

const char *cli_store_true(void *member, const char *value)
{
    (void)value;
    *(bool *)member = true;
    return NULL;
}

const char *cli_store_false(void *member, const char *value)
{
    (void)value;
    *(bool *)member = false;
    return NULL;
}

const char *cli_store_text(void *member, const char *value)
{
    *(const char **)member = value;
    return NULL;
}

const struct cli_option cli_help_options[] = {
    {"help", 'h', NULL, NULL, 0, "Print this help"},
    {0},
};

bool cli_shown_options_next(struct cli_shown_options *options)
{
    do {
        options->option = options->option == NULL ? options->group->options : options->option + 1;
        while (options->option->name == NULL) {
            options->group++;
            if (options->group->title == NULL) {
                return false;
            }
            options->option = options->group->options;
        }
    } while (options->option->help == NULL);
    return true;
}

const char *cli_option_separator(const struct cli_option *option)
{
    return option->metavar == NULL || option->metavar[0] == '[' ? "" : " ";
}

static bool needs_value(const struct cli_option *option)
{
    return option->metavar != NULL && option->metavar[0] != '[';
}

/* A command line at work: options that are done, operands, and what is yet to be looked at. */
struct parsing {
    const struct cli_run *run;
    int argc;
    char **argv;
    void *args;
    int first; /* operand */
    int next;  /* word */
};

/* Takes the next word to the options before it. */
static char *take(struct parsing *parsing)
{
    char **operands = parsing->argv + parsing->first++;
    char *word = parsing->argv[parsing->next++];
    memmove(operands + 1, operands, (size_t)(parsing->next - parsing->first) * sizeof(operands[0]));
    operands[0] = word;
    return word;
}

/* An option looked up. */
struct row {
    const struct cli_option *option; /* NULL: there is none, or several */
    size_t base;                     /* of its group */
    int matches;                     /* options that begin so */
};

/* By the first `size` bytes of a name: the one that is called so, or the only one that begins so.
 */
static struct row find_name(const struct cli_option_group *groups, const char *name, size_t size)
{
    struct row found = {0};
    for (const struct cli_option_group *group = groups; group->title != NULL; group++) {
        for (const struct cli_option *option = group->options; option->name != NULL; option++) {
            if (strncmp(option->name, name, size) != 0) {
                continue;
            }
            found.matches++;
            found.option = option;
            found.base = group->base;
            if (option->name[size] == '\0') {
                return found;
            }
        }
    }
    if (found.matches > 1) {
        found.option = NULL;
    }
    return found;
}

static struct row find_letter(const struct cli_option_group *groups, char letter)
{
    struct row found = {0};
    for (const struct cli_option_group *group = groups; group->title != NULL; group++) {
        for (const struct cli_option *option = group->options; option->name != NULL; option++) {
            if (option->letter == letter) {
                found.option = option;
                found.base = group->base;
            }
        }
    }
    return found;
}

static enum cli_parsed refuse(const struct parsing *parsing, const struct cli_mistake *mistake)
{
    parsing->run->program->manner->mistake(parsing->run, mistake);
    return CLI_REFUSED;
}

/* `value` is what stands with the option in its own word, or NULL. */
static enum cli_parsed store(struct parsing *parsing, const struct row *row, const char *value)
{
    const struct cli_option *option = row->option;
    struct cli_mistake mistake = {.option = option};
    if (option->metavar == NULL && value != NULL) {
        mistake.kind = CLI_VALUE_UNWANTED;
        mistake.word = value;
        return refuse(parsing, &mistake);
    }
    if (needs_value(option) && value == NULL) {
        if (parsing->next == parsing->argc) {
            mistake.kind = CLI_VALUE_MISSING;
            return refuse(parsing, &mistake);
        }
        value = take(parsing);
    }
    if (option->store == NULL) {
        const struct cli_run *run = parsing->run;
        run->program->manner->help(run->io->out, run->program, run->verb);
        return CLI_HELPED;
    }
    mistake.complaint = option->store((char *)parsing->args + row->base + option->offset, value);
    if (mistake.complaint != NULL) {
        mistake.kind = CLI_VALUE_WRONG;
        mistake.word = value;
        return refuse(parsing, &mistake);
    }
    return CLI_PARSED;
}

/* --name, --name=value */
static enum cli_parsed parse_name(struct parsing *parsing, const char *word)
{
    const char *name = word + 2;
    size_t size = strcspn(name, "=");
    struct row row = find_name(parsing->run->verb->groups, name, size);
    if (row.option == NULL) {
        const struct cli_mistake mistake = {
            .kind = row.matches > 1 ? CLI_OPTION_AMBIGUOUS : CLI_OPTION_UNKNOWN, .word = word};
        return refuse(parsing, &mistake);
    }
    return store(parsing, &row, name[size] == '=' ? name + size + 1 : NULL);
}

/* -abc, or the value of a letter that takes one behind it */
static enum cli_parsed parse_letters(struct parsing *parsing, const char *word)
{
    enum cli_parsed parsed = CLI_PARSED;
    const char *at = word + 1;
    while (*at != '\0' && parsed == CLI_PARSED) {
        const char letter[] = {'-', *at++, '\0'};
        struct row row = find_letter(parsing->run->verb->groups, letter[1]);
        if (row.option == NULL) {
            const struct cli_mistake mistake = {.kind = CLI_OPTION_UNKNOWN, .word = letter};
            return refuse(parsing, &mistake);
        }
        const char *value = NULL;
        if (row.option->metavar != NULL && *at != '\0') {
            value = at;
            at += strlen(at);
        }
        parsed = store(parsing, &row, value);
    }
    return parsed;
}

enum cli_parsed cli_options_parse(struct cli_run *run, int argc, char **argv, void *args,
                                  int *first)
{
    struct parsing parsing = {.run = run, .argc = argc, .argv = argv, .args = args};
    parsing.first = parsing.next = 1;
    enum cli_parsed parsed = CLI_PARSED;
    while (parsing.next < argc && parsed == CLI_PARSED) {
        const char *word = argv[parsing.next];
        if (word[0] != '-' || word[1] == '\0') {
            parsing.next++;
            continue;
        }
        (void)take(&parsing);
        if (strcmp(word, "--") == 0) {
            break;
        }
        parsed = word[1] == '-' ? parse_name(&parsing, word) : parse_letters(&parsing, word);
    }
    *first = parsing.first;
    return parsed;
}

bool cli_options_have(const struct cli_option_group *groups, const char *name)
{
    const struct cli_option *option = find_name(groups, name, strlen(name)).option;
    return option != NULL && strcmp(option->name, name) == 0;
}

bool cli_options_want(const struct cli_option_group *groups, const char *word)
{
    if (word[1] == '-') {
        size_t size = strcspn(word + 2, "=");
        struct row row = find_name(groups, word + 2, size);
        return row.option != NULL && needs_value(row.option) && word[2 + size] == '\0';
    }
    for (word++; *word != '\0'; word++) {
        const struct cli_option *option = find_letter(groups, *word).option;
        if (option == NULL || option->metavar != NULL) {
            return option != NULL && needs_value(option) && word[1] == '\0';
        }
    }
    return false;
}
