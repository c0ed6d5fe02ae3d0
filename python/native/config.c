/* SPDX-License-Identifier: MIT */
/*
 * LFSConfig: the geometry and the limits of a volume, and the context that is
 * its device. Any numbers are taken that have a meaning; whether they fit each
 * other is said by format and mount.
 */
#include "native.h"

#include <stddef.h>
#include <string.h>
#include <structmember.h>

#define BLOCK_SIZE_MIN 128u
#define NAME_MAX_MOST 1022u
#define FILE_MAX_MOST 2147483647u
#define ATTR_MAX_MOST 1022u

/* --- the numbers -------------------------------------------------------------------- */

struct number {
    const char *name;
    size_t offset;
    long long value; /* the default */
    long long low;   /* -1 stands for UINT32_MAX, "none" */
    long long high;
};

#define NUMBER(member, value, low, high)                                                           \
    {                                                                                              \
#member, offsetof(struct lfn_config, member), value, low, high                             \
    }

static const struct number numbers[] = {
    NUMBER(block_size, 128, 0, UINT32_MAX),
    NUMBER(block_count, 64, 0, UINT32_MAX),
    NUMBER(read_size, 0, 0, UINT32_MAX),
    NUMBER(prog_size, 0, 0, UINT32_MAX),
    NUMBER(block_cycles, -1, INT32_MIN, INT32_MAX),
    NUMBER(cache_size, 0, 0, UINT32_MAX),
    NUMBER(lookahead_size, 8, 0, UINT32_MAX),
    NUMBER(name_max, 255, 0, UINT32_MAX),
    NUMBER(file_max, 0, 0, UINT32_MAX),
    NUMBER(attr_max, 0, 0, UINT32_MAX),
    NUMBER(metadata_max, 0, 0, UINT32_MAX),
    NUMBER(inline_max, 0, -1, UINT32_MAX),
    NUMBER(disk_version, 0, 0, UINT32_MAX),
    NUMBER(compact_thresh, 0, -1, UINT32_MAX),
};

#define NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

/* All of them are 32 bits, two's complement where there is a sign. */
static void store(struct lfn_config *config, const struct number *number, long long value)
{
    uint32_t bits = (uint32_t)value;
    memcpy((char *)config + number->offset, &bits, sizeof(bits));
}

static const struct number *find_number(PyObject *name)
{
    for (size_t i = 0; i < NUMBERS; i++) {
        if (PyUnicode_CompareWithASCIIString(name, numbers[i].name) == 0) {
            return &numbers[i];
        }
    }
    return NULL;
}

/* --- construction ----------------------------------------------------------------------- */

static int take_keyword(struct lfn_config *config, PyObject *name, PyObject *value)
{
    const struct number *number = find_number(name);
    long long given;
    if (number == NULL) {
        PyErr_Format(PyExc_TypeError, "LFSConfig() got an unexpected keyword argument '%U'", name);
        return -1;
    }
    if (lfn_take_integer(value, number->name, number->low, number->high, &given) < 0) {
        return -1;
    }
    store(config, number, given);
    return 0;
}

/* The context, borrowed; NULL: it was not given, or (result -1) given wrongly. */
static int take_context(PyObject *args, PyObject *keywords, PyObject **context)
{
    Py_ssize_t count = PyTuple_GET_SIZE(args);
    PyObject *named = keywords != NULL ? PyDict_GetItemString(keywords, "context") : NULL;
    if (count > 1) {
        PyErr_Format(PyExc_TypeError,
                     "LFSConfig() takes at most 1 positional argument, the context (%zd given)",
                     count);
        return -1;
    }
    if (count == 1 && named != NULL) {
        PyErr_SetString(PyExc_TypeError, "LFSConfig() got multiple values for argument 'context'");
        return -1;
    }
    *context = count == 1 ? PyTuple_GET_ITEM(args, 0) : named;
    return 0;
}

static int take_numbers(struct lfn_config *config, PyObject *keywords)
{
    Py_ssize_t position = 0;
    PyObject *name;
    PyObject *value;
    for (size_t i = 0; i < NUMBERS; i++) {
        store(config, &numbers[i], numbers[i].value);
    }
    while (keywords != NULL && PyDict_Next(keywords, &position, &name, &value)) {
        if (PyUnicode_CompareWithASCIIString(name, "context") != 0 &&
            take_keyword(config, name, value) < 0) {
            return -1;
        }
    }
    if (config->block_size < BLOCK_SIZE_MIN) {
        PyErr_Format(PyExc_ValueError, "Minimal block size is %u", BLOCK_SIZE_MIN);
        return -1;
    }
    if (config->name_max > NAME_MAX_MOST) {
        PyErr_Format(PyExc_ValueError, "name_max must be <=%u.", NAME_MAX_MOST);
        return -1;
    }
    return 0;
}

static void fill_defaults(struct lfn_config *config)
{
    config->has_default_cache = config->cache_size == 0;
    config->read_size = config->read_size != 0 ? config->read_size : config->block_size;
    config->prog_size = config->prog_size != 0 ? config->prog_size : config->block_size;
    if (config->has_default_cache) {
        config->cache_size = Py_MAX(config->read_size, config->prog_size);
    }
}

