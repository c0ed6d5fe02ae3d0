/* SPDX-License-Identifier: MIT */
/*
 * The few system calls that the parts of host share.
 */
#ifndef LFK_HOST_HOSTIO_H
#define LFK_HOST_HOSTIO_H

#include "util/util.h"

/* Writes all the bytes. */
int lfk_hostio_write(int fd, const struct lfk_span *spans, size_t count, struct lfk_detail *detail);

/*
 * Opens the directory `path`, relative to `base_fd`, however long the path is;
 * "" is the base itself. Returns the descriptor or -1 with errno set. The text
 * is changed while this runs.
 */
int lfk_hostio_open_dir(int base_fd, char *path);

/* Makes the directory `path` and its parents where they are missing. Like mkdir otherwise. */
int lfk_hostio_make_dirs(const char *path, struct lfk_detail *detail);

/* The longest temporary name with its NUL. */
#define LFK_HOSTIO_TEMP_ROOM 64

/* Makes a new file under an unused name in the directory; the descriptor or -1 with errno. */
int lfk_hostio_open_temp(int dir_fd, char name[LFK_HOSTIO_TEMP_ROOM]);

#endif
