/* SPDX-License-Identifier: MIT */
/*
 * The verb get: files of a volume onto the host, directories with all that is in
 * them if that is asked for.
 */
#include "contents.h"
#include "loaded.h"
#include "message.h"
#include "target.h"

#include <string.h>
#include <sys/stat.h>

struct get_args {
    struct cli_session_args session;
    bool recursive;
};

static const struct cli_option get_options[] = {
    {"recursive", 'r', NULL, cli_store_true, offsetof(struct get_args, recursive),
     "Get directories with all that is in them"},
    CLI_SESSION_VERBOSE(struct get_args, session.reading.verbose),
    {0},
};

static const struct cli_option_group get_groups[] = {
    {"What is got", get_options, 0},
    CLI_SESSION_READING_GROUP(struct get_args),
    CLI_HELP_GROUP,
    {0},
};

static void tell_transfer(const struct cli_session *session, const char *source, const char *local)
{
    struct cli_text shown = {0};
    cli_host_path_tidy(&shown, local);
    cli_session_announce(session, "Got %s -> %s", source, cli_text_string(&shown));
    cli_text_free(&shown);
}

/* --- one file ------------------------------------------------------------------------------ */

/* CLI_DONE, CLI_FAILED after telling, or less than 0: what the host said. */
static int write_file(struct cli_session *session, const struct cli_place *source,
                      const char *local, struct lfk_detail *detail)
{
    struct lfk_output *output = NULL;
    int result = lfk_output_open(&output, local, detail);
    if (result == LFK_OK) {
        result = cli_contents_read(session, source, lfk_output_sink(output), detail);
    }
    if (result == CLI_DONE) {
        result = lfk_output_commit(output, detail);
    }
    lfk_output_close(output);
    return result;
}

static void get_file(struct cli_session *session, const struct cli_place *source, const char *local)
{
    struct lfk_detail detail = {0};
    int result = write_file(session, source, local, &detail);
    if (result < 0) {
        (void)cli_session_fail(session, CLI_FAULT_LOCAL, local, result, &detail);
    } else if (result == CLI_DONE) {
        tell_transfer(session, cli_place_shown(source), local);
    }
}

/* --- a directory ------------------------------------------------------------------------------ */

struct getting {
    struct cli_loaded loaded;
    const char *local; /* where the directory goes */
};

/* Sets `text` to the host's path of a node. */
static void set_host_path(struct cli_text *text, const struct getting *getting,
                          const struct lfk_node *node)
{
    cli_text_cut(text, 0);
    cli_text_print(text, "%s", getting->local);
    cli_path_add(text, getting->loaded.session->encoding, getting->loaded.node, node,
                 CLI_NAME_PLAIN);
}

static void tell_got(void *context, const struct lfk_node *node, const char *host_path)
{
    const struct getting *getting = context;
    struct cli_text path = {0};
    struct cli_text local = {0};
    (void)host_path; /* which is absolute */
    if (node->type == LFK_NODE_FILE) {
        (void)cli_loaded_path(&path, &getting->loaded, node, CLI_NAME_PLAIN);
        set_host_path(&local, getting, node);
        tell_transfer(getting->loaded.session, cli_text_string(&path), cli_text_string(&local));
    }
    cli_text_free(&path);
    cli_text_free(&local);
}

static void tell_failed(void *context, const struct lfk_node *node, const struct lfk_detail *detail)
{
    struct getting *getting = context;
    struct cli_text path = {0};
    bool of_host = cli_detail_is_of_host(detail);
    if (of_host) {
        set_host_path(&path, getting, node);
    } else {
        (void)cli_loaded_path(&path, &getting->loaded, node, CLI_NAME_PLAIN);
    }
    (void)cli_session_fail(getting->loaded.session, of_host ? CLI_FAULT_LOCAL : CLI_FAULT_INSIDE,
                           cli_text_string(&path), detail->status, detail);
    cli_text_free(&path);
}

static bool is_stopped(void *context)
{
    const struct getting *getting = context;
    return cli_session_stopped(getting->loaded.session);
}

static void get_directory(struct cli_session *session, const struct cli_place *source,
                          const char *local)
{
    struct getting getting = {.local = local};
    const struct lfk_extract_options options = {
        .size = sizeof(options),
        .encoding = session->encoding,
        .progress = session->announces ? tell_got : NULL,
        .report = tell_failed,
        .context = &getting,
        .stop = is_stopped,
    };
    struct lfk_detail detail = {0};
    if (cli_loaded_open(&getting.loaded, session, source, false) == CLI_DONE) {
        unsigned long before = session->problems;
        int status = lfk_extract(getting.loaded.node, local, &options, &detail);
        if (status < 0 && session->problems == before) {
            (void)cli_session_fail(session, CLI_FAULT_LOCAL, local, status, &detail);
        }
    }
    cli_loaded_free(&getting.loaded);
}

/* --- the verb ----------------------------------------------------------------------------------
 */

static void get(struct cli_session *session, const struct get_args *args,
                const struct cli_place *source, const char *local)
{
    struct lfk_stat stat;
    if (cli_place_stat(session, source, &stat) != CLI_DONE) {
        return;
    }
    if (!stat.is_dir) {
        get_file(session, source, local);
    } else if (args->recursive) {
        get_directory(session, source, local);
    } else {
        (void)cli_place_refuse_directory(session, source);
    }
}

static bool is_directory(const char *local)
{
    struct stat status;
    return cli_path_is_directory(local) || (stat(local, &status) == 0 && S_ISDIR(status.st_mode));
}

static void get_source(struct cli_session *session, void *args, const char *operand,
                       const char *target, bool into)
{
    struct cli_text local = {0};
    struct cli_place source = {0};
    if (cli_place_set(&source, session, operand) == CLI_DONE) {
        /* "." and ".." have no names of their own. */
        cli_target_add(&local, target, into,
                       cli_path_is_directory(operand) ? operand : cli_place_shown(&source));
        if (cli_session_check_text(session, &local) == CLI_DONE) {
            get(session, args, &source, cli_text_string(&local));
        }
    }
    cli_text_free(&local);
    cli_place_free(&source);
}

static int run_get(struct cli_session *session, void *args, char **operands, int count)
{
    return cli_sources_visit(session, operands, count, is_directory, get_source, args);
}

const struct cli_verb cli_get = {
    .name = "get",
    .operands = "IMAGE SOURCE... [TARGET]",
    .summary = "get files of an image onto the host",
    .description =
        "Copies the files SOURCE of the image onto the host. TARGET is the whole path that a "
        "SOURCE "
        "gets there; missing directories are made, files replaced whole. With several SOURCEs, if "
        "it is there and a directory, or with a '/' at its end, it is a directory in which they "
        "keep their names; without it that is the current one. 'DIR/.' stands for what is in DIR. "
        "With '-' for TARGET the bytes go to the standard output.\n"
        "The other form is IMAGE:/SOURCE... [TARGET], all SOURCEs in the same image. It is taken "
        "if "
        "':/' occurs in the first operand: the image is what is before the first ':/' there.\n"
        "Of a directory nothing outside TARGET is written to, whatever the names in the image are "
        "and whatever symbolic links are there.",
    .examples = "lfskit get lfs.bin /cfg/net.json\n"
                "lfskit get -r lfs.bin /www pages\n"
                "lfskit get lfs.bin:/cfg/net.json lfs.bin:/www/index.html got/",
    .groups = get_groups,
    .args_size = sizeof(struct get_args),
    .min_operands = 1,
    .max_operands = -1,
    .inside = run_get,
    .inside_operands = "<remote_path> [local_path]",
    .locate = cli_locate_sources,
};
