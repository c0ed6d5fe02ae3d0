/* SPDX-License-Identifier: MIT */
/*
 * Exceptions: the engine's as LittleFSError, and those of contexts, which are
 * put aside until the engine has returned.
 */
#include "native.h"

#define LINE_MAX_SIZE 256

static PyObject *describe(int status, const struct lfk_detail *detail)
{
    char line[LINE_MAX_SIZE];
    if (detail == NULL || detail->what == NULL) {
        return PyUnicode_FromString(lfk_status_text(status));
    }
    struct lfk_detail told = *detail;
    told.status = status;
    (void)lfk_detail_format(&told, line, sizeof(line));
    return PyUnicode_FromString(line);
}

void lfn_raise(const struct lfn_state *state, int status, const struct lfk_detail *detail)
{
    if (state->error_type == NULL) { /* the interpreter is being taken down */
        PyErr_Format(PyExc_RuntimeError, "littlefs error %d", status);
        return;
    }
    PyObject *text = describe(status, detail);
    if (text == NULL) {
        return;
    }
    PyObject *error = PyObject_CallFunction(state->error_type, "iO", status, text);
    Py_DECREF(text);
    if (error != NULL) {
        PyErr_SetObject((PyObject *)Py_TYPE(error), error);
        Py_DECREF(error);
    }
}

void lfn_exception_take(struct lfn_exception *exception)
{
    PyErr_Fetch(&exception->type, &exception->value, &exception->traceback);
}

void lfn_exception_raise(struct lfn_exception *exception)
{
    PyErr_Restore(exception->type, exception->value, exception->traceback);
    *exception = (struct lfn_exception){NULL, NULL, NULL};
}
