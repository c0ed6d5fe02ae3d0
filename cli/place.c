/* SPDX-License-Identifier: MIT */
/*
 * Places in a volume: paths in the two forms in which they are shown and
 * looked up, kept in step.
 */
#include "order.h"
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

static bool names_a_directory(const char *typed)
{
    const char *slash = strrchr(typed, '/');
    const char *last = slash != NULL ? slash + 1 : typed;
    return *last == '\0' || strcmp(last, ".") == 0 || strcmp(last, "..") == 0;
}

int cli_place_set(struct cli_place *place, struct cli_session *session, const char *typed)
{
    struct cli_text joined = {0};
    struct lfk_detail detail = {0};
    cli_text_cut(&place->shown, 0);
    cli_text_cut(&place->stored, 0);
    place->slash = names_a_directory(typed);
    if (*typed != '/') {
        cli_text_print(&joined, "%s/", cli_text_string(&session->directory));
    }
    cli_text_print(&joined, "%s", typed);
    cli_path_normalise(&place->shown, cli_text_string(&joined));
    int status =
        cli_path_encode(&place->stored, session->encoding, cli_text_string(&place->shown), &detail);
    if (joined.failed || place->shown.failed || place->stored.failed) {
        status = LFK_ERR_NOMEM;
    }
    cli_text_free(&joined);
    return status < 0 ? cli_place_fail(session, place, status, &detail) : CLI_DONE;
}

void cli_place_enter(struct cli_place *place, const struct cli_session *session, const char *name,
                     size_t size)
{
    cli_text_add(&place->shown, "/", 1);
    (void)cli_name_bytes_add(&place->shown, session->encoding, name, size, CLI_NAME_PLAIN);
    cli_text_add(&place->stored, "/", 1);
    cli_text_add(&place->stored, name, size);
}

static void cut_name(struct cli_text *path)
{
    size_t end = path->size;
    while (end > 0 && path->data[end - 1] != '/') {
        end--;
    }
    cli_text_cut(path, end > 0 ? end - 1 : 0);
}

void cli_place_leave(struct cli_place *place)
{
    cut_name(&place->shown);
    cut_name(&place->stored);
}

void cli_place_copy(struct cli_place *place, const struct cli_place *from)
{
    cli_text_add(&place->shown, cli_text_string(&from->shown), from->shown.size);
    cli_text_add(&place->stored, cli_text_string(&from->stored), from->stored.size);
    place->slash = from->slash;
}

void cli_place_free(struct cli_place *place)
{
    cli_text_free(&place->shown);
    cli_text_free(&place->stored);
}

int cli_place_stat(struct cli_session *session, const struct cli_place *place,
                   struct lfk_stat *stat)
{
    struct lfk_detail detail = {0};
    int status = lfk_filesystem_stat(session->filesystem, cli_place_stored(place), stat, &detail);
    return status < 0 ? cli_place_fail(session, place, status, &detail) : CLI_DONE;
}

struct damage_context {
    struct cli_session *session;
    const struct cli_place *place;
};

/* Of a part of the volume, "/" is the part itself. */
static void tell_damage(void *context, const char *path, const struct lfk_detail *detail)
{
    const struct damage_context *told = context;
    struct cli_text shown = {0};
    if (path == NULL || strcmp(path, "/") == 0) {
        cli_text_print(&shown, "%s", cli_place_shown(told->place));
    } else {
        cli_text_print(&shown, "%s", cli_text_string(&told->place->shown));
        cli_bytes_path_add(&shown, told->session->encoding, path, CLI_NAME_PLAIN);
    }
    (void)cli_session_fail(told->session, CLI_FAULT_INSIDE, cli_text_string(&shown), detail->status,
                           detail);
    cli_text_free(&shown);
}

struct lfk_tree *cli_place_load(struct cli_session *session, const struct cli_place *place,
                                bool shallow)
{
    struct damage_context context = {session, place};
    const struct lfk_load_options options = {
        .size = sizeof(options),
        .shallow = shallow,
        .damage = tell_damage,
        .damage_context = &context,
    };
    struct lfk_detail detail = {0};
    struct lfk_tree *tree = NULL;
    int status =
        lfk_filesystem_load(session->filesystem, cli_place_stored(place), &options, &tree, &detail);
    if (status < 0) {
        (void)cli_place_fail(session, place, status, &detail);
    }
    return tree;
}

struct lfk_tree *cli_place_load_directory(struct cli_session *session,
                                          const struct cli_place *place, bool shallow)
{
    struct lfk_tree *tree = cli_place_load(session, place, shallow);
    if (tree != NULL && cli_root_holds_file(lfk_tree_root(tree))) {
        lfk_tree_destroy(tree);
        (void)cli_place_fail(session, place, LFK_ERR_NOTDIR, NULL);
        return NULL;
    }
    return tree;
}

bool cli_place_node_path(struct cli_text *text, const struct cli_session *session,
                         const struct cli_place *place, const struct lfk_node *node,
                         enum cli_name_form form)
{
    size_t size = place->shown.size;
    const char *base = cli_text_string(&place->shown);
    const struct lfk_node *top = node;
    cli_text_cut(text, 0);
    while (top->parent != NULL) {
        top = top->parent;
    }
    if (cli_root_holds_file(top) && node != top) {
        /* The place is the file itself. */
        while (size > 0 && base[--size] != '/') {
        }
    }
    if (form == CLI_NAME_SHOWN) {
        cli_text_escaped(text, base, size);
    } else {
        cli_text_add(text, base, size);
    }
    if (node == top) {
        cli_text_print(text, "%s", size == 0 ? "/" : "");
        return true;
    }
    cli_path_add(text, session->encoding, top, node->parent, form);
    cli_text_add(text, "/", 1);
    return cli_name_add(text, session->encoding, node, form);
}
