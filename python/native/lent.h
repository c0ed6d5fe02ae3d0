/* SPDX-License-Identifier: MIT */
/*
 * What littlefs.lfs lends to littlefs._command, in a capsule: a mounted volume,
 * for the time of one call, in which its lock is held.
 */
#ifndef LFN_LENT_H
#define LFN_LENT_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "lfskit/filesystem.h"

#define LFN_LENT_NAME "littlefs.lfs.lent"

struct lfn_lent {
    struct lfk_filesystem *filesystem;
    PyObject *const *raised; /* not NULL there: the context raised an exception */
};

#endif
