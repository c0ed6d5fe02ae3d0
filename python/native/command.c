/* SPDX-License-Identifier: MIT */
/*
 * The extension module littlefs._command: the program littlefs-python, run in
 * this process. It is a module of its own so that what the program is linked
 * with is loaded by those alone who run it.
 *
 * A command runs without the GIL. Its streams are functions of the caller's,
 * called with the GIL; the first exception one of them raises fails all writing
 * and reading from then on, and is raised when the command has ended.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "repl.h"
#include "size.h"
#include "streams.h"
#include "verb.h"

/* A command being run. */
struct command {
    struct lfn_failure failure; /* of a stream, to be raised at its end */
    PyObject *undecodable;      /* (encoding, name) of the first name that is not in its encoding */
};

/* --- a run ---------------------------------------------------------------------------------- */

static void keep_undecodable(void *context, const char *encoding, const void *name, size_t size)
{
    struct command *command = context;
    PyGILState_STATE gil = PyGILState_Ensure();
    if (command->undecodable == NULL) {
        command->undecodable =
            Py_BuildValue("(sy#)", encoding, (const char *)name, (Py_ssize_t)size);
        if (command->undecodable == NULL) {
            lfn_failure_keep(&command->failure);
        }
    }
    PyGILState_Release(gil);
}

/* argv of a list of words: a bytes object of the host's encoding for each, all in a tuple. */
static PyObject *encode_words(PyObject *words)
{
    Py_ssize_t count = PyList_Size(words);
    PyObject *encoded = PyTuple_New(count);
    for (Py_ssize_t i = 0; encoded != NULL && i < count; i++) {
        PyObject *word = NULL;
        if (!PyUnicode_FSConverter(PyList_GetItem(words, i), &word)) {
            Py_CLEAR(encoded);
        } else {
            PyTuple_SetItem(encoded, i, word);
        }
    }
    return encoded;
}

