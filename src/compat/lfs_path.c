/* SPDX-License-Identifier: MIT */
/*
 * lfs.h: what is done to entries by their paths.
 */
#include "lfs_compat.h"

void lfs_compat_fill_info(struct lfs_info *info, const struct lfk_stat *stat)
{
    /* A longer name than we know of is on a damaged volume only. */
    uint32_t size = stat->name_size < LFS_NAME_MAX ? stat->name_size : LFS_NAME_MAX;
    info->type = stat->is_dir ? LFS_TYPE_DIR : LFS_TYPE_REG;
    info->size = stat->size;
    memcpy(info->name, stat->name, size);
    info->name[size] = '\0';
}

int lfs_stat(lfs_t *lfs, const char *path, struct lfs_info *info)
{
    struct lfs_compat_call call;
    int err = lfs_compat_begin(&call, lfs, "lfs_stat");
    if (err == 0) {
        struct lfk_stat stat;
        err = lfk_filesystem_stat(lfs->filesystem, path, &stat, &call.detail);
        if (err == 0) {
            lfs_compat_fill_info(info, &stat);
        }
        err = lfs_compat_end(&call, err);
    }
    return err;
}

#ifndef LFS_READONLY
int lfs_remove(lfs_t *lfs, const char *path)
{
    struct lfs_compat_call call;
    int err = lfs_compat_begin(&call, lfs, "lfs_remove");
    if (err == 0) {
        err = lfs_compat_end(&call, lfk_filesystem_remove(lfs->filesystem, path, &call.detail));
    }
    return err;
}

int lfs_rename(lfs_t *lfs, const char *oldpath, const char *newpath)
{
    struct lfs_compat_call call;
    int err = lfs_compat_begin(&call, lfs, "lfs_rename");
    if (err == 0) {
        err = lfs_compat_end(
            &call, lfk_filesystem_rename(lfs->filesystem, oldpath, newpath, &call.detail));
    }
    return err;
}

int lfs_mkdir(lfs_t *lfs, const char *path)
{
    struct lfs_compat_call call;
    int err = lfs_compat_begin(&call, lfs, "lfs_mkdir");
    if (err == 0) {
        err = lfs_compat_end(&call, lfk_filesystem_mkdir(lfs->filesystem, path, &call.detail));
    }
    return err;
}
#endif
