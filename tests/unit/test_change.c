/* SPDX-License-Identifier: MIT */
/*
 * Changes of pairs as a whole: what is in memory after random edits is what a
 * model says and what is on the flash; a change that fails has not happened,
 * whatever it was that failed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "flash_pairs.h"
#include "mdir_checker.h"
#include "scarce_memory.h"
#include "seed.h"

/* --- random edits ------------------------------------------------------------------ */

enum { NAMES = 60, VALUE_MAX = 40 };

/* A file as it should be; its content and its attribute are one letter so many times. */
struct model_file {
    bool present;
    bool has_attribute;
    uint8_t letter;
    uint8_t size;
    uint8_t attribute_size;
};

struct game {
    struct seed seed;
    struct flash_pairs p;
    struct lfk_mdir *d;
    struct model_file files[NAMES];
    uint8_t values[26][VALUE_MAX]; /* letters, so many times */
};

static const char *name_of(uint32_t number)
{
    static char name[16];
    snprintf(name, sizeof(name), "n%02u", (unsigned)number);
    return name;
}

static void check_file(const struct game *g, const struct model_file *file,
                       const struct lfk_entry *entry)
{
    assert_int_equal(entry->data_size, file->size);
    assert_memory_equal(entry->data, g->values[file->letter], file->size);
    const struct lfk_mdir_attribute *attribute = entry->attributes;
    assert_int_equal(attribute != NULL, file->has_attribute);
    if (attribute != NULL) {
        assert_int_equal(attribute->size, file->attribute_size);
        assert_memory_equal(attribute->data, g->values[file->letter], attribute->size);
        assert_null(attribute->next);
    }
}

static void check_game(struct game *g)
{
    uint32_t entries = 0;
    for (uint32_t number = 0; number < NAMES; number++) {
        struct lfk_mdir *mdir;
        uint32_t id;
        bool there = pairs_find(g->d, name_of(number), &mdir, &id);
        assert_int_equal(there, g->files[number].present);
        if (there) {
            check_file(g, &g->files[number], &mdir->entries[id]);
            entries++;
        }
    }
    for (const struct lfk_mdir *mdir = g->d; mdir != NULL; mdir = mdir->next) {
        entries -= mdir->count;
        if (!mdir->tail_hard) {
            break;
        }
    }
    assert_int_equal(entries, 0);
}

/* Adds the edits that make the file what the model says. */
static void edit_to(const struct game *g, struct edits *e, uint32_t id,
                    const struct model_file *file)
{
    const uint8_t *value = g->values[file->letter];
    edit(e, LFK_TYPE_INLINE_STRUCT, id, value, file->size);
    edit(e, LFK_TYPE_ATTRIBUTE + 7, id, file->has_attribute ? value : NULL,
         file->has_attribute ? file->attribute_size : LFK_LENGTH_DELETED);
}

static void draw_content(struct game *g, struct model_file *file)
{
    file->present = true;
    file->letter = (uint8_t)seed_below(&g->seed, 26);
    file->size = (uint8_t)seed_below(&g->seed, VALUE_MAX);
    file->has_attribute = seed_below(&g->seed, 3) == 0;
    file->attribute_size = (uint8_t)seed_below(&g->seed, VALUE_MAX);
}

/* One commit: of one file, and perhaps of another in the same pair. */
static void play(struct game *g)
{
    struct edits e = {.count = 0};
    struct lfk_mdir *mdir;
    uint32_t id;
    char name[16];
    uint32_t number = seed_below(&g->seed, NAMES);
    struct model_file *file = &g->files[number];
    snprintf(name, sizeof(name), "%s", name_of(number));
    bool there = pairs_find(g->d, name, &mdir, &id);
    uint32_t kind = seed_below(&g->seed, 5);
    if (there && kind < 2) {
        edit_delete(&e, id);
    }
    if (there && kind == 0) {
        file->present = false;
    } else {
        draw_content(g, file);
        if (e.count > 0 || !there) {
            edit(&e, LFK_TYPE_CREATE, id, NULL, 0);
            edit(&e, LFK_TYPE_FILE, id, name, strlen(name));
        }
        edit_to(g, &e, id, file);
    }
    if (file->present && id + 1 < mdir->count && seed_below(&g->seed, 3) == 0) {
        uint32_t other = there ? id + 1 : id; /* as it is in the list now */
        const struct lfk_entry *entry = &mdir->entries[other];
        struct model_file *neighbour =
            &g->files[(entry->name[1] - '0') * 10 + (entry->name[2] - '0')];
        draw_content(g, neighbour);
        edit_to(g, &e, id + 1, neighbour);
    }
    pairs_commit(&g->p, mdir, &e);
}

