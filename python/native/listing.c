/* SPDX-License-Identifier: MIT */
/*
 * Whole directories at once: _listdir and _scandir.
 *
 * The entries are collected while the volume is locked, and become Python's
 * objects afterwards, since a codec may be written in Python.
 */
#include "native.h"

#include <string.h>

#define FIRST_ROOM ((size_t)4096) /* bytes */

/* What lies before each name, unaligned. */
struct record {
    uint32_t size;
    uint16_t name_size;
    bool is_dir;
};

struct listing {
    char *bytes; /* a record and a name for each entry */
    size_t used;
    size_t room;
    Py_ssize_t count;
};

static int make_room(struct listing *listing, size_t size, struct lfk_detail *detail)
{
    if (listing->room - listing->used >= size) {
        return LFK_OK;
    }
    size_t room = Py_MAX(listing->room * 2, FIRST_ROOM);
    char *bytes = PyMem_RawRealloc(listing->bytes, room);
    if (bytes == NULL) {
        detail->what = "there is no memory for the entries";
        return LFK_ERR_NOMEM;
    }
    listing->bytes = bytes;
    listing->room = room;
    return LFK_OK;
}

static int add(struct listing *listing, const struct lfk_stat *stat, struct lfk_detail *detail)
{
    const struct record record = {stat->size, (uint16_t)stat->name_size, stat->is_dir};
    int result = make_room(listing, sizeof(record) + stat->name_size, detail);
    if (result < 0) {
        return result;
    }
    memcpy(listing->bytes + listing->used, &record, sizeof(record));
    memcpy(listing->bytes + listing->used + sizeof(record), stat->name, stat->name_size);
    listing->used += sizeof(record) + stat->name_size;
    listing->count++;
    return LFK_OK;
}

static int collect(struct listing *listing, const struct lfn_target *target,
                   struct lfk_detail *detail)
{
    struct lfk_directory *directory;
    struct lfk_stat stat;
    int result = lfk_directory_open(&directory, target->fs->mounted, target->path.text, detail);
    if (result < 0) {
        return result;
    }
    while ((result = lfk_directory_read(directory, &stat, detail)) > 0) {
        result = add(listing, &stat, detail);
        if (result < 0) {
            break;
        }
    }
    lfk_directory_close(directory);
    return result;
}

/* The entry at `*place`, which goes behind it: its name or, with a state, its LFSStat. */
static PyObject *make_entry(const struct listing *listing, size_t *place,
                            const struct lfn_encoding *encoding, const struct lfn_state *state)
{
    struct record record;
    memcpy(&record, listing->bytes + *place, sizeof(record));
    const char *name = listing->bytes + *place + sizeof(record);
    *place += sizeof(record) + record.name_size;
    return state == NULL
               ? lfn_decode_name(encoding, name, record.name_size)
               : lfn_make_stat(state, encoding, record.is_dir, record.size, name, record.name_size);
}

static PyObject *make_list(const struct listing *listing, const struct lfn_encoding *encoding,
                           const struct lfn_state *state)
{
    size_t place = 0;
    PyObject *list = PyList_New(listing->count);
    for (Py_ssize_t i = 0; list != NULL && i < listing->count; i++) {
        PyObject *entry = make_entry(listing, &place, encoding, state);
        if (entry == NULL) {
            Py_CLEAR(list);
        } else {
            PyList_SET_ITEM(list, i, entry);
        }
    }
    return list;
}

/* `state`: NULL for names alone. */
static PyObject *list_directory(PyObject *module, const char *function, PyObject *const *args,
                                Py_ssize_t count, PyObject *keywords, const struct lfn_state *state)
{
    struct listing listing = {.bytes = NULL};
    struct lfn_operation operation;
    struct lfn_target target;
    PyObject *list = NULL;
    if (lfn_take_target_alone(module, function, args, count, keywords, &target) < 0) {
        return NULL;
    }
    if (lfn_begin_target(&operation, &target) == 0 &&
        lfn_end(&operation, collect(&listing, &target, &operation.detail)) == 0) {
        list = make_list(&listing, &target.encoding, state);
    }
    PyMem_RawFree(listing.bytes);
    lfn_target_release(&target);
    return list;
}

static PyObject *listdir(PyObject *module, PyObject *const *args, Py_ssize_t count,
                         PyObject *keywords)
{
    return list_directory(module, "_listdir", args, count, keywords, NULL);
}

static PyObject *scandir(PyObject *module, PyObject *const *args, Py_ssize_t count,
                         PyObject *keywords)
{
    return list_directory(module, "_scandir", args, count, keywords, lfn_state_of(module));
}

PyMethodDef lfn_listing_functions[] = {
    LFN_FUNCTION("_listdir", listdir,
                 "_listdir($module, /, fs, path, filename_encoding=None)\n--\n\n"
                 "The names in a directory, a list, in the order of the volume, without \".\"\n"
                 "and \"..\"."),
    LFN_FUNCTION("_scandir", scandir,
                 "_scandir($module, /, fs, path, filename_encoding=None)\n--\n\n"
                 "What _listdir lists, each an LFSStat."),
    {NULL, NULL, 0, NULL},
};
