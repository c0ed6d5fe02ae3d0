/* SPDX-License-Identifier: MIT */
/*
 * lfs.h: files. A handle is known by its address alone, since its memory may
 * never have been initialised: it is open if it is on the volume's list.
 */
#include "lfs_compat.h"

#define OPEN_FLAGS 0xffff /* those that are passed, not LFS_F_* */

static bool is_open(const lfs_t *lfs, const lfs_file_t *file)
{
    const lfs_file_t *open = lfs->files;
    while (open != NULL && open != file) {
        open = open->next;
    }
    return open != NULL;
}

/* Fills in the members that programs read. `reading`: LFS_F_READING, or 0. */
static void show(lfs_file_t *file, uint32_t reading)
{
    struct lfk_file_info info;
    lfk_file_info(file->handle, &info);
    file->pos = lfk_file_tell(file->handle);
    file->ctz.size = lfk_file_size(file->handle);
    file->flags = (file->flags & OPEN_FLAGS) | reading | (info.is_inline ? LFS_F_INLINE : 0);
#ifndef LFS_READONLY
    file->flags |= (info.is_dirty ? LFS_F_DIRTY : 0) | (info.is_writing ? LFS_F_WRITING : 0) |
                   (info.has_failed ? LFS_F_ERRED : 0);
#endif
}

/* Begins a call on an open file. */
static int begin(struct lfs_compat_call *call, lfs_t *lfs, const lfs_file_t *file, const char *name)
{
    int err = lfs_compat_begin(call, lfs, name);
    if (err == 0 && !is_open(lfs, file)) {
        call->detail.what = "the file is not open";
        err = lfs_compat_end(call, LFS_ERR_BADF);
    }
    return err;
}

/* --- opening and closing --------------------------------------------------------------- */

static int check_open(const lfs_t *lfs, const lfs_file_t *file, int flags,
                      const struct lfs_file_config *config, struct lfk_detail *detail)
{
    if (is_open(lfs, file)) {
        detail->what = "the handle is open already";
        return LFS_ERR_INVAL;
    }
#ifdef LFS_READONLY
    if ((flags & LFS_O_RDONLY) == 0) {
        detail->what = "with LFS_READONLY files can only be read";
        return LFS_ERR_INVAL;
    }
#else
    (void)flags;
#endif
#ifdef LFS_NO_MALLOC
    if (config->buffer == NULL) {
        detail->what = "with LFS_NO_MALLOC the buffer has to be given";
        return LFS_ERR_NOMEM;
    }
#else
    (void)config;
#endif
    return 0;
}

static int open_handle(lfs_t *lfs, lfs_file_t *file, const char *path, struct lfk_detail *detail)
{
    struct lfk_file_options options;
    memset(&options, 0, sizeof(options));
    options.size = sizeof(options);
    options.attributes = file->attributes;
    options.attribute_count = file->attribute_count;
#ifdef LFS_READONLY
    int flags = LFK_OPEN_READ;
#else
    int flags = (int)file->flags; /* the numbers are the same */
#endif
    return lfk_file_open(&file->handle, lfs->filesystem, path, flags, &options, detail);
}

static int open_file(lfs_t *lfs, lfs_file_t *file, const char *path, int flags,
                     const struct lfs_file_config *config, struct lfk_detail *detail)
{
    int err = check_open(lfs, file, flags, config, detail);
    if (err < 0) {
        return err;
    }
    memset(file, 0, sizeof(*file));
    file->cfg = config;
    file->flags = (uint32_t)flags & OPEN_FLAGS;
    err = lfs_compat_attach_attributes(lfs, file);
    if (err == 0) {
        err = open_handle(lfs, file, path, detail);
    }
    if (err < 0) {
        lfs_compat_detach_attributes(lfs, file);
        return err;
    }
    show(file, 0);
    file->next = lfs->files;
    lfs->files = file;
    return 0;
}

#ifndef LFS_NO_MALLOC
int lfs_file_open(lfs_t *lfs, lfs_file_t *file, const char *path, int flags)
{
    static const struct lfs_file_config nothing;
    struct lfs_compat_call call;
    int err = lfs_compat_begin(&call, lfs, "lfs_file_open");
    if (err == 0) {
        err = lfs_compat_end(&call, open_file(lfs, file, path, flags, &nothing, &call.detail));
    }
    return err;
}
#endif

