/* SPDX-License-Identifier: MIT */
/*
 * Streams of C over functions in Python, by what the C library has for it.
 */
#if defined(__linux__)
#define _GNU_SOURCE /* fopencookie(3) */
#endif

#include "streams.h"

#include <errno.h>

void lfn_failure_keep(struct lfn_failure *failure)
{
    PyObject *type = NULL;
    PyObject *value = NULL;
    PyObject *traceback = NULL;
    PyErr_Fetch(&type, &value, &traceback);
    if (failure->exception == NULL && type != NULL) {
        failure->exception = Py_BuildValue("(OOO)", type, value != NULL ? value : Py_None,
                                           traceback != NULL ? traceback : Py_None);
        PyErr_Clear();
    }
    Py_XDECREF(type);
    Py_XDECREF(value);
    Py_XDECREF(traceback);
}

bool lfn_failure_raise(struct lfn_failure *failure)
{
    if (failure->exception != NULL) {
        PyObject *parts[3];
        for (int i = 0; i < 3; i++) {
            parts[i] = PyTuple_GetItem(failure->exception, i);
            Py_INCREF(parts[i]);
        }
        if (parts[2] == Py_None) {
            Py_CLEAR(parts[2]);
        }
        Py_CLEAR(failure->exception);
        PyErr_Restore(parts[0], parts[1], parts[2]);
    }
    return PyErr_Occurred() != NULL;
}

/* -1, and errno: the function raised an exception, or another one did before. */
static Py_ssize_t call_write(struct lfn_stream *stream, const char *bytes, size_t size)
{
    PyGILState_STATE gil = PyGILState_Ensure();
    if (stream->failure->exception == NULL) {
        PyObject *result = PyObject_CallFunction(stream->function, "y#", bytes, (Py_ssize_t)size);
        Py_XDECREF(result);
        if (result == NULL || PyErr_CheckSignals() != 0) {
            lfn_failure_keep(stream->failure);
        }
    }
    bool failed = stream->failure->exception != NULL;
    PyGILState_Release(gil);
    errno = EIO;
    return failed ? -1 : (Py_ssize_t)size;
}

/* Copies what read() returned; -1 and an exception if it is not at most `size` bytes. */
static Py_ssize_t copy_read(PyObject *result, char *bytes, size_t size)
{
    char *data = NULL;
    Py_ssize_t length = 0;
    if (result == NULL || PyBytes_AsStringAndSize(result, &data, &length) != 0) {
        return -1;
    }
    if ((size_t)length > size) {
        PyErr_SetString(PyExc_ValueError, "read() returned more than it was asked for");
        return -1;
    }
    memcpy(bytes, data, (size_t)length);
    return length;
}

static Py_ssize_t call_read(struct lfn_stream *stream, char *bytes, size_t size)
{
    Py_ssize_t length = -1;
    PyGILState_STATE gil = PyGILState_Ensure();
    if (stream->failure->exception == NULL) {
        PyObject *result = PyObject_CallFunction(stream->function, "n", (Py_ssize_t)size);
        length = copy_read(result, bytes, size);
        Py_XDECREF(result);
        if (length < 0 || PyErr_CheckSignals() != 0) {
            lfn_failure_keep(stream->failure);
            length = -1;
        }
    }
    PyGILState_Release(gil);
    errno = EIO;
    return length;
}

#if defined(__linux__)

static ssize_t cookie_write(void *stream, const char *bytes, size_t size)
{
    Py_ssize_t written = call_write(stream, bytes, size);
    return written < 0 ? 0 : written; /* so fopencookie(3) wants it */
}

static ssize_t cookie_read(void *stream, char *bytes, size_t size)
{
    return call_read(stream, bytes, size);
}

FILE *lfn_stream_open(struct lfn_stream *stream, bool writes)
{
    const cookie_io_functions_t functions = {.read = cookie_read, .write = cookie_write};
    return fopencookie(stream, writes ? "w" : "r", functions);
}

#else /* the BSDs, macOS */

static int cookie_write(void *stream, const char *bytes, int size)
{
    return (int)call_write(stream, bytes, (size_t)size);
}

static int cookie_read(void *stream, char *bytes, int size)
{
    return (int)call_read(stream, bytes, (size_t)size);
}

FILE *lfn_stream_open(struct lfn_stream *stream, bool writes)
{
    return funopen(stream, writes ? NULL : cookie_read, writes ? cookie_write : NULL, NULL, NULL);
}

#endif
