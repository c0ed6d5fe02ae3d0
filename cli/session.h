/* SPDX-License-Identifier: MIT */
/*
 * An image opened for work inside it, in place: what the verbs that have a
 * function `inside` work on. The program opens one for one verb (inside.h); the
 * shell keeps one open and runs verb after verb on it. A verb prints to
 * run->io->out what it reports, and hands to the session what it did
 * (cli_session_announce) and what went wrong (cli_session_fail): who opened
 * the session says these in a form of its own.
 *
 * Opened to be written to, the image is a volume at any moment: each change is
 * on the host's disk when it is announced. What was found is kept: the version
 * of the format, the limits, the attributes.
 */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "backup.h"
#include "lfskit/filesystem.h"
#include "overlay.h"
#include "reading.h"
#include "text.h"
#include "verb.h"

/* What the args of every verb inside an image begin with. */
struct cli_session_args {
    struct cli_reading_args reading;
    bool json;          /* report as JSON */
    bool dry_run;       /* say what would happen */
    const char *backup; /* suffix of the copy that is kept of the image; NULL: none */
};

/*
 * What went wrong. The program and the shell have a sentence of their own for
 * each kind; a verb says nothing else about it.
 */
enum cli_fault_kind {
    CLI_FAULT_USAGE,    /* the operands or options make no sense together: detail->what */
    CLI_FAULT_NO_LOCAL, /* the host has no file `path` that can be put: detail->what */
    CLI_FAULT_LOCAL,    /* another error about `path` on the host: status, detail */
    CLI_FAULT_SKIPPED,  /* `path` on the host is left out, which is no failure: status, detail */
    CLI_FAULT_INSIDE,   /* about `path` in the volume: status, mostly littlefs's code; detail */
    CLI_FAULT_IMAGE     /* the image cannot be opened or mounted; no path: status, detail */
};

struct cli_fault {
    enum cli_fault_kind kind;
    const char *path; /* in the volume absolute, decoded; on the host as it was given; or NULL */
    int status;       /* LFK_ERR_* */
    const struct lfk_detail *detail; /* never NULL, maybe zeroed */
};

/* Tells a fault to the user; `context` is the session's owner's. */
typedef void cli_fault_fn(void *context, const struct cli_fault *fault);

struct cli_session {
    const struct cli_run *run; /* its verb is the one at work */
    const struct cli_session_args *args;
    const char *image; /* path of the host */
    struct lfk_encoding *encoding;
    struct lfk_medium *medium;
    struct cli_overlay overlay;        /* over it, for --dry-run */
    struct cli_backup backup;          /* over it, for --backup */
    struct lfk_filesystem *filesystem; /* NULL: not mounted */
    struct lfk_filesystem_info info;   /* of what was mounted last */
    struct cli_configuration found;    /* the same for -v */
    struct cli_text directory;         /* working directory, in normal form; "" is the root */
    bool read_only;
    bool announces; /* what was done is said */
    cli_fault_fn *tell;
    /* True if the verb at work is to stop, which it does between whole steps; NULL: never. */
    bool (*stop)(void *context);
    void *context;          /* of tell and stop */
    unsigned long problems; /* told so far */
};

/*
 * Opens and mounts the image; `run`, `args`, `image` and what they point to
 * stay. The caller sets read_only, announces, tell and context before. CLI_DONE, or the
 * exit code after telling. Close it in both cases.
 */
int cli_session_open(struct cli_session *session, const struct cli_run *run,
                     const struct cli_session_args *args, const char *image);
void cli_session_close(struct cli_session *session);

/*
 * In the place of the first of these: opens a session that has no volume yet. CLI_DONE,
 * or CLI_USAGE after refusing the encoding.
 */
int cli_session_begin(struct cli_session *session, const struct cli_run *run,
                      const struct cli_session_args *args, const char *image);

/*
 * Lends the session a volume that somebody else has mounted and keeps; NULL takes
 * it back, which must be done before the session is closed.
 */
void cli_session_lend(struct cli_session *session, struct lfk_filesystem *filesystem);

/*
 * Mounts the image again after cli_session_unmount. The working directory is then
 * the root. CLI_DONE, or CLI_FAILED after telling.
 */
int cli_session_mount(struct cli_session *session);
void cli_session_unmount(struct cli_session *session);

