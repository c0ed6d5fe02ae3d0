/* SPDX-License-Identifier: MIT */
#include "flash_pairs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const struct flash_shape usual_shape = {
    .block_size = 512,
    .block_count = 32,
    .prog_size = 16,
    .erase_value = 0xff,
    .disk_version = LFK_DISK_2_1,
};

/* --- open and close ------------------------------------------------------------ */

static void mark_pair(struct lfk_blockmap *map, struct lfk_pair pair)
{
    lfk_blockmap_mark(map, pair.block[0]);
    lfk_blockmap_mark(map, pair.block[1]);
}

static int mark_mdir(void *context, const struct lfk_mdir *mdir)
{
    mark_pair(context, mdir->pair);
    mark_pair(context, mdir->tail);
    for (uint32_t id = 0; id < mdir->count; id++) {
        mark_pair(context, lfk_entry_pair(&mdir->entries[id]));
    }
    return 0;
}

static int mark_used(void *context, struct lfk_blockmap *map, struct lfk_detail *detail)
{
    const struct flash_pairs *p = context;
    (void)detail;
    for (const struct lfk_mdir *mdir = p->mdirs.first; mdir != NULL; mdir = mdir->next) {
        (void)mark_mdir(map, mdir);
    }
    for (uint32_t block = p->reserved; p->reserved != 0 && block < map->block_count; block++) {
        lfk_blockmap_mark(map, block);
    }
    return lfk_mdirs_visit_superseded(&p->mdirs, mark_mdir, map);
}

static void open_mdirs_writing(struct flash_pairs *p, const struct flash_shape *shape)
{
    const struct lfk_mdirs_writing writing = {
        .format = {.block_size = shape->block_size,
                   .prog_size = shape->prog_size,
                   .limit = shape->block_size,
                   .disk_version = shape->disk_version},
        .block_cycles = shape->block_cycles,
        .blocks = &p->blocks,
    };
    p->shape = *shape;
    p->flash.prog_size = shape->prog_size;
    lfk_mdirs_open(&p->mdirs, &p->flash.bd, NULL);
    assert_int_equal(lfk_mdirs_open_writing(&p->mdirs, &writing, NULL), LFK_OK);
    lfk_blockmap_open(&p->blocks, shape->block_count, 2, mark_used, p, NULL);
}

static void close_mdirs_writing(struct flash_pairs *p)
{
    lfk_mdirs_close(&p->mdirs);
    lfk_blockmap_close(&p->blocks);
}

/* Reads the list from its start. */
static void read_list(struct flash_pairs *p)
{
    struct lfk_mdirs *mdirs = &p->mdirs;
    struct lfk_pair pair = LFK_PAIR_ROOT;
    struct lfk_mdir *last = NULL;
    while (!lfk_pair_is_null(pair)) {
        struct lfk_mdir *mdir;
        assert_int_equal(lfk_mdirs_get(mdirs, pair, &mdir, NULL), LFK_OK);
        mdir->prev = last;
        *(last == NULL ? &mdirs->first : &last->next) = mdir;
        mdirs->root = lfk_mdir_is_superblock(mdir, 0) ? mdir : mdirs->root;
        lfk_gstate_xor(&mdirs->gdisk, &mdir->delta);
        pair = mdir->tail;
        last = mdir;
    }
    mdirs->block_count = p->shape.block_count;
    mdirs->gstate = mdirs->gdisk;
    mdirs->orphans = lfk_gstate_has_orphans(&mdirs->gdisk);
    lfk_mdirs_adopt_all(mdirs);
}

void pairs_open(struct flash_pairs *p, const struct flash_shape *shape)
{
    const struct lfk_superblock superblock = {shape->disk_version, shape->block_size,
                                              shape->block_count,  255,
                                              LFK_FILE_MAX,        LFK_ATTR_MAX};
    *p = (struct flash_pairs){.reserved = 0};
    flash_open(&p->flash, shape->block_size, shape->block_count, shape->prog_size,
               shape->erase_value);
    open_mdirs_writing(p, shape);
    assert_int_equal(lfk_mdirs_format(&p->mdirs, &superblock, NULL), LFK_OK);
    read_list(p);
}

