/* SPDX-License-Identifier: MIT */
/*
 * Parses a command line by the tables of its verb, on top of getopt_long(3):
 * abbreviations, --name=value and options behind operands come from there,
 * what is said about a mistake from here.
 */
#include "options.h"
#include "help.h"
#include "message.h"

#include <getopt.h>
#include <string.h>

#define OPTIONS_MAX 64
/* What getopt_long returns for option i; above every character. */
#define OPTION_CODE 256

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

const char *cli_option_separator(const struct cli_option *option)
{
    return option->metavar == NULL || option->metavar[0] == '[' ? "" : " ";
}

static int value_of(const struct cli_option *option)
{
    if (option->metavar == NULL) {
        return no_argument;
    }
    return option->metavar[0] == '[' ? optional_argument : required_argument;
}

/* The tables in the form getopt_long takes, and for each row of it where it came from. */
struct getopt_tables {
    struct option rows[OPTIONS_MAX + 1];
    const struct cli_option *option[OPTIONS_MAX];
    size_t base[OPTIONS_MAX];
    int count;
    char letters[2 * OPTIONS_MAX + 2];
};

static void convert(struct getopt_tables *tables, const struct cli_option_group *groups)
{
    char *letter = tables->letters;
    *letter++ = ':'; /* a missing value is told apart from an unknown option */
    for (const struct cli_option_group *group = groups; group->title != NULL; group++) {
        for (const struct cli_option *option = group->options; option->name != NULL; option++) {
            int i = tables->count;
            if (i == OPTIONS_MAX) {
                break;
            }
            tables->option[i] = option;
            tables->base[i] = group->base;
            tables->rows[i].name = option->name;
            tables->rows[i].has_arg = value_of(option);
            tables->rows[i].val = OPTION_CODE + i;
            tables->count++;
            if (option->letter != 0) {
                *letter++ = option->letter;
                if (option->metavar != NULL) {
                    *letter++ = ':';
                }
            }
        }
    }
}

/* The row of what getopt_long returned or complains about, or -1. */
static int find_row(const struct getopt_tables *tables, int code)
{
    if (code >= OPTION_CODE && code < OPTION_CODE + tables->count) {
        return code - OPTION_CODE;
    }
    for (int i = 0; i < tables->count; i++) {
        if (code != 0 && tables->option[i]->letter == code) {
            return i;
        }
    }
    return -1;
}

static bool is_ambiguous(const struct getopt_tables *tables, const char *name, size_t size)
{
    int matches = 0;
    for (int i = 0; i < tables->count; i++) {
        matches += strncmp(tables->option[i]->name, name, size) == 0;
    }
    return matches > 1;
}

/* Tells what getopt_long refused; `word` is the argument it stopped at. */
static void refuse(struct cli_run *run, const struct getopt_tables *tables, int code,
                   const char *word)
{
    int row = find_row(tables, optopt);
    if (row >= 0 && code == ':') {
        cli_usage(run, "option --%s needs a value: %s", tables->option[row]->name,
                  tables->option[row]->metavar);
    } else if (row >= 0) {
        cli_usage(run, "option --%s takes no value", tables->option[row]->name);
    } else if (optopt != 0) {
        const char letter[2] = {(char)optopt, '\0'};
        cli_usage(run, "unknown option -%s", letter);
    } else {
        int size = (int)strcspn(word, "=");
        bool ambiguous = size > 2 && is_ambiguous(tables, word + 2, (size_t)size - 2);
        cli_usage(run, "%s option %.*s", ambiguous ? "ambiguous" : "unknown", size, word);
    }
}

enum cli_parsed cli_options_parse(struct cli_run *run, int argc, char **argv, void *args,
                                  int *first)
{
    struct getopt_tables tables = {0};
    convert(&tables, run->verb->groups);
    opterr = 0;
    optind = 0; /* starts afresh, also after an earlier command line of this process */
    int code;
    while ((code = getopt_long(argc, argv, tables.letters, tables.rows, NULL)) != -1) {
        int row = find_row(&tables, code);
        if (row < 0) {
            refuse(run, &tables, code, argv[optind - 1]);
            return CLI_REFUSED;
        }
        const struct cli_option *option = tables.option[row];
        if (option->store == NULL) {
            cli_help_print(run->io->out, run->verb);
            return CLI_HELPED;
        }
        const char *complaint =
            option->store((char *)args + tables.base[row] + option->offset, optarg);
        if (complaint != NULL) {
            cli_usage(run, "--%s: '%s' %s", option->name, optarg, complaint);
            return CLI_REFUSED;
        }
    }
    *first = optind;
    return CLI_PARSED;
}
