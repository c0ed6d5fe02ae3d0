/* SPDX-License-Identifier: MIT */
#include "told.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

void check_told(const struct lfk_detail *detail, int status, const char *line)
{
    char text[256];
    assert_in_range(lfk_detail_format(detail, text, sizeof(text)), 1, sizeof(text) - 1);
    assert_string_equal(text, line);
    assert_int_equal(detail->status, status);
}

void note_damage(void *context, const char *path, const struct lfk_detail *detail)
{
    struct damages *damages = (struct damages *)context;
    char text[256];
    assert_int_equal(detail->status, LFK_ERR_CORRUPT);
    assert_in_range(lfk_detail_format(detail, text, sizeof(text)), 1, sizeof(text) - 1);
    size_t room = sizeof(damages->text) - damages->size;
    int size = snprintf(damages->text + damages->size, room, "%s%s%s\n", path ? path : "",
                        path ? ": " : "", text);
    assert_in_range(size, 1, room - 1);
    damages->size += (size_t)size;
}

void note_fs_damage(void *context, const struct lfk_detail *detail)
{
    note_damage(context, NULL, detail);
}

void check_damages(const struct damages *damages, const char *lines)
{
    assert_string_equal(damages->text, lines);
}
