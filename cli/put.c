/* SPDX-License-Identifier: MIT */
/*
 * The verb put: files of the host into a volume, directories with all that is in
 * them if that is asked for.
 */
#include "contents.h"
#include "planting.h"
#include "target.h"
#include "writer.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

struct put_args {
    struct cli_session_args session;
    bool recursive;
};

static const struct cli_option put_options[] = {
    {"recursive", 'r', NULL, cli_store_true, offsetof(struct put_args, recursive),
     "Put directories with all that is in them; symbolic links are followed"},
    {0},
};

static const struct cli_option_group put_groups[] = {
    {"What is put", put_options, 0},
    CLI_SESSION_CHANGING_GROUP(struct put_args),
    CLI_SESSION_READING_GROUP(struct put_args),
    CLI_HELP_GROUP,
    {0},
};

/* One source on its way. */
struct putting {
    struct cli_session *session;
    struct lfk_tree *tree;
    struct lfk_scan *scan;
};

static void tell_unusable(void *context, const char *path, const struct lfk_detail *detail)
{
    struct cli_session *session = context;
    (void)cli_session_fail(session, CLI_FAULT_LOCAL, path, detail->status, detail);
}

static void tell_skipped(void *context, const char *path, const struct lfk_detail *detail)
{
    struct cli_session *session = context;
    (void)cli_session_fail(session, CLI_FAULT_SKIPPED, path, detail->status, detail);
}

static bool is_stopped(void *context)
{
    return cli_session_stopped(context);
}

static int scan_source(struct putting *putting, const char *source)
{
    struct cli_session *session = putting->session;
    const struct lfk_scan_options options = {
        .size = sizeof(options),
        .encoding = session->encoding,
        .output = session->image,
        .warn = tell_skipped,
        .report = tell_unusable,
        .context = session,
        .partial = true,
        .stop = is_stopped,
    };
    struct lfk_detail detail = {0};
    unsigned long before = session->problems;
    int status = lfk_tree_create(&putting->tree, NULL);
    if (status == LFK_OK) {
        status = lfk_scan_open(&putting->scan, putting->tree, source, &options, &detail);
    }
    if (status < 0 && session->problems == before) {
        (void)cli_session_fail(session, CLI_FAULT_LOCAL, source, status, &detail);
    }
    return status < 0 ? CLI_FAILED : CLI_DONE;
}

/* The host's path of a node; NULL when out of memory. To be freed. */
static char *host_path(const struct putting *putting, const struct lfk_node *node)
{
    size_t size = lfk_scan_path(putting->scan, node, NULL, 0) + 1;
    char *path = malloc(size);
    if (path != NULL) {
        (void)lfk_scan_path(putting->scan, node, path, size);
    }
    return path;
}

/* Stores the file; `of_source` is set if what fails is its source. */
static int store_file(struct cli_session *session, const struct lfk_node *node,
                      const struct cli_place *place, bool *of_source, struct lfk_detail *detail)
{
    struct cli_writer writer;
    bool of_sink = true;
    int status = cli_writer_open(&writer, session, place, NULL, detail);
    if (status == LFK_OK) {
        int copied = cli_contents_copy(node, &writer.sink, &of_sink, detail);
        status = cli_writer_close(&writer, copied == LFK_OK, copied == LFK_OK ? detail : NULL);
        *of_source = copied < 0 && !of_sink;
        status = copied < 0 ? copied : status;
    }
    return status;
}

static void tell_put(const struct cli_session *session, const char *path,
                     const struct cli_place *place)
{
    struct cli_text shown = {0};
    cli_host_path_tidy(&shown, path);
    cli_session_announce(session, "Put %s -> %s", cli_text_string(&shown), cli_place_shown(place));
    cli_text_free(&shown);
}

static void plant_file(const struct cli_planting *planting, const struct lfk_node *node,
                       const struct cli_place *place)
{
    struct cli_session *session = planting->session;
    struct lfk_detail detail = {0};
    bool of_source = false;
    char *path = host_path(planting->context, node);
    int status =
        path == NULL ? LFK_ERR_NOMEM : store_file(session, node, place, &of_source, &detail);
    if (status == LFK_OK) {
        tell_put(session, path, place);
    } else if (of_source) {
        (void)cli_session_fail(session, CLI_FAULT_LOCAL, path, status, &detail);
    } else {
        (void)cli_place_fail(session, place, status, &detail);
    }
    free(path);
}

