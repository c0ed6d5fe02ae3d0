/* SPDX-License-Identifier: MIT */
/*
 * A metadata pair's block: revision, entries by rising id, tail, and the CRC
 * that closes the one commit. Offsets of entries are as lfk_build_pack
 * counted them, so the block always suffices.
 */
#include "plan.h"

#include <string.h>

static void add_attributes(struct lfk_commit *commit, const struct lfk_node *node, uint32_t id)
{
    for (const struct lfk_attribute *a = node->attributes; a != NULL; a = a->next) {
        lfk_commit_add(commit, lfk_tag_make(LFK_TYPE_ATTRIBUTE + a->type, id, a->size), a->data);
    }
}

static void add_superblock(const struct lfk_build *build, struct lfk_commit *commit)
{
    const struct lfk_build_options *o = &build->report.options;
    uint8_t bytes[LFK_SUPERBLOCK_SIZE];
    struct lfk_superblock superblock = {
        .version = o->disk_version,
        .block_size = o->block_size,
        .block_count = o->block_count,
        .name_max = o->name_max,
        .file_max = o->file_max,
        .attr_max = o->attr_max,
    };
    lfk_superblock_encode(&superblock, bytes);
    lfk_commit_add(commit, lfk_tag_make(LFK_TYPE_SUPERBLOCK, 0, LFK_MAGIC_SIZE), LFK_MAGIC);
    lfk_commit_add(commit, lfk_tag_make(LFK_TYPE_INLINE_STRUCT, 0, sizeof(bytes)), bytes);
    add_attributes(commit, lfk_tree_root(build->tree), 0);
}

static int read_whole(const struct lfk_node *node, uint8_t *bytes, struct lfk_detail *detail)
{
    struct lfk_reader reader = {0};
    struct lfk_span span;
    size_t filled = 0;
    int status = lfk_reader_open(&reader, node, detail);
    while (status >= 0 && (status = lfk_reader_next(&reader, &span, 1, detail)) > 0) {
        memcpy(bytes + filled, span.data, span.size);
        filled += span.size;
    }
    lfk_reader_close(&reader);
    return status;
}

static int add_inline(struct lfk_commit *commit, const struct lfk_node *node, uint32_t id,
                      struct lfk_detail *detail)
{
    uint8_t bytes[LFK_LENGTH_MAX];
    TRY(read_whole(node, bytes, detail));
    lfk_commit_add(commit, lfk_tag_make(LFK_TYPE_INLINE_STRUCT, id, (uint32_t)node->size), bytes);
    return LFK_OK;
}

static struct lfk_pair pair_at(size_t number)
{
    uint32_t block = 2 * (uint32_t)number;
    return (struct lfk_pair){{block, block + 1}};
}

static void add_dir(const struct lfk_build *build, struct lfk_commit *commit,
                    const struct lfk_node *node, uint32_t id)
{
    uint8_t bytes[LFK_PAIR_SIZE];
    lfk_pair_encode(pair_at(build->start[node->index]), bytes);
    lfk_commit_add(commit, lfk_tag_make(LFK_TYPE_DIR_STRUCT, id, sizeof(bytes)), bytes);
}

static void add_ctz(const struct lfk_build *build, struct lfk_commit *commit,
                    const struct lfk_node *node, uint32_t id)
{
    uint8_t bytes[8];
    uint32_t size = (uint32_t)node->size;
    uint32_t blocks = lfk_ctz_blocks(build->format.block_size, size);
    lfk_put_le32(bytes, build->start[node->index] + blocks - 1);
    lfk_put_le32(bytes + 4, size);
    lfk_commit_add(commit, lfk_tag_make(LFK_TYPE_CTZ_STRUCT, id, sizeof(bytes)), bytes);
}

static int add_entry(const struct lfk_build *build, struct lfk_commit *commit,
                     const struct lfk_node *node, uint32_t id, struct lfk_detail *detail)
{
    /* The node types are the tag types. */
    lfk_commit_add(commit, lfk_tag_make(node->type, id, (uint32_t)node->name_size), node->name);
    if (node->type == LFK_NODE_DIR) {
        add_dir(build, commit, node, id);
    } else if (build->start[node->index] == LFK_BLOCK_NULL) {
        TRY(add_inline(commit, node, id, detail));
    } else {
        add_ctz(build, commit, node, id);
    }
    add_attributes(commit, node, id);
    return LFK_OK;
}

static void add_tail(const struct lfk_build *build, struct lfk_commit *commit, size_t number)
{
    if (number + 1 == build->pair_count) {
        return;
    }
    bool hard = build->pairs[number + 1].directory == build->pairs[number].directory;
    uint8_t bytes[LFK_PAIR_SIZE];
    lfk_pair_encode(pair_at(number + 1), bytes);
    lfk_commit_add(commit, lfk_tag_tail(hard), bytes);
}

int lfk_build_encode_pair(const struct lfk_build *build, size_t pair, uint32_t revision,
                          uint8_t *block, const struct lfk_node **unread, struct lfk_detail *detail)
{
    const struct lfk_pair_plan *plan = &build->pairs[pair];
    struct lfk_commit commit;
    uint32_t id = 0;

    memset(block, 0xff, build->format.block_size);
    lfk_commit_start(&commit, &build->format, block, revision);
    if (pair == 0) {
        add_superblock(build, &commit);
        id = 1;
    }
    const struct lfk_node *entry = plan->first;
    for (uint32_t i = 0; i < plan->entries; i++, entry = entry->next) {
        int status = add_entry(build, &commit, entry, id + i, detail);
        if (status < 0) {
            *unread = entry;
            return status;
        }
    }
    add_tail(build, &commit, pair);
    if (lfk_commit_finish(&commit) < 0) {
        return lfk_fail_block(detail, LFK_ERR_NOSPC, "metadata does not fit in its block",
                              2 * (uint32_t)pair);
    }
    return LFK_OK;
}
