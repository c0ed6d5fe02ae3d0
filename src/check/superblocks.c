/* SPDX-License-Identifier: MIT */
/*
 * Superblocks: the entry with id 0 in the pair {0, 1}, in the pairs that were
 * put before the root when {0, 1} was worn, and in the root itself, whose copy
 * is the one that counts. The block of {0, 1} that is not current has a copy too.
 * Block size and limits never change in the life of a volume, so all copies are held
 * against each other.
 */
#include "checker.h"

#include <string.h>

#define MAJOR 2u
#define MINOR_MAX 1u
#define BLOCK_COUNT_MIN 2u
#define MAGIC_OFFSET 8u

/* A copy of the superblock, and where it is. */
struct copy {
    struct lfk_superblock superblock;
    uint32_t pair;
    uint32_t block;
};

bool lfk_check_is_superblock(const struct lfk_check *check, const struct lfk_check_pair *pair)
{
    return pair->count > 0 && check->entries[pair->first].id == 0 &&
           check->entries[pair->first].name_type == LFK_TYPE_SUPERBLOCK;
}

static void tell_field(struct lfk_check *check, enum lfk_finding_id id, const struct copy *copy,
                       const char *field, uint32_t expected, uint32_t found)
{
    struct lfk_finding place = lfk_with(lfk_in_block(copy->block), expected, found);
    place.field = field;
    lfk_check_tell(check, id, lfk_about_pair(copy->pair), place);
}

static void check_at_most(struct lfk_check *check, const struct copy *copy, const char *field,
                          uint32_t value, uint32_t most)
{
    if (value > most) {
        tell_field(check, LFK_FINDING_SUPERBLOCK_VALUE, copy, field, most, value);
    }
}

static void check_values(struct lfk_check *check, const struct copy *copy)
{
    const struct lfk_superblock *s = &copy->superblock;
    uint32_t newest = MAJOR << 16 | MINOR_MAX;
    if (s->version >> 16 != MAJOR || (s->version & 0xffff) > MINOR_MAX) {
        tell_field(check, LFK_FINDING_SUPERBLOCK_VALUE, copy, "version", newest, s->version);
    }
    if (s->block_size != check->bd->block_size) {
        tell_field(check, LFK_FINDING_SUPERBLOCK_VALUE, copy, "block_size", check->bd->block_size,
                   s->block_size);
    }
    if (s->block_count < BLOCK_COUNT_MIN) {
        tell_field(check, LFK_FINDING_SUPERBLOCK_VALUE, copy, "block_count", BLOCK_COUNT_MIN,
                   s->block_count);
    }
    check_at_most(check, copy, "name_max", s->name_max, LFK_NAME_MAX);
    check_at_most(check, copy, "file_max", s->file_max, LFK_FILE_MAX);
    check_at_most(check, copy, "attr_max", s->attr_max, LFK_ATTR_MAX);
}

/* No commit can follow the last one if what is left is less than any prog unit it could have. */
static bool is_full(const struct lfk_log *log)
{
    uint32_t unit = log->block_size;
    for (uint32_t rest = log->end; rest != 0;) {
        uint32_t next = unit % rest;
        unit = rest;
        rest = next;
    }
    return log->block_size - log->end < unit;
}

/*
 * True if an FCRC ends the commit with the tag at this offset, as drivers of 2.1 write it
 * where another commit can follow. Commits of nothing but padding may be between.
 */
static bool has_fcrc_behind(const struct lfk_log *log, uint32_t offset)
{
    struct lfk_log_reader reader;
    struct lfk_record record;
    bool ended = false;
    lfk_log_reader_start(&reader, log);
    while (lfk_log_reader_next(&reader, &record)) {
        if (record.offset <= offset) {
            continue;
        }
        if (lfk_tag_type(record.tag) == LFK_TYPE_FCRC) {
            return true;
        }
        if (ended && !lfk_tag_is_crc(record.tag)) {
            return false;
        }
        ended = ended || lfk_tag_is_crc(record.tag);
    }
    return is_full(log);
}

static void check_writer(struct lfk_check *check, const struct copy *copy)
{
    const struct lfk_check_pair *pair = &check->pairs[copy->pair];
    uint32_t offset = check->entries[pair->first].data_offset;
    if (copy->superblock.version == LFK_DISK_2_1 && !has_fcrc_behind(&pair->log, offset)) {
        lfk_check_tell(check, LFK_FINDING_SUPERBLOCK_AHEAD, lfk_about_pair(copy->pair),
                       lfk_at(copy->block, offset));
    }
}

