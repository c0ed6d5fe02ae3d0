/* SPDX-License-Identifier: MIT */
/*
 * Device and options of a mount: their defaults, and littlefs's rules for
 * them. What leaves here satisfies all of them.
 */
#include "opened.h"

/* Of common drivers: files no larger are inline safely there, see cache_size. */
#define CACHE_SIZE_DEFAULT 512u

static int refuse(const char *what, const char *field, uint32_t expected, uint32_t found,
                  struct lfk_detail *detail)
{
    return lfk_fail_field(detail, LFK_ERR_INVAL, what, field, expected, found);
}

static int check_at_most(const char *field, uint32_t value, uint32_t most,
                         struct lfk_detail *detail)
{
    return value <= most ? LFK_OK : refuse("is too large", field, most, value, detail);
}

static int check_multiple(const char *what, const char *field, uint32_t value, uint32_t unit,
                          struct lfk_detail *detail)
{
    return value % unit == 0 ? LFK_OK : refuse(what, field, unit, value, detail);
}

/* The largest divisor of the block that suits both units and is not above the usual cache. */
static uint32_t default_cache_size(const struct lfk_device *device)
{
    uint32_t size = CACHE_SIZE_DEFAULT;
    while (size > 0 && (device->block_size % size != 0 || size % device->read_size != 0 ||
                        size % device->prog_size != 0)) {
        size--;
    }
    return size > 0 ? size : device->block_size;
}

static void fill_defaults(struct lfk_mount_settings *s)
{
    s->device.read_size = s->device.read_size != 0 ? s->device.read_size : 1;
    s->device.prog_size = s->device.prog_size != 0 ? s->device.prog_size : 1;
    if (s->options.cache_size == 0) {
        s->options.cache_size = default_cache_size(&s->device);
    }
    if (s->options.metadata_max == 0) {
        s->options.metadata_max = s->device.block_size;
    }
}

static int check_functions(const struct lfk_mount_settings *s, struct lfk_detail *detail)
{
    const struct lfk_device *device = &s->device;
    bool changes = device->prog != NULL && device->erase != NULL && device->sync != NULL;
    if (device->read == NULL) {
        return lfk_fail(detail, LFK_ERR_INVAL, "the device has no function to read");
    }
    if (!changes && !s->options.read_only) {
        return lfk_fail(detail, LFK_ERR_INVAL, "the device has no functions to program or erase");
    }
    return LFK_OK;
}

static int check_geometry(const struct lfk_mount_settings *s, struct lfk_detail *detail)
{
    const struct lfk_device *device = &s->device;
    uint32_t cache = s->options.cache_size;
    uint32_t metadata = s->options.metadata_max;
    TRY(check_multiple("must be a multiple of the read size", "cache_size", cache,
                       device->read_size, detail));
    TRY(check_multiple("must be a multiple of the prog size", "cache_size", cache,
                       device->prog_size, detail));
    TRY(check_multiple("must be a multiple of the cache size", "block_size", device->block_size,
                       cache, detail));
    TRY(check_multiple("must be a multiple of the read size", "metadata_max", metadata,
                       device->read_size, detail));
    TRY(check_multiple("must be a multiple of the prog size", "metadata_max", metadata,
                       device->prog_size, detail));
    return check_multiple("must be a multiple of the metadata limit", "block_size",
                          device->block_size, metadata, detail);
}

static int check_limits(const struct lfk_filesystem_options *o, struct lfk_detail *detail)
{
    uint32_t attr_max = o->attr_max != 0 ? o->attr_max : LFK_ATTR_MAX;
    uint32_t inline_most = lfk_min(o->cache_size, lfk_min(attr_max, o->metadata_max / 8));
    TRY(check_at_most("name_max", o->name_max, LFK_NAME_MAX, detail));
    TRY(check_at_most("file_max", o->file_max, LFK_FILE_MAX, detail));
    TRY(check_at_most("attr_max", o->attr_max, LFK_ATTR_MAX, detail));
    if (o->inline_max != UINT32_MAX) {
        TRY(check_at_most("inline_max", o->inline_max, inline_most, detail));
    }
    if (o->disk_version != 0 && o->disk_version != LFK_DISK_VERSION_2_0 &&
        o->disk_version != LFK_DISK_VERSION_2_1) {
        return refuse("is not known", "disk_version", LFK_DISK_VERSION_2_1, o->disk_version,
                      detail);
    }
    return LFK_OK;
}

int lfk_mount_settle(struct lfk_mount_settings *settled, const struct lfk_device *device,
                     const struct lfk_filesystem_options *options, struct lfk_detail *detail)
{
    TRY(lfk_options_take(&settled->device, sizeof(*device), device, detail));
    TRY(lfk_options_take(&settled->options, sizeof(*options), options, detail));
    if (settled->device.block_size < LFK_BLOCK_SIZE_MIN) {
        return refuse("is too small", "block_size", LFK_BLOCK_SIZE_MIN, settled->device.block_size,
                      detail);
    }
    TRY(check_at_most("block_size", settled->device.block_size, LFK_BLOCK_SIZE_MAX, detail));
    TRY(check_at_most("block_count", settled->device.block_count, LFK_BLOCK_NULL - 1, detail));
    fill_defaults(settled);
    TRY(check_functions(settled, detail));
    TRY(check_geometry(settled, detail));
    return check_limits(&settled->options, detail);
}

int lfk_device_check(const struct lfk_device *device, const struct lfk_filesystem_options *options,
                     struct lfk_detail *detail)
{
    struct lfk_mount_settings settled;
    return lfk_mount_settle(&settled, device, options, detail);
}
