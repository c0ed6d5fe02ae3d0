/* SPDX-License-Identifier: MIT */
/*
 * lfs.h: the volume as a whole.
 */
#include "lfs_compat.h"

/* Fills in the members that programs read. */
static void show(lfs_t *lfs)
{
    struct lfk_filesystem_info info;
    lfk_filesystem_info(lfs->filesystem, &info);
    lfs->block_count = info.block_count;
    lfs->name_max = info.name_max;
    lfs->file_max = info.file_max;
    lfs->attr_max = info.attr_max;
    lfs->inline_max = info.inline_max;
}

#ifndef LFS_READONLY
int lfs_format(lfs_t *lfs, const struct lfs_config *config)
{
    struct lfs_compat_setup setup;
    struct lfs_compat_call call;
    int err = lfs_compat_begin_new(&call, lfs, config, &setup, "lfs_format");
    if (err == 0) {
        err = lfk_filesystem_format(&setup.device, &setup.options, &call.detail);
        lfs_compat_memory_close(lfs);
        err = lfs_compat_end(&call, err);
    }
    return err;
}
#endif

int lfs_mount(lfs_t *lfs, const struct lfs_config *config)
{
    struct lfs_compat_setup setup;
    struct lfs_compat_call call;
    int err = lfs_compat_begin_new(&call, lfs, config, &setup, "lfs_mount");
    if (err == 0) {
        struct lfk_filesystem *filesystem = NULL;
        err = lfk_filesystem_mount(&filesystem, &setup.device, &setup.options, &call.detail);
        if (err == 0) {
            lfs->filesystem = filesystem;
            lfs->cfg = config;
            show(lfs);
        } else {
            lfs_compat_memory_close(lfs);
        }
        err = lfs_compat_end(&call, err);
    }
    return err;
}

int lfs_unmount(lfs_t *lfs)
{
    struct lfs_compat_call call;
    if (!lfs_compat_is_mounted(lfs)) {
        lfs_compat_memory_close(lfs); /* of a mount that was left by longjmp */
        return 0;
    }
    int err = lfs_compat_begin(&call, lfs, "lfs_unmount");
    if (err == 0) {
        lfs_compat_memory_close(lfs);
        err = lfs_compat_end(&call, 0);
    }
    return err;
}

int lfs_fs_stat(lfs_t *lfs, struct lfs_fsinfo *fsinfo)
{
    struct lfs_compat_call call;
    int err = lfs_compat_begin(&call, lfs, "lfs_fs_stat");
    if (err == 0) {
        struct lfk_filesystem_info info;
        lfk_filesystem_info(lfs->filesystem, &info);
        fsinfo->disk_version = info.disk_version;
        fsinfo->block_size = info.block_size;
        fsinfo->block_count = info.block_count;
        fsinfo->name_max = info.name_max;
        fsinfo->file_max = info.file_max;
        fsinfo->attr_max = info.attr_max;
        err = lfs_compat_end(&call, 0);
    }
    return err;
}

lfs_ssize_t lfs_fs_size(lfs_t *lfs)
{
    struct lfs_compat_call call;
    lfs_ssize_t result = lfs_compat_begin(&call, lfs, "lfs_fs_size");
    if (result == 0) {
        uint64_t used = lfk_filesystem_blocks_used(lfs->filesystem);
        /* More than there can be: the files say that they are larger than the volume. */
        result = lfs_compat_end(&call, used > INT32_MAX ? LFS_ERR_CORRUPT : (lfs_ssize_t)used);
    }
    return result;
}

int lfs_fs_traverse(lfs_t *lfs, int (*cb)(void *data, lfs_block_t block), void *data)
{
    struct lfs_compat_call call;
    int err = lfs_compat_begin(&call, lfs, "lfs_fs_traverse");
    if (err == 0) {
        err =
            lfs_compat_end(&call, lfk_filesystem_traverse(lfs->filesystem, cb, data, &call.detail));
    }
    return err;
}

#ifndef LFS_READONLY
int lfs_fs_mkconsistent(lfs_t *lfs)
{
    struct lfs_compat_call call;
    int err = lfs_compat_begin(&call, lfs, "lfs_fs_mkconsistent");
    if (err == 0) {
        err = lfs_compat_end(&call, lfk_filesystem_make_consistent(lfs->filesystem, &call.detail));
    }
    return err;
}

int lfs_fs_gc(lfs_t *lfs)
{
    struct lfs_compat_call call;
    int err = lfs_compat_begin(&call, lfs, "lfs_fs_gc");
    if (err == 0) {
        const struct lfs_config *config = lfs->cfg;
        lfs_size_t threshold = config->compact_thresh != 0
                                   ? config->compact_thresh
                                   : config->block_size - config->block_size / 8;
        err = lfs_compat_end(
            &call, lfk_filesystem_collect_garbage(lfs->filesystem, threshold, &call.detail));
    }
    return err;
}

static int resize(lfs_t *lfs, lfs_size_t block_count, struct lfk_detail *detail)
{
#ifndef LFS_SHRINKNONRELOCATING
    if (block_count < lfs->block_count) {
        detail->what = "the volume can only grow";
        return LFS_ERR_INVAL;
    }
#endif
    int err = lfk_filesystem_resize(lfs->filesystem, block_count, detail);
    show(lfs);
    return err;
}

int lfs_fs_grow(lfs_t *lfs, lfs_size_t block_count)
{
    struct lfs_compat_call call;
    int err = lfs_compat_begin(&call, lfs, "lfs_fs_grow");
    if (err == 0) {
        err = lfs_compat_end(&call, resize(lfs, block_count, &call.detail));
    }
    return err;
}
#endif
