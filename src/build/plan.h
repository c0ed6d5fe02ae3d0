/* SPDX-License-Identifier: MIT */
/*
 * The plan of an image, shared by the files of this part.
 *
 * Pair i of the plan is blocks 2i and 2i + 1, in the order of the threaded
 * list: a directory's pairs side by side, directories in the order of the
 * tree. So the tail of each pair is the next one, and nothing of it is stored.
 * The files' blocks follow, in the order of the tree.
 */
#ifndef LFK_BUILD_PLAN_H
#define LFK_BUILD_PLAN_H

#include "disk/disk.h"
#include "lfskit/build.h"
#include "util/util.h"

/* One metadata pair: a run of a directory's entries. */
struct lfk_pair_plan {
    const struct lfk_node *directory;
    const struct lfk_node *first; /* NULL: no entries */
    uint32_t entries;
};

struct lfk_build {
    const struct lfk_allocator *allocator;
    struct lfk_tree *tree;
    struct lfk_build_report report;
    struct lfk_commit_format format;
    uint32_t entry_room; /* bytes that one entry may take: what a compaction may leave */
    uint32_t pair_room;  /* bytes that the entries of a pair are packed to */
    struct lfk_pair_plan *pairs;
    size_t pair_count;
    size_t pair_slots;
    /* By node index: a directory's first pair, or a file's first data block (LFK_BLOCK_NULL: it is
       inline). */
    uint32_t *start;
};

/* --- settings.c ---------------------------------------------------------- */

/* Fills in the defaults and checks every option; *fcrc_size is what the FCRCs are to cover. */
int lfk_build_settle(struct lfk_build_options *options, uint32_t *fcrc_size,
                     struct lfk_detail *detail);

/* --- packing.c ------------------------------------------------------------ */

/* Bytes of the superblock entry of the first pair, without the root's attributes. */
#define LFK_SUPERBLOCK_ENTRY_SIZE (4u + LFK_MAGIC_SIZE + 4u + LFK_SUPERBLOCK_SIZE)

/* Bytes that the node's attributes take in a log. */
uint64_t lfk_build_attributes_size(const struct lfk_node *node);

/* Bytes that an entry takes in a log: name, struct and attributes. */
uint64_t lfk_build_entry_size(const struct lfk_node *node, bool is_inline);

/* Distributes the entries of all directories over pairs, as few as possible. */
int lfk_build_pack(struct lfk_build *build, struct lfk_detail *detail);

/* --- place.c ---------------------------------------------------------------- */

/* Decides what is inline, refuses what cannot be stored, telling each; counts files and bytes. */
int lfk_build_classify(struct lfk_build *build, struct lfk_detail *detail);

/* Gives every file its blocks, after lfk_build_pack, and settles the block count. */
int lfk_build_place(struct lfk_build *build, struct lfk_detail *detail);

/* --- metadata.c -------------------------------------------------------------- */

/*
 * Encodes a pair into `block`, block_size bytes, as one compact commit.
 * `*unread` is the file that could not be read, if that is what fails.
 */
int lfk_build_encode_pair(const struct lfk_build *build, size_t pair, uint32_t revision,
                          uint8_t *block, const struct lfk_node **unread,
                          struct lfk_detail *detail);

/* --- data.c -------------------------------------------------------------------- */

/*
 * Writes the blocks of a file that is not inline; `erased` is block_size bytes
 * of 0xff. `*unread` is the node if it is its reading that fails.
 */
int lfk_build_write_file(const struct lfk_build *build, const struct lfk_node *node,
                         const uint8_t *erased, struct lfk_sink *sink,
                         const struct lfk_node **unread, struct lfk_detail *detail);

/* --- seed.c ---------------------------------------------------------------------- */

/* Goes over the commits of a block as a driver does at mount; returns the new seed. */
uint32_t lfk_build_seed(uint32_t seed, const uint8_t *block, uint32_t block_size);

/* Gives the block another revision count: it and the commit's CRC change. */
void lfk_build_set_revision(uint8_t *block, uint32_t block_size, uint32_t revision);

/*
 * Gives the last pair's current block the revision, at least `lowest`, that
 * makes a driver start to look for free blocks where the free space begins.
 * `seed` is that of the pairs before.
 */
void lfk_build_choose_revision(const struct lfk_build *build, uint32_t seed, uint8_t *block,
                               uint32_t lowest);

#endif
