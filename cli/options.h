/* SPDX-License-Identifier: MIT */
/*
 * Tables of options. One table both parses the command line and is printed as
 * help and man page, so that the three cannot disagree.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

struct cli_run;

/*
 * Stores an option in its member of the args struct. `value` is NULL for an
 * option without one, or whose value is missing. Returns NULL, or what is wrong with the value as a
 * clause that can follow it, e.g. "is not a size".
 */
typedef const char *cli_store_fn(void *member, const char *value);

struct cli_option {
    const char *name;    /* without the dashes; NULL ends a table */
    char letter;         /* short form, or 0 */
    const char *metavar; /* NULL: takes no value; "[=WORD]": one that may be missing */
    cli_store_fn *store;
    size_t offset;    /* of the member in the group's struct */
    const char *help; /* NULL: an alias that help does not show */
};

/* Options that belong together, stored in a struct of their own within the args. */
struct cli_option_group {
    const char *title; /* NULL ends the groups */
    const struct cli_option *options;
    size_t base; /* offset of the struct in the verb's args */
};

/*
 * The options of all groups that help shows, one by one. Set the group to a
 * verb's first one; `option` is the next after each call. False at the end.
 */
struct cli_shown_options {
    const struct cli_option_group *group;
    const struct cli_option *option;
};
bool cli_shown_options_next(struct cli_shown_options *options);

/* What stands between the option's name and its metavar where it is shown. */
const char *cli_option_separator(const struct cli_option *option);

cli_store_fn cli_store_true;  /* bool */
cli_store_fn cli_store_false; /* bool */
cli_store_fn cli_store_text;  /* const char *, not copied */

/* Ends every verb's groups: --help. */
#define CLI_HELP_GROUP                                                                             \
    {                                                                                              \
        "Help", cli_help_options, 0                                                                \
    }
extern const struct cli_option cli_help_options[];

/*
 * Stores the options behind argv[0]; they may stand before, between or behind
 * the operands, and their names may be cut where they stay distinct. Operands
 * are moved to the end of argv, in their order.
 */
enum cli_parsed {
    CLI_PARSED,  /* stored; the operands are at argv[*first] and following */
    CLI_HELPED,  /* --help was asked for and printed */
    CLI_REFUSED, /* told on the error stream: exit with CLI_USAGE */
};
enum cli_parsed cli_options_parse(struct cli_run *run, int argc, char **argv, void *args,
                                  int *first);

/* True if there is an option of this name. */
bool cli_options_have(const struct cli_option_group *groups, const char *name);

/* True if the word behind `word`, which begins with '-', is the value of an option in it. */
bool cli_options_want(const struct cli_option_group *groups, const char *word);

#endif
