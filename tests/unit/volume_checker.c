/* SPDX-License-Identifier: MIT */
#include "volume_checker.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "tree_maker.h"

struct lfk_volume *open_made(const struct maker *m, struct damages *damages)
{
    struct lfk_volume_options options = {.size = sizeof(options),
                                         .damage = damages != NULL ? note_damage : NULL,
                                         .damage_context = damages};
    struct lfk_volume *volume = NULL;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_volume_open_memory(&volume, m->bytes, maker_size(m), &options, &detail),
                     LFK_OK);
    assert_int_equal(detail.status, LFK_OK);
    return volume;
}

struct lfk_tree *load(struct lfk_volume *volume, const char *path)
{
    struct lfk_tree *tree = NULL;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_volume_load(volume, path, &tree, &detail), LFK_OK);
    assert_int_equal(detail.status, LFK_OK);
    return tree;
}

void check_made_tree(const struct maker *m, const char *expected, const char *damages)
{
    struct damages told = {.size = 0};
    struct lfk_volume *volume = open_made(m, &told);
    struct lfk_tree *tree = load(volume, "/");
    check_tree(lfk_tree_root(tree), expected);
    check_damages(&told, damages);
    lfk_tree_destroy(tree);
    lfk_volume_close(volume);
}
