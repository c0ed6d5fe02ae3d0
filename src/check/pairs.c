/* SPDX-License-Identifier: MIT */
/*
 * The two blocks of a metadata pair: which of them counts, what is wrong with
 * the other, and how the log ends of the one that does.
 */
#include "checker.h"

#include <string.h>

#define REVISION_SIZE 4u
#define CRC_SIZE 4u

/* One of the two blocks. */
struct side {
    uint32_t block;
    bool present; /* in the image, and can be read */
    struct lfk_log log;
};

static bool is_valid(const struct side *side)
{
    return side->log.end != 0;
}

int lfk_check_read(struct lfk_check *check, uint32_t block, void *buffer, uint32_t size,
                   bool *readable)
{
    struct lfk_detail failure = {0};
    int result = lfk_bd_read(check->bd, block, 0, buffer, size, &failure);
    *readable = result == LFK_OK;
    if (*readable || result == LFK_ERR_CORRUPT) {
        return LFK_OK;
    }
    if (check->detail != NULL) {
        *check->detail = failure;
    }
    return result;
}

/* The bytes of a block for as long as the check is at work; NULL: it cannot be read. */
static int block_bytes(struct lfk_check *check, uint32_t block, const uint8_t **bytes)
{
    *bytes = lfk_bd_map(check->bd, block);
    if (*bytes != NULL) {
        return LFK_OK;
    }
    uint8_t *copy = lfk_arena_alloc(&check->copies, check->bd->block_size);
    if (copy == NULL) {
        return lfk_fail_nomem(check->detail);
    }
    bool readable;
    TRY(lfk_check_read(check, block, copy, check->bd->block_size, &readable));
    *bytes = readable ? copy : NULL;
    return LFK_OK;
}

int lfk_check_log(struct lfk_check *check, uint32_t block, struct lfk_check_log **log)
{
    const uint8_t *bytes;
    if (check->log_of[block] == 0) {
        struct lfk_check_log added = {.taken = false};
        TRY(block_bytes(check, block, &bytes));
        if (bytes != NULL) {
            (void)lfk_log_scan(&added.log, bytes, check->bd->block_size);
        }
        if (lfk_grow(check->allocator, (void **)&check->logs, &check->log_room,
                     check->log_count + 1, sizeof(check->logs[0])) < 0) {
            return lfk_fail_nomem(check->detail);
        }
        check->logs[check->log_count++] = added;
        check->log_of[block] = (uint32_t)check->log_count;
    }
    *log = &check->logs[check->log_of[block] - 1];
    return LFK_OK;
}

static int look(struct lfk_check *check, uint32_t block, struct side *side)
{
    struct lfk_check_log *log;
    *side = (struct side){.block = block};
    if (block >= check->bd->block_count) {
        return LFK_OK;
    }
    TRY(lfk_check_log(check, block, &log));
    side->log = log->log;
    side->present = log->log.bytes != NULL;
    return LFK_OK;
}

/* Which of the two would count by their revisions alone. */
static int newer_of(const struct side sides[2])
{
    if (sides[0].present != sides[1].present) {
        return sides[1].present;
    }
    return lfk_revision_is_newer(sides[1].log.revision, sides[0].log.revision);
}

/* A block that never held a commit is no sign of damage. */
static bool is_blank(const struct side *side)
{
    return !side->present || memcmp(side->log.bytes, "\xff\xff\xff\xff\xff\xff\xff\xff", 8) == 0 ||
           memcmp(side->log.bytes, "\0\0\0\0\0\0\0\0", 8) == 0;
}

/* True if all bytes from there on are as flash has them when it is erased. */
static bool is_erased_from(const struct lfk_log *log, uint32_t offset)
{
    const uint8_t *bytes = log->bytes + offset;
    uint32_t size = log->block_size - offset;
    return size == 0 ||
           ((bytes[0] == 0xff || bytes[0] == 0x00) && memcmp(bytes, bytes + 1, size - 1) == 0);
}

/*
 * Reads on behind the commit that a log breaks off with, as if it were whole: true
 * if commits come that are, and behind them erased flash. A cut of power leaves none,
 * if the block was erased before: nothing is written behind a commit that is not
 * finished. On a device whose erase leaves what was there, older commits may follow,
 * and what follows those is older still.
 */
