/* SPDX-License-Identifier: MIT */
/*
 * Streams of C over functions in Python. They are called with the GIL, whether
 * who writes or reads has it or not. The first exception that one raises fails
 * all streams that share its place from then on.
 */
#ifndef LFN_STREAMS_H
#define LFN_STREAMS_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdbool.h>
#include <stdio.h>

/* Where an exception is kept: its three parts in a tuple, or NULL. */
struct lfn_failure {
    PyObject *exception;
};

/* Keeps the exception that is set, unless there was one before. */
void lfn_failure_keep(struct lfn_failure *failure);

/* Raises what was kept, if anything was; true if an exception is set now. */
bool lfn_failure_raise(struct lfn_failure *failure);

struct lfn_stream {
    struct lfn_failure *failure;
    PyObject *function; /* write(bytes), or read(size) -> bytes */
};

/* NULL, and errno. The struct must outlive the stream. */
FILE *lfn_stream_open(struct lfn_stream *stream, bool writes);

#endif
