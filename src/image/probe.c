/* SPDX-License-Identifier: MIT */
/*
 * Finds the block size of a littlefs in its superblock. Block 0 starts where
 * the device does, so its log can be read before the size is known: a limit
 * that is too generous lets the scan run on into what follows the block, and
 * no commit there has a matching CRC. Block 1 starts one block size in: each
 * place that carries the magic is tried, and counts if the size it states is its place.
 *
 *   0        4          8           16
 *   revision NAME tag   "littlefs"  ...        the first 16 bytes of either block
 */
#include "disk/disk.h"
#include "image/image.h"

#include <string.h>

/* How far the logs are read, and the largest size at which block 1 is looked for. */
#define PROBE_LIMIT (UINT32_C(1) << 20)
#define HEAD_SIZE 16u
#define NAME_TAG_OFFSET 4u
#define MAGIC_OFFSET 8u
/* Places of block 1 that are scanned; only a hostile image has as many. */
#define TRIES_MAX 64u

struct probe {
    struct lfk_bd *bd;
    const struct lfk_allocator *allocator;
    struct lfk_detail *detail;
    uint32_t tries; /* places that carry the magic */
};

/* True if a block starts as both blocks of the root pair do in every littlefs. */
static bool has_magic(const struct probe *probe, uint32_t block)
{
    uint8_t head[HEAD_SIZE];
    lfk_tag tag = lfk_tag_make(LFK_TYPE_SUPERBLOCK, 0, LFK_MAGIC_SIZE);
    if (probe->bd->block_size < HEAD_SIZE ||
        lfk_bd_read(probe->bd, block, 0, head, HEAD_SIZE, NULL) < 0) {
        return false;
    }
    return (lfk_get_be32(head + NAME_TAG_OFFSET) ^ LFK_TAG_FIRST) == tag &&
           memcmp(head + MAGIC_OFFSET, LFK_MAGIC, LFK_MAGIC_SIZE) == 0;
}

static int no_superblock(const struct probe *probe, uint32_t block, const struct lfk_log *log)
{
    static const char what[] = "the root pair has no valid superblock";
    if (log->stop == LFK_STOP_CRC) {
        return lfk_fail_at(probe->detail, LFK_ERR_CORRUPT, "the CRC of the superblock is wrong",
                           block, log->stop_offset, log->crc_expected, log->crc_found);
    }
    return lfk_fail_block(probe->detail, LFK_ERR_CORRUPT, what, block);
}

/* The block size in a block's superblock; LFK_ERR_CORRUPT if it has none. */
static int read_block_size(const struct probe *probe, uint32_t block, uint32_t *block_size)
{
    struct lfk_bd *bd = probe->bd;
    const void *bytes = lfk_bd_map(bd, block);
    void *copy = NULL;
    struct lfk_log log;
    struct lfk_superblock superblock;
    int result = LFK_OK;

    if (bytes == NULL) {
        bytes = copy = lfk_alloc(probe->allocator, bd->block_size);
        if (copy == NULL) {
            return lfk_fail_nomem(probe->detail);
        }
        result = lfk_bd_read(bd, block, 0, copy, bd->block_size, probe->detail);
    }
    if (result == LFK_OK) {
        (void)lfk_log_scan(&log, bytes, bd->block_size);
        if (lfk_superblock_find(&log, &superblock)) {
            *block_size = superblock.block_size;
        } else {
            result = no_superblock(probe, block, &log);
        }
    }
    lfk_free(probe->allocator, copy);
    return result;
}

/* Shapes the device to `block_size` if the block then states just that size. */
static int confirm(struct probe *probe, uint32_t block, uint32_t block_size)
{
    uint32_t stated = 0;
    if (block_size < LFK_BLOCK_SIZE_MIN || block_size > LFK_BLOCK_SIZE_MAX) {
        return lfk_fail_field(probe->detail, LFK_ERR_CORRUPT,
                              "the superblock states an impossible block size", "block_size",
                              LFK_BLOCK_SIZE_MIN, block_size);
    }
    /* Keeps what is allocated for a block cut short within the size of the image. */
    if (block_size > PROBE_LIMIT && block_size > probe->bd->size) {
        return lfk_fail_field(probe->detail, LFK_ERR_CORRUPT, "the image is shorter than one block",
                              "block_size", block_size, probe->bd->size);
    }
    TRY(lfk_bd_shape(probe->bd, block_size, probe->detail));
    TRY(read_block_size(probe, block, &stated));
    if (stated != block_size) {
        return lfk_fail_field(probe->detail, LFK_ERR_CORRUPT,
                              "the superblock states another block size than its place",
                              "block_size", block_size, stated);
    }
    return LFK_OK;
}

static int probe_first(struct probe *probe)
{
    uint64_t size = probe->bd->size;
    uint32_t block_size = 0;
    TRY(lfk_bd_shape(probe->bd, size < PROBE_LIMIT ? (uint32_t)size : PROBE_LIMIT, probe->detail));
    if (!has_magic(probe, 0)) {
        return LFK_ERR_NOENT;
    }
    probe->tries++;
    TRY(read_block_size(probe, 0, &block_size));
    return confirm(probe, 0, block_size);
}

static int probe_second(struct probe *probe)
{
    int result = LFK_ERR_NOENT;
    for (uint32_t size = LFK_BLOCK_SIZE_MIN; size <= PROBE_LIMIT && size < probe->bd->size;
         size++) {
        if (lfk_bd_shape(probe->bd, size, NULL) < 0 || !has_magic(probe, 1)) {
            continue;
        }
        result = confirm(probe, 1, size);
        if (result != LFK_ERR_CORRUPT || ++probe->tries > TRIES_MAX) {
            return result;
        }
    }
    return result;
}

/* Records the failure that tells the most. */
static int choose(const struct lfk_detail *failure, struct lfk_detail *detail)
{
    if (detail != NULL) {
        *detail = *failure;
    }
    return failure->status;
}

int lfk_image_probe(struct lfk_bd *bd, const struct lfk_allocator *allocator,
                    struct lfk_detail *detail)
{
    struct lfk_detail of_first = {0};
    struct lfk_detail of_second = {0};
    struct probe probe = {.bd = bd, .allocator = allocator, .detail = &of_first};
    int first = bd->size > 0 ? probe_first(&probe) : LFK_ERR_NOENT;
    if (first == LFK_OK) {
        return LFK_OK;
    }
    if (first != LFK_ERR_NOENT && first != LFK_ERR_CORRUPT) {
        return choose(&of_first, detail);
    }
    probe.detail = &of_second;
    int second = probe_second(&probe);
    if (first == LFK_ERR_CORRUPT && (second == LFK_ERR_NOENT || second == LFK_ERR_CORRUPT)) {
        return choose(&of_first, detail);
    }
    if (second == LFK_ERR_NOENT) {
        return lfk_fail(detail, LFK_ERR_NOENT, "nothing looks like a superblock");
    }
    return second < 0 ? choose(&of_second, detail) : second;
}