/* A UserContext that has room for the volume. */
static PyObject *make_context(const struct lfn_config *config)
{
    struct lfn_state *state = lfn_state_of_type(Py_TYPE(config));
    if (state == NULL) {
        return NULL;
    }
    unsigned long long size = (unsigned long long)config->block_size * config->block_count;
    return PyObject_CallFunction(state->user_context_type, "K", size);
}

static void take_over(struct lfn_config *config, const struct lfn_config *numbers_given)
{
    for (size_t i = 0; i < NUMBERS; i++) {
        memcpy((char *)config + numbers[i].offset, (const char *)numbers_given + numbers[i].offset,
               sizeof(uint32_t));
    }
    config->has_default_cache = numbers_given->has_default_cache;
}

static int config_init(PyObject *self, PyObject *args, PyObject *keywords)
{
    struct lfn_config *config = (struct lfn_config *)self;
    struct lfn_config given = *config;
    PyObject *context = NULL;
    if (take_context(args, keywords, &context) < 0 || take_numbers(&given, keywords) < 0) {
        return -1;
    }
    fill_defaults(&given);
    if (context == NULL || context == Py_None) {
        context = make_context(&given);
    } else {
        Py_INCREF(context);
    }
    if (context == NULL) {
        return -1;
    }
    take_over(config, &given);
    Py_XSETREF(config->context, context);
    return 0;
}

/* --- what the engine makes of it -------------------------------------------------------- */

static int refuse(struct lfk_detail *detail, const char *field, const char *what)
{
    *detail = (struct lfk_detail){.status = LFK_ERR_INVAL, .field = field, .what = what};
    return LFK_ERR_INVAL;
}

/* What littlefs asserts, and lfskit takes for a default or has no notion of. */
static int check_numbers(const struct lfn_config *config, struct lfk_detail *detail)
{
    uint32_t threshold = config->compact_thresh;
    if (config->block_cycles == 0) {
        return refuse(detail, "block_cycles", "must not be 0 (-1 is for none)");
    }
    if (config->lookahead_size == 0) {
        return refuse(detail, "lookahead_size", "must not be 0");
    }
    if (threshold != 0 && threshold != UINT32_MAX &&
        (threshold < config->block_size / 2 || threshold > config->block_size)) {
        return refuse(detail, "compact_thresh", "must lie between half a block and a block");
    }
    return LFK_OK;
}

static uint32_t default_inline_max(const struct lfk_filesystem_options *options,
                                   uint32_t block_size)
{
    uint32_t metadata = options->metadata_max != 0 ? options->metadata_max : block_size;
    return Py_MIN(options->cache_size, Py_MIN(options->attr_max, metadata / 8));
}

int lfn_config_settle(const struct lfn_config *config, struct lfk_device *device,
                      struct lfk_filesystem_options *options, struct lfk_detail *detail)
{
    device->read_size = config->read_size;
    device->prog_size = config->prog_size;
    device->block_size = config->block_size;
    device->block_count = config->block_count;
    *options = (struct lfk_filesystem_options){
        .size = sizeof(*options),
        .allocator = &lfn_allocator,
        .block_cycles = config->block_cycles,
        .cache_size = config->cache_size,
        .metadata_max = config->metadata_max,
        .inline_max = config->inline_max,
        .name_max = config->name_max != 0 ? config->name_max : NAME_MAX_MOST,
        .file_max = config->file_max != 0 ? config->file_max : FILE_MAX_MOST,
        .attr_max = config->attr_max != 0 ? config->attr_max : ATTR_MAX_MOST,
        .disk_version = config->disk_version,
    };
    int result = check_numbers(config, detail);
    result = result < 0 ? result : lfk_device_check(device, options, detail);
    if (result == LFK_OK && config->has_default_cache) {
        /* What is called small is still so, but the context is called for whole blocks. */
        if (options->inline_max == 0) {
            options->inline_max = default_inline_max(options, config->block_size);
        }
        options->cache_size = config->block_size;
    }
    return result;
}

/* --- attributes ---------------------------------------------------------------------------- */

/* `closure` is where it lies in the struct. */
static PyObject *get_number(PyObject *self, void *closure)
{
    uint32_t number;
    memcpy(&number, (const char *)self + (uintptr_t)closure, sizeof(number));
    return PyLong_FromUnsignedLong(number);
}

static PyObject *get_block_cycles(PyObject *self, void *closure)
{
    (void)closure;
    return PyLong_FromLong(((struct lfn_config *)self)->block_cycles);
}

static PyObject *get_context(PyObject *self, void *closure)
{
    PyObject *context = ((struct lfn_config *)self)->context;
    (void)closure;
    context = context != NULL ? context : Py_None;
    Py_INCREF(context);
    return context;
}

static int set_context(PyObject *self, PyObject *value, void *closure)
{
    (void)closure;
    Py_XINCREF(value);
    Py_XSETREF(((struct lfn_config *)self)->context, value);
    return 0;
}

