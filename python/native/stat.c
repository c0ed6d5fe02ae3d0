/* SPDX-License-Identifier: MIT */
/*
 * What is told of an entry: LFSStat.
 */
#include "native.h"

#define TYPE_REG 1L
#define TYPE_DIR 2L

PyObject *lfn_make_named_tuple(PyObject *type, PyObject *values)
{
    if (values == NULL) {
        return NULL;
    }
    /* tuple.__new__, past the class's own, which is written in Python. */
    PyObject *args = PyTuple_Pack(1, values);
    Py_DECREF(values);
    if (args == NULL) {
        return NULL;
    }
    PyObject *made = PyTuple_Type.tp_new((PyTypeObject *)type, args, NULL);
    Py_DECREF(args);
    return made;
}

PyObject *lfn_make_stat(const struct lfn_state *state, const struct lfn_encoding *encoding,
                        bool is_dir, uint32_t size, const char *name, size_t name_size)
{
    PyObject *decoded = lfn_decode_name(encoding, name, name_size);
    if (decoded == NULL) {
        return NULL;
    }
    PyObject *values =
        Py_BuildValue("(lkN)", is_dir ? TYPE_DIR : TYPE_REG, (unsigned long)size, decoded);
    return lfn_make_named_tuple(state->stat_type, values);
}
