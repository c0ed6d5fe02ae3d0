/* SPDX-License-Identifier: MIT */
/*
 * Images that are crammed with metadata of the most costly kinds: reading them
 * takes memory, reports and bytes in proportion to their size, whatever they
 * say. LFSKIT_LONG=1 makes them large.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "visit.h"

#include "disk/disk.h"

#define SIZE ((uint32_t)1 << 20)
#define SIZE_LONG ((uint32_t)1 << 24)
#define TAG_SIZE 4U
/* Left free in a block: the tail, and the end of the commit. */
#define RESERVE 40U

/* A block being filled. */
struct filling {
    struct lfk_commit commit;
    uint32_t block;
    uint32_t next;   /* the block of the next pair */
    uint32_t blocks; /* of the image */
    uint32_t id;     /* of the next entry */
};

/* Adds to the block; more than once, as long as it returns true. */
typedef bool filler(struct filling *f);

static bool fits(const struct filling *f, uint32_t size)
{
    return f->commit.offset + size + RESERVE <= f->commit.format.block_size;
}

static void add(struct filling *f, uint32_t type, uint32_t id, const void *data, uint32_t size)
{
    lfk_commit_add(&f->commit, lfk_tag_make(type, id, size), data);
}

static void add_words(struct filling *f, uint32_t type, uint32_t id, uint32_t a, uint32_t b)
{
    uint8_t data[8];
    lfk_put_le32(data, a);
    lfk_put_le32(data + 4, b);
    add(f, type, id, data, sizeof(data));
}

static bool empty_files(struct filling *f)
{
    if (!fits(f, 2 * TAG_SIZE + 1)) {
        return false;
    }
    add(f, LFK_TYPE_FILE, f->id, "f", 1);
    add(f, LFK_TYPE_INLINE_STRUCT, f->id++, "", 0);
    return true;
}

static bool entries_of_no_type(struct filling *f)
{
    if (!fits(f, TAG_SIZE + 1)) {
        return false;
    }
    add(f, 0x010, f->id++, "x", 1);
    return true;
}

static uint32_t highest_id(const struct filling *f)
{
    return lfk_min(f->commit.format.block_size / TAG_SIZE, LFK_ID_NONE) - 1;
}

/* As many as the block could hold, of which nothing is said. */
static bool entries_without_names(struct filling *f)
{
    add(f, LFK_TYPE_FILE, highest_id(f), "f", 1);
    return false;
}

/* Each time all the others move. */
static bool entries_that_come_and_go(struct filling *f)
{
    uint32_t lowest = f->block == 0 ? 1 : 0;
    if (f->id++ == 1) {
        add(f, LFK_TYPE_FILE, highest_id(f) - 1, "f", 1);
    }
    if (!fits(f, 2 * TAG_SIZE)) {
        return false;
    }
    add(f, LFK_TYPE_CREATE, lowest, NULL, 0);
    add(f, LFK_TYPE_DELETE, lowest, NULL, 0);
    return true;
}

static bool attributes_without_data(struct filling *f)
{
    add(f, LFK_TYPE_FILE, f->id, "f", 1);
    add(f, LFK_TYPE_INLINE_STRUCT, f->id, "", 0);
    for (uint32_t type = 0; type < 0x100 && fits(f, TAG_SIZE); type++) {
        add(f, LFK_TYPE_ATTRIBUTE + type, f->id, "", 0);
    }
    f->id++;
    return fits(f, 3 * TAG_SIZE + 1);
}

static bool attributes_that_come_and_go(struct filling *f)
{
    if (f->id == 1) {
        add(f, LFK_TYPE_FILE, f->id++, "f", 1);
    }
    if (!fits(f, 2 * TAG_SIZE)) {
        return false;
    }
    add(f, LFK_TYPE_ATTRIBUTE, 1, NULL, 0);
    lfk_commit_add(&f->commit, lfk_tag_make(LFK_TYPE_ATTRIBUTE, 1, LFK_LENGTH_DELETED), NULL);
    return true;
}

static bool directories_outside(struct filling *f)
{
    if (!fits(f, 2 * TAG_SIZE + 9)) {
        return false;
    }
    uint32_t outside = f->blocks + f->block * 1024 + 2 * f->id;
    add(f, LFK_TYPE_DIR, f->id, "d", 1);
    add_words(f, LFK_TYPE_DIR_STRUCT, f->id++, outside, outside + 1);
    return true;
}

/* Pairs of any two blocks: each block is in many of them. */
static bool directories_sharing_blocks(struct filling *f)
{
    if (!fits(f, 2 * TAG_SIZE + 9)) {
        return false;
    }
    uint32_t number = f->block * 1024 + f->id;
    add(f, LFK_TYPE_DIR, f->id, "d", 1);
    add_words(f, LFK_TYPE_DIR_STRUCT, f->id++, number * 2654435761U % f->blocks,
              number * 40503U % f->blocks);
    return true;
}

