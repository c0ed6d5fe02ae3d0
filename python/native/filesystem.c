/* SPDX-License-Identifier: MIT */
/*
 * LFSFilesystem: a volume, mounted or not.
 */
#include "native.h"

#include <stddef.h>
#include <structmember.h>

struct lfn_filesystem *lfn_take_filesystem(const struct lfn_state *state, PyObject *value)
{
    if (!PyObject_TypeCheck(value, state->filesystem_type)) {
        PyErr_Format(PyExc_TypeError, "fs must be LFSFilesystem, not %.100s",
                     Py_TYPE(value)->tp_name);
        return NULL;
    }
    return (struct lfn_filesystem *)value;
}

static PyObject *filesystem_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    PyObject *module = lfn_module_of_type(type);
    if (module == NULL) {
        return NULL;
    }
    struct lfn_state *state = lfn_state_of(module);
    if (type == state->filesystem_type &&
        (PyTuple_GET_SIZE(args) > 0 || (keywords != NULL && PyDict_GET_SIZE(keywords) > 0))) {
        PyErr_SetString(PyExc_TypeError, "LFSFilesystem() takes no arguments");
        return NULL;
    }
    PyObject *self = type->tp_alloc(type, 0);
    if (self == NULL) {
        return NULL;
    }
    struct lfn_filesystem *fs = (struct lfn_filesystem *)self;
    Py_INCREF(module);
    fs->module = module;
    fs->state = state;
    fs->lock = PyThread_allocate_lock();
    if (fs->lock == NULL) {
        Py_DECREF(self);
        return PyErr_NoMemory();
    }
    return self;
}

static int filesystem_traverse(PyObject *self, visitproc visit, void *arg)
{
    const struct lfn_filesystem *fs = (const struct lfn_filesystem *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(fs->module);
    Py_VISIT(fs->config);
    Py_VISIT(fs->seen_context);
    Py_VISIT(fs->seen_buffer);
    Py_VISIT(fs->deferred);
    return 0;
}

/*
 * A volume that is garbage together with files open on it, which have a reference to
 * it: it stores them while all it takes is there. Buffers over them follow in their
 * own finalizers.
 */
static void filesystem_finalize(PyObject *self)
{
    struct lfn_filesystem *fs = (struct lfn_filesystem *)self;
    struct lfn_operation operation;
    struct lfn_exception raised;
    if (fs->handles == NULL) {
        return;
    }
    lfn_exception_take(&raised);
    int result = lfn_begin(&operation, fs);
    if (result == 0) {
        lfn_sync_handles(fs);
        result = lfn_end(&operation, LFK_OK);
    }
    if (result < 0) {
        PyErr_WriteUnraisable(self);
    }
    lfn_exception_raise(&raised);
}

/* What is not reachable is in no operation. The module stays: objects that go later need its state.
 */
static int filesystem_clear(PyObject *self)
{
    struct lfn_filesystem *fs = (struct lfn_filesystem *)self;
    lfn_forget_volume(fs);
    Py_CLEAR(fs->deferred);
    return 0;
}

static void filesystem_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    struct lfn_filesystem *fs = (struct lfn_filesystem *)self;
    PyObject_GC_UnTrack(self);
    if (fs->weak_references != NULL) {
        PyObject_ClearWeakRefs(self);
    }
    (void)filesystem_clear(self);
    Py_XDECREF(fs->module);
    if (fs->lock != NULL) {
        PyThread_free_lock(fs->lock);
    }
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *get_block_count(PyObject *self, void *closure)
{
    (void)closure;
    return PyLong_FromUnsignedLong(((struct lfn_filesystem *)self)->block_count);
}

static PyGetSetDef filesystem_properties[] = {
    {"block_count", get_block_count, NULL,
     "Blocks of the volume; 0 before it was mounted or made for the first time.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef filesystem_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(struct lfn_filesystem, weak_references), READONLY,
     NULL},
    {NULL, 0, 0, 0, NULL},
};

static const char filesystem_doc[] =
    "LFSFilesystem()\n--\n\n"
    "A volume; mount() makes it one that can be used.\n\n"
    "It keeps its LFSConfig while it is mounted. Threads may share it: one waits for\n"
    "the other. A context whose functions use the volume that calls them gets a\n"
    "RuntimeError. A volume whose context, or the buffer of it, was replaced is mounted\n"
    "anew before it is used again; what else was changed behind its back it sees after\n"
    "mount(). What is open when it is unmounted, mounted again or formatted is closed\n"
    "without being stored.";

static PyType_Slot filesystem_slots[] = {
    {Py_tp_doc, (void *)filesystem_doc},
    {Py_tp_new, filesystem_new},
    {Py_tp_traverse, filesystem_traverse},
    {Py_tp_clear, filesystem_clear},
    {Py_tp_finalize, filesystem_finalize},
    {Py_tp_dealloc, filesystem_dealloc},
    {Py_tp_getset, filesystem_properties},
    {Py_tp_members, filesystem_members},
    {0, NULL},
};

PyType_Spec lfn_filesystem_spec = {
    .name = "littlefs.lfs.LFSFilesystem",
    .basicsize = sizeof(struct lfn_filesystem),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = filesystem_slots,
};
