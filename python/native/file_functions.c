/* SPDX-License-Identifier: MIT */
/*
 * littlefs.lfs: files.
 */
#include "native.h"

#define FILE_SIZE_MAX 2147483647u
#define ARGUMENTS_MAX 2 /* behind fs and fh */

/* A call on an open file, its arguments taken and its operation begun. */
struct file_call {
    struct lfn_operation operation;
    struct lfn_filesystem *fs;
    struct lfn_file *file;
    PyObject *values[2 + ARGUMENTS_MAX];
};

static int take_file(struct file_call *call, PyObject *module,
                     const struct lfn_signature *signature, PyObject *const *args, Py_ssize_t count,
                     PyObject *keywords)
{
    call->file =
        (struct lfn_file *)lfn_take_open(lfn_state_of(module)->file_type, module, signature, args,
                                         count, keywords, call->values, &call->fs);
    return call->file != NULL ? 0 : -1;
}

static int begin(struct file_call *call)
{
    return lfn_begin_handle(&call->operation, call->fs, &call->file->handle);
}

/* Brings the flags up to date before the lock is given back. */
static PyObject *end(struct file_call *call, int result)
{
    lfn_file_show(call->file, 0);
    return lfn_end_number(&call->operation, result);
}

/* For functions whose arguments are fs and fh alone. */
static int begin_plain(struct file_call *call, PyObject *module, const char *function,
                       PyObject *const *args, Py_ssize_t count, PyObject *keywords)
{
    const struct lfn_signature signature = {function, 2, {"fs", "fh"}};
    return take_file(call, module, &signature, args, count, keywords) < 0 ? -1 : begin(call);
}

/* --- opening and closing ------------------------------------------------------------- */

static PyObject *open_target(const struct lfn_state *state, const struct lfn_target *target,
                             int flags)
{
    struct lfn_operation operation;
    PyObject *made = lfn_handle_new(state, state->file_type);
    struct lfn_file *file = (struct lfn_file *)made;
    if (made == NULL || lfn_begin_target(&operation, target) < 0) {
        Py_XDECREF(made);
        return NULL;
    }
    int result = lfk_file_open(&file->opened, target->fs->mounted, target->path.text, flags, NULL,
                               &operation.detail);
    if (result == LFK_OK) {
        lfn_handle_attach(&file->handle, target->fs);
        file->flags = (uint32_t)flags;
        lfn_file_show(file, 0);
    }
    if (lfn_end(&operation, result) < 0) {
        Py_DECREF(made);
        return NULL;
    }
    return made;
}

static PyObject *file_open(PyObject *module, PyObject *const *args, Py_ssize_t count,
                           PyObject *keywords)
{
    static const struct lfn_signature signature = {
        "file_open", 3, {"fs", "path", "flags", "filename_encoding"}};
    struct lfn_target target;
    PyObject *values[4];
    int flags;
    if (lfn_take_arguments(&signature, args, count, keywords, values) < 0 ||
        lfn_take_flags(values[2], &flags) < 0 ||
        lfn_take_target(module, values[0], values[1], "path", values[3], &target) < 0) {
        return NULL;
    }
    PyObject *file = open_target(lfn_state_of(module), &target, flags);
    lfn_target_release(&target);
    return file;
}

static PyObject *file_open_cfg(PyObject *module, PyObject *const *args, Py_ssize_t count,
                               PyObject *keywords)
{
    static const struct lfn_signature signature = {
        "file_open_cfg", 4, {"self", "path", "flags", "config"}};
    PyObject *values[4];
    (void)module;
    if (lfn_take_arguments(&signature, args, count, keywords, values) == 0) {
        PyErr_SetString(PyExc_NotImplementedError, "file_open_cfg: use file_open");
    }
    return NULL;
}

static PyObject *file_close(PyObject *module, PyObject *const *args, Py_ssize_t count,
                            PyObject *keywords)
{
    struct file_call call;
    if (begin_plain(&call, module, "file_close", args, count, keywords) < 0) {
        return NULL;
    }
    int result = lfn_handle_close(&call.file->handle, &call.operation.detail);
    return lfn_end_number(&call.operation, result);
}

static PyObject *file_sync(PyObject *module, PyObject *const *args, Py_ssize_t count,
                           PyObject *keywords)
{
    struct file_call call;
    if (begin_plain(&call, module, "file_sync", args, count, keywords) < 0) {
        return NULL;
    }
    return end(&call, lfk_file_sync(call.file->opened, &call.operation.detail));
}

/* --- reading and writing ----------------------------------------------------------------- */

/* Reads into memory that stays where it is; the lock is held. */
static int read_into(struct file_call *call, void *buffer, size_t size)
{
    uint32_t most = (uint32_t)Py_MIN(size, FILE_SIZE_MAX);
    PyThreadState *released = lfn_release_gil(&call->operation, most);
    int result = lfk_file_read(call->file->opened, buffer, most, &call->operation.detail);
    lfn_take_gil(released);
    lfn_file_show(call->file, LFN_FLAG_READING);
    return result;
}

