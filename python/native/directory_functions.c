/* SPDX-License-Identifier: MIT */
/*
 * littlefs.lfs: directories. Positions 0 and 1 are "." and "..", which are made
 * here; position 2 is where lfskit's handle begins to count.
 */
#include "native.h"

#define DOTS 2u

/* A call on an open directory, its arguments taken and its operation begun. */
struct directory_call {
    struct lfn_operation operation;
    struct lfn_filesystem *fs;
    struct lfn_directory *directory;
    PyObject *values[3]; /* fs, dh and one more */
};

static int take_directory(struct directory_call *call, PyObject *module,
                          const struct lfn_signature *signature, PyObject *const *args,
                          Py_ssize_t count, PyObject *keywords)
{
    call->directory = (struct lfn_directory *)lfn_take_open(lfn_state_of(module)->directory_type,
                                                            module, signature, args, count,
                                                            keywords, call->values, &call->fs);
    return call->directory != NULL ? 0 : -1;
}

static int begin(struct directory_call *call)
{
    return lfn_begin_handle(&call->operation, call->fs, &call->directory->handle);
}

/* For functions whose arguments are fs and dh alone. */
static int take_plain(struct directory_call *call, PyObject *module, const char *function,
                      PyObject *const *args, Py_ssize_t count, PyObject *keywords)
{
    const struct lfn_signature signature = {function, 2, {"fs", "dh"}};
    return take_directory(call, module, &signature, args, count, keywords);
}

/* --- opening and closing ---------------------------------------------------------------- */

static PyObject *open_target(const struct lfn_state *state, const struct lfn_target *target)
{
    struct lfn_operation operation;
    PyObject *made = lfn_handle_new(state, state->directory_type);
    struct lfn_directory *directory = (struct lfn_directory *)made;
    if (made == NULL || lfn_begin_target(&operation, target) < 0) {
        Py_XDECREF(made);
        return NULL;
    }
    int result = lfk_directory_open(&directory->opened, target->fs->mounted, target->path.text,
                                    &operation.detail);
    if (result == LFK_OK) {
        lfn_handle_attach(&directory->handle, target->fs);
    }
    if (lfn_end(&operation, result) < 0) {
        Py_DECREF(made);
        return NULL;
    }
    return made;
}

static PyObject *dir_open(PyObject *module, PyObject *const *args, Py_ssize_t count,
                          PyObject *keywords)
{
    struct lfn_target target;
    if (lfn_take_target_alone(module, "dir_open", args, count, keywords, &target) < 0) {
        return NULL;
    }
    PyObject *directory = open_target(lfn_state_of(module), &target);
    lfn_target_release(&target);
    return directory;
}

static PyObject *dir_close(PyObject *module, PyObject *const *args, Py_ssize_t count,
                           PyObject *keywords)
{
    struct directory_call call;
    int result = LFK_OK;
    if (take_plain(&call, module, "dir_close", args, count, keywords) < 0 ||
        lfn_begin(&call.operation, call.fs) < 0) {
        return NULL;
    }
    if (call.directory->handle.fs == call.fs) {
        result = lfn_handle_close(&call.directory->handle, &call.operation.detail);
    }
    return lfn_end_number(&call.operation, result);
}

/* --- reading -------------------------------------------------------------------------------- */

/* As lfk_directory_read, the dots first. */
static int read_entry(struct lfn_directory *directory, struct lfk_stat *stat,
                      struct lfk_detail *detail)
{
    if (directory->dots == DOTS) {
        return lfk_directory_read(directory->opened, stat, detail);
    }
    directory->dots++;
    *stat = (struct lfk_stat){.is_dir = true, .name_size = directory->dots, .name = ".."};
    return 1;
}