static void check_form(struct lfk_check *check, uint32_t index)
{
    const struct lfk_check_pair *pair = &check->pairs[index];
    const struct lfk_check_entry *entry = &check->entries[pair->first];
    uint32_t block = pair->pair.block[0];
    if (entry->name_size != LFK_MAGIC_SIZE || memcmp(entry->name, LFK_MAGIC, LFK_MAGIC_SIZE) != 0) {
        lfk_check_tell(check, LFK_FINDING_SUPERBLOCK_FORM, lfk_about_pair(index),
                       lfk_at(block, entry->name_offset));
    }
    if (entry->struct_type != LFK_TYPE_INLINE_STRUCT || entry->data_size != LFK_SUPERBLOCK_SIZE) {
        lfk_check_tell(
            check, LFK_FINDING_SUPERBLOCK_FORM, lfk_about_pair(index),
            lfk_with(lfk_at(block, entry->data_offset), LFK_SUPERBLOCK_SIZE, entry->data_size));
    }
}

/* True, with its fields, if the pair has a superblock entry that can be read. */
static bool read_copy(const struct lfk_check *check, uint32_t index, struct copy *copy)
{
    const struct lfk_check_pair *pair = &check->pairs[index];
    if (!lfk_check_is_superblock(check, pair)) {
        return false;
    }
    const struct lfk_check_entry *entry = &check->entries[pair->first];
    *copy = (struct copy){.pair = index, .block = pair->pair.block[0]};
    if (entry->struct_type != LFK_TYPE_INLINE_STRUCT) {
        return false;
    }
    lfk_superblock_decode(&copy->superblock, entry->data, entry->data_size);
    return true;
}

static void compare(struct lfk_check *check, const struct copy *copy, const char *field,
                    uint32_t expected, uint32_t found)
{
    if (expected != found) {
        tell_field(check, LFK_FINDING_SUPERBLOCK_COPIES, copy, field, expected, found);
    }
}

/* Holds a copy against the root's; `earlier` copies may be out of date in what can change. */
static void compare_copy(struct lfk_check *check, const struct copy *root, const struct copy *copy,
                         bool is_current)
{
    const struct lfk_superblock *a = &root->superblock;
    const struct lfk_superblock *b = &copy->superblock;
    compare(check, copy, "block_size", a->block_size, b->block_size);
    compare(check, copy, "name_max", a->name_max, b->name_max);
    compare(check, copy, "file_max", a->file_max, b->file_max);
    compare(check, copy, "attr_max", a->attr_max, b->attr_max);
    if (b->version > a->version) {
        compare(check, copy, "version", a->version, b->version);
    } else if (is_current && b->version != a->version) {
        tell_field(check, LFK_FINDING_SUPERBLOCK_OLD, copy, "version", a->version, b->version);
    }
    if (is_current && b->block_count != a->block_count) {
        tell_field(check, LFK_FINDING_SUPERBLOCK_OLD, copy, "block_count", a->block_count,
                   b->block_count);
    }
}

/*
 * The copy in the block of {0, 1} that does not count. Of another pair that block may
 * be what a volume left that was here before.
 */
static int check_other_block(struct lfk_check *check, const struct copy *root)
{
    struct copy copy = {.pair = 0, .block = check->pairs[0].pair.block[1]};
    struct lfk_check_log *log;
    if (copy.block >= check->bd->block_count) {
        return LFK_OK;
    }
    TRY(lfk_check_log(check, copy.block, &log));
    if (log->log.end == 0) {
        return LFK_OK;
    }
    if (lfk_superblock_find(&log->log, &copy.superblock)) {
        check_values(check, &copy);
        compare_copy(check, root, &copy, false);
    } else {
        lfk_check_tell(check, LFK_FINDING_SUPERBLOCK_FORM, lfk_about_pair(0),
                       lfk_at(copy.block, 0));
    }
    return LFK_OK;
}

/* Drivers that look for a volume expect the magic at this place of blocks 0 and 1. */
static int check_magic(struct lfk_check *check)
{
    for (uint32_t block = 0; block < lfk_min(check->bd->block_count, 2); block++) {
        struct lfk_check_log *log;
        TRY(lfk_check_log(check, block, &log));
        if (log->log.end != 0 &&
            memcmp(log->log.bytes + MAGIC_OFFSET, LFK_MAGIC, LFK_MAGIC_SIZE) != 0) {
            lfk_check_tell(check, LFK_FINDING_SUPERBLOCK_FORM, lfk_about_pair(0),
                           lfk_at(block, MAGIC_OFFSET));
        }
    }
    return LFK_OK;
}

/*
 * The last pair on the list that begins with a superblock entry is the root; it
 * and all before it form one chain, and only the root has other entries.
 */
