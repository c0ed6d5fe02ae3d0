/* SPDX-License-Identifier: MIT */
/*
 * Entries of host directories: what the directory itself says about an entry is
 * used where the host gives it (d_type), the rest is asked for.
 */
#define _DEFAULT_SOURCE /* d_type, beside POSIX */

#include "direntry.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static enum lfk_direntry_kind kind_of_dirent(const struct dirent *dirent)
{
#ifdef DT_REG
    switch (dirent->d_type) {
    case DT_UNKNOWN:
        return LFK_DIRENTRY_UNKNOWN;
    case DT_REG:
        return LFK_DIRENTRY_FILE;
    case DT_DIR:
        return LFK_DIRENTRY_DIR;
    case DT_LNK:
        return LFK_DIRENTRY_LINK;
    default:
        return LFK_DIRENTRY_OTHER;
    }
#else
    (void)dirent;
    return LFK_DIRENTRY_UNKNOWN;
#endif
}

static enum lfk_direntry_kind kind_of_mode(mode_t mode)
{
    if (S_ISREG(mode)) {
        return LFK_DIRENTRY_FILE;
    }
    if (S_ISDIR(mode)) {
        return LFK_DIRENTRY_DIR;
    }
    return S_ISLNK(mode) ? LFK_DIRENTRY_LINK : LFK_DIRENTRY_OTHER;
}

void lfk_direntry_init(struct lfk_direntry *entry, int dir_fd, const struct dirent *dirent)
{
    entry->dir_fd = dir_fd;
    entry->name = dirent->d_name;
    entry->name_size = strlen(dirent->d_name);
    entry->kind = kind_of_dirent(dirent);
    entry->has_stat = false;
}

int lfk_direntry_stat(struct lfk_direntry *entry, bool follow)
{
    if (fstatat(entry->dir_fd, entry->name, &entry->stat, follow ? 0 : AT_SYMLINK_NOFOLLOW) != 0) {
        return errno;
    }
    entry->kind = kind_of_mode(entry->stat.st_mode);
    entry->has_stat = true;
    return 0;
}

int lfk_direntry_classify(struct lfk_direntry *entry, bool follow)
{
    int error = entry->kind == LFK_DIRENTRY_UNKNOWN ? lfk_direntry_stat(entry, false) : 0;
    if (error == 0 && entry->kind == LFK_DIRENTRY_LINK && follow) {
        error = lfk_direntry_stat(entry, true);
    }
    return error;
}

bool lfk_direntry_is_readable(const struct lfk_direntry *entry)
{
    /* Most files can be read by all: then their mode says so, without another system call. */
    const mode_t all = S_IRUSR | S_IRGRP | S_IROTH;
    return (entry->stat.st_mode & all) == all ||
           faccessat(entry->dir_fd, entry->name, R_OK, AT_EACCESS) == 0;
}
