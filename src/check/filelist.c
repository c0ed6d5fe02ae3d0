/* SPDX-License-Identifier: MIT */
/*
 * The lists of blocks of files. Each is walked back from its head by the first
 * pointer of each block; then every pointer of every block must name the block
 * that the walk found at its place. A block that something else has claimed
 * ends the walk, so that all walks together are no longer than the image.
 */
#include "checker.h"

#define CTZ_SIZE 8u
#define POINTER_SIZE 4u

/* A file whose list is walked. */
struct walk {
    struct lfk_check *check;
    uint32_t entry;
    uint32_t head;
    uint32_t size;
    uint32_t total; /* blocks */
    uint32_t first; /* of the list, those from this one on are known */
};

static struct lfk_finding struct_place(const struct walk *walk)
{
    const struct lfk_check_entry *entry = &walk->check->entries[walk->entry];
    return lfk_at(walk->check->pairs[entry->pair].pair.block[0], entry->data_offset);
}

/* Tells a file that cannot have a list; false if it has none. */
static bool has_list(const struct walk *walk)
{
    struct lfk_check *check = walk->check;
    struct lfk_check_about about = lfk_about_entry(walk->entry);
    if (walk->size == 0) {
        lfk_check_tell(check, LFK_FINDING_FILE_EMPTY, about, struct_place(walk));
        return false;
    }
    if (walk->size > check->superblock.file_max) {
        lfk_check_tell(check, LFK_FINDING_FILE_LARGE, about,
                       lfk_with(struct_place(walk), check->superblock.file_max, walk->size));
    }
    if (walk->total > check->limit) {
        lfk_check_tell(check, LFK_FINDING_FILE_BLOCKS, about,
                       lfk_with(struct_place(walk), check->limit, walk->total));
        return false;
    }
    return true;
}

/* Finds the blocks of the list from its head down, as far as they are its own. */
static int find_blocks(struct walk *walk)
{
    struct lfk_check *check = walk->check;
    uint32_t block = walk->head;
    struct lfk_finding place = struct_place(walk);
    for (uint32_t i = walk->total; i > 0; i--) {
        uint8_t pointer[POINTER_SIZE];
        bool readable;
        if (!lfk_check_has_block(check, block)) {
            lfk_check_tell(check, LFK_FINDING_FILE_OUTSIDE, lfk_about_entry(walk->entry),
                           lfk_with(place, check->limit, block));
            return LFK_OK;
        }
        if (!lfk_check_claim(check, block, lfk_owner_entry(walk->entry))) {
            return LFK_OK;
        }
        check->list[i - 1] = block;
        walk->first = i - 1;
        place = lfk_at(block, 0);
        /* The last one has no pointer to go on with, but it may be bad, too. */
        TRY(lfk_check_read(check, block, pointer, POINTER_SIZE, &readable));
        if (!readable) {
            lfk_check_tell(check, LFK_FINDING_FILE_UNREADABLE, lfk_about_entry(walk->entry),
                           lfk_in_block(block));
            return LFK_OK;
        }
        block = lfk_get_le32(pointer);
    }
    return LFK_OK;
}

/* Checks the pointers of a block beyond the first, which the walk has followed. */
static int check_pointers(const struct walk *walk, uint32_t index)
{
    struct lfk_check *check = walk->check;
    uint8_t pointers[LFK_CTZ_POINTERS_MAX * POINTER_SIZE];
    bool readable;
    uint32_t count = lfk_ctz_pointers(index);
    uint32_t block = check->list[index];
    if (count < 2) {
        return LFK_OK;
    }
    TRY(lfk_check_read(check, block, pointers, count * POINTER_SIZE, &readable));
    for (uint32_t x = 1; x < count && readable; x++) {
        uint32_t to = index - (UINT32_C(1) << x);
        uint32_t found = lfk_get_le32(pointers + (size_t)x * POINTER_SIZE);
        if (to >= walk->first && found != check->list[to]) {
            lfk_check_tell(check, LFK_FINDING_FILE_POINTER, lfk_about_entry(walk->entry),
                           lfk_with(lfk_at(block, x * POINTER_SIZE), check->list[to], found));
        }
    }
    return LFK_OK;
}

static int walk_list(struct walk *walk)
{
    struct lfk_check *check = walk->check;
    size_t room = check->list_room;
    walk->total = lfk_ctz_blocks(check->bd->block_size, walk->size);
    walk->first = walk->total;
    if (!has_list(walk)) {
        return LFK_OK;
    }
    if (lfk_grow(check->allocator, (void **)&check->list, &room, walk->total,
                 sizeof(check->list[0])) < 0) {
        return lfk_fail_nomem(check->detail);
    }
    check->list_room = room;
    TRY(find_blocks(walk));
    for (uint32_t i = walk->first; i < walk->total; i++) {
        TRY(check_pointers(walk, i));
    }
    return LFK_OK;
}

static bool is_list(const struct lfk_check_entry *entry)
{
    return entry->name_type == LFK_TYPE_FILE && entry->struct_type == LFK_TYPE_CTZ_STRUCT &&
           entry->data_size >= CTZ_SIZE;
}

/* The source of a pending move has the same list as its copy. */
static bool is_walked_as_copy(const struct lfk_check *check, uint32_t entry, uint32_t head)
{
    return lfk_check_is_hidden(check, entry) && head < check->limit &&
           check->owners[head] != LFK_CHECK_OWNER_NONE && !lfk_owner_is_pair(check->owners[head]);
}

static int check_file(struct lfk_check *check, uint32_t index)
{
    const struct lfk_check_entry *entry = &check->entries[index];
    struct walk walk = {.check = check,
                        .entry = index,
                        .head = lfk_get_le32(entry->data),
                        .size = lfk_get_le32(entry->data + 4)};
    return is_walked_as_copy(check, index, walk.head) ? LFK_OK : walk_list(&walk);
}

/* Entries of pairs that are no part of a directory are not those that count. */
static bool counts(const struct lfk_check *check, const struct lfk_check_entry *entry)
{
    const struct lfk_check_pair *pair = &check->pairs[entry->pair];
    return pair->directory != LFK_CHECK_NONE && !pair->stale && is_list(entry);
}

/* Those that are hidden, or those that are not. */
static int check_files(struct lfk_check *check, bool hidden)
{
    for (uint32_t i = 0; i < check->entry_count; i++) {
        if (counts(check, &check->entries[i]) && lfk_check_is_hidden(check, i) == hidden) {
            TRY(check_file(check, i));
        }
    }
    return LFK_OK;
}

int lfk_check_files(struct lfk_check *check)
{
    TRY(check_files(check, false));
    return check_files(check, true);
}
