/* SPDX-License-Identifier: MIT */
#include "host_told.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

void note_path(void *context, const char *path, const struct lfk_detail *detail)
{
    struct host_told *told = context;
    char text[256];
    size_t room = sizeof(told->text) - told->size;
    lfk_detail_format(detail, text, sizeof(text));
    int size = snprintf(told->text + told->size, room, "%s: %s\n", path, text);
    assert_in_range(size, 1, room - 1);
    told->size += (size_t)size;
}

void note_node(void *context, const struct lfk_node *node, const struct lfk_detail *detail)
{
    char path[512];
    lfk_node_path(node, path, sizeof(path));
    note_path(context, path, detail);
}