static void play_game(struct game *g, const struct flash_shape *shape)
{
    memset(g->files, 0, sizeof(g->files));
    pairs_open(&g->p, shape);
    g->d = pairs_mkdir(&g->p, g->p.mdirs.root, "d");
    struct lfk_mdir *behind = pairs_mkdir(&g->p, g->p.mdirs.root, "e");
    pairs_put(&g->p, behind, "last", "one");
    for (int turn = 0; turn < 400; turn++) {
        if (seed_below(&g->seed, 8) == 0) { /* a share of the state in every pair */
            if (g->p.mdirs.orphans > 0) {
                lfk_mdirs_remove_orphan(&g->p.mdirs);
            } else {
                lfk_mdirs_add_orphan(&g->p.mdirs);
            }
        }
        play(g);
        check_game(g);
        if (turn % 5 == 0) {
            pairs_check(&g->p);
        }
        if (seed_below(&g->seed, 40) == 0) {
            pairs_reopen(&g->p, shape);
            g->d = g->p.mdirs.root->next;
            while (!lfk_pair_same(g->d->pair, lfk_entry_pair(&g->p.mdirs.root->entries[1]))) {
                g->d = g->d->next;
            }
            check_game(g);
        }
    }
    pairs_check(&g->p);
    pairs_close(&g->p);
}

static void random_edits_are_in_memory_and_on_the_flash(void **state)
{
    (void)state;
    static const struct flash_shape shapes[] = {
        {512, 64, 16, 0xff, LFK_DISK_2_1, 0},
        {512, 64, 16, FLASH_ERASE_KEEPS, LFK_DISK_2_1, 5},
        {512, 64, 64, 0x00, LFK_DISK_2_0, 0},
        {256, 128, 1, 0xff, LFK_DISK_2_1, 1},
        {512, 64, 512, 0x00, LFK_DISK_2_1, 2}, /* nothing can be appended */
        {4096, 16, 4, FLASH_ERASE_KEEPS, LFK_DISK_2_0, 0},
    };
    static struct game g;
    g.seed = seed_start("unit.change");
    for (uint32_t letter = 0; letter < 26; letter++) {
        memset(g.values[letter], (int)('a' + letter), VALUE_MAX);
    }
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        play_game(&g, &shapes[i]);
    }
}

/* --- changes that fail ---------------------------------------------------------------- */

/* A change about to be made. */
struct scene {
    struct flash_pairs p;
    struct lfk_mdir *mdir;
    struct edits e;
};

static const char content[] = "0123456789ab"; /* a dozen entries fill half a block */

static struct lfk_mdir *set_stage(struct scene *s, int32_t block_cycles)
{
    struct flash_shape shape = usual_shape;
    shape.block_cycles = block_cycles;
    pairs_open(&s->p, &shape);
    s->e.count = 0;
    s->mdir = pairs_mkdir(&s->p, s->p.mdirs.root, "d");
    pairs_put(&s->p, s->mdir, "f", "F");
    return s->mdir;
}

static void appended(struct scene *s)
{
    set_stage(s, 0);
    edit_file(&s->e, 0, "a", content);
}

/* Fills d's log up to where another commit has no room. */
static void fill_log(struct scene *s, struct lfk_mdir *d)
{
    while (512 - d->log.end >= 32) {
        pairs_put(&s->p, d, "f", "F");
    }
}

static void compacted(struct scene *s)
{
    fill_log(s, set_stage(s, 0));
    edit_file(&s->e, 0, "a", "thirty-six bytes that have no room");
}

static void split(struct scene *s)
{
    struct lfk_mdir *d = set_stage(s, 0);
    for (uint32_t number = 0; number < 10; number++) {
        pairs_put(&s->p, d, name_of(number), content);
    }
    assert_int_equal(pairs_count(d), 1);
    fill_log(s, d);
    edit_file(&s->e, 0, "a", "thirty-six bytes that have no room");
}

