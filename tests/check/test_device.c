/* SPDX-License-Identifier: MIT */
/*
 * The check of a device: one that gives out no memory, one with a bad block, one
 * that breaks down; with all the memory it wants, and with none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check/check.h"
#include "flawed_device.h"
#include "scarce_memory.h"

static const char *folder; /* of the golden images */

struct image {
    uint8_t *bytes;
    size_t size;
    struct flawed_device device;
};

/* The findings, a line each. */
struct told {
    char text[4096];
    size_t size;
};

static void note(void *context, const struct lfk_finding *finding)
{
    struct told *told = context;
    char line[256];
    lfk_finding_format(finding, line, sizeof(line));
    told->size +=
        (size_t)snprintf(told->text + told->size, sizeof(told->text) - told->size, "%s %s: %s\n",
                         finding->kind->code, finding->path != NULL ? finding->path : "-", line);
    assert_in_range(told->size, 1, sizeof(told->text) - 1);
}

static void image_open(struct image *image, const char *name, uint32_t block_size)
{
    char path[1024];
    snprintf(path, sizeof(path), "%s/%s.img", folder, name);
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    image->size = (size_t)ftell(file);
    rewind(file);
    image->bytes = malloc(image->size);
    assert_non_null(image->bytes);
    assert_int_equal(fread(image->bytes, 1, image->size, file), image->size);
    (void)fclose(file);
    flawed_open(&image->device, image->bytes, block_size, (uint32_t)(image->size / block_size));
}

static int check(struct image *image, struct told *told, struct lfk_detail *detail)
{
    struct lfk_check *outcome;
    const struct lfk_check_options options = {
        .size = sizeof(options), .report = note, .context = told};
    *told = (struct told){.size = 0};
    int result = lfk_check_device(&outcome, &image->device.bd, &options, detail);
    if (result == LFK_OK) {
        lfk_check_close(outcome);
    }
    return result;
}

static void expect(struct image *image, const char *findings)
{
    struct told told;
    assert_int_equal(check(image, &told, NULL), LFK_OK);
    assert_string_equal(told.text, findings);
}

static void test_no_block_is_read_whole_twice(void **state)
{
    static const char *const names[] = {"renamed", "move_over_directory", "split_root"};
    static const uint32_t sizes[] = {512, 512, 256};
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct image image;
        struct told told;
        image_open(&image, names[i], sizes[i]);
        assert_int_equal(check(&image, &told, NULL), LFK_OK);
        assert_in_range(image.device.bytes_read, 1, image.size);
        free(image.bytes);
    }
}

static void test_bad_blocks(void **state)
{
    struct image image;
    (void)state;
    image_open(&image, "cut_make_01", 128);
    expect(&image, "");
    image.device.status = LFK_ERR_CORRUPT;
    image.device.bad_block = 1;
    expect(&image, "LFK-203 /: only one block of the root pair can be read: block 1\n");
    image.device.bad_block = 3; /* the other block of the pair */
    expect(&image, "LFK-207 /a: a block of a metadata pair cannot be read: block 3\n");
    image.device.bad_block = 2; /* the only one that was ever written */
    expect(&image, "LFK-201 /a: neither block of a metadata pair has a valid commit: block 3\n");
    image.device.bad_block = 8;
    expect(&image, "LFK-506 /b/g: a block of a file cannot be read: block 8\n");
    free(image.bytes);
}

static void test_a_device_that_breaks_down(void **state)
{
    struct image image;
    (void)state;
    image_open(&image, "cut_make_01", 128);
    image.device.status = LFK_ERR_IO;
    for (uint32_t block = 0; block < 6; block++) {
        struct lfk_detail detail = {0};
        struct told told;
        image.device.bad_block = block;
        assert_int_equal(check(&image, &told, &detail), LFK_ERR_IO);
        assert_int_equal(detail.status, LFK_ERR_IO);
        assert_int_equal(detail.block, block);
    }
    free(image.bytes);
}

static void test_memory_that_is_not_there(void **state)
{
    struct image image;
    struct told told;
    struct scarce_memory scarce;
    size_t requests = 0;
    int result;
    (void)state;
    image_open(&image, "move_over_directory", 512);
    do {
        struct lfk_check *outcome = NULL;
        struct lfk_detail detail = {0};
        scarce_memory_start(&scarce, requests++);
        const struct lfk_check_options options = {.size = sizeof(options),
                                                  .allocator = &scarce.allocator,
                                                  .report = note,
                                                  .context = &told};
        told = (struct told){.size = 0};
        result = lfk_check_device(&outcome, &image.device.bd, &options, &detail);
        assert_int_equal(detail.status, result);
        lfk_check_close(outcome);
    } while (result == LFK_ERR_NOMEM);
    assert_int_equal(result, LFK_OK);
    assert_in_range(requests, 10, 1000);
    expect(&image, told.text);
    free(image.bytes);
}

static void test_the_map_of_blocks(void **state)
{
    struct image image;
    struct lfk_check *outcome;
    struct lfk_block_info info;
    char path[8];
    (void)state;
    image_open(&image, "cut_make_01", 128);
    assert_int_equal(lfk_check_device(&outcome, &image.device.bd, NULL, NULL), LFK_OK);
    assert_int_equal(lfk_check_block(outcome, 1, &info), LFK_OK);
    assert_int_equal(info.use, LFK_BLOCK_METADATA);
    assert_int_equal(info.twin, 0);
    assert_int_equal(lfk_check_block_path(outcome, 8, path, sizeof(path)), 4);
    assert_string_equal(path, "/b/g");
    assert_int_equal(lfk_check_block_path(outcome, 8, path, 3), 4);
    assert_string_equal(path, "/b");
    assert_int_equal(lfk_check_block(outcome, 23, &info), LFK_OK);
    assert_int_equal(info.use, LFK_BLOCK_FREE);
    assert_int_equal(lfk_check_block_path(outcome, 23, path, sizeof(path)), 0);
    assert_int_equal(lfk_check_block(outcome, 24, &info), LFK_ERR_INVAL);
    lfk_check_close(outcome);
    free(image.bytes);
}

static void test_options(void **state)
{
    struct image image;
    struct lfk_check *outcome;
    struct lfk_detail detail = {0};
    struct lfk_check_options options = {.size = 1};
    (void)state;
    image_open(&image, "cut_make_01", 128);
    assert_int_equal(lfk_check_device(&outcome, &image.device.bd, &options, &detail),
                     LFK_ERR_INVAL);
    assert_string_equal(detail.field, "size");
    options = (struct lfk_check_options){.size = sizeof(options), .block_count = 25};
    assert_int_equal(lfk_check_device(&outcome, &image.device.bd, &options, &detail),
                     LFK_ERR_INVAL);
    assert_string_equal(detail.field, "block_count");
    options = (struct lfk_check_options){.size = sizeof(options), .name_max = 254};
    assert_int_equal(lfk_check_device(&outcome, &image.device.bd, &options, &detail),
                     LFK_ERR_INVAL);
    assert_string_equal(detail.field, "name_max");
    assert_int_equal(detail.found, 255);
    free(image.bytes);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_block_is_read_whole_twice),
        cmocka_unit_test(test_bad_blocks),
        cmocka_unit_test(test_a_device_that_breaks_down),
        cmocka_unit_test(test_memory_that_is_not_there),
        cmocka_unit_test(test_the_map_of_blocks),
        cmocka_unit_test(test_options),
    };
    if (argc != 2) {
        return 2;
    }
    folder = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
