/* SPDX-License-Identifier: MIT */
/*
 * The arguments of the module's functions: each in its place, converted and
 * checked before anything happens.
 */
#include "native.h"

#include <string.h>

/* --- places ------------------------------------------------------------------------- */

static int parameter_count(const struct lfn_signature *signature)
{
    int count = 0;
    while (signature->parameters[count] != NULL) {
        count++;
    }
    return count;
}

/* The place of a keyword; -1: there is none of that name. */
static int find_parameter(const struct lfn_signature *signature, PyObject *keyword)
{
    for (int i = 0; signature->parameters[i] != NULL; i++) {
        if (PyUnicode_CompareWithASCIIString(keyword, signature->parameters[i]) == 0) {
            return i;
        }
    }
    return -1;
}

static int take_keywords(const struct lfn_signature *signature, PyObject *const *args,
                         PyObject *keywords, PyObject **values)
{
    Py_ssize_t count = keywords != NULL ? PyTuple_GET_SIZE(keywords) : 0;
    for (Py_ssize_t i = 0; i < count; i++) {
        PyObject *keyword = PyTuple_GET_ITEM(keywords, i);
        int place = find_parameter(signature, keyword);
        if (place < 0) {
            PyErr_Format(PyExc_TypeError, "%s() got an unexpected keyword argument '%U'",
                         signature->function, keyword);
            return -1;
        }
        if (values[place] != NULL) {
            PyErr_Format(PyExc_TypeError, "%s() got multiple values for argument '%U'",
                         signature->function, keyword);
            return -1;
        }
        values[place] = args[i];
    }
    return 0;
}

int lfn_take_arguments(const struct lfn_signature *signature, PyObject *const *args,
                       Py_ssize_t count, PyObject *keywords, PyObject **values)
{
    int most = parameter_count(signature);
    if (count > most) {
        PyErr_Format(PyExc_TypeError, "%s() takes at most %d arguments (%zd given)",
                     signature->function, most, count);
        return -1;
    }
    for (int i = 0; i < most; i++) {
        values[i] = i < count ? args[i] : NULL;
    }
    if (take_keywords(signature, args + count, keywords, values) < 0) {
        return -1;
    }
    for (int i = 0; i < signature->required; i++) {
        if (values[i] == NULL) {
            PyErr_Format(PyExc_TypeError, "%s() missing required argument '%s' (pos %d)",
                         signature->function, signature->parameters[i], i + 1);
            return -1;
        }
    }
    return 0;
}

/* --- values --------------------------------------------------------------------------- */

int lfn_take_integer(PyObject *value, const char *name, long long low, long long high,
                     long long *integer)
{
    if (!PyIndex_Check(value)) {
        PyErr_Format(PyExc_TypeError, "%s must be an integer, not %.100s", name,
                     Py_TYPE(value)->tp_name);
        return -1;
    }
    PyObject *index = PyNumber_Index(value);
    if (index == NULL) {
        return -1;
    }
    int overflow;
    *integer = PyLong_AsLongLongAndOverflow(index, &overflow);
    Py_DECREF(index);
    if (*integer == -1 && overflow == 0 && PyErr_Occurred() != NULL) {
        return -1;
    }
    if (overflow != 0 || *integer < low || *integer > high) {
        PyErr_Format(PyExc_OverflowError, "%s must be in the range %lld to %lld", name, low, high);
        return -1;
    }
    return 0;
}

int lfn_take_uint32(PyObject *value, const char *name, uint32_t *integer)
{
    long long number;
    if (lfn_take_integer(value, name, 0, UINT32_MAX, &number) < 0) {
        return -1;
    }
    *integer = (uint32_t)number;
    return 0;
}

int lfn_take_buffer(PyObject *value, const char *name, int flags, Py_buffer *buffer)
{
    if (!PyObject_CheckBuffer(value)) {
        PyErr_Format(PyExc_TypeError, "%s must be a bytes-like object, not %.100s", name,
                     Py_TYPE(value)->tp_name);
        return -1;
    }
    return PyObject_GetBuffer(value, buffer, flags);
}

/* --- modes ------------------------------------------------------------------------------ */

struct mode_letter {
    int flags;
    char letter;
    bool is_kind; /* one of which there must be exactly one */
};

static const struct mode_letter mode_letters[] = {
    {LFK_OPEN_WRITE | LFK_OPEN_CREATE | LFK_OPEN_EXCLUSIVE, 'x', true},
    {LFK_OPEN_READ, 'r', true},
    {LFK_OPEN_WRITE | LFK_OPEN_CREATE | LFK_OPEN_TRUNCATE, 'w', true},
    {LFK_OPEN_WRITE | LFK_OPEN_CREATE | LFK_OPEN_APPEND, 'a', true},
    {LFK_OPEN_READ | LFK_OPEN_WRITE, '+', false},
    {0, 't', false},
    {0, 'b', false},
};

#define MODE_LETTERS (sizeof(mode_letters) / sizeof(mode_letters[0]))

/* -1: it has none of this letter. */
static int find_letter(Py_UCS4 letter)
{
    for (size_t i = 0; i < MODE_LETTERS; i++) {
        if ((Py_UCS4)mode_letters[i].letter == letter) {
            return (int)i;
        }
    }
    return -1;
}

static int parse_mode(PyObject *mode, int *flags)
{
    bool met[MODE_LETTERS] = {false};
    int kinds = 0;
    *flags = 0;
    for (Py_ssize_t i = 0; i < PyUnicode_GET_LENGTH(mode); i++) {
        int row = find_letter(PyUnicode_READ_CHAR(mode, i));
        if (row < 0) {
            PyErr_Format(PyExc_ValueError, "invalid mode: %R", mode);
            return -1;
        }
        kinds += mode_letters[row].is_kind && !met[row];
        met[row] = true;
        *flags |= mode_letters[row].flags;
    }
    if (kinds != 1) {
        PyErr_SetString(PyExc_ValueError, "must have exactly one of create/read/write/append mode");
        return -1;
    }
    return 0;
}

int lfn_take_flags(PyObject *value, int *flags)
{
    long long number;
    if (PyUnicode_Check(value)) {
        return parse_mode(value, flags);
    }
    if (lfn_take_integer(value, "flags", 0, INT32_MAX, &number) < 0) {
        return -1;
    }
    *flags = (int)number;
    return 0;
}
