/* SPDX-License-Identifier: MIT */
/*
 * What the files of the extension module littlefs.lfs share.
 *
 * The module is built for one version of CPython: the limited interface has no
 * buffers before 3.11, and we run from 3.9 on. It keeps its state in the module,
 * its types are heap types, and it relies on the GIL: an interpreter built
 * without one turns it on when the module is imported.
 *
 * How a call goes: its arguments are converted, which may run any Python code;
 * lfn_begin takes the volume's lock; the engine is called; lfn_end gives the lock
 * back and raises what went wrong; what is returned is made last. So no code
 * but that of the context runs while the lock is held, and a context that calls
 * its own volume gets a RuntimeError.
 */
#ifndef LFN_NATIVE_H
#define LFN_NATIVE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "lfskit/base.h"
#include "lfskit/filesystem.h"

/* --- module.c: the state of the module --------------------------------------------- */

/* The functions of a context, in the order in which their names are kept. */
enum lfn_callback { LFN_READ, LFN_PROG, LFN_ERASE, LFN_SYNC, LFN_CALLBACKS };

struct lfn_state {
    PyTypeObject *config_type; /* the types of this module */
    PyTypeObject *filesystem_type;
    PyTypeObject *file_type;
    PyTypeObject *directory_type;
    PyObject *error_type; /* the classes written in Python */
    PyObject *stat_type;
    PyObject *fs_stat_type;
    PyObject *flag_type;
    PyObject *user_context_type;
    PyObject *user_context_methods[LFN_CALLBACKS]; /* as the class defines them */
    PyObject *callback_names[LFN_CALLBACKS];
    PyObject *buffer_name;
    PyObject *encoding_name; /* "FILENAME_ENCODING" */
    PyObject *is_logging;    /* isEnabledFor of the logger "littlefs.context" */
    PyObject *debug_level;
};

struct lfn_state *lfn_state_of(PyObject *module);

/*
 * The module that defines `type` or the type that it extends, borrowed, and its state;
 * NULL: an exception.
 */
PyObject *lfn_module_of_type(PyTypeObject *type);
struct lfn_state *lfn_state_of_type(PyTypeObject *type);

/* --- errors.c ------------------------------------------------------------------------ */

/*
 * Raises LittleFSError(status), with what the detail says of it and the path it is
 * about; both may be NULL.
 */
void lfn_raise(const struct lfn_state *state, int status, const struct lfk_detail *detail,
               PyObject *filename);

/* The same, said of what has that name, which may be NULL. */
void lfn_raise_about(const struct lfn_state *state, int status, const struct lfk_detail *detail,
                     PyObject *filename, const char *name);

/* An exception that was raised, put aside. */
struct lfn_exception {
    PyObject *type;
    PyObject *value;
    PyObject *traceback;
};

void lfn_exception_take(struct lfn_exception *exception);
void lfn_exception_raise(struct lfn_exception *exception);

/* --- arguments.c ------------------------------------------------------------------------ */

#define LFN_PARAMETERS_MAX 20

/* The parameters of a function, positional or by keyword. */
struct lfn_signature {
    const char *function;
    int required;                                   /* so many of the first */
    const char *parameters[LFN_PARAMETERS_MAX + 1]; /* NULL behind the last */
};

/* Puts each argument (borrowed) in its place in `values`, NULL for those left out. 0 or -1. */
int lfn_take_arguments(const struct lfn_signature *signature, PyObject *const *args,
                       Py_ssize_t count, PyObject *keywords, PyObject **values);

/* Integers; out of range: OverflowError, another type: TypeError; both name the argument. */
int lfn_take_integer(PyObject *value, const char *name, long long low, long long high,
                     long long *integer);
int lfn_take_uint32(PyObject *value, const char *name, uint32_t *integer);

/* A contiguous buffer, to be released by the caller. */
int lfn_take_buffer(PyObject *value, const char *name, int flags, Py_buffer *buffer);

/* Flags of lfk_file_open, from an integer or a mode like "r+". */
int lfn_take_flags(PyObject *value, int *flags);

struct lfn_filesystem;

/* --- paths.c ---------------------------------------------------------------------------- */

/* The encoding of names in a call; NULL stands for UTF-8. Borrowed from `owner`. */
struct lfn_encoding {
    PyObject *owner;
    const char *name;
};

/* `value`: the argument, or NULL; falsy: what the module variable says. */
int lfn_take_encoding(PyObject *module, PyObject *value, struct lfn_encoding *encoding);
void lfn_encoding_release(struct lfn_encoding *encoding);

/* A path as the engine takes it: bytes that end with a NUL and contain none. */
struct lfn_path {
    PyObject *given; /* str or bytes, as os.fspath returns it */
    PyObject *owner; /* of the text */
    const char *text;
};

/* Whether it is str, bytes or os.PathLike. */
bool lfn_is_path(PyObject *value);

/* From those; else a TypeError that says `name`. */
int lfn_take_path(PyObject *value, const char *name, const struct lfn_encoding *encoding,
                  struct lfn_path *path);
