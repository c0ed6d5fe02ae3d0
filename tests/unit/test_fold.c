/* SPDX-License-Identifier: MIT */
/*
 * What logs say: every kind of entry, sound ones in every order that drivers
 * write, impossible ones refused with their place, and random ones against a
 * model.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mdir_checker.h"
#include "seed.h"

/* An image of one pair, the log of block 0 begun. */
static struct maker start_pair(void)
{
    struct maker m = maker_start(1024, 2);
    maker_log(&m, 0, 1);
    return m;
}

static void check_and_free(struct maker *m, const char *expected)
{
    maker_end(m);
    check_made_entries(m, expected);
    maker_free(m);
}

/* CREATE inserts and DELETE removes; tags behind them use the ids as they are then. */
static void ids_are_those_at_their_place_in_the_log(void **state)
{
    (void)state;
    struct maker m = start_pair();
    maker_file(&m, 0, "a", "A");
    maker_file(&m, 1, "c", "C");
    maker_end(&m);
    maker_create(&m, 1);
    maker_file(&m, 1, "b", "B");
    maker_add_text(&m, LFK_TYPE_INLINE_STRUCT, 2, "C2");
    maker_end(&m);
    check_made_entries(&m, "a=A b=B c=C2");
    maker_delete(&m, 0);
    maker_add_text(&m, LFK_TYPE_INLINE_STRUCT, 1, "C3");
    maker_create(&m, 2);
    maker_file(&m, 2, "d", "");
    check_and_free(&m, "b=B c=C3 d=");
}

/* A compaction holds no CREATE, and its NAMEs in the order of the log before it. */
static void names_need_not_stand_in_the_order_of_ids(void **state)
{
    (void)state;
    struct maker m = start_pair();
    maker_add_text(&m, LFK_TYPE_FILE, 3, "d");
    maker_file(&m, 0, "a", "A");
    maker_add_text(&m, LFK_TYPE_INLINE_STRUCT, 3, "D");
    maker_dir(&m, 2, "c", 4, 5);
    maker_add_text(&m, LFK_TYPE_FILE, 1, "b");
    maker_add_text(&m, LFK_TYPE_INLINE_STRUCT, 1, "B");
    check_and_free(&m, "a=A b=B c/=dir d=D");
}

static void a_name_behind_the_last_extends_the_list(void **state)
{
    (void)state;
    struct maker m = start_pair();
    maker_file(&m, 2, "c", "C");
    maker_end(&m);
    check_made_entries(&m, "? ? c=C");
    maker_create(&m, 3);
    maker_add_text(&m, LFK_TYPE_FILE, 3, "d");
    check_and_free(&m, "? ? c=C d");
}

/* DELETE and CREATE of one id in one commit leave nothing of what was there. */
static void an_entry_made_anew_has_none_of_the_old(void **state)
{
    (void)state;
    struct maker m = start_pair();
    maker_file(&m, 0, "a", "A");
    maker_file(&m, 1, "b", "B");
    maker_add_text(&m, LFK_TYPE_ATTRIBUTE + 0x41, 1, "x");
    maker_end(&m);
    maker_delete(&m, 1);
    maker_create(&m, 1);
    maker_add_text(&m, LFK_TYPE_DIR, 1, "b");
    maker_end(&m);
    check_made_entries(&m, "a=A b/");
    maker_delete(&m, 1);
    maker_create(&m, 1);
    check_and_free(&m, "a=A ?");
}

/* As a driver writes renames within a pair: onto an existing name, and to a lower id. */
static void renames_are_one_commit(void **state)
{
    (void)state;
    struct maker m = start_pair();
    maker_file(&m, 0, "s", "");
    maker_file(&m, 1, "a", "A");
    maker_file(&m, 2, "b", "B");
    maker_end(&m);
    maker_delete(&m, 2);
    maker_create(&m, 2);
    maker_file(&m, 2, "b", "A");
    maker_delete(&m, 1);
    maker_end(&m);
    check_made_entries(&m, "s= b=A");
    maker_create(&m, 0);
    maker_file(&m, 0, "aaa", "A");
    maker_delete(&m, 2);
    check_and_free(&m, "aaa=A s=");
}