/* Runs with the GIL given up; the exit code, or -1 and an exception. */
static int run_words(const struct cli_program *program, PyObject *encoded, struct cli_io *io)
{
    Py_ssize_t count = PyTuple_Size(encoded);
    char **argv = PyMem_Calloc((size_t)count + 2, sizeof(argv[0]));
    if (argv == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    argv[0] = (char *)program->name;
    for (Py_ssize_t i = 0; i < count; i++) {
        argv[1 + i] = PyBytes_AsString(PyTuple_GetItem(encoded, i));
    }
    int exit_code = 0;
    Py_BEGIN_ALLOW_THREADS;
    exit_code = cli_main(program, (int)count + 1, argv, io);
    Py_END_ALLOW_THREADS;
    PyMem_Free(argv);
    return exit_code;
}

static void close_stream(FILE *file)
{
    if (file != NULL) {
        fclose(file);
    }
}

static int run_on_streams(const struct cli_program *program, PyObject *encoded,
                          struct lfn_stream streams[3], struct command *command, struct cli_io *io)
{
    int exit_code = -1;
    io->in = lfn_stream_open(&streams[0], false);
    io->out = lfn_stream_open(&streams[1], true);
    io->err = lfn_stream_open(&streams[2], true);
    if (io->in != NULL && io->out != NULL && io->err != NULL) {
        setvbuf(io->err, NULL, _IOLBF, BUFSIZ);
        io->undecodable = keep_undecodable;
        io->context = command;
        exit_code = run_words(program, encoded, io);
    } else {
        PyErr_SetFromErrno(PyExc_OSError);
    }
    close_stream(io->in);
    close_stream(io->out);
    close_stream(io->err);
    return exit_code;
}

/* What a run has come to: an exception, or (exit code, answered, undecodable). */
static PyObject *conclude(struct command *command, int exit_code, bool answered)
{
    PyObject *result = NULL;
    if (!lfn_failure_raise(&command->failure) && exit_code >= 0 && PyErr_CheckSignals() == 0) {
        PyObject *undecodable = command->undecodable != NULL ? command->undecodable : Py_None;
        result = Py_BuildValue("(iOO)", exit_code, answered ? Py_True : Py_False, undecodable);
    }
    Py_XDECREF(command->undecodable);
    return result;
}

PyDoc_STRVAR(run_doc,
             "run(name, words, read, write_out, write_err)\n--\n\n"
             "Run littlefs-python under a name, on streams that are functions. Returns the exit\n"
             "code, whether --help or --version was all that was asked for, and (encoding, name)\n"
             "of the first name that is not in the encoding of the image, or None.");

static PyObject *run(PyObject *module, PyObject *args)
{
    (void)module;
    struct cli_program program = cli_littlefs_python;
    struct command command = {0};
    struct lfn_stream streams[3] = {
        {&command.failure, NULL}, {&command.failure, NULL}, {&command.failure, NULL}};
    PyObject *words = NULL;
    if (!PyArg_ParseTuple(args, "sO!OOO:run", &program.name, &PyList_Type, &words,
                          &streams[0].function, &streams[1].function, &streams[2].function)) {
        return NULL;
    }
    PyObject *encoded = encode_words(words);
    if (encoded == NULL) {
        return NULL;
    }
    struct cli_io io = {0};
    int exit_code = run_on_streams(&program, encoded, streams, &command, &io);
    Py_DECREF(encoded);
    return conclude(&command, exit_code, io.answered);
}

PyDoc_STRVAR(run_process_doc, "run_process(name, words)\n--\n\n"
                              "The same on the streams of the process. Returns the exit code, and\n"
                              "whether --help or --version was all that was asked for.");

static PyObject *run_process(PyObject *module, PyObject *args)
{
    (void)module;
    struct cli_program program = cli_littlefs_python;
    PyObject *words = NULL;
    if (!PyArg_ParseTuple(args, "sO!:run_process", &program.name, &PyList_Type, &words)) {
        return NULL;
    }
    PyObject *encoded = encode_words(words);
    if (encoded == NULL) {
        return NULL;
    }
    struct cli_io io = {.in = stdin, .out = stdout, .err = stderr};
    int exit_code = run_words(&program, encoded, &io);
    Py_DECREF(encoded);
    if (exit_code < 0) {
        return NULL;
    }
    return Py_BuildValue("(iO)", exit_code, io.answered ? Py_True : Py_False);
}

/* --- what there is -------------------------------------------------------------------------- */

PyDoc_STRVAR(size_doc, "size(text)\n--\n\nThe number of bytes a text stands for, or ValueError.");

static PyObject *parse_size(PyObject *module, PyObject *text)
{
    (void)module;
    const char *bytes = PyUnicode_AsUTF8(text);
    uint64_t size = 0;
    if (bytes == NULL) {
        return NULL;
    }
    if (cli_size_parse_strictly(bytes, &size) != NULL) {
        return PyErr_Format(PyExc_ValueError, "not a size: %R", text);
    }
    return PyLong_FromUnsignedLongLong(size);
}

/* Appends and takes a new object; -1 if it is NULL or cannot be appended. */
static int append(PyObject *list, PyObject *item)
{
    int result = item != NULL ? PyList_Append(list, item) : -1;
    Py_XDECREF(item);
    return result;
}

static PyObject *options_of(const struct cli_verb *verb)
{
    PyObject *list = PyList_New(0);
    for (const struct cli_option_group *group = verb->groups; list != NULL && group->title != NULL;
         group++) {
        for (const struct cli_option *o = group->options; list != NULL && o->name != NULL; o++) {
            const char letter[] = {o->letter, '\0'};
            if (append(list, Py_BuildValue("(sszz)", o->name, letter, o->metavar, o->help)) != 0) {
                Py_CLEAR(list);
            }
        }
    }
    return list;
}

static PyObject *operands_of(const struct cli_verb *verb)
{
    PyObject *list = PyList_New(0);
    for (const struct cli_operand_help *o = verb->operand_help; list != NULL && o->name != NULL;
         o++) {
        if (append(list, Py_BuildValue("(ss)", o->name, o->help)) != 0) {
            Py_CLEAR(list);
        }
    }
    return list;
}

static PyObject *needs_of(const struct cli_verb *verb)
{
    PyObject *list = PyList_New(0);
    for (const char *const *need = verb->needs; list != NULL && *need != NULL; need++) {
        if (append(list, PyUnicode_FromString(*need)) != 0) {
            Py_CLEAR(list);
        }
    }
    return list;
}

PyDoc_STRVAR(verbs_doc,
             "verbs()\n--\n\n"
             "A tuple for each verb: name, summary, operands as (name, help), how many of them\n"
             "are required, options as (name, letter, metavar, help), and which are needed.");

static PyObject *verbs(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    PyObject *list = PyList_New(0);
    for (const struct cli_verb *const *v = cli_littlefs_python.verbs; list != NULL && *v != NULL;
         v++) {
        PyObject *verb = Py_BuildValue("(ssNiNN)", (*v)->name, (*v)->summary, operands_of(*v),
                                       (*v)->min_operands, options_of(*v), needs_of(*v));
        if (append(list, verb) != 0) {
            Py_CLEAR(list);
        }
    }
    return list;
}

PyDoc_STRVAR(commands_doc, "commands()\n--\n\n"
                           "A tuple for each command of the shell: name, usage, and what it does.");

static PyMethodDef methods[] = {
    {"run", run, METH_VARARGS, run_doc},
    {"run_process", run_process, METH_VARARGS, run_process_doc},
    {"size", parse_size, METH_O, size_doc},
    {"verbs", verbs, METH_NOARGS, verbs_doc},
    {"commands", lfn_shell_commands, METH_NOARGS, commands_doc},
    {NULL, NULL, 0, NULL},
};

static int add_shell(PyObject *module)
{
    PyObject *type = PyType_FromModuleAndSpec(module, &lfn_shell_spec, NULL);
    int result = type != NULL ? PyModule_AddType(module, (PyTypeObject *)type) : -1;
    Py_XDECREF(type);
    return result;
}

static int add_texts(PyObject *module)
{
    return PyModule_AddStringConstant(module, "VERSION", LFSKIT_VERSION) != 0 ||
                   PyModule_AddStringConstant(module, "DESCRIPTION",
                                              cli_littlefs_python.description) != 0
               ? -1
               : 0;
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, add_texts},
    {Py_mod_exec, add_shell},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "littlefs._command",
    .m_doc = "The program littlefs-python in this process.",
    .m_methods = methods,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__command(void);

PyMODINIT_FUNC PyInit__command(void)
{
    return PyModuleDef_Init(&definition);
}
