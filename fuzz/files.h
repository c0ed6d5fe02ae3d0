/* SPDX-License-Identifier: MIT */
/*
 * The files of a folder, read whole, in the order of their names.
 */
#ifndef LFSKIT_FUZZ_FILES_H
#define LFSKIT_FUZZ_FILES_H

#include <stddef.h>
#include <stdint.h>

struct file {
    char *name;
    uint8_t *bytes; /* exactly so many are allocated, so that a read past them is found out */
    size_t size;
};

struct files {
    struct file *items;
    size_t count;
};

/*
 * Reads the files of a folder whose names end in `suffix`, or the one file at
 * `path`. Ends the program with a message if it cannot.
 */
void files_read(struct files *files, const char *path, const char *suffix);
void files_free(struct files *files);

#endif