/* So much of `size` bytes is there to be read. */
static uint32_t readable(const struct lfk_file *file, uint32_t size)
{
    uint32_t position = lfk_file_tell(file);
    uint32_t end_of_file = lfk_file_size(file);
    return position < end_of_file ? Py_MIN(size, end_of_file - position) : 0;
}

static PyObject *read_bytes(struct file_call *call, uint32_t size)
{
    uint32_t there = readable(call->file->opened, size);
    PyObject *bytes = lfn_new_bytes(there);
    int result = LFK_OK;
    if (bytes != NULL) {
        result = read_into(call, PyBytes_AS_STRING(bytes), there);
    } else {
        lfn_exception_take(&call->fs->pending);
    }
    result = lfn_end(&call->operation, result);
    if (result < 0) {
        Py_CLEAR(bytes);
    } else if ((uint32_t)result < there) {
        (void)_PyBytes_Resize(&bytes, result);
    }
    return bytes;
}

static PyObject *file_read(PyObject *module, PyObject *const *args, Py_ssize_t count,
                           PyObject *keywords)
{
    static const struct lfn_signature signature = {"file_read", 3, {"fs", "fh", "size"}};
    struct file_call call;
    long long size;
    if (take_file(&call, module, &signature, args, count, keywords) < 0 ||
        lfn_take_integer(call.values[2], "size", INT32_MIN, UINT32_MAX, &size) < 0) {
        return NULL;
    }
    if (size < 0) {
        PyErr_SetString(PyExc_ValueError, "Size must be >= 0");
        return NULL;
    }
    return begin(&call) < 0 ? NULL : read_bytes(&call, (uint32_t)size);
}

/* For functions whose third argument is a buffer that the work is done on. */
static PyObject *do_buffer(PyObject *module, const struct lfn_signature *signature,
                           PyObject *const *args, Py_ssize_t count, PyObject *keywords, int flags,
                           int (*work)(struct file_call *, const Py_buffer *))
{
    struct file_call call;
    Py_buffer buffer;
    PyObject *result = NULL;
    if (take_file(&call, module, signature, args, count, keywords) < 0 ||
        lfn_take_buffer(call.values[2], signature->parameters[2], flags, &buffer) < 0) {
        return NULL;
    }
    if (begin(&call) == 0) {
        result = lfn_end_number(&call.operation, work(&call, &buffer));
    }
    PyBuffer_Release(&buffer);
    return result;
}

static int fill(struct file_call *call, const Py_buffer *buffer)
{
    return read_into(call, buffer->buf, (size_t)buffer->len);
}

static PyObject *file_readinto(PyObject *module, PyObject *const *args, Py_ssize_t count,
                               PyObject *keywords)
{
    static const struct lfn_signature signature = {"_file_readinto", 3, {"fs", "fh", "buffer"}};
    return do_buffer(module, &signature, args, count, keywords, PyBUF_WRITABLE, fill);
}

/* How many zeros come between the end of the file and what is written at a position. */
static uint32_t gap_before(const struct lfk_file *file, uint32_t position)
{
    uint32_t end_of_file = lfk_file_size(file);
    return position > end_of_file ? position - end_of_file : 0;
}

/* All of it, or an error: what is too long for 32 bits is too long for a file. */
static int write_all(struct file_call *call, const Py_buffer *data)
{
    if ((uint64_t)data->len > FILE_SIZE_MAX) {
        call->operation.detail.what = "file is too large";
        return LFK_ERR_FBIG;
    }
    struct lfk_file *file = call->file->opened;
    uint64_t written = (uint64_t)data->len + gap_before(file, lfk_file_tell(file));
    PyThreadState *released = lfn_release_gil(&call->operation, written);
    int result = lfk_file_write(file, data->buf, (uint32_t)data->len, &call->operation.detail);
    lfn_take_gil(released);
    lfn_file_show(call->file, 0);
    return result;
}

static PyObject *file_write(PyObject *module, PyObject *const *args, Py_ssize_t count,
                            PyObject *keywords)
{
    static const struct lfn_signature signature = {"file_write", 3, {"fs", "fh", "data"}};
    return do_buffer(module, &signature, args, count, keywords, PyBUF_SIMPLE, write_all);
}

/* --- position and size ---------------------------------------------------------------------- */

static PyObject *file_seek(PyObject *module, PyObject *const *args, Py_ssize_t count,
                           PyObject *keywords)
{
    static const struct lfn_signature signature = {"file_seek", 4, {"fs", "fh", "off", "whence"}};
    struct file_call call;
    long long offset;
    long long whence;
    if (take_file(&call, module, &signature, args, count, keywords) < 0 ||
        lfn_take_integer(call.values[2], "off", INT32_MIN, INT32_MAX, &offset) < 0 ||
        lfn_take_integer(call.values[3], "whence", INT32_MIN, INT32_MAX, &whence) < 0 ||
        begin(&call) < 0) {
        return NULL;
    }
    return end(&call,
               lfk_file_seek(call.file->opened, offset, (int)whence, &call.operation.detail));
}

