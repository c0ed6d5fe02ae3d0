/* SPDX-License-Identifier: MIT */
/*
 * Open files and their models.
 */
#include "handle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void copy_content(struct model_node *to, const struct model_node *from)
{
    model_resize(to, 0);
    model_write(to, 0, from->data, from->size);
}

int handle_open(struct handle *handle, struct lfk_fs *fs, struct model *model, const char *path,
                struct lfk_detail *detail)
{
    struct lfk_fs_entry entry;
    const struct model_node *node = model_find(model, path);
    TRY(lfk_fs_lookup(fs, path, &entry, detail));
    TRY(lfk_fs_file_open(fs, &entry, &handle->file, detail));
    handle->is_open = true;
    handle->dirty = false;
    snprintf(handle->path, sizeof(handle->path), "%s", path);
    if (node != NULL) {
        copy_content(&handle->content, node);
    }
    return LFK_OK;
}

void handle_close(struct handle *handle)
{
    lfk_fs_file_close(&handle->file);
    free(handle->content.data);
    handle->content = (struct model_node){.data = NULL};
    handle->is_open = false;
}

/* The content as the write is to leave it. */
static void write_model(struct model_node *content, uint32_t position, const uint8_t *data,
                        uint32_t size)
{
    if (data == NULL) {
        model_resize(content, position);
    } else if (size > 0) {
        model_write(content, position, data, size);
    }
}

int handle_write(struct handle *handle, uint32_t position, const uint8_t *data, uint32_t size,
                 struct lfk_detail *detail)
{
    TRY(data != NULL ? lfk_fs_file_write(&handle->file, position, data, size, detail)
                     : lfk_fs_file_truncate(&handle->file, position, detail));
    handle->dirty |= data != NULL ? size > 0 : position != handle->content.size;
    write_model(&handle->content, position, data, size);
    return LFK_OK;
}

void handle_clear(struct handle *handle)
{
    lfk_fs_file_clear(&handle->file);
    model_resize(&handle->content, 0);
    handle->dirty = true;
}

/* True if a byte is as before or as it was to be. */
static bool is_between(uint32_t i, const struct model_node *now, const struct model_node *before,
                       const struct model_node *meant)
{
    uint8_t old = i < before->size ? before->data[i] : 0;
    return now->data[i] == old || (i < meant->size && now->data[i] == meant->data[i]);
}

bool handle_learn(struct handle *handle, uint32_t position, const uint8_t *data, uint32_t size)
{
    struct model_node now = {.data = NULL};
    struct model_node meant = {.data = NULL};
    const struct model_node *before = &handle->content;
    copy_content(&meant, before);
    write_model(&meant, position, data, size);
    model_resize(&now, lfk_fs_file_size(&handle->file));
    int result = lfk_fs_file_read(&handle->file, 0, now.data, now.size, NULL);
    bool holds =
        result < 0 || (result == (int)now.size && now.size >= lfk_min(before->size, meant.size) &&
                       (now.size <= before->size || now.size <= meant.size));
    for (uint32_t i = 0; i < now.size && holds && result > 0; i++) {
        holds = is_between(i, &now, before, &meant);
    }
    if (result < 0) {
        handle_close(handle);
    } else {
        bool changed = now.size != before->size || memcmp(now.data, before->data, now.size) != 0;
        holds = holds && (handle->file.dirty || (!changed && !handle->dirty));
        handle->dirty = handle->file.dirty; /* it may be so with the content as it was */
        copy_content(&handle->content, &now);
    }
    free(meant.data);
    free(now.data);
    return holds;
}

int handle_compare(struct handle *handle, uint32_t position, uint32_t size, bool *same,
                   struct lfk_detail *detail)
{
    const struct model_node *content = &handle->content;
    uint32_t left = position < content->size ? content->size - position : 0;
    uint8_t *bytes = malloc((size_t)size + 1);
    if (bytes == NULL) {
        return LFK_ERR_NOMEM;
    }
    int result = lfk_fs_file_read(&handle->file, position, bytes, size, detail);
    *same = result == (int)lfk_min(size, left) &&
            (result == 0 || memcmp(bytes, content->data + position, (size_t)result) == 0);
    free(bytes);
    return result;
}

void handle_sync_model(const struct handle *handle, struct model *model)
{
    struct model_node *node = model_find(model, handle->path);
    if (node != NULL) {
        copy_content(node, &handle->content);
    }
}

void handle_follow(struct handle *handle, const struct op *op)
{
    char path[2 * MODEL_PATH_MAX];
    size_t size = strlen(op->path);
    bool is_at = strcmp(handle->path, op->path) == 0;
    bool is_below = strncmp(handle->path, op->path, size) == 0 && handle->path[size] == '/';
    if (op->kind == OP_REMOVE && is_at) {
        handle->path[0] = '\0';
    }
    if (op->kind != OP_RENAME || strcmp(op->path, op->to) == 0) {
        return;
    }
    if (strcmp(handle->path, op->to) == 0) {
        handle->path[0] = '\0';
    } else if (is_at || is_below) {
        snprintf(path, sizeof(path), "%s%s", op->to, handle->path + size);
        snprintf(handle->path, sizeof(handle->path), "%.*s", MODEL_PATH_MAX - 1, path);
    }
}
