/* SPDX-License-Identifier: MIT */
/*
 * The block map, read from the outcome of a check.
 */
#include "checker.h"

static bool is_orphan(const struct lfk_check *check, uint32_t pair)
{
    uint32_t directory = check->pairs[pair].directory;
    return directory == LFK_CHECK_NONE || check->directories[directory].is_orphan;
}

/* The owner of a block, or none. */
static uint32_t owner_of(const struct lfk_check *check, uint32_t block)
{
    bool present = (uint64_t)block * check->info.block_size < check->info.image_size;
    return check->owners != NULL && present ? check->owners[block] : LFK_CHECK_OWNER_NONE;
}

int lfk_check_block(const struct lfk_check *check, uint32_t block, struct lfk_block_info *info)
{
    uint32_t owner = owner_of(check, block);
    *info = (struct lfk_block_info){.use = LFK_BLOCK_FREE};
    if (block >= check->info.block_count) {
        return LFK_ERR_INVAL;
    }
    if ((uint64_t)block * check->info.block_size >= check->info.image_size) {
        info->use = LFK_BLOCK_ABSENT;
        return LFK_OK;
    }
    if (owner == LFK_CHECK_OWNER_NONE) {
        return LFK_OK;
    }
    uint32_t index = lfk_owner_index(owner);
    info->owner = owner;
    info->is_shared = check->shared[block] != 0;
    if (lfk_owner_is_pair(owner)) {
        const struct lfk_check_pair *pair = &check->pairs[index];
        info->use = LFK_BLOCK_METADATA;
        info->is_current = pair->readable && pair->pair.block[0] == block;
        info->is_orphan = is_orphan(check, index);
        info->twin = pair->pair.block[pair->pair.block[0] == block ? 1 : 0];
    } else {
        info->use = LFK_BLOCK_DATA;
        info->is_orphan = is_orphan(check, check->entries[index].pair);
    }
    return LFK_OK;
}

size_t lfk_check_block_path(const struct lfk_check *check, uint32_t block, char *buffer,
                            size_t size)
{
    uint32_t owner = owner_of(check, block);
    if (owner == LFK_CHECK_OWNER_NONE) {
        return lfk_check_directory_path(check, LFK_CHECK_NONE, buffer, size);
    }
    uint32_t index = lfk_owner_index(owner);
    return lfk_owner_is_pair(owner)
               ? lfk_check_directory_path(check, check->pairs[index].directory, buffer, size)
               : lfk_check_entry_path(check, index, buffer, size);
}
