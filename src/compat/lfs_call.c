/* SPDX-License-Identifier: MIT */
/*
 * How every public function begins and ends: the lock, and the messages.
 */
#include "lfs_compat.h"

static int lock(const struct lfs_config *config)
{
#ifdef LFS_THREADSAFE
    int result = config->lock(config);
    return result > 0 ? LFS_ERR_IO : result;
#else
    (void)config;
    return 0;
#endif
}

static void unlock(const struct lfs_config *config)
{
#ifdef LFS_THREADSAFE
    (void)config->unlock(config);
#else
    (void)config;
#endif
}

static void tell(const struct lfs_compat_call *call, int32_t result)
{
    const char *what = call->detail.what != NULL ? call->detail.what : lfk_status_text(result);
    bool damaged = result == LFS_ERR_CORRUPT || result == LFS_ERR_IO;
    bool full = result == LFS_ERR_NOSPC || result == LFS_ERR_NOMEM;
    if (damaged) {
        LFS_ERROR("%s: %s (%ld), block %lu, offset %lu", call->name, what, (long)result,
                  (unsigned long)call->detail.block, (unsigned long)call->detail.offset);
    }
    if (full) {
        LFS_WARN("%s: %s (%ld)", call->name, what, (long)result);
    }
    if (result < 0 && !damaged && !full) {
        LFS_DEBUG("%s: %s (%ld)", call->name, what, (long)result);
    }
    LFS_TRACE("%s -> %ld", call->name, (long)result);
    (void)what; /* where the messages are silent */
}

/* Positions that the directories' handles have may have moved. */
static void follow_positions(lfs_t *lfs)
{
    for (lfs_dir_t *dir = lfs->dirs; dir != NULL; dir = dir->next) {
        if (dir->pos >= 2) {
            dir->pos = 2 + lfk_directory_tell(dir->handle);
        }
    }
}

static void start(struct lfs_compat_call *call, lfs_t *lfs, const char *name)
{
    LFS_TRACE("%s(%p)", name, (void *)lfs);
    memset(call, 0, sizeof(*call));
    call->name = name;
    call->lfs = lfs;
}

static int take_lock(struct lfs_compat_call *call, const struct lfs_config *config)
{
    int result = lock(config);
    if (result < 0) {
        tell(call, result);
        return result;
    }
    call->config = config;
    return 0;
}

int lfs_compat_begin(struct lfs_compat_call *call, lfs_t *lfs, const char *name)
{
    start(call, lfs, name);
    if (!lfs_compat_is_mounted(lfs)) {
        call->detail.what = "the volume is not mounted";
        tell(call, LFS_ERR_INVAL);
        return LFS_ERR_INVAL;
    }
    return take_lock(call, lfs->cfg);
}

int lfs_compat_begin_new(struct lfs_compat_call *call, lfs_t *lfs, const struct lfs_config *config,
                         struct lfs_compat_setup *setup, const char *name)
{
    start(call, lfs, name);
    lfs_compat_memory_close(lfs);
    memset(lfs, 0, sizeof(*lfs));
    int result = lfs_compat_setup(config, setup, &call->detail);
    if (result < 0) {
        tell(call, result);
        return result;
    }
    result = take_lock(call, config);
    if (result == 0) {
        setup->options.allocator = lfs_compat_memory_open(lfs);
        result = setup->options.allocator == NULL ? lfs_compat_end(call, LFS_ERR_NOMEM) : 0;
    }
    return result;
}

int32_t lfs_compat_end(struct lfs_compat_call *call, int32_t result)
{
    follow_positions(call->lfs);
    unlock(call->config);
    tell(call, result);
    return result;
}
