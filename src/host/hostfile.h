/* SPDX-License-Identifier: MIT */
/*
 * The contents of nodes that stand for files of the host.
 */
#ifndef LFK_HOST_HOSTFILE_H
#define LFK_HOST_HOSTFILE_H

#include "pathbuf.h"

/*
 * Supplies the bytes of nodes below the root of a tree from the files below a
 * directory, found by their origin path; one file at a time.
 */
struct lfk_hostfiles {
    struct lfk_content content;
    int base_fd;                /* the directory that the root stands for, or -1 */
    bool no_dereference;        /* a symbolic link is an error */
    const struct lfk_node *dir; /* the directory read from last, open as dir_fd, or NULL */
    int dir_fd;
    struct lfk_pathbuf path;
    uint8_t *buffer;
    /* The file being read: */
    int fd; /* -1: none */
    uint64_t left;
    bool ended; /* the end was seen, and was in the right place */
};

/* Takes over base_fd. The struct must stay where it is: nodes point to it. */
void lfk_hostfiles_init(struct lfk_hostfiles *files, int base_fd, bool no_dereference,
                        const struct lfk_allocator *allocator);
void lfk_hostfiles_free(struct lfk_hostfiles *files);

#endif