int lfs_file_opencfg(lfs_t *lfs, lfs_file_t *file, const char *path, int flags,
                     const struct lfs_file_config *config)
{
    struct lfs_compat_call call;
    int err = lfs_compat_begin(&call, lfs, "lfs_file_opencfg");
    if (err == 0) {
        err = lfs_compat_end(&call, open_file(lfs, file, path, flags, config, &call.detail));
    }
    return err;
}

int lfs_file_close(lfs_t *lfs, lfs_file_t *file)
{
    struct lfs_compat_call call;
    int err = begin(&call, lfs, file, "lfs_file_close");
    if (err == 0) {
        lfs_file_t **link = &lfs->files;
        lfs_compat_refresh_attributes(file);
        err = lfk_file_close(file->handle, &call.detail);
        while (*link != file) {
            link = &(*link)->next;
        }
        *link = file->next;
        file->handle = NULL;
        lfs_compat_detach_attributes(lfs, file);
        err = lfs_compat_end(&call, err);
    }
    return err;
}

int lfs_file_sync(lfs_t *lfs, lfs_file_t *file)
{
    struct lfs_compat_call call;
    int err = begin(&call, lfs, file, "lfs_file_sync");
    if (err == 0) {
        lfs_compat_refresh_attributes(file);
        err = lfk_file_sync(file->handle, &call.detail);
        show(file, 0);
        err = lfs_compat_end(&call, err);
    }
    return err;
}

/* --- reading and writing ----------------------------------------------------------------- */

lfs_ssize_t lfs_file_read(lfs_t *lfs, lfs_file_t *file, void *buffer, lfs_size_t size)
{
    struct lfs_compat_call call;
    lfs_ssize_t result = begin(&call, lfs, file, "lfs_file_read");
    if (result == 0) {
        result = lfk_file_read(file->handle, buffer, size, &call.detail);
        show(file, LFS_F_READING);
        result = lfs_compat_end(&call, result);
    }
    return result;
}

lfs_soff_t lfs_file_seek(lfs_t *lfs, lfs_file_t *file, lfs_soff_t off, int whence)
{
    struct lfs_compat_call call;
    lfs_soff_t result = begin(&call, lfs, file, "lfs_file_seek");
    if (result == 0) {
        result =
            lfk_file_seek(file->handle, off, whence, &call.detail); /* the numbers are the same */
        show(file, 0);
        result = lfs_compat_end(&call, result);
    }
    return result;
}

int lfs_file_rewind(lfs_t *lfs, lfs_file_t *file)
{
    struct lfs_compat_call call;
    int err = begin(&call, lfs, file, "lfs_file_rewind");
    if (err == 0) {
        err = lfk_file_seek(file->handle, 0, LFK_SEEK_SET, &call.detail);
        show(file, 0);
        err = lfs_compat_end(&call, err);
    }
    return err;
}

lfs_soff_t lfs_file_tell(lfs_t *lfs, lfs_file_t *file)
{
    struct lfs_compat_call call;
    lfs_soff_t result = begin(&call, lfs, file, "lfs_file_tell");
    if (result == 0) {
        result = lfs_compat_end(&call, (lfs_soff_t)lfk_file_tell(file->handle));
    }
    return result;
}

lfs_soff_t lfs_file_size(lfs_t *lfs, lfs_file_t *file)
{
    struct lfs_compat_call call;
    lfs_soff_t result = begin(&call, lfs, file, "lfs_file_size");
    if (result == 0) {
        result = lfs_compat_end(&call, (lfs_soff_t)lfk_file_size(file->handle));
    }
    return result;
}

#ifndef LFS_READONLY
lfs_ssize_t lfs_file_write(lfs_t *lfs, lfs_file_t *file, const void *buffer, lfs_size_t size)
{
    struct lfs_compat_call call;
    lfs_ssize_t result = begin(&call, lfs, file, "lfs_file_write");
    if (result == 0) {
        result = lfk_file_write(file->handle, buffer, size, &call.detail);
        show(file, 0);
        result = lfs_compat_end(&call, result);
    }
    return result;
}

int lfs_file_truncate(lfs_t *lfs, lfs_file_t *file, lfs_off_t size)
{
    struct lfs_compat_call call;
    int err = begin(&call, lfs, file, "lfs_file_truncate");
    if (err == 0) {
        err = size > LFS_FILE_MAX ? LFS_ERR_INVAL
                                  : lfk_file_truncate(file->handle, size, &call.detail);
        show(file, 0);
        err = lfs_compat_end(&call, err);
    }
    return err;
}
#endif
