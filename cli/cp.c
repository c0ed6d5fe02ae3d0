/* SPDX-License-Identifier: MIT */
/*
 * The verb cp: files and directories of a volume copied within it.
 */
#include "contents.h"
#include "loaded.h"
#include "planting.h"
#include "target.h"
#include "writer.h"

struct cp_args {
    struct cli_session_args session;
    bool recursive;
};

static const struct cli_option cp_options[] = {
    {"recursive", 'r', NULL, cli_store_true, offsetof(struct cp_args, recursive),
     "Copy directories with all that is in them"},
    {0},
};

static const struct cli_option_group cp_groups[] = {
    {"What is copied", cp_options, 0},
    CLI_SESSION_CHANGING_GROUP(struct cp_args),
    CLI_SESSION_READING_GROUP(struct cp_args),
    CLI_HELP_GROUP,
    {0},
};

static bool has_attribute(const struct lfk_node *node, uint8_t type)
{
    const struct lfk_attribute *attribute = node->attributes;
    while (attribute != NULL && attribute->type != type) {
        attribute = attribute->next;
    }
    return attribute != NULL;
}

/* Removes the attributes of a file that was replaced which its source does not have. */
static int remove_others(struct cli_session *session, const struct lfk_node *source,
                         const struct cli_place *place)
{
    struct cli_loaded loaded = {0};
    struct lfk_detail detail = {0};
    int exit_code = cli_loaded_open(&loaded, session, place, true);
    const struct lfk_attribute *a = exit_code == CLI_DONE ? loaded.node->attributes : NULL;
    for (; a != NULL && exit_code == CLI_DONE; a = a->next) {
        int status = has_attribute(source, a->type)
                         ? LFK_OK
                         : lfk_filesystem_remove_attribute(
                               session->filesystem, cli_place_stored(place), a->type, &detail);
        exit_code = status < 0 ? cli_place_fail(session, place, status, &detail) : CLI_DONE;
    }
    cli_loaded_free(&loaded);
    return exit_code;
}

static void copy_file(const struct cli_planting *planting, const struct lfk_node *node,
                      const struct cli_place *place)
{
    struct cli_session *session = planting->session;
    struct cli_place source = {0};
    struct cli_writer writer;
    struct lfk_detail detail = {0};
    cli_loaded_place(&source, planting->context, node);
    int status = cli_writer_open(&writer, session, place, node->attributes, &detail);
    int copied = CLI_FAILED;
    if (status == LFK_OK) {
        copied = cli_contents_read(session, &source, &writer.sink, &detail);
        status = cli_writer_close(&writer, copied == CLI_DONE, copied == CLI_DONE ? &detail : NULL);
    }
    if (status < 0 || copied < 0) {
        (void)cli_place_fail(session, place, status < 0 ? status : copied, &detail);
    } else if (copied == CLI_DONE &&
               (writer.made || remove_others(session, node, place) == CLI_DONE)) {
        cli_session_announce(session, "Copied %s -> %s", cli_place_shown(&source),
                             cli_place_shown(place));
    }
    cli_place_free(&source);
}

static int refuse(struct cli_session *session, const struct cli_place *source,
                  const struct cli_place *target, bool recursive)
{
    struct lfk_stat stat;
    struct lfk_detail detail = {.status = LFK_ERR_INVAL,
                                .what = "it would be copied onto or into itself"};
    if (cli_place_stat(session, source, &stat) != CLI_DONE) {
        return CLI_FAILED;
    }
    if (stat.is_dir && !recursive) {
        return cli_place_refuse_directory(session, source);
    }
    return cli_place_holds(source, target) ? cli_place_fail(session, source, LFK_ERR_INVAL, &detail)
                                           : CLI_DONE;
}

static void copy(struct cli_session *session, const struct cli_place *source,
                 const struct cli_place *target)
{
    struct cli_loaded loaded = {0};
    if (cli_loaded_open(&loaded, session, source, false) == CLI_DONE) {
        const struct cli_planting planting = {
            .session = session,
            .top = loaded.node,
            .target = target,
            .plant_file = copy_file,
            .context = &loaded,
        };
        cli_plant(&planting);
    }
    cli_loaded_free(&loaded);
}

static void copy_source(struct cli_session *session, void *all_args, const char *operand,
                        const char *target, bool into)
{
    const struct cp_args *args = all_args;
    struct cli_text path = {0};
    struct cli_place source = {0};
    struct cli_place place = {0};
    cli_target_add(&path, target, into, operand);
    if (cli_session_check_text(session, &path) == CLI_DONE &&
        cli_place_set(&source, session, operand) == CLI_DONE &&
        cli_place_set(&place, session, cli_text_string(&path)) == CLI_DONE &&
        refuse(session, &source, &place, args->recursive) == CLI_DONE) {
        copy(session, &source, &place);
    }
    cli_text_free(&path);
    cli_place_free(&source);
    cli_place_free(&place);
}

static int run_cp(struct cli_session *session, void *args, char **operands, int count)
{
    return cli_sources_visit(session, operands, count, cli_path_is_directory, copy_source, args);
}

const struct cli_verb cli_cp = {
    .name = "cp",
    .operands = "IMAGE SOURCE... TARGET",
    .summary = "copy files and directories within an image",
    .description =
        "Copies the SOURCEs within the image, in place, with their attributes. TARGET is the whole "
        "path of the copy; missing directories are made, files replaced, directories joined. With "
        "several SOURCEs, or a '/' at its end, it is a directory in which they keep their names.\n"
        "A file that is replaced has the content and attributes of its SOURCE and no others; those "
        "that it alone had are removed last. A directory that is joined keeps its own, and gets or "
        "changes those that its SOURCE has. What cannot be read is told of, and the rest is "
        "copied.",
    .examples = "lfskit cp lfs.bin /cfg/net.json /copies/old.json\n"
                "lfskit cp -r lfs.bin /cfg /copies/",
    .groups = cp_groups,
    .args_size = sizeof(struct cp_args),
    .min_operands = 3,
    .max_operands = -1,
    .inside = run_cp,
    .writes = true,
    .inside_operands = "[-r] <source>... <target>",
};
