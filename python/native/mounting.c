/* SPDX-License-Identifier: MIT */
/*
 * Which volume a filesystem is: mounted, made, forgotten. The lock is held.
 *
 * Invariant: while it is mounted, the filesystem owns its config, and every open
 * handle is on its list; what is not mounted has neither. A volume is forgotten
 * before its context is called, so no handle is abandoned then.
 */
#include "native.h"

void lfn_forget_volume(struct lfn_filesystem *fs)
{
    while (fs->handles != NULL) {
        lfn_handle_invalidate(fs->handles);
    }
    lfk_filesystem_unmount(fs->mounted);
    fs->mounted = NULL;
    Py_CLEAR(fs->config);
    Py_CLEAR(fs->seen_context);
    Py_CLEAR(fs->seen_buffer);
}

static void adopt(struct lfn_filesystem *fs, struct lfn_config *config)
{
    Py_INCREF(config);
    fs->config = config;
    fs->block_size = config->block_size;
}

static uint64_t volume_size(const struct lfn_config *config)
{
    return (uint64_t)config->block_size * config->block_count;
}

/* --- contexts that are exchanged ------------------------------------------------------- */

/* The buffer that a plain UserContext has now, a new reference; NULL: none, or another context. */
static PyObject *buffer_of(const struct lfn_state *state, PyObject *context)
{
    if (context == NULL || (PyObject *)Py_TYPE(context) != state->user_context_type) {
        return NULL;
    }
    PyObject *buffer = PyObject_GetAttr(context, state->buffer_name);
    if (buffer == NULL) {
        PyErr_Clear();
    }
    return buffer;
}

static void remember_context(struct lfn_filesystem *fs)
{
    Py_XINCREF(fs->config->context);
    fs->seen_context = fs->config->context;
    fs->seen_buffer = buffer_of(fs->state, fs->seen_context);
}

int lfn_follow_context(struct lfn_operation *operation)
{
    struct lfn_filesystem *fs = operation->fs;
    PyObject *buffer = buffer_of(fs->state, fs->config->context);
    bool same = fs->config->context == fs->seen_context && buffer == fs->seen_buffer;
    Py_XDECREF(buffer);
    if (same) {
        return LFK_OK;
    }
    struct lfn_config *config = fs->config;
    Py_INCREF(config);
    int result = lfn_mount(operation, config);
    Py_DECREF(config);
    return result;
}

/* --- mounting and making ----------------------------------------------------------------- */

/* Mounts what the config says; `*mounted` stays NULL if it fails. */
static int mount_engine(struct lfn_operation *operation, struct lfk_filesystem **mounted)
{
    struct lfn_filesystem *fs = operation->fs;
    struct lfk_device device;
    struct lfk_filesystem_options options;
    lfn_device_describe(fs, &device);
    int result = lfn_config_settle(fs->config, &device, &options, &operation->detail);
    if (result < 0) {
        return result;
    }
    PyThreadState *released = lfn_release_gil(operation, volume_size(fs->config));
    result = lfk_filesystem_mount(mounted, &device, &options, &operation->detail);
    lfn_take_gil(released);
    return result;
}

int lfn_mount(struct lfn_operation *operation, struct lfn_config *config)
{
    struct lfn_filesystem *fs = operation->fs;
    struct lfk_filesystem_info info;
    lfn_forget_volume(fs);
    adopt(fs, config);
    int result = mount_engine(operation, &fs->mounted);
    if (result == LFK_OK && fs->pending.type != NULL) {
        result = LFK_ERR_IO; /* the engine could do without what the context failed to give */
    }
    if (result < 0) {
        lfn_forget_volume(fs);
        return result;
    }
    lfk_filesystem_info(fs->mounted, &info);
    fs->block_count = info.block_count;
    remember_context(fs);
    return LFK_OK;
}

int lfn_format(struct lfn_operation *operation, struct lfn_config *config)
{
    struct lfn_filesystem *fs = operation->fs;
    struct lfk_device device;
    struct lfk_filesystem_options options;
    lfn_forget_volume(fs);
    adopt(fs, config);
    lfn_device_describe(fs, &device);
    int result = lfn_config_settle(config, &device, &options, &operation->detail);
    if (result == LFK_OK) {
        result = lfk_filesystem_format(&device, &options, &operation->detail);
    }
    if (result == LFK_OK) {
        fs->block_count = config->block_count;
    }
    lfn_forget_volume(fs);
    return result;
}
