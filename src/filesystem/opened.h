/* SPDX-License-Identifier: MIT */
/*
 * What stands behind the handles of lfskit/filesystem.h; private to the part
 * filesystem.
 */
#ifndef LFK_OPENED_H
#define LFK_OPENED_H

#include "bd/bd.h"
#include "fs/fs.h"
#include "lfskit/filesystem.h"

struct lfk_filesystem {
    struct lfk_fs fs;
    struct lfk_bd_callback device;
    struct lfk_fs_writing writing; /* fs refers to it */
    const struct lfk_allocator *allocator;
    bool read_only;
    struct lfk_directory *directories; /* that are open */
};

struct lfk_file {
    struct lfk_fs_file content; /* first, to get from fs's list of open files to the handles */
    struct lfk_filesystem *filesystem;
    struct lfk_file_options options;
    int flags;
    uint32_t position;
    bool attributes_due; /* they are to be stored though the content has not changed */
    bool has_failed;
};

struct lfk_directory {
    struct lfk_mdir_cursor cursor;
    struct lfk_filesystem *filesystem;
    struct lfk_directory *next; /* on filesystem->directories */
    /* To notice pairs linked in a circle: the last one that was met after 1, 2, 4, ... steps. */
    const struct lfk_mdir *landmark;
    uint32_t steps;
};

/* --- mountoptions.c -------------------------------------------------------------- */

/* Device and options with all defaults filled in. */
struct lfk_mount_settings {
    struct lfk_device device;
    struct lfk_filesystem_options options;
};

/* Checks everything that lfk_device_check does. Limits and version stay 0 if they are. */
int lfk_mount_settle(struct lfk_mount_settings *settled, const struct lfk_device *device,
                     const struct lfk_filesystem_options *options, struct lfk_detail *detail);

/* --- names.c ----------------------------------------------------------------------- */

/* LFK_ERR_INVAL if the volume is mounted read-only. */
int lfk_check_writable(const struct lfk_filesystem *filesystem, struct lfk_detail *detail);

/* Describes an entry that is not the root's. */
int lfk_describe(const struct lfk_fs_entry *entry, struct lfk_stat *stat,
                 struct lfk_detail *detail);

/* --- attributes.c ------------------------------------------------------------------ */

/* Copies an attribute, zeros behind it; returns its size, or -1 if the entry has none. */
int lfk_copy_attribute(const struct lfk_filesystem *filesystem, const struct lfk_fs_entry *entry,
                       uint8_t type, void *buffer, uint32_t size);

/* --- filehandle.c, dirhandle.c -------------------------------------------------------- */

/* Frees a handle, and takes it off its list; syncs nothing. */
void lfk_file_release(struct lfk_file *file);

#endif
