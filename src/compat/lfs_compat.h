/* SPDX-License-Identifier: MIT */
/*
 * What the files behind lfs.h share; private to them. They are compiled in the
 * user's program, with the user's switches, as C99, and see the public headers
 * alone.
 */
#ifndef LFS_COMPAT_H
#define LFS_COMPAT_H

#include "lfs.h"

#include "lfskit/filesystem.h"

/* --- lfs_config.c ------------------------------------------------------------------ */

/* A configuration in lfskit's terms. */
struct lfs_compat_setup {
    struct lfk_device device;
    struct lfk_filesystem_options options;
};

/* LFS_ERR_INVAL: it cannot be; LFS_ERR_NOMEM: a buffer is missing. Calls nothing of it. */
int lfs_compat_setup(const struct lfs_config *config, struct lfs_compat_setup *setup,
                     struct lfk_detail *detail);

/* --- lfs_memory.c ------------------------------------------------------------------ */

/* Where everything that is mounted takes its memory from; NULL: there is none. */
const struct lfk_allocator *lfs_compat_memory_open(lfs_t *lfs);

/*
 * Nothing is mounted then, and all memory is given back, whatever state a call
 * that was left by longjmp has left it in. Accepts a lfs_t that was never initialised.
 */
void lfs_compat_memory_close(lfs_t *lfs);

/* Can be asked of a lfs_t that was never initialised. */
bool lfs_compat_is_mounted(const lfs_t *lfs);

void *lfs_compat_take(lfs_t *lfs, size_t size);
/* Accepts NULL. */
void lfs_compat_give_back(lfs_t *lfs, void *bytes);

/* --- lfs_call.c ---------------------------------------------------------------------- */

/* A call of a public function on its way. */
struct lfs_compat_call {
    const char *name;
    lfs_t *lfs;
    const struct lfs_config *config; /* whose lock is held; NULL: none is */
    struct lfk_detail detail;
};

/*
 * Begins a call on a mounted volume: takes the lock. After an error, which it
 * has told, the function returns with it.
 */
int lfs_compat_begin(struct lfs_compat_call *call, lfs_t *lfs, const char *name);

/* Begins one that needs no volume: what is mounted is not any more, and `lfs` is zeroed. */
int lfs_compat_begin_new(struct lfs_compat_call *call, lfs_t *lfs, const struct lfs_config *config,
                         struct lfs_compat_setup *setup, const char *name);

/* Ends it: gives back the lock, tells and returns the result. */
int32_t lfs_compat_end(struct lfs_compat_call *call, int32_t result);

/* --- lfs.c ----------------------------------------------------------------------------- */

void lfs_compat_fill_info(struct lfs_info *info, const struct lfk_stat *stat);

/* --- lfs_attr.c ------------------------------------------------------------------------ */

/* Makes the list that lfskit reads of the attributes in the file's configuration. */
int lfs_compat_attach_attributes(lfs_t *lfs, lfs_file_t *file);
/* They may have been changed since. */
void lfs_compat_refresh_attributes(const lfs_file_t *file);
void lfs_compat_detach_attributes(lfs_t *lfs, lfs_file_t *file);

#endif
