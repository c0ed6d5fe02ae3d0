/* SPDX-License-Identifier: MIT */
/*
 * littlefs.lfs: attributes of files and directories.
 */
#include "native.h"

#define ATTRIBUTE_MAX 1022u /* bytes */

/* A path, and a type from 0 to 255. */
struct attribute {
    struct lfn_target target;
    uint8_t type;
};

static int take_attribute(PyObject *module, PyObject *fs, PyObject *path, PyObject *typ,
                          PyObject *encoding, struct attribute *attribute)
{
    long long number;
    if (lfn_take_integer(typ, "typ", 0, UINT8_MAX, &number) < 0) {
        return -1;
    }
    attribute->type = (uint8_t)number;
    return lfn_take_target(module, fs, path, "path", encoding, &attribute->target);
}

/* For functions whose arguments say which attribute it is, and nothing else. */
static int take_attribute_alone(PyObject *module, const char *function, PyObject *const *args,
                                Py_ssize_t count, PyObject *keywords, struct attribute *attribute)
{
    const struct lfn_signature signature = {
        function, 3, {"fs", "path", "typ", "filename_encoding"}};
    PyObject *values[4];
    if (lfn_take_arguments(&signature, args, count, keywords, values) < 0) {
        return -1;
    }
    return take_attribute(module, values[0], values[1], values[2], values[3], attribute);
}

static PyObject *getattr(PyObject *module, PyObject *const *args, Py_ssize_t count,
                         PyObject *keywords)
{
    struct lfn_operation operation;
    struct attribute attribute;
    char data[ATTRIBUTE_MAX];
    int size = -1;
    if (take_attribute_alone(module, "getattr", args, count, keywords, &attribute) < 0) {
        return NULL;
    }
    const struct lfn_target *target = &attribute.target;
    if (lfn_begin_target(&operation, target) == 0) {
        size = lfk_filesystem_get_attribute(target->fs->mounted, target->path.text, attribute.type,
                                            data, sizeof(data), &operation.detail);
        size = lfn_end(&operation, size);
    }
    lfn_target_release(&attribute.target);
    return size < 0 ? NULL : PyBytes_FromStringAndSize(data, size);
}

/* Functions that change one return None. */
static PyObject *end(struct lfn_operation *operation, int result)
{
    if (lfn_end(operation, result) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *store_attribute(const struct attribute *attribute, const Py_buffer *data)
{
    const struct lfn_target *target = &attribute->target;
    struct lfn_operation operation;
    if (lfn_begin_target(&operation, target) < 0) {
        return NULL;
    }
    /* What is too long for 32 bits is too long for an attribute. */
    uint32_t size = (uint32_t)Py_MIN((uint64_t)data->len, UINT32_MAX);
    return end(&operation,
               lfk_filesystem_set_attribute(target->fs->mounted, target->path.text, attribute->type,
                                            data->buf, size, &operation.detail));
}

static PyObject *setattr(PyObject *module, PyObject *const *args, Py_ssize_t count,
                         PyObject *keywords)
{
    static const struct lfn_signature signature = {
        "setattr", 4, {"fs", "path", "typ", "data", "filename_encoding"}};
    struct attribute attribute;
    PyObject *values[5];
    Py_buffer data;
    if (lfn_take_arguments(&signature, args, count, keywords, values) < 0 ||
        lfn_take_buffer(values[3], "data", PyBUF_SIMPLE, &data) < 0) {
        return NULL;
    }
    PyObject *result = NULL;
    if (take_attribute(module, values[0], values[1], values[2], values[4], &attribute) == 0) {
        result = store_attribute(&attribute, &data);
        lfn_target_release(&attribute.target);
    }
    PyBuffer_Release(&data);
    return result;
}

static PyObject *removeattr(PyObject *module, PyObject *const *args, Py_ssize_t count,
                            PyObject *keywords)
{
    struct lfn_operation operation;
    struct attribute attribute;
    PyObject *result = NULL;
    if (take_attribute_alone(module, "removeattr", args, count, keywords, &attribute) < 0) {
        return NULL;
    }
    const struct lfn_target *target = &attribute.target;
    if (lfn_begin_target(&operation, target) == 0) {
        result =
            end(&operation, lfk_filesystem_remove_attribute(target->fs->mounted, target->path.text,
                                                            attribute.type, &operation.detail));
    }
    lfn_target_release(&attribute.target);
    return result;
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
