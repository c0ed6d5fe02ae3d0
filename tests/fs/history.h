/* SPDX-License-Identifier: MIT */
/*
 * Operations, drawn at random or chosen by a fuzzer, done to a volume and to a
 * model of it.
 */
#ifndef TESTS_HISTORY_H
#define TESTS_HISTORY_H

#include "choices.h"
#include "flash.h"
#include "model.h"

enum op_kind {
    OP_WRITE, /* the whole file anew, or made */
    OP_OVERWRITE,
    OP_APPEND,
    OP_TRUNCATE,
    OP_MKDIR,
    OP_REMOVE,
    OP_RENAME,
    OP_ATTRIBUTE,
    OP_GROW, /* the volume, into the spare blocks of the device */
    OP_KINDS
};

struct op {
    enum op_kind kind;
    char path[MODEL_PATH_MAX];
    char to[MODEL_PATH_MAX]; /* of a rename */
    uint32_t position;
    uint32_t size;
    uint32_t salt; /* of what is written */
};

/* How a volume is made and used. */
struct geometry {
    uint32_t block_size;
    uint32_t block_count;
    uint32_t prog_size;
    uint32_t cache_size;
    int32_t block_cycles;
    int erase_value;
    uint32_t disk_version;
};

struct geometry geometry_choose(struct choices *choices);
struct geometry geometry_random(struct seed *seed);
void geometry_print(const struct geometry *geometry);

/* Blocks that the device has beyond the volume's first size. */
#define GEOMETRY_SPARE 12u

/* The flash, blank. */
void geometry_open(const struct geometry *geometry, struct flash *flash);

/* To format with; to mount, the block count is the volume's own affair. */
struct lfk_fs_options geometry_options(const struct geometry *geometry,
                                       struct lfk_fs_writing *writing);

/* An operation that makes sense for what there is, most of the time. */
struct op op_choose(struct choices *choices, struct model *model, uint32_t largest);
struct op op_random(struct seed *seed, struct model *model, uint32_t largest);
/* False: a rename could make paths longer than the model holds. */
bool op_fits(const struct op *op, const struct model *model);
void op_print(const struct op *op, char *text, size_t room);

/* Does it to the volume; the result is the volume's. */
int op_do(const struct op *op, struct lfk_fs *fs, struct lfk_detail *detail);

/* What littlefs says to it: LFK_OK, and the model is changed, or an error. */
int op_model(const struct op *op, struct model *model);

/*
 * Does it to the volume, and if that succeeds to the model. When the volume
 * fails, a file that was to be written may have been made, and be empty. The
 * result is the volume's, *wanted the model's.
 */
int op_do_both(const struct op *op, struct lfk_fs *fs, struct model *model, int *wanted,
               struct lfk_detail *detail);

#endif
