/* SPDX-License-Identifier: MIT */
/*
 * The shell in a Python process. It keeps the working directory and the encoding;
 * volume and output it has for one line only. The GIL is held while a line runs,
 * as the volume's context may be Python code.
 */
#include "repl.h"
#include "candidates.h"
#include "editor.h"
#include "lent.h"
#include "shell.h"
#include "streams.h"

#include <errno.h>

struct shell_object {
    PyObject_HEAD struct cli_shell shell;
    struct cli_session session;
    struct cli_session_args args;
    struct cli_run run;
    struct cli_io io;
    struct lfn_failure failure; /* of the line that runs */
    PyObject *encoding;         /* the text that args point to */
    PyObject *const *raised;    /* by the context of the volume that is lent */
};

/* The object around the shell that is the session's context. */
static struct shell_object *object_of(void *context)
{
    return (struct shell_object *)((char *)context - offsetof(struct shell_object, shell));
}

/* A command goes no further when its volume has failed, or Ctrl-C was pressed. */
static bool is_stopped(void *context)
{
    struct shell_object *self = object_of(context);
    if (PyErr_CheckSignals() != 0) {
        lfn_failure_keep(&self->failure);
    }
    return self->failure.exception != NULL || (self->raised != NULL && *self->raised != NULL);
}

static void refuse_encoding(void *context, const char *text)
{
    (void)context;
    PyErr_SetString(PyExc_LookupError, text);
}

static PyObject *shell_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    PyObject *encoding = NULL;
    if (keywords != NULL && PyDict_Size(keywords) > 0) {
        PyErr_SetString(PyExc_TypeError, "Shell() takes no keyword arguments");
        return NULL;
    }
    if (!PyArg_ParseTuple(args, "U:Shell", &encoding)) {
        return NULL;
    }
    const char *name = PyUnicode_AsUTF8(encoding);
    struct shell_object *self =
        name != NULL ? (struct shell_object *)type->tp_alloc(type, 0) : NULL;
    if (self == NULL) {
        return NULL;
    }
    Py_INCREF(encoding);
    self->encoding = encoding;
    self->args.reading.filename_encoding = name;
    self->run =
        (struct cli_run){.program = &cli_lfskit, .io = &self->io, .refused = refuse_encoding};
    if (cli_session_begin(&self->session, &self->run, &self->args, NULL) != CLI_DONE) {
        if (PyErr_Occurred() == NULL) {
            PyErr_NoMemory();
        }
        Py_DECREF(self);
        return NULL;
    }
    cli_shell_start(&self->shell, &self->session);
    self->session.stop = is_stopped;
    return (PyObject *)self;
}

static void shell_dealloc(PyObject *object)
{
    struct shell_object *self = (struct shell_object *)object;
    PyTypeObject *type = Py_TYPE(object);
    cli_session_close(&self->session);
    Py_XDECREF(self->encoding);
    type->tp_free(object);
    Py_DECREF(type);
}

/* --- a line ---------------------------------------------------------------------------------- */

/* Who writes for a line, or another thread, may not use the shell that runs it. */
static bool refuse_while_running(const struct shell_object *self)
{
    if (self->io.out != NULL) {
        PyErr_SetString(PyExc_RuntimeError, "the shell is running a line");
    }
    return self->io.out != NULL;
}

/* The volume that lfs._lend gave, or None; -1: an exception. */
static int take_volume(struct shell_object *self, PyObject *volume)
{
    if (refuse_while_running(self)) {
        return -1;
    }
    if (volume == Py_None) {
        cli_session_lend(&self->session, NULL);
        return 0;
    }
    const struct lfn_lent *lent = PyCapsule_GetPointer(volume, LFN_LENT_NAME);
    if (lent == NULL) {
        return -1;
    }
    cli_session_lend(&self->session, lent->filesystem);
    self->raised = lent->raised;
    return 0;
}

static void give_back(struct shell_object *self)
{
    cli_session_lend(&self->session, NULL);
    self->raised = NULL;
}

/* In UTF-8. Names of the host that are none come as surrogates, and are the bytes they were. */
static PyObject *encode_line(PyObject *line)
{
    return PyUnicode_AsEncodedString(line, "utf-8", "surrogateescape");
}

PyDoc_STRVAR(run_doc,
             "run($self, line, volume, write, /)\n--\n\n"
             "Run a line on a volume that lfs._lend lent, or None; what is printed goes to\n"
             "write(bytes). Returns whether the shell was left.");

