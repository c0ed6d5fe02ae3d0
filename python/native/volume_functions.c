/* SPDX-License-Identifier: MIT */
/*
 * littlefs.lfs: functions on volumes as a whole.
 */
#include "native.h"

/* The two arguments of format and mount; -1: TypeError. */
static int take_volume(PyObject *module, const struct lfn_signature *signature,
                       PyObject *const *args, Py_ssize_t count, PyObject *keywords,
                       struct lfn_filesystem **fs, struct lfn_config **config)
{
    const struct lfn_state *state = lfn_state_of(module);
    PyObject *values[2];
    if (lfn_take_arguments(signature, args, count, keywords, values) < 0) {
        return -1;
    }
    *fs = lfn_take_filesystem(state, values[0]);
    if (*fs == NULL) {
        return -1;
    }
    if (!PyObject_TypeCheck(values[1], state->config_type)) {
        PyErr_Format(PyExc_TypeError, "cfg must be LFSConfig, not %.100s",
                     Py_TYPE(values[1])->tp_name);
        return -1;
    }
    *config = (struct lfn_config *)values[1];
    return 0;
}

static PyObject *do_volume(PyObject *module, const char *function, PyObject *const *args,
                           Py_ssize_t count, PyObject *keywords,
                           int (*work)(struct lfn_operation *, struct lfn_config *))
{
    const struct lfn_signature signature = {function, 2, {"fs", "cfg"}};
    struct lfn_operation operation;
    struct lfn_filesystem *fs;
    struct lfn_config *config;
    if (take_volume(module, &signature, args, count, keywords, &fs, &config) < 0 ||
        lfn_begin(&operation, fs) < 0) {
        return NULL;
    }
    return lfn_end_number(&operation, work(&operation, config));
}

static PyObject *format(PyObject *module, PyObject *const *args, Py_ssize_t count,
                        PyObject *keywords)
{
    return do_volume(module, "format", args, count, keywords, lfn_format);
}

static PyObject *mount(PyObject *module, PyObject *const *args, Py_ssize_t count,
                       PyObject *keywords)
{
    return do_volume(module, "mount", args, count, keywords, lfn_mount);
}

/* The one argument of the others; NULL: TypeError. */
static struct lfn_filesystem *take_fs(PyObject *module, const char *function, PyObject *const *args,
                                      Py_ssize_t count, PyObject *keywords)
{
    const struct lfn_signature signature = {function, 1, {"fs"}};
    PyObject *values[1];
    if (lfn_take_arguments(&signature, args, count, keywords, values) < 0) {
        return NULL;
    }
    return lfn_take_filesystem(lfn_state_of(module), values[0]);
}

static PyObject *unmount(PyObject *module, PyObject *const *args, Py_ssize_t count,
                         PyObject *keywords)
{
    struct lfn_operation operation;
    struct lfn_filesystem *fs = take_fs(module, "unmount", args, count, keywords);
    if (fs == NULL || lfn_begin(&operation, fs) < 0) {
        return NULL;
    }
    lfn_forget_volume(fs);
    return lfn_end_number(&operation, LFK_OK);
}

static PyObject *fs_stat(PyObject *module, PyObject *const *args, Py_ssize_t count,
                         PyObject *keywords)
{
    struct lfn_operation operation;
    struct lfk_filesystem_info info;
    struct lfn_filesystem *fs = take_fs(module, "fs_stat", args, count, keywords);
    if (fs == NULL || lfn_begin_mounted(&operation, fs) < 0) {
        return NULL;
    }
    lfk_filesystem_info(fs->mounted, &info);
    if (lfn_end(&operation, LFK_OK) < 0) {
        return NULL;
    }
    return lfn_make_named_tuple(lfn_state_of(module)->fs_stat_type,
                                Py_BuildValue("(IIIIII)", info.disk_version, info.name_max,
                                              info.file_max, info.attr_max, info.block_count,
                                              info.block_size));
}

static PyObject *fs_size(PyObject *module, PyObject *const *args, Py_ssize_t count,
                         PyObject *keywords)
{
    struct lfn_operation operation;
    struct lfn_filesystem *fs = take_fs(module, "fs_size", args, count, keywords);
    if (fs == NULL || lfn_begin_mounted(&operation, fs) < 0) {
        return NULL;
    }
    uint64_t used = lfk_filesystem_blocks_used(fs->mounted);
    if (used > INT32_MAX) {
        operation.detail.what = "the files claim more blocks than there can be";
    }
    return lfn_end_number(&operation, used > INT32_MAX ? LFK_ERR_CORRUPT : (int)used);
}

/* For what may look at all of the volume. */
static PyThreadState *release_gil(struct lfn_operation *operation)
{
    const struct lfn_filesystem *fs = operation->fs;
    return lfn_release_gil(operation, (uint64_t)fs->block_size * fs->block_count);
}

static uint32_t gc_threshold(const struct lfn_config *config)
{
    uint32_t size = config->block_size;
    return config->compact_thresh != 0 ? config->compact_thresh : size - size / 8;
}

static PyObject *fs_gc(PyObject *module, PyObject *const *args, Py_ssize_t count,
                       PyObject *keywords)
{
    struct lfn_operation operation;
    struct lfn_filesystem *fs = take_fs(module, "fs_gc", args, count, keywords);
    if (fs == NULL || lfn_begin_mounted(&operation, fs) < 0) {
        return NULL;
    }
    uint32_t threshold = gc_threshold(fs->config);
    PyThreadState *released = release_gil(&operation);
    int result = lfk_filesystem_collect_garbage(fs->mounted, threshold, &operation.detail);
    lfn_take_gil(released);
    return lfn_end_number(&operation, result);
}