/* To other blocks, and after that who refers to the pair. */
static void moved(struct scene *s)
{
    struct lfk_mdir *d = set_stage(s, 1);
    pairs_mkdir(&s->p, s->p.mdirs.root, "e"); /* before d on the list, behind the root */
    struct lfk_mdir *sub = pairs_mkdir(&s->p, d, "sub");
    pairs_put(&s->p, sub, "deep", "D");
    while ((d->log.revision + 1) % 3 != 0) {
        lfk_blockmap_checkpoint(&s->p.blocks);
        assert_int_equal(lfk_mdirs_rewrite(&s->p.mdirs, d, NULL), LFK_OK);
    }
    fill_log(s, d);
    edit_file(&s->e, 0, "a", "thirty-six bytes that have no room");
}

static void expanded(struct scene *s)
{
    set_stage(s, 1);
    s->mdir = s->p.mdirs.root;
    while ((s->mdir->log.revision + 1) % 3 != 0) {
        lfk_blockmap_checkpoint(&s->p.blocks);
        assert_int_equal(lfk_mdirs_rewrite(&s->p.mdirs, s->mdir, NULL), LFK_OK);
    }
    fill_log(s, s->mdir);
    edit_file(&s->e, 1, "a", "thirty-six bytes that have no room");
}

static void dropped(struct scene *s)
{
    split(s);
    struct lfk_mdir *d = s->mdir;
    pairs_commit(&s->p, d, &s->e);
    assert_int_equal(pairs_count(d), 2);
    s->mdir = d->next;
    while (s->mdir->count > 1) {
        struct edits e = {.count = 0};
        edit_delete(&e, 0);
        lfk_mdirs_add_orphan(&s->p.mdirs); /* so that it has a share of the global state */
        pairs_commit(&s->p, s->mdir, &e);
    }
    s->e.count = 0;
    edit_delete(&s->e, 0);
}

/* The pair before the one that is dropped moves as it takes over its tail. */
static void dropped_by_one_that_moves(struct scene *s)
{
    dropped(s);
    struct lfk_mdir *d = s->mdir->prev;
    while ((d->log.revision + 1) % 3 != 0) {
        lfk_blockmap_checkpoint(&s->p.blocks);
        assert_int_equal(lfk_mdirs_rewrite(&s->p.mdirs, d, NULL), LFK_OK);
    }
    fill_log(s, d);
    s->p.mdirs.writing.block_cycles = 1;
}

/* All that is known: of each pair its blocks, its tail, its entries. */
static void describe(const struct flash_pairs *p, char *text, size_t room)
{
    size_t size = 0;
    text[0] = '\0';
    for (const struct lfk_mdir *m = p->mdirs.first; m != NULL; m = m->next) {
        size += (size_t)snprintf(text + size, room - size,
                                 "{%u %u}%s%u %08x:", (unsigned)m->pair.block[0],
                                 (unsigned)m->pair.block[1], m->tail_hard ? ">>" : ">",
                                 (unsigned)m->tail.block[0], (unsigned)m->delta.word);
        for (uint32_t id = 0; id < m->count && size < room; id++) {
            const struct lfk_entry *entry = &m->entries[id];
            size += (size_t)snprintf(text + size, room - size, " %.*s=%08x", (int)entry->name_size,
                                     (const char *)entry->name,
                                     (unsigned)lfk_crc32(0, entry->data, entry->data_size));
        }
        assert_true(size < room);
    }
    snprintf(text + size, room - size, "%08x %08x %u", (unsigned)p->mdirs.gstate.word,
             (unsigned)p->mdirs.gdisk.word, (unsigned)p->mdirs.orphans);
}

static int change(struct scene *s)
{
    lfk_blockmap_checkpoint(&s->p.blocks);
    return lfk_mdirs_commit(&s->p.mdirs, s->mdir, s->e.edits, s->e.count, NULL);
}

/*
 * After a failure all is as before. What nobody knows of the flash is made
 * known, be it by the next change, and till then no block becomes free.
 */
