/* SPDX-License-Identifier: MIT */
/*
 * LFSFile and LFSDirectory: what is open on a volume.
 *
 * An object that is deleted while it is open is closed, which stores a file. If
 * its volume is in use just then, what is left of it is closed by who uses it, at
 * the end. That is not done by a finalizer: those of a cycle are called in any
 * order, and the buffers over a file have to write to it in theirs.
 *
 * Invariant: a handle is on the list of its volume, and owns a reference to it,
 * from the moment it is opened until it is closed or the volume is forgotten.
 */
#include "native.h"

#include <string.h>

/* Littlefs's own bits in the flags of an open file, LFS_F_*. */
#define FLAG_DIRTY 0x010000u
#define FLAG_WRITING 0x020000u
#define FLAG_ERRED 0x080000u
#define FLAG_INLINE 0x100000u
#define FLAGS_OF_OPEN 0xffffu

/* What is left of a handle that was deleted during an operation. */
struct lfn_leftover {
    struct lfn_leftover *next; /* on fs->abandoned */
    struct lfk_file *file;     /* one of the two */
    struct lfk_directory *directory;
};

PyObject *lfn_handle_new(const struct lfn_state *state, PyTypeObject *type)
{
    PyObject *made = type->tp_alloc(type, 0);
    struct lfn_handle *handle = (struct lfn_handle *)made;
    if (made == NULL) {
        return NULL;
    }
    handle->is_file = type == state->file_type;
    handle->leftover = PyMem_RawCalloc(1, sizeof(*handle->leftover));
    if (handle->leftover == NULL) {
        Py_DECREF(made);
        return PyErr_NoMemory();
    }
    return made;
}

/* The argument as a handle of that type; NULL: TypeError. */
static struct lfn_handle *take_handle(PyTypeObject *type, PyObject *value, const char *name)
{
    if (!PyObject_TypeCheck(value, type)) {
        PyErr_Format(PyExc_TypeError, "%s must be %s, not %.100s", name,
                     strrchr(type->tp_name, '.') + 1, Py_TYPE(value)->tp_name);
        return NULL;
    }
    return (struct lfn_handle *)value;
}

struct lfn_handle *lfn_take_open(PyTypeObject *type, PyObject *module,
                                 const struct lfn_signature *signature, PyObject *const *args,
                                 Py_ssize_t count, PyObject *keywords, PyObject **values,
                                 struct lfn_filesystem **fs)
{
    if (lfn_take_arguments(signature, args, count, keywords, values) < 0) {
        return NULL;
    }
    *fs = lfn_take_filesystem(lfn_state_of(module), values[0]);
    return *fs != NULL ? take_handle(type, values[1], signature->parameters[1]) : NULL;
}

/* --- the list of a volume ---------------------------------------------------------------- */

void lfn_handle_attach(struct lfn_handle *handle, struct lfn_filesystem *fs)
{
    Py_INCREF(fs);
    handle->fs = fs;
    handle->next = fs->handles;
    handle->link = &fs->handles;
    if (handle->next != NULL) {
        handle->next->link = &handle->next;
    }
    fs->handles = handle;
}

void lfn_handle_invalidate(struct lfn_handle *handle)
{
    struct lfn_filesystem *fs = handle->fs;
    if (handle->is_file) {
        ((struct lfn_file *)handle)->opened = NULL;
    } else {
        ((struct lfn_directory *)handle)->opened = NULL;
    }
    *handle->link = handle->next;
    if (handle->next != NULL) {
        handle->next->link = handle->link;
    }
    handle->fs = NULL;
    Py_DECREF(fs);
}

int lfn_handle_close(struct lfn_handle *handle, struct lfk_detail *detail)
{
    int result = LFK_OK;
    if (handle->is_file) {
        result = lfk_file_close(((struct lfn_file *)handle)->opened, detail);
    } else {
        lfk_directory_close(((struct lfn_directory *)handle)->opened);
    }
    lfn_handle_invalidate(handle);
    return result;
}

/* --- deletion ------------------------------------------------------------------------------- */

static void report_failure(struct lfn_filesystem *fs, int result, const struct lfk_detail *detail)
{
    if (fs->pending.type != NULL) {
        lfn_exception_raise(&fs->pending);
        PyErr_WriteUnraisable(NULL);
    } else if (result < 0) {
        lfn_raise(fs->state, result, detail, NULL);
        PyErr_WriteUnraisable(NULL);
    }
}

void lfn_sync_handles(struct lfn_filesystem *fs)
{
    struct lfn_handle *handle = fs->handles;
    Py_XINCREF(handle);
    while (handle != NULL) {
        struct lfk_detail detail = {0};
        if (handle->is_file) {
            int result = lfk_file_sync(((struct lfn_file *)handle)->opened, &detail);
            report_failure(fs, result, &detail);
        }
        /* One to which there is a reference stays on the list. */
        struct lfn_handle *next = handle->next;
        Py_XINCREF(next);
        Py_DECREF(handle);
        handle = next;
    }
}

