/* SPDX-License-Identifier: MIT */
/*
 * Entries into metadata pairs: each directory's entries, in order, fill one
 * pair after the other. Filling greedily takes the fewest pairs, as the order is
 * fixed; filled evenly, a directory takes as many. A pair never holds more than
 * a compaction by a driver may leave in it.
 */
#include "plan.h"

uint64_t lfk_build_attributes_size(const struct lfk_node *node)
{
    uint64_t size = 0;
    for (const struct lfk_attribute *a = node->attributes; a != NULL; a = a->next) {
        size += 4 + (uint64_t)a->size;
    }
    return size;
}

uint64_t lfk_build_entry_size(const struct lfk_node *node, bool inlined)
{
    uint64_t structure = inlined ? node->size : 8;
    return 4 + node->name_size + 4 + structure + lfk_build_attributes_size(node);
}

static int add_pair(struct lfk_build *build, const struct lfk_node *directory,
                    struct lfk_pair_plan **pair, struct lfk_detail *detail)
{
    void *pairs = build->pairs;
    /* Half of 2^32 - 2, so that block numbers of pairs always fit. */
    if (build->pair_count >= LFK_BLOCK_NULL / 2 - 1) {
        return lfk_fail(detail, LFK_ERR_FBIG, "the tree needs more blocks than littlefs can count");
    }
    if (lfk_grow(build->allocator, &pairs, &build->pair_slots, build->pair_count + 1,
                 sizeof(*build->pairs)) < 0) {
        return lfk_fail_nomem(detail);
    }
    build->pairs = pairs;
    *pair = &build->pairs[build->pair_count++];
    **pair = (struct lfk_pair_plan){.directory = directory};
    return LFK_OK;
}

static bool is_inline(const struct lfk_build *build, const struct lfk_node *node)
{
    return node->type == LFK_NODE_FILE && build->start[node->index] == LFK_BLOCK_NULL;
}

/* Bytes and entries that the directory's first pair has before its first entry. */
static uint64_t start_of(const struct lfk_node *directory, uint32_t *slots)
{
    *slots = LFK_PAIR_ENTRIES_MAX;
    if (directory->parent != NULL) {
        return 0;
    }
    --*slots;
    return LFK_SUPERBLOCK_ENTRY_SIZE + lfk_build_attributes_size(directory);
}

/* How many pairs the directory takes when each is filled to `room`; not more than `most` + 1. */
static size_t count_pairs(const struct lfk_build *build, const struct lfk_node *directory,
                          uint64_t room, size_t most)
{
    uint32_t slots;
    uint64_t used = start_of(directory, &slots);
    size_t pairs = 1;
    for (const struct lfk_node *node = directory->first; node != NULL && pairs <= most;
         node = node->next) {
        uint64_t size = lfk_build_entry_size(node, is_inline(build, node));
        if ((used > 0 && used + size > room) || slots == 0) {
            pairs++;
            used = 0;
            slots = LFK_PAIR_ENTRIES_MAX;
        }
        slots--;
        used += size;
    }
    return pairs;
}

/*
 * The bytes that a pair of the directory is filled to. Evenly means: the least
 * with which it takes no more pairs than it must.
 */
static uint64_t room_of(const struct lfk_build *build, const struct lfk_node *directory)
{
    uint64_t high = build->pair_room;
    if (!build->report.options.fill_evenly) {
        return high;
    }
    size_t pairs = count_pairs(build, directory, high, SIZE_MAX - 1);
    uint64_t low = 0;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (count_pairs(build, directory, middle, pairs) > pairs) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return high;
}

static int pack_directory(struct lfk_build *build, const struct lfk_node *directory,
                          struct lfk_detail *detail)
{
    struct lfk_pair_plan *pair;
    build->start[directory->index] = (uint32_t)build->pair_count;
    TRY(add_pair(build, directory, &pair, detail));

    uint64_t room = room_of(build, directory);
    uint32_t slots;
    uint64_t used = start_of(directory, &slots);
    for (const struct lfk_node *node = directory->first; node != NULL; node = node->next) {
        uint64_t size = lfk_build_entry_size(node, is_inline(build, node));
        /* An entry larger than the packing limit has a pair of its own. */
        if ((used > 0 && used + size > room) || slots == 0) {
            TRY(add_pair(build, directory, &pair, detail));
            used = 0;
            slots = LFK_PAIR_ENTRIES_MAX;
        }
        if (pair->first == NULL) {
            pair->first = node;
        }
        pair->entries++;
        slots--;
        used += size;
    }
    return LFK_OK;
}

int lfk_build_pack(struct lfk_build *build, struct lfk_detail *detail)
{
    const struct lfk_node *root = lfk_tree_root(build->tree);
    for (const struct lfk_node *node = root; node != NULL; node = lfk_node_next(root, node)) {
        if (node->type == LFK_NODE_DIR) {
            TRY(pack_directory(build, node, detail));
        }
    }
    return LFK_OK;
}
