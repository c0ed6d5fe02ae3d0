/* SPDX-License-Identifier: MIT */
/*
 * The options of a build: their defaults, and littlefs's rules
 * for them. What leaves here satisfies all of them.
 */
#include "plan.h"

#define BLOCK_SIZE_DEFAULT 4096u
/* The largest page of common NOR flash: a log that ends on it can be continued by any of them. */
#define PROG_SIZE_DEFAULT 256u
/*
 * What an FCRC covers when nobody has said what the device programs. A driver
 * reads it whenever it reads the pair, so it is no more than the first bytes
 * that any program would change.
 */
#define FCRC_SIZE_DEFAULT 16u
/* The cache of ESP-IDF's driver; inline files no larger than this are safe there. */
#define CACHE_SIZE_DEFAULT 512u
#define METADATA_MAX_MIN LFK_BLOCK_SIZE_MIN
#define INLINE_NONE UINT32_MAX

static int check_range(struct lfk_detail *detail, const char *field, uint32_t value, uint32_t low,
                       uint32_t high)
{
    if (value < low) {
        return lfk_fail_field(detail, LFK_ERR_INVAL, "is below the least possible", field, low,
                              value);
    }
    if (value > high) {
        return lfk_fail_field(detail, LFK_ERR_INVAL, "is above the most possible", field, high,
                              value);
    }
    return LFK_OK;
}

static int check_multiple(struct lfk_detail *detail, const char *what, const char *field,
                          uint32_t value, uint32_t unit)
{
    if (value % unit != 0) {
        return lfk_fail_field(detail, LFK_ERR_INVAL, what, field, unit, value);
    }
    return LFK_OK;
}

static uint32_t default_prog_size(const struct lfk_build_options *o)
{
    uint32_t size = PROG_SIZE_DEFAULT;
    while (size > 1 && (size > o->block_size / 16 || o->block_size % size != 0 ||
                        o->cache_size % size != 0 || o->metadata_max % size != 0)) {
        size /= 2;
    }
    return size;
}

/* The largest divisor of the block that suits both units and is not above the usual cache. */
static uint32_t default_cache_size(const struct lfk_build_options *o)
{
    uint32_t unit = o->prog_size > o->read_size ? o->prog_size : o->read_size;
    uint32_t high = unit > CACHE_SIZE_DEFAULT ? unit : CACHE_SIZE_DEFAULT;
    for (uint32_t size = high / unit * unit; size > 0; size -= unit) {
        if (o->block_size % size == 0 && size % o->prog_size == 0 && size % o->read_size == 0) {
            return size;
        }
    }
    return unit; /* refused by check_device */
}

static void fill_defaults(struct lfk_build_options *o)
{
    if (o->block_size == 0) {
        o->block_size = BLOCK_SIZE_DEFAULT;
    }
    if (o->metadata_max == 0) {
        o->metadata_max = o->block_size;
    }
    if (o->prog_size == 0) {
        o->prog_size = default_prog_size(o);
    }
    if (o->read_size == 0) {
        o->read_size = o->prog_size;
    }
    if (o->cache_size == 0) {
        o->cache_size = default_cache_size(o);
    }
    if (o->name_max == 0) {
        o->name_max = LFK_NAME_MAX_DEFAULT;
    }
    if (o->file_max == 0) {
        o->file_max = LFK_FILE_MAX;
    }
    if (o->attr_max == 0) {
        o->attr_max = LFK_ATTR_MAX;
    }
    if (o->disk_version == 0) {
        o->disk_version = LFK_DISK_VERSION_2_1;
    }
    if (o->fill_percent == 0) {
        o->fill_percent = 100;
    }
}

static int check_device(const struct lfk_build_options *o, struct lfk_detail *detail)
{
    TRY(check_range(detail, "block_size", o->block_size, LFK_BLOCK_SIZE_MIN, LFK_BLOCK_SIZE_MAX));
    /* The read size follows the prog size, so that is to blame first. */
    TRY(check_multiple(detail, "must be a multiple of the prog size", "cache_size", o->cache_size,
                       o->prog_size));
    TRY(check_multiple(detail, "must be a multiple of the read size", "cache_size", o->cache_size,
                       o->read_size));
    TRY(check_multiple(detail, "must be a multiple of the cache size", "block_size", o->block_size,
                       o->cache_size));
    TRY(check_range(detail, "metadata_max", o->metadata_max, METADATA_MAX_MIN, o->block_size));
    TRY(check_multiple(detail, "must be a multiple of the prog size", "metadata_max",
                       o->metadata_max, o->prog_size));
    TRY(check_multiple(detail, "must be a multiple of the read size", "metadata_max",
                       o->metadata_max, o->read_size));
    return check_multiple(detail, "must be a multiple of the metadata limit", "block_size",
                          o->block_size, o->metadata_max);
}

static int check_limits(const struct lfk_build_options *o, struct lfk_detail *detail)
{
    TRY(check_range(detail, "name_max", o->name_max, 1, LFK_NAME_MAX));
    TRY(check_range(detail, "file_max", o->file_max, 1, LFK_FILE_MAX));
    TRY(check_range(detail, "attr_max", o->attr_max, 1, LFK_ATTR_MAX));
    TRY(check_range(detail, "fill_percent", o->fill_percent, 1, 100));
    TRY(check_range(detail, "free_percent", o->free_percent, 0, 99));
    if (o->block_count != 0) {
        TRY(check_range(detail, "block_count", o->block_count, 2, LFK_BLOCK_NULL - 1));
    }
    if (o->disk_version != LFK_DISK_VERSION_2_0 && o->disk_version != LFK_DISK_VERSION_2_1) {
        return lfk_fail_field(detail, LFK_ERR_INVAL, "is not known", "disk_version",
                              LFK_DISK_VERSION_2_1, o->disk_version);
    }
    return LFK_OK;
}

/* A device reads an inline file through its cache: a larger one it could not rewrite. */
static int settle_inline(struct lfk_build_options *o, struct lfk_detail *detail)
{
    uint32_t most = lfk_min(o->cache_size, lfk_min(o->attr_max, o->metadata_max / 8));
    if (o->inline_max == INLINE_NONE) {
        return LFK_OK;
    }
    if (o->inline_max == 0) {
        o->inline_max = most;
    }
    return check_range(detail, "inline_max", o->inline_max, 1, most);
}

int lfk_build_settle(struct lfk_build_options *options, uint32_t *fcrc_size,
                     struct lfk_detail *detail)
{
    bool unit_is_known = options->prog_size != 0;
    fill_defaults(options);
    *fcrc_size =
        unit_is_known ? options->prog_size : lfk_min(FCRC_SIZE_DEFAULT, options->prog_size);
    TRY(check_device(options, detail));
    TRY(check_limits(options, detail));
    return settle_inline(options, detail);
}
