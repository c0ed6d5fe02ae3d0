/* SPDX-License-Identifier: MIT */
/*
 * The options of create. Ranges are the builder's to check; here is only what
 * it cannot know: two ways to say one thing, and bytes made blocks.
 */
#include "create_args.h"
#include "message.h"
#include "size.h"

#include <string.h>

#define BLOCK_SIZE_DEFAULT 4096u

static const char *store_volume_size(void *member, const char *value)
{
    struct cli_volume_size *size = member;
    *size = (struct cli_volume_size){.automatic = strcmp(value, "auto") == 0};
    return size->automatic ? NULL : cli_store_size(&size->bytes, value);
}

/* 1 to `most`, with or without "%". */
static const char *parse_percent(const char *value, uint32_t most, uint32_t *percent)
{
    uint32_t number = 0;
    const char *at = value;
    for (; *at >= '0' && *at <= '9' && number <= most; at++) {
        number = number * 10 + (uint32_t)(*at - '0');
    }
    if (at == value || number > most || strcmp(at, *at == '%' ? "%" : "") != 0) {
        return most == 100 ? "is not a percentage from 1 to 100"
                           : "is not a percentage from 0 to 99";
    }
    *percent = number;
    return NULL;
}

static const char *store_head_room(void *member, const char *value)
{
    struct cli_head_room *room = member;
    *room = (struct cli_head_room){0};
    if (strchr(value, '%') != NULL) {
        return parse_percent(value, 99, &room->percent);
    }
    return cli_store_size(&room->bytes, value);
}

static const char *store_fill(void *member, const char *value)
{
    struct cli_fill *fill = member;
    *fill = (struct cli_fill){.evenly = strcmp(value, "even") == 0};
    if (fill->evenly) {
        return NULL;
    }
    const char *complaint = parse_percent(value, 100, &fill->percent);
    if (complaint == NULL && fill->percent == 0) {
        complaint = "is not a percentage from 1 to 100";
    }
    return complaint;
}

static const char *store_disk_version(void *member, const char *value)
{
    uint32_t *version = member;
    if (strcmp(value, "2.0") == 0) {
        *version = LFK_DISK_VERSION_2_0;
    } else if (strcmp(value, "2.1") == 0) {
        *version = LFK_DISK_VERSION_2_1;
    } else {
        return "is not a version: 2.0 or 2.1";
    }
    return NULL;
}

/* Both kinds of exclusion go into one list: the last pattern that matches decides. */
static const char *open_excludes(struct lfk_excludes **excludes)
{
    if (*excludes == NULL && lfk_excludes_open(excludes) < 0) {
        return "needs more memory than there is";
    }
    return NULL;
}

static const char *store_exclude(void *member, const char *value)
{
    struct lfk_excludes **excludes = member;
    const char *complaint = open_excludes(excludes);
    if (complaint == NULL && lfk_excludes_add(*excludes, value) < 0) {
        complaint = "cannot be taken as a pattern";
    }
    return complaint;
}

static const char *store_exclude_from(void *member, const char *value)
{
    struct lfk_excludes **excludes = member;
    const char *complaint = open_excludes(excludes);
    if (complaint == NULL && lfk_excludes_add_file(*excludes, value, NULL) < 0) {
        complaint = "cannot be read";
    }
    return complaint;
}

#define AT(member) offsetof(struct cli_create_args, member)

static const struct cli_option geometry[] = {
    {"block-size", 0, "SIZE", cli_store_size32, AT(build.block_size),
     "Size of a block, the unit the flash erases; default: 4096"},
    {"fs-size", 0, "SIZE|auto", store_volume_size, AT(size),
     "Size of the volume, a multiple of the block size, or 'auto', the default: the smallest that "
     "holds the tree"},
    {"size", 0, "SIZE|auto", store_volume_size, AT(size), "The same as --fs-size"},
    {"block-count", 0, "COUNT", cli_store_size32, AT(build.block_count),
     "Size of the volume in blocks, instead of --fs-size"},
    {"free", 0, "SIZE", store_head_room, AT(free),
     "Head room when the size is automatic: at least this many bytes free, or with '%' after it "
     "this share of the volume"},
    {0},
};