void pairs_reopen(struct flash_pairs *p, const struct flash_shape *shape)
{
    close_mdirs_writing(p);
    open_mdirs_writing(p, shape);
    read_list(p);
}

void pairs_close(struct flash_pairs *p)
{
    assert_string_equal(p->flash.breach, "");
    close_mdirs_writing(p);
    flash_close(&p->flash);
}

/* --- what is on the flash ---------------------------------------------------------- */

static void check_bytes(const void *a, const void *b, size_t size)
{
    assert_int_equal(a == NULL, b == NULL);
    if (size > 0) {
        assert_memory_equal(a, b, size);
    }
}

static void check_entry(const struct lfk_entry *a, const struct lfk_entry *b)
{
    assert_int_equal(a->name_type, b->name_type);
    assert_int_equal(a->name_size, b->name_size);
    check_bytes(a->name, b->name, a->name_size);
    assert_int_equal(a->struct_type, b->struct_type);
    assert_int_equal(a->data_size, b->data_size);
    check_bytes(a->data, b->data, a->data_size);
    const struct lfk_mdir_attribute *x = a->attributes;
    const struct lfk_mdir_attribute *y = b->attributes;
    for (; x != NULL && y != NULL; x = x->next, y = y->next) {
        assert_int_equal(x->type, y->type);
        assert_int_equal(x->size, y->size);
        check_bytes(x->data, y->data, x->size);
    }
    assert_true(x == NULL && y == NULL);
}

static void check_mdir(const struct lfk_mdir *a, const struct lfk_mdir *b)
{
    assert_int_equal(a->pair.block[0], b->pair.block[0]);
    assert_int_equal(a->pair.block[1], b->pair.block[1]);
    assert_int_equal(a->log.end, b->log.end);
    assert_int_equal(a->log.chain, b->log.chain);
    assert_int_equal(a->log.revision, b->log.revision);
    assert_int_equal(a->log.last_crc, b->log.last_crc);
    assert_true(lfk_pair_same(a->tail, b->tail));
    assert_int_equal(a->tail_hard, b->tail_hard);
    assert_memory_equal(&a->delta, &b->delta, sizeof(a->delta));
    assert_int_equal(a->count, b->count);
    for (uint32_t id = 0; id < a->count; id++) {
        check_entry(&a->entries[id], &b->entries[id]);
    }
}

/* A directory's entry leads to a pair on the list that knows it. */
static void check_children(const struct flash_pairs *p, const struct lfk_mdir *mdir)
{
    for (uint32_t id = 0; id < mdir->count; id++) {
        struct lfk_pair pair = lfk_entry_pair(&mdir->entries[id]);
        if (lfk_pair_is_null(pair)) {
            continue;
        }
        const struct lfk_mdir *head = p->mdirs.first;
        while (head != NULL && !lfk_pair_same(head->pair, pair)) {
            head = head->next;
        }
        assert_true(head != NULL && head->parent == mdir);
    }
}

void pairs_check(struct flash_pairs *p)
{
    struct lfk_mdirs reader;
    struct lfk_gstate sum = {0};
    struct lfk_pair pair = LFK_PAIR_ROOT;
    lfk_mdirs_open(&reader, &p->flash.bd, NULL);
    for (const struct lfk_mdir *mdir = p->mdirs.first; mdir != NULL; mdir = mdir->next) {
        struct lfk_mdir *found;
        assert_true(lfk_pair_same(pair, mdir->pair));
        assert_int_equal(lfk_mdirs_get(&reader, pair, &found, NULL), LFK_OK);
        check_mdir(mdir, found);
        check_children(p, mdir);
        assert_true(mdir->next == NULL || mdir->next->prev == mdir);
        lfk_gstate_xor(&sum, &found->delta);
        pair = found->tail;
    }
    assert_true(lfk_pair_is_null(pair));
    assert_memory_equal(&sum, &p->mdirs.gdisk, sizeof(sum));
    assert_string_equal(p->flash.breach, "");
    lfk_mdirs_close(&reader);
}

