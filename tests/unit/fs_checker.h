/* SPDX-License-Identifier: MIT */
/*
 * Mounts images made by hand and looks at what is in them.
 */
#ifndef LFSKIT_TESTS_FS_CHECKER_H
#define LFSKIT_TESTS_FS_CHECKER_H

#include "fs/fs.h"
#include "image_maker.h"
#include "told.h"

struct mounted {
    struct lfk_bd_memory device;
    struct lfk_fs fs;
    struct damages damages; /* told, if mounted with mount_damaged */
};

/* Mounts an image in which nothing is damaged. */
void mount_made(struct mounted *mounted, const struct maker *m);
/* Mounts what can be read of an image and checks what was told. */
void mount_damaged(struct mounted *mounted, const struct maker *m, const char *damages);
/* The image does not mount when nobody listens for damage. */
void check_refused(const struct maker *m, int status, const char *line);
void unmount(struct mounted *mounted);

/*
 * Names in a directory, in their order, with blanks between them; directories
 * have a '/' behind them. "!" at the end: the rest cannot be read.
 */
void check_list(struct lfk_fs *fs, const char *path, const char *names);
/* The path leads to an inline file that holds the text. */
void check_file(struct lfk_fs *fs, const char *path, const char *text);
/* The path leads nowhere, for this reason. */
void check_lookup_fails(struct lfk_fs *fs, const char *path, int status);

#endif
