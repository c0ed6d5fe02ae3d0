/* SPDX-License-Identifier: MIT */
/*
 * The library of scenarios, and how their text is read.
 */
#include "scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VOLUME(block, blocks, prog, cycles)                                                        \
    {                                                                                              \
        .block_size = (block), .block_count = (blocks), .prog_size = (prog),                       \
        .cache_size = (block), .block_cycles = (cycles), .erase_value = 0xff,                      \
        .disk_version = LFK_DISK_2_1                                                               \
    }

/* Small blocks and pages; a NOR flash; a NAND flash with large pages. */
#define TINY VOLUME(128, 64, 4, -1)
#define NOR VOLUME(512, 48, 16, -1)
#define NAND VOLUME(1024, 40, 512, -1)
#define WORN VOLUME(512, 48, 16, 1)
#define SMALL VOLUME(512, 14, 16, -1)

const struct scenario scenarios[] = {
    {"a file is made, inline", OUTCOME_ANY, NOR, "mkdir /d; cut; write /d/f 20"},
    {"a file is made, in blocks", OUTCOME_ANY, NOR, "mkdir /d; cut; write /d/f 1300"},
    {"a file is made, on large pages", OUTCOME_ANY, NAND, "cut; write /f 20; write /g 3000"},
    {"a file is written anew", OUTCOME_ANY, NOR,
     "write /f 900; write /i 10; cut; write /f 700; write /i 12"},
    {"a file is overwritten in the middle", OUTCOME_ANY, NOR,
     "write /f 1500; cut; overwrite /f 600 300"},
    {"a file is appended to", OUTCOME_ANY, NOR,
     "write /f 700; write /i 30; cut; append /f 500; append /i 9; append /i 100"},
    {"a file is truncated", OUTCOME_ANY, NOR,
     "write /f 1500; write /i 40; cut; truncate /f 520; truncate /f 30; truncate /i 3; truncate /f "
     "0"},
    {"a file is truncated to more", OUTCOME_ANY, NOR,
     "write /f 30; cut; truncate /f 60; truncate /f 900"},
    {"a file is renamed in its directory", OUTCOME_ANY, NOR,
     "mkdir /d; many /d/n 4 20; cut; rename /d/n1 /d/z; rename /d/z /d/a"},
    {"a file is renamed across directories", OUTCOME_ANY, NOR,
     "mkdir /a; mkdir /b; many /a/n 3 600; many /b/n 2 20; cut; rename /a/n1 /b/m; rename /a/n0 "
     "/b/z; rename /b/m /m"},
    {"a file is renamed over another", OUTCOME_ANY, NOR,
     "mkdir /a; mkdir /b; write /a/f 700; write /b/g 300; write /a/h 9; cut; rename /a/h /a/f; "
     "rename /a/f /b/g"},
    {"a directory is renamed across directories", OUTCOME_ANY, NOR,
     "mkdir /a; mkdir /b; mkdir /a/d; write /a/d/f 600; write /a/z 700; cut; rename /a/d /b/e; "
     "rename /b/e /e"},
    {"a directory is renamed over an empty one", OUTCOME_ANY, NOR,
     "mkdir /a; mkdir /b; mkdir /a/d; write /a/d/f 60; mkdir /b/e; cut; rename /a/d /b/e"},
    {"a directory is made", OUTCOME_ANY, NOR, "mkdir /a; cut; mkdir /a/b; mkdir /a/b/c; mkdir /z"},
    {"a directory is made in one of many pairs", OUTCOME_SPLIT, TINY,
     "mkdir /d; many /d/n 14 8; cut; mkdir /d/x"},
    {"a directory is removed", OUTCOME_ANY, NOR,
     "mkdir /a; mkdir /b; mkdir /c; mkdir /a/x; cut; remove /b; remove /a/x; remove /a; remove /c"},
    {"a directory of many pairs is emptied and removed", OUTCOME_ANY, TINY,
     "mkdir /d; mkdir /e; many /d/n 9 8; cut; remove /d/n4; remove /d/n3; remove /d/n8; remove "
     "/d/n0; remove /d/n1; remove /d/n2; remove /d/n5; remove /d/n6; remove /d/n7; remove /d"},
    {"attributes come and go", OUTCOME_ANY, NOR,
     "mkdir /d; write /d/f 20; write /g 900; cut; setattr /d/f; setattr /d; setattr /g; removeattr "
     "/d/f; setattr /d"},
    {"a file is removed", OUTCOME_ANY, NOR, "write /f 900; write /g 10; cut; remove /f; remove /g"},
    {"a log is full and compacted", OUTCOME_ANY, NOR, "again 6 /f 40; cut; again 12 /f 40"},
    {"a pair is split", OUTCOME_SPLIT, TINY, "many /n 3 8; cut; many /m 9 8"},
    {"a pair is split by a rename", OUTCOME_SPLIT, TINY,
     "mkdir /d; many /d/n 6 8; many /m 4 8; cut; rename /m0 "
     "/d/n00000000; rename /m1 /d/n11111111; rename /m2 "
     "/d/n2222222222"},
    {"a pair is moved to other blocks", OUTCOME_MOVED, WORN,
     "mkdir /d; mkdir /d/e; again 4 /d/e/f 30; cut; again "
     "30 /d/e/f 30"},
    {"a pair that others follow is moved", OUTCOME_MOVED, VOLUME(128, 64, 4, 1),
     "mkdir /d; mkdir /e; many /d/n 5 8; mkdir /f; cut; again 8 /d/n0 9; again 8 /d/n4 9; again 6 "
     "/e/x 9"},
    {"pairs that follow each other in a circle are moved", OUTCOME_MOVED, VOLUME(128, 64, 128, 1),
     "mkdir /c; mkdir /a; rename /a /c/a; cut; again 40 /c/f 9"},
    {"a rename while its pairs are moved", OUTCOME_MOVED, WORN,
     "mkdir /a; mkdir /b; again 9 /a/f 30; again 9 /b/g 30; write /a/z 700; cut; rename /a/f /b/f; "
     "rename /b/g /a/g; rename /b/f /a/h; rename /a/g /b/i; rename /a/h /b/f; rename /b/i /a/g; "
     "rename /b/f /a/f; rename /a/g /b/g; rename /a/f /b/f; rename /b/g /a/g; rename /b/f /a/h"},
    {"the superblock is expanded", OUTCOME_EXPANDED, WORN,
     "write /r 9; mkdir /d; cut; again 24 /r 30"},
    {"the volume is full", OUTCOME_ANY, SMALL,
     "write /a 1500; write /b 1500; cut; write /c 1500; mkdir /d; write /e 30; remove /a; write /c "
     "1500"},
    {"the volume grows", OUTCOME_ANY, NOR,
     "write /f 900; mkdir /d; cut; grow 1; grow 2; write /d/g 600"},
    {"an expanded volume grows", OUTCOME_EXPANDED, WORN,
     "again 40 /r 30; cut; grow 2; again 3 /r 30"},
    {"a volume of version 2.0 is written to",
     OUTCOME_ANY,
     {.block_size = 512,
      .block_count = 48,
      .prog_size = 16,
      .cache_size = 512,
      .block_cycles = -1,
      .erase_value = 0xff,
      .disk_version = LFK_DISK_2_0},
     "mkdir /a; write /a/f 700; cut; rename /a/f /g; append /g 30; mkdir /b; remove /a"},
    {"erased blocks read as zeros",
     OUTCOME_ANY,
     {.block_size = 512,
      .block_count = 48,
      .prog_size = 16,
      .cache_size = 512,
      .block_cycles = 2,
      .erase_value = 0x00,
      .disk_version = LFK_DISK_2_1},
     "mkdir /a; write /a/f 700; cut; rename /a/f /g; again 9 /a/h 30; mkdir /b; remove /b"},
    {"an erase leaves what was there",
     OUTCOME_ANY,
     {.block_size = 512,
      .block_count = 48,
      .prog_size = 16,
      .cache_size = 512,
      .block_cycles = 2,
      .erase_value = FLASH_ERASE_KEEPS,
      .disk_version = LFK_DISK_2_1},
     "mkdir /a; write /a/f 700; cut; rename /a/f /g; again 9 /a/h 30; mkdir /b; remove /b"},
    {.name = NULL},
};

