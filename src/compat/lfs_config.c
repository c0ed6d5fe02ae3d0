/* SPDX-License-Identifier: MIT */
/*
 * The configuration: checked by littlefs's rules, and put in lfskit's terms.
 */
#include "lfs_compat.h"

#define THRESHOLD_NONE UINT32_MAX

/* --- the device -------------------------------------------------------------------- */

static int call_read(void *context, uint32_t block, uint32_t offset, void *buffer, uint32_t size,
                     struct lfk_detail *detail)
{
    const struct lfs_config *config = (const struct lfs_config *)context;
    (void)detail;
    return config->read(config, block, offset, buffer, size);
}

#ifndef LFS_READONLY
static int call_prog(void *context, uint32_t block, uint32_t offset, const void *buffer,
                     uint32_t size, struct lfk_detail *detail)
{
    const struct lfs_config *config = (const struct lfs_config *)context;
    (void)detail;
    return config->prog(config, block, offset, buffer, size);
}

static int call_erase(void *context, uint32_t block, struct lfk_detail *detail)
{
    const struct lfs_config *config = (const struct lfs_config *)context;
    (void)detail;
    return config->erase(config, block);
}

static int call_sync(void *context, struct lfk_detail *detail)
{
    const struct lfs_config *config = (const struct lfs_config *)context;
    (void)detail;
    return config->sync(config);
}
#endif

static void set_device(const struct lfs_config *config, struct lfk_device *device)
{
    device->size = sizeof(*device);
    device->context = (void *)(uintptr_t)config; /* it is given back as const */
    device->read = call_read;
#ifndef LFS_READONLY
    device->prog = call_prog;
    device->erase = call_erase;
    device->sync = call_sync;
#endif
    device->read_size = config->read_size;
    device->prog_size = config->prog_size;
    device->block_size = config->block_size;
    device->block_count = config->block_count;
}

/* --- the rules ------------------------------------------------------------------------ */

static lfs_size_t either(lfs_size_t value, lfs_size_t fallback)
{
    return value != 0 ? value : fallback;
}

static bool has_functions(const struct lfs_config *config)
{
    bool complete = config->read != NULL;
#ifndef LFS_READONLY
    complete = complete && config->prog != NULL && config->erase != NULL && config->sync != NULL;
#endif
#ifdef LFS_THREADSAFE
    complete = complete && config->lock != NULL && config->unlock != NULL;
#endif
    return complete;
}

/* What lfskit takes for a default, or has no notion of. */
static bool has_numbers(const struct lfs_config *config)
{
    bool threshold = config->compact_thresh == 0 || config->compact_thresh == THRESHOLD_NONE ||
                     (config->compact_thresh >= config->block_size / 2 &&
                      config->compact_thresh <= config->block_size);
    bool sizes = config->read_size != 0 && config->prog_size != 0 && config->cache_size != 0 &&
                 config->lookahead_size != 0;
    bool limits = config->name_max <= LFS_NAME_MAX && config->file_max <= LFS_FILE_MAX &&
                  config->attr_max <= LFS_ATTR_MAX;
    return threshold && sizes && limits && config->block_cycles != 0;
}

static bool has_buffers(const struct lfs_config *config)
{
#ifdef LFS_NO_MALLOC
    return config->read_buffer != NULL && config->prog_buffer != NULL &&
           config->lookahead_buffer != NULL;
#else
    (void)config;
    return true;
#endif
}

static void set_options(const struct lfs_config *config, struct lfk_filesystem_options *options)
{
    options->size = sizeof(*options);
#ifdef LFS_READONLY
    options->read_only = true;
#endif
    options->block_cycles = config->block_cycles;
    options->cache_size = config->cache_size;
    options->read_buffer = config->read_buffer;
    options->metadata_max = config->metadata_max;
    options->inline_max = config->inline_max;
    options->name_max = either(config->name_max, LFS_NAME_MAX);
    options->file_max = either(config->file_max, LFS_FILE_MAX);
    options->attr_max = either(config->attr_max, LFS_ATTR_MAX);
#ifdef LFS_MULTIVERSION
    options->disk_version = config->disk_version;
#endif
}

int lfs_compat_setup(const struct lfs_config *config, struct lfs_compat_setup *setup,
                     struct lfk_detail *detail)
{
    memset(setup, 0, sizeof(*setup));
    if (!has_functions(config)) {
        detail->what = "a function of the configuration is missing";
        return LFS_ERR_INVAL;
    }
    if (!has_numbers(config)) {
        detail->what = "a number of the configuration is out of its range";
        return LFS_ERR_INVAL;
    }
    set_device(config, &setup->device);
    set_options(config, &setup->options);
    int result = lfk_device_check(&setup->device, &setup->options, detail);
    if (result == 0 && !has_buffers(config)) {
        detail->what = "with LFS_NO_MALLOC the buffers have to be given";
        return LFS_ERR_NOMEM;
    }
    return result;
}
