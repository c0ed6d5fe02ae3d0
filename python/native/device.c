/* SPDX-License-Identifier: MIT */
/*
 * The device behind a volume: the context of its configuration.
 *
 * A plain UserContext is a buffer, and is used as one: its functions, which do
 * just that, are not called, unless they were replaced or their calls are to be
 * logged. Of any other context the functions are called. Which it is is looked
 * up at the first access of each operation, so that a context and its buffer can
 * be replaced at any time between them.
 *
 * Invariant: when a function here returns LFK_ERR_IO because of an exception,
 * that is in fs->pending, and no Python code runs any more until the end of the
 * operation.
 */
#include "native.h"

#include <string.h>

static int fail(struct lfk_detail *detail, int status, const char *what)
{
    detail->what = what;
    return status;
}

/* Puts the exception that was raised aside. */
static int give_up(struct lfn_filesystem *fs, struct lfk_detail *detail)
{
    lfn_exception_take(&fs->pending);
    return fail(detail, LFK_ERR_IO, "the context raised an exception");
}

/* --- what kind of context it is ----------------------------------------------------------- */

/* True if context.read is what the class UserContext defines, and so on. */
static bool has_own_methods(const struct lfn_state *state, PyObject *context)
{
    bool own = true;
    for (int i = 0; i < LFN_CALLBACKS && own; i++) {
        PyObject *method = PyObject_GetAttr(context, state->callback_names[i]);
        own = method != NULL && PyMethod_Check(method) &&
              PyMethod_GET_FUNCTION(method) == state->user_context_methods[i];
        Py_XDECREF(method);
    }
    PyErr_Clear();
    return own;
}

/* 1, 0, or -1 with an exception. */
static int is_logged(const struct lfn_state *state)
{
    PyObject *answer = PyObject_CallFunctionObjArgs(state->is_logging, state->debug_level, NULL);
    int logged = answer != NULL ? PyObject_IsTrue(answer) : -1;
    Py_XDECREF(answer);
    return logged;
}

/* Takes the buffer of a plain context, if it is one that can be used. */
static void take_buffer(struct lfn_filesystem *fs, PyObject *context)
{
    struct lfn_device *device = &fs->device;
    PyObject *buffer = PyObject_GetAttr(context, fs->state->buffer_name);
    if (buffer != NULL && PyObject_GetBuffer(buffer, &device->buffer, PyBUF_WRITABLE) == 0) {
        device->has_buffer = true;
        device->is_writable = true;
    } else if (buffer != NULL) {
        PyErr_Clear();
        device->has_buffer = PyObject_GetBuffer(buffer, &device->buffer, PyBUF_SIMPLE) == 0;
    }
    Py_XDECREF(buffer);
    PyErr_Clear(); /* then its functions are called, and say what is wrong */
}

static int bind(struct lfn_filesystem *fs)
{
    struct lfn_device *device = &fs->device;
    const struct lfn_state *state = fs->state;
    PyObject *context = fs->config->context != NULL ? fs->config->context : Py_None;
    device->is_bound = true;
    Py_INCREF(context);
    device->context = context;
    if ((PyObject *)Py_TYPE(context) != state->user_context_type ||
        !has_own_methods(state, context)) {
        return 0;
    }
    int logged = is_logged(state);
    if (logged == 0) {
        take_buffer(fs, context);
    }
    return logged < 0 ? -1 : 0;
}

/* Makes sure that the device is bound and may be used. */
static int reach(struct lfn_filesystem *fs, struct lfk_detail *detail)
{
    if (fs->pending.type != NULL) {
        return fail(detail, LFK_ERR_IO, "the context raised an exception before");
    }
    return fs->device.is_bound || bind(fs) == 0 ? LFK_OK : give_up(fs, detail);
}

bool lfn_device_is_native(struct lfn_filesystem *fs)
{
    struct lfk_detail unused = {0};
    return reach(fs, &unused) == LFK_OK && fs->device.has_buffer;
}

void lfn_device_release(struct lfn_device *device)
{
    if (device->has_buffer) {
        PyBuffer_Release(&device->buffer);
    }
    Py_CLEAR(device->context);
}

/* --- a buffer ------------------------------------------------------------------------------- */

/* How many of `size` bytes from there on the buffer has. */
static size_t bytes_there(const struct lfn_filesystem *fs, uint32_t block, uint32_t offset,
                          uint32_t size)
{
    uint64_t start = (uint64_t)block * fs->block_size + offset;
    uint64_t length = (uint64_t)fs->device.buffer.len;
    uint64_t there = start < length ? length - start : 0;
    return (size_t)Py_MIN(there, size);
}

static char *bytes_at(const struct lfn_filesystem *fs, uint32_t block, uint32_t offset)
{
    return (char *)fs->device.buffer.buf + (size_t)block * fs->block_size + offset;
}

/* What lies beyond the end is erased flash. */
static int read_buffer(const struct lfn_filesystem *fs, uint32_t block, uint32_t offset,
                       void *buffer, uint32_t size)
{
    size_t there = bytes_there(fs, block, offset, size);
    if (there > 0) {
        memmove(buffer, bytes_at(fs, block, offset), there);
    }
    memset((char *)buffer + there, 0xff, size - there);
    return LFK_OK;
}

