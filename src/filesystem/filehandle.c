/* SPDX-License-Identifier: MIT */
/*
 * Handles on files: the position, the rights, what failed, and the attributes
 * that are stored with the content. The content itself is fs's.
 *
 * Invariant: nothing is made before everything that can be checked has been.
 */
#include "opened.h"

#define CHANGES (LFK_OPEN_WRITE | LFK_OPEN_CREATE | LFK_OPEN_TRUNCATE)

/* --- opening --------------------------------------------------------------------- */

static int check_attributes(const struct lfk_file *file, struct lfk_detail *detail)
{
    uint32_t most = file->filesystem->fs.writing.attr_max;
    for (size_t i = 0; i < file->options.attribute_count; i++) {
        uint32_t size = file->options.attributes[i].size;
        if ((file->flags & LFK_OPEN_WRITE) != 0 && size > most) {
            return lfk_fail_field(detail, LFK_ERR_NOSPC, "attribute is too large", "attr_max", most,
                                  size);
        }
    }
    return LFK_OK;
}

/* One that is not there leaves the caller's bytes alone. */
static void load_attributes(const struct lfk_file *file, const struct lfk_fs_entry *entry)
{
    for (size_t i = 0; i < file->options.attribute_count; i++) {
        const struct lfk_file_attribute *a = &file->options.attributes[i];
        const struct lfk_entry *holder = &entry->mdir->entries[entry->id];
        if (lfk_entry_attribute(holder, a->type) != NULL) {
            (void)lfk_copy_attribute(file->filesystem, entry, a->type, a->data, a->size);
        }
    }
}

/* Finds the entry, or makes one; *made says which. */
static int find_or_create(struct lfk_file *file, const char *path, struct lfk_fs_entry *entry,
                          bool *made, struct lfk_detail *detail)
{
    struct lfk_fs *fs = &file->filesystem->fs;
    struct lfk_fs_place place;
    TRY(lfk_fs_find(fs, path, &place, detail));
    if (!place.exists && (file->flags & LFK_OPEN_CREATE) == 0) {
        return lfk_fail(detail, LFK_ERR_NOENT, "no such file or directory");
    }
    *made = !place.exists;
    if (!place.exists) {
        TRY(check_attributes(file, detail));
        return lfk_fs_file_create(fs, &place, entry, detail);
    }
    if ((file->flags & LFK_OPEN_EXCLUSIVE) != 0) {
        return lfk_fail(detail, LFK_ERR_EXIST, "the name is taken");
    }
    if (lfk_fs_is_dir(&place.found)) {
        return lfk_fail(detail, LFK_ERR_ISDIR, "is a directory");
    }
    *entry = place.found;
    return check_attributes(file, detail);
}

static int open_path(struct lfk_file *file, const char *path, struct lfk_detail *detail)
{
    struct lfk_fs_entry entry;
    bool made = false;
    if ((file->flags & CHANGES) != 0) {
        TRY(lfk_check_writable(file->filesystem, detail));
        TRY(lfk_fs_prepare(&file->filesystem->fs, detail));
    }
    TRY(find_or_create(file, path, &entry, &made, detail));
    TRY(lfk_fs_file_open(&file->filesystem->fs, &entry, &file->content, detail));
    /* A new file is empty on disk as well: there is nothing to store. */
    if ((file->flags & LFK_OPEN_TRUNCATE) != 0 && !made) {
        lfk_fs_file_clear(&file->content);
    }
    if ((file->flags & LFK_OPEN_READ) != 0) {
        load_attributes(file, &entry);
    }
    file->attributes_due = (file->flags & LFK_OPEN_WRITE) != 0 && file->options.attribute_count > 0;
    return LFK_OK;
}

int lfk_file_open(struct lfk_file **file, struct lfk_filesystem *filesystem, const char *path,
                  int flags, const struct lfk_file_options *options, struct lfk_detail *detail)
{
    struct lfk_file *opened = lfk_alloc_zeroed(filesystem->allocator, 1, sizeof(*opened));
    if (opened == NULL) {
        return lfk_fail_nomem(detail);
    }
    opened->filesystem = filesystem;
    opened->flags = flags;
    int result = lfk_options_take(&opened->options, sizeof(*options), options, detail);
    if (result == LFK_OK) {
        result = open_path(opened, path, detail);
    }
    if (result < 0) {
        lfk_file_release(opened);
        return result;
    }
    *file = opened;
    return LFK_OK;
}

void lfk_file_release(struct lfk_file *file)
{
    lfk_fs_file_close(&file->content);
    lfk_free(file->filesystem->allocator, file);
}

int lfk_file_close(struct lfk_file *file, struct lfk_detail *detail)
{
    if (file == NULL) {
        return LFK_OK;
    }
    int result = lfk_file_sync(file, detail);
    lfk_file_release(file);
    return result;
}

void lfk_file_discard(struct lfk_file *file)
{
    if (file != NULL) {
        lfk_file_release(file);
    }
}

/* --- storing ---------------------------------------------------------------------- */

static bool is_removed(const struct lfk_file *file)
{
    return file->content.opened->tie.mdir == NULL;
}

static bool has_something_to_store(const struct lfk_file *file)
{
    return (file->content.dirty || file->attributes_due) && !file->has_failed && !is_removed(file);
}

