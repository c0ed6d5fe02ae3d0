/* SPDX-License-Identifier: MIT */
/*
 * One call or one allocation of an operation fails, each in turn. The operation
 * is then done or not done, in memory and on disk, the check agrees, the
 * operations after it work, and nothing is leaked.
 */
#ifndef TESTS_FAULTING_H
#define TESTS_FAULTING_H

#include "history.h"
#include "ledger.h"

/* A history on its way, and how often something failed in it. */
struct faulting {
    struct geometry geometry;
    struct lfk_fs_writing writing;
    struct ledger ledger;
    struct flash flash;
    struct model model;
    uint64_t faults;
};

/* Makes the volume, empty; ends the test if that fails. `faults` goes on. */
void faulting_start(struct faulting *faulting, const struct geometry *geometry);
void faulting_end(struct faulting *faulting);

/* Fails every device call of the operation with the error; the volume stays as it is. */
void faulting_fail_calls(struct faulting *faulting, const struct op *op, int error);

/* Fails every allocation of it, and those that follow. */
void faulting_fail_memory(struct faulting *faulting, const struct op *op);

/* Does the operation, to the volume and to the model; it may find no space. */
void faulting_do(struct faulting *faulting, const struct op *op);

#endif
