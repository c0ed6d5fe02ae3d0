/* SPDX-License-Identifier: MIT */
/*
 * A model of a filesystem for tests.
 */
#include "model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *need(void *memory)
{
    if (memory == NULL) {
        fprintf(stderr, "out of memory\n");
        exit(EXIT_FAILURE);
    }
    return memory;
}

void model_copy(struct model *copy, const struct model *model)
{
    *copy = *model;
    for (size_t i = 0; i < model->count; i++) {
        struct model_node *node = &copy->nodes[i];
        node->data = need(malloc(node->size + 1));
        memcpy(node->data, model->nodes[i].data, node->size);
    }
}

void model_free(struct model *model)
{
    for (size_t i = 0; i < model->count; i++) {
        free(model->nodes[i].data);
    }
    model->count = 0;
}

struct model_node *model_find(struct model *model, const char *path)
{
    for (size_t i = 0; i < model->count; i++) {
        if (strcmp(model->nodes[i].path, path) == 0) {
            return &model->nodes[i];
        }
    }
    return NULL;
}

struct model_node *model_add(struct model *model, const char *path, bool is_dir)
{
    struct model_node *node = &model->nodes[model->count++];
    *node = (struct model_node){.is_dir = is_dir, .attribute = -1, .data = need(malloc(1))};
    snprintf(node->path, sizeof(node->path), "%s", path);
    return node;
}

void model_remove(struct model *model, const char *path)
{
    struct model_node *node = model_find(model, path);
    free(node->data);
    *node = model->nodes[--model->count];
}

static bool is_below(const char *path, const char *top)
{
    size_t size = strlen(top);
    return strncmp(path, top, size) == 0 && path[size] == '/';
}

bool model_is_empty(struct model *model, const char *path)
{
    for (size_t i = 0; i < model->count; i++) {
        if (is_below(model->nodes[i].path, path)) {
            return false;
        }
    }
    return true;
}

void model_rename(struct model *model, const char *from, const char *to)
{
    size_t size = strlen(from);
    if (strcmp(from, to) == 0) {
        return;
    }
    if (model_find(model, to) != NULL) {
        model_remove(model, to);
    }
    for (size_t i = 0; i < model->count; i++) {
        struct model_node *node = &model->nodes[i];
        if (strcmp(node->path, from) == 0 || is_below(node->path, from)) {
            char path[2 * MODEL_PATH_MAX];
            snprintf(path, sizeof(path), "%s%s", to, node->path + size);
            snprintf(node->path, sizeof(node->path), "%.*s", MODEL_PATH_MAX - 1, path);
        }
    }
}

void model_resize(struct model_node *node, uint32_t size)
{
    node->data = need(realloc(node->data, size + 1));
    if (size > node->size) {
        memset(node->data + node->size, 0, size - node->size);
    }
    node->size = size;
}

void model_write(struct model_node *node, uint32_t position, const uint8_t *data, uint32_t size)
{
    if (position + size > node->size) {
        model_resize(node, position + size);
    }
    memcpy(node->data + position, data, size);
}

/* --- comparison ------------------------------------------------------------------- */

struct comparison {
    struct model *model;
    struct lfk_fs *fs;
    size_t met;
    char *why;
    size_t room;
};

static bool differs(struct comparison *c, const char *path, const char *what)
{
    snprintf(c->why, c->room, "%s: %s", path, what);
    return false;
}

static bool same_content(struct comparison *c, const struct lfk_fs_entry *entry,
                         const struct model_node *node)
{
    struct lfk_fs_file file;
    struct lfk_detail detail = {0};
    if (lfk_fs_file_open(c->fs, entry, &file, &detail) < 0) {
        return differs(c, node->path, detail.what);
    }
    uint8_t *data = need(malloc(node->size + 1));
    int size = lfk_fs_file_read(&file, 0, data, node->size, &detail);
    bool same = size == (int)node->size && lfk_fs_file_size(&file) == node->size &&
                memcmp(data, node->data, node->size) == 0;
    if (!same) {
        char what[128];
        snprintf(what, sizeof(what), "content: %s; size %u in the volume, %u in the model",
                 size < 0 ? detail.what : "other bytes", (unsigned)lfk_fs_file_size(&file),
                 (unsigned)node->size);
        (void)differs(c, node->path, what);
    }
    free(data);
    lfk_fs_file_close(&file);
    return same;
}

static bool same_node(struct comparison *c, const struct lfk_fs_entry *entry, const char *path)
{
    const struct model_node *node = model_find(c->model, path);
    const struct lfk_mdir_attribute *attribute = lfk_entry_attribute(entry->entry, 1);
    if (node == NULL) {
        return differs(c, path, "is in the volume and not in the model");
    }
    if (node->is_dir != lfk_fs_is_dir(entry)) {
        return differs(c, path, "is of another type");
    }
    if ((attribute != NULL ? attribute->data[0] : -1) != node->attribute) {
        return differs(c, path, "has another attribute");
    }
    c->met++;
    return node->is_dir || same_content(c, entry, node);
}

/* Goes over the directories as they are met; `paths` is the queue. */
static bool same_tree(struct comparison *c)
{
    char(*paths)[MODEL_PATH_MAX] = need(calloc(MODEL_NODES_MAX + 1, sizeof(paths[0])));
    size_t queued = 1;
    bool same = true;
    for (size_t i = 0; i < queued && same; i++) {
        struct lfk_fs_entry entry;
        struct lfk_pair pair;
        struct lfk_fs_dir dir;
        struct lfk_detail detail = {0};
        int result = lfk_fs_lookup(c->fs, paths[i][0] ? paths[i] : "/", &entry, &detail);
        uint64_t walk = lfk_fs_walk(c->fs);
        if (result < 0 || lfk_fs_dir_pair(c->fs, &entry, &pair, &detail) < 0 ||
            lfk_fs_dir_open(c->fs, pair, walk, &dir, &detail) < 0) {
            same = differs(c, paths[i], detail.what);
            break;
        }
        while (same && (result = lfk_fs_dir_read(&dir, &entry, &detail)) > 0) {
            char path[2 * MODEL_PATH_MAX];
            snprintf(path, sizeof(path), "%s/%.*s", paths[i], (int)entry.entry->name_size,
                     (const char *)entry.entry->name);
            same = same_node(c, &entry, path);
            if (same && lfk_fs_is_dir(&entry)) {
                snprintf(paths[queued++], MODEL_PATH_MAX, "%.*s", MODEL_PATH_MAX - 1, path);
            }
        }
        if (same && result < 0) {
            same = differs(c, paths[i], detail.what);
        }
    }
    free(paths);
    return same;
}

bool model_agrees(struct model *model, struct lfk_fs *fs, char *why, size_t room)
{
    struct comparison c = {.model = model, .fs = fs, .why = why, .room = room};
    if (!same_tree(&c)) {
        return false;
    }
    if (c.met != model->count) {
        snprintf(why, room, "%zu nodes in the volume, %zu in the model", c.met, model->count);
        return false;
    }
    return true;
}
