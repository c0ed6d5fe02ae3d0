/* SPDX-License-Identifier: MIT */
/*
 * User attributes of files, directories and the root, whose attributes are
 * those of its superblock entry.
 */
#include "parts.h"

static int change_attribute(struct lfk_fs *fs, const char *path, lfk_tag tag, const void *data,
                            struct lfk_detail *detail)
{
    struct lfk_fs_entry found;
    TRY(lfk_fs_prepare(fs, detail));
    TRY(lfk_fs_lookup(fs, path, &found, detail));
    const struct lfk_edit edit = {lfk_tag_make(lfk_tag_type(tag), found.id, lfk_tag_length(tag)),
                                  data};
    return lfk_mdirs_commit(&fs->mdirs, found.mdir, &edit, 1, detail);
}

int lfk_fs_set_attribute(struct lfk_fs *fs, const char *path, uint8_t type, const void *data,
                         uint32_t size, struct lfk_detail *detail)
{
    if (size > fs->writing.attr_max) {
        return lfk_fail_field(detail, LFK_ERR_NOSPC, "attribute is too large", "attr_max",
                              fs->writing.attr_max, size);
    }
    return change_attribute(fs, path, lfk_tag_make(LFK_TYPE_ATTRIBUTE + type, 0, size), data,
                            detail);
}

int lfk_fs_remove_attribute(struct lfk_fs *fs, const char *path, uint8_t type,
                            struct lfk_detail *detail)
{
    struct lfk_fs_entry found;
    TRY(lfk_fs_lookup(fs, path, &found, detail));
    if (lfk_entry_attribute(&found.mdir->entries[found.id], type) == NULL) {
        return LFK_OK;
    }
    return change_attribute(
        fs, path, lfk_tag_make(LFK_TYPE_ATTRIBUTE + type, 0, LFK_LENGTH_DELETED), NULL, detail);
}
