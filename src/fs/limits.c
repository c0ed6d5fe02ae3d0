/* SPDX-License-Identifier: MIT */
/*
 * What a volume is written with: the driver's settings, their defaults, and
 * the volume's own limits, of which the lesser holds.
 */
#include "parts.h"

static uint32_t either(uint32_t value, uint32_t fallback)
{
    return value != 0 ? value : fallback;
}

static void fill_defaults(struct lfk_fs_writing *writing, uint32_t block_size)
{
    writing->prog_size = either(writing->prog_size, 1);
    writing->cache_size = either(writing->cache_size, block_size);
    writing->metadata_max = either(writing->metadata_max, block_size);
    writing->name_max = either(writing->name_max, LFK_NAME_MAX);
    writing->file_max = either(writing->file_max, LFK_FILE_MAX);
    writing->attr_max = either(writing->attr_max, LFK_ATTR_MAX);
    writing->disk_version = either(writing->disk_version, LFK_DISK_2_1);
}

int lfk_fs_open_mdirs(struct lfk_fs *fs, struct lfk_detail *detail)
{
    fs->writing = *fs->options.writing;
    fill_defaults(&fs->writing, fs->bd->block_size);
    const struct lfk_mdirs_writing writing = {
        .format = {.block_size = fs->bd->block_size,
                   .prog_size = fs->writing.prog_size,
                   .limit = fs->writing.metadata_max,
                   .disk_version = fs->writing.disk_version},
        .block_cycles = fs->writing.block_cycles,
        .read_max = fs->writing.cache_size,
        .blocks = &fs->blocks,
    };
    return lfk_mdirs_open_writing(&fs->mdirs, &writing, detail);
}

/* A limit of 0 in the superblock is not stated. */
static int adopt(uint32_t *limit, uint32_t stored, const char *field, struct lfk_detail *detail)
{
    if (stored > *limit) {
        return lfk_fail_field(detail, LFK_ERR_INVAL, "the volume's limit is larger", field, *limit,
                              stored);
    }
    *limit = stored != 0 ? stored : *limit;
    return LFK_OK;
}

static void settle_inline(struct lfk_fs_writing *writing)
{
    uint32_t most =
        lfk_min(writing->cache_size, lfk_min(writing->attr_max, writing->metadata_max / 8));
    if (writing->inline_max == UINT32_MAX) {
        writing->inline_max = 0;
    } else {
        writing->inline_max = writing->inline_max != 0 ? lfk_min(writing->inline_max, most) : most;
    }
}

int lfk_fs_adopt_limits(struct lfk_fs *fs, struct lfk_detail *detail)
{
    const struct lfk_superblock *superblock = &fs->superblock;
    struct lfk_fs_writing *writing = &fs->writing;
    if (superblock->version > writing->disk_version) {
        return lfk_fail_field(detail, LFK_ERR_INVAL, "the minor disk version is newer than ours",
                              "version", writing->disk_version & 0xffff,
                              superblock->version & 0xffff);
    }
    if (superblock->block_count > fs->bd->block_count) {
        return lfk_fail_field(detail, LFK_ERR_INVAL, "the device has fewer blocks than the volume",
                              "block_count", superblock->block_count, fs->bd->block_count);
    }
    TRY(adopt(&writing->name_max, superblock->name_max, "name_max", detail));
    TRY(adopt(&writing->file_max, superblock->file_max, "file_max", detail));
    TRY(adopt(&writing->attr_max, superblock->attr_max, "attr_max", detail));
    settle_inline(writing);
    return LFK_OK;
}

int lfk_fs_format(struct lfk_bd *bd, const struct lfk_fs_options *options,
                  struct lfk_detail *detail)
{
    struct lfk_fs fs = {.bd = bd, .options = *options};
    if (options->block_count < 2) {
        return lfk_fail_field(detail, LFK_ERR_NOSPC, "a volume needs two blocks", "block_count", 2,
                              options->block_count);
    }
    lfk_mdirs_open(&fs.mdirs, bd, options->allocator);
    int result = lfk_fs_open_mdirs(&fs, detail);
    if (result == LFK_OK) {
        const struct lfk_superblock superblock = {
            .version = fs.writing.disk_version,
            .block_size = bd->block_size,
            .block_count = options->block_count,
            .name_max = fs.writing.name_max,
            .file_max = fs.writing.file_max,
            .attr_max = fs.writing.attr_max,
        };
        result = lfk_mdirs_format(&fs.mdirs, &superblock, detail);
    }
    lfk_mdirs_close(&fs.mdirs);
    return result;
}
