/* SPDX-License-Identifier: MIT */
#include "image_maker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct maker maker_start(uint32_t block_size, uint32_t block_count)
{
    struct maker m = {
        .bytes = malloc((size_t)block_size * block_count),
        .block_size = block_size,
        .block_count = block_count,
        .superblock = {LFK_DISK_2_1, block_size, block_count, 255, LFK_FILE_MAX, LFK_ATTR_MAX},
        .format = {.block_size = block_size,
                   .prog_size = 16,
                   .limit = block_size,
                   .disk_version = LFK_DISK_2_1},
    };
    assert_non_null(m.bytes);
    memset(m.bytes, 0xff, maker_size(&m));
    return m;
}

void maker_free(struct maker *m)
{
    free(m->bytes);
    m->bytes = NULL;
}

size_t maker_size(const struct maker *m)
{
    return (size_t)m->block_size * m->block_count;
}

uint8_t *maker_block(const struct maker *m, uint32_t block)
{
    assert_in_range(block, 0, m->block_count - 1);
    return m->bytes + (size_t)block * m->block_size;
}

void maker_log(struct maker *m, uint32_t block, uint32_t revision)
{
    lfk_commit_start(&m->commit, &m->format, maker_block(m, block), revision);
}

void maker_end(struct maker *m)
{
    assert_in_range(lfk_commit_finish(&m->commit), 1, m->block_size);
}

void maker_end_torn(struct maker *m)
{
    uint32_t start = m->commit.start;
    maker_end(m);
    /* Of the first commit a bit of the revision, of others one of an id: no length changes. */
    m->commit.block[start == 0 ? 1 : start + 2] ^= 4;
}

void maker_empty(struct maker *m, uint32_t block, uint32_t revision)
{
    maker_log(m, block, revision);
    maker_end(m);
}

void maker_root(struct maker *m)
{
    maker_log(m, 0, 1);
    maker_superblock(m);
}

void maker_add(struct maker *m, uint32_t type, uint32_t id, const void *data, size_t size)
{
    lfk_commit_add(&m->commit, lfk_tag_make(type, id, (uint32_t)size), data);
}

void maker_add_text(struct maker *m, uint32_t type, uint32_t id, const char *text)
{
    maker_add(m, type, id, text, strlen(text));
}

void maker_removed(struct maker *m, uint32_t type, uint32_t id)
{
    maker_add(m, type, id, NULL, LFK_LENGTH_DELETED);
}

void maker_create(struct maker *m, uint32_t id)
{
    maker_add(m, LFK_TYPE_CREATE, id, NULL, 0);
}

void maker_delete(struct maker *m, uint32_t id)
{
    maker_add(m, LFK_TYPE_DELETE, id, NULL, 0);
}

void maker_superblock(struct maker *m)
{
    uint8_t bytes[LFK_SUPERBLOCK_SIZE];
    lfk_superblock_encode(&m->superblock, bytes);
    maker_add_text(m, LFK_TYPE_SUPERBLOCK, 0, LFK_MAGIC);
    maker_add(m, LFK_TYPE_INLINE_STRUCT, 0, bytes, sizeof(bytes));
}

void maker_file(struct maker *m, uint32_t id, const char *name, const char *content)
{
    maker_add_text(m, LFK_TYPE_FILE, id, name);
    maker_add_text(m, LFK_TYPE_INLINE_STRUCT, id, content);
}

/* An entry of two words. */
static void add_words(struct maker *m, uint32_t type, uint32_t id, uint32_t first, uint32_t second)
{
    uint8_t bytes[8];
    lfk_put_le32(bytes, first);
    lfk_put_le32(bytes + 4, second);
    maker_add(m, type, id, bytes, sizeof(bytes));
}

void maker_dir(struct maker *m, uint32_t id, const char *name, uint32_t first, uint32_t second)
{
    maker_add_text(m, LFK_TYPE_DIR, id, name);
    add_words(m, LFK_TYPE_DIR_STRUCT, id, first, second);
}

void maker_ctz(struct maker *m, uint32_t id, const char *name, uint32_t head, uint32_t size)
{
    maker_add_text(m, LFK_TYPE_FILE, id, name);
    add_words(m, LFK_TYPE_CTZ_STRUCT, id, head, size);
}

void maker_tail(struct maker *m, uint32_t type, uint32_t first, uint32_t second)
{
    add_words(m, type, LFK_ID_NONE, first, second);
}

void maker_gstate(struct maker *m, uint32_t word, uint32_t first, uint32_t second)
{
    uint8_t bytes[LFK_GSTATE_SIZE];
    lfk_put_le32(bytes, word);
    lfk_put_le32(bytes + 4, first);
    lfk_put_le32(bytes + 8, second);
    maker_add(m, LFK_TYPE_GSTATE, LFK_ID_NONE, bytes, sizeof(bytes));
}

void maker_example(struct maker *m)
{
    maker_log(m, 2, 1);
    maker_dir(m, 0, "sub", 4, 5);
    maker_file(m, 1, "x", "X");
    maker_tail(m, LFK_TYPE_SOFT_TAIL, 4, 5);
    maker_end(m);
    maker_log(m, 4, 1);
    maker_file(m, 0, "deep", "D");
    maker_end(m);
}

uint32_t move_of(uint32_t id)
{
    return UINT32_C(0x4ff) << 20 | id << 10;
}

void maker_list(struct maker *m, const uint32_t *blocks, const uint8_t *content, uint32_t size)
{
    for (uint32_t i = 0; size > 0; i++) {
        uint8_t *block = maker_block(m, blocks[i]);
        uint32_t offset = 0;
        for (uint32_t step = 1; i > 0 && i % step == 0; step *= 2) {
            lfk_put_le32(block + offset, blocks[i - step]);
            offset += 4;
        }
        uint32_t take = lfk_min(size, m->block_size - offset);
        memcpy(block + offset, content, take);
        content += take;
        size -= take;
    }
}
