/* SPDX-License-Identifier: MIT */
/*
 * Reads pairs of images made by hand and looks at what they say.
 */
#ifndef LFSKIT_TESTS_MDIR_CHECKER_H
#define LFSKIT_TESTS_MDIR_CHECKER_H

#include "image_maker.h"
#include "mdir/mdir.h"

/* Must not be moved while it is open. */
struct opened_mdirs {
    struct lfk_bd_memory device;
    struct lfk_mdirs mdirs;
};

void open_mdirs(struct opened_mdirs *opened, const struct maker *m);
void close_mdirs(struct opened_mdirs *opened);

/* A pair that can be read. */
struct lfk_mdir *get_pair(struct lfk_mdirs *mdirs, uint32_t first, uint32_t second);
/* One that cannot, and why. */
void check_pair_fails(struct lfk_mdirs *mdirs, uint32_t first, uint32_t second, int status,
                      const char *line);

/*
 * The entries as text, with blanks between: the name ("?" if there is none),
 * '/' behind a directory and ":3" behind a name of type 3, then "=content",
 * "=dir", "=ctz" or "=200" for a struct of another type, then "+41:value" for
 * each attribute.
 */
void check_entries(const struct lfk_mdir *mdir, const char *expected);

/* What the pair {0, 1} of the image says; and that it cannot be read, and why. */
void check_made_entries(const struct maker *m, const char *expected);
void check_made_corrupt(const struct maker *m, const char *line);

#endif
