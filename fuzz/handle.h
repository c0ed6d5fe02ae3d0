/* SPDX-License-Identifier: MIT */
/*
 * An open file and a model of it: what its handle has to say, whatever becomes
 * of the file on the volume.
 */
#ifndef LFSKIT_FUZZ_HANDLE_H
#define LFSKIT_FUZZ_HANDLE_H

#include "history.h"

struct handle {
    struct lfk_fs_file file;
    bool is_open;
    bool dirty;                /* written to since it was opened or synced */
    char path[MODEL_PATH_MAX]; /* of its file; "": that was removed, or replaced */
    struct model_node content;
};

/* Opens what is at the path, on the volume and in the model; a negative status. */
int handle_open(struct handle *handle, struct lfk_fs *fs, struct model *model, const char *path,
                struct lfk_detail *detail);
/* Accepts one that is not open; also after the volume was unmounted, which has closed the file. */
void handle_close(struct handle *handle);

/* `data` NULL: cuts the file at `position`, or lengthens it to there. */
int handle_write(struct handle *handle, uint32_t position, const uint8_t *data, uint32_t size,
                 struct lfk_detail *detail);
void handle_clear(struct handle *handle);

/*
 * After a write that failed: reads the content, which is that of some moment of
 * the write. False if it is not. A handle that cannot be read is closed.
 */
bool handle_learn(struct handle *handle, uint32_t position, const uint8_t *data, uint32_t size);

/* Compares a part of the content; negative: it cannot be read. */
int handle_compare(struct handle *handle, uint32_t position, uint32_t size, bool *same,
                   struct lfk_detail *detail);

/* The model of its file gets the handle's content, as by a sync. */
void handle_sync_model(const struct handle *handle, struct model *model);

/* The operation was done to the volume: its file may be elsewhere now, or nowhere. */
void handle_follow(struct handle *handle, const struct op *op);

#endif