static PyObject *config_repr(PyObject *self)
{
    const struct lfn_config *c = (const struct lfn_config *)self;
    return PyUnicode_FromFormat(
        "LFSConfig(context=%R, block_size=%u, block_count=%u, read_size=%u, prog_size=%u, "
        "block_cycles=%d, cache_size=%u, lookahead_size=%u, name_max=%u, file_max=%u, "
        "attr_max=%u, metadata_max=%u, inline_max=%u, disk_version=%u)",
        c->context != NULL ? c->context : Py_None, c->block_size, c->block_count, c->read_size,
        c->prog_size, c->block_cycles, c->cache_size, c->lookahead_size, c->name_max, c->file_max,
        c->attr_max, c->metadata_max, c->inline_max, c->disk_version);
}

/* --- the type -------------------------------------------------------------------------------- */

static int config_traverse(PyObject *self, visitproc visit, void *arg)
{
    struct lfn_config *config = (struct lfn_config *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(config->context);
    Py_VISIT(config->attributes);
    return 0;
}

static int config_clear(PyObject *self)
{
    struct lfn_config *config = (struct lfn_config *)self;
    Py_CLEAR(config->context);
    Py_CLEAR(config->attributes);
    return 0;
}

static void config_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (((struct lfn_config *)self)->weak_references != NULL) {
        PyObject_ClearWeakRefs(self);
    }
    (void)config_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

#define PROPERTY(member, doc)                                                                      \
    {                                                                                              \
#member, get_number, NULL, doc, (void *)offsetof(struct lfn_config, member)                \
    }

static PyGetSetDef config_properties[] = {
    {"user_context", get_context, set_context,
     "The device: an object with the methods read, prog, erase and sync. It may be replaced.",
     NULL},
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL},
    PROPERTY(block_size, "Bytes of a block."),
    PROPERTY(block_count, "Blocks; 0: as many as the volume says."),
    PROPERTY(read_size, "Bytes; reads are of multiples of it."),
    PROPERTY(prog_size, "Bytes; programs are of multiples of it."),
    {"block_cycles", get_block_cycles, NULL,
     "Erases after which a block of metadata is replaced; negative: never.", NULL},
    PROPERTY(cache_size, "Bytes; the most that is programmed in one call, if it was given."),
    PROPERTY(lookahead_size, "Bytes; of littlefs: lfskit looks at all blocks at once."),
    PROPERTY(name_max, "Bytes a name may have; 0: 1022."),
    PROPERTY(file_max, "Bytes a file may have; 0: 2147483647."),
    PROPERTY(attr_max, "Bytes an attribute may have; 0: 1022."),
    PROPERTY(metadata_max, "Bytes of a metadata block that are used; 0: all."),
    PROPERTY(inline_max, "Bytes up to which a file lies in its directory; 0: as many as can;\n"
                         "2**32 - 1: no file does, unless it is empty."),
    PROPERTY(disk_version, "major << 16 | minor; 0: 2.1 is made, either is mounted."),
    PROPERTY(compact_thresh, "Bytes beyond which fs_gc compacts a block of metadata; 0: 88 per\n"
                             "cent of a block; 2**32 - 1: it compacts none."),
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef config_members[] = {
    {"__dictoffset__", T_PYSSIZET, offsetof(struct lfn_config, attributes), READONLY, NULL},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(struct lfn_config, weak_references), READONLY,
     NULL},
    {NULL, 0, 0, 0, NULL},
};

static const char config_doc[] =
    "LFSConfig(context=None, *, block_size=128, block_count=64, read_size=0, prog_size=0, "
    "block_cycles=-1, cache_size=0, lookahead_size=8, name_max=255, file_max=0, attr_max=0, "
    "metadata_max=0, inline_max=0, disk_version=0, compact_thresh=0)\n--\n\n"
    "How a volume is made, mounted and written; sizes are bytes.\n\n"
    "context is the device, see littlefs.context; None makes a UserContext of\n"
    "block_size * block_count bytes. 0 stands for: block_size (read_size, prog_size);\n"
    "the larger of these (cache_size); what the volume says (block_count); what\n"
    "littlefs allows at most (the limits). -1 as inline_max or compact_thresh is\n"
    "2**32 - 1.\n\n"
    "ValueError: block_size below 128, name_max above 1022. OverflowError: a number\n"
    "that 32 bits do not hold. Numbers that do not fit each other are refused by format\n"
    "and mount, with LittleFSError LFS_ERR_INVAL.";

static PyType_Slot config_slots[] = {
    {Py_tp_doc, (void *)config_doc},   {Py_tp_new, PyType_GenericNew},
    {Py_tp_init, config_init},         {Py_tp_repr, config_repr},
    {Py_tp_traverse, config_traverse}, {Py_tp_clear, config_clear},
    {Py_tp_dealloc, config_dealloc},   {Py_tp_getset, config_properties},
    {Py_tp_members, config_members},   {0, NULL},
};

PyType_Spec lfn_config_spec = {
    .name = "littlefs.lfs.LFSConfig",
    .basicsize = sizeof(struct lfn_config),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = config_slots,
};