/* A removed attribute is not there; an empty one is. */
static void attributes_are_set_emptied_and_removed(void **state)
{
    (void)state;
    struct maker m = start_pair();
    maker_file(&m, 0, "a", "");
    maker_add_text(&m, LFK_TYPE_ATTRIBUTE + 0x74, 0, "t1");
    maker_add_text(&m, LFK_TYPE_ATTRIBUTE + 0xff, 0, "last");
    maker_add_text(&m, LFK_TYPE_ATTRIBUTE, 0, "first");
    maker_removed(&m, LFK_TYPE_ATTRIBUTE + 0x10, 0); /* it was never there */
    maker_end(&m);
    check_made_entries(&m, "a=+0:first+74:t1+ff:last");
    maker_add_text(&m, LFK_TYPE_ATTRIBUTE + 0x74, 0, "t2");
    maker_add_text(&m, LFK_TYPE_ATTRIBUTE + 0xff, 0, "");
    maker_removed(&m, LFK_TYPE_ATTRIBUTE, 0);
    maker_end(&m);
    check_made_entries(&m, "a=+74:t2+ff:");
    maker_removed(&m, LFK_TYPE_ATTRIBUTE + 0x74, 0);
    maker_add_text(&m, LFK_TYPE_ATTRIBUTE, 0, "again");
    check_and_free(&m, "a=+0:again+ff:");
}

static void attributes_move_with_their_entry(void **state)
{
    (void)state;
    struct maker m = start_pair();
    maker_file(&m, 0, "a", "");
    maker_file(&m, 1, "b", "");
    maker_add_text(&m, LFK_TYPE_ATTRIBUTE + 1, 0, "of a");
    maker_add_text(&m, LFK_TYPE_ATTRIBUTE + 1, 1, "of b");
    maker_end(&m);
    maker_delete(&m, 0);
    maker_create(&m, 0);
    maker_file(&m, 0, "0", "");
    check_and_free(&m, "0= b=+1:of b");
}

static void a_struct_replaces_one_of_any_kind(void **state)
{
    (void)state;
    struct maker m = start_pair();
    maker_file(&m, 0, "f", "inline");
    maker_ctz(&m, 0, "f", 5, 2000);
    maker_end(&m);
    check_made_entries(&m, "f=ctz");
    maker_add_text(&m, LFK_TYPE_INLINE_STRUCT, 0, "again");
    check_and_free(&m, "f=again");
}

static void check_tail(struct maker *m, uint32_t first, bool hard)
{
    struct opened_mdirs opened;
    maker_end(m);
    open_mdirs(&opened, m);
    const struct lfk_mdir *mdir = get_pair(&opened.mdirs, 0, 1);
    assert_int_equal(mdir->tail.block[0], first);
    assert_int_equal(lfk_pair_is_null(mdir->tail), first == LFK_BLOCK_NULL);
    assert_int_equal(mdir->tail_hard, hard);
    close_mdirs(&opened);
}

/* The last TAIL of either kind counts; all ones, and none at all, mean the end of the list. */
static void the_last_tail_counts(void **state)
{
    (void)state;
    struct maker m = start_pair();
    check_tail(&m, LFK_BLOCK_NULL, false);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_tail(&m, LFK_TYPE_HARD_TAIL, 4, 5);
    check_tail(&m, 4, true);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 6, 7);
    check_tail(&m, 6, false);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, LFK_BLOCK_NULL, LFK_BLOCK_NULL);
    check_tail(&m, LFK_BLOCK_NULL, false);
    maker_free(&m);
}

/* The last GSTATE of a pair is its delta, the others are void; its reserved bits are ignored. */
static void the_last_global_state_counts(void **state)
{
    (void)state;
    struct maker m = start_pair();
    maker_gstate(&m, UINT32_C(0x80000000), 0, 0);
    maker_gstate(&m, move_of(5) | 0x2ff, 8, 9);
    maker_end(&m);
    struct opened_mdirs opened;
    open_mdirs(&opened, &m);
    const struct lfk_mdir *mdir = get_pair(&opened.mdirs, 0, 1);
    assert_int_equal(mdir->delta.word, move_of(5));
    assert_int_equal(mdir->delta.pair.block[0], 8);
    assert_int_equal(mdir->delta.pair.block[1], 9);
    close_mdirs(&opened);
    maker_free(&m);
}

/* Later versions may add tags: unknown ones do not touch what is known. */
static void unknown_entries_are_skipped(void **state)
{
    (void)state;
    static const uint32_t types[] = {0x1aa, 0x402, 0x4aa, 0x5aa, 0x602, 0x6ff, 0x700, 0x7aa};
    struct maker m = start_pair();
    maker_file(&m, 0, "a", "A");
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        maker_add_text(&m, types[i], 0, "unknown data");
        maker_add_text(&m, types[i], LFK_ID_NONE, "");
    }
    maker_file(&m, 1, "b", "B");
    check_tail(&m, 2, false);
    check_made_entries(&m, "a=A b=B");
    maker_free(&m);
}