static void find_root(struct lfk_check *check)
{
    check->root = LFK_CHECK_NONE;
    for (uint32_t i = 0; i < check->pair_count; i++) {
        if (lfk_check_is_superblock(check, &check->pairs[i])) {
            check->root = i;
        }
    }
    if (check->root == LFK_CHECK_NONE) {
        lfk_check_tell(check, LFK_FINDING_SUPERBLOCK_NONE, LFK_ABOUT_VOLUME, lfk_in_block(0));
        return;
    }
    if (!lfk_check_is_superblock(check, &check->pairs[0])) {
        lfk_check_tell(check, LFK_FINDING_SUPERBLOCK_FORM, lfk_about_pair(0),
                       lfk_in_block(check->pairs[0].pair.block[0]));
    }
    for (uint32_t i = 0; i <= check->root; i++) {
        const struct lfk_check_pair *pair = &check->pairs[i];
        struct lfk_finding place = lfk_in_block(pair->pair.block[0]);
        if (i > 0 && lfk_check_is_superblock(check, pair) &&
            !(pair->continues && lfk_check_is_superblock(check, &check->pairs[i - 1]))) {
            lfk_check_tell(check, LFK_FINDING_SUPERBLOCK_PLACE, lfk_about_pair(i), place);
        }
        if (i < check->root && lfk_check_is_superblock(check, pair) && pair->count > 1) {
            lfk_check_tell(check, LFK_FINDING_SUPERBLOCK_EXTRA, lfk_about_pair(i),
                           lfk_with(place, 1, pair->count));
        }
    }
}

static void compare_copies(struct lfk_check *check, const struct copy *root)
{
    for (uint32_t i = 0; i <= check->root; i++) {
        struct copy copy;
        if (!lfk_check_is_superblock(check, &check->pairs[i])) {
            continue;
        }
        check_form(check, i);
        if (read_copy(check, i, &copy)) {
            check_values(check, &copy);
            check_writer(check, &copy);
            if (i != check->root) {
                compare_copy(check, root, &copy, true);
            }
        }
    }
}

static void fill_default(uint32_t *limit, uint32_t ceiling)
{
    if (*limit == 0 || *limit > ceiling) {
        *limit = ceiling;
    }
}

/* Takes over what the root says, as far as it can be. */
static void adopt(struct lfk_check *check, const struct lfk_superblock *superblock)
{
    struct lfk_superblock *s = &check->superblock;
    *s = *superblock;
    check->info.name_max = s->name_max;
    check->info.file_max = s->file_max;
    check->info.attr_max = s->attr_max;
    if (s->block_count < BLOCK_COUNT_MIN) {
        s->block_count = check->bd->block_count;
    }
    fill_default(&s->name_max, LFK_NAME_MAX);
    fill_default(&s->file_max, LFK_FILE_MAX);
    fill_default(&s->attr_max, LFK_ATTR_MAX);
    check->limit = lfk_min(s->block_count, check->bd->block_count);
    check->info.disk_version = s->version;
    check->info.block_count = s->block_count;
}

static void check_length(struct lfk_check *check)
{
    uint64_t expected = (uint64_t)check->superblock.block_count * check->bd->block_size;
    uint64_t found = check->bd->size;
    if (found != expected) {
        lfk_check_tell(check, found < expected ? LFK_FINDING_IMAGE_SHORT : LFK_FINDING_IMAGE_LONG,
                       LFK_ABOUT_VOLUME, lfk_with((struct lfk_finding){0}, expected, found));
    }
}

/* The list was walked before the block count was known. */
static void check_list_range(struct lfk_check *check)
{
    for (uint32_t i = 0; i < check->pair_count; i++) {
        const struct lfk_pair pair = check->pairs[i].pair;
        for (int k = 0; k < 2; k++) {
            if (pair.block[k] >= check->limit && pair.block[k] < check->bd->block_count) {
                lfk_check_tell(check, LFK_FINDING_LIST_OUTSIDE, lfk_about_pair(i),
                               lfk_with((struct lfk_finding){0}, check->limit, pair.block[k]));
            }
        }
    }
}

int lfk_check_superblocks(struct lfk_check *check)
{
    struct copy root = {.pair = 0};
    struct lfk_superblock none = {.block_size = check->bd->block_size};
    find_root(check);
    bool found = check->root != LFK_CHECK_NONE && read_copy(check, check->root, &root);
    adopt(check, found ? &root.superblock : &none);
    if (found) {
        compare_copies(check, &root);
        TRY(check_other_block(check, &root));
        check_length(check);
        check_list_range(check);
    } else if (check->root != LFK_CHECK_NONE) {
        check_form(check, check->root);
    }
    return check_magic(check);
}
