/* SPDX-License-Identifier: MIT */
/*
 * What pairs say together: the global state that is to be and the one on disk,
 * what is hidden by a move, and the blocks in use.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flash_pairs.h"

static void the_state_is_written_with_the_next_commit(void **state)
{
    (void)state;
    struct flash_pairs p;
    pairs_open(&p, &usual_shape);
    struct lfk_mdir *d = pairs_mkdir(&p, p.mdirs.root, "d");
    lfk_mdirs_add_orphan(&p.mdirs);
    assert_true(lfk_gstate_has_orphans(&p.mdirs.gstate));
    assert_false(lfk_gstate_has_orphans(&p.mdirs.gdisk));
    pairs_put(&p, d, "f", "F");
    assert_true(lfk_gstate_has_orphans(&p.mdirs.gdisk));
    pairs_check(&p);
    /* Whichever pair it is taken back by. */
    lfk_mdirs_remove_orphan(&p.mdirs);
    pairs_put(&p, p.mdirs.root, "g", "G");
    assert_true(lfk_gstate_is_zero(&p.mdirs.gdisk));
    assert_false(lfk_gstate_is_zero(&d->delta));
    pairs_check(&p);
    pairs_close(&p);
}

/* Of several reasons the last that goes takes the bit with it. */
static void the_sync_bit_stays_while_there_is_a_reason(void **state)
{
    (void)state;
    struct lfk_mdirs mdirs = {0};
    lfk_mdirs_add_orphan(&mdirs);
    lfk_mdirs_add_orphan(&mdirs);
    lfk_mdirs_set_move(&mdirs, LFK_PAIR_ROOT, 5);
    lfk_mdirs_remove_orphan(&mdirs);
    assert_true(lfk_gstate_has_orphans(&mdirs.gstate));
    lfk_mdirs_clear_move(&mdirs);
    assert_true(lfk_gstate_has_orphans(&mdirs.gstate));
    lfk_mdirs_remove_orphan(&mdirs);
    assert_true(lfk_gstate_is_zero(&mdirs.gstate));
}

/* A move that is on disk hides its source; one that is only intended does not. */
static void the_source_of_a_move_on_disk_is_hidden(void **state)
{
    (void)state;
    struct flash_pairs p;
    pairs_open(&p, &usual_shape);
    struct lfk_mdir *d = pairs_mkdir(&p, p.mdirs.root, "d");
    pairs_put(&p, d, "a", "A");
    pairs_put(&p, d, "b", "B");
    /* By whichever order of its blocks it is named. */
    lfk_mdirs_set_move(&p.mdirs, ((struct lfk_pair){{d->pair.block[1], d->pair.block[0]}}), 1);
    assert_false(lfk_mdirs_is_moved(&p.mdirs, d, 1));
    pairs_put(&p, p.mdirs.root, "b", "B");
    assert_true(lfk_mdirs_is_moved(&p.mdirs, d, 1));
    assert_false(lfk_mdirs_is_moved(&p.mdirs, d, 0));
    assert_false(lfk_mdirs_is_moved(&p.mdirs, p.mdirs.root, 1));
    pairs_close(&p);
}

static void blocks_of_pairs_and_of_lists_are_counted(void **state)
{
    (void)state;
    static const struct {
        uint32_t size;
        uint32_t blocks;
    } lists[] = {{0, 0}, {1, 1}, {512, 1}, {513, 2}, {1016 + 508, 3}, {3000, 6}};
    struct flash_pairs p;
    uint8_t bytes[8];
    uint64_t expected = 4;
    pairs_open(&p, &usual_shape);
    struct lfk_mdir *d = pairs_mkdir(&p, p.mdirs.root, "d");
    pairs_put(&p, d, "inline", "of no block");
    assert_int_equal(lfk_mdirs_blocks_used(&p.mdirs), 4);
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct edits e = {.count = 0};
        char name[2] = {(char)('a' + i), '\0'};
        lfk_put_le32(bytes, 7);
        lfk_put_le32(bytes + 4, lists[i].size);
        edit(&e, LFK_TYPE_CREATE, (uint32_t)i, NULL, 0);
        edit(&e, LFK_TYPE_FILE, (uint32_t)i, name, 1);
        edit(&e, LFK_TYPE_CTZ_STRUCT, (uint32_t)i, bytes, sizeof(bytes));
        pairs_commit(&p, d, &e);
        expected += lists[i].blocks;
        assert_int_equal(lfk_mdirs_blocks_used(&p.mdirs), expected);
    }
    pairs_close(&p);
}

static void only_a_whole_list_pointer_is_one(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {7, 0, 0, 0, 2, 1, 0, 0, 99};
    struct lfk_entry entry = {.data = bytes, .data_size = 8, .struct_type = LFK_TYPE_CTZ_STRUCT};
    uint32_t head = 0;
    uint32_t size = 0;
    assert_true(lfk_entry_ctz(&entry, &head, &size));
    assert_int_equal(head, 7);
    assert_int_equal(size, 258);
    entry.data_size = 9;
    assert_true(lfk_entry_ctz(&entry, &head, &size));
    entry.data_size = 7;
    assert_false(lfk_entry_ctz(&entry, &head, &size));
    entry.data_size = 8;
    entry.struct_type = LFK_TYPE_INLINE_STRUCT;
    assert_false(lfk_entry_ctz(&entry, &head, &size));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_state_is_written_with_the_next_commit),
        cmocka_unit_test(the_sync_bit_stays_while_there_is_a_reason),
        cmocka_unit_test(the_source_of_a_move_on_disk_is_hidden),
        cmocka_unit_test(blocks_of_pairs_and_of_lists_are_counted),
        cmocka_unit_test(only_a_whole_list_pointer_is_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
