/* SPDX-License-Identifier: MIT */
/*
 * Paths and names between Python's strings and the volume's bytes.
 */
#include "native.h"

#include <string.h>

/* --- encodings ------------------------------------------------------------------------ */

static bool is_utf8(PyObject *name)
{
    return PyUnicode_CompareWithASCIIString(name, "utf-8") == 0 ||
           PyUnicode_CompareWithASCIIString(name, "utf8") == 0 ||
           PyUnicode_CompareWithASCIIString(name, "UTF-8") == 0;
}

/* The module variable, a new reference; NULL: an exception. */
static PyObject *default_encoding(PyObject *module)
{
    PyObject *name =
        PyDict_GetItemWithError(PyModule_GetDict(module), lfn_state_of(module)->encoding_name);
    if (name == NULL && PyErr_Occurred() == NULL) {
        PyErr_SetString(PyExc_AttributeError, "littlefs.lfs.FILENAME_ENCODING was deleted");
    }
    Py_XINCREF(name);
    return name;
}

/* The argument if it is truthy, else the default; a new reference. */
static PyObject *choose_encoding(PyObject *module, PyObject *value)
{
    int given = value == NULL || value == Py_None ? 0 : PyObject_IsTrue(value);
    if (given < 0) {
        return NULL;
    }
    if (given == 0) {
        return default_encoding(module);
    }
    Py_INCREF(value);
    return value;
}

int lfn_take_encoding(PyObject *module, PyObject *value, struct lfn_encoding *encoding)
{
    *encoding = (struct lfn_encoding){.owner = choose_encoding(module, value)};
    if (encoding->owner == NULL) {
        return -1;
    }
    if (!PyUnicode_Check(encoding->owner)) {
        PyErr_Format(PyExc_TypeError, "filename_encoding must be str or None, not %.100s",
                     Py_TYPE(encoding->owner)->tp_name);
        lfn_encoding_release(encoding);
        return -1;
    }
    if (!is_utf8(encoding->owner)) {
        encoding->name = PyUnicode_AsUTF8(encoding->owner);
        if (encoding->name == NULL) {
            lfn_encoding_release(encoding);
            return -1;
        }
    }
    return 0;
}

void lfn_encoding_release(struct lfn_encoding *encoding)
{
    Py_CLEAR(encoding->owner);
}

/* --- paths ------------------------------------------------------------------------------ */

/* str, as it is or encoded, or bytes. The text is the owner's; NULL: an exception. */
static const char *text_of(PyObject *owner, Py_ssize_t *size)
{
    char *text = NULL;
    if (PyUnicode_Check(owner)) {
        return PyUnicode_AsUTF8AndSize(owner, size);
    }
    return PyBytes_AsStringAndSize(owner, &text, size) < 0 ? NULL : text;
}

bool lfn_is_path(PyObject *value)
{
    return PyUnicode_Check(value) || PyBytes_Check(value) ||
           PyObject_HasAttrString((PyObject *)Py_TYPE(value), "__fspath__") != 0;
}

static PyObject *path_object(PyObject *value, const char *name)
{
    if (!lfn_is_path(value)) {
        PyErr_Format(PyExc_TypeError, "%s must be str, bytes or os.PathLike, not %.100s", name,
                     Py_TYPE(value)->tp_name);
        return NULL;
    }
    return PyOS_FSPath(value);
}

/* What text_of takes, a new reference. */
static PyObject *encoded(PyObject *path, const struct lfn_encoding *encoding)
{
    if (PyUnicode_Check(path) && encoding->name != NULL) {
        return PyUnicode_AsEncodedString(path, encoding->name, "strict");
    }
    Py_INCREF(path);
    return path;
}

int lfn_take_path(PyObject *value, const char *name, const struct lfn_encoding *encoding,
                  struct lfn_path *path)
{
    Py_ssize_t size = 0;
    *path = (struct lfn_path){.given = path_object(value, name)};
    if (path->given != NULL) {
        path->owner = encoded(path->given, encoding);
    }
    if (path->owner != NULL) {
        path->text = text_of(path->owner, &size);
    }
    if (path->text != NULL && strlen(path->text) != (size_t)size) {
        PyErr_Format(PyExc_ValueError, "%s: embedded null character", name);
        path->text = NULL;
    }
    if (path->text == NULL) {
        lfn_path_release(path);
        return -1;
    }
    return 0;
}

void lfn_path_release(struct lfn_path *path)
{
    Py_CLEAR(path->given);
    Py_CLEAR(path->owner);
}

PyObject *lfn_decode_name(const struct lfn_encoding *encoding, const char *name, size_t size)
{
    if (encoding->name == NULL) {
        return PyUnicode_DecodeUTF8(name, (Py_ssize_t)size, "strict");
    }
    return PyUnicode_Decode(name, (Py_ssize_t)size, encoding->name, "strict");
}

/* --- both ---------------------------------------------------------------------------------- */

int lfn_take_target(PyObject *module, PyObject *fs, PyObject *path, const char *name,
                    PyObject *encoding, struct lfn_target *target)
{
    target->fs = lfn_take_filesystem(lfn_state_of(module), fs);
    if (target->fs == NULL || lfn_take_encoding(module, encoding, &target->encoding) < 0) {
        return -1;
    }
    if (lfn_take_path(path, name, &target->encoding, &target->path) < 0) {
        lfn_encoding_release(&target->encoding);
        return -1;
    }
    return 0;
}

int lfn_take_target_alone(PyObject *module, const char *function, PyObject *const *args,
                          Py_ssize_t count, PyObject *keywords, struct lfn_target *target)
{
    const struct lfn_signature signature = {function, 2, {"fs", "path", "filename_encoding"}};
    PyObject *values[3];
    if (lfn_take_arguments(&signature, args, count, keywords, values) < 0) {
        return -1;
    }
    return lfn_take_target(module, values[0], values[1], "path", values[2], target);
}

void lfn_target_release(struct lfn_target *target)
{
    lfn_path_release(&target->path);
    lfn_encoding_release(&target->encoding);
}
