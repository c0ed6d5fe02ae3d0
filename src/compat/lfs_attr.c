/* SPDX-License-Identifier: MIT */
/*
 * lfs.h: attributes by path, and those that belong to open files.
 */
#include "lfs_compat.h"

lfs_ssize_t lfs_getattr(lfs_t *lfs, const char *path, uint8_t type, void *buffer, lfs_size_t size)
{
    struct lfs_compat_call call;
    lfs_ssize_t result = lfs_compat_begin(&call, lfs, "lfs_getattr");
    if (result == 0) {
        result = lfs_compat_end(&call, lfk_filesystem_get_attribute(lfs->filesystem, path, type,
                                                                    buffer, size, &call.detail));
    }
    return result;
}

#ifndef LFS_READONLY
int lfs_setattr(lfs_t *lfs, const char *path, uint8_t type, const void *buffer, lfs_size_t size)
{
    struct lfs_compat_call call;
    int err = lfs_compat_begin(&call, lfs, "lfs_setattr");
    if (err == 0) {
        err = lfs_compat_end(&call, lfk_filesystem_set_attribute(lfs->filesystem, path, type,
                                                                 buffer, size, &call.detail));
    }
    return err;
}

int lfs_removeattr(lfs_t *lfs, const char *path, uint8_t type)
{
    struct lfs_compat_call call;
    int err = lfs_compat_begin(&call, lfs, "lfs_removeattr");
    if (err == 0) {
        err = lfs_compat_end(
            &call, lfk_filesystem_remove_attribute(lfs->filesystem, path, type, &call.detail));
    }
    return err;
}
#endif

/* --- attributes of files ------------------------------------------------------------ */

int lfs_compat_attach_attributes(lfs_t *lfs, lfs_file_t *file)
{
    size_t count = file->cfg->attr_count;
    file->attributes = NULL;
    file->attribute_count = 0;
    if (count == 0) {
        return 0;
    }
    if (count <= SIZE_MAX / sizeof(file->attributes[0])) {
        file->attributes =
            (struct lfk_file_attribute *)lfs_compat_take(lfs, count * sizeof(file->attributes[0]));
    }
    if (file->attributes == NULL) {
        return LFS_ERR_NOMEM;
    }
    file->attribute_count = file->cfg->attr_count;
    lfs_compat_refresh_attributes(file);
    return 0;
}

void lfs_compat_refresh_attributes(const lfs_file_t *file)
{
    for (lfs_size_t i = 0; i < file->attribute_count; i++) {
        file->attributes[i].type = file->cfg->attrs[i].type;
        file->attributes[i].data = file->cfg->attrs[i].buffer;
        file->attributes[i].size = file->cfg->attrs[i].size;
    }
}

void lfs_compat_detach_attributes(lfs_t *lfs, lfs_file_t *file)
{
    lfs_compat_give_back(lfs, file->attributes);
    file->attributes = NULL;
}
