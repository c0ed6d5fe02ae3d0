/* SPDX-License-Identifier: MIT */
/*
 * The tags of a log, each by itself and in its order: whether it has a form that
 * drivers write, and whether there is an entry of its id at that point, which has
 * a name once. What the entries are in the end is left to unwind.c.
 */
#include "checker.h"

#include <string.h>

#define FCRC_SIZE 8u
#define COMMIT_END_SIZE 20u /* FCRC entry 12, CRC entry 8 */
#define CRC_SIZE 4u
#define ERASED 0xff

/* The log being gone through. */
struct collecting {
    struct lfk_check *check;
    uint32_t pair;
    uint32_t count;          /* entries so far */
    bool possible;           /* all ids were */
    struct lfk_record ahead; /* the FCRC of the commit at hand; no size: there is none */
};

static struct lfk_finding place_of(const struct collecting *c, const struct lfk_record *record)
{
    return lfk_at(c->check->pairs[c->pair].pair.block[0], record->offset - LFK_CHECK_TAG_SIZE);
}

static void tell_at(const struct collecting *c, enum lfk_finding_id id,
                    const struct lfk_record *record)
{
    lfk_check_tell(c->check, id, lfk_about_pair(c->pair), place_of(c, record));
}

static void tell(const struct collecting *c, enum lfk_finding_id id,
                 const struct lfk_record *record, uint32_t expected, uint32_t found)
{
    lfk_check_tell(c->check, id, lfk_about_pair(c->pair),
                   lfk_with(place_of(c, record), expected, found));
}

/* A tag that is not about an entry, and has so many bytes of data. */
static void check_form(const struct collecting *c, const struct lfk_record *record, uint32_t size)
{
    if (lfk_tag_length(record->tag) != size) {
        tell(c, LFK_FINDING_TAG_FORM, record, size, lfk_tag_length(record->tag));
    } else if (lfk_tag_id(record->tag) != LFK_ID_NONE) {
        tell(c, LFK_FINDING_TAG_FORM, record, LFK_ID_NONE, lfk_tag_id(record->tag));
    }
}

/* False, after telling so, if the id of a tag is none of those up to `end`. */
static bool check_id(struct collecting *c, const struct lfk_record *record, uint32_t end)
{
    uint32_t id = lfk_tag_id(record->tag);
    if (id >= end) {
        tell(c, LFK_FINDING_TAG_ID, record, end, id);
        c->possible = false;
    }
    return id < end;
}

static void take_name(struct collecting *c, const struct lfk_record *record)
{
    uint32_t id = lfk_tag_id(record->tag);
    bool *named = c->check->named;
    if (!check_id(c, record, LFK_CHECK_ENTRIES_MAX)) {
        return;
    }
    for (; c->count <= id; c->count++) {
        named[c->count] = false; /* as after a compaction, which writes no CREATE */
    }
    if (named[id]) {
        tell_at(c, LFK_FINDING_NAME_AGAIN, record);
    }
    named[id] = true;
}

static void create(struct collecting *c, const struct lfk_record *record)
{
    uint32_t id = lfk_tag_id(record->tag);
    bool *named = c->check->named;
    if (check_id(c, record, c->count < LFK_CHECK_ENTRIES_MAX ? c->count + 1 : 0)) {
        memmove(named + id + 1, named + id, (c->count - id) * sizeof(*named));
        named[id] = false;
        c->count++;
    }
}

static void delete (struct collecting *c, const struct lfk_record *record)
{
    uint32_t id = lfk_tag_id(record->tag);
    bool *named = c->check->named;
    if (check_id(c, record, c->count)) {
        memmove(named + id, named + id + 1, (c->count - id - 1) * sizeof(*named));
        c->count--;
    }
}

static void take_splice(struct collecting *c, const struct lfk_record *record)
{
    uint32_t type = lfk_tag_type(record->tag);
    if (type == LFK_TYPE_CREATE) {
        create(c, record);
    } else if (type == LFK_TYPE_DELETE) {
        delete (c, record);
    } else {
        tell(c, LFK_FINDING_TAG_FORM, record, LFK_TYPE_CREATE, type);
    }
    if (lfk_tag_length(record->tag) != 0) {
        tell(c, LFK_FINDING_TAG_FORM, record, 0, lfk_tag_length(record->tag));
    }
}

/* Contents or an attribute of an entry, which has its name by then. */
static void take_property(struct collecting *c, const struct lfk_record *record)
{
    struct lfk_check_pair *pair = &c->check->pairs[c->pair];
    if (check_id(c, record, c->count) && !c->check->named[lfk_tag_id(record->tag)]) {
        tell_at(c, LFK_FINDING_NAME_LATE, record);
    }
    if (lfk_tag_class(record->tag) == LFK_CLASS_ATTRIBUTE && record->size > pair->attribute_size) {
        pair->attribute_size = record->size;
        pair->attribute_offset = record->offset - LFK_CHECK_TAG_SIZE;
    }
}