/* Tells a fault and counts it, unless it is none. Returns CLI_FAILED. The detail may be NULL. */
int cli_session_fail(struct cli_session *session, enum cli_fault_kind kind, const char *path,
                     int status, const struct lfk_detail *detail);

/* Tells wrong usage, one static clause. Returns CLI_USAGE. */
int cli_session_usage(struct cli_session *session, const char *what);

/* Says what was done, one line, if the session announces. */
void cli_session_announce(const struct cli_session *session, const char *format, ...);

/* CLI_FAILED after telling so if memory ran out while `text` was put together. */
int cli_session_check_text(struct cli_session *session, const struct cli_text *text);

/*
 * True if the verb at work is to stop: it makes no further step and returns as if
 * what it left out had failed, which needs not be told.
 */
bool cli_session_stopped(const struct cli_session *session);

/* CLI_DONE, or CLI_FAILED if something was told since there were `before` problems. */
int cli_session_exit_code(const struct cli_session *session, unsigned long before);

/* --- places in the volume ------------------------------------------------------------ */

/* An absolute path in its normal form, "/" for the root. Zero it first. */
struct cli_place {
    struct cli_text shown;  /* decoded, as people write it */
    struct cli_text stored; /* encoded, as the library takes it */
};

/* Sets a place to a path as typed, from the working directory. A status; nothing is told. */
int cli_place_resolve(struct cli_place *place, const struct cli_session *session, const char *typed,
                      struct lfk_detail *detail);

/* The same. CLI_DONE, or CLI_FAILED after telling. */
int cli_place_set(struct cli_place *place, struct cli_session *session, const char *typed);

/* True if `other` is the place itself or is below it. */
bool cli_place_holds(const struct cli_place *place, const struct cli_place *other);

/* Sets a place to that of a node, if `top`, at or above it in a tree, is at `base`. */
void cli_place_below(struct cli_place *place, const struct cli_session *session,
                     const struct cli_place *base, const struct lfk_node *top,
                     const struct lfk_node *node);

void cli_place_free(struct cli_place *place);

/* The two forms, "/" for the root. */
const char *cli_place_shown(const struct cli_place *place);
const char *cli_place_stored(const struct cli_place *place);

/* As cli_session_fail of CLI_FAULT_INSIDE. */
int cli_place_fail(struct cli_session *session, const struct cli_place *place, int status,
                   const struct lfk_detail *detail);

/* The same of an entry that was to be made: LFK_ERR_NOENT is said of the directory above. */
int cli_place_fail_made(struct cli_session *session, const struct cli_place *place, int status,
                        const struct lfk_detail *detail);

/* Says of a directory that -r is what takes it. Returns CLI_FAILED. */
int cli_place_refuse_directory(struct cli_session *session, const struct cli_place *place);

/* CLI_DONE, or CLI_FAILED after telling that there is no such entry or it cannot be read. */
int cli_place_stat(struct cli_session *session, const struct cli_place *place,
                   struct lfk_stat *stat);

/* Calls `visit` with each operand's place. CLI_DONE, or CLI_FAILED if something was told. */
typedef void cli_place_fn(struct cli_session *session, void *context,
                          const struct cli_place *place);
int cli_places_visit(struct cli_session *session, char **operands, int count, cli_place_fn *visit,
                     void *context);

/* What is said of a directory where it would take -r. */
extern const char cli_needs_recursive[];

/* --- options ------------------------------------------------------------------------------ */

/*
 * Options and groups of them. What is in the last two groups was settled when
 * the image was opened: the shell leaves these groups out.
 */
#define CLI_SESSION_VERBOSE(type, member)                                                          \
    {                                                                                              \
        "verbose", 'v', NULL, cli_store_true, offsetof(type, member), "Say what is done"           \
    }
#define CLI_SESSION_JSON(type, help)                                                               \
    {                                                                                              \
        "json", 0, NULL, cli_store_true, offsetof(type, session.json), help                        \
    }
extern const struct cli_option cli_session_changing_options[];
#define CLI_SESSION_READING_GROUP(type) CLI_READING_GROUP(type, session.reading)
#define CLI_SESSION_CHANGING_GROUP(type)                                                           \
    {                                                                                              \
        "Care for the image", cli_session_changing_options, offsetof(type, session)                \
    }

/* True of these two groups. */
bool cli_session_settles(const struct cli_option_group *group);

#endif
