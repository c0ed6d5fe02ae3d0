/* SPDX-License-Identifier: MIT */
/*
 * The build from outside: plan, report, write, close. The order of the calls
 * in lfk_build_plan is the order in which things can be known: what is inline,
 * then how entries fall into pairs, then where the files' blocks begin.
 */
#include "plan.h"

#include <string.h>

/* Revisions start at 1: an erased twin reads as -1, which is older. */
#define FIRST_REVISION 1u

static int make_plan(struct lfk_build *build, struct lfk_detail *detail)
{
    struct lfk_build_options *o = &build->report.options;
    uint32_t fcrc_size;
    TRY(lfk_build_settle(o, &fcrc_size, detail));
    build->format = (struct lfk_commit_format){
        .block_size = o->block_size,
        .prog_size = o->prog_size,
        .limit = o->metadata_max,
        .disk_version = o->disk_version,
        .fcrc_size = fcrc_size,
    };
    build->entry_room = o->metadata_max - LFK_COMPACT_RESERVE;
    build->pair_room = (uint32_t)((uint64_t)build->entry_room * o->fill_percent / 100);

    build->start =
        lfk_alloc_zeroed(build->allocator, lfk_tree_count(build->tree), sizeof(*build->start));
    if (build->start == NULL) {
        return lfk_fail_nomem(detail);
    }
    TRY(lfk_build_classify(build, detail));
    TRY(lfk_build_pack(build, detail));
    return lfk_build_place(build, detail);
}

int lfk_build_plan(struct lfk_build **build, struct lfk_tree *tree,
                   const struct lfk_build_options *options, struct lfk_detail *detail)
{
    struct lfk_build_options given;
    TRY(lfk_options_take(&given, sizeof(given), options, detail));
    struct lfk_build *b = lfk_alloc_zeroed(given.allocator, 1, sizeof(*b));
    if (b == NULL) {
        return lfk_fail_nomem(detail);
    }
    b->allocator = given.allocator;
    b->report.options = given;
    b->tree = tree;
    int status = make_plan(b, detail);
    if (status < 0) {
        lfk_build_close(b);
        return status;
    }
    *build = b;
    return LFK_OK;
}

const struct lfk_build_report *lfk_build_report(const struct lfk_build *build)
{
    return &build->report;
}

/* The root pair is in both of its blocks; of any other the second stays erased. */
static int write_root_pair(const struct lfk_build *build, uint8_t *block, struct lfk_sink *sink,
                           struct lfk_detail *detail)
{
    uint32_t block_size = build->format.block_size;
    struct lfk_span span = {block, block_size};
    uint32_t revision = lfk_get_le32(block);

    lfk_build_set_revision(block, block_size, revision - 1);
    TRY(sink->write(sink, &span, 1, detail));
    lfk_build_set_revision(block, block_size, revision);
    return sink->write(sink, &span, 1, detail);
}

static int write_metadata(const struct lfk_build *build, uint8_t *block, const uint8_t *erased,
                          struct lfk_sink *sink, const struct lfk_node **unread,
                          struct lfk_detail *detail)
{
    uint32_t block_size = build->format.block_size;
    struct lfk_span spans[2] = {{block, block_size}, {erased, block_size}};
    uint32_t seed = 0;

    for (size_t pair = 0; pair < build->pair_count; pair++) {
        uint32_t revision = pair == 0 ? FIRST_REVISION + 1 : FIRST_REVISION;
        TRY(lfk_build_encode_pair(build, pair, revision, block, unread, detail));
        if (pair + 1 == build->pair_count) {
            lfk_build_choose_revision(build, seed, block, revision);
        } else {
            seed = lfk_build_seed(seed, block, block_size);
        }
        TRY(pair == 0 ? write_root_pair(build, block, sink, detail)
                      : sink->write(sink, spans, 2, detail));
    }
    return LFK_OK;
}

static int write_data(const struct lfk_build *build, const uint8_t *erased, struct lfk_sink *sink,
                      const struct lfk_node **unread, struct lfk_detail *detail)
{
    const struct lfk_node *root = lfk_tree_root(build->tree);
    for (const struct lfk_node *n = root; n != NULL; n = lfk_node_next(root, n)) {
        if (n->type == LFK_NODE_FILE && build->start[n->index] != LFK_BLOCK_NULL) {
            TRY(lfk_build_write_file(build, n, erased, sink, unread, detail));
        }
    }
    return LFK_OK;
}

int lfk_build_write(struct lfk_build *build, struct lfk_sink *sink, const struct lfk_node **node,
                    struct lfk_detail *detail)
{
    uint32_t block_size = build->format.block_size;
    const struct lfk_node *unread = NULL;
    uint8_t *blocks = lfk_alloc_zeroed(build->allocator, 2, block_size);
    if (blocks == NULL) {
        return lfk_fail_nomem(detail);
    }
    uint8_t *erased = blocks + block_size;
    memset(erased, 0xff, block_size);

    int status = write_metadata(build, blocks, erased, sink, &unread, detail);
    if (status >= 0) {
        status = write_data(build, erased, sink, &unread, detail);
    }
    lfk_free(build->allocator, blocks);
    if (node != NULL) {
        *node = unread;
    }
    return status;
}

void lfk_build_close(struct lfk_build *build)
{
    if (build == NULL) {
        return;
    }
    const struct lfk_allocator *allocator = build->allocator;
    lfk_free(allocator, build->start);
    lfk_free(allocator, build->pairs);
    lfk_free(allocator, build);
}
