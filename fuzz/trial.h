/* SPDX-License-Identifier: MIT */
/*
 * A volume on its way through a history, and the model of it: what it may be
 * after an operation, in the course of which something may have gone wrong.
 */
#ifndef LFSKIT_FUZZ_TRIAL_H
#define LFSKIT_FUZZ_TRIAL_H

#include "handle.h"
#include "mishap.h"

#define TRIAL_HANDLES 4

struct trial {
    struct geometry geometry;
    struct lfk_fs_writing writing;
    struct flash flash;
    struct ledger ledger;
    struct lfk_fs fs;
    struct model model;
    struct handle handles[TRIAL_HANDLES];
    char text[800]; /* what is being done */
};

/* An operation's outcome, to be held against the model. */
struct outcome {
    const struct op *op; /* NULL: of no path */
    struct model *before;
    struct model *after; /* NULL: the same */
    struct model *made;  /* another that may be met if it fails; NULL: none */
    int result;
    struct lfk_detail detail;
    int wanted;
    struct mishap mishap;
    bool struck;
};

/* Formats and mounts; false if the device is too bad for that. */
bool trial_start(struct trial *trial, struct choices *choices);
void trial_end(struct trial *trial);

/* Ends the program: something is not as it has to be. */
_Noreturn void trial_fail(const struct trial *trial, const char *why);

/* Mounts the volume again as it is, while something may go wrong. */
void trial_remount(struct trial *trial, const struct mishap *mishap);

/* Finds out which model the volume is now, and makes it the trial's. */
void trial_settle(struct trial *trial, const struct outcome *outcome, struct choices *choices);

#endif
