/* SPDX-License-Identifier: MIT */
/*
 * The type littlefs._command.Shell: the shell of cli/ on a volume that is lent
 * to it for each line.
 */
#ifndef LFN_REPL_H
#define LFN_REPL_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

extern PyType_Spec lfn_shell_spec;

/* A tuple for each command of the shell and each alias: name, usage, what it does. */
PyObject *lfn_shell_commands(PyObject *module, PyObject *unused);

#endif