static void check_failed(struct scene *s, int result, int expected, const char *before)
{
    static char text[8192];
    static unsigned turn;
    assert_int_equal(result, expected);
    describe(&s->p, text, sizeof(text));
    assert_string_equal(text, before);
    assert_int_equal(s->p.blocks.held, s->p.mdirs.unsettled > 0);
    if (turn++ % 2 == 0) {
        assert_int_equal(lfk_mdirs_settle(&s->p.mdirs, NULL), LFK_OK);
        assert_int_equal(s->p.mdirs.unsettled, 0);
        assert_false(s->p.blocks.held);
        pairs_check(&s->p);
    }
    assert_int_equal(change(s), LFK_OK);
    assert_int_equal(lfk_mdirs_settle(&s->p.mdirs, NULL), LFK_OK);
    pairs_check(&s->p);
}

/*
 * True for a change that is in force though something failed after it: the
 * global state says that who refers to the pair has to follow still. One that
 * went well leaves nothing of that kind.
 */
static bool check_in_force(struct scene *s, uint32_t orphans)
{
    if (s->p.mdirs.orphans > orphans) {
        assert_true(lfk_gstate_has_orphans(&s->p.mdirs.gstate));
        return true;
    }
    assert_int_equal(s->p.mdirs.orphans, orphans);
    assert_memory_equal(&s->p.mdirs.gstate, &s->p.mdirs.gdisk, sizeof(s->p.mdirs.gstate));
    pairs_check(&s->p);
    return false;
}

static void (*const scenes[])(struct scene *) = {
    appended, compacted, split, moved, expanded, dropped, dropped_by_one_that_moves};

static void a_change_that_the_device_fails_has_not_happened(void **state)
{
    (void)state;
    static char before[8192];
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        uint64_t failed = 0;
        int result = LFK_ERR_IO;
        bool in_force = false;
        for (uint64_t n = 1; result < 0 || in_force; n++) {
            struct scene s;
            scenes[i](&s);
            uint32_t orphans = s.p.mdirs.orphans;
            describe(&s.p, before, sizeof(before));
            s.p.flash.calls_left = n;
            s.p.flash.error = LFK_ERR_IO;
            result = change(&s);
            s.p.flash.calls_left = FLASH_NEVER;
            in_force = result == LFK_OK && check_in_force(&s, orphans);
            if (result < 0) {
                check_failed(&s, result, LFK_ERR_IO, before);
                failed++;
            }
            pairs_close(&s.p);
            assert_in_range(n, 1, 100);
        }
        assert_true(failed >= 4); /* prog, sync, and reads */
    }
}

/* d moves to other blocks; the one where it would have stayed turns out to be bad. */
static uint32_t with_a_bad_twin(struct scene *s)
{
    moved(s);
    s->p.mdirs.writing.block_cycles = 0;
    return s->mdir->pair.block[1];
}

/* d is due to move, but its log has room still, in a block that turns out to be bad. */
static uint32_t with_a_bad_log(struct scene *s)
{
    moved(s);
    for (int i = 0; i < 3; i++) {
        lfk_blockmap_checkpoint(&s->p.blocks);
        assert_int_equal(lfk_mdirs_rewrite(&s->p.mdirs, s->mdir, NULL), LFK_OK);
    }
    return s->mdir->pair.block[0];
}

/*
 * A bad block may hold what was programmed all the same, and say so later; so
 * a pair of which a block was tried in vain is written anew.
 */
static void a_block_that_was_tried_in_vain_is_not_trusted(void **state)
{
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        int result = LFK_ERR_IO;
        bool in_force = false;
        bool was_tried = false;
        for (uint64_t n = 1; result < 0 || in_force; n++) {
            struct scene s;
            uint32_t bad = kind == 0 ? with_a_bad_twin(&s) : with_a_bad_log(&s);
            uint32_t orphans = s.p.mdirs.orphans;
            s.p.flash.flaws[bad] = FLAW_PROG_ERROR;
            s.p.flash.calls_left = n;
            s.p.flash.error = LFK_ERR_IO;
            result = change(&s);
            s.p.flash.calls_left = FLASH_NEVER;
            in_force = result == LFK_OK && check_in_force(&s, orphans);
            if (result < 0) {
                assert_true(s.mdir->unsettled || !s.p.flash.unsure[bad]);
                was_tried |= s.p.flash.unsure[bad];
                assert_int_equal(lfk_mdirs_settle(&s.p.mdirs, NULL), LFK_OK);
                pairs_check(&s.p);
            }
            pairs_close(&s.p);
            assert_in_range(n, 1, 100);
        }
        assert_true(was_tried);
    }
}

