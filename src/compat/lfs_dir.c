/* SPDX-License-Identifier: MIT */
/*
 * lfs.h: directories. Positions 0 and 1 are "." and "..", which are made here;
 * position 2 is where lfskit's handle begins to count.
 */
#include "lfs_compat.h"

#define DOTS 2u

static bool is_open(const lfs_t *lfs, const lfs_dir_t *dir)
{
    const lfs_dir_t *open = lfs->dirs;
    while (open != NULL && open != dir) {
        open = open->next;
    }
    return open != NULL;
}

/* Begins a call on an open directory. */
static int begin(struct lfs_compat_call *call, lfs_t *lfs, const lfs_dir_t *dir, const char *name)
{
    int err = lfs_compat_begin(call, lfs, name);
    if (err == 0 && !is_open(lfs, dir)) {
        call->detail.what = "the directory is not open";
        err = lfs_compat_end(call, LFS_ERR_BADF);
    }
    return err;
}

static int open_dir(lfs_t *lfs, lfs_dir_t *dir, const char *path, struct lfk_detail *detail)
{
    struct lfk_directory *handle = NULL;
    if (is_open(lfs, dir)) {
        detail->what = "the handle is open already";
        return LFS_ERR_INVAL;
    }
    int err = lfk_directory_open(&handle, lfs->filesystem, path, detail);
    if (err == 0) {
        dir->handle = handle;
        dir->pos = 0;
        dir->next = lfs->dirs;
        lfs->dirs = dir;
    }
    return err;
}

int lfs_dir_open(lfs_t *lfs, lfs_dir_t *dir, const char *path)
{
    struct lfs_compat_call call;
    int err = lfs_compat_begin(&call, lfs, "lfs_dir_open");
    if (err == 0) {
        err = lfs_compat_end(&call, open_dir(lfs, dir, path, &call.detail));
    }
    return err;
}

int lfs_dir_close(lfs_t *lfs, lfs_dir_t *dir)
{
    struct lfs_compat_call call;
    if (!lfs_compat_is_mounted(lfs)) {
        return 0; /* nothing is open there */
    }
    int err = lfs_compat_begin(&call, lfs, "lfs_dir_close");
    if (err == 0) {
        lfs_dir_t **link = &lfs->dirs;
        while (*link != NULL && *link != dir) {
            link = &(*link)->next;
        }
        if (*link != NULL) {
            *link = dir->next;
            lfk_directory_close(dir->handle);
            dir->handle = NULL;
        }
        err = lfs_compat_end(&call, 0);
    }
    return err;
}

static int read_entry(lfs_dir_t *dir, struct lfs_info *info, struct lfk_detail *detail)
{
    struct lfk_stat stat;
    memset(info, 0, sizeof(*info));
    if (dir->pos < DOTS) {
        info->type = LFS_TYPE_DIR;
        memcpy(info->name, "..", 1 + dir->pos); /* one dot, then two */
        dir->pos++;
        return 1;
    }
    int result = lfk_directory_read(dir->handle, &stat, detail);
    if (result > 0) {
        lfs_compat_fill_info(info, &stat);
    }
    return result;
}

int lfs_dir_read(lfs_t *lfs, lfs_dir_t *dir, struct lfs_info *info)
{
    struct lfs_compat_call call;
    int result = begin(&call, lfs, dir, "lfs_dir_read");
    if (result == 0) {
        result = lfs_compat_end(&call, read_entry(dir, info, &call.detail));
    }
    return result;
}

static int go_to(lfs_dir_t *dir, lfs_off_t off, struct lfk_detail *detail)
{
    dir->pos = off;
    if (off <= DOTS) {
        lfk_directory_rewind(dir->handle);
        return 0;
    }
    return lfk_directory_seek(dir->handle, off - DOTS, detail);
}

int lfs_dir_seek(lfs_t *lfs, lfs_dir_t *dir, lfs_off_t off)
{
    struct lfs_compat_call call;
    int err = begin(&call, lfs, dir, "lfs_dir_seek");
    if (err == 0) {
        err = lfs_compat_end(&call, go_to(dir, off, &call.detail));
    }
    return err;
}

lfs_soff_t lfs_dir_tell(lfs_t *lfs, lfs_dir_t *dir)
{
    struct lfs_compat_call call;
    lfs_soff_t result = begin(&call, lfs, dir, "lfs_dir_tell");
    if (result == 0) {
        result = lfs_compat_end(&call, (lfs_soff_t)dir->pos);
    }
    return result;
}

int lfs_dir_rewind(lfs_t *lfs, lfs_dir_t *dir)
{
    struct lfs_compat_call call;
    int err = begin(&call, lfs, dir, "lfs_dir_rewind");
    if (err == 0) {
        err = lfs_compat_end(&call, go_to(dir, 0, &call.detail));
    }
    return err;
}
