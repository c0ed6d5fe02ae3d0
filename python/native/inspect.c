/* SPDX-License-Identifier: MIT */
/*
 * _check and _probe: what is in an image, and what is wrong with it.
 */
#include "native.h"

#include "lfskit/check.h"
#include "lfskit/volume.h"

#define LINE_SIZE 512 /* bytes of a finding's line */

/* --- findings --------------------------------------------------------------------------- */

struct findings {
    PyObject *list;
    PyThreadState *released;
    bool has_failed; /* an exception is set */
};

/* A number, or None; a new reference. */
static PyObject *number_or_none(bool has, uint32_t number)
{
    if (!has) {
        Py_RETURN_NONE;
    }
    return PyLong_FromUnsignedLong(number);
}

static PyObject *make_finding(const struct lfk_finding *finding)
{
    const struct lfk_finding_kind *kind = finding->kind;
    char line[LINE_SIZE];
    (void)lfk_finding_format(finding, line, sizeof(line));
    return Py_BuildValue("(sisssyNNs)", kind->code, (int)kind->severity, kind->title, line,
                         kind->meaning, finding->path,
                         number_or_none(finding->has_block, finding->block),
                         number_or_none(finding->has_offset, finding->offset), kind->repair);
}

static void add_finding(void *context, const struct lfk_finding *finding)
{
    struct findings *findings = context;
    PyEval_RestoreThread(findings->released);
    if (!findings->has_failed) {
        PyObject *made = make_finding(finding);
        findings->has_failed = made == NULL || PyList_Append(findings->list, made) < 0;
        Py_XDECREF(made);
    }
    findings->released = PyEval_SaveThread();
}

static PyObject *check_image(const struct lfn_state *state, const Py_buffer *image,
                             uint32_t block_size, uint32_t block_count)
{
    struct findings findings = {.list = PyList_New(0)};
    struct lfk_check *outcome = NULL;
    struct lfk_detail detail = {0};
    const struct lfk_check_options options = {.size = sizeof(options),
                                              .allocator = &lfn_allocator,
                                              .block_size = block_size,
                                              .block_count = block_count,
                                              .report = add_finding,
                                              .context = &findings};
    if (findings.list == NULL) {
        return NULL;
    }
    findings.released = PyEval_SaveThread();
    int result = lfk_check_open_memory(&outcome, image->buf, (size_t)image->len, &options, &detail);
    lfk_check_close(outcome);
    PyEval_RestoreThread(findings.released);
    if (result < 0 && !findings.has_failed) {
        lfn_raise(state, result, &detail, NULL);
        findings.has_failed = true;
    }
    if (findings.has_failed) {
        Py_CLEAR(findings.list);
    }
    return findings.list;
}

static PyObject *check(PyObject *module, PyObject *const *args, Py_ssize_t count,
                       PyObject *keywords)
{
    static const struct lfn_signature signature = {
        "_check", 1, {"image", "block_size", "block_count"}};
    uint32_t block_size = 0;
    uint32_t block_count = 0;
    PyObject *values[3];
    Py_buffer image;
    if (lfn_take_arguments(&signature, args, count, keywords, values) < 0 ||
        (values[1] != NULL && lfn_take_uint32(values[1], "block_size", &block_size) < 0) ||
        (values[2] != NULL && lfn_take_uint32(values[2], "block_count", &block_count) < 0) ||
        lfn_take_buffer(values[0], "image", PyBUF_SIMPLE, &image) < 0) {
        return NULL;
    }
    PyObject *findings = check_image(lfn_state_of(module), &image, block_size, block_count);
    PyBuffer_Release(&image);
    return findings;
}

/* --- geometry -------------------------------------------------------------------------------- */

static PyObject *describe(const struct lfk_volume_info *info)
{
    return Py_BuildValue("{sIsIsIsIsIsIsKsK}", "disk_version", info->disk_version, "block_size",
                         info->block_size, "block_count", info->block_count, "name_max",
                         info->name_max, "file_max", info->file_max, "attr_max", info->attr_max,
                         "image_size", (unsigned long long)info->image_size, "blocks_used",
                         (unsigned long long)info->blocks_used);
}

static PyObject *probe_image(const struct lfn_state *state, const Py_buffer *image)
{
    struct lfk_volume *volume = NULL;
    struct lfk_volume_info info = {0};
    struct lfk_detail detail = {0};
    const struct lfk_volume_options options = {.size = sizeof(options),
                                               .allocator = &lfn_allocator};
    PyThreadState *released = PyEval_SaveThread();
    int result = lfk_volume_open_memory(&volume, image->buf, (size_t)image->len, &options, &detail);
    if (result == LFK_OK) {
        lfk_volume_info(volume, &info);
    }
    lfk_volume_close(volume);
    PyEval_RestoreThread(released);
    if (result < 0) {
        lfn_raise(state, result, &detail, NULL);
        return NULL;
    }
    return describe(&info);
}

static PyObject *probe(PyObject *module, PyObject *const *args, Py_ssize_t count,
                       PyObject *keywords)
{
    static const struct lfn_signature signature = {"_probe", 1, {"image"}};
    PyObject *values[1];
    Py_buffer image;
    if (lfn_take_arguments(&signature, args, count, keywords, values) < 0 ||
        lfn_take_buffer(values[0], "image", PyBUF_SIMPLE, &image) < 0) {
        return NULL;
    }
    PyObject *info = probe_image(lfn_state_of(module), &image);
    PyBuffer_Release(&image);
    return info;
}

PyMethodDef lfn_inspect_functions[] = {
    LFN_FUNCTION("_check", check,
                 "_check($module, /, image, block_size=0, block_count=0)\n--\n\n"
                 "What is wrong with an image, a list of (code, severity, title, message,\n"
                 "meaning, path, block, offset, repair). The severity is 0, a note; 1, a repair\n"
                 "is due; 2, damage. The path is bytes. It, block and offset may be None.\n"
                 "LittleFSError INVAL: it is not littlefs, or has another geometry."),
    LFN_FUNCTION("_probe", probe,
                 "_probe($module, /, image)\n--\n\n"
                 "What the superblock of an image says: a dict of disk_version, block_size,\n"
                 "block_count, name_max, file_max, attr_max, image_size and blocks_used.\n"
                 "LittleFSError: INVAL, it is not littlefs; CORRUPT."),
    {NULL, NULL, 0, NULL},
};
