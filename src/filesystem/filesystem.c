/* SPDX-License-Identifier: MIT */
/*
 * Volumes as wholes: made, mounted, unmounted, described and kept in order.
 */
#include "load/load.h"
#include "opened.h"

#define BLOCKS_UNKNOWN (LFK_BLOCK_NULL - 1) /* the most a device can have */

static struct lfk_fs_writing writing_of(const struct lfk_mount_settings *settings)
{
    const struct lfk_filesystem_options *options = &settings->options;
    return (struct lfk_fs_writing){
        .prog_size = settings->device.prog_size,
        .cache_size = options->cache_size,
        .metadata_max = options->metadata_max,
        .inline_max = options->inline_max,
        .name_max = options->name_max,
        .file_max = options->file_max,
        .attr_max = options->attr_max,
        .block_cycles = options->block_cycles,
        .disk_version = options->disk_version,
    };
}

static int open_device(struct lfk_bd_callback *callback, const struct lfk_mount_settings *settings,
                       struct lfk_detail *detail)
{
    const struct lfk_device *device = &settings->device;
    const struct lfk_filesystem_options *options = &settings->options;
    const struct lfk_bd_calls calls = {
        .context = device->context,
        .read = device->read,
        .prog = options->read_only ? NULL : device->prog,
        .erase = device->erase,
        .sync = device->sync,
        .read_size = device->read_size,
        .prog_size = device->prog_size,
        .cache_size = options->cache_size,
    };
    uint32_t count = device->block_count != 0 ? device->block_count : BLOCKS_UNKNOWN;
    return lfk_bd_callback_open(callback, &calls, device->block_size, count, options->read_buffer,
                                options->allocator, detail);
}

int lfk_filesystem_format(const struct lfk_device *device,
                          const struct lfk_filesystem_options *options, struct lfk_detail *detail)
{
    struct lfk_mount_settings settings;
    struct lfk_bd_callback callback;
    TRY(lfk_mount_settle(&settings, device, options, detail));
    if (settings.device.block_count == 0 || settings.options.read_only) {
        return lfk_fail(detail, LFK_ERR_INVAL,
                        settings.options.read_only ? "the device is to be read only"
                                                   : "the number of blocks is not given");
    }
    if (settings.options.name_max == 0) {
        settings.options.name_max = LFK_NAME_MAX_DEFAULT;
    }
    TRY(open_device(&callback, &settings, detail));
    const struct lfk_fs_writing writing = writing_of(&settings);
    const struct lfk_fs_options fs_options = {.allocator = settings.options.allocator,
                                              .block_count = settings.device.block_count,
                                              .writing = &writing};
    int result = lfk_fs_format(&callback.bd, &fs_options, detail);
    lfk_bd_close(&callback.bd);
    return result;
}

static int mount(struct lfk_filesystem *filesystem, const struct lfk_mount_settings *settings,
                 struct lfk_detail *detail)
{
    TRY(open_device(&filesystem->device, settings, detail));
    filesystem->writing = writing_of(settings);
    const struct lfk_fs_options options = {.allocator = filesystem->allocator,
                                           .block_count = settings->device.block_count,
                                           .writing = &filesystem->writing};
    TRY(lfk_fs_mount(&filesystem->fs, &filesystem->device.bd, &options, detail));
    filesystem->device.bd.block_count = filesystem->fs.superblock.block_count;
    return LFK_OK;
}

int lfk_filesystem_mount(struct lfk_filesystem **filesystem, const struct lfk_device *device,
                         const struct lfk_filesystem_options *options, struct lfk_detail *detail)
{
    struct lfk_mount_settings settings;
    TRY(lfk_mount_settle(&settings, device, options, detail));
    const struct lfk_allocator *allocator = settings.options.allocator;
    struct lfk_filesystem *mounted = lfk_alloc_zeroed(allocator, 1, sizeof(*mounted));
    if (mounted == NULL) {
        return lfk_fail_nomem(detail);
    }
    mounted->allocator = allocator;
    mounted->read_only = settings.options.read_only;
    int result = mount(mounted, &settings, detail);
    if (result < 0) {
        lfk_filesystem_unmount(mounted);
        return result;
    }
    *filesystem = mounted;
    return LFK_OK;
}

void lfk_filesystem_unmount(struct lfk_filesystem *filesystem)
{
    if (filesystem == NULL) {
        return;
    }
    while (filesystem->directories != NULL) {
        lfk_directory_close(filesystem->directories);
    }
    while (filesystem->fs.files != NULL) {
        lfk_file_release((struct lfk_file *)filesystem->fs.files); /* its first member */
    }
    lfk_fs_unmount(&filesystem->fs);
    lfk_bd_close(&filesystem->device.bd);
    lfk_free(filesystem->allocator, filesystem);
}

void lfk_filesystem_info(const struct lfk_filesystem *filesystem, struct lfk_filesystem_info *info)
{
    const struct lfk_fs *fs = &filesystem->fs;
    *info = (struct lfk_filesystem_info){
        .disk_version = fs->superblock.version,
        .block_size = fs->superblock.block_size,
        .block_count = fs->superblock.block_count,
        .name_max = fs->writing.name_max,
        .file_max = fs->writing.file_max,
        .attr_max = fs->writing.attr_max,
        .inline_max = fs->writing.inline_max,
    };
}

uint64_t lfk_filesystem_blocks_used(const struct lfk_filesystem *filesystem)
{
    return lfk_fs_blocks_used(&filesystem->fs);
}

int lfk_filesystem_traverse(struct lfk_filesystem *filesystem,
                            int (*visit)(void *context, uint32_t block), void *context,
                            struct lfk_detail *detail)
{
    return lfk_fs_traverse(&filesystem->fs, visit, context, detail);
}

int lfk_filesystem_make_consistent(struct lfk_filesystem *filesystem, struct lfk_detail *detail)
{
    TRY(lfk_check_writable(filesystem, detail));
    return lfk_fs_make_consistent(&filesystem->fs, detail);
}

int lfk_filesystem_collect_garbage(struct lfk_filesystem *filesystem, uint32_t threshold,
                                   struct lfk_detail *detail)
{
    TRY(lfk_check_writable(filesystem, detail));
    return lfk_fs_collect_garbage(&filesystem->fs, threshold, detail);
}

int lfk_filesystem_resize(struct lfk_filesystem *filesystem, uint32_t block_count,
                          struct lfk_detail *detail)
{
    struct lfk_bd *bd = &filesystem->device.bd;
    uint32_t before = bd->block_count;
    TRY(lfk_check_writable(filesystem, detail));
    bd->block_count = block_count > before ? block_count : before;
    int result = lfk_fs_resize(&filesystem->fs, block_count, detail);
    bd->block_count = result == LFK_OK ? block_count : before;
    return result;
}

int lfk_filesystem_load(struct lfk_filesystem *filesystem, const char *path,
                        const struct lfk_load_options *options, struct lfk_tree **tree,
                        struct lfk_detail *detail)
{
    struct lfk_load_options used;
    TRY(lfk_options_take(&used, sizeof(used), options, detail));
    const struct lfk_load_how how = {
        .allocator = filesystem->allocator,
        .blocks = filesystem->fs.superblock.block_count,
        .shallow = used.shallow,
        .damage = used.damage,
        .damage_context = used.damage_context,
    };
    return lfk_load(&filesystem->fs, path, &how, tree, detail);
}
