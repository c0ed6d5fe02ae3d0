/* SPDX-License-Identifier: MIT */
/*
 * A tree of files put into a volume, each directory before what is in it.
 */
#include "planting.h"
#include "directories.h"

static int set_attributes(struct cli_session *session, const struct lfk_node *node,
                          const char *path, struct lfk_detail *detail)
{
    int status = LFK_OK;
    for (const struct lfk_attribute *a = node->attributes; a != NULL && status == LFK_OK;
         a = a->next) {
        status = lfk_filesystem_set_attribute(session->filesystem, path, a->type, a->data, a->size,
                                              detail);
    }
    return status;
}

/* False, after telling, if there is no such directory now. */
static bool plant_directory(const struct cli_planting *planting, const struct lfk_node *node,
                            const struct cli_place *place)
{
    struct cli_session *session = planting->session;
    const char *path = cli_place_stored(place);
    struct lfk_detail detail = {0};
    bool is_made;
    int status = cli_directory_make(session, path, &is_made, &detail);
    if (status == LFK_OK) {
        status = set_attributes(session, node, path, &detail);
    }
    if (status < 0) {
        (void)cli_place_fail(session, place, status, &detail);
    } else if (is_made) {
        cli_session_announce(session, "Created directory %s", cli_place_shown(place));
    }
    return status == LFK_OK;
}

void cli_plant(const struct cli_planting *planting)
{
    struct cli_session *session = planting->session;
    const struct lfk_node *node = planting->top;
    struct cli_place place = {0};
    if (cli_directories_make_parent(session, planting->target) != CLI_DONE) {
        return;
    }
    while (node != NULL && !cli_session_stopped(session)) {
        bool goes_on = true;
        cli_place_below(&place, session, planting->target, planting->top, node);
        if (node->type == LFK_NODE_DIR) {
            goes_on = plant_directory(planting, node, &place);
        } else {
            planting->plant_file(planting, node, &place);
        }
        node = goes_on ? lfk_node_next(planting->top, node) : lfk_node_skip(planting->top, node);
    }
    cli_place_free(&place);
}
