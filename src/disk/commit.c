/* SPDX-License-Identifier: MIT */
/*
 * Writes a commit into the image of a metadata block: entries, then the FCRC
 * and CRC that end it, at an offset where the next commit can be programmed.
 * Nothing outside the commit is changed, and one that does not fit reports so
 * without a byte beyond the block touched.
 */
#include "disk/disk.h"

#include <string.h>

#define TAG_SIZE 4u
#define CRC_SIZE 4u
#define PADDING 0xff
#define CRC_ENTRY_SIZE 8u   /* tag and CRC, without padding */
#define FCRC_ENTRY_SIZE 12u /* tag, size, CRC */
#define END_SIZE (FCRC_ENTRY_SIZE + CRC_ENTRY_SIZE)

static void put_tag(struct lfk_commit *commit, lfk_tag tag)
{
    lfk_put_be32(commit->block + commit->offset, tag ^ commit->chain);
    commit->offset += TAG_SIZE;
    commit->chain = tag;
}

void lfk_commit_start(struct lfk_commit *commit, const struct lfk_commit_format *format,
                      void *block, uint32_t revision)
{
    *commit = (struct lfk_commit){
        .format = *format, .block = (uint8_t *)block, .offset = 4, .chain = LFK_TAG_FIRST};
    lfk_put_le32(block, revision);
}

void lfk_commit_continue(struct lfk_commit *commit, const struct lfk_commit_format *format,
                         void *block, const struct lfk_log *log)
{
    *commit = (struct lfk_commit){.format = *format,
                                  .block = (uint8_t *)block,
                                  .start = log->end,
                                  .offset = log->end,
                                  .chain = log->chain};
}

void lfk_commit_add(struct lfk_commit *commit, lfk_tag tag, const void *data)
{
    uint32_t size = lfk_tag_data_size(tag);
    uint32_t limit = lfk_min(commit->format.limit, commit->format.block_size);
    if (commit->overflow || limit < commit->offset + TAG_SIZE + size + CRC_ENTRY_SIZE) {
        commit->overflow = true;
        return;
    }
    put_tag(commit, tag & ~LFK_TAG_INVALID);
    if (size > 0) {
        memcpy(commit->block + commit->offset, data, size);
        commit->offset += size;
    }
}

/* The FCRC of what is at `at`: what a reader must find there to append. */
static void put_fcrc(struct lfk_commit *commit, uint32_t at)
{
    const struct lfk_commit_format *format = &commit->format;
    uint32_t size = format->fcrc_size != 0 ? format->fcrc_size : format->prog_size;
    put_tag(commit, lfk_tag_make(LFK_TYPE_FCRC, LFK_ID_NONE, 8));
    lfk_put_le32(commit->block + commit->offset, size);
    lfk_put_le32(commit->block + commit->offset + 4,
                 lfk_crc32(LFK_CRC_INIT, commit->block + at, size));
    commit->offset += 8;
}

/* A CRC entry whose padding reaches `stop`; the next commit starts there. */
static void put_crc(struct lfk_commit *commit, uint32_t stop, uint32_t phase)
{
    uint32_t length = stop - (commit->offset + TAG_SIZE);
    lfk_tag tag = lfk_tag_make(LFK_TYPE_CRC + phase, LFK_ID_NONE, length);
    put_tag(commit, tag);
    commit->crc =
        lfk_crc32(LFK_CRC_INIT, commit->block + commit->start, commit->offset - commit->start);
    lfk_put_le32(commit->block + commit->offset, commit->crc);
    commit->chain = lfk_tag_chain(tag);

    uint32_t padding = commit->offset + CRC_SIZE;
    commit->end = lfk_align_up(padding, commit->format.prog_size);
    memset(commit->block + padding, PADDING, lfk_min(stop, commit->end) - padding);
    commit->offset = commit->start = stop;
}

/* Where the next CRC entry's padding stops: `end`, or as far as a length can reach. */
static uint32_t padding_stop(uint32_t offset, uint32_t end)
{
    uint32_t data = offset + TAG_SIZE;
    uint32_t stop = data + lfk_min(end - data, LFK_LENGTH_MAX);
    /* The last entry must have room for the FCRC before it. */
    return stop < end ? lfk_min(stop, end - END_SIZE) : end;
}

/* The offset after the commit, or 0 if it does not fit. */
static uint32_t end_of(const struct lfk_commit *commit)
{
    const struct lfk_commit_format *format = &commit->format;
    if (commit->overflow || format->block_size - commit->offset < CRC_ENTRY_SIZE) {
        return 0;
    }
    uint32_t end =
        lfk_align_up(lfk_min(commit->offset + END_SIZE, format->block_size), format->prog_size);
    return end <= format->block_size ? end : 0;
}

bool lfk_commit_fits(const struct lfk_commit *commit)
{
    return end_of(commit) != 0;
}

uint32_t lfk_commit_next(const struct lfk_commit *commit)
{
    uint32_t end = end_of(commit);
    return end <= commit->format.block_size - commit->format.prog_size ? end : 0;
}

int lfk_commit_finish(struct lfk_commit *commit)
{
    uint32_t end = end_of(commit);
    if (end == 0) {
        return LFK_ERR_NOSPC;
    }
    bool more = lfk_commit_next(commit) != 0;
    while (commit->offset < end) {
        uint32_t stop = padding_stop(commit->offset, end);
        uint32_t phase = 0;
        if (stop == end && more) {
            /* What is erased there must decode as invalid. */
            phase = commit->block[stop] & 0x80 ? 0 : 1;
            if (commit->format.disk_version >= LFK_DISK_2_1) {
                put_fcrc(commit, stop);
            }
        }
        put_crc(commit, stop, phase);
    }
    return (int)end;
}
