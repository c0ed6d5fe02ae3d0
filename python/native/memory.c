/* SPDX-License-Identifier: MIT */
/*
 * Memory: the engine's, and large buffers.
 *
 * Most of what it costs to make a buffer of many megabytes is the first touch of
 * each page; pages of 2 MiB, where the system has them, make it a fraction.
 */
#ifdef __linux__
#define _DEFAULT_SOURCE /* madvise */
#endif
#include "native.h"

#include <string.h>

#ifdef __linux__
#include <sys/mman.h>
#endif

#define LARGE_PAGE ((uintptr_t)2 << 20)

static void *resize(void *context, void *memory, size_t size)
{
    (void)context;
    if (size == 0) {
        PyMem_RawFree(memory);
        return NULL;
    }
    return PyMem_RawRealloc(memory, size);
}

const struct lfk_allocator lfn_allocator = {.resize = resize};

/* Asks for large pages where whole ones fit. It is only ever a matter of speed. */
static void advise(void *memory, size_t size)
{
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    uintptr_t start = ((uintptr_t)memory + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
    uintptr_t end = ((uintptr_t)memory + size) / LARGE_PAGE * LARGE_PAGE;
    if (end > start) {
        (void)madvise((void *)start, end - start, MADV_HUGEPAGE);
    }
#else
    (void)memory;
    (void)size;
#endif
}

PyObject *lfn_new_bytes(size_t size)
{
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    if (bytes != NULL) {
        advise(PyBytes_AS_STRING(bytes), size);
    }
    return bytes;
}

PyObject *lfn_new_bytearray(size_t size)
{
    PyObject *bytes = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)size);
    if (bytes != NULL) {
        advise(PyByteArray_AS_STRING(bytes), size);
    }
    return bytes;
}

static PyObject *erased(PyObject *module, PyObject *const *args, Py_ssize_t count,
                        PyObject *keywords)
{
    static const struct lfn_signature signature = {"_erased", 1, {"size"}};
    PyObject *values[1];
    long long size;
    (void)module;
    if (lfn_take_arguments(&signature, args, count, keywords, values) < 0 ||
        lfn_take_integer(values[0], "size", 0, PY_SSIZE_T_MAX, &size) < 0) {
        return NULL;
    }
    PyObject *bytes = lfn_new_bytearray((size_t)size);
    if (bytes != NULL) {
        memset(PyByteArray_AS_STRING(bytes), 0xff, (size_t)size);
    }
    return bytes;
}

PyMethodDef lfn_memory_functions[] = {
    LFN_FUNCTION("_erased", erased,
                 "_erased($module, /, size)\n--\n\n"
                 "A bytearray of so many bytes 0xff."),
    {NULL, NULL, 0, NULL},
};
