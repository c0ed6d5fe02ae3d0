/* SPDX-License-Identifier: MIT */
/*
 * One check from its start to its outcome. What is needed only on the way is
 * given back before the outcome is handed out.
 */
#include "checker.h"

#include <string.h>

static int create(struct lfk_check **check, const struct lfk_check_options *options,
                  struct lfk_detail *detail)
{
    static const struct lfk_check_options defaults = {.size = sizeof(defaults)};
    const struct lfk_check_options *given = options != NULL ? options : &defaults;
    if (given->size != sizeof(*given)) {
        return lfk_fail_field(detail, LFK_ERR_INVAL, "the options have another size", "size",
                              sizeof(*given), given->size);
    }
    struct lfk_check *c = lfk_alloc_zeroed(given->allocator, 1, sizeof(*c));
    if (c == NULL) {
        return lfk_fail_nomem(detail);
    }
    c->allocator = given->allocator;
    c->options = *given;
    c->detail = detail;
    c->root = LFK_CHECK_NONE;
    c->hidden = LFK_CHECK_NONE;
    c->names.allocator = given->allocator;
    c->copies.allocator = given->allocator;
    *check = c;
    return LFK_OK;
}

/* Makes the tables that have a place for each block of the image. */
static int make_tables(struct lfk_check *check)
{
    const struct lfk_allocator *allocator = check->allocator;
    size_t blocks = check->bd->block_count;
    check->owners = lfk_alloc_zeroed(allocator, blocks, sizeof(check->owners[0]));
    check->shared = lfk_alloc_zeroed(allocator, blocks, sizeof(check->shared[0]));
    check->log_of = lfk_alloc_zeroed(allocator, blocks, sizeof(check->log_of[0]));
    check->pair_of = lfk_alloc_zeroed(allocator, blocks, sizeof(check->pair_of[0]));
    check->slots = lfk_alloc_zeroed(allocator, LFK_CHECK_ENTRIES_MAX, sizeof(check->slots[0]));
    check->named = lfk_alloc_zeroed(allocator, LFK_CHECK_ENTRIES_MAX, sizeof(check->named[0]));
    check->positions =
        lfk_alloc_zeroed(allocator, LFK_CHECK_ENTRIES_MAX, sizeof(check->positions[0]));
    if (check->owners == NULL || check->shared == NULL || check->log_of == NULL ||
        check->pair_of == NULL || check->slots == NULL || check->named == NULL ||
        check->positions == NULL) {
        return lfk_fail_nomem(check->detail);
    }
    memset(check->pair_of, 0xff, blocks * sizeof(check->pair_of[0])); /* LFK_CHECK_NONE */
    return LFK_OK;
}

static int check_limit(uint32_t accepted, uint32_t stored, const char *what, const char *field,
                       struct lfk_detail *detail)
{
    return accepted == 0 || stored <= accepted
               ? LFK_OK
               : lfk_fail_field(detail, LFK_ERR_INVAL, what, field, accepted, stored);
}

/* Holds what the image says against what the caller believes. */
static int check_options(const struct lfk_check *check)
{
    static const char what[] = "the volume's limit is larger";
    const struct lfk_superblock *s = &check->superblock;
    const struct lfk_check_options *o = &check->options;
    if (o->block_count != 0 && check->root != LFK_CHECK_NONE && o->block_count != s->block_count) {
        return lfk_fail_field(check->detail, LFK_ERR_INVAL, "the volume has another block count",
                              "block_count", o->block_count, s->block_count);
    }
    TRY(check_limit(o->name_max, s->name_max, what, "name_max", check->detail));
    TRY(check_limit(o->file_max, s->file_max, what, "file_max", check->detail));
    return check_limit(o->attr_max, s->attr_max, what, "attr_max", check->detail);
}

static int run(struct lfk_check *check)
{
    check->limit = check->bd->block_count;
    check->info.block_size = check->bd->block_size;
    check->info.image_size = check->bd->size;
    TRY(make_tables(check));
    TRY(lfk_check_walk(check));
    TRY(lfk_check_superblocks(check));
    TRY(check_options(check));
    lfk_check_state(check);
    TRY(lfk_check_directories(check));
    lfk_check_twins(check);
    lfk_check_claim_pairs(check);
    TRY(lfk_check_files(check));
    lfk_check_moved(check);
    if (check->status == LFK_OK && check->options.report != NULL) {
        check->status = lfk_check_deliver(check);
    }
    return check->status < 0 ? lfk_fail_nomem(check->detail) : LFK_OK;
}

/* Gives back what the outcome does not need. */
static void finish(struct lfk_check *check)
{
    const struct lfk_allocator *allocator = check->allocator;
    void *const parts[] = {check->notes,   check->logs,      check->log_of, check->pair_of,
                           check->slots,   check->positions, check->named,  check->list,
                           check->records, check->waiting};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        lfk_free(allocator, parts[i]);
    }
    check->notes = NULL;
    check->logs = NULL;
    check->log_of = NULL;
    check->pair_of = NULL;
    check->slots = NULL;
    check->named = NULL;
    check->positions = NULL;
    check->list = NULL;
    check->waiting = NULL;
    check->records = NULL;
    check->bd = NULL;
    check->detail = NULL;
    lfk_arena_free(&check->copies);
}

int lfk_check_device(struct lfk_check **check, struct lfk_bd *bd,
                     const struct lfk_check_options *options, struct lfk_detail *detail)
{
    struct lfk_check *c;
    TRY(create(&c, options, detail));
    c->bd = bd;
    int result = run(c);
    finish(c);
    if (result < 0) {
        lfk_check_close(c);
        return result;
    }
    *check = c;
    return LFK_OK;
}

int lfk_check_unreadable(struct lfk_check **check, uint64_t image_size,
                         const struct lfk_detail *reason, const struct lfk_check_options *options,
                         struct lfk_detail *detail)
{
    struct lfk_check *c;
    const struct lfk_finding place = {
        .field = reason->field,
        .has_block = reason->has_block,
        .has_offset = reason->has_offset,
        .has_values = reason->has_values,
        .block = reason->block,
        .offset = reason->offset,
        .expected = reason->expected,
        .found = reason->found,
    };
    TRY(create(&c, options, detail));
    c->info.image_size = image_size;
    lfk_check_tell(c, LFK_FINDING_SUPERBLOCK_NONE, LFK_ABOUT_VOLUME, place);
    int result = c->status;
    if (result == LFK_OK && c->options.report != NULL) {
        result = lfk_check_deliver(c);
    }
    finish(c);
    if (result < 0) {
        lfk_check_close(c);
        return lfk_fail_nomem(detail);
    }
    *check = c;
    return LFK_OK;
}

void lfk_check_close(struct lfk_check *check)
{
    if (check != NULL) {
        const struct lfk_allocator *allocator = check->allocator;
        lfk_free(allocator, check->entries);
        lfk_free(allocator, check->pairs);
        lfk_free(allocator, check->directories);
        lfk_free(allocator, check->owners);
        lfk_free(allocator, check->shared);
        lfk_arena_free(&check->names);
        lfk_free(allocator, check);
    }
}

void lfk_check_info(const struct lfk_check *check, struct lfk_check_info *info)
{
    *info = check->info;
}