static PyObject *fs_mkconsistent(PyObject *module, PyObject *const *args, Py_ssize_t count,
                                 PyObject *keywords)
{
    struct lfn_operation operation;
    struct lfn_filesystem *fs = take_fs(module, "fs_mkconsistent", args, count, keywords);
    if (fs == NULL || lfn_begin_mounted(&operation, fs) < 0) {
        return NULL;
    }
    PyThreadState *released = release_gil(&operation);
    int result = lfk_filesystem_make_consistent(fs->mounted, &operation.detail);
    lfn_take_gil(released);
    return lfn_end_number(&operation, result);
}

/* The config goes along, so that it can be mounted again. */
static int grow(struct lfn_operation *operation, uint32_t block_count)
{
    struct lfn_filesystem *fs = operation->fs;
    if (block_count < fs->block_count) {
        operation->detail = (struct lfk_detail){.what = "the volume can only grow",
                                                .field = "block_count",
                                                .has_values = true,
                                                .expected = fs->block_count,
                                                .found = block_count};
        return LFK_ERR_INVAL;
    }
    PyThreadState *released = release_gil(operation);
    int result = lfk_filesystem_resize(fs->mounted, block_count, &operation->detail);
    lfn_take_gil(released);
    if (result == LFK_OK) {
        fs->block_count = block_count;
        fs->config->block_count = fs->config->block_count != 0 ? block_count : 0;
    }
    return result;
}

static PyObject *fs_grow(PyObject *module, PyObject *const *args, Py_ssize_t count,
                         PyObject *keywords)
{
    static const struct lfn_signature signature = {"fs_grow", 2, {"fs", "block_count"}};
    struct lfn_operation operation;
    PyObject *values[2];
    uint32_t block_count;
    if (lfn_take_arguments(&signature, args, count, keywords, values) < 0) {
        return NULL;
    }
    struct lfn_filesystem *fs = lfn_take_filesystem(lfn_state_of(module), values[0]);
    if (fs == NULL || lfn_take_uint32(values[1], "block_count", &block_count) < 0 ||
        lfn_begin_mounted(&operation, fs) < 0) {
        return NULL;
    }
    return lfn_end_number(&operation, grow(&operation, block_count));
}

static PyObject *defer(PyObject *module, PyObject *const *args, Py_ssize_t count,
                       PyObject *keywords)
{
    static const struct lfn_signature signature = {"_defer", 2, {"fs", "call"}};
    PyObject *values[2];
    if (lfn_take_arguments(&signature, args, count, keywords, values) < 0) {
        return NULL;
    }
    struct lfn_filesystem *fs = lfn_take_filesystem(lfn_state_of(module), values[0]);
    int deferred = fs != NULL ? lfn_defer(fs, values[1]) : -1;
    return deferred < 0 ? NULL : PyBool_FromLong(deferred);
}

PyMethodDef lfn_volume_functions[] = {
    LFN_FUNCTION("format", format,
                 "format($module, /, fs, cfg)\n--\n\n"
                 "Makes an empty volume on the context of cfg and returns 0. It is not mounted;\n"
                 "what was is unmounted. LittleFSError: INVAL, numbers in cfg that do not fit\n"
                 "each other, or no block_count; NOSPC, fewer than two blocks."),
    LFN_FUNCTION("mount", mount,
                 "mount($module, /, fs, cfg)\n--\n\n"
                 "Mounts the volume on the context of cfg and returns 0; what was mounted is\n"
                 "unmounted. Writes nothing. LittleFSError: CORRUPT, there is no volume; INVAL,\n"
                 "numbers in cfg that do not fit each other or the volume."),
    LFN_FUNCTION("unmount", unmount,
                 "unmount($module, /, fs)\n--\n\n"
                 "Closes what is open without storing it, and returns 0; also if nothing is\n"
                 "mounted."),
    LFN_FUNCTION("fs_stat", fs_stat,
                 "fs_stat($module, /, fs)\n--\n\n"
                 "What the volume says of itself, an LFSFSStat."),
    LFN_FUNCTION("fs_size", fs_size,
                 "fs_size($module, /, fs)\n--\n\n"
                 "The number of blocks in use. Costs a look at each entry."),
    LFN_FUNCTION("fs_gc", fs_gc,
                 "fs_gc($module, /, fs)\n--\n\n"
                 "Does ahead of time what later changes would wait for; returns 0. Which blocks\n"
                 "are compacted is said by compact_thresh of the config."),
    LFN_FUNCTION("fs_mkconsistent", fs_mkconsistent,
                 "fs_mkconsistent($module, /, fs)\n--\n\n"
                 "Makes the repairs that are due after a loss of power; returns 0."),
    LFN_FUNCTION("fs_grow", fs_grow,
                 "fs_grow($module, /, fs, block_count)\n--\n\n"
                 "Gives the volume and its config more blocks; returns 0. The context must have\n"
                 "them. LittleFSError INVAL: fewer than there are."),
    LFN_FUNCTION("_defer", defer,
                 "_defer($module, /, fs, call)\n--\n\n"
                 "True if a function of littlefs is using the volume: call() is called when it\n"
                 "has ended. False otherwise."),
    {NULL, NULL, 0, NULL},
};