/* Runs a line of bytes. */
static PyObject *run_line(struct shell_object *self, PyObject *line, PyObject *volume,
                          PyObject *write)
{
    struct lfn_stream stream = {&self->failure, write};
    if (take_volume(self, volume) != 0) {
        return NULL;
    }
    FILE *out = lfn_stream_open(&stream, true);
    if (out == NULL) {
        give_back(self);
        return PyErr_SetFromErrno(PyExc_OSError);
    }
    self->io.out = self->io.err = self->shell.told = out;
    self->shell.left = false;
    (void)cli_shell_line(&self->shell, PyBytes_AsString(line), (size_t)PyBytes_Size(line));
    (void)fclose(out);
    self->io.out = self->io.err = self->shell.told = NULL;
    give_back(self);
    return lfn_failure_raise(&self->failure) ? NULL : PyBool_FromLong(self->shell.left);
}

static PyObject *shell_run(PyObject *object, PyObject *args)
{
    PyObject *text = NULL;
    PyObject *volume = NULL;
    PyObject *write = NULL;
    if (!PyArg_ParseTuple(args, "UOO:run", &text, &volume, &write)) {
        return NULL;
    }
    PyObject *line = encode_line(text);
    PyObject *result =
        line != NULL ? run_line((struct shell_object *)object, line, volume, write) : NULL;
    Py_XDECREF(line);
    return result;
}

PyDoc_STRVAR(complete_doc, "complete($self, line, volume, /)\n--\n\n"
                           "The names that the last word of a line could be going to be.");

static PyObject *complete_line(struct shell_object *self, PyObject *line, PyObject *volume)
{
    struct cli_candidates candidates = {0};
    if (take_volume(self, volume) != 0) {
        return NULL;
    }
    cli_candidates_find(&self->shell, PyBytes_AsString(line), &candidates);
    give_back(self);
    PyObject *list = PyList_New(0);
    const char *name = cli_text_string(&candidates.names);
    for (size_t i = 0; list != NULL && i < candidates.shown; i++, name += strlen(name) + 1) {
        PyObject *item = PyUnicode_DecodeUTF8(name, (Py_ssize_t)strlen(name), "surrogateescape");
        if (item == NULL || PyList_Append(list, item) != 0) {
            Py_CLEAR(list);
        }
        Py_XDECREF(item);
    }
    cli_text_free(&candidates.names);
    cli_text_free(&candidates.added);
    return list;
}

static PyObject *shell_complete(PyObject *object, PyObject *args)
{
    PyObject *text = NULL;
    PyObject *volume = NULL;
    if (!PyArg_ParseTuple(args, "UO:complete", &text, &volume)) {
        return NULL;
    }
    PyObject *line = encode_line(text);
    PyObject *list =
        line != NULL ? complete_line((struct shell_object *)object, line, volume) : NULL;
    Py_XDECREF(line);
    return list;
}

PyDoc_STRVAR(restart_doc, "restart($self, /)\n--\n\nGo to the root.");

static PyObject *shell_restart(PyObject *object, PyObject *unused)
{
    struct shell_object *self = (struct shell_object *)object;
    (void)unused;
    if (refuse_while_running(self)) {
        return NULL;
    }
    cli_text_cut(&self->session.directory, 0);
    Py_RETURN_NONE;
}

/* --- what commands there are --------------------------------------------------------------- */

static int add_command(PyObject *list, const char *name, const struct cli_verb *verb)
{
    struct cli_text usage = {0};
    cli_shell_usage(&usage, verb);
    PyObject *row = Py_BuildValue("(sss)", name, cli_text_string(&usage), verb->description);
    cli_text_free(&usage);
    int result = row != NULL ? PyList_Append(list, row) : -1;
    Py_XDECREF(row);
    return result;
}

PyObject *lfn_shell_commands(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    PyObject *list = PyList_New(0);
    const struct cli_verb *verb = NULL;
    for (size_t i = 0; list != NULL && (verb = cli_shell_verb(i)) != NULL; i++) {
        if (add_command(list, verb->name, verb) != 0 ||
            (verb->alias != NULL && add_command(list, verb->alias, verb) != 0)) {
            Py_CLEAR(list);
        }
    }
    return list;
}

static PyMethodDef shell_methods[] = {
    {"run", shell_run, METH_VARARGS, run_doc},
    {"complete", shell_complete, METH_VARARGS, complete_doc},
    {"restart", shell_restart, METH_NOARGS, restart_doc},
    {NULL, NULL, 0, NULL},
};

static const char shell_doc[] = "Shell(encoding)\n--\n\nThe shell on a volume whose names are in "
                                "an encoding. LookupError: it is not known.";

static PyType_Slot shell_slots[] = {
    {Py_tp_doc, (void *)shell_doc},
    {Py_tp_new, shell_new},
    {Py_tp_dealloc, shell_dealloc},
    {Py_tp_methods, shell_methods},
    {0, NULL},
};

PyType_Spec lfn_shell_spec = {
    .name = "littlefs._command.Shell",
    .basicsize = sizeof(struct shell_object),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = shell_slots,
};
