/* SPDX-License-Identifier: MIT */
/*
 * The power goes during an operation, at every program and erase of it. After
 * each cut the volume is as before or as after the operation, to a reader that
 * repairs nothing; the check finds no damage, and of repairs those that the
 * driver knows to be due; the next operation makes them, and succeeds.
 */
#ifndef TESTS_CUTTING_H
#define TESTS_CUTTING_H

#include "history.h"

/* A history on its way, and how often it was cut. */
struct cutting {
    struct geometry geometry;
    struct lfk_fs_writing writing;
    struct flash flash;
    struct model model;
    uint64_t cuts;
    /* Told of the volume as each cut leaves it; NULL: nobody is. */
    void (*told)(void *context, const struct cutting *cutting, const struct flash *flash);
    void *context;
};

/* A way to lose power: what arrives of the change that it goes with, and of those not synced. */
struct cut_way {
    uint32_t torn;      /* bytes of a program */
    uint32_t forgetful; /* as of a flash; 0: all unsynced changes arrive */
};

/* Makes the volume, empty; ends the test if that fails. `cuts` goes on, and `told` is kept. */
void cutting_start(struct cutting *cutting, const struct geometry *geometry);
void cutting_end(struct cutting *cutting);

/* Cuts the operation everywhere, in each of the ways; the volume stays as it is. */
void cutting_cut(struct cutting *cutting, const struct op *op, const struct cut_way *ways,
                 size_t count);

/* Does the operation, to the volume and to the model; it may find no space. */
void cutting_do(struct cutting *cutting, const struct op *op);

#endif