/* A block that is not wholly in the buffer is bad: another takes its place. */
static int check_place(const struct lfn_filesystem *fs, uint32_t block, struct lfk_detail *detail)
{
    uint32_t size = fs->block_size;
    if (!fs->device.is_writable) {
        return fail(detail, LFK_ERR_IO, "the buffer of the context cannot be written to");
    }
    if (bytes_there(fs, block, 0, size) < size) {
        return fail(detail, LFK_ERR_CORRUPT, "the block is beyond the buffer of the context");
    }
    return LFK_OK;
}

/* --- functions in Python --------------------------------------------------------------------- */

/* Calls context.NAME(cfg, ...); takes over the arguments, at most three. A new reference. */
static PyObject *call(struct lfn_filesystem *fs, enum lfn_callback callback, PyObject *arguments[],
                      size_t count)
{
    PyObject *stack[5] = {fs->device.context, (PyObject *)fs->config, NULL, NULL, NULL};
    bool complete = true;
    for (size_t i = 0; i < count; i++) {
        stack[2 + i] = arguments[i];
        complete = complete && arguments[i] != NULL;
    }
    PyObject *result = NULL;
    if (complete) {
        result =
            PyObject_VectorcallMethod(fs->state->callback_names[callback], stack, 2 + count, NULL);
    }
    for (size_t i = 0; i < count; i++) {
        Py_XDECREF(arguments[i]);
    }
    return result;
}

/* What a function other than read returned: None is 0, as is what succeeds. */
static int take_status(struct lfn_filesystem *fs, PyObject *result, struct lfk_detail *detail)
{
    long long status = 0;
    if (result == NULL ||
        (result != Py_None &&
         lfn_take_integer(result, "what a context returns", INT32_MIN, INT32_MAX, &status) < 0)) {
        Py_XDECREF(result);
        return give_up(fs, detail);
    }
    Py_DECREF(result);
    if (status > 0) {
        return fail(detail, LFK_ERR_IO, "the context returned a positive number");
    }
    return (int)status;
}

/* Copies what read returned; what is beyond the size is cut. */
static int take_bytes(PyObject *result, void *buffer, uint32_t size)
{
    Py_buffer view;
    if (lfn_take_buffer(result, "what a context's read returns", PyBUF_SIMPLE, &view) < 0) {
        return -1;
    }
    bool enough = (size_t)view.len >= size;
    if (enough) {
        memcpy(buffer, view.buf, size);
    } else {
        PyErr_Format(PyExc_ValueError, "the context's read returned %zd of %u bytes", view.len,
                     (unsigned)size);
    }
    PyBuffer_Release(&view);
    return enough ? 0 : -1;
}

static int call_read(struct lfn_filesystem *fs, uint32_t block, uint32_t offset, void *buffer,
                     uint32_t size, struct lfk_detail *detail)
{
    PyObject *arguments[] = {PyLong_FromUnsignedLong(block), PyLong_FromUnsignedLong(offset),
                             PyLong_FromUnsignedLong(size)};
    PyObject *result = call(fs, LFN_READ, arguments, 3);
    int taken = result != NULL ? take_bytes(result, buffer, size) : -1;
    Py_XDECREF(result);
    return taken == 0 ? LFK_OK : give_up(fs, detail);
}

/* --- what the engine calls ----------------------------------------------------------------------
 */

static int device_read(void *context, uint32_t block, uint32_t offset, void *buffer, uint32_t size,
                       struct lfk_detail *detail)
{
    struct lfn_filesystem *fs = context;
    int result = reach(fs, detail);
    if (result < 0) {
        return result;
    }
    if (fs->device.has_buffer) {
        return read_buffer(fs, block, offset, buffer, size);
    }
    return call_read(fs, block, offset, buffer, size, detail);
}

static int device_prog(void *context, uint32_t block, uint32_t offset, const void *buffer,
                       uint32_t size, struct lfk_detail *detail)
{
    struct lfn_filesystem *fs = context;
    int result = reach(fs, detail);
    if (result < 0) {
        return result;
    }
    if (fs->device.has_buffer) {
        result = check_place(fs, block, detail);
        if (result == LFK_OK) {
            memmove(bytes_at(fs, block, offset), buffer, size);
        }
        return result;
    }
    PyObject *arguments[] = {PyLong_FromUnsignedLong(block), PyLong_FromUnsignedLong(offset),
                             PyBytes_FromStringAndSize(buffer, (Py_ssize_t)size)};
    return take_status(fs, call(fs, LFN_PROG, arguments, 3), detail);
}

static int device_erase(void *context, uint32_t block, struct lfk_detail *detail)
{
    struct lfn_filesystem *fs = context;
    int result = reach(fs, detail);
    if (result < 0) {
        return result;
    }
    if (fs->device.has_buffer) {
        result = check_place(fs, block, detail);
        if (result == LFK_OK) {
            memset(bytes_at(fs, block, 0), 0xff, fs->block_size);
        }
        return result;
    }
    PyObject *arguments[] = {PyLong_FromUnsignedLong(block)};
    return take_status(fs, call(fs, LFN_ERASE, arguments, 1), detail);
}

static int device_sync(void *context, struct lfk_detail *detail)
{
    struct lfn_filesystem *fs = context;
    int result = reach(fs, detail);
    if (result < 0 || fs->device.has_buffer) {
        return result;
    }
    return take_status(fs, call(fs, LFN_SYNC, NULL, 0), detail);
}

void lfn_device_describe(struct lfn_filesystem *fs, struct lfk_device *device)
{
    *device = (struct lfk_device){
        .size = sizeof(*device),
        .context = fs,
        .read = device_read,
        .prog = device_prog,
        .erase = device_erase,
        .sync = device_sync,
    };
}