static void unknown_names_and_structs_are_kept_as_they_are(void **state)
{
    (void)state;
    struct maker m = start_pair();
    maker_add_text(&m, 0x003, 0, "device");
    maker_add_text(&m, 0x2aa, 0, "??");
    maker_add_text(&m, LFK_TYPE_ATTRIBUTE + 1, 0, "x");
    maker_file(&m, 1, "f", "F");
    check_and_free(&m, "device:3=2aa+1:x f=F");
}

/* What stands in a commit that is not valid, and after it, was never said. */
static void a_commit_with_a_wrong_crc_says_nothing(void **state)
{
    (void)state;
    struct maker m = start_pair();
    maker_file(&m, 0, "a", "A");
    maker_end(&m);
    maker_add_text(&m, LFK_TYPE_INLINE_STRUCT, 0, "torn");
    maker_create(&m, 1);
    maker_end_torn(&m);
    maker_add_text(&m, LFK_TYPE_INLINE_STRUCT, 0, "after");
    check_and_free(&m, "a=A");
}

static void check_refused_entry(uint32_t type, uint32_t id, uint32_t length, const char *line)
{
    static const uint8_t data[16];
    struct maker m = start_pair();
    maker_file(&m, 0, "a", "A"); /* 10 bytes from offset 4 on */
    maker_add(&m, type, id, data, length);
    maker_end(&m);
    check_made_corrupt(&m, line);
    maker_free(&m);
}

/* The offset is that of the data, 18: of the tag the end. */
static void impossible_ids_are_told_with_their_place(void **state)
{
    (void)state;
#define IMPOSSIBLE "the id of a metadata entry is impossible: block 0, offset 18: "
    check_refused_entry(LFK_TYPE_CREATE, 2, 0, IMPOSSIBLE "expected 1, found 2");
    check_refused_entry(LFK_TYPE_CREATE, 0x3ff, 0, IMPOSSIBLE "expected 1, found 1023");
    check_refused_entry(LFK_TYPE_DELETE, 1, 0, IMPOSSIBLE "expected 1, found 1");
    /* A block of 1024 bytes has room for 256 tags. */
    check_refused_entry(LFK_TYPE_FILE, 256, 1, IMPOSSIBLE "expected 255, found 256");
    check_refused_entry(LFK_TYPE_FILE, 0x3ff, 1, IMPOSSIBLE "expected 255, found 1023");
    check_refused_entry(LFK_TYPE_INLINE_STRUCT, 1, 1, IMPOSSIBLE "expected 1, found 1");
    check_refused_entry(LFK_TYPE_CTZ_STRUCT, 0x3ff, 8, IMPOSSIBLE "expected 1, found 1023");
    check_refused_entry(LFK_TYPE_ATTRIBUTE + 1, 1, 1, IMPOSSIBLE "expected 1, found 1");
    check_refused_entry(LFK_TYPE_ATTRIBUTE + 1, 1, LFK_LENGTH_DELETED,
                        IMPOSSIBLE "expected 1, found 1");
#undef IMPOSSIBLE
}

static void short_tails_and_states_are_refused(void **state)
{
    (void)state;
#define SHORT "a metadata entry is too short: block 0, offset 18: "
    check_refused_entry(LFK_TYPE_SOFT_TAIL, LFK_ID_NONE, 7, SHORT "expected 8, found 7");
    check_refused_entry(LFK_TYPE_HARD_TAIL, LFK_ID_NONE, 0, SHORT "expected 8, found 0");
    check_refused_entry(LFK_TYPE_GSTATE, LFK_ID_NONE, 11, SHORT "expected 12, found 11");
#undef SHORT
}

/* Far more than drivers write; ids have ten bits and the highest means none. */
static void a_pair_has_1023_entries_at_most(void **state)
{
    (void)state;
    struct maker m = maker_start(16384, 2);
    struct opened_mdirs opened;
    maker_log(&m, 0, 1);
    for (uint32_t id = 0; id < 1023; id++) {
        maker_create(&m, 0);
        maker_add_text(&m, LFK_TYPE_FILE, 0, id == 0 ? "oldest" : "f");
    }
    maker_end(&m);
    open_mdirs(&opened, &m);
    const struct lfk_mdir *mdir = get_pair(&opened.mdirs, 0, 1);
    assert_int_equal(mdir->count, 1023);
    assert_memory_equal(mdir->entries[1022].name, "oldest", 6);
    close_mdirs(&opened);

    uint32_t offset = m.commit.offset;
    maker_create(&m, 0);
    maker_end(&m);
    char line[128];
    snprintf(line, sizeof(line),
             "the id of a metadata entry is impossible: block 0, offset %u: expected 1023, found 0",
             (unsigned)offset + 4);
    check_made_corrupt(&m, line);
    maker_free(&m);
}

