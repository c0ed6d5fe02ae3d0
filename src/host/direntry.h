/* SPDX-License-Identifier: MIT */
/*
 * An entry of a host directory, examined with as few system calls as possible.
 */
#ifndef LFK_HOST_DIRENTRY_H
#define LFK_HOST_DIRENTRY_H

#include "util/util.h"

#include <dirent.h>
#include <sys/stat.h>

enum lfk_direntry_kind {
    LFK_DIRENTRY_UNKNOWN,
    LFK_DIRENTRY_FILE,
    LFK_DIRENTRY_DIR,
    LFK_DIRENTRY_LINK,
    LFK_DIRENTRY_OTHER
};

/* Names the entry by its directory, which stays open, and its name in it. */
struct lfk_direntry {
    int dir_fd;
    const char *name;
    size_t name_size;
    enum lfk_direntry_kind kind;
    bool has_stat;
    struct stat stat;
};

/* Valid until the next entry is read. */
void lfk_direntry_init(struct lfk_direntry *entry, int dir_fd, const struct dirent *dirent);

/* Fills in `stat` and `kind`, of what a symbolic link leads to or of itself. 0 or an errno. */
int lfk_direntry_stat(struct lfk_direntry *entry, bool follow);

/* Finds out the kind, of what a symbolic link leads to if `follow`. 0 or an errno. */
int lfk_direntry_classify(struct lfk_direntry *entry, bool follow);

/* After `stat` was filled in; false with errno. */
bool lfk_direntry_is_readable(const struct lfk_direntry *entry);

#endif
