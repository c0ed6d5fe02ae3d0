/* SPDX-License-Identifier: MIT */
/*
 * What is done to entries by their paths.
 */
#include "opened.h"

#include <string.h>

int lfk_check_writable(const struct lfk_filesystem *filesystem, struct lfk_detail *detail)
{
    if (filesystem->read_only) {
        return lfk_fail(detail, LFK_ERR_INVAL, "the volume is mounted read-only");
    }
    return LFK_OK;
}

static void set_name(struct lfk_stat *stat, const void *name, uint32_t size)
{
    stat->name_size = lfk_min(size, LFK_STAT_NAME_MAX);
    if (stat->name_size > 0) {
        memcpy(stat->name, name, stat->name_size);
    }
    stat->name[stat->name_size] = '\0';
}

int lfk_describe(const struct lfk_fs_entry *entry, struct lfk_stat *stat, struct lfk_detail *detail)
{
    stat->is_dir = lfk_fs_is_dir(entry);
    stat->size = 0;
    set_name(stat, entry->entry->name, entry->entry->name_size);
    if (!stat->is_dir) {
        struct lfk_fs_content content;
        TRY(lfk_fs_content(entry, &content, detail));
        stat->size = content.size;
    }
    return LFK_OK;
}

int lfk_filesystem_stat(struct lfk_filesystem *filesystem, const char *path, struct lfk_stat *stat,
                        struct lfk_detail *detail)
{
    struct lfk_fs_entry found;
    TRY(lfk_fs_lookup(&filesystem->fs, path, &found, detail));
    if (found.entry != NULL) {
        return lfk_describe(&found, stat, detail);
    }
    stat->is_dir = true;
    stat->size = 0;
    set_name(stat, "/", 1);
    return LFK_OK;
}

int lfk_filesystem_mkdir(struct lfk_filesystem *filesystem, const char *path,
                         struct lfk_detail *detail)
{
    TRY(lfk_check_writable(filesystem, detail));
    return lfk_fs_mkdir(&filesystem->fs, path, detail);
}

int lfk_filesystem_remove(struct lfk_filesystem *filesystem, const char *path,
                          struct lfk_detail *detail)
{
    TRY(lfk_check_writable(filesystem, detail));
    return lfk_fs_remove(&filesystem->fs, path, detail);
}

int lfk_filesystem_rename(struct lfk_filesystem *filesystem, const char *from, const char *to,
                          struct lfk_detail *detail)
{
    TRY(lfk_check_writable(filesystem, detail));
    return lfk_fs_rename(&filesystem->fs, from, to, detail);
}
