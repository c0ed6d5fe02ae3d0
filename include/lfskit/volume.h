/* SPDX-License-Identifier: MIT */
/*
 * lfskit/volume.h - opens a littlefs image and reads what is in it.
 *
 * Block size and count come from the image's superblock, from either block of
 * the root pair. Opening and reading never change the image. Limits of any
 * size are read.
 *
 * Damage: a volume is opened if its root can be found. Each damaged place is told to the
 * `damage` callback, with the path where one is known; the rest is given out.
 */
#ifndef LFSKIT_VOLUME_H
#define LFSKIT_VOLUME_H

#include "lfskit/tree.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Zero means the default everywhere; set `size` to sizeof(struct lfk_volume_options). */
struct lfk_volume_options {
    size_t size;
    const struct lfk_allocator *allocator;
    /* What the caller believes; 0: anything. A difference is LFK_ERR_INVAL. */
    uint32_t block_size;
    uint32_t block_count;
    /* The limits of the reader; 0: anything. A larger one stored in the image is LFK_ERR_INVAL. */
    uint32_t name_max;
    uint32_t file_max;
    uint32_t attr_max;
    lfk_damage_fn *damage; /* NULL: the first damage is an error */
    void *damage_context;
};

struct lfk_volume;

/*
 * The file is locked against those who change it in place, as lfk_medium_open_file does;
 * LFK_ERR_IO with an os_error of 0: another process is changing it.
 */
int lfk_volume_open(struct lfk_volume **volume, const char *path,
                    const struct lfk_volume_options *options, struct lfk_detail *detail);

/* The bytes are not copied and must outlive the volume. */
int lfk_volume_open_memory(struct lfk_volume **volume, const void *bytes, size_t size,
                           const struct lfk_volume_options *options, struct lfk_detail *detail);

/* Accepts NULL. Trees loaded from the volume must be destroyed before. */
void lfk_volume_close(struct lfk_volume *volume);

/* What the superblock, the list of pairs and the image's length say. */
struct lfk_volume_info {
    uint32_t disk_version; /* major << 16 | minor */
    uint32_t block_size;   /* bytes */
    uint32_t block_count;
    uint32_t name_max; /* bytes, as stored; 0: not stated */
    uint32_t file_max;
    uint32_t attr_max;
    uint64_t image_size;   /* bytes */
    uint64_t blocks_used;  /* as littlefs counts */
    uint32_t pairs;        /* metadata pairs on the threaded list */
    uint32_t superblocks;  /* entries in the chain; 1 unless it was expanded */
    uint32_t root[2];      /* the root directory's first pair, the current block first */
    uint32_t revision;     /* of the pair {0, 1} */
    uint32_t revision_min; /* over all pairs */
    uint32_t revision_max;
    /* What is odd. */
    bool has_move; /* a rename was cut; its source is hidden: */
    uint32_t move_pair[2];
    uint32_t move_id;
    bool has_orphans;     /* the list of pairs is to be repaired at the next write */
    uint32_t torn_pairs;  /* logs that end in an unfinished or broken commit */
    uint32_t stale_pairs; /* read from the older block, the newer being bad */
};

void lfk_volume_info(const struct lfk_volume *volume, struct lfk_volume_info *info);

/*
 * Loads everything at and below `path` ("/" for all) into a new tree. Its root
 * stands for `path` if that is a directory; if it is a file, the root has that
 * one child and no place of its own. Entries are in the volume's order,
 * attributes included; contents are read when a reader is opened. Directories
 * that cannot be read come out empty, and entries that stand for neither a file
 * nor a directory are left out, after their damage is told. Errors: LFK_ERR_NOENT,
 * LFK_ERR_NOTDIR and LFK_ERR_INVAL for the path.
 */
int lfk_volume_load(struct lfk_volume *volume, const char *path, struct lfk_tree **tree,
                    struct lfk_detail *detail);

#ifdef __cplusplus
}
#endif

#endif