static int refuse(struct cli_session *session, const char *source, int status, const char *what)
{
    const struct lfk_detail detail = {.status = status, .what = what};
    return cli_session_fail(session, CLI_FAULT_NO_LOCAL, source, status, &detail);
}

/* CLI_DONE, or CLI_FAILED after telling why it cannot be put. */
static int look_at(struct cli_session *session, const char *source, bool recursive,
                   bool *is_directory)
{
    struct stat status;
    if (stat(source, &status) != 0) {
        const struct lfk_detail detail = {
            .status = LFK_ERR_IO, .what = "cannot be looked at", .os_error = errno};
        return errno == ENOENT || errno == ENOTDIR
                   ? refuse(session, source, LFK_ERR_NOENT, lfk_status_text(LFK_ERR_NOENT))
                   : cli_session_fail(session, CLI_FAULT_LOCAL, source, LFK_ERR_IO, &detail);
    }
    *is_directory = S_ISDIR(status.st_mode);
    if (*is_directory && !recursive) {
        return refuse(session, source, LFK_ERR_ISDIR, cli_needs_recursive);
    }
    if (!*is_directory && !S_ISREG(status.st_mode)) {
        return refuse(session, source, LFK_ERR_INVAL, "is neither a file nor a directory");
    }
    return CLI_DONE;
}

static void put(struct cli_session *session, const char *source, bool is_directory,
                const struct cli_place *target)
{
    struct putting putting = {.session = session};
    if (scan_source(&putting, source) == CLI_DONE) {
        const struct lfk_node *root = lfk_tree_root(putting.tree);
        const struct cli_planting planting = {
            .session = session,
            .top = is_directory ? root : root->first,
            .target = target,
            .plant_file = plant_file,
            .context = &putting,
        };
        cli_plant(&planting);
    }
    lfk_scan_close(putting.scan);
    lfk_tree_destroy(putting.tree);
}

static void put_source(struct cli_session *session, void *all_args, const char *source,
                       const char *target, bool into)
{
    const struct put_args *args = all_args;
    struct cli_text path = {0};
    struct cli_place place = {0};
    bool is_directory = false;
    cli_target_add(&path, target, into, source);
    if (look_at(session, source, args->recursive, &is_directory) == CLI_DONE &&
        cli_session_check_text(session, &path) == CLI_DONE &&
        cli_place_set(&place, session, cli_text_string(&path)) == CLI_DONE) {
        put(session, source, is_directory, &place);
    }
    cli_text_free(&path);
    cli_place_free(&place);
}

static int run_put(struct cli_session *session, void *args, char **operands, int count)
{
    return cli_sources_visit(session, operands, count, cli_path_is_directory, put_source, args);
}

const struct cli_verb cli_put = {
    .name = "put",
    .operands = "IMAGE SOURCE... [TARGET]",
    .summary = "put files of the host into an image",
    .description =
        "Copies the files SOURCE into the image, in place. TARGET is the whole path that a SOURCE "
        "gets; missing directories are made, files replaced. With several SOURCEs, or a '/' at its "
        "end, it is a directory in which they keep their names; without it that is the root. A "
        "directory that is there is joined; 'DIR/.' stands for what is in DIR. Content alone is "
        "stored; a file that is replaced keeps its attributes. What cannot be read is told of, and "
        "the rest is put.\n"
        "The other form is SOURCE... IMAGE:/TARGET. It is taken if ':/' occurs in the last "
        "operand: "
        "the image is what is before the first ':/' there, and all other operands are SOURCEs.\n"
        "Each file is replaced whole: whatever happens, it is the old or the new one. Where there "
        "was none, a loss of power may leave an empty one.",
    .examples = "lfskit put lfs.bin data/app.map\n"
                "lfskit put -r data/cfg data/www lfs.bin:/copies/\n"
                "lfskit put --backup data/www/index.html lfs.bin:/copies/index.html",
    .groups = put_groups,
    .args_size = sizeof(struct put_args),
    .min_operands = 2,
    .max_operands = -1,
    .inside = run_put,
    .writes = true,
    .inside_operands = "<local_path> [remote_path]",
    .locate = cli_locate_target,
};