/* The kind of a tail is its lowest bit, whatever else there is. */
static void take_tail(struct collecting *c, const struct lfk_record *record)
{
    struct lfk_check_pair *pair = &c->check->pairs[c->pair];
    uint32_t type = lfk_tag_type(record->tag);
    check_form(c, record, LFK_CHECK_PAIR_SIZE);
    if (type != LFK_TYPE_SOFT_TAIL && type != LFK_TYPE_HARD_TAIL) {
        tell(c, LFK_FINDING_TAG_FORM, record, LFK_TYPE_SOFT_TAIL, type);
    }
    if (record->size >= LFK_CHECK_PAIR_SIZE) {
        pair->tail = lfk_pair_decode(record->data);
        pair->tail_hard = (type & 1) != 0;
        pair->tail_offset = record->offset - LFK_CHECK_TAG_SIZE;
    }
}

static void take_state(struct collecting *c, const struct lfk_record *record)
{
    if (lfk_tag_type(record->tag) != LFK_TYPE_GSTATE) {
        tell(c, LFK_FINDING_TAG_UNKNOWN, record, LFK_TYPE_GSTATE, lfk_tag_type(record->tag));
        return;
    }
    check_form(c, record, LFK_GSTATE_SIZE);
    if (record->size >= LFK_GSTATE_SIZE) {
        lfk_gstate_decode(&c->check->pairs[c->pair].delta, record->data);
    }
}

static bool is_erased(const struct lfk_record *record, uint32_t from)
{
    for (uint32_t i = from; i < record->size; i++) {
        if (record->data[i] != ERASED) {
            return false;
        }
    }
    return true;
}

/*
 * A commit is padded to where the next can be programmed. An FCRC covers a prog
 * unit of its writer, or a part of one. So a padding that is longer than that
 * may be as it should be, but not if it holds something: it hides commits.
 */
static void check_padding(const struct collecting *c, const struct lfk_record *record)
{
    uint32_t unit = c->ahead.size > 0 ? lfk_get_le32(c->ahead.data) : 0;
    uint32_t start = c->ahead.offset - LFK_CHECK_TAG_SIZE;
    uint32_t end = record->offset + record->size;
    bool is_long = unit > 0 && end - start >= COMMIT_END_SIZE + unit;
    if (unit > 0 && unit <= c->check->bd->block_size &&
        (end % unit != 0 || (is_long && !is_erased(record, CRC_SIZE)))) {
        tell(c, LFK_FINDING_TAG_FORM, record, lfk_align_up(start + COMMIT_END_SIZE, unit), end);
    }
}

static void take_crc(struct collecting *c, const struct lfk_record *record)
{
    uint32_t type = lfk_tag_type(record->tag);
    if (type == LFK_TYPE_FCRC) {
        check_form(c, record, FCRC_SIZE);
        c->ahead = record->size == FCRC_SIZE ? *record : (struct lfk_record){0};
        return;
    }
    if (type > LFK_TYPE_CRC + 1) {
        tell(c, LFK_FINDING_TAG_UNKNOWN, record, LFK_TYPE_CRC, type);
    } else {
        check_form(c, record, lfk_tag_length(record->tag)); /* it is padded to any length */
    }
    if (lfk_tag_is_crc(record->tag)) {
        check_padding(c, record);
        c->ahead = (struct lfk_record){0};
    }
}

static void take(struct collecting *c, const struct lfk_record *record)
{
    switch (lfk_tag_class(record->tag)) {
    case LFK_CLASS_NAME:
        take_name(c, record);
        break;
    case LFK_CLASS_STRUCT:
    case LFK_CLASS_ATTRIBUTE:
        take_property(c, record);
        break;
    case LFK_CLASS_SPLICE:
        take_splice(c, record);
        break;
    case LFK_CLASS_CRC:
        take_crc(c, record);
        break;
    case LFK_CLASS_TAIL:
        take_tail(c, record);
        break;
    case LFK_CLASS_GSTATE:
        take_state(c, record);
        break;
    default:
        tell(c, LFK_FINDING_TAG_UNKNOWN, record, LFK_TYPE_FILE, lfk_tag_type(record->tag));
        break;
    }
}

int lfk_check_collect(struct lfk_check *check, uint32_t pair, uint32_t *count)
{
    struct collecting c = {.check = check, .pair = pair, .possible = true};
    const struct lfk_log log = check->pairs[pair].log;
    struct lfk_log_reader reader;
    struct lfk_record record;
    check->record_count = 0;
    lfk_log_reader_start(&reader, &log);
    while (lfk_log_reader_next(&reader, &record)) {
        /* After an impossible id no other can be judged; what is about the pair still counts. */
        if (!c.possible && lfk_tag_class(record.tag) < LFK_CLASS_CRC) {
            continue;
        }
        if (lfk_grow(check->allocator, (void **)&check->records, &check->record_room,
                     check->record_count + 1, sizeof(check->records[0])) < 0) {
            return lfk_fail_nomem(check->detail);
        }
        check->records[check->record_count++] =
            (struct lfk_check_record){.record = record, .before = c.count};
        take(&c, &record);
    }
    check->pairs[pair].whole = c.possible;
    *count = c.count;
    return LFK_OK;
}