/* --- reading --------------------------------------------------------------------------- */

static void unreadable(const char *text)
{
    fprintf(stderr, "no operation: \"%.40s\"\n", text);
    exit(EXIT_FAILURE);
}

static struct op *add_op(struct scenario_ops *ops, enum op_kind kind, const char *path)
{
    if (ops->count == SCENARIO_OPS_MAX) {
        unreadable("too many");
    }
    struct op *op = &ops->ops[ops->count];
    *op = (struct op){.kind = kind, .salt = (uint32_t)(4 * ops->count + 1)};
    snprintf(op->path, sizeof(op->path), "%s", path);
    ops->count++;
    return op;
}

static void add_many(struct scenario_ops *ops, const char *path, unsigned count, unsigned size)
{
    char numbered[MODEL_PATH_MAX];
    for (unsigned i = 0; i < count; i++) {
        snprintf(numbered, sizeof(numbered), "%s%u", path, i);
        add_op(ops, OP_WRITE, numbered)->size = size;
    }
}

/* The operations that are told with a path and numbers. */
static bool read_change(struct scenario_ops *ops, const char *verb, const char *path,
                        unsigned first, unsigned second)
{
    if (strcmp(verb, "write") == 0) {
        add_op(ops, OP_WRITE, path)->size = first;
    } else if (strcmp(verb, "many") == 0) {
        add_many(ops, path, first, second);
    } else if (strcmp(verb, "overwrite") == 0) {
        struct op *op = add_op(ops, OP_OVERWRITE, path);
        op->position = first;
        op->size = second;
    } else if (strcmp(verb, "append") == 0) {
        add_op(ops, OP_APPEND, path)->size = first;
    } else if (strcmp(verb, "truncate") == 0) {
        add_op(ops, OP_TRUNCATE, path)->position = first;
    } else if (strcmp(verb, "mkdir") == 0) {
        add_op(ops, OP_MKDIR, path);
    } else if (strcmp(verb, "remove") == 0) {
        add_op(ops, OP_REMOVE, path);
    } else if (strcmp(verb, "setattr") == 0) {
        add_op(ops, OP_ATTRIBUTE, path);
    } else if (strcmp(verb, "removeattr") == 0) {
        add_op(ops, OP_ATTRIBUTE, path)->salt = 0;
    } else {
        return false;
    }
    return true;
}