void lfn_path_release(struct lfn_path *path);

/* A name from the volume; UnicodeDecodeError if it is none in this encoding. */
PyObject *lfn_decode_name(const struct lfn_encoding *encoding, const char *name, size_t size);

/* What most functions are about: a path on a volume. */
struct lfn_target {
    struct lfn_filesystem *fs;
    struct lfn_encoding encoding;
    struct lfn_path path;
};

/* `name` is that of the path among the arguments. */
int lfn_take_target(PyObject *module, PyObject *fs, PyObject *path, const char *name,
                    PyObject *encoding, struct lfn_target *target);

/* The arguments fs, path, filename_encoding=None of a function that has no others. 0 or -1. */
int lfn_take_target_alone(PyObject *module, const char *function, PyObject *const *args,
                          Py_ssize_t count, PyObject *keywords, struct lfn_target *target);

void lfn_target_release(struct lfn_target *target);

/* --- config.c: LFSConfig ------------------------------------------------------------------ */

struct lfn_config {
    PyObject_HEAD PyObject *context;
    PyObject *attributes; /* __dict__ */
    PyObject *weak_references;
    uint32_t block_size; /* sizes are bytes */
    uint32_t block_count;
    uint32_t read_size;
    uint32_t prog_size;
    int32_t block_cycles;
    uint32_t cache_size;
    uint32_t lookahead_size;
    uint32_t name_max;
    uint32_t file_max;
    uint32_t attr_max;
    uint32_t metadata_max;
    uint32_t inline_max;
    uint32_t disk_version;
    uint32_t compact_thresh;
    bool has_default_cache; /* cache_size was not given */
};

extern PyType_Spec lfn_config_spec;

/*
 * Puts a configuration in the engine's terms and checks it by littlefs's rules.
 * The functions of the device are the caller's to set before.
 */
int lfn_config_settle(const struct lfn_config *config, struct lfk_device *device,
                      struct lfk_filesystem_options *options, struct lfk_detail *detail);

/* --- device.c: how the engine reaches the context ----------------------------------------------
 */

/* Is found out anew in each operation, at the first access. */
struct lfn_device {
    bool is_bound;
    bool has_buffer;  /* it is a plain UserContext: its buffer is used, without calls */
    bool is_writable; /* the buffer */
    Py_buffer buffer;
    PyObject *context; /* else its functions are called */
};

/* The device that calls the context of the filesystem's config; geometry is not set. */
void lfn_device_describe(struct lfn_filesystem *fs, struct lfk_device *device);

/* True if the operation needs no Python code to reach the context: the GIL can be released. */
bool lfn_device_is_native(struct lfn_filesystem *fs);

void lfn_device_release(struct lfn_device *device);

/* --- filesystem.c: LFSFilesystem
 * ------------------------------------------------------------------ */

struct lfn_handle;
struct lfn_leftover;

struct lfn_filesystem {
    PyObject_HEAD PyObject *weak_references;
    PyObject *module; /* keeps the state */
    struct lfn_state *state;
    struct lfk_filesystem *mounted; /* NULL: it is not */
    struct lfn_config *config;      /* while it is mounted */
    PyObject *seen_context;         /* what it was mounted from */
    PyObject *seen_buffer;
    uint32_t block_count; /* of the volume that is or was mounted */
    uint32_t block_size;
    struct lfn_handle *handles; /* that are open */
    struct lfn_leftover
        *abandoned;     /* of those deleted during an operation, to be closed at its end */
    PyObject *deferred; /* a list of what is to be called after the operation, or NULL */
    PyThread_type_lock lock;
    unsigned long owner; /* the thread that has the lock, or 0 */
    struct lfn_device device;
    struct lfn_exception pending; /* raised by the context */
};

extern PyType_Spec lfn_filesystem_spec;

/* The argument as a filesystem; NULL: TypeError. */
struct lfn_filesystem *lfn_take_filesystem(const struct lfn_state *state, PyObject *value);

/* --- operation.c: a call of the engine
 * -------------------------------------------------------------- */

struct lfn_operation {
    struct lfn_filesystem *fs;
    PyObject *filename; /* what it is about, borrowed; or NULL */
    struct lfk_detail detail;
};

/* Takes the lock. 0, or -1 with an exception. */
int lfn_begin(struct lfn_operation *operation, struct lfn_filesystem *fs);

/* The same, and LFK_ERR_INVAL is raised if nothing is mounted. */
int lfn_begin_mounted(struct lfn_operation *operation, struct lfn_filesystem *fs);

/* The same for what is about a path, which errors then name. */
int lfn_begin_target(struct lfn_operation *operation, const struct lfn_target *target);

/* The same, and LFK_ERR_BADF is raised if the handle is not open on this volume. */
int lfn_begin_handle(struct lfn_operation *operation, struct lfn_filesystem *fs,
                     const struct lfn_handle *handle);

/*
 * Gives the lock back. -1 with an exception if the context raised one or `result`
 * is negative; else `result`.
 */
int lfn_end(struct lfn_operation *operation, int result);

