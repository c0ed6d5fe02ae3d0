/* SPDX-License-Identifier: MIT */
/*
 * lfskit/build.h - makes a littlefs image from a tree of files in one pass.
 *
 * First a plan: every size and place is decided, nothing is read but the tree.
 * Then the image is written front to back, each block once: the root pair, the
 * pairs of the directories in the order of the tree, then the files' blocks,
 * each file contiguous. A directory pair is one compact commit in the first
 * block of the pair (in both for the root pair, so that the superblock can be
 * found from either); everything else is erased, 0xff.
 *
 * The same tree and options give the same bytes, always.
 */
#ifndef LFSKIT_BUILD_H
#define LFSKIT_BUILD_H

#include "lfskit/tree.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Zero means the default everywhere; set `size` to sizeof(struct
 * lfk_build_options). All sizes are bytes.
 */
struct lfk_build_options {
    size_t size;
    const struct lfk_allocator *allocator;
    uint32_t block_size;   /* 4096; at least 128 */
    uint32_t block_count;  /* 0: as many as are used, plus free_blocks and free_percent */
    uint32_t free_blocks;  /* head room if block_count is 0 */
    uint32_t free_percent; /* head room in per cent of the volume, 0..99, if block_count is 0 */
    uint32_t read_size;    /* prog_size */
    uint32_t prog_size;    /* the largest power of two up to min(256, block_size / 16) */
    uint32_t cache_size;   /* the device's cache: the largest divisor of block_size up to 512 */
    uint32_t metadata_max; /* block_size; used bytes of a metadata block */
    uint32_t inline_max;   /* min(cache_size, attr_max, metadata_max / 8); UINT32_MAX: none */
    uint32_t name_max;     /* 255; at most 1022; stored in the image */
    uint32_t file_max;     /* 2147483647; stored in the image */
    uint32_t attr_max;     /* 1022; stored in the image */
    uint32_t disk_version; /* LFK_DISK_VERSION_2_1 */
    /*
     * How full a metadata block is packed, in per cent of what a compaction may
     * leave in it, 1..100. Default 100: the smallest image and the fewest reads;
     * a full pair is split by the device at its first change. 50 leaves each
     * pair room to grow.
     */
    uint32_t fill_percent;
    /*
     * No more pairs than that takes, but what room is left in a directory is
     * shared out evenly among its pairs, rather than kept in the last one: the
     * device's first changes find some, for a few reads more at mount.
     */
    bool fill_evenly;
    /* Told of each node that cannot be stored; the plan then fails. May be NULL. */
    lfk_report_fn *report;
    void *report_context;
};

/* The plan in numbers: every option with its default filled in, and the outcome. */
struct lfk_build_report {
    struct lfk_build_options options; /* block_count 0 replaced by the count chosen */
    uint32_t blocks_used;
    uint32_t metadata_blocks; /* of blocks_used; two a pair */
    uint64_t files;
    uint64_t inline_files;
    uint64_t directories; /* without the root */
    uint64_t file_bytes;
};

struct lfk_build;

/*
 * Sorts the tree and plans its image. The tree must stay unchanged until the
 * build is closed. Errors: LFK_ERR_INVAL an option out of its range (`field`
 * names it, expected/found the bound and the value); LFK_ERR_NOSPC the tree
 * needs more than block_count blocks (expected: the blocks needed, found:
 * block_count); LFK_ERR_NAMETOOLONG, LFK_ERR_FBIG, LFK_ERR_EXIST, LFK_ERR_NOSPC
 * a node that cannot be stored (each one reported first, the detail that of the
 * first).
 */
int lfk_build_plan(struct lfk_build **build, struct lfk_tree *tree,
                   const struct lfk_build_options *options, struct lfk_detail *detail);

const struct lfk_build_report *lfk_build_report(const struct lfk_build *build);

/*
 * Writes the used blocks, in order, from block 0: blocks_used * block_size
 * bytes. What follows them on a device must be erased. On failure the sink has
 * got a part, and `*node` (may be NULL) names the file that could not be read, if it was one.
 */
int lfk_build_write(struct lfk_build *build, struct lfk_sink *sink, const struct lfk_node **node,
                    struct lfk_detail *detail);

/* Accepts NULL. */
void lfk_build_close(struct lfk_build *build);

#ifdef __cplusplus
}
#endif

#endif
