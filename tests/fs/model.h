/* SPDX-License-Identifier: MIT */
/*
 * A model of a filesystem for tests: paths and what is there, kept in the
 * plainest way; and a comparison of it with a volume.
 */
#ifndef TESTS_MODEL_H
#define TESTS_MODEL_H

#include "fs/fs.h"

#define MODEL_NODES_MAX 256
#define MODEL_PATH_MAX 256

struct model_node {
    char path[MODEL_PATH_MAX];
    bool is_dir;
    uint8_t *data;
    uint32_t size;
    int attribute; /* its one byte under type 1, or -1 */
};

struct model {
    struct model_node nodes[MODEL_NODES_MAX];
    size_t count;
};

void model_copy(struct model *copy, const struct model *model);
void model_free(struct model *model);

/* NULL: there is nothing of that path. */
struct model_node *model_find(struct model *model, const char *path);

struct model_node *model_add(struct model *model, const char *path, bool is_dir);
void model_remove(struct model *model, const char *path);
bool model_is_empty(struct model *model, const char *path); /* of entries in it */

/* Moves what is at `from`, and below it, in the place of what is at `to`. */
void model_rename(struct model *model, const char *from, const char *to);

/* Bytes up to `size`, zeros where there were none. */
void model_resize(struct model_node *node, uint32_t size);
void model_write(struct model_node *node, uint32_t position, const uint8_t *data, uint32_t size);

/*
 * Compares the whole volume with the model. True if they agree; else `why` says
 * where they do not.
 */
bool model_agrees(struct model *model, struct lfk_fs *fs, char *why, size_t room);

#endif
