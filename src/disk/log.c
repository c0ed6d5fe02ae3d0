/* SPDX-License-Identifier: MIT */
/*
 * Reads the log of a metadata block. The scan finds where the last commit with
 * a matching CRC ends; the reader then gives out the entries before that point
 * and nothing else, so what follows in the block, torn or garbage, is never seen.
 *
 *   revision | entry entry .. CRC padding | entry .. CRC padding | anything
 *   0        4                                                   end
 *
 * Every length is checked against the block before a byte it covers is read.
 */
#include "disk/disk.h"

#define REVISION_SIZE 4u
#define TAG_SIZE 4u
#define CRC_SIZE 4u
#define FCRC_SIZE 8u

/* The place of the scan, running ahead of what the log has accepted. */
struct scan {
    const uint8_t *bytes;
    uint32_t start; /* of the commit */
    uint32_t offset;
    lfk_tag chain;
    const uint8_t *fcrc; /* data of an FCRC in this commit, or NULL */
};

static bool stop(struct lfk_log *log, const struct scan *scan, enum lfk_log_stop reason)
{
    /* Between commits nothing is torn; the first commit starts at 0, its tags after the revision.
     */
    uint32_t between = log->end ? log->end : REVISION_SIZE;
    log->stop_offset = scan->offset;
    log->stop = reason != LFK_STOP_CRC && scan->offset != between ? LFK_STOP_TORN : reason;
    return false;
}

/* Ends a commit at a CRC entry of `size` bytes; false if it is not valid. */
static bool accept(struct lfk_log *log, struct scan *scan, lfk_tag tag, uint32_t size)
{
    uint32_t data = scan->offset + TAG_SIZE;
    if (size < CRC_SIZE) {
        return stop(log, scan, LFK_STOP_TORN);
    }
    uint32_t stored = lfk_get_le32(scan->bytes + data);
    uint32_t crc = lfk_crc32(LFK_CRC_INIT, scan->bytes + scan->start, data - scan->start);
    if (stored != crc) {
        log->crc_expected = stored;
        log->crc_found = crc;
        return stop(log, scan, LFK_STOP_CRC);
    }
    scan->offset = scan->start = data + size;
    scan->chain = lfk_tag_chain(tag);
    log->end = scan->offset;
    log->chain = scan->chain;
    log->commits++;
    log->last_crc = crc;
    log->has_fcrc = scan->fcrc != NULL;
    if (scan->fcrc) {
        log->fcrc_size = lfk_get_le32(scan->fcrc);
        log->fcrc = lfk_get_le32(scan->fcrc + 4);
        scan->fcrc = NULL;
    }
    return true;
}

/* Takes one entry; false when the log ends before it. */
static bool step(struct lfk_log *log, struct scan *scan)
{
    if (log->block_size - scan->offset < TAG_SIZE) {
        return stop(log, scan, LFK_STOP_FULL);
    }
    lfk_tag tag = lfk_get_be32(scan->bytes + scan->offset) ^ scan->chain;
    if (tag & LFK_TAG_INVALID) {
        return stop(log, scan, LFK_STOP_INVALID);
    }
    uint32_t size = lfk_tag_data_size(tag);
    if (size > log->block_size - scan->offset - TAG_SIZE) {
        return stop(log, scan, LFK_STOP_TORN);
    }
    if (lfk_tag_is_crc(tag)) {
        return accept(log, scan, tag, size);
    }
    if (lfk_tag_type(tag) == LFK_TYPE_FCRC && size == FCRC_SIZE) {
        scan->fcrc = scan->bytes + scan->offset + TAG_SIZE;
    }
    scan->offset += TAG_SIZE + size;
    scan->chain = tag;
    return true;
}

bool lfk_log_scan(struct lfk_log *log, const void *bytes, uint32_t block_size)
{
    struct scan scan = {
        .bytes = (const uint8_t *)bytes, .offset = REVISION_SIZE, .chain = LFK_TAG_FIRST};
    *log = (struct lfk_log){.bytes = scan.bytes, .block_size = block_size, .chain = LFK_TAG_FIRST};
    if (block_size < REVISION_SIZE) {
        log->stop = LFK_STOP_FULL;
        return false;
    }
    log->revision = lfk_get_le32(bytes);
    while (step(log, &scan)) {
    }
    return log->end != 0;
}

bool lfk_log_is_appendable(const struct lfk_log *log, uint32_t prog_size, uint32_t disk_version)
{
    if (log->end == 0 || log->stop != LFK_STOP_INVALID || log->end % prog_size != 0) {
        return false;
    }
    uint32_t room = log->block_size - log->end;
    if (room < prog_size) {
        return false;
    }
    if (disk_version == LFK_DISK_2_0) {
        return true;
    }
    /* Stricter than upstream: the FCRC must stand in the last commit and cover all we program. */
    return log->has_fcrc && log->fcrc_size >= prog_size && log->fcrc_size <= room &&
           lfk_crc32(LFK_CRC_INIT, log->bytes + log->end, log->fcrc_size) == log->fcrc;
}

void lfk_log_reader_start(struct lfk_log_reader *reader, const struct lfk_log *log)
{
    *reader = (struct lfk_log_reader){.log = log, .offset = REVISION_SIZE, .chain = LFK_TAG_FIRST};
}

bool lfk_log_reader_next(struct lfk_log_reader *reader, struct lfk_record *record)
{
    const struct lfk_log *log = reader->log;
    if (reader->offset >= log->end) {
        return false;
    }
    /* The scan has walked these entries: each lies inside the block and is valid. */
    lfk_tag tag = lfk_get_be32(log->bytes + reader->offset) ^ reader->chain;
    record->tag = tag;
    record->offset = reader->offset + TAG_SIZE;
    record->data = log->bytes + record->offset;
    record->size = lfk_tag_data_size(tag);
    reader->offset = record->offset + record->size;
    reader->chain = lfk_tag_chain(tag);
    return true;
}
