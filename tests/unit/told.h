/* SPDX-License-Identifier: MIT */
/*
 * What the library told a caller, as the lines a person would read.
 */
#ifndef LFSKIT_TESTS_TOLD_H
#define LFSKIT_TESTS_TOLD_H

#include "lfskit/base.h"

/* The detail has this status and reads so. */
void check_told(const struct lfk_detail *detail, int status, const char *line);

/* Damages in the order in which they were told, one a line: "path: text" or "text". */
struct damages {
    char text[2048];
    size_t size;
};

/* The two kinds of damage callback; the context is a struct damages. */
void note_damage(void *context, const char *path, const struct lfk_detail *detail);
void note_fs_damage(void *context, const struct lfk_detail *detail);

void check_damages(const struct damages *damages, const char *lines);

#endif
