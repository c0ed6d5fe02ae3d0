/* SPDX-License-Identifier: MIT */
/*
 * Places in a volume: paths in the two forms in which they are shown and
 * looked up, kept in step.
 */
#include "session.h"

#include <string.h>

const char *cli_place_shown(const struct cli_place *place)
{
    return place->shown.size > 0 ? cli_text_string(&place->shown) : "/";
}

const char *cli_place_stored(const struct cli_place *place)
{
    return place->stored.size > 0 ? cli_text_string(&place->stored) : "/";
}

int cli_place_fail(struct cli_session *session, const struct cli_place *place, int status,
                   const struct lfk_detail *detail)
{
    return cli_session_fail(session, CLI_FAULT_INSIDE, cli_place_shown(place), status, detail);
}

int cli_place_fail_made(struct cli_session *session, const struct cli_place *place, int status,
                        const struct lfk_detail *detail)
{
    const struct lfk_detail no_parent = {.status = LFK_ERR_NOENT,
                                         .what = "the directory it would be in is not there"};
    return cli_place_fail(session, place, status, status == LFK_ERR_NOENT ? &no_parent : detail);
}

const char cli_needs_recursive[] = "is a directory (-r takes all that is in it)";

int cli_place_refuse_directory(struct cli_session *session, const struct cli_place *place)
{
    const struct lfk_detail detail = {.status = LFK_ERR_ISDIR, .what = cli_needs_recursive};
    return cli_place_fail(session, place, LFK_ERR_ISDIR, &detail);
}

int cli_place_resolve(struct cli_place *place, const struct cli_session *session, const char *typed,
                      struct lfk_detail *detail)
{
    struct cli_text joined = {0};
    cli_text_cut(&place->shown, 0);
    cli_text_cut(&place->stored, 0);
    if (*typed != '/') {
        cli_text_print(&joined, "%s/", cli_text_string(&session->directory));
    }
    cli_text_print(&joined, "%s", typed);
    cli_path_normalise(&place->shown, cli_text_string(&joined));
    int status =
        cli_path_encode(&place->stored, session->encoding, cli_text_string(&place->shown), detail);
    if (joined.failed || place->shown.failed || place->stored.failed) {
        status = LFK_ERR_NOMEM;
    }
    cli_text_free(&joined);
    return status;
}

int cli_place_set(struct cli_place *place, struct cli_session *session, const char *typed)
{
    struct lfk_detail detail = {0};
    int status = cli_place_resolve(place, session, typed, &detail);
    return status < 0 ? cli_place_fail(session, place, status, &detail) : CLI_DONE;
}

void cli_place_below(struct cli_place *place, const struct cli_session *session,
                     const struct cli_place *base, const struct lfk_node *top,
                     const struct lfk_node *node)
{
    cli_text_cut(&place->shown, 0);
    cli_text_cut(&place->stored, 0);
    cli_text_add(&place->shown, cli_text_string(&base->shown), base->shown.size);
    cli_path_add(&place->shown, session->encoding, top, node, CLI_NAME_PLAIN);
    cli_text_add(&place->stored, cli_text_string(&base->stored), base->stored.size);
    cli_path_add(&place->stored, session->encoding, top, node, CLI_NAME_STORED);
}

bool cli_place_holds(const struct cli_place *place, const struct cli_place *other)
{
    size_t size = place->stored.size;
    const char *path = cli_text_string(&other->stored);
    return strncmp(cli_text_string(&place->stored), path, size) == 0 &&
           (path[size] == '\0' || path[size] == '/');
}

void cli_place_free(struct cli_place *place)
{
    cli_text_free(&place->shown);
    cli_text_free(&place->stored);
}

int cli_places_visit(struct cli_session *session, char **operands, int count, cli_place_fn *visit,
                     void *context)
{
    unsigned long before = session->problems;
    struct cli_place place = {0};
    for (int i = 0; i < count && !cli_session_stopped(session); i++) {
        if (cli_place_set(&place, session, operands[i]) == CLI_DONE) {
            visit(session, context, &place);
        }
    }
    cli_place_free(&place);
    return cli_session_exit_code(session, before);
}

int cli_place_stat(struct cli_session *session, const struct cli_place *place,
                   struct lfk_stat *stat)
{
    struct lfk_detail detail = {0};
    int status = lfk_filesystem_stat(session->filesystem, cli_place_stored(place), stat, &detail);
    return status < 0 ? cli_place_fail(session, place, status, &detail) : CLI_DONE;
}
