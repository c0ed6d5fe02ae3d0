/* SPDX-License-Identifier: MIT */
/*
 * _build: the image of a tree of files, made in one pass.
 *
 * The tree is Python's, see tree.c, or a folder of the host. Planning and
 * writing need no Python, and run without the GIL.
 */
#include "native.h"

#include "lfskit/build.h"
#include "lfskit/host.h"
#include "tree.h"

#include <stddef.h>
#include <string.h>

#define SUBJECT_SIZE 1024 /* bytes of a path that is told */

struct building {
    struct lfn_tree source;
    struct lfk_build_options options;
    struct lfk_encoding *host_encoding;
    struct lfk_scan *scan;
    struct lfk_build *build;
    struct lfk_detail detail;
    char subject[SUBJECT_SIZE]; /* path of what cannot be stored; "": not known */
    bool is_of_host;            /* the subject is a path of the host */
    bool is_mutable;
    const char *folder; /* of the host; NULL: the source is Python's */
};

/* --- arguments ------------------------------------------------------------------------- */

struct option {
    size_t offset;
    long long low; /* -1 stands for UINT32_MAX */
};

#define FIRST_OPTION 4 /* in the signature, behind tree, filename_encoding, ... */

static const struct lfn_signature signature = {
    "_build",
    1,
    {"tree", "filename_encoding", "mutable", "fill_evenly", "block_size", "block_count",
     "free_blocks", "free_percent", "read_size", "prog_size", "cache_size", "metadata_max",
     "inline_max", "name_max", "file_max", "attr_max", "disk_version", "fill_percent"}};

#define OPTION(member, low)                                                                        \
    {                                                                                              \
        offsetof(struct lfk_build_options, member), low                                            \
    }

/* In the order of the signature. */
static const struct option options[] = {
    OPTION(block_size, 0),   OPTION(block_count, 0),  OPTION(free_blocks, 0),
    OPTION(free_percent, 0), OPTION(read_size, 0),    OPTION(prog_size, 0),
    OPTION(cache_size, 0),   OPTION(metadata_max, 0), OPTION(inline_max, -1),
    OPTION(name_max, 0),     OPTION(file_max, 0),     OPTION(attr_max, 0),
    OPTION(disk_version, 0), OPTION(fill_percent, 0),
};

static int take_options(struct building *building, PyObject *const *values)
{
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        PyObject *value = values[FIRST_OPTION + i];
        long long number;
        if (value == NULL || value == Py_None) {
            continue;
        }
        if (lfn_take_integer(value, signature.parameters[FIRST_OPTION + i], options[i].low,
                             UINT32_MAX, &number) < 0) {
            return -1;
        }
        uint32_t bits = (uint32_t)number;
        memcpy((char *)&building->options + options[i].offset, &bits, sizeof(bits));
    }
    return 0;
}

static int take_flag(PyObject *value, bool *flag)
{
    int truth = value != NULL ? PyObject_IsTrue(value) : 0;
    *flag = truth > 0;
    return truth < 0 ? -1 : 0;
}

/* --- what cannot be stored ------------------------------------------------------------------ */

static void tell_node(void *context, const struct lfk_node *node, const struct lfk_detail *detail)
{
    struct building *building = context;
    (void)detail;
    if (building->subject[0] == '\0') {
        (void)lfk_node_path(node, building->subject, sizeof(building->subject));
    }
}

static void tell_host_path(void *context, const char *path, const struct lfk_detail *detail)
{
    struct building *building = context;
    (void)detail;
    if (building->subject[0] == '\0') {
        strncpy(building->subject, path, sizeof(building->subject) - 1);
        building->is_of_host = true;
    }
}

/* The path of what cannot be stored, a new reference. */
static PyObject *make_path(const struct building *building)
{
    const char *encoding = building->source.encoding.name;
    const char *subject = building->subject;
    if (subject[0] == '\0') {
        return PyUnicode_DecodeFSDefault(building->folder);
    }
    if (building->is_of_host) {
        return PyUnicode_DecodeFSDefault(subject);
    }
    return PyUnicode_Decode(subject, (Py_ssize_t)strlen(subject),
                            encoding != NULL ? encoding : "utf-8", "surrogateescape");
}

/* A failure of the host is an OSError. */
static PyObject *raise(const struct building *building, int result)
{
    const char *subject = building->subject[0] != '\0' ? building->subject : building->folder;
    PyObject *path = subject != NULL ? make_path(building) : NULL;
    if (subject != NULL && path == NULL) {
        return NULL;
    }
    if (building->detail.os_error == 0) {
        lfn_raise_about(building->source.state, result, &building->detail, path, subject);
    } else {
        errno = building->detail.os_error;
        PyErr_SetFromErrnoWithFilenameObject(PyExc_OSError, path);
    }
    Py_XDECREF(path);
    return NULL;
}

/* --- the work, without the GIL --------------------------------------------------------------- */

static int scan_folder(struct building *building)
{
    const char *encoding = building->source.encoding.name;
    const struct lfk_scan_options scan_options = {.size = sizeof(scan_options),
                                                  .allocator = &lfn_allocator,
                                                  .report = tell_host_path,
                                                  .context = building};
    struct lfk_scan_options with_encoding = scan_options;
    int result = LFK_OK;
    if (encoding != NULL) {
        result = lfk_encoding_open(&building->host_encoding, encoding, &building->detail);
        with_encoding.encoding = building->host_encoding;
    }
    return result < 0 ? result
                      : lfk_scan_open(&building->scan, building->source.tree, building->folder,
                                      &with_encoding, &building->detail);
}