/* The same, for functions that return what the engine does: the number, or NULL. */
PyObject *lfn_end_number(struct lfn_operation *operation, int result);

/*
 * Calls it when the operation has ended that uses the volume, in the thread of that.
 * 1; 0: there is none; -1: an exception.
 */
int lfn_defer(struct lfn_filesystem *fs, PyObject *call);

/*
 * Releases the GIL if so many bytes are worth it and no Python code is needed to
 * reach the device; NULL if not. Buffers in use must be held.
 */
PyThreadState *lfn_release_gil(struct lfn_operation *operation, uint64_t size);
void lfn_take_gil(PyThreadState *released);

/* --- mounting.c: which volume it is, the lock being held
 * ------------------------------------------------ */

int lfn_mount(struct lfn_operation *operation, struct lfn_config *config);
int lfn_format(struct lfn_operation *operation, struct lfn_config *config);

/* Unmounts, and invalidates all handles. Nothing is stored. */
void lfn_forget_volume(struct lfn_filesystem *fs);

/* Mounts anew if the context or its buffer is not the one that was mounted. */
int lfn_follow_context(struct lfn_operation *operation);

/* --- handle.c: what files and directories have in common
 * ---------------------------------------------- */

struct lfn_handle {
    PyObject_HEAD struct lfn_filesystem *fs; /* owned while it is open; NULL: it is closed */
    struct lfn_handle *next;                 /* on fs->handles */
    struct lfn_handle **link;
    struct lfn_leftover *leftover; /* room for what is left of it */
    bool is_file;
};

struct lfn_file {
    struct lfn_handle handle;
    struct lfk_file *opened;
    uint32_t flags; /* those it was opened with, and littlefs's internal ones */
};

struct lfn_directory {
    struct lfn_handle handle;
    struct lfk_directory *opened;
    uint32_t dots; /* how many of "." and ".." have been read */
};

extern PyType_Spec lfn_file_spec;
extern PyType_Spec lfn_directory_spec;

/* A handle that is not open. */
PyObject *lfn_handle_new(const struct lfn_state *state, PyTypeObject *type);

/* Puts a handle that has just been opened on the list of its volume. */
void lfn_handle_attach(struct lfn_handle *handle, struct lfn_filesystem *fs);

/* Closes it in the engine and takes it off, the lock being held. What the engine returns. */
int lfn_handle_close(struct lfn_handle *handle, struct lfk_detail *detail);

/* Takes off one that the engine has closed or closes itself. */
void lfn_handle_invalidate(struct lfn_handle *handle);

/* Stores what was written to the open files, the lock being held; errors are told as unraisable. */
void lfn_sync_handles(struct lfn_filesystem *fs);

/* Closes those that were deleted while the lock was held, and still is. */
void lfn_close_abandoned(struct lfn_filesystem *fs);

/*
 * The arguments of a function on a handle of that type: a filesystem, the handle, and
 * others. Sets `values` and *fs; NULL: TypeError.
 */
struct lfn_handle *lfn_take_open(PyTypeObject *type, PyObject *module,
                                 const struct lfn_signature *signature, PyObject *const *args,
                                 Py_ssize_t count, PyObject *keywords, PyObject **values,
                                 struct lfn_filesystem **fs);

/* Brings file->flags up to date. `reading`: LFS_F_READING, or 0. */
void lfn_file_show(struct lfn_file *file, uint32_t reading);
#define LFN_FLAG_READING 0x040000u

/* --- memory.c
 * ------------------------------------------------------------------------------------------ */

/* The engine's allocator over Python's, for use with and without the GIL. */
extern const struct lfk_allocator lfn_allocator;

/* bytes of that size, not filled; large ones in large pages. */
PyObject *lfn_new_bytes(size_t size);
PyObject *lfn_new_bytearray(size_t size);

/* --- stat.c
 * ---------------------------------------------------------------------------------------------- */

/* An LFSStat. */
PyObject *lfn_make_stat(const struct lfn_state *state, const struct lfn_encoding *encoding,
                        bool is_dir, uint32_t size, const char *name, size_t name_size);

/* An instance of a class that typing.NamedTuple made; takes over the values, which may be NULL. */
PyObject *lfn_make_named_tuple(PyObject *type, PyObject *values);

/* --- the functions of the module
 * ---------------------------------------------------------------------------- */

extern PyMethodDef lfn_volume_functions[];
extern PyMethodDef lfn_path_functions[];
extern PyMethodDef lfn_attribute_functions[];
extern PyMethodDef lfn_file_functions[];
extern PyMethodDef lfn_directory_functions[];
extern PyMethodDef lfn_listing_functions[];
extern PyMethodDef lfn_lending_functions[];
extern PyMethodDef lfn_memory_functions[];
extern PyMethodDef lfn_build_functions[];
extern PyMethodDef lfn_inspect_functions[];

/* A row of such a table. */
#define LFN_FUNCTION(name, function, doc)                                                          \
    {                                                                                              \
        name, (PyCFunction)(void (*)(void))(function), METH_FASTCALL | METH_KEYWORDS, doc          \
    }

#endif
