/* SPDX-License-Identifier: MIT */
/*
 * Images made by hand, block by block, for the tests of reading: every entry of
 * every log is the test's choice, sound or not. What is not written is erased,
 * 0xff.
 *
 *   struct maker m = maker_start(512, 16);
 *   maker_root(&m);                            the first commit of block 0
 *   maker_file(&m, 1, "a", "content");
 *   maker_end(&m);                             block 1 stays erased
 */
#ifndef LFSKIT_TESTS_IMAGE_MAKER_H
#define LFSKIT_TESTS_IMAGE_MAKER_H

#include "disk/disk.h"

struct maker {
    uint8_t *bytes;
    uint32_t block_size;
    uint32_t block_count;
    struct lfk_superblock superblock; /* what maker_superblock writes */
    struct lfk_commit_format format;
    struct lfk_commit commit; /* of the log begun last */
};

/* Version 2.1, prog size 16, usual limits; members may be changed before they are used. */
struct maker maker_start(uint32_t block_size, uint32_t block_count);
void maker_free(struct maker *m);
size_t maker_size(const struct maker *m);
uint8_t *maker_block(const struct maker *m, uint32_t block);

/* Begins the log of a block; what is added from here on is in its open commit. */
void maker_log(struct maker *m, uint32_t block, uint32_t revision);
/* Ends the commit; what is added then is in the next one. */
void maker_end(struct maker *m);
/* Ends the commit, but with a wrong CRC. */
void maker_end_torn(struct maker *m);

/* A log of one commit with nothing in it. */
void maker_empty(struct maker *m, uint32_t block, uint32_t revision);
/* Begins the log of block 0, revision 1, with the superblock's entry. */
void maker_root(struct maker *m);

/* Entries. */
void maker_add(struct maker *m, uint32_t type, uint32_t id, const void *data, size_t size);
void maker_add_text(struct maker *m, uint32_t type, uint32_t id, const char *text);
void maker_removed(struct maker *m, uint32_t type, uint32_t id); /* length 0x3ff */
void maker_create(struct maker *m, uint32_t id);
void maker_delete(struct maker *m, uint32_t id);
void maker_superblock(struct maker *m);
void maker_file(struct maker *m, uint32_t id, const char *name, const char *content);
void maker_dir(struct maker *m, uint32_t id, const char *name, uint32_t first, uint32_t second);
void maker_ctz(struct maker *m, uint32_t id, const char *name, uint32_t head, uint32_t size);
void maker_tail(struct maker *m, uint32_t type, uint32_t first, uint32_t second);
void maker_gstate(struct maker *m, uint32_t word, uint32_t first, uint32_t second);

/* Writes the directory {2, 3}, sub/ and x, and {4, 5}, which is sub/ and holds deep. */
void maker_example(struct maker *m);

/* The word of a global state in which the move of an entry is pending. */
uint32_t move_of(uint32_t id);

/* Writes a file as a CTZ list over these blocks, of which the last is the head. */
void maker_list(struct maker *m, const uint32_t *blocks, const uint8_t *content, uint32_t size);

#endif
