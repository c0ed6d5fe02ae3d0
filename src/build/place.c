/* SPDX-License-Identifier: MIT */
/*
 * What each node becomes and where it goes: inline or in blocks, and in which
 * blocks. Everything that cannot be stored is found here, before a byte is
 * written.
 */
#include "plan.h"

static bool fits_inline(const struct lfk_build *build, const struct lfk_node *node)
{
    const struct lfk_build_options *o = &build->report.options;
    uint32_t inline_max = o->inline_max == UINT32_MAX ? 0 : o->inline_max;
    return node->type == LFK_NODE_FILE && node->size <= inline_max &&
           lfk_build_entry_size(node, true) <= build->entry_room;
}

static int check_attributes(const struct lfk_build *build, const struct lfk_node *node,
                            struct lfk_detail *detail)
{
    uint32_t limit = build->report.options.attr_max;
    for (const struct lfk_attribute *a = node->attributes; a != NULL; a = a->next) {
        if (a->size > limit) {
            return lfk_fail_field(detail, LFK_ERR_NOSPC, "attribute is too large", "attr_max",
                                  limit, a->size);
        }
    }
    return LFK_OK;
}

/* Can the node be stored at all under these options? */
static int check_node(const struct lfk_build *build, const struct lfk_node *node,
                      struct lfk_detail *detail)
{
    const struct lfk_build_options *o = &build->report.options;
    if (node->name_size > o->name_max) {
        return lfk_fail_field(detail, LFK_ERR_NAMETOOLONG, "name is too long", "name_max",
                              o->name_max, node->name_size);
    }
    if (node->type == LFK_NODE_FILE && node->size > o->file_max) {
        return lfk_fail_field(detail, LFK_ERR_FBIG, "file is too large", "file_max", o->file_max,
                              node->size);
    }
    TRY(check_attributes(build, node, detail));

    uint64_t size = node->parent != NULL
                        ? lfk_build_entry_size(node, fits_inline(build, node))
                        : LFK_SUPERBLOCK_ENTRY_SIZE + lfk_build_attributes_size(node);
    if (size > build->entry_room) {
        return lfk_fail_field(detail, LFK_ERR_NOSPC,
                              "name and attributes do not fit in one metadata block", "block_size",
                              build->entry_room, size);
    }
    return LFK_OK;
}

static void count_node(struct lfk_build *build, const struct lfk_node *node)
{
    struct lfk_build_report *r = &build->report;
    if (node->type == LFK_NODE_DIR) {
        r->directories += node->parent != NULL;
        return;
    }
    r->files++;
    r->file_bytes += node->size;
    r->inline_files += build->start[node->index] == LFK_BLOCK_NULL;
}

static void report_node(const struct lfk_build *build, const struct lfk_node *node,
                        const struct lfk_detail *detail)
{
    const struct lfk_build_options *o = &build->report.options;
    if (o->report != NULL) {
        o->report(o->report_context, node, detail);
    }
}

int lfk_build_classify(struct lfk_build *build, struct lfk_detail *detail)
{
    struct lfk_node *root = lfk_tree_root(build->tree);
    const struct lfk_node *twin = NULL;
    int status = lfk_tree_sort(build->tree, &twin);
    if (status < 0) {
        struct lfk_detail problem = {0};
        status = lfk_fail(&problem, status, "two entries have this name");
        report_node(build, twin, &problem);
        if (detail != NULL) {
            *detail = problem;
        }
        return status;
    }

    for (const struct lfk_node *node = root; node != NULL; node = lfk_node_next(root, node)) {
        struct lfk_detail problem = {0};
        int result = check_node(build, node, &problem);
        if (result < 0) {
            report_node(build, node, &problem);
            if (status == LFK_OK && detail != NULL) {
                *detail = problem;
            }
            status = status < 0 ? status : result;
        }
        /* Block 0 stands for "in blocks" until the file gets its place. */
        build->start[node->index] = fits_inline(build, node) ? LFK_BLOCK_NULL : 0;
        count_node(build, node);
    }
    return status;
}

/* As many blocks as are used and the head room asked for. */
static uint64_t smallest_count(const struct lfk_build_options *o, uint64_t used)
{
    uint64_t count = used + o->free_blocks;
    uint64_t share = 100 - (uint64_t)o->free_percent;
    uint64_t with_percent = (used * 100 + share - 1) / share;
    return count > with_percent ? count : with_percent;
}

static int settle_count(struct lfk_build *build, uint64_t used, struct lfk_detail *detail)
{
    struct lfk_build_options *o = &build->report.options;
    if (o->block_count != 0) {
        if (used > o->block_count) {
            return lfk_fail_field(detail, LFK_ERR_NOSPC, "the tree does not fit in the volume",
                                  "block_count", used, o->block_count);
        }
        return LFK_OK;
    }
    uint64_t count = smallest_count(o, used);
    if (count > LFK_BLOCK_NULL - 1) {
        return lfk_fail_field(detail, LFK_ERR_FBIG,
                              "the volume would have more blocks than littlefs can count",
                              "block_size", LFK_BLOCK_NULL - 1, count);
    }
    o->block_count = (uint32_t)count;
    return LFK_OK;
}

int lfk_build_place(struct lfk_build *build, struct lfk_detail *detail)
{
    const struct lfk_node *root = lfk_tree_root(build->tree);
    uint32_t block_size = build->report.options.block_size;
    uint64_t next = 2 * (uint64_t)build->pair_count;

    build->report.metadata_blocks = (uint32_t)next;
    for (const struct lfk_node *node = root; node != NULL; node = lfk_node_next(root, node)) {
        if (node->type == LFK_NODE_FILE && build->start[node->index] != LFK_BLOCK_NULL) {
            build->start[node->index] = (uint32_t)next;
            next += lfk_ctz_blocks(block_size, (uint32_t)node->size);
        }
    }
    /* Numbers past 2^32 were cut above, but then the count is refused here. */
    TRY(settle_count(build, next, detail));
    build->report.blocks_used = (uint32_t)next;
    return LFK_OK;
}
