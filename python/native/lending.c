/* SPDX-License-Identifier: MIT */
/*
 * littlefs.lfs: a mounted volume lent to another extension module for a call.
 */
#include "lent.h"
#include "native.h"

/* None, or a capsule that is good as long as the struct is. */
static PyObject *wrap(struct lfn_lent *lent)
{
    if (lent->filesystem == NULL) {
        Py_RETURN_NONE;
    }
    return PyCapsule_New(lent, LFN_LENT_NAME, NULL);
}

/* Calls the function, the lock being held. NULL: an exception. */
static PyObject *call_with(PyObject *function, struct lfn_filesystem *fs)
{
    struct lfn_lent lent = {.filesystem = fs->mounted, .raised = &fs->pending.type};
    PyObject *volume = wrap(&lent);
    PyObject *result = volume != NULL ? PyObject_CallFunctionObjArgs(function, volume, NULL) : NULL;
    if (volume != NULL && volume != Py_None) {
        /* It may be kept; nobody takes one of this name. */
        (void)PyCapsule_SetName(volume, NULL);
    }
    Py_XDECREF(volume);
    return result;
}

static PyObject *lend(PyObject *module, PyObject *const *args, Py_ssize_t count, PyObject *keywords)
{
    static const struct lfn_signature signature = {"_lend", 2, {"fs", "function"}};
    struct lfn_operation operation;
    struct lfn_exception raised = {NULL, NULL, NULL};
    PyObject *values[2];
    if (lfn_take_arguments(&signature, args, count, keywords, values) < 0) {
        return NULL;
    }
    struct lfn_filesystem *fs = lfn_take_filesystem(lfn_state_of(module), values[0]);
    if (fs == NULL || lfn_begin(&operation, fs) < 0) {
        return NULL;
    }
    PyObject *result = NULL;
    int status = fs->mounted != NULL ? lfn_follow_context(&operation) : LFK_OK;
    if (status == LFK_OK) {
        result = call_with(values[1], fs);
    }
    if (status == LFK_OK && result == NULL) {
        lfn_exception_take(&raised);
    }
    if (lfn_end(&operation, status) < 0) {
        Py_CLEAR(result);
        Py_XDECREF(raised.type);
        Py_XDECREF(raised.value);
        Py_XDECREF(raised.traceback);
    } else if (raised.type != NULL) {
        lfn_exception_raise(&raised);
    }
    return result;
}

PyMethodDef lfn_lending_functions[] = {
    LFN_FUNCTION("_lend", lend,
                 "_lend($module, /, fs, function)\n--\n\n"
                 "What function(volume) returns. The volume is locked meanwhile; it is None if\n"
                 "nothing is mounted, and cannot be used any more afterwards."),
    {NULL, NULL, 0, NULL},
};
