/* SPDX-License-Identifier: MIT */
/*
 * littlefs.lfs: functions on names.
 */
#include "native.h"

/* A function of the engine that does something to a path. */
typedef int path_fn(struct lfk_filesystem *filesystem, const char *path, struct lfk_detail *detail);

static PyObject *do_path(PyObject *module, const char *function, PyObject *const *args,
                         Py_ssize_t count, PyObject *keywords, path_fn *work)
{
    struct lfn_operation operation;
    struct lfn_target target;
    PyObject *result = NULL;
    if (lfn_take_target_alone(module, function, args, count, keywords, &target) < 0) {
        return NULL;
    }
    if (lfn_begin_target(&operation, &target) == 0) {
        int status = work(target.fs->mounted, target.path.text, &operation.detail);
        result = lfn_end_number(&operation, status);
    }
    lfn_target_release(&target);
    return result;
}

static PyObject *remove_path(PyObject *module, PyObject *const *args, Py_ssize_t count,
                             PyObject *keywords)
{
    return do_path(module, "remove", args, count, keywords, lfk_filesystem_remove);
}

static PyObject *mkdir_path(PyObject *module, PyObject *const *args, Py_ssize_t count,
                            PyObject *keywords)
{
    return do_path(module, "mkdir", args, count, keywords, lfk_filesystem_mkdir);
}

static PyObject *stat_path(PyObject *module, PyObject *const *args, Py_ssize_t count,
                           PyObject *keywords)
{
    struct lfn_operation operation;
    struct lfn_target target;
    struct lfk_stat found;
    PyObject *result = NULL;
    if (lfn_take_target_alone(module, "stat", args, count, keywords, &target) < 0) {
        return NULL;
    }
    if (lfn_begin_target(&operation, &target) == 0 &&
        lfn_end(&operation, lfk_filesystem_stat(target.fs->mounted, target.path.text, &found,
                                                &operation.detail)) == 0) {
        result = lfn_make_stat(lfn_state_of(module), &target.encoding, found.is_dir, found.size,
                               found.name, found.name_size);
    }
    lfn_target_release(&target);
    return result;
}

static PyObject *rename_path(PyObject *module, PyObject *const *args, Py_ssize_t count,
                             PyObject *keywords)
{
    static const struct lfn_signature signature = {
        "rename", 3, {"fs", "oldpath", "newpath", "filename_encoding"}};
    struct lfn_operation operation;
    struct lfn_target target;
    struct lfn_path newpath;
    PyObject *values[4];
    PyObject *result = NULL;
    if (lfn_take_arguments(&signature, args, count, keywords, values) < 0 ||
        lfn_take_target(module, values[0], values[1], "oldpath", values[3], &target) < 0) {
        return NULL;
    }
    if (lfn_take_path(values[2], "newpath", &target.encoding, &newpath) == 0) {
        if (lfn_begin_target(&operation, &target) == 0) {
            result = lfn_end_number(&operation,
                                    lfk_filesystem_rename(target.fs->mounted, target.path.text,
                                                          newpath.text, &operation.detail));
        }
        lfn_path_release(&newpath);
    }
    lfn_target_release(&target);
    return result;
}

PyMethodDef lfn_path_functions[] = {
    LFN_FUNCTION("remove", remove_path,
                 "remove($module, /, fs, path, filename_encoding=None)\n--\n\n"
                 "Removes a file or an empty directory; returns 0. LittleFSError: NOENT;\n"
                 "NOTEMPTY; INVAL, the root."),
    LFN_FUNCTION("rename", rename_path,
                 "rename($module, /, fs, oldpath, newpath, filename_encoding=None)\n--\n\n"
                 "Renames or moves a file or a directory, which replaces a file or an empty\n"
                 "directory of the new name; returns 0. What is open follows. LittleFSError:\n"
                 "NOENT; ISDIR, NOTDIR, NOTEMPTY, what is there is of another kind or not\n"
                 "empty; INVAL, the root, or a directory into itself."),
    LFN_FUNCTION("stat", stat_path,
                 "stat($module, /, fs, path, filename_encoding=None)\n--\n\n"
                 "What is at the path, an LFSStat. The size is in bytes, 0 for a directory; of\n"
                 "a file that is open, as it was stored last. LittleFSError NOENT."),
    LFN_FUNCTION("mkdir", mkdir_path,
                 "mkdir($module, /, fs, path, filename_encoding=None)\n--\n\n"
                 "Makes a directory; returns 0. LittleFSError: EXIST; NOENT, its parent;\n"
                 "NAMETOOLONG; NOSPC."),
    {NULL, NULL, 0, NULL},
};