static PyObject *dir_read(PyObject *module, PyObject *const *args, Py_ssize_t count,
                          PyObject *keywords)
{
    static const struct lfn_signature signature = {
        "dir_read", 2, {"fs", "dh", "filename_encoding"}};
    struct directory_call call;
    struct lfn_encoding encoding;
    struct lfk_stat stat;
    int result = -1;
    if (take_directory(&call, module, &signature, args, count, keywords) < 0 ||
        lfn_take_encoding(module, call.values[2], &encoding) < 0) {
        return NULL;
    }
    if (begin(&call) == 0) {
        result =
            lfn_end(&call.operation, read_entry(call.directory, &stat, &call.operation.detail));
    }
    PyObject *entry = NULL;
    if (result > 0) {
        entry = lfn_make_stat(lfn_state_of(module), &encoding, stat.is_dir, stat.size, stat.name,
                              stat.name_size);
    } else if (result == 0) {
        entry = Py_None;
        Py_INCREF(entry);
    }
    lfn_encoding_release(&encoding);
    return entry;
}

/* --- the position ------------------------------------------------------------------------------
 */

static int go_to(struct lfn_directory *directory, uint32_t position, struct lfk_detail *detail)
{
    directory->dots = Py_MIN(position, DOTS);
    if (position <= DOTS) {
        lfk_directory_rewind(directory->opened);
        return LFK_OK;
    }
    return lfk_directory_seek(directory->opened, position - DOTS, detail);
}

static PyObject *dir_seek(PyObject *module, PyObject *const *args, Py_ssize_t count,
                          PyObject *keywords)
{
    static const struct lfn_signature signature = {"dir_seek", 3, {"fs", "dh", "off"}};
    struct directory_call call;
    uint32_t position;
    if (take_directory(&call, module, &signature, args, count, keywords) < 0 ||
        lfn_take_uint32(call.values[2], "off", &position) < 0 || begin(&call) < 0) {
        return NULL;
    }
    return lfn_end_number(&call.operation, go_to(call.directory, position, &call.operation.detail));
}

static PyObject *dir_rewind(PyObject *module, PyObject *const *args, Py_ssize_t count,
                            PyObject *keywords)
{
    struct directory_call call;
    if (take_plain(&call, module, "dir_rewind", args, count, keywords) < 0 || begin(&call) < 0) {
        return NULL;
    }
    return lfn_end_number(&call.operation, go_to(call.directory, 0, &call.operation.detail));
}

static PyObject *dir_tell(PyObject *module, PyObject *const *args, Py_ssize_t count,
                          PyObject *keywords)
{
    struct directory_call call;
    if (take_plain(&call, module, "dir_tell", args, count, keywords) < 0 || begin(&call) < 0) {
        return NULL;
    }
    uint32_t position = call.directory->dots;
    if (position == DOTS) {
        position += lfk_directory_tell(call.directory->opened);
    }
    return lfn_end_number(&call.operation, (int)position);
}

PyMethodDef lfn_directory_functions[] = {
    LFN_FUNCTION("dir_open", dir_open,
                 "dir_open($module, /, fs, path, filename_encoding=None)\n--\n\n"
                 "Opens a directory: an LFSDirectory. LittleFSError: NOENT, NOTDIR."),
    LFN_FUNCTION("dir_close", dir_close,
                 "dir_close($module, /, fs, dh)\n--\n\n"
                 "Closes the directory, if it is open; returns 0."),
    LFN_FUNCTION("dir_read", dir_read,
                 "dir_read($module, /, fs, dh, filename_encoding=None)\n--\n\n"
                 "The next entry, an LFSStat, or None at the end; \".\" and \"..\" are first.\n"
                 "LittleFSError: BADF, it is not open; CORRUPT. UnicodeDecodeError: its name."),
    LFN_FUNCTION("dir_seek", dir_seek,
                 "dir_seek($module, /, fs, dh, off)\n--\n\n"
                 "Goes to a position that dir_tell told; returns 0. LittleFSError: INVAL, beyond\n"
                 "the end; BADF."),
    LFN_FUNCTION("dir_tell", dir_tell,
                 "dir_tell($module, /, fs, dh)\n--\n\n"
                 "The position: how many entries lie before it. LittleFSError BADF."),
    LFN_FUNCTION("dir_rewind", dir_rewind,
                 "dir_rewind($module, /, fs, dh)\n--\n\n"
                 "Goes to the start; returns 0. LittleFSError BADF."),
    {NULL, NULL, 0, NULL},
};