static int plan(struct building *building)
{
    PyThreadState *released = PyEval_SaveThread();
    int result = building->folder != NULL ? scan_folder(building) : LFK_OK;
    if (result == LFK_OK) {
        result = lfk_build_plan(&building->build, building->source.tree, &building->options,
                                &building->detail);
    }
    PyEval_RestoreThread(released);
    return result;
}

/* Memory that takes the image as it comes. */
struct memory_sink {
    struct lfk_sink sink;
    char *place;
    size_t left;
};

static int write_memory(struct lfk_sink *sink, const struct lfk_span *spans, size_t count,
                        struct lfk_detail *detail)
{
    struct memory_sink *memory = (struct memory_sink *)sink; /* its first member */
    for (size_t i = 0; i < count; i++) {
        if (spans[i].size > memory->left) {
            detail->what = "the image is larger than its plan";
            return LFK_ERR_NOSPC;
        }
        memcpy(memory->place, spans[i].data, spans[i].size);
        memory->place += spans[i].size;
        memory->left -= spans[i].size;
    }
    return LFK_OK;
}

static int write_image(struct building *building, char *image, size_t size)
{
    struct memory_sink memory = {{write_memory}, image, size};
    const struct lfk_node *node = NULL;
    PyThreadState *released = PyEval_SaveThread();
    int result = lfk_build_write(building->build, &memory.sink, &node, &building->detail);
    if (node != NULL && building->folder != NULL) {
        (void)lfk_scan_path(building->scan, node, building->subject, sizeof(building->subject));
        building->is_of_host = true;
    }
    memset(memory.place, 0xff, memory.left);
    PyEval_RestoreThread(released);
    return result;
}

/* --- the whole ----------------------------------------------------------------------------------
 */

static PyObject *make_image(struct building *building)
{
    int result = plan(building);
    if (result < 0) {
        return raise(building, result);
    }
    const struct lfk_build_options *settled = &lfk_build_report(building->build)->options;
    uint64_t size = (uint64_t)settled->block_size * settled->block_count;
    if (size > PY_SSIZE_T_MAX) {
        return PyErr_NoMemory();
    }
    PyObject *image =
        building->is_mutable ? lfn_new_bytearray((size_t)size) : lfn_new_bytes((size_t)size);
    if (image == NULL) {
        return NULL;
    }
    char *bytes = building->is_mutable ? PyByteArray_AS_STRING(image) : PyBytes_AS_STRING(image);
    result = write_image(building, bytes, (size_t)size);
    if (result < 0) {
        Py_DECREF(image);
        return raise(building, result);
    }
    return image;
}

/* The source is a dict, or a path of the host, kept in `*path`. */
static int take_source(struct building *building, PyObject *value, PyObject **path)
{
    if (lfk_tree_create(&building->source.tree, &lfn_allocator) < 0) {
        PyErr_NoMemory();
        return -1;
    }
    if (!lfn_is_path(value)) {
        return lfn_tree_add(&building->source, value);
    }
    if (PyUnicode_FSConverter(value, path) == 0) {
        return -1;
    }
    building->folder = PyBytes_AS_STRING(*path);
    return 0;
}

static void release(struct building *building)
{
    lfk_build_close(building->build);
    lfk_scan_close(building->scan);
    lfn_tree_release(&building->source);
    lfk_encoding_close(building->host_encoding);
    lfn_encoding_release(&building->source.encoding);
}

static PyObject *build(PyObject *module, PyObject *const *args, Py_ssize_t count,
                       PyObject *keywords)
{
    struct building building = {.source = {.state = lfn_state_of(module)},
                                .options = {.size = sizeof(building.options),
                                            .allocator = &lfn_allocator,
                                            .report = tell_node}};
    PyObject *values[LFN_PARAMETERS_MAX];
    PyObject *path = NULL;
    PyObject *image = NULL;
    building.options.report_context = &building;
    if (lfn_take_arguments(&signature, args, count, keywords, values) < 0 ||
        take_flag(values[2], &building.is_mutable) < 0 ||
        take_flag(values[3], &building.options.fill_evenly) < 0 ||
        take_options(&building, values) < 0 ||
        lfn_take_encoding(module, values[1], &building.source.encoding) < 0) {
        return NULL;
    }
    if (take_source(&building, values[0], &path) == 0) {
        image = make_image(&building);
    }
    release(&building);
    Py_XDECREF(path);
    return image;
}

PyMethodDef lfn_build_functions[] = {
    LFN_FUNCTION(
        "_build", build,
        "_build($module, /, tree, filename_encoding=None, mutable=False, fill_evenly=False, "
        "block_size=0, block_count=0, free_blocks=0, free_percent=0, read_size=0, prog_size=0, "
        "cache_size=0, metadata_max=0, inline_max=0, name_max=0, file_max=0, attr_max=0, "
        "disk_version=0, fill_percent=0)\n--\n\n"
        "The image of a tree of files: bytes, or a bytearray if mutable.\n\n"
        "tree is a dict of names, whose values are bytes-like for files and dicts for\n"
        "directories, or (value, {type: bytes-like}) to give attributes; or the path of a\n"
        "folder. The numbers are those of struct lfk_build_options in lfskit/build.h; 0 or\n"
        "None is the default, which for block_count is as few as are needed.\n"
        "LittleFSError: NOSPC, more blocks are needed; INVAL, a number out of its range, a\n"
        "name that cannot be; NAMETOOLONG, FBIG. OSError: the folder cannot be read."),
    {NULL, NULL, 0, NULL},
};