static PyObject *file_truncate(PyObject *module, PyObject *const *args, Py_ssize_t count,
                               PyObject *keywords)
{
    static const struct lfn_signature signature = {"file_truncate", 3, {"fs", "fh", "size"}};
    struct file_call call;
    uint32_t size;
    if (take_file(&call, module, &signature, args, count, keywords) < 0 ||
        lfn_take_uint32(call.values[2], "size", &size) < 0 || begin(&call) < 0) {
        return NULL;
    }
    if (size > FILE_SIZE_MAX) {
        call.operation.detail.what = "no file can have this size";
        return end(&call, LFK_ERR_INVAL);
    }
    struct lfk_file *file = call.file->opened;
    PyThreadState *released = lfn_release_gil(&call.operation, gap_before(file, size));
    int result = lfk_file_truncate(file, size, &call.operation.detail);
    lfn_take_gil(released);
    return end(&call, result);
}

static PyObject *file_tell(PyObject *module, PyObject *const *args, Py_ssize_t count,
                           PyObject *keywords)
{
    struct file_call call;
    if (begin_plain(&call, module, "file_tell", args, count, keywords) < 0) {
        return NULL;
    }
    return lfn_end_number(&call.operation, (int)lfk_file_tell(call.file->opened));
}

static PyObject *file_rewind(PyObject *module, PyObject *const *args, Py_ssize_t count,
                             PyObject *keywords)
{
    struct file_call call;
    if (begin_plain(&call, module, "file_rewind", args, count, keywords) < 0) {
        return NULL;
    }
    return end(&call, lfk_file_seek(call.file->opened, 0, LFK_SEEK_SET, &call.operation.detail));
}

static PyObject *file_size(PyObject *module, PyObject *const *args, Py_ssize_t count,
                           PyObject *keywords)
{
    struct file_call call;
    if (begin_plain(&call, module, "file_size", args, count, keywords) < 0) {
        return NULL;
    }
    return lfn_end_number(&call.operation, (int)lfk_file_size(call.file->opened));
}

PyMethodDef lfn_file_functions[] = {
    LFN_FUNCTION("file_open", file_open,
                 "file_open($module, /, fs, path, flags, filename_encoding=None)\n--\n\n"
                 "Opens a file: an LFSFile. flags: an LFSFileFlag or int, or a mode: one of\n"
                 "r, w, x and a, as of open(), with or without +, t and b. LittleFSError: NOENT;\n"
                 "EXIST; ISDIR; NOTDIR; NAMETOOLONG; NOSPC. ValueError: no such mode."),
    LFN_FUNCTION("file_open_cfg", file_open_cfg,
                 "file_open_cfg($module, /, self, path, flags, config)\n--\n\n"
                 "Raises NotImplementedError."),
    LFN_FUNCTION("file_close", file_close,
                 "file_close($module, /, fs, fh)\n--\n\n"
                 "Stores what was written and closes the file, whatever comes of it; returns 0.\n"
                 "LittleFSError: BADF, it is not open; NOSPC."),
    LFN_FUNCTION("file_sync", file_sync,
                 "file_sync($module, /, fs, fh)\n--\n\n"
                 "Stores what was written; returns 0. LittleFSError: BADF, NOSPC."),
    LFN_FUNCTION("file_read", file_read,
                 "file_read($module, /, fs, fh, size)\n--\n\n"
                 "The next bytes, size at most, fewer only at the end of the file.\n"
                 "LittleFSError: BADF, it is not open to be read; CORRUPT."),
    LFN_FUNCTION("file_write", file_write,
                 "file_write($module, /, fs, fh, data)\n--\n\n"
                 "Writes all of a bytes-like object and returns its length. LittleFSError:\n"
                 "BADF, it is not open to be written; FBIG; NOSPC."),
    LFN_FUNCTION("file_seek", file_seek,
                 "file_seek($module, /, fs, fh, off, whence)\n--\n\n"
                 "Moves the position to off bytes from the start (whence 0), the position (1)\n"
                 "or the end (2), and returns it. LittleFSError: INVAL, a file has no such\n"
                 "position; BADF."),
    LFN_FUNCTION("file_truncate", file_truncate,
                 "file_truncate($module, /, fs, fh, size)\n--\n\n"
                 "Cuts the file to so many bytes, or lengthens it with zeros; returns 0. The\n"
                 "position stays. LittleFSError: BADF, it is not open to be written; FBIG;\n"
                 "NOSPC; INVAL, more than 2147483647."),
    LFN_FUNCTION("file_tell", file_tell,
                 "file_tell($module, /, fs, fh)\n--\n\nThe position in bytes. LittleFSError BADF."),
    LFN_FUNCTION("file_rewind", file_rewind,
                 "file_rewind($module, /, fs, fh)\n--\n\n"
                 "Moves the position to the start; returns 0. LittleFSError BADF."),
    LFN_FUNCTION("file_size", file_size,
                 "file_size($module, /, fs, fh)\n--\n\n"
                 "Bytes of the file, with what was not stored yet. LittleFSError BADF."),
    LFN_FUNCTION("_file_readinto", file_readinto,
                 "_file_readinto($module, /, fs, fh, buffer)\n--\n\n"
                 "Reads into a writable buffer and returns the number of bytes."),
    {NULL, NULL, 0, NULL},
};