/* The operations that are told in an order of their own. */
static bool read_other(struct scenario_ops *ops, const char *text)
{
    char path[64] = "";
    char other[64] = "";
    unsigned first = 0;
    unsigned second = 0;
    if (sscanf(text, " rename %63s %63[^; ]", path, other) == 2) {
        snprintf(add_op(ops, OP_RENAME, path)->to, MODEL_PATH_MAX, "%s", other);
    } else if (sscanf(text, " again %u %63s %u", &first, path, &second) == 3) {
        for (unsigned i = 0; i < first; i++) {
            add_op(ops, OP_WRITE, path)->size = second;
        }
    } else if (sscanf(text, " grow %u", &first) == 1) {
        add_op(ops, OP_GROW, "/")->salt = first;
    } else if (strncmp(text + strspn(text, " "), "cut", 3) == 0) {
        ops->cut_from = ops->count;
    } else {
        return false;
    }
    return true;
}

static void read_op(struct scenario_ops *ops, const char *text)
{
    char verb[16] = "";
    char path[64] = "";
    unsigned first = 0;
    unsigned second = 0;
    if (!read_other(ops, text) &&
        (sscanf(text, " %15[a-z] %63[^; ] %u %u", verb, path, &first, &second) < 2 ||
         !read_change(ops, verb, path, first, second))) {
        unreadable(text);
    }
}

void scenario_read(const struct scenario *scenario, struct scenario_ops *ops)
{
    const char *text = scenario->text;
    ops->count = 0;
    ops->cut_from = 0;
    while (text != NULL && *text != '\0') {
        read_op(ops, text);
        text = strchr(text, ';');
        text = text != NULL ? text + 1 : NULL;
    }
}
