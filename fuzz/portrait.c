/* SPDX-License-Identifier: MIT */
/*
 * Goes over the directories of a volume as they are met. One that is in itself
 * ends where its path becomes too long.
 */
#include "portrait.h"

#include <stdio.h>
#include <string.h>

/* There is room left for what is to be made, and for where it is moved. */
#define NODES_MAX (MODEL_NODES_MAX - 64)
#define PATH_MAX_SIZE 160u
#define FILE_SIZE_MAX (UINT32_C(1) << 18)

static bool is_name(const struct lfk_entry *entry)
{
    const char *name = (const char *)entry->name;
    size_t size = entry->name_size;
    bool is_dots = size <= 2 && size > 0 && memcmp(name, "..", size) == 0;
    return size > 0 && !is_dots && memchr(name, '/', size) == NULL && memchr(name, 0, size) == NULL;
}

static bool draw_attribute(struct model_node *node, const struct lfk_entry *entry)
{
    const struct lfk_mdir_attribute *attribute = lfk_entry_attribute(entry, 1);
    if (attribute == NULL || attribute->size == 0) {
        return attribute == NULL;
    }
    node->attribute = attribute->data[0];
    return attribute->size == 1;
}

static bool draw_content(struct model_node *node, struct lfk_fs *fs,
                         const struct lfk_fs_entry *entry)
{
    struct lfk_fs_file file;
    if (lfk_fs_file_open(fs, entry, &file, NULL) < 0) {
        return false;
    }
    uint32_t size = lfk_fs_file_size(&file);
    bool complete = size <= FILE_SIZE_MAX;
    if (complete) {
        model_resize(node, size);
        complete = lfk_fs_file_read(&file, 0, node->data, size, NULL) == (int)size;
    }
    lfk_fs_file_close(&file);
    return complete;
}

static bool draw_entry(struct model *model, struct lfk_fs *fs, const char *parent,
                       const struct lfk_fs_entry *entry)
{
    char path[MODEL_PATH_MAX];
    const struct lfk_entry *e = entry->entry;
    if (!is_name(e) || strlen(parent) + 1 + e->name_size > PATH_MAX_SIZE ||
        model->count == NODES_MAX) {
        return false;
    }
    snprintf(path, sizeof(path), "%s/%.*s", parent, (int)e->name_size, (const char *)e->name);
    if (model_find(model, path) != NULL) {
        return false;
    }
    struct model_node *node = model_add(model, path, lfk_fs_is_dir(entry));
    bool complete = draw_attribute(node, e);
    return (node->is_dir || draw_content(node, fs, entry)) && complete;
}

/* What is below a path; its entry is looked up, which begins a walk of its own. */
static bool draw_directory(struct model *model, struct lfk_fs *fs, const char *path)
{
    struct lfk_fs_entry entry;
    struct lfk_fs_dir dir;
    struct lfk_pair pair;
    bool complete = true;
    int result = lfk_fs_lookup(fs, path[0] != '\0' ? path : "/", &entry, NULL);
    if (result < 0 || lfk_fs_dir_pair(fs, &entry, &pair, NULL) < 0 ||
        lfk_fs_dir_open(fs, pair, lfk_fs_walk(fs), &dir, NULL) < 0) {
        return false;
    }
    while ((result = lfk_fs_dir_read(&dir, &entry, NULL)) > 0) {
        complete &= draw_entry(model, fs, path, &entry);
    }
    return complete && result == 0;
}

/* After the walk, for a lookup is one of its own. */
static bool can_be_found(struct model *model, struct lfk_fs *fs)
{
    struct lfk_fs_entry found;
    bool complete = true;
    for (size_t i = 0; i < model->count; i++) {
        complete &= lfk_fs_lookup(fs, model->nodes[i].path, &found, NULL) == LFK_OK;
    }
    return complete;
}

bool portrait_draw(struct model *model, struct lfk_fs *fs)
{
    bool complete = draw_directory(model, fs, "");
    for (size_t i = 0; i < model->count; i++) {
        if (model->nodes[i].is_dir) {
            char path[MODEL_PATH_MAX];
            snprintf(path, sizeof(path), "%s", model->nodes[i].path);
            complete &= draw_directory(model, fs, path);
        }
    }
    return complete && can_be_found(model, fs);
}