void lfn_close_abandoned(struct lfn_filesystem *fs)
{
    while (fs->abandoned != NULL) {
        struct lfn_leftover *leftover = fs->abandoned;
        struct lfk_detail detail = {0};
        int result = LFK_OK;
        fs->abandoned = leftover->next;
        if (leftover->file != NULL) {
            result = lfk_file_close(leftover->file, &detail);
        } else {
            lfk_directory_close(leftover->directory);
        }
        PyMem_RawFree(leftover);
        report_failure(fs, result, &detail);
    }
}

/* Leaves what is open to who uses the volume. */
static void abandon(struct lfn_handle *handle)
{
    struct lfn_filesystem *fs = handle->fs;
    struct lfn_leftover *leftover = handle->leftover;
    if (handle->is_file) {
        leftover->file = ((struct lfn_file *)handle)->opened;
    } else {
        leftover->directory = ((struct lfn_directory *)handle)->opened;
    }
    leftover->next = fs->abandoned;
    fs->abandoned = leftover;
    handle->leftover = NULL;
    lfn_handle_invalidate(handle);
}

/* The handle has no references any more, so nothing may be told of it. */
static void close_now(struct lfn_handle *handle)
{
    struct lfn_operation operation;
    struct lfn_filesystem *fs = handle->fs;
    Py_INCREF(fs);
    if (lfn_begin(&operation, fs) < 0) {
        PyErr_WriteUnraisable((PyObject *)fs);
    } else {
        int result = handle->fs != NULL ? lfn_handle_close(handle, &operation.detail) : LFK_OK;
        if (lfn_end(&operation, result) < 0) {
            PyErr_WriteUnraisable((PyObject *)fs);
        }
    }
    Py_DECREF(fs);
}

static void handle_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    struct lfn_handle *handle = (struct lfn_handle *)self;
    struct lfn_exception raised;
    PyObject_GC_UnTrack(self);
    if (handle->fs != NULL) {
        lfn_exception_take(&raised);
        if (handle->fs->owner != 0) {
            abandon(handle);
        } else {
            close_now(handle);
        }
        lfn_exception_raise(&raised);
    }
    if (handle->fs != NULL) { /* closing it was interrupted: the volume keeps what is open */
        lfn_handle_invalidate(handle);
    }
    PyMem_RawFree(handle->leftover);
    type->tp_free(self);
    Py_DECREF(type);
}

static int handle_traverse(PyObject *self, visitproc visit, void *arg)
{
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((struct lfn_handle *)self)->fs);
    return 0;
}

/* --- the types ---------------------------------------------------------------------------------
 */

void lfn_file_show(struct lfn_file *file, uint32_t reading)
{
    struct lfk_file_info info;
    lfk_file_info(file->opened, &info);
    file->flags = (file->flags & FLAGS_OF_OPEN) | reading | (info.is_inline ? FLAG_INLINE : 0) |
                  (info.is_dirty ? FLAG_DIRTY : 0) | (info.is_writing ? FLAG_WRITING : 0) |
                  (info.has_failed ? FLAG_ERRED : 0);
}

static PyObject *get_flags(PyObject *self, void *closure)
{
    struct lfn_state *state = lfn_state_of_type(Py_TYPE(self));
    (void)closure;
    return state != NULL ? PyObject_CallFunction(state->flag_type, "k",
                                                 (unsigned long)((struct lfn_file *)self)->flags)
                         : NULL;
}

static PyGetSetDef file_properties[] = {
    {"flags", get_flags, NULL,
     "LFSFileFlag it was opened with, and littlefs's internal ones; 0 before it was opened.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static const char file_doc[] = "LFSFile()\n--\n\n"
                               "A file that file_open opened, or none. One that is deleted is "
                               "closed, which stores it.";

static const char directory_doc[] = "LFSDirectory()\n--\n\n"
                                    "A directory that dir_open opened, or none.";

static PyType_Slot file_slots[] = {
    {Py_tp_doc, (void *)file_doc},   {Py_tp_new, PyType_GenericNew},
    {Py_tp_dealloc, handle_dealloc}, {Py_tp_traverse, handle_traverse},
    {Py_tp_getset, file_properties}, {0, NULL},
};

static PyType_Slot directory_slots[] = {
    {Py_tp_doc, (void *)directory_doc},
    {Py_tp_new, PyType_GenericNew},
    {Py_tp_dealloc, handle_dealloc},
    {Py_tp_traverse, handle_traverse},
    {0, NULL},
};

PyType_Spec lfn_file_spec = {
    .name = "littlefs.lfs.LFSFile",
    .basicsize = sizeof(struct lfn_file),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = file_slots,
};

PyType_Spec lfn_directory_spec = {
    .name = "littlefs.lfs.LFSDirectory",
    .basicsize = sizeof(struct lfn_directory),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = directory_slots,
};
