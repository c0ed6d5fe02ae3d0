/* SPDX-License-Identifier: MIT */
/*
 * Handles on files: opened, created, closed. All handles on one entry share
 * what the entry is tied to; so each knows where the entry is, and that it is
 * gone.
 */
#include "parts.h"

#include <string.h>

/* A name and an empty file's struct, the CRC, the revision: all that a block has room for. */
#define ENTRY_OVERHEAD (4u + 4u + 4u + 8u)

int lfk_fs_check_name(const struct lfk_fs *fs, const struct lfk_fs_place *place,
                      struct lfk_detail *detail)
{
    uint32_t room = fs->writing.metadata_max - ENTRY_OVERHEAD;
    uint32_t most = lfk_min(fs->writing.name_max, room);
    if (place->name_size > most) {
        return lfk_fail_field(detail, LFK_ERR_NAMETOOLONG, "name is too long", "name_max", most,
                              place->name_size);
    }
    return LFK_OK;
}

int lfk_fs_file_create(struct lfk_fs *fs, const struct lfk_fs_place *place,
                       struct lfk_fs_entry *entry, struct lfk_detail *detail)
{
    const struct lfk_edit edits[] = {
        {lfk_tag_make(LFK_TYPE_CREATE, place->id, 0), NULL},
        {lfk_tag_make(LFK_TYPE_FILE, place->id, (uint32_t)place->name_size), place->name},
        {lfk_tag_make(LFK_TYPE_INLINE_STRUCT, place->id, 0), NULL},
    };
    struct lfk_mdir *mdir = place->mdir;
    uint32_t id = place->id;
    if (place->slash) {
        return lfk_fail(detail, LFK_ERR_NOTDIR, "the name is that of a directory");
    }
    TRY(lfk_fs_check_name(fs, place, detail));
    TRY(lfk_mdirs_commit(&fs->mdirs, mdir, edits, 3, detail));
    if (mdir == fs->mdirs.first && fs->mdirs.root != mdir) {
        mdir = fs->mdirs.root; /* the root has just got a pair of its own */
    }
    /* If the pair was split, the entry may be in a part of it. */
    while (id >= mdir->count) {
        id -= mdir->count;
        mdir = mdir->next;
    }
    *entry = (struct lfk_fs_entry){mdir, &mdir->entries[id], id};
    return LFK_OK;
}

/* Ties the handle to its entry, together with the others there are. */
static int tie(struct lfk_fs *fs, const struct lfk_fs_entry *entry, struct lfk_fs_file *file,
               struct lfk_detail *detail)
{
    struct lfk_entry *e = &entry->mdir->entries[entry->id];
    if (e->tie == NULL) {
        struct lfk_fs_opened *opened = lfk_alloc_zeroed(fs->options.allocator, 1, sizeof(*opened));
        if (opened == NULL) {
            return lfk_fail_nomem(detail);
        }
        opened->tie.mdir = entry->mdir;
        e->tie = &opened->tie;
    }
    file->opened = (struct lfk_fs_opened *)e->tie; /* its first member */
    file->opened->handles++;
    return LFK_OK;
}

static void untie(struct lfk_fs_file *file)
{
    struct lfk_fs_opened *opened = file->opened;
    if (opened == NULL || --opened->handles > 0) {
        return;
    }
    struct lfk_mdir *mdir = opened->tie.mdir;
    if (mdir != NULL) {
        mdir->entries[lfk_mdir_find_tie(mdir, &opened->tie)].tie = NULL;
    }
    lfk_free(file->fs->options.allocator, opened);
}

int lfk_fs_file_reserve(struct lfk_fs_file *file, uint32_t size, struct lfk_detail *detail)
{
    if (size > file->data_room || file->data == NULL) {
        uint32_t room = size > file->fs->writing.inline_max ? size : file->fs->writing.inline_max;
        void *data = lfk_resize(file->fs->options.allocator, file->data, room);
        if (data == NULL) {
            return lfk_fail_nomem(detail);
        }
        file->data = data;
        file->data_room = room;
    }
    return LFK_OK;
}

static int load_inline(struct lfk_fs_file *file, const struct lfk_fs_content *content,
                       struct lfk_detail *detail)
{
    TRY(lfk_fs_file_reserve(file, content->size, detail));
    if (content->size > 0) {
        memcpy(file->data, content->data, content->size);
    }
    file->is_inline = true;
    return LFK_OK;
}

static int load_list(struct lfk_fs_file *file, const struct lfk_fs_content *content,
                     struct lfk_detail *detail)
{
    struct lfk_fs *fs = file->fs;
    uint32_t blocks = lfk_ctz_blocks(fs->bd->block_size, content->size);
    uint32_t known = blocks;
    /* What is wrong with the list is told when it is read. */
    if (content->head >= fs->mdirs.block_count || blocks > fs->mdirs.block_count) {
        file->damaged = true;
        known = 0;
    }
    TRY(lfk_fs_blocks_resize(fs, &file->list, known, detail));
    if (known > 0) {
        file->list.blocks[known - 1] = content->head;
    }
    return LFK_OK;
}

static int load(struct lfk_fs_file *file, const struct lfk_fs_entry *entry,
                struct lfk_detail *detail)
{
    struct lfk_fs_content content;
    if (lfk_fs_is_dir(entry)) {
        return lfk_fail(detail, LFK_ERR_ISDIR, "is a directory");
    }
    TRY(lfk_fs_content(entry, &content, detail));
    file->size = content.size;
    return content.data != NULL ? load_inline(file, &content, detail)
                                : load_list(file, &content, detail);
}

int lfk_fs_file_open(struct lfk_fs *fs, const struct lfk_fs_entry *entry, struct lfk_fs_file *file,
                     struct lfk_detail *detail)
{
    *file = (struct lfk_fs_file){.fs = fs, .buffered = LFK_BLOCK_NULL};
    int result = load(file, entry, detail);
    if (result == LFK_OK) {
        result = tie(fs, entry, file, detail);
    }
    if (result < 0) {
        lfk_fs_file_free(file);
        return result;
    }
    file->next = fs->files;
    fs->files = file;
    return LFK_OK;
}

void lfk_fs_file_free(struct lfk_fs_file *file)
{
    struct lfk_fs *fs = file->fs;
    lfk_fs_blocks_free(fs, &file->list);
    lfk_fs_blocks_free(fs, &file->replaced);
    lfk_free(fs->options.allocator, file->data);
    lfk_free(fs->options.allocator, file->buffer);
    *file = (struct lfk_fs_file){0};
}

void lfk_fs_file_close(struct lfk_fs_file *file)
{
    struct lfk_fs *fs = file->fs;
    if (fs == NULL) {
        return;
    }
    struct lfk_fs_file **link = &fs->files;
    while (*link != file) {
        link = &(*link)->next;
    }
    *link = file->next;
    untie(file);
    lfk_fs_file_free(file);
}

uint32_t lfk_fs_file_size(const struct lfk_fs_file *file)
{
    bool longer = file->is_writing && file->written > file->size;
    return longer ? file->written : file->size;
}
