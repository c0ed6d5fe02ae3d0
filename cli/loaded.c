/* SPDX-License-Identifier: MIT */
/*
 * What is at and below a place as a tree, and the paths of its nodes.
 */
#include "loaded.h"
#include "order.h"

#include <stdlib.h>
#include <string.h>

/* A copy of a path without `names` of its last names. */
static void add_path(struct cli_text *text, const struct cli_text *path, int names)
{
    size_t size = path->size;
    for (; names > 0 && size > 0; names--) {
        do {
            size--;
        } while (size > 0 && path->data[size] != '/');
    }
    cli_text_add(text, cli_text_string(path), size);
}

/* Of a part of the volume, "/" is the part itself. */
static void tell_damage(void *context, const char *path, const struct lfk_detail *detail)
{
    struct cli_loaded *loaded = context;
    struct cli_text shown = {0};
    add_path(&shown, &loaded->base.shown, 0);
    if (path != NULL && (strcmp(path, "/") != 0 || shown.size == 0)) {
        cli_bytes_path_add(&shown, loaded->session->encoding, path, CLI_NAME_PLAIN);
    }
    (void)cli_session_fail(loaded->session, CLI_FAULT_INSIDE, cli_text_string(&shown),
                           detail->status, detail);
    cli_text_free(&shown);
}

int cli_loaded_open(struct cli_loaded *loaded, struct cli_session *session,
                    const struct cli_place *place, bool shallow)
{
    const struct lfk_load_options options = {
        .size = sizeof(options),
        .shallow = shallow,
        .damage = tell_damage,
        .damage_context = loaded,
    };
    struct lfk_detail detail = {0};
    unsigned long before = session->problems;
    loaded->session = session;
    add_path(&loaded->base.shown, &place->shown, 0);
    add_path(&loaded->base.stored, &place->stored, 0);
    int status = lfk_filesystem_load(session->filesystem, cli_place_stored(place), &options,
                                     &loaded->tree, &detail);
    if (status < 0) {
        return cli_place_fail(session, place, status, &detail);
    }
    const struct lfk_node *root = lfk_tree_root(loaded->tree);
    loaded->node = root;
    if (cli_root_holds_file(root)) {
        loaded->node = root->first;
        cli_text_cut(&loaded->base.shown, 0);
        cli_text_cut(&loaded->base.stored, 0);
        add_path(&loaded->base.shown, &place->shown, 1);
        add_path(&loaded->base.stored, &place->stored, 1);
    }
    /* A file whose content is damaged is told of, and there is no node. */
    return loaded->node != NULL ? CLI_DONE : cli_session_exit_code(session, before);
}

int cli_loaded_open_directory(struct cli_loaded *loaded, struct cli_session *session,
                              const struct cli_place *place, bool shallow)
{
    struct lfk_stat stat;
    if (cli_place_stat(session, place, &stat) != CLI_DONE) {
        return CLI_FAILED;
    }
    if (!stat.is_dir) {
        return cli_place_fail(session, place, LFK_ERR_NOTDIR, NULL);
    }
    return cli_loaded_open(loaded, session, place, shallow);
}

const struct lfk_node **cli_loaded_nodes(const struct cli_loaded *loaded, size_t *count)
{
    const struct lfk_node *root = lfk_tree_root(loaded->tree);
    const struct lfk_node **nodes =
        calloc(lfk_tree_count(loaded->tree), sizeof(const struct lfk_node *));
    *count = 0;
    for (const struct lfk_node *node = root; nodes != NULL && node != NULL;
         node = lfk_node_next(root, node)) {
        nodes[(*count)++] = node;
    }
    return nodes;
}

void cli_loaded_free(struct cli_loaded *loaded)
{
    lfk_tree_destroy(loaded->tree);
    cli_place_free(&loaded->base);
}

bool cli_loaded_path(struct cli_text *text, const struct cli_loaded *loaded,
                     const struct lfk_node *node, enum cli_name_form form)
{
    const struct cli_text *base = &loaded->base.shown;
    const struct lfk_node *root = lfk_tree_root(loaded->tree);
    cli_text_cut(text, 0);
    if (form == CLI_NAME_SHOWN) {
        cli_text_escaped(text, cli_text_string(base), base->size);
    } else {
        add_path(text, base, 0);
    }
    if (node == root) {
        cli_text_print(text, "%s", base->size == 0 ? "/" : "");
        return true;
    }
    cli_path_add(text, loaded->session->encoding, root, node->parent, form);
    cli_text_add(text, "/", 1);
    return cli_name_add(text, loaded->session->encoding, node, form);
}

void cli_loaded_place(struct cli_place *place, const struct cli_loaded *loaded,
                      const struct lfk_node *node)
{
    cli_place_below(place, loaded->session, &loaded->base, lfk_tree_root(loaded->tree), node);
}
