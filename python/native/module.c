/* SPDX-License-Identifier: MIT */
/*
 * The module littlefs.lfs: its state, its types, and what it takes from the
 * package's modules in Python.
 */
#include "native.h"

#define LITTLEFS_VERSION "(ii)", 2, 11 /* whose interface this is */

static const char *const callback_names[LFN_CALLBACKS] = {"read", "prog", "erase", "sync"};

struct lfn_state *lfn_state_of(PyObject *module)
{
    return PyModule_GetState(module);
}

/* --- what is taken from Python --------------------------------------------------------- */

/* from MODULE import NAME; it also becomes a member of this module. */
static PyObject *import_name(PyObject *module, const char *from, const char *name)
{
    PyObject *source = PyImport_ImportModule(from);
    PyObject *value = source != NULL ? PyObject_GetAttrString(source, name) : NULL;
    Py_XDECREF(source);
    if (value != NULL && PyObject_SetAttrString(module, name, value) < 0) {
        Py_CLEAR(value);
    }
    return value;
}

static int import_module(PyObject *module, const char *from, const char *name)
{
    PyObject *imported = PyImport_ImportModule(from);
    int result = imported != NULL ? PyObject_SetAttrString(module, name, imported) : -1;
    Py_XDECREF(imported);
    return result;
}

static int take_classes(PyObject *module, struct lfn_state *state)
{
    state->stat_type = import_name(module, "littlefs._values", "LFSStat");
    state->fs_stat_type = import_name(module, "littlefs._values", "LFSFSStat");
    state->flag_type = import_name(module, "littlefs._values", "LFSFileFlag");
    state->error_type = import_name(module, "littlefs.errors", "LittleFSError");
    state->user_context_type = import_name(module, "littlefs.context", "UserContext");
    bool complete = state->stat_type != NULL && state->fs_stat_type != NULL &&
                    state->flag_type != NULL && state->error_type != NULL &&
                    state->user_context_type != NULL;
    return complete ? 0 : -1;
}

static int take_methods(struct lfn_state *state)
{
    for (int i = 0; i < LFN_CALLBACKS; i++) {
        state->callback_names[i] = PyUnicode_InternFromString(callback_names[i]);
        if (state->callback_names[i] == NULL) {
            return -1;
        }
        state->user_context_methods[i] =
            PyObject_GetAttr(state->user_context_type, state->callback_names[i]);
        if (state->user_context_methods[i] == NULL) {
            return -1;
        }
    }
    return 0;
}

static int take_logger(struct lfn_state *state)
{
    PyObject *context = PyImport_ImportModule("littlefs.context");
    PyObject *logger = context != NULL ? PyObject_GetAttrString(context, "logger") : NULL;
    Py_XDECREF(context);
    if (logger == NULL) {
        return -1;
    }
    state->is_logging = PyObject_GetAttrString(logger, "isEnabledFor");
    Py_DECREF(logger);
    state->debug_level = PyLong_FromLong(10); /* logging.DEBUG */
    state->buffer_name = PyUnicode_InternFromString("buffer");
    state->encoding_name = PyUnicode_InternFromString("FILENAME_ENCODING");
    bool complete = state->is_logging != NULL && state->debug_level != NULL &&
                    state->buffer_name != NULL && state->encoding_name != NULL;
    return complete ? 0 : -1;
}

/* --- what is made here ------------------------------------------------------------------- */

static PyTypeObject *add_type(PyObject *module, PyType_Spec *spec)
{
    PyObject *type = PyType_FromModuleAndSpec(module, spec, NULL);
    if (type != NULL && PyModule_AddType(module, (PyTypeObject *)type) < 0) {
        Py_CLEAR(type);
    }
    return (PyTypeObject *)type;
}

static int add_types(PyObject *module, struct lfn_state *state)
{
    state->config_type = add_type(module, &lfn_config_spec);
    state->filesystem_type = add_type(module, &lfn_filesystem_spec);
    state->file_type = add_type(module, &lfn_file_spec);
    state->directory_type = add_type(module, &lfn_directory_spec);
    bool complete = state->config_type != NULL && state->filesystem_type != NULL &&
                    state->file_type != NULL && state->directory_type != NULL;
    return complete ? 0 : -1;
}

/* Takes over the value, which may be NULL. */
static int add_value(PyObject *module, const char *name, PyObject *value)
{
    int result = value != NULL ? PyObject_SetAttrString(module, name, value) : -1;
    Py_XDECREF(value);
    return result;
}

static int add_constants(PyObject *module)
{
    uint32_t newest = LFK_DISK_VERSION_2_1;
    if (PyModule_AddStringConstant(module, "FILENAME_ENCODING", "utf-8") < 0 ||
        PyModule_AddStringConstant(module, "_VERSION", LFSKIT_VERSION) < 0 ||
        add_value(module, "__LFS_VERSION__", Py_BuildValue(LITTLEFS_VERSION)) < 0) {
        return -1;
    }
    return add_value(module, "__LFS_DISK_VERSION__",
                     Py_BuildValue("(ii)", (int)(newest >> 16), (int)(newest & 0xffff)));
}

