/* SPDX-License-Identifier: MIT */
/*
 * Programs and their verbs. Everything that is known about a verb stands in its
 * struct cli_verb: the command line, --help and the man page all come from it.
 */
#ifndef CLI_VERB_H
#define CLI_VERB_H

#include "cli.h"
#include "options.h"

enum cli_exit {
    CLI_DONE = 0,
    CLI_FAILED = 1,
    CLI_USAGE = 2,
    /* Those of check, which has others besides: */
    CLI_REPAIRS = 1, /* a driver repairs what was found */
    CLI_DAMAGED = 4,
    CLI_UNABLE = 8 /* the check could not be made */
};

/* One command being run; verb is NULL until it is known. */
struct cli_run {
    const struct cli_program *program;
    struct cli_io *io;
    const struct cli_verb *verb;
    /* Told of wrong usage, a line; NULL: the error stream is. */
    void (*refused)(void *context, const char *text);
    void *context; /* of refused */
};

struct cli_session;
/* What help says about an operand that the usage line names. */
struct cli_operand_help {
    const char *name; /* NULL ends a table */
    const char *help;
};

struct cli_verb {
    const char *name;
    const char *alias;                     /* another name; NULL: none */
    const char *operands;                  /* as the usage line shows them, e.g. "SOURCE [IMAGE]" */
    const char *summary;                   /* a few words for the list of verbs */
    const char *description;               /* paragraphs, a newline between them */
    const char *examples;                  /* command lines, a newline between them */
    const struct cli_option_group *groups; /* ended by a NULL title */
    /* Options it does not go without: names, "a|b" for exactly one of two; NULL: none. */
    const char *const *needs;
    size_t args_size; /* of the struct the options are stored in */
    int min_operands;
    int max_operands; /* negative: no limit */
    /* The args are zeroed before the options are stored. Returns an enum cli_exit. */
    int (*run)(struct cli_run *run, void *args, char **operands, int count);
    /*
     * In its place, of a verb that works inside an image (see session.h); its
     * args begin with a struct cli_session_args. The operands are those behind
     * the image, which `min_operands` and `max_operands` count.
     */
    int (*inside)(struct cli_session *session, void *args, char **operands, int count);
    bool writes; /* inside: it changes the image */
    /* Inside, of a verb that writes: true if it only reads with these args; NULL: never. */
    bool (*reads)(const void *args, int count);
    const char *inside_operands; /* inside: as the shell's usage line shows them */
    /*
     * Inside: takes the image out of the operands, which are left without it;
     * CLI_DONE, or the exit code after telling. NULL: it is the first one.
     */
    int (*locate)(const struct cli_run *run, char **operands, int *count, const char **image);
    void (*release)(void *args); /* frees what storing the options allocated; may be NULL */
    const struct cli_operand_help
        *operand_help;      /* in their order; NULL: the description says it all */
    int failure;            /* exit code if its work cannot be done; 0: CLI_FAILED */
    const char *exit_codes; /* what they are; NULL: as the program says */
};

extern const struct cli_verb cli_create;
extern const struct cli_verb cli_list;
extern const struct cli_verb cli_info;
extern const struct cli_verb cli_extract;
extern const struct cli_verb cli_check;
extern const struct cli_verb cli_ls;
extern const struct cli_verb cli_tree;
extern const struct cli_verb cli_find;
extern const struct cli_verb cli_cat;
extern const struct cli_verb cli_xxd;
extern const struct cli_verb cli_du;
extern const struct cli_verb cli_df;
extern const struct cli_verb cli_put;
extern const struct cli_verb cli_get;
extern const struct cli_verb cli_mkdir;
extern const struct cli_verb cli_cp;
extern const struct cli_verb cli_mv;
extern const struct cli_verb cli_rm;
extern const struct cli_verb cli_touch;
extern const struct cli_verb cli_attr;
extern const struct cli_verb cli_repl;
extern const struct cli_verb cli_completion;
extern const struct cli_verb cli_help;

struct cli_manner;
struct lfk_detail;

/* A program is a set of verbs, and how it speaks of them. */
struct cli_program {
    const char *name;
    const char *summary;                 /* a few words for the man page */
    const char *description;             /* paragraphs, a newline between them */
    const char *paths;                   /* how paths in an image are written */
    const char *exit_codes;              /* what they are, if its verb does not say others */
    const struct cli_verb *const *verbs; /* in the order help shows them; ended by NULL */
    const struct cli_manner *manner;
    /* Tells that an image cannot be opened; NULL: as cli_error_detail does. */
    void (*tell_unopened)(const struct cli_run *run, const char *path, int status,
                          const struct lfk_detail *detail);
};

/* The exit code of a command whose work cannot be done. */
int cli_failure(const struct cli_run *run);

/* NULL if there is none of that name. */
const struct cli_verb *cli_verb_find(const struct cli_program *program, const char *name);

/* What was probably meant by a mistyped name, of the verbs that were offered so far. */
struct cli_guess {
    const char *name;
    const struct cli_verb *nearest; /* NULL: none is like it */
    size_t distance;                /* of it */
};
void cli_guess_offer(struct cli_guess *guess, const struct cli_verb *verb);

/* The same of the verbs of a program; NULL: none is like it. */
const struct cli_verb *cli_verb_nearest(const struct cli_program *program, const char *name);

/* Refuses a name that is no verb's. Returns CLI_USAGE. */
int cli_verb_unknown(const struct cli_run *run, const char *name);

#endif