static void a_change_without_memory_has_not_happened(void **state)
{
    (void)state;
    static char before[8192];
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        int result = LFK_ERR_NOMEM;
        bool in_force = false;
        for (size_t requests = 0; result < 0 || in_force; requests++) {
            struct scarce_memory memory;
            struct scene s;
            scenes[i](&s);
            uint32_t orphans = s.p.mdirs.orphans;
            describe(&s.p, before, sizeof(before));
            scarce_memory_start(&memory, requests);
            s.p.mdirs.arena.allocator = &memory.allocator;
            result = change(&s);
            memory.left = SIZE_MAX;
            in_force = result == LFK_OK && check_in_force(&s, orphans);
            if (result < 0) {
                check_failed(&s, result, LFK_ERR_NOMEM, before);
            }
            pairs_close(&s.p);
            assert_in_range(requests, 0, 100);
        }
    }
}

/* --- pairs that are left empty; pending moves ------------------------------------------------ */

static void a_pair_that_is_emptied_goes_but_not_a_directorys_first(void **state)
{
    (void)state;
    struct scene s;
    dropped(&s);
    struct flash_pairs *p = &s.p;
    struct lfk_mdir *d = s.mdir->prev;
    struct lfk_mdir *behind = s.mdir->next;
    assert_false(lfk_gstate_is_zero(&s.mdir->delta));
    assert_int_equal(change(&s), LFK_OK);
    assert_ptr_equal(d->next, behind);
    assert_false(d->tail_hard);
    pairs_check(p); /* its share of the global state is another's now */
    assert_true(lfk_gstate_has_orphans(&p->mdirs.gdisk));
    while (d->count > 0) {
        struct edits e = {.count = 0};
        edit_delete(&e, d->count - 1);
        pairs_commit(p, d, &e);
    }
    pairs_check(p);
    assert_ptr_equal(p->mdirs.root->next, d);
    pairs_put(p, d, "new", "N");
    pairs_check(p);
    pairs_close(p);
}

/* A directory whose first entry is the source of a move that has its copy in the root. */
static struct lfk_mdir *set_move(struct scene *s)
{
    struct lfk_mdir *d = s->mdir;
    lfk_mdirs_set_move(&s->p.mdirs, d->pair, 0);
    pairs_put(&s->p, s->p.mdirs.root, "moved", "M");
    assert_true(lfk_mdirs_is_moved(&s->p.mdirs, d, 0));
    return d;
}

/* Then it is completed, and the pair is like any other. */
static void complete_move(struct scene *s)
{
    struct edits e = {.count = 0};
    assert_true(lfk_mdirs_is_moved(&s->p.mdirs, s->mdir, 0));
    edit_delete(&e, 0);
    lfk_mdirs_clear_move(&s->p.mdirs);
    pairs_commit(&s->p, s->mdir, &e);
    assert_true(lfk_gstate_is_zero(&s->p.mdirs.gdisk));
    pairs_check(&s->p);
    pairs_close(&s->p);
}

/* Its source is known by pair and id: a commit there that follows others keeps both. */
static void the_pair_of_a_pending_move_is_neither_split_nor_worn(void **state)
{
    (void)state;
    static void (*const due[])(struct scene *) = {split, moved};
    for (size_t i = 0; i < sizeof(due) / sizeof(due[0]); i++) {
        struct scene s;
        due[i](&s);
        struct lfk_mdir *d = set_move(&s);
        struct lfk_pair pair = d->pair;
        assert_int_equal(lfk_mdirs_rewrite(&s.p.mdirs, d, NULL), LFK_OK);
        assert_true(lfk_pair_same(d->pair, pair));
        assert_int_equal(pairs_count(d), 1);
        pairs_check(&s.p);
        complete_move(&s);
    }
}

