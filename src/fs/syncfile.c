/* SPDX-License-Identifier: MIT */
/*
 * Makes open files durable. The data is on the device before the commit that
 * names it, and content and attributes are in that one commit; so after a loss
 * of power the file is wholly the old or wholly the new one.
 */
#include "parts.h"

#define STRUCT_SIZE 8u /* of a CTZ list: head and size */

/* The edit that gives the entry the content; `bytes` is its room. */
static struct lfk_edit content_edit(const struct lfk_fs_file *file, uint32_t id,
                                    uint8_t bytes[STRUCT_SIZE])
{
    if (file->is_inline) {
        return (struct lfk_edit){lfk_tag_make(LFK_TYPE_INLINE_STRUCT, id, file->size), file->data};
    }
    lfk_put_le32(bytes, file->list.blocks[file->list.count - 1]);
    lfk_put_le32(bytes + 4, file->size);
    return (struct lfk_edit){lfk_tag_make(LFK_TYPE_CTZ_STRUCT, id, STRUCT_SIZE), bytes};
}

static int commit(struct lfk_fs_file *file, const struct lfk_fs_attribute *attributes, size_t count,
                  struct lfk_detail *detail)
{
    struct lfk_fs *fs = file->fs;
    struct lfk_mdir *mdir = file->opened->tie.mdir;
    uint32_t id = lfk_mdir_find_tie(mdir, &file->opened->tie);
    uint8_t bytes[STRUCT_SIZE];
    struct lfk_edit *edits = lfk_alloc(fs->options.allocator, (count + 1) * sizeof(edits[0]));
    if (edits == NULL) {
        return lfk_fail_nomem(detail);
    }
    edits[0] = content_edit(file, id, bytes);
    for (size_t i = 0; i < count; i++) {
        edits[i + 1] = (struct lfk_edit){
            lfk_tag_make(LFK_TYPE_ATTRIBUTE + attributes[i].type, id, attributes[i].size),
            attributes[i].data};
    }
    int result = lfk_mdirs_commit(&fs->mdirs, mdir, edits, count + 1, detail);
    lfk_free(fs->options.allocator, edits);
    return result;
}

int lfk_fs_file_sync(struct lfk_fs_file *file, const struct lfk_fs_attribute *attributes,
                     size_t count, struct lfk_detail *detail)
{
    file->commit_failed = false;
    if (file->opened->tie.mdir == NULL || (!file->dirty && count == 0)) {
        return LFK_OK;
    }
    TRY(lfk_fs_file_flush(file, detail));
    TRY(lfk_fs_prepare(file->fs, detail));
    if (!file->is_inline) {
        TRY(lfk_bd_sync(file->fs->bd, detail));
    }
    int result = commit(file, attributes, count, detail);
    file->commit_failed = result < 0;
    file->dirty = file->dirty && result < 0;
    return result;
}