static bool files_sharing_blocks(struct filling *f)
{
    if (!fits(f, 2 * TAG_SIZE + 9)) {
        return false;
    }
    uint32_t blocks = 1 + f->id % 64;
    add(f, LFK_TYPE_FILE, f->id, "f", 1);
    add_words(f, LFK_TYPE_CTZ_STRUCT, f->id++, f->blocks - 1, f->commit.format.block_size * blocks);
    return true;
}

/* A directory in the one before, and beside it entries that have to be reported. */
static bool nested_directories(struct filling *f)
{
    static const char name[] = "a name that makes paths long";
    if (f->id == 1) {
        add(f, LFK_TYPE_DIR, f->id, name, sizeof(name) - 1);
        add_words(f, LFK_TYPE_DIR_STRUCT, f->id++, f->next, f->next);
    }
    return entries_of_no_type(f);
}

static void add_superblock(struct filling *f)
{
    uint8_t data[LFK_SUPERBLOCK_SIZE];
    struct lfk_superblock superblock = {.version = LFK_DISK_2_1,
                                        .block_size = f->commit.format.block_size,
                                        .block_count = f->blocks};
    lfk_superblock_encode(&superblock, data);
    add(f, LFK_TYPE_SUPERBLOCK, 0, LFK_MAGIC, LFK_MAGIC_SIZE);
    add(f, LFK_TYPE_INLINE_STRUCT, 0, data, sizeof(data));
}

/* The pairs are {0, 1} and then one block twice; each is linked to the next. */
static void fill_block(uint8_t *bytes, struct filling *f, filler *fill, uint32_t tail)
{
    const struct lfk_commit_format format = f->commit.format;
    f->next = f->block == 0 ? 2 : f->block + 1;
    f->id = 1;
    lfk_commit_start(&f->commit, &format, bytes + (size_t)f->block * format.block_size, 1);
    if (f->block == 0) {
        add_superblock(f);
    }
    while (f->id < LFK_ID_NONE && fill(f)) {
    }
    if (f->next < f->blocks) {
        add_words(f, tail, LFK_ID_NONE, f->next, f->next);
    }
    assert_true(lfk_commit_finish(&f->commit) > 0);
}

static void cram(const char *name, filler *fill, uint32_t tail, uint32_t block_size)
{
    uint32_t size = getenv("LFSKIT_LONG") != NULL ? SIZE_LONG : SIZE;
    struct filling f = {.blocks = size / block_size};
    struct visit visit;
    uint8_t *bytes = malloc(size);
    assert_non_null(bytes);
    memset(bytes, 0xff, size);
    f.commit.format = (struct lfk_commit_format){.block_size = block_size,
                                                 .prog_size = 1,
                                                 .limit = block_size,
                                                 .disk_version = LFK_DISK_2_0};
    for (; f.block < f.blocks; f.block = f.next) {
        fill_block(bytes, &f, fill, tail);
    }
    const char *wrong = visit_image(&visit, bytes, size);
    free(bytes);
    printf("%s, blocks of %u: %zu nodes, %llu damages, %.1f bytes of memory a byte\n", name,
           (unsigned)block_size, visit.nodes, (unsigned long long)visit.damages,
           (double)visit.peak / size);
    (void)fflush(stdout);
    if (wrong != NULL) {
        fail_msg("not so: %s", wrong);
    }
}

#define CRAM(fill, tail)                                                                           \
    do {                                                                                           \
        cram(#fill, fill, tail, 128);                                                              \
        cram(#fill, fill, tail, 4096);                                                             \
    } while (0)

static void entries_by_the_thousand(void **state)
{
    (void)state;
    CRAM(empty_files, LFK_TYPE_HARD_TAIL);
    CRAM(entries_of_no_type, LFK_TYPE_HARD_TAIL);
    CRAM(entries_without_names, LFK_TYPE_HARD_TAIL);
    CRAM(entries_that_come_and_go, LFK_TYPE_HARD_TAIL);
}

static void attributes_by_the_thousand(void **state)
{
    (void)state;
    CRAM(attributes_without_data, LFK_TYPE_HARD_TAIL);
    CRAM(attributes_that_come_and_go, LFK_TYPE_HARD_TAIL);
}

static void pointers_to_the_same_and_to_nowhere(void **state)
{
    (void)state;
    CRAM(directories_outside, LFK_TYPE_HARD_TAIL);
    CRAM(directories_sharing_blocks, LFK_TYPE_HARD_TAIL);
    CRAM(files_sharing_blocks, LFK_TYPE_HARD_TAIL);
}

static void directories_in_directories(void **state)
{
    (void)state;
    CRAM(nested_directories, LFK_TYPE_SOFT_TAIL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_by_the_thousand),
        cmocka_unit_test(attributes_by_the_thousand),
        cmocka_unit_test(pointers_to_the_same_and_to_nowhere),
        cmocka_unit_test(directories_in_directories),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