static int sync_with_attributes(struct lfk_file *file, struct lfk_detail *detail)
{
    const struct lfk_allocator *allocator = file->filesystem->allocator;
    size_t count = file->options.attribute_count;
    struct lfk_fs_attribute *stored = lfk_alloc_zeroed(allocator, count, sizeof(*stored));
    if (stored == NULL) {
        return lfk_fail_nomem(detail);
    }
    int result = check_attributes(file, detail); /* their sizes are the caller's to change */
    for (size_t i = 0; i < count; i++) {
        const struct lfk_file_attribute *a = &file->options.attributes[i];
        stored[i] = (struct lfk_fs_attribute){.data = a->data, .size = a->size, .type = a->type};
    }
    if (result == LFK_OK) {
        result = lfk_fs_file_sync(&file->content, stored, count, detail);
    }
    lfk_free(allocator, stored);
    return result;
}

int lfk_file_sync(struct lfk_file *file, struct lfk_detail *detail)
{
    bool attributes = file->options.attribute_count > 0 && (file->flags & LFK_OPEN_WRITE) != 0;
    if (!has_something_to_store(file)) {
        return LFK_OK;
    }
    int result = lfk_fs_file_flush(&file->content, detail);
    if (result < 0) {
        file->has_failed = true;
        return result;
    }
    result = attributes ? sync_with_attributes(file, detail)
                        : lfk_fs_file_sync(&file->content, NULL, 0, detail);
    if (result < 0) {
        file->has_failed = file->content.commit_failed;
        return result;
    }
    file->attributes_due = false;
    return LFK_OK;
}

/* --- reading and writing ------------------------------------------------------------- */

static int check_right(const struct lfk_file *file, int right, struct lfk_detail *detail)
{
    if ((file->flags & right) == 0) {
        return lfk_fail(detail, LFK_ERR_BADF,
                        right == LFK_OPEN_READ ? "the file is not open to be read"
                                               : "the file is not open to be written");
    }
    return LFK_OK;
}

int lfk_file_read(struct lfk_file *file, void *buffer, uint32_t size, struct lfk_detail *detail)
{
    bool was_writing = file->content.is_writing;
    TRY(check_right(file, LFK_OPEN_READ, detail));
    int result = lfk_fs_file_read(&file->content, file->position, buffer, size, detail);
    if (result > 0) {
        file->position += (uint32_t)result;
    }
    if (result < 0 && was_writing && file->content.is_writing) {
        file->has_failed = true; /* it was the flush that failed */
    }
    return result;
}

static int check_file_max(const struct lfk_file *file, uint64_t end, struct lfk_detail *detail)
{
    uint32_t most = file->filesystem->fs.writing.file_max;
    if (end > most) {
        return lfk_fail_field(detail, LFK_ERR_FBIG, "file is too large", "file_max", most, end);
    }
    return LFK_OK;
}

int lfk_file_write(struct lfk_file *file, const void *data, uint32_t size,
                   struct lfk_detail *detail)
{
    uint32_t position = file->position;
    uint32_t end = lfk_fs_file_size(&file->content);
    TRY(check_right(file, LFK_OPEN_WRITE, detail));
    if ((file->flags & LFK_OPEN_APPEND) != 0 && position < end) {
        position = end;
    }
    TRY(check_file_max(file, (uint64_t)position + size, detail));
    if (size == 0) {
        return 0;
    }
    int result = lfk_fs_file_write(&file->content, position, data, size, detail);
    file->has_failed = result < 0;
    if (result < 0) {
        return result;
    }
    file->position = position + size;
    return (int)size;
}

int lfk_file_truncate(struct lfk_file *file, uint32_t size, struct lfk_detail *detail)
{
    TRY(check_right(file, LFK_OPEN_WRITE, detail));
    TRY(check_file_max(file, size, detail));
    bool grows = size > lfk_fs_file_size(&file->content);
    int result = lfk_fs_file_truncate(&file->content, size, detail);
    if (result < 0 || grows) {
        file->has_failed = result < 0;
    }
    return result;
}

int lfk_file_seek(struct lfk_file *file, int64_t offset, int whence, struct lfk_detail *detail)
{
    int64_t most = file->filesystem->fs.writing.file_max;
    int64_t base;
    switch (whence) {
    case LFK_SEEK_SET:
        base = 0;
        break;
    case LFK_SEEK_CURRENT:
        base = file->position;
        break;
    case LFK_SEEK_END:
        base = lfk_fs_file_size(&file->content);
        break;
    default:
        return lfk_fail(detail, LFK_ERR_INVAL, "the origin of the seek is not known");
    }
    if (offset < -base || offset > most - base) {
        return lfk_fail(detail, LFK_ERR_INVAL, "the position is not one that a file can have");
    }
    file->position = (uint32_t)(base + offset);
    return (int)file->position;
}

uint32_t lfk_file_tell(const struct lfk_file *file)
{
    return file->position;
}

uint32_t lfk_file_size(const struct lfk_file *file)
{
    return lfk_fs_file_size(&file->content);
}

void lfk_file_info(const struct lfk_file *file, struct lfk_file_info *info)
{
    *info = (struct lfk_file_info){
        .is_inline = file->content.is_inline,
        .is_dirty = has_something_to_store(file),
        .is_writing = file->content.is_writing,
        .has_failed = file->has_failed,
    };
}
