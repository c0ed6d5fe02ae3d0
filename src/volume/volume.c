/* SPDX-License-Identifier: MIT */
/*
 * A littlefs volume opened for reading: image, filesystem and the caller's
 * conditions put together. A handle is given out only when all three agree.
 */
#include "lfskit/volume.h"

#include "fs/fs.h"
#include "image/image.h"
#include "load/load.h"

struct lfk_volume {
    struct lfk_volume_options options;
    struct lfk_image image;
    struct lfk_fs fs;
};

static void tell_damage(void *context, const struct lfk_detail *detail)
{
    const struct lfk_volume *volume = (const struct lfk_volume *)context;
    volume->options.damage(volume->options.damage_context, NULL, detail);
}

static int check_limit(uint32_t accepted, uint32_t stored, const char *field,
                       struct lfk_detail *detail)
{
    if (accepted == 0 || stored <= accepted) {
        return LFK_OK;
    }
    return lfk_fail_field(detail, LFK_ERR_INVAL, "the volume's limit is larger", field, accepted,
                          stored);
}

static int check_limits(const struct lfk_volume *volume, struct lfk_detail *detail)
{
    const struct lfk_superblock *superblock = &volume->fs.superblock;
    const struct lfk_volume_options *options = &volume->options;
    TRY(check_limit(options->name_max, superblock->name_max, "name_max", detail));
    TRY(check_limit(options->file_max, superblock->file_max, "file_max", detail));
    return check_limit(options->attr_max, superblock->attr_max, "attr_max", detail);
}

static int mount(struct lfk_volume *volume, struct lfk_detail *detail)
{
    struct lfk_fs_options options = {
        .allocator = volume->options.allocator,
        .block_count = volume->options.block_count,
        .damage = volume->options.damage != NULL ? tell_damage : NULL,
        .damage_context = volume,
    };
    TRY(lfk_fs_mount(&volume->fs, volume->image.bd, &options, detail));
    return check_limits(volume, detail);
}

static int create(struct lfk_volume **volume, const struct lfk_volume_options *options,
                  struct lfk_detail *detail)
{
    struct lfk_volume_options taken;
    TRY(lfk_options_take(&taken, sizeof(taken), options, detail));
    *volume = lfk_alloc_zeroed(taken.allocator, 1, sizeof(**volume));
    if (*volume == NULL) {
        return lfk_fail_nomem(detail);
    }
    (*volume)->options = taken;
    return LFK_OK;
}

/* Ends both ways of opening: mounts if the image could be opened. */
static int finish(struct lfk_volume *opened, int result, struct lfk_volume **volume,
                  struct lfk_detail *detail)
{
    if (result == LFK_OK) {
        result = mount(opened, detail);
    }
    if (result < 0) {
        lfk_volume_close(opened);
        return result;
    }
    *volume = opened;
    return LFK_OK;
}

int lfk_volume_open(struct lfk_volume **volume, const char *path,
                    const struct lfk_volume_options *options, struct lfk_detail *detail)
{
    struct lfk_volume *v;
    TRY(create(&v, options, detail));
    int result =
        lfk_image_open_file(&v->image, path, v->options.block_size, v->options.allocator, detail);
    if (result == LFK_OK) {
        result = lfk_image_lock(&v->image, detail);
    }
    return finish(v, result, volume, detail);
}

int lfk_volume_open_memory(struct lfk_volume **volume, const void *bytes, size_t size,
                           const struct lfk_volume_options *options, struct lfk_detail *detail)
{
    struct lfk_volume *v;
    TRY(create(&v, options, detail));
    int result = lfk_image_open_memory(&v->image, bytes, size, v->options.block_size,
                                       v->options.allocator, detail);
    return finish(v, result, volume, detail);
}

int lfk_volume_load(struct lfk_volume *volume, const char *path, struct lfk_tree **tree,
                    struct lfk_detail *detail)
{
    const struct lfk_load_how how = {
        .allocator = volume->options.allocator,
        .blocks = lfk_min(volume->fs.superblock.block_count, volume->image.bd->block_count),
        .damage = volume->options.damage,
        .damage_context = volume->options.damage_context,
    };
    return lfk_load(&volume->fs, path, &how, tree, detail);
}

void lfk_volume_close(struct lfk_volume *volume)
{
    if (volume != NULL) {
        lfk_fs_unmount(&volume->fs);
        lfk_image_close(&volume->image);
        lfk_free(volume->options.allocator, volume);
    }
}

void lfk_volume_info(const struct lfk_volume *volume, struct lfk_volume_info *info)
{
    const struct lfk_fs *fs = &volume->fs;
    *info = (struct lfk_volume_info){
        .disk_version = fs->superblock.version,
        .block_size = fs->superblock.block_size,
        .block_count = fs->superblock.block_count,
        .name_max = fs->superblock.name_max,
        .file_max = fs->superblock.file_max,
        .attr_max = fs->superblock.attr_max,
        .image_size = volume->image.bd->size,
        .blocks_used = lfk_mdirs_blocks_used(&fs->mdirs),
        .pairs = fs->pairs,
        .superblocks = fs->superblocks,
        .root = {fs->mdirs.root->pair.block[0], fs->mdirs.root->pair.block[1]},
        .revision = fs->mdirs.first->log.revision,
        .revision_min = fs->revision_min,
        .revision_max = fs->revision_max,
        .has_move = lfk_gstate_has_move(&fs->mdirs.gdisk),
        .has_orphans = lfk_gstate_has_orphans(&fs->mdirs.gdisk),
        .torn_pairs = fs->torn,
        .stale_pairs = fs->stale,
    };
    if (info->has_move) {
        info->move_pair[0] = fs->mdirs.gdisk.pair.block[0];
        info->move_pair[1] = fs->mdirs.gdisk.pair.block[1];
        info->move_id = lfk_gstate_move_id(&fs->mdirs.gdisk);
    }
}
