/* SPDX-License-Identifier: MIT */
/*
 * Memory: the engine's, and large buffers.
 *
 * Most of what it costs to make a buffer of many megabytes is the first touch of
 * each page; pages of 2 MiB, where the system has them, make it a fraction. But where
 * the system is a guest that has given free memory back to its host, those are what it
 * gave, and to get one takes longer than the small pages in its place, of which it has
 * kept some. So it is looked how long one takes.
 */
#ifdef __linux__
#define _DEFAULT_SOURCE /* madvise */
#endif
#include "native.h"

#include <string.h>
#include <time.h>

#ifdef __linux__
#include <sys/mman.h>
#endif

#define LARGE_PAGE ((uintptr_t)2 << 20)
#define SMALL_PAGES_COST 1000000 /* ns; what as many bytes in small pages take, roughly */

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

/* --- pages ----------------------------------------------------------------------------- */

/* Asks for large pages, or small ones. It is only ever a matter of speed. */
static void advise(char *memory, size_t size, bool is_large)
{
#if defined(__linux__) && defined(MADV_HUGEPAGE)
    uintptr_t start = ((uintptr_t)memory + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
    uintptr_t end = ((uintptr_t)memory + size) / LARGE_PAGE * LARGE_PAGE;
    if (end > start) {
        (void)madvise((void *)start, end - start, is_large ? MADV_HUGEPAGE : MADV_NOHUGEPAGE);
    }
#else
    (void)memory;
    (void)size;
    (void)is_large;
#endif
}

/* How many of `size` bytes lie in front of the next large page, or in this one. */
static size_t up_to_next_page(const char *memory, size_t size)
{
    return Py_MIN(size, LARGE_PAGE - (uintptr_t)memory % LARGE_PAGE);
}

static long long time_spent(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (long long)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* False if the memory was longer in coming than small pages would have been. */
static bool fill(char *memory, int byte, size_t size)
{
    long long start = time_spent();
    memset(memory, byte, size);
    return time_spent() - start < SMALL_PAGES_COST;
}

/* --- buffers ----------------------------------------------------------------------------- */

/* The first large page says what the others are like. */
static void prepare(char *memory, size_t size)
{
    size_t before = up_to_next_page(memory, size);
    if (size - before < LARGE_PAGE) {
        return;
    }
    advise(memory, size, true);
    if (!fill(memory + before, 0, 1)) {
        advise(memory + before + LARGE_PAGE, size - before - LARGE_PAGE, false);
    }
}

PyObject *lfn_new_bytes(size_t size)
{
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)size);
    if (bytes != NULL) {
        prepare(PyBytes_AS_STRING(bytes), size);
    }
    return bytes;
}

/* By way of an empty one: CPython prints an error of its own for one that it has no memory for. */
static PyObject *allocate_bytearray(Py_ssize_t size)
{
    PyObject *bytes = PyByteArray_FromStringAndSize(NULL, 0);
    if (bytes != NULL && PyByteArray_Resize(bytes, size) < 0) {
        Py_CLEAR(bytes);
    }
    return bytes;
}

PyObject *lfn_new_bytearray(size_t size)
{
    PyObject *bytes = allocate_bytearray((Py_ssize_t)size);
    if (bytes != NULL) {
        prepare(PyByteArray_AS_STRING(bytes), size);
    }
    return bytes;
}

/* Page after page, as some may be at hand and others not. */
static void fill_erased(char *memory, size_t size)
{
    advise(memory, size, true);
    while (size > 0) {
        size_t step = up_to_next_page(memory, size);
        bool is_quick = fill(memory, 0xff, step);
        memory += step;
        size -= step;
        if (!is_quick) {
            advise(memory, size, false);
        }
    }
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
    PyObject *bytes = allocate_bytearray((Py_ssize_t)size);
    if (bytes != NULL) {
        fill_erased(PyByteArray_AS_STRING(bytes), (size_t)size);
    }
    return bytes;
}

PyMethodDef lfn_memory_functions[] = {
    LFN_FUNCTION("_erased", erased,
                 "_erased($module, /, size)\n--\n\n"
                 "A bytearray of so many bytes 0xff."),
    {NULL, NULL, 0, NULL},
};