static bool whole_commits_follow(const struct lfk_log *log)
{
    uint32_t start = log->end;
    uint32_t offset = log->end != 0 ? log->end : REVISION_SIZE;
    lfk_tag chain = log->chain;
    bool knows_unit = log->has_fcrc && log->fcrc_size - 1 < log->block_size; /* of a program */
    uint32_t unit = knows_unit ? log->fcrc_size : 1;
    uint32_t commits = 0;
    uint32_t end = 0; /* of what was written of the whole ones that follow */
    while (log->block_size - offset >= LFK_CHECK_TAG_SIZE) {
        lfk_tag tag = lfk_get_be32(log->bytes + offset) ^ chain;
        uint32_t data = offset + LFK_CHECK_TAG_SIZE;
        uint32_t size = lfk_tag_data_size(tag);
        bool is_crc = lfk_tag_is_crc(tag);
        if ((tag & LFK_TAG_INVALID) != 0 || size > log->block_size - data ||
            (is_crc && size < CRC_SIZE)) {
            break;
        }
        offset = data + size;
        chain = lfk_tag_chain(tag);
        if (is_crc) {
            bool is_whole = lfk_get_le32(log->bytes + data) ==
                            lfk_crc32(LFK_CRC_INIT, log->bytes + start, data - start);
            end = commits++ > 0 && is_whole ? data + CRC_SIZE : end;
            start = offset;
        }
    }
    return end != 0 && is_erased_from(log, lfk_min(lfk_align_up(end, unit), log->block_size));
}

/* True if the CRC is that of so many bytes of the value. */
static bool is_crc_of(uint32_t crc, uint8_t value, uint32_t size)
{
    uint8_t piece[64];
    uint32_t sum = LFK_CRC_INIT;
    memset(piece, value, sizeof(piece));
    for (; size > sizeof(piece); size -= (uint32_t)sizeof(piece)) {
        sum = lfk_crc32(sum, piece, sizeof(piece));
    }
    return lfk_crc32(sum, piece, size) == crc;
}

/* The last whole commit says that it was followed by bytes as flash has them when it is erased. */
static bool was_erased(const struct lfk_log *log)
{
    return log->has_fcrc && log->fcrc_size <= log->block_size - log->end &&
           (is_crc_of(log->fcrc, 0xff, log->fcrc_size) ||
            is_crc_of(log->fcrc, 0x00, log->fcrc_size));
}

/* Tells how the log ends of the block that counts. */
static void check_end(struct lfk_check *check, uint32_t pair, const struct side *side)
{
    const struct lfk_log *log = &side->log;
    struct lfk_check_about about = lfk_about_pair(pair);
    struct lfk_finding place = lfk_at(side->block, log->stop_offset);
    uint32_t room = log->block_size - log->end;
    if (log->stop == LFK_STOP_CRC && was_erased(log) && whole_commits_follow(log)) {
        lfk_check_tell(check, LFK_FINDING_COMMIT_SKIPPED, about,
                       lfk_with(place, log->crc_expected, log->crc_found));
    } else if (log->stop == LFK_STOP_CRC) {
        lfk_check_tell(check, LFK_FINDING_COMMIT_CRC, about,
                       lfk_with(place, log->crc_expected, log->crc_found));
    } else if (log->stop == LFK_STOP_TORN) {
        lfk_check_tell(check, LFK_FINDING_COMMIT_TORN, about, place);
    } else if (log->stop == LFK_STOP_INVALID && log->has_fcrc) {
        uint32_t size = lfk_min(log->fcrc_size, room);
        uint32_t crc = lfk_crc32(LFK_CRC_INIT, log->bytes + log->end, size);
        if (size != log->fcrc_size || crc != log->fcrc) {
            lfk_check_tell(check, LFK_FINDING_NOT_ERASED, about, lfk_with(place, log->fcrc, crc));
        }
    }
}

static void check_lost(struct lfk_check *check, uint32_t pair, const struct side *newer)
{
    struct lfk_finding place = lfk_in_block(newer->block);
    if (newer->log.stop == LFK_STOP_CRC) {
        place = lfk_with(lfk_at(newer->block, newer->log.stop_offset), newer->log.crc_expected,
                         newer->log.crc_found);
    }
    lfk_check_tell(check, LFK_FINDING_PAIR_LOST, lfk_about_pair(pair), place);
}

/*
 * Notes what is wrong with the block that does not count. It is told when all is
 * read: of a pair that an entry names a later version of, that block may have
 * become anything.
 */
