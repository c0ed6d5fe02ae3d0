/* SPDX-License-Identifier: MIT */
/*
 * The input is two metadata blocks of equal size: each is scanned and read
 * entry by entry, then both are folded as a pair.
 */
#include "fuzz.h"
#include "ledger.h"

#include "bd/bd.h"
#include "disk/disk.h"
#include "mdir/mdir.h"

#include <string.h>

#define MEMORY_MAX(size) (((size_t)1 << 18) + 32 * (size))

/* The reader meets what the scan has met, and nothing outside the valid part. */
static void check_records(const struct lfk_log *log)
{
    struct lfk_log_reader reader;
    struct lfk_record record;
    uint32_t commits = 0;
    uint32_t before = 4;
    lfk_log_reader_start(&reader, log);
    while (lfk_log_reader_next(&reader, &record)) {
        EXPECT(record.offset == before + 4 && record.data == log->bytes + record.offset);
        EXPECT(record.size <= LFK_LENGTH_MAX && record.offset + record.size <= log->end);
        before = record.offset + record.size;
        commits += lfk_tag_is_crc(record.tag);
    }
    EXPECT(commits == log->commits);
    EXPECT(log->end == 0 || (before == log->end && reader.chain == log->chain));
}

static void check_appendable(const struct lfk_log *log, uint32_t block_size)
{
    static const uint32_t prog_sizes[] = {1, 8, 16, 100, 4096};
    for (size_t i = 0; i < sizeof(prog_sizes) / sizeof(prog_sizes[0]); i++) {
        uint32_t prog_size = prog_sizes[i];
        bool v2_1 = lfk_log_is_appendable(log, prog_size, LFK_DISK_2_1);
        bool v2_0 = lfk_log_is_appendable(log, prog_size, LFK_DISK_2_0);
        EXPECT(v2_0 || !v2_1);
        EXPECT(!v2_0 || (log->end % prog_size == 0 && log->end + prog_size <= block_size));
    }
}

/* What follows the valid part has no influence on where that ends. */
static void check_end(const struct lfk_log *log, const uint8_t *bytes)
{
    struct lfk_log again;
    uint8_t *copy = malloc(log->end);
    EXPECT(copy != NULL);
    memcpy(copy, bytes, log->end);
    EXPECT(lfk_log_scan(&again, copy, log->end));
    EXPECT(again.end == log->end && again.commits == log->commits && again.chain == log->chain);
    free(copy);
}

static void check_block(const uint8_t *bytes, uint32_t block_size)
{
    struct lfk_log log;
    struct lfk_superblock superblock;
    bool valid = lfk_log_scan(&log, bytes, block_size);
    EXPECT(valid == (log.end > 0) && valid == (log.commits > 0));
    EXPECT(log.end <= block_size && log.stop_offset <= block_size);
    check_records(&log);
    check_appendable(&log, block_size);
    if (valid) {
        check_end(&log, bytes);
    }
    if (lfk_superblock_find(&log, &superblock)) {
        struct lfk_detail detail = {0};
        int status = lfk_superblock_check(&superblock, &detail);
        EXPECT(status == LFK_OK || (status == LFK_ERR_INVAL && detail.field != NULL));
    }
}

static bool is_inside(const struct lfk_log *log, const uint8_t *data, uint32_t size)
{
    return data == NULL ? size == 0
                        : data >= log->bytes && data + size <= log->bytes + log->block_size;
}

static void check_entry(const struct lfk_mdir *mdir, const struct lfk_entry *entry)
{
    uint32_t index;
    EXPECT(is_inside(&mdir->log, entry->name, entry->name_size));
    EXPECT(is_inside(&mdir->log, entry->data, entry->data_size));
    for (const struct lfk_mdir_attribute *a = entry->attributes; a != NULL; a = a->next) {
        EXPECT(is_inside(&mdir->log, a->data, a->size));
        EXPECT(a->next == NULL || a->next->type > a->type);
    }
    if (!lfk_mdir_lookup(mdir, entry->name, entry->name_size, &index)) {
        EXPECT(index <= mdir->count);
    }
}

static void check_pair(const uint8_t *data, uint32_t block_size)
{
    struct ledger ledger;
    struct lfk_bd_memory memory;
    struct lfk_mdirs mdirs;
    struct lfk_detail detail = {0};
    struct lfk_mdir *mdir = NULL;
    struct lfk_mdir *again = NULL;

    ledger_open(&ledger);
    ledger.limit = MEMORY_MAX(2 * (size_t)block_size);
    lfk_bd_memory_open(&memory, data, 2 * (uint64_t)block_size);
    EXPECT(lfk_bd_shape(&memory.bd, block_size, &detail) == LFK_OK);
    lfk_mdirs_open(&mdirs, &memory.bd, &ledger.allocator);
    int status = lfk_mdirs_get(&mdirs, LFK_PAIR_ROOT, &mdir, &detail);
    EXPECT(status == LFK_OK || (status == LFK_ERR_CORRUPT && detail.what != NULL));
    if (status == LFK_OK) {
        for (uint32_t i = 0; i < mdir->count; i++) {
            check_entry(mdir, &mdir->entries[i]);
        }
    }
    EXPECT(lfk_mdirs_get(&mdirs, LFK_PAIR_ROOT, &again, NULL) == status && again == mdir);
    lfk_mdirs_close(&mdirs);
    EXPECT(!ledger.exceeded && ledger.live == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t block_size = (uint32_t)(size / 2);
    check_block(data, (uint32_t)size);
    check_block(data + block_size, block_size);
    if (block_size >= LFK_BLOCK_SIZE_MIN) {
        check_pair(data, block_size);
    }
    return 0;
}
