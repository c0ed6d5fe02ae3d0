/* SPDX-License-Identifier: MIT */
/*
 * littlefs.lfs: attributes of files and directories.
 */
#include "native.h"

#define ATTRIBUTE_MAX 1022u /* bytes */

/* An attribute: a path, and a type from 0 to 255. */
static int take_attribute(PyObject *module, PyObject *fs, PyObject *path, PyObject *typ,
                          PyObject *encoding, struct lfn_target *target, uint8_t *type)
{
    long long number;
    if (lfn_take_integer(typ, "typ", 0, UINT8_MAX, &number) < 0) {
        return -1;
    }
    *type = (uint8_t)number;
    return lfn_take_target(module, fs, path, encoding, target);
}

static PyObject *getattr(PyObject *module, PyObject *const *args, Py_ssize_t count,
                         PyObject *keywords)
{
    static const struct lfn_signature signature = {
        "getattr", 3, {"fs", "path", "typ", "filename_encoding"}};
    struct lfn_operation operation;
    struct lfn_target target;
    PyObject *values[4];
    char data[ATTRIBUTE_MAX];
    uint8_t type;
    int size = -1;
    if (lfn_take_arguments(&signature, args, count, keywords, values) < 0 ||
        take_attribute(module, values[0], values[1], values[2], values[3], &target, &type) < 0) {
        return NULL;
    }
    if (lfn_begin_mounted(&operation, target.fs) == 0) {
        size = lfn_end(&operation,
                       lfk_filesystem_get_attribute(target.fs->mounted, target.path.text, type,
                                                    data, sizeof(data), &operation.detail));
    }
    lfn_target_release(&target);
    return size < 0 ? NULL : PyBytes_FromStringAndSize(data, size);
}

static PyObject *store_attribute(const struct lfn_target *target, uint8_t type,
                                 const Py_buffer *data)
{
    struct lfn_operation operation;
    if (lfn_begin_mounted(&operation, target->fs) < 0) {
        return NULL;
    }
    /* What is too long for 32 bits is too long for an attribute. */
    uint32_t size = (uint32_t)Py_MIN((uint64_t)data->len, UINT32_MAX);
    int result = lfk_filesystem_set_attribute(target->fs->mounted, target->path.text, type,
                                              data->buf, size, &operation.detail);
    if (lfn_end(&operation, result) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *setattr(PyObject *module, PyObject *const *args, Py_ssize_t count,
                         PyObject *keywords)
{
    static const struct lfn_signature signature = {
        "setattr", 4, {"fs", "path", "typ", "data", "filename_encoding"}};
    struct lfn_target target;
    PyObject *values[5];
    Py_buffer data;
    uint8_t type;
    if (lfn_take_arguments(&signature, args, count, keywords, values) < 0 ||
        lfn_take_buffer(values[3], "data", PyBUF_SIMPLE, &data) < 0) {
        return NULL;
    }
    PyObject *result = NULL;
    if (take_attribute(module, values[0], values[1], values[2], values[4], &target, &type) == 0) {
        result = store_attribute(&target, type, &data);
        lfn_target_release(&target);
    }
    PyBuffer_Release(&data);
    return result;
}

static PyObject *removeattr(PyObject *module, PyObject *const *args, Py_ssize_t count,
                            PyObject *keywords)
{
    static const struct lfn_signature signature = {
        "removeattr", 3, {"fs", "path", "typ", "filename_encoding"}};
    struct lfn_operation operation;
    struct lfn_target target;
    PyObject *values[4];
    uint8_t type;
    int result = -1;
    if (lfn_take_arguments(&signature, args, count, keywords, values) < 0 ||
        take_attribute(module, values[0], values[1], values[2], values[3], &target, &type) < 0) {
        return NULL;
    }
    if (lfn_begin_mounted(&operation, target.fs) == 0) {
        result =
            lfn_end(&operation, lfk_filesystem_remove_attribute(
                                    target.fs->mounted, target.path.text, type, &operation.detail));
    }
    lfn_target_release(&target);
    if (result < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

PyMethodDef lfn_attribute_functions[] = {
    LFN_FUNCTION("getattr", getattr,
                 "getattr($module, /, fs, path, typ, filename_encoding=None)\n--\n\n"
                 "The bytes of an attribute of a file or a directory; typ is 0 to 255.\n"
                 "LittleFSError: NOATTR; NOENT."),
    LFN_FUNCTION("setattr", setattr,
                 "setattr($module, /, fs, path, typ, data, filename_encoding=None)\n--\n\n"
                 "Adds or replaces an attribute; it may be empty. LittleFSError: NOSPC, more\n"
                 "than attr_max bytes, or no room; NOENT."),
    LFN_FUNCTION("removeattr", removeattr,
                 "removeattr($module, /, fs, path, typ, filename_encoding=None)\n--\n\n"
                 "Removes an attribute, if there is one. LittleFSError NOENT."),
    {NULL, NULL, 0, NULL},
};
