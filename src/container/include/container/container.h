/* SPDX-License-Identifier: MIT */
/*
 * Containers: what a filesystem's bytes come wrapped in. A container turns a
 * file's bytes into one flat device that starts at the filesystem's block 0.
 */
#ifndef LFK_CONTAINER_H
#define LFK_CONTAINER_H

#include "bd/bd.h"

enum lfk_container_kind {
    LFK_CONTAINER_RAW = 0 /* the file is the filesystem, from its first byte */
};

/* Must not be moved while it is open. */
struct lfk_container {
    enum lfk_container_kind kind;
    struct lfk_bd_file file; /* open_memory uses its memory device alone */
    struct lfk_bd *bd;       /* the filesystem's bytes, to be shaped */
};

/* Errors: those of lfk_bd_file_open. */
int lfk_container_open_file(struct lfk_container *container, const char *path,
                            struct lfk_detail *detail);

/* The bytes must outlive the container. */
void lfk_container_open_memory(struct lfk_container *container, const void *bytes, size_t size);

/* Accepts a zeroed container. */
void lfk_container_close(struct lfk_container *container);

#endif
