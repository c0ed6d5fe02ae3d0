/* SPDX-License-Identifier: MIT */
/*
 * What the host's side told about paths and nodes, as the lines a person would read.
 */
#ifndef LFSKIT_TESTS_HOST_TOLD_H
#define LFSKIT_TESTS_HOST_TOLD_H

#include "lfskit/host.h"

/* Lines in the order in which they were told: "path: text". */
struct host_told {
    char text[4096];
    size_t size;
};

/* The callbacks; the context is a struct host_told. */
void note_path(void *context, const char *path, const struct lfk_detail *detail);
void note_node(void *context, const struct lfk_node *node, const struct lfk_detail *detail);

#endif