/* --- a model: a list of entries, each change made where it is said ------------- */

struct model_entry {
    char name;      /* '?': none */
    char content;   /* '\0': none */
    char attribute; /* '\0': none */
};

struct model {
    struct model_entry entries[64];
    uint32_t count;
};

static const struct model_entry nothing = {'?', '\0', '\0'};

static void model_create(struct model *model, struct maker *m, uint32_t id)
{
    memmove(&model->entries[id + 1], &model->entries[id],
            (model->count - id) * sizeof(model->entries[0]));
    model->entries[id] = nothing;
    model->count++;
    maker_create(m, id);
}

static void model_delete(struct model *model, struct maker *m, uint32_t id)
{
    model->count--;
    memmove(&model->entries[id], &model->entries[id + 1],
            (model->count - id) * sizeof(model->entries[0]));
    maker_delete(m, id);
}

static void model_name(struct model *model, struct maker *m, uint32_t id, char name)
{
    while (model->count <= id) {
        model->entries[model->count++] = nothing;
    }
    model->entries[id].name = name;
    maker_add(m, LFK_TYPE_FILE, id, &name, 1);
}

/* One random change that is possible. */
static void model_change(struct model *model, struct maker *m, struct seed *seed)
{
    char letter = (char)('a' + seed_below(seed, 26));
    uint32_t kind = seed_below(seed, 6);
    if (kind == 0 && model->count < 60) {
        model_create(model, m, seed_below(seed, model->count + 1));
    } else if (kind == 1 && model->count < 60) {
        model_name(model, m, seed_below(seed, model->count + 3), letter);
    } else if (model->count > 0) {
        uint32_t id = seed_below(seed, model->count);
        if (kind == 2) {
            model_delete(model, m, id);
        } else if (kind == 3) {
            model->entries[id].content = letter;
            maker_add(m, LFK_TYPE_INLINE_STRUCT, id, &letter, 1);
        } else if (kind == 4) {
            model->entries[id].attribute = letter;
            maker_add(m, LFK_TYPE_ATTRIBUTE + 1, id, &letter, 1);
        } else {
            model->entries[id].attribute = '\0';
            maker_removed(m, LFK_TYPE_ATTRIBUTE + 1, id);
        }
    }
}

static void check_model(const struct model *model, const struct maker *m)
{
    char text[64 * 10] = "";
    size_t size = 0;
    for (uint32_t i = 0; i < model->count; i++) {
        const struct model_entry *entry = &model->entries[i];
        const char content[] = {'=', entry->content, '\0'};
        const char attribute[] = {'+', '1', ':', entry->attribute, '\0'};
        size += (size_t)snprintf(text + size, sizeof(text) - size, "%s%c%s%s", i > 0 ? " " : "",
                                 entry->name, entry->content ? content : "",
                                 entry->attribute ? attribute : "");
    }
    check_made_entries(m, text);
}

static void random_logs_say_what_a_model_says(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.fold");
    for (int round = 0; round < 300; round++) {
        struct maker m = maker_start(16384, 2);
        struct model model = {.count = 0};
        maker_log(&m, 0, 1);
        maker_end(&m);
        for (uint32_t commits = seed_below(&seed, 20); commits > 0; commits--) {
            for (uint32_t changes = seed_below(&seed, 15); changes > 0; changes--) {
                model_change(&model, &m, &seed);
            }
            maker_end(&m);
        }
        check_model(&model, &m);
        maker_free(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_those_at_their_place_in_the_log),
        cmocka_unit_test(names_need_not_stand_in_the_order_of_ids),
        cmocka_unit_test(a_name_behind_the_last_extends_the_list),
        cmocka_unit_test(an_entry_made_anew_has_none_of_the_old),
        cmocka_unit_test(renames_are_one_commit),
        cmocka_unit_test(attributes_are_set_emptied_and_removed),
        cmocka_unit_test(attributes_move_with_their_entry),
        cmocka_unit_test(a_struct_replaces_one_of_any_kind),
        cmocka_unit_test(the_last_tail_counts),
        cmocka_unit_test(the_last_global_state_counts),
        cmocka_unit_test(unknown_entries_are_skipped),
        cmocka_unit_test(unknown_names_and_structs_are_kept_as_they_are),
        cmocka_unit_test(a_commit_with_a_wrong_crc_says_nothing),
        cmocka_unit_test(impossible_ids_are_told_with_their_place),
        cmocka_unit_test(short_tails_and_states_are_refused),
        cmocka_unit_test(a_pair_has_1023_entries_at_most),
        cmocka_unit_test(random_logs_say_what_a_model_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
