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
 * The scan can begin with the first bytes of a block in memory, and asks for
 * more as the log turns out to go on.
 */
#include "disk/disk.h"

#define REVISION_SIZE 4u
#define TAG_SIZE 4u
#define CRC_SIZE 4u
#define FCRC_SIZE 8u

static bool stop(struct lfk_log_scanner *scan, enum lfk_log_stop reason)
{
    struct lfk_log *log = scan->log;
    /* Between commits nothing is torn; the first commit starts at 0, its tags after the revision.
     */
    uint32_t between = log->end ? log->end : REVISION_SIZE;
    log->stop_offset = scan->offset;
    log->stop = reason != LFK_STOP_CRC && scan->offset != between ? LFK_STOP_TORN : reason;
    return false;
}

/* True if the block is known up to that offset; else that is what is wanted. */
static bool is_known(struct lfk_log_scanner *scan, uint32_t end)
{
    scan->wanted = end > scan->known ? end : 0;
    return scan->wanted == 0;
}

/* Ends a commit at a CRC entry of `size` bytes; false if it is not valid. */
static bool accept(struct lfk_log_scanner *scan, lfk_tag tag, uint32_t size)
{
    struct lfk_log *log = scan->log;
    uint32_t data = scan->offset + TAG_SIZE;
    if (size < CRC_SIZE) {
        return stop(scan, LFK_STOP_TORN);
    }
    if (!is_known(scan, data + CRC_SIZE)) {
        return false;
    }
    uint32_t stored = lfk_get_le32(log->bytes + data);
    uint32_t crc = lfk_crc32(LFK_CRC_INIT, log->bytes + scan->start, data - scan->start);
    if (stored != crc) {
        log->crc_expected = stored;
        log->crc_found = crc;
        return stop(scan, LFK_STOP_CRC);
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

/* Takes one entry; false when the log ends before it, or more has to be known. */
static bool step(struct lfk_log_scanner *scan)
{
    const struct lfk_log *log = scan->log;
    if (log->block_size - scan->offset < TAG_SIZE) {
        return stop(scan, LFK_STOP_FULL);
    }
    if (!is_known(scan, scan->offset + TAG_SIZE)) {
        return false;
    }
    lfk_tag tag = lfk_get_be32(log->bytes + scan->offset) ^ scan->chain;
    if (tag & LFK_TAG_INVALID) {
        return stop(scan, LFK_STOP_INVALID);
    }
    uint32_t size = lfk_tag_data_size(tag);
    if (size > log->block_size - scan->offset - TAG_SIZE) {
        return stop(scan, LFK_STOP_TORN);
    }
    if (lfk_tag_is_crc(tag)) {
        return accept(scan, tag, size);
    }
    if (lfk_tag_type(tag) == LFK_TYPE_FCRC && size == FCRC_SIZE) {
        scan->fcrc = log->bytes + scan->offset + TAG_SIZE; /* known when the CRC behind it is */
    }
    scan->offset += TAG_SIZE + size;
    scan->chain = tag;
    return true;
}

void lfk_log_scanner_start(struct lfk_log_scanner *scanner, struct lfk_log *log, const void *bytes,
                           uint32_t block_size)
{
    *log = (struct lfk_log){
        .bytes = (const uint8_t *)bytes, .block_size = block_size, .chain = LFK_TAG_FIRST};
    *scanner = (struct lfk_log_scanner){
        .log = log, .wanted = REVISION_SIZE, .offset = REVISION_SIZE, .chain = LFK_TAG_FIRST};
}

bool lfk_log_scanner_run(struct lfk_log_scanner *scanner, uint32_t known)
{
    struct lfk_log *log = scanner->log;
    scanner->known = known;
    if (log->block_size < REVISION_SIZE) {
        log->stop = LFK_STOP_FULL;
        return true;
    }
    if (!is_known(scanner, REVISION_SIZE)) {
        return false;
    }
    log->revision = lfk_get_le32(log->bytes);
    while (step(scanner)) {
    }
    return scanner->wanted == 0;
}

bool lfk_log_scan(struct lfk_log *log, const void *bytes, uint32_t block_size)
{
    struct lfk_log_scanner scanner;
    lfk_log_scanner_start(&scanner, log, bytes, block_size);
    (void)lfk_log_scanner_run(&scanner, block_size);
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