/* --- edits ------------------------------------------------------------------------- */

void edit(struct edits *e, uint32_t type, uint32_t id, const void *data, size_t size)
{
    assert_in_range(e->count, 0, sizeof(e->edits) / sizeof(e->edits[0]) - 1);
    e->edits[e->count++] = (struct lfk_edit){lfk_tag_make(type, id, (uint32_t)size), data};
}

void edit_delete(struct edits *e, uint32_t id)
{
    edit(e, LFK_TYPE_DELETE, id, NULL, 0);
}

void edit_content(struct edits *e, uint32_t id, const char *content)
{
    edit(e, LFK_TYPE_INLINE_STRUCT, id, content, strlen(content));
}

void edit_file(struct edits *e, uint32_t id, const char *name, const char *content)
{
    edit(e, LFK_TYPE_CREATE, id, NULL, 0);
    edit(e, LFK_TYPE_FILE, id, name, strlen(name));
    edit_content(e, id, content);
}

void edit_attribute(struct edits *e, uint32_t id, uint8_t type, const char *value)
{
    edit(e, LFK_TYPE_ATTRIBUTE + type, id, value, strlen(value));
}

void pairs_commit(struct flash_pairs *p, struct lfk_mdir *mdir, const struct edits *e)
{
    lfk_blockmap_checkpoint(&p->blocks);
    assert_int_equal(lfk_mdirs_commit(&p->mdirs, mdir, e->edits, e->count, NULL), LFK_OK);
}

/* --- directories --------------------------------------------------------------------- */

bool pairs_find(struct lfk_mdir *head, const char *name, struct lfk_mdir **mdir, uint32_t *id)
{
    for (*mdir = head;; *mdir = (*mdir)->next) {
        bool found = lfk_mdir_lookup(*mdir, name, strlen(name), id);
        if (found || *id < (*mdir)->count || !(*mdir)->tail_hard) {
            return found;
        }
    }
}

void pairs_put(struct flash_pairs *p, struct lfk_mdir *head, const char *name, const char *content)
{
    struct edits e = {.count = 0};
    struct lfk_mdir *mdir;
    uint32_t id;
    if (pairs_find(head, name, &mdir, &id)) {
        edit_content(&e, id, content);
    } else {
        edit_file(&e, id, name, content);
    }
    pairs_commit(p, mdir, &e);
}

void pairs_remove(struct flash_pairs *p, struct lfk_mdir *head, const char *name)
{
    struct edits e = {.count = 0};
    struct lfk_mdir *mdir;
    uint32_t id;
    assert_true(pairs_find(head, name, &mdir, &id));
    edit_delete(&e, id);
    pairs_commit(p, mdir, &e);
}

struct lfk_mdir *pairs_mkdir(struct flash_pairs *p, struct lfk_mdir *parent, const char *name)
{
    struct edits e = {.count = 0};
    struct lfk_mdir *made;
    uint32_t id;
    assert_false(parent->tail_hard);
    assert_false(lfk_mdir_lookup(parent, name, strlen(name), &id));
    assert_int_equal(lfk_mdirs_create(&p->mdirs, parent->tail, &made, NULL), LFK_OK);
    lfk_pair_encode(made->pair, e.pair);
    edit(&e, LFK_TYPE_CREATE, id, NULL, 0);
    edit(&e, LFK_TYPE_DIR, id, name, strlen(name));
    edit(&e, LFK_TYPE_DIR_STRUCT, id, e.pair, sizeof(e.pair));
    edit(&e, LFK_TYPE_SOFT_TAIL, LFK_ID_NONE, e.pair, sizeof(e.pair));
    lfk_mdir_link(parent, made);
    assert_int_equal(lfk_mdirs_commit(&p->mdirs, parent, e.edits, e.count, NULL), LFK_OK);
    return made;
}

uint32_t pairs_count(const struct lfk_mdir *head)
{
    uint32_t count = 1;
    for (; head->tail_hard; head = head->next) {
        count++;
    }
    return count;
}
