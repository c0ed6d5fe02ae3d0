/* SPDX-License-Identifier: MIT */
/*
 * The superblock entry: id 0 of the root pair, named "littlefs", with the
 * volume's geometry and limits as its inline data.
 *
 *   0        4           8            12        16        20
 *   version | block size | block count | name_max | file_max | attr_max
 */
#include "disk/disk.h"

#include <string.h>

#define MAJOR 2u
#define MINOR_MAX 1u
#define BLOCK_COUNT_MIN 2u /* the root pair */

void lfk_superblock_decode(struct lfk_superblock *superblock, const void *bytes, uint32_t size)
{
    uint8_t whole[LFK_SUPERBLOCK_SIZE] = {0};
    if (size > 0) { /* of an entry without content there are no bytes */
        memcpy(whole, bytes, lfk_min(size, LFK_SUPERBLOCK_SIZE));
    }
    superblock->version = lfk_get_le32(whole);
    superblock->block_size = lfk_get_le32(whole + 4);
    superblock->block_count = lfk_get_le32(whole + 8);
    superblock->name_max = lfk_get_le32(whole + 12);
    superblock->file_max = lfk_get_le32(whole + 16);
    superblock->attr_max = lfk_get_le32(whole + 20);
}

void lfk_superblock_encode(const struct lfk_superblock *superblock,
                           uint8_t bytes[LFK_SUPERBLOCK_SIZE])
{
    lfk_put_le32(bytes, superblock->version);
    lfk_put_le32(bytes + 4, superblock->block_size);
    lfk_put_le32(bytes + 8, superblock->block_count);
    lfk_put_le32(bytes + 12, superblock->name_max);
    lfk_put_le32(bytes + 16, superblock->file_max);
    lfk_put_le32(bytes + 20, superblock->attr_max);
}

static int check_at_most(uint32_t value, uint32_t ceiling, const char *what, const char *field,
                         struct lfk_detail *detail)
{
    return value <= ceiling ? LFK_OK
                            : lfk_fail_field(detail, LFK_ERR_INVAL, what, field, ceiling, value);
}

static int check_at_least(uint32_t value, uint32_t floor, const char *what, const char *field,
                          struct lfk_detail *detail)
{
    return value >= floor ? LFK_OK
                          : lfk_fail_field(detail, LFK_ERR_INVAL, what, field, floor, value);
}

int lfk_superblock_check(const struct lfk_superblock *superblock, struct lfk_detail *detail)
{
    uint32_t major = superblock->version >> 16;
    if (major != MAJOR) {
        return lfk_fail_field(detail, LFK_ERR_INVAL, "the major disk version is not known",
                              "version", MAJOR, major);
    }
    TRY(check_at_most(superblock->version & 0xffff, MINOR_MAX,
                      "the minor disk version is newer than the newest known", "version", detail));
    TRY(check_at_least(superblock->block_size, LFK_BLOCK_SIZE_MIN,
                       "the block size is below the least possible", "block_size", detail));
    TRY(check_at_most(superblock->block_size, LFK_BLOCK_SIZE_MAX,
                      "the block size is above the largest supported", "block_size", detail));
    TRY(check_at_least(superblock->block_count, BLOCK_COUNT_MIN,
                       "the block count is below the least possible", "block_count", detail));
    TRY(check_at_most(superblock->name_max, LFK_NAME_MAX, "the name limit is above its ceiling",
                      "name_max", detail));
    TRY(check_at_most(superblock->file_max, LFK_FILE_MAX,
                      "the file size limit is above its ceiling", "file_max", detail));
    return check_at_most(superblock->attr_max, LFK_ATTR_MAX,
                         "the attribute limit is above its ceiling", "attr_max", detail);
}

bool lfk_superblock_find(const struct lfk_log *log, struct lfk_superblock *superblock)
{
    struct lfk_log_reader reader;
    struct lfk_record record;
    struct lfk_record data = {0};
    bool named = false;
    lfk_log_reader_start(&reader, log);
    while (lfk_log_reader_next(&reader, &record)) {
        if (lfk_tag_id(record.tag) != 0) {
            continue;
        }
        switch (lfk_tag_class(record.tag)) {
        case LFK_CLASS_NAME:
            named = lfk_tag_type(record.tag) == LFK_TYPE_SUPERBLOCK &&
                    record.size == LFK_MAGIC_SIZE &&
                    memcmp(record.data, LFK_MAGIC, LFK_MAGIC_SIZE) == 0;
            break;
        case LFK_CLASS_STRUCT:
            data = record;
            break;
        case LFK_CLASS_SPLICE:
            /* Another entry takes the place of id 0. */
            named = false;
            data = (struct lfk_record){0};
            break;
        default:
            break;
        }
    }
    if (!named || lfk_tag_type(data.tag) != LFK_TYPE_INLINE_STRUCT) {
        return false;
    }
    lfk_superblock_decode(superblock, data.data, data.size);
    return true;
}