static void check_other(struct lfk_check *check, uint32_t pair, const struct side *current,
                        const struct side *other, bool other_is_newer)
{
    struct lfk_check_twin *twin = &check->pairs[pair].twin;
    bool is_root = pair == 0;
    twin->place = lfk_in_block(other->block);
    if (is_valid(other)) {
        uint32_t step = current->log.revision - other->log.revision;
        /* The twin of another pair may be a leftover of anything older. */
        twin->is_wrong = step == 0 || (is_root && step != 1);
        twin->finding = LFK_FINDING_PAIR_REVISIONS;
        twin->place = lfk_with(lfk_in_block(current->block), other->log.revision + UINT64_C(1),
                               current->log.revision);
    } else if (other_is_newer && !is_blank(other)) {
        twin->is_wrong = true;
        twin->finding = LFK_FINDING_PAIR_OLDER;
    } else if (is_root) {
        twin->is_wrong = true;
        twin->finding = LFK_FINDING_PAIR_SINGLE;
    } else if (!other->present && other->block < check->bd->block_count) {
        twin->is_wrong = true;
        twin->finding = LFK_FINDING_PAIR_UNREADABLE;
    } else if (other->present && whole_commits_follow(&other->log)) {
        twin->is_wrong = true;
        twin->finding = LFK_FINDING_PAIR_TWIN;
    }
}

static int add_pair(struct lfk_check *check, struct lfk_pair blocks, uint32_t *index)
{
    if (lfk_grow(check->allocator, (void **)&check->pairs, &check->pair_room, check->pair_count + 1,
                 sizeof(check->pairs[0])) < 0) {
        return lfk_fail_nomem(check->detail);
    }
    *index = (uint32_t)check->pair_count++;
    check->pairs[*index] =
        (struct lfk_check_pair){.pair = blocks, .tail = LFK_PAIR_NULL, .directory = LFK_CHECK_NONE};
    for (int i = 0; i < 2; i++) {
        uint32_t block = blocks.block[i];
        if (block < check->bd->block_count && check->pair_of[block] == LFK_CHECK_NONE) {
            check->pair_of[block] = *index;
        }
    }
    return LFK_OK;
}

/* Reads the entries of the block that counts, and tells what is wrong with it. */
static int read_current(struct lfk_check *check, uint32_t index, const struct side *current)
{
    uint32_t count = 0;
    check_end(check, index, current);
    TRY(lfk_check_collect(check, index, &count));
    return check->pairs[index].whole ? lfk_check_unwind(check, index, count) : LFK_OK;
}

int lfk_check_read_pair(struct lfk_check *check, struct lfk_pair blocks, uint32_t *index)
{
    struct side sides[2];
    struct lfk_check_log *log;
    TRY(add_pair(check, blocks, index));
    for (int i = 0; i < 2; i++) {
        TRY(look(check, blocks.block[i], &sides[i]));
    }
    int newer = newer_of(sides);
    int current = is_valid(&sides[newer]) ? newer : 1 - newer;
    if (!is_valid(&sides[current])) {
        check_lost(check, *index, &sides[newer]);
        return LFK_OK;
    }
    struct lfk_check_pair *pair = &check->pairs[*index];
    pair->pair = (struct lfk_pair){{sides[current].block, sides[1 - current].block}};
    pair->log = sides[current].log;
    pair->readable = true;
    if (sides[0].block != sides[1].block) {
        check_other(check, *index, &sides[current], &sides[1 - current], current != newer);
    }
    TRY(lfk_check_log(check, sides[current].block, &log));
    if (log->taken) {
        return LFK_OK; /* by another pair, and its entries are that one's */
    }
    log->taken = true;
    return read_current(check, *index, &sides[current]);
}

void lfk_check_twins(struct lfk_check *check)
{
    for (uint32_t i = 0; i < check->pair_count; i++) {
        const struct lfk_check_pair *pair = &check->pairs[i];
        if (pair->twin.is_wrong && pair->whole && !pair->stale) {
            lfk_check_tell(check, pair->twin.finding, lfk_about_pair(i), pair->twin.place);
        }
    }
}

uint32_t lfk_check_find_related(const struct lfk_check *check, struct lfk_pair blocks)
{
    for (int i = 0; i < 2; i++) {
        uint32_t block = blocks.block[i];
        if (block < check->bd->block_count && check->pair_of[block] != LFK_CHECK_NONE) {
            return check->pair_of[block];
        }
    }
    return LFK_CHECK_NONE;
}

uint32_t lfk_check_find_pair(const struct lfk_check *check, struct lfk_pair blocks)
{
    for (int i = 0; i < 2; i++) {
        uint32_t block = blocks.block[i];
        uint32_t pair = block < check->bd->block_count ? check->pair_of[block] : LFK_CHECK_NONE;
        if (pair != LFK_CHECK_NONE && lfk_pair_same(check->pairs[pair].pair, blocks)) {
            return pair;
        }
    }
    return LFK_CHECK_NONE;
}
