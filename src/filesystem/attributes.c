/* SPDX-License-Identifier: MIT */
/*
 * Attributes by path. Those of the root are its superblock entry's.
 */
#include "opened.h"

#include <string.h>

int lfk_copy_attribute(const struct lfk_filesystem *filesystem, const struct lfk_fs_entry *entry,
                       uint8_t type, void *buffer, uint32_t size)
{
    uint32_t room = lfk_min(size, filesystem->fs.writing.attr_max);
    const struct lfk_entry *holder = &entry->mdir->entries[entry->id];
    const struct lfk_mdir_attribute *attribute = lfk_entry_attribute(holder, type);
    uint32_t part = attribute != NULL ? lfk_min(attribute->size, size) : 0;
    if (part > 0) {
        memcpy(buffer, attribute->data, part);
    }
    if (room > part) {
        memset((uint8_t *)buffer + part, 0, room - part);
    }
    return attribute != NULL ? (int)attribute->size : -1;
}

int lfk_filesystem_get_attribute(struct lfk_filesystem *filesystem, const char *path, uint8_t type,
                                 void *buffer, uint32_t size, struct lfk_detail *detail)
{
    struct lfk_fs_entry found;
    TRY(lfk_fs_lookup(&filesystem->fs, path, &found, detail));
    int result = lfk_copy_attribute(filesystem, &found, type, buffer, size);
    if (result < 0) {
        return lfk_fail(detail, LFK_ERR_NOATTR, "the entry has no such attribute");
    }
    return result;
}

int lfk_filesystem_set_attribute(struct lfk_filesystem *filesystem, const char *path, uint8_t type,
                                 const void *data, uint32_t size, struct lfk_detail *detail)
{
    TRY(lfk_check_writable(filesystem, detail));
    return lfk_fs_set_attribute(&filesystem->fs, path, type, data, size, detail);
}

int lfk_filesystem_remove_attribute(struct lfk_filesystem *filesystem, const char *path,
                                    uint8_t type, struct lfk_detail *detail)
{
    TRY(lfk_check_writable(filesystem, detail));
    return lfk_fs_remove_attribute(&filesystem->fs, path, type, detail);
}