static int add_functions(PyObject *module)
{
    PyMethodDef *const tables[] = {lfn_volume_functions,    lfn_path_functions,
                                   lfn_attribute_functions, lfn_file_functions,
                                   lfn_directory_functions, lfn_listing_functions,
                                   lfn_memory_functions,    lfn_build_functions,
                                   lfn_inspect_functions,   lfn_lending_functions};
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        if (PyModule_AddFunctions(module, tables[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

static int module_exec(PyObject *module)
{
    struct lfn_state *state = lfn_state_of(module);
    if (import_module(module, "littlefs.errors", "errors") < 0 ||
        import_module(module, "enum", "enum") < 0 ||
        import_module(module, "logging", "logging") < 0 || take_classes(module, state) < 0 ||
        take_methods(state) < 0 || take_logger(state) < 0 || add_types(module, state) < 0 ||
        add_constants(module) < 0) {
        return -1;
    }
    return add_functions(module);
}

/* --- the state ------------------------------------------------------------------------------ */

/* Calls `visit` for each reference of the state, until it returns something else than 0. */
static int for_each(struct lfn_state *state, int (*visit)(PyObject **reference, void *context),
                    void *context)
{
    PyObject **const references[] = {
        (PyObject **)&state->config_type,
        (PyObject **)&state->filesystem_type,
        (PyObject **)&state->file_type,
        (PyObject **)&state->directory_type,
        &state->error_type,
        &state->stat_type,
        &state->fs_stat_type,
        &state->flag_type,
        &state->user_context_type,
        &state->buffer_name,
        &state->encoding_name,
        &state->is_logging,
        &state->debug_level,
    };
    int result = 0;
    for (size_t i = 0; i < sizeof(references) / sizeof(references[0]) && result == 0; i++) {
        result = visit(references[i], context);
    }
    for (int i = 0; i < LFN_CALLBACKS && result == 0; i++) {
        result = visit(&state->user_context_methods[i], context);
        result = result == 0 ? visit(&state->callback_names[i], context) : result;
    }
    return result;
}

struct traversal {
    visitproc visit;
    void *arg;
};

static int visit_reference(PyObject **reference, void *context)
{
    const struct traversal *traversal = context;
    return *reference != NULL ? traversal->visit(*reference, traversal->arg) : 0;
}

static int module_traverse(PyObject *module, visitproc visit, void *arg)
{
    struct traversal traversal = {visit, arg};
    struct lfn_state *state = lfn_state_of(module);
    return state != NULL ? for_each(state, visit_reference, &traversal) : 0;
}

static int clear_reference(PyObject **reference, void *context)
{
    (void)context;
    Py_CLEAR(*reference);
    return 0;
}

static int module_clear(PyObject *module)
{
    struct lfn_state *state = lfn_state_of(module);
    return state != NULL ? for_each(state, clear_reference, NULL) : 0;
}

static void module_free(void *module)
{
    (void)module_clear(module);
}

/* --- the definition --------------------------------------------------------------------------- */

static PyModuleDef_Slot module_slots[] = {
    {Py_mod_exec, module_exec},
    {0, NULL},
};

static struct PyModuleDef module_definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "lfs",
    .m_doc = "littlefs's interface in Python: the functions of lfs.h.\n\n"
             "A negative result is raised as LittleFSError, others are returned. Paths are str,\n"
             "encoded by filename_encoding or else FILENAME_ENCODING, or bytes, or os.PathLike.\n"
             "Any function that takes fs raises LittleFSError INVAL if nothing is mounted; any\n"
             "that takes a path NOENT and NOTDIR; any at all CORRUPT and NOMEM, what the context\n"
             "returned, and the exceptions that it raised.",
    .m_size = sizeof(struct lfn_state),
    .m_slots = module_slots,
    .m_traverse = module_traverse,
    .m_clear = module_clear,
    .m_free = module_free,
};

PyObject *lfn_module_of_type(PyTypeObject *type)
{
#if PY_VERSION_HEX >= 0x030B0000
    return PyType_GetModuleByDef(type, &module_definition);
#else
    PyObject *bases = type->tp_mro;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(bases); i++) {
        PyTypeObject *base = (PyTypeObject *)PyTuple_GET_ITEM(bases, i);
        PyObject *module =
            PyType_HasFeature(base, Py_TPFLAGS_HEAPTYPE) ? PyType_GetModule(base) : NULL;
        if (module != NULL && PyModule_GetDef(module) == &module_definition) {
            return module;
        }
        PyErr_Clear();
    }
    PyErr_SetString(PyExc_TypeError, "the type is not of littlefs.lfs");
    return NULL;
#endif
}

struct lfn_state *lfn_state_of_type(PyTypeObject *type)
{
    PyObject *module = lfn_module_of_type(type);
    return module != NULL ? lfn_state_of(module) : NULL;
}

PyMODINIT_FUNC PyInit_lfs(void);

PyMODINIT_FUNC PyInit_lfs(void)
{
    return PyModuleDef_Init(&module_definition);
}