static const struct cli_option settings[] = {
    {"disk-version", 0, "2.0|2.1", store_disk_version, AT(build.disk_version),
     "Version of the format: 2.0 for drivers before littlefs 2.6, or 2.1, the default"},
    {"name-max", 0, "SIZE", cli_store_size32, AT(build.name_max),
     "Longest name in bytes, stored in the image; a device must allow as many; default: 255, at "
     "most 1022"},
    {"file-max", 0, "SIZE", cli_store_size32_or_zero, AT(build.file_max),
     "Largest file, stored in the image; default: 2147483647"},
    {"attr-max", 0, "SIZE", cli_store_size32_or_zero, AT(build.attr_max),
     "Largest attribute, stored in the image; default: 1022"},
    {"inline-max", 0, "SIZE|none", cli_store_inline_max, AT(build.inline_max),
     "Largest file stored beside its name instead of in a block of its own; 'none': no file is; "
     "default: the least of cache size, --attr-max and an eighth of --metadata-max"},
    {"cache-size", 0, "SIZE", cli_store_size32, AT(build.cache_size),
     "Cache of the device; it cannot rewrite an inline file larger than that; default: 512"},
    {"prog-size", 0, "SIZE", cli_store_size32, AT(build.prog_size),
     "Unit the device programs; default: 256, less with blocks under 4096"},
    {"read-size", 0, "SIZE", cli_store_size32, AT(build.read_size),
     "Unit the device reads; default: the same as --prog-size"},
    {"metadata-max", 0, "SIZE", cli_store_size32, AT(build.metadata_max),
     "Bytes of a metadata block that are used; default: all"},
    {"fill", 0, "PERCENT|even", store_fill, AT(fill),
     "How full directories are packed; default: 100, the smallest image, whose full directories a "
     "device splits when it first changes them; 'even': as small, but the room that is left is "
     "shared out among the blocks of a directory"},
    {0},
};

static const struct cli_option source[] = {
    {"exclude", 0, "PATTERN", store_exclude, AT(excludes),
     "Leave out what matches, with the rules of gitignore; may be given again"},
    {"exclude-from", 0, "FILE", store_exclude_from, AT(excludes),
     "The same for each line of a file"},
    {"dereference", 0, NULL, cli_store_false, AT(no_dereference),
     "Follow symbolic links; the default"},
    {"no-dereference", 0, NULL, cli_store_true, AT(no_dereference), "Leave symbolic links out"},
    {"filename-encoding", 0, "NAME", cli_store_text, AT(filename_encoding),
     "Encoding of the names in the image; default: utf-8"},
    {0},
};

static const struct cli_option output[] = {
    {"no-pad", 0, NULL, cli_store_true, AT(no_pad),
     "End the image after the last block in use; the device's flash must be erased behind it"},
    {"compact", 0, NULL, cli_store_true, AT(compact),
     "Taken for the sake of scripts: images always have their used blocks at the front"},
    {"image", 0, "IMAGE", cli_store_text, AT(image), NULL},
    {"verbose", 'v', NULL, cli_store_true, AT(verbose), "Print the settings and each entry"},
    {"quiet", 'q', NULL, cli_store_true, AT(quiet), "Print errors only"},
    {0},
};

const struct cli_option_group cli_create_groups[] = {
    {"Size of the volume", geometry, 0},
    {"Settings of littlefs", settings, 0},
    {"What goes in", source, 0},
    {"What comes out", output, 0},
    CLI_HELP_GROUP,
    {0},
};

static int settle_block_count(const struct cli_run *run, struct cli_create_args *args)
{
    struct lfk_build_options *build = &args->build;
    if (args->size.bytes % build->block_size != 0) {
        return cli_usage(run, "fs-size must be a multiple of block-size: %llu is not one of %lu",
                         (unsigned long long)args->size.bytes, (unsigned long)build->block_size);
    }
    uint64_t count = args->size.bytes / build->block_size;
    if (count == 1) {
        return cli_usage(run, "--fs-size: %llu bytes are one block, a volume has at least two",
                         (unsigned long long)args->size.bytes);
    }
    if (count > UINT32_MAX) {
        return cli_usage(run, "--fs-size: %llu bytes are more blocks than littlefs can count",
                         (unsigned long long)args->size.bytes);
    }
    if (count != 0) {
        build->block_count = (uint32_t)count;
    }
    return CLI_DONE;
}

static int settle_head_room(const struct cli_run *run, struct cli_create_args *args)
{
    struct lfk_build_options *build = &args->build;
    bool given = args->free.bytes != 0 || args->free.percent != 0;
    if (given && build->block_count != 0) {
        return cli_usage(run, "--free needs an automatic size, but a size is given");
    }
    uint64_t blocks =
        args->free.bytes / build->block_size + (args->free.bytes % build->block_size != 0);
    if (blocks > UINT32_MAX) {
        return cli_usage(run, "--free: %llu bytes are more blocks than littlefs can count",
                         (unsigned long long)args->free.bytes);
    }
    build->free_blocks = (uint32_t)blocks;
    build->free_percent = args->free.percent;
    return CLI_DONE;
}

int cli_create_settle(const struct cli_run *run, struct cli_create_args *args)
{
    args->build.size = sizeof(args->build);
    args->build.fill_percent = args->fill.percent;
    args->build.fill_evenly = args->fill.evenly;
    if (args->build.block_size == 0) {
        args->build.block_size = BLOCK_SIZE_DEFAULT;
    }
    if (args->build.block_count != 0 && (args->size.bytes != 0 || args->size.automatic)) {
        return cli_usage(run, "--block-count and --fs-size are two ways to say the same: give one");
    }
    int exit_code = settle_block_count(run, args);
    return exit_code == CLI_DONE ? settle_head_room(run, args) : exit_code;
}