/* Unless a block of it is bad; then the other one is what it is known by, twice over. */
static void the_pair_of_a_pending_move_keeps_a_block(void **state)
{
    (void)state;
    static const enum flash_flaw flaws[] = {FLAW_PROG_ERROR, FLAW_ERASE_ERROR, FLAW_PROG_SILENT};
    for (size_t i = 0; i < sizeof(flaws) / sizeof(flaws[0]); i++) {
        struct scene s;
        set_stage(&s, 0);
        struct lfk_mdir *d = set_move(&s);
        struct lfk_pair pair = d->pair;
        for (int times = 0; times < 2; times++) {
            s.p.flash.flaws[d->pair.block[1]] = flaws[i];
            assert_int_equal(lfk_mdirs_rewrite(&s.p.mdirs, d, NULL), LFK_OK);
            assert_false(lfk_pair_same(d->pair, pair));
            assert_true(lfk_mdirs_is_moved(&s.p.mdirs, d, 0));
            pairs_check(&s.p);
        }
        complete_move(&s);
    }
}

/* What failed to be written to that block may be there all the same; it must not count. */
static void a_block_that_is_kept_is_the_older_one(void **state)
{
    (void)state;
    struct scene s;
    set_stage(&s, 0);
    struct lfk_mdir *d = set_move(&s);
    uint32_t kept = d->pair.block[0];
    s.p.flash.flaws[d->pair.block[1]] = FLAW_PROG_ERROR;
    assert_int_equal(lfk_mdirs_rewrite(&s.p.mdirs, d, NULL), LFK_OK);
    assert_int_equal(d->pair.block[1], kept);
    s.p.flash.calls_left = 4; /* it is erased, looked at, and programmed, but not synced */
    s.p.flash.error = LFK_ERR_IO;
    assert_int_equal(lfk_mdirs_rewrite(&s.p.mdirs, d, NULL), LFK_ERR_IO);
    uint32_t revision = lfk_get_le32(s.p.flash.bytes + (size_t)kept * 512);
    assert_int_equal(revision, d->log.revision + 1);
    s.p.flash.calls_left = FLASH_NEVER;
    s.p.flash.flaws[kept] = FLAW_ERASE_ERROR;
    assert_int_equal(lfk_mdirs_settle(&s.p.mdirs, NULL), LFK_OK);
    assert_int_equal(d->pair.block[1], kept);
    assert_int_equal(d->log.revision, revision + 1);
    complete_move(&s);
}

static void a_pair_is_taken_off_the_list(void **state)
{
    (void)state;
    struct flash_pairs p;
    struct edits e = {.count = 0};
    pairs_open(&p, &usual_shape);
    struct lfk_mdir *root = p.mdirs.root;
    struct lfk_mdir *d = pairs_mkdir(&p, root, "d");
    struct lfk_mdir *behind = pairs_mkdir(&p, d, "e");
    lfk_mdirs_add_orphan(&p.mdirs);
    pairs_put(&p, d, "f", "F");
    edit_delete(&e, 1); /* d's entry; it is an orphan now */
    edit(&e, LFK_TYPE_CREATE, 1, NULL, 0);
    edit(&e, LFK_TYPE_DIR, 1, "e", 1);
    lfk_pair_encode(behind->pair, e.pair);
    edit(&e, LFK_TYPE_DIR_STRUCT, 1, e.pair, 8);
    pairs_commit(&p, root, &e);
    lfk_mdirs_remove_orphan(&p.mdirs);
    assert_int_equal(lfk_mdirs_drop(&p.mdirs, d, NULL), LFK_OK);
    assert_ptr_equal(root->next, behind);
    assert_true(lfk_gstate_is_zero(&p.mdirs.gdisk));
    pairs_check(&p);
    pairs_close(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_edits_are_in_memory_and_on_the_flash),
        cmocka_unit_test(a_change_that_the_device_fails_has_not_happened),
        cmocka_unit_test(a_block_that_was_tried_in_vain_is_not_trusted),
        cmocka_unit_test(a_change_without_memory_has_not_happened),
        cmocka_unit_test(a_pair_that_is_emptied_goes_but_not_a_directorys_first),
        cmocka_unit_test(the_pair_of_a_pending_move_is_neither_split_nor_worn),
        cmocka_unit_test(the_pair_of_a_pending_move_keeps_a_block),
        cmocka_unit_test(a_block_that_is_kept_is_the_older_one),
        cmocka_unit_test(a_pair_is_taken_off_the_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
