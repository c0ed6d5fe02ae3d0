/* SPDX-License-Identifier: MIT */
/*
 * Trees of files from Python's: a dict of names, whose values are bytes-like for
 * files and dicts for directories; (value, {type: bytes-like}) gives either
 * attributes.
 *
 * Files' bytes are not copied: their buffers are held until the tree goes.
 */
#include "native.h"

#include "tree.h"

#include <string.h>

struct lfn_held {
    struct lfn_held *next;
    Py_buffer buffer;
};

/* --- memory that is held ----------------------------------------------------------- */

static Py_buffer *hold(struct lfn_tree *tree, PyObject *value, const char *name)
{
    struct lfn_held *held = PyMem_Malloc(sizeof(*held));
    if (held == NULL) {
        PyErr_NoMemory();
        return NULL;
    }
    if (lfn_take_buffer(value, name, PyBUF_SIMPLE, &held->buffer) < 0) {
        PyMem_Free(held);
        return NULL;
    }
    held->next = tree->held;
    tree->held = held;
    return &held->buffer;
}

void lfn_tree_release(struct lfn_tree *tree)
{
    lfk_tree_destroy(tree->tree);
    tree->tree = NULL;
    while (tree->held != NULL) {
        struct lfn_held *held = tree->held;
        tree->held = held->next;
        PyBuffer_Release(&held->buffer);
        PyMem_Free(held);
    }
}

/* --- entries --------------------------------------------------------------------------- */

/* Raises what adding an entry gave, if it is an error. */
static int check(const struct lfn_tree *tree, int result, PyObject *subject, const char *what)
{
    if (result == LFK_OK) {
        return 0;
    }
    struct lfk_detail detail = {.what = result == LFK_ERR_NOMEM ? NULL : what};
    PyObject *text = PyObject_Repr(subject);
    const char *name = text != NULL ? PyUnicode_AsUTF8(text) : NULL;
    if (name != NULL) {
        lfn_raise_about(tree->state, result, &detail, NULL, name);
    }
    Py_XDECREF(text);
    return -1;
}

static int add_attributes(struct lfn_tree *tree, struct lfk_node *node, PyObject *attributes)
{
    PyObject *items = PyDict_Check(attributes) ? PyDict_Items(attributes) : NULL;
    int result = items != NULL ? 0 : -1;
    if (items == NULL && PyErr_Occurred() == NULL) {
        PyErr_Format(PyExc_TypeError, "attributes must be a dict, not %.100s",
                     Py_TYPE(attributes)->tp_name);
    }
    for (Py_ssize_t i = 0; result == 0 && i < PyList_GET_SIZE(items); i++) {
        PyObject *item = PyList_GET_ITEM(items, i);
        long long type;
        Py_buffer data;
        result =
            lfn_take_integer(PyTuple_GET_ITEM(item, 0), "an attribute's type", 0, UINT8_MAX, &type);
        if (result == 0) {
            result =
                lfn_take_buffer(PyTuple_GET_ITEM(item, 1), "an attribute", PyBUF_SIMPLE, &data);
        }
        if (result == 0) {
            int set =
                lfk_tree_set_attribute(tree->tree, node, (uint8_t)type, data.buf, (size_t)data.len);
            PyBuffer_Release(&data);
            result = check(tree, set, PyTuple_GET_ITEM(item, 0), "attribute is too large");
        }
    }
    Py_XDECREF(items);
    return result;
}

/* As deep as the dicts are nested; Python's own limit ends it with a RecursionError. */
/* NOLINTBEGIN(misc-no-recursion) */
static int add_directory(struct lfn_tree *tree, struct lfk_node *directory, PyObject *entries);

static int add_node(struct lfn_tree *tree, struct lfk_node *directory, PyObject *name,
                    const struct lfn_path *encoded, PyObject *content, struct lfk_node **node)
{
    static const char unfit[] = "is no name of a file";
    size_t size = strlen(encoded->text);
    if (PyDict_Check(content)) {
        int made = lfk_tree_add_dir(tree->tree, directory, encoded->text, size, node);
        return check(tree, made, name, unfit) < 0 ? -1 : add_directory(tree, *node, content);
    }
    const Py_buffer *data = hold(tree, content, "the content of a file");
    if (data == NULL) {
        return -1;
    }
    int made = lfk_tree_add_file(tree->tree, directory, encoded->text, size, data->buf,
                                 (size_t)data->len, node);
    return check(tree, made, name, unfit);
}

/* Splits a value into its content and its attributes, which may be NULL; both borrowed. */
static int split(PyObject *value, PyObject **content, PyObject **attributes)
{
    *content = value;
    *attributes = NULL;
    if (PyTuple_Check(value)) {
        if (PyTuple_GET_SIZE(value) != 2) {
            PyErr_SetString(PyExc_TypeError, "an entry is its content or (content, attributes)");
            return -1;
        }
        *content = PyTuple_GET_ITEM(value, 0);
        *attributes = PyTuple_GET_ITEM(value, 1);
    }
    return 0;
}

static int add_entry(struct lfn_tree *tree, struct lfk_node *directory, PyObject *name,
                     PyObject *value)
{
    struct lfk_node *node = NULL;
    struct lfn_path encoded;
    PyObject *content;
    PyObject *attributes;
    if (split(value, &content, &attributes) < 0 ||
        lfn_take_path(name, "a name", &tree->encoding, &encoded) < 0) {
        return -1;
    }
    int result = add_node(tree, directory, name, &encoded, content, &node);
    if (result == 0 && attributes != NULL) {
        result = add_attributes(tree, node, attributes);
    }
    lfn_path_release(&encoded);
    return result;
}

/* The items are a copy: making a buffer may run code that changes the dict. */
static int add_directory(struct lfn_tree *tree, struct lfk_node *directory, PyObject *entries)
{
    PyObject *items = PyDict_Items(entries);
    if (items == NULL || Py_EnterRecursiveCall(" while making a tree of files") != 0) {
        Py_XDECREF(items);
        return -1;
    }
    int result = 0;
    for (Py_ssize_t i = 0; result == 0 && i < PyList_GET_SIZE(items); i++) {
        PyObject *item = PyList_GET_ITEM(items, i);
        result = add_entry(tree, directory, PyTuple_GET_ITEM(item, 0), PyTuple_GET_ITEM(item, 1));
    }
    Py_LeaveRecursiveCall();
    Py_DECREF(items);
    return result;
}

/* NOLINTEND(misc-no-recursion) */

int lfn_tree_add(struct lfn_tree *tree, PyObject *value)
{
    PyObject *content;
    PyObject *attributes;
    struct lfk_node *root = lfk_tree_root(tree->tree);
    if (split(value, &content, &attributes) < 0) {
        return -1;
    }
    if (!PyDict_Check(content)) {
        PyErr_Format(PyExc_TypeError, "tree must be a dict or a path, not %.100s",
                     Py_TYPE(content)->tp_name);
        return -1;
    }
    if (attributes != NULL && add_attributes(tree, root, attributes) < 0) {
        return -1;
    }
    return add_directory(tree, root, content);
}
