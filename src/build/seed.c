/* SPDX-License-Identifier: MIT */
/*
 * Where a driver starts to look for free blocks. At mount littlefs folds the
 * CRC of every commit it meets into a number, and starts at that number modulo
 * the block count. A start inside the used blocks costs it one walk over the
 * whole volume for each window of its bitmap until it finds a free one: on a
 * full image hundreds. The revision count of the last pair is ours to choose,
 * and with it the last CRC; so the start is put where the free space begins.
 */
#include "plan.h"

/* Revisions tried; each is a handful of XORs. */
#define TRIES_MAX (UINT32_C(1) << 20)
/* A start in the first sixteenth of the free space is as good as its beginning. */
#define GOOD_PART 16u

uint32_t lfk_build_seed(uint32_t seed, const uint8_t *block, uint32_t block_size)
{
    struct lfk_log log;
    struct lfk_log_reader reader;
    struct lfk_record record;

    lfk_log_scan(&log, block, block_size);
    lfk_log_reader_start(&reader, &log);
    while (lfk_log_reader_next(&reader, &record)) {
        if (lfk_tag_is_crc(record.tag)) {
            seed = lfk_crc32(seed, record.data, 4);
        }
    }
    return seed;
}

/* Offset of the CRC of the first commit: the one that covers the revision. */
static uint32_t first_crc_offset(const uint8_t *block, uint32_t block_size)
{
    struct lfk_log log;
    struct lfk_log_reader reader;
    struct lfk_record record = {0};

    lfk_log_scan(&log, block, block_size);
    lfk_log_reader_start(&reader, &log);
    while (lfk_log_reader_next(&reader, &record) && !lfk_tag_is_crc(record.tag)) {
    }
    return record.offset;
}

void lfk_build_set_revision(uint8_t *block, uint32_t block_size, uint32_t revision)
{
    uint32_t offset = first_crc_offset(block, block_size);
    lfk_put_le32(block, revision);
    lfk_put_le32(block + offset, lfk_crc32(LFK_CRC_INIT, block, offset));
}

/*
 * The final seed as a function of the revision. A CRC is linear: each bit of
 * the revision flips a fixed set of bits of the seed, whatever the other bits
 * are. Padding CRCs after the first do not depend on the revision.
 */
struct seed_map {
    uint32_t base; /* the seed at revision 0 */
    uint32_t flip[32];
};

static uint32_t seed_at(uint8_t *block, uint32_t block_size, uint32_t seed, uint32_t revision)
{
    lfk_build_set_revision(block, block_size, revision);
    return lfk_build_seed(seed, block, block_size);
}

static void map_seed(struct seed_map *map, uint8_t *block, uint32_t block_size, uint32_t seed)
{
    map->base = seed_at(block, block_size, seed, 0);
    for (uint32_t bit = 0; bit < 32; bit++) {
        map->flip[bit] = map->base ^ seed_at(block, block_size, seed, UINT32_C(1) << bit);
    }
}

static uint32_t mapped_seed(const struct seed_map *map, uint32_t revision)
{
    uint32_t seed = map->base;
    for (uint32_t bit = 0; revision >> bit != 0; bit++) {
        if (revision >> bit & 1) {
            seed ^= map->flip[bit];
        }
    }
    return seed;
}

void lfk_build_choose_revision(const struct lfk_build *build, uint32_t seed, uint8_t *block,
                               uint32_t lowest)
{
    const struct lfk_build_report *report = &build->report;
    uint32_t used = report->blocks_used;
    uint32_t count = report->options.block_count;
    uint32_t block_size = report->options.block_size;
    uint32_t best = lowest;
    uint32_t best_start = UINT32_MAX;
    struct seed_map map;

    map_seed(&map, block, block_size, seed);
    for (uint32_t i = 0; i < TRIES_MAX && used < count; i++) {
        uint32_t start = mapped_seed(&map, lowest + i) % count;
        if (start >= used && start < best_start) {
            best = lowest + i;
            best_start = start;
            if (start - used <= (count - used) / GOOD_PART) {
                break;
            }
        }
    }
    lfk_build_set_revision(block, block_size, best);
}
