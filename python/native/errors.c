/* SPDX-License-Identifier: MIT */
/*
 * Exceptions: the engine's as LittleFSError, and those of contexts, which are
 * put aside until the engine has returned.
 */
#include "native.h"

#define LINE_MAX_SIZE 256

/* A new reference; what the detail says, or else the status, with the name in front. */
static PyObject *describe(int status, const struct lfk_detail *detail, const char *name)
{
    char line[LINE_MAX_SIZE];
    const char *text = lfk_status_text(status);
    if (detail != NULL && detail->what != NULL) {
        struct lfk_detail told = *detail;
        told.status = status;
        (void)lfk_detail_format(&told, line, sizeof(line));
        text = line;
    }
    return name != NULL ? PyUnicode_FromFormat("%s: %s", name, text) : PyUnicode_FromString(text);
}

void lfn_raise_about(const struct lfn_state *state, int status, const struct lfk_detail *detail,
                     PyObject *filename, const char *name)
{
    if (state->error_type == NULL) { /* the interpreter is being taken down */
        PyErr_Format(PyExc_RuntimeError, "littlefs error %d", status);
        return;
    }
    PyObject *text = describe(status, detail, name);
    if (text == NULL) {
        return;
    }
    PyObject *error = PyObject_CallFunction(state->error_type, "iNO", status, text,
                                            filename != NULL ? filename : Py_None);
    if (error != NULL) {
        PyErr_SetObject((PyObject *)Py_TYPE(error), error);
        Py_DECREF(error);
    }
}

void lfn_raise(const struct lfn_state *state, int status, const struct lfk_detail *detail,
               PyObject *filename)
{
    lfn_raise_about(state, status, detail, filename, NULL);
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
