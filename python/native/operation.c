/* SPDX-License-Identifier: MIT */
/*
 * How every call of the engine begins and ends: the lock of the volume, what has
 * to be mounted or open, and what went wrong.
 */
#include "native.h"

#define WORTH_RELEASING (UINT64_C(64) << 10) /* bytes; some ten microseconds of copying */

/* --- the lock -------------------------------------------------------------------------- */

/* Waits without the GIL; a signal ends the wait if its handler raises an exception. */
static int wait_for_lock(PyThread_type_lock lock)
{
    PyLockStatus status = PyThread_acquire_lock_timed(lock, 0, 0);
    while (status != PY_LOCK_ACQUIRED) {
        PyThreadState *released = PyEval_SaveThread();
        status = PyThread_acquire_lock_timed(lock, -1, 1);
        PyEval_RestoreThread(released);
        if (status == PY_LOCK_INTR && PyErr_CheckSignals() < 0) {
            return -1;
        }
    }
    return 0;
}

int lfn_begin(struct lfn_operation *operation, struct lfn_filesystem *fs)
{
    unsigned long thread = PyThread_get_thread_ident();
    *operation = (struct lfn_operation){.fs = fs};
    if (fs->owner == thread) {
        PyErr_SetString(PyExc_RuntimeError, "a context must not use the volume that calls it");
        return -1;
    }
    if (wait_for_lock(fs->lock) < 0) {
        return -1;
    }
    fs->owner = thread;
    return 0;
}

static int begin(struct lfn_operation *operation, struct lfn_filesystem *fs, PyObject *filename)
{
    if (lfn_begin(operation, fs) < 0) {
        return -1;
    }
    int result = LFK_OK;
    operation->filename = filename;
    if (fs->mounted == NULL) {
        operation->detail.what = "the volume is not mounted";
        result = LFK_ERR_INVAL;
    } else {
        result = lfn_follow_context(operation);
    }
    return result < 0 ? lfn_end(operation, result) : 0;
}

int lfn_begin_mounted(struct lfn_operation *operation, struct lfn_filesystem *fs)
{
    return begin(operation, fs, NULL);
}

int lfn_begin_target(struct lfn_operation *operation, const struct lfn_target *target)
{
    return begin(operation, target->fs, target->path.given);
}

int lfn_begin_handle(struct lfn_operation *operation, struct lfn_filesystem *fs,
                     const struct lfn_handle *handle)
{
    if (lfn_begin_mounted(operation, fs) < 0) {
        return -1;
    }
    if (handle->fs != fs) {
        operation->detail.what = "the handle is not open on this volume";
        return lfn_end(operation, LFK_ERR_BADF);
    }
    return 0;
}

int lfn_defer(struct lfn_filesystem *fs, PyObject *call)
{
    if (fs->owner == 0) {
        return 0;
    }
    if (fs->deferred == NULL) {
        fs->deferred = PyList_New(0);
    }
    return fs->deferred != NULL && PyList_Append(fs->deferred, call) == 0 ? 1 : -1;
}

/* Takes over the list, which may be NULL. */
static void call_deferred(PyObject *deferred)
{
    for (Py_ssize_t i = 0; deferred != NULL && i < PyList_GET_SIZE(deferred); i++) {
        PyObject *call = PyList_GET_ITEM(deferred, i);
        PyObject *result = PyObject_CallNoArgs(call);
        if (result == NULL) {
            PyErr_WriteUnraisable(call);
        }
        Py_XDECREF(result);
    }
    Py_XDECREF(deferred);
}

int lfn_end(struct lfn_operation *operation, int result)
{
    struct lfn_filesystem *fs = operation->fs;
    struct lfn_exception raised = fs->pending;
    fs->pending = (struct lfn_exception){NULL, NULL, NULL};
    lfn_close_abandoned(fs);
    PyObject *deferred = fs->deferred;
    fs->deferred = NULL;
    struct lfn_device used = fs->device;
    fs->device = (struct lfn_device){.is_bound = false};
    fs->owner = 0;
    PyThread_release_lock(fs->lock);
    /* From here on other Python code may run. */
    lfn_device_release(&used);
    call_deferred(deferred);
    if (raised.type != NULL) {
        lfn_exception_raise(&raised);
        return -1;
    }
    if (result < 0) {
        lfn_raise(fs->state, result, &operation->detail, operation->filename);
        return -1;
    }
    return result;
}

PyObject *lfn_end_number(struct lfn_operation *operation, int result)
{
    result = lfn_end(operation, result);
    return result < 0 ? NULL : PyLong_FromLong(result);
}

/* --- the GIL ------------------------------------------------------------------------------- */

PyThreadState *lfn_release_gil(struct lfn_operation *operation, uint64_t size)
{
    bool free = size >= WORTH_RELEASING && lfn_device_is_native(operation->fs);
    return free ? PyEval_SaveThread() : NULL;
}

void lfn_take_gil(PyThreadState *released)
{
    if (released != NULL) {
        PyEval_RestoreThread(released);
    }
}
