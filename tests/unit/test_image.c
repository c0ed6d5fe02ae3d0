/* SPDX-License-Identifier: MIT */
/* Opening images: shaped by what they state, and refused by name when they are no littlefs. */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "folder.h"
#include "foreign_images.h"
#include "image/image.h"
#include "image_maker.h"
#include "told.h"

static struct maker make_image(void)
{
    struct maker m = maker_start(384, 6);
    maker_root(&m);
    maker_end(&m);
    return m;
}

static void check_opened(struct lfk_image *image, const struct maker *m)
{
    assert_int_equal(image->bd->block_size, 384);
    assert_int_equal(image->bd->block_count, 6);
    assert_memory_equal(lfk_bd_map(image->bd, 0), m->bytes, 384);
    lfk_image_close(image);
    assert_null(image->bd);
    lfk_image_close(image);
}

static void files_and_memory_open_alike(void **state)
{
    (void)state;
    struct maker m = make_image();
    struct lfk_image image;
    assert_int_equal(lfk_image_open_memory(&image, m.bytes, maker_size(&m), 0, NULL, NULL), LFK_OK);
    check_opened(&image, &m);
    assert_int_equal(lfk_image_open_memory(&image, m.bytes, maker_size(&m), 384, NULL, NULL),
                     LFK_OK);
    check_opened(&image, &m);
    make_bytes("image", m.bytes, maker_size(&m));
    assert_int_equal(lfk_image_open_file(&image, "image", 384, NULL, NULL), LFK_OK);
    check_opened(&image, &m);
    maker_free(&m);
}

static void check_refused(const void *bytes, size_t size, uint32_t block_size, int status,
                          const char *line)
{
    struct lfk_image image;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_image_open_memory(&image, bytes, size, block_size, NULL, &detail), status);
    check_told(&detail, status, line);
    assert_null(image.bd);
    lfk_image_close(&image);

    make_bytes("image", bytes, size);
    assert_int_equal(lfk_image_open_file(&image, "image", block_size, NULL, &detail), status);
    check_told(&detail, status, line);
    lfk_image_close(&image);
}

/* A block size that the caller believes in must be the image's own. */
static void another_block_size_is_refused(void **state)
{
    (void)state;
    struct maker m = make_image();
    check_refused(m.bytes, maker_size(&m), 512, LFK_ERR_INVAL,
                  "the image has another block size (block_size): expected 512, found 384");
    maker_free(&m);
}

static void what_is_no_littlefs_is_named(void **state)
{
    (void)state;
    static uint8_t bytes[FOREIGN_SIZE];
    make_littlefs_v1(bytes);
    check_refused(bytes, sizeof(bytes), 0, LFK_ERR_INVAL, "this is a littlefs v1 image, not v2");
    make_fat(bytes);
    check_refused(bytes, sizeof(bytes), 0, LFK_ERR_INVAL, "this is a FAT filesystem, not littlefs");
    make_spiffs(bytes);
    check_refused(bytes, sizeof(bytes), 0, LFK_ERR_INVAL, "this is a SPIFFS image, not littlefs");
    memset(bytes, 0xff, sizeof(bytes));
    check_refused(bytes, sizeof(bytes), 0, LFK_ERR_INVAL,
                  "this is erased flash, all 0xff: nothing was ever written");
    memset(bytes, 0x00, sizeof(bytes));
    check_refused(bytes, sizeof(bytes), 0, LFK_ERR_INVAL,
                  "this is erased flash, all 0x00: nothing was ever written");
    check_refused(bytes, 0, 0, LFK_ERR_INVAL, "the image is empty, it has no bytes");
    check_refused("short", 5, 0, LFK_ERR_INVAL,
                  "this is not a littlefs image: no superblock in block 0 or 1");
}

/* It is a littlefs, and nothing else: it is only damaged. */
static void a_damaged_littlefs_is_not_called_anything_else(void **state)
{
    (void)state;
    struct maker m = maker_start(384, 6);
    maker_root(&m);
    maker_delete(&m, 0);
    maker_end(&m);
    check_refused(m.bytes, maker_size(&m), 0, LFK_ERR_CORRUPT,
                  "the root pair has no valid superblock: block 0");
    maker_free(&m);
}

/* Opened or refused. A superblock and a hole of 1 TiB: the address space has room for some. */
static void an_image_gives_its_mapping_back(void **state)
{
    (void)state;
    struct maker m = make_image();
    make_bytes("image", m.bytes, maker_size(&m));
    maker_free(&m);
    if (sizeof(size_t) < 8 || truncate("image", (off_t)(UINT64_C(1) << 40)) != 0) {
        print_message("SKIPPED: there can be no file of 1 TiB here\n");
        skip();
    }
    for (int i = 0; i < 300; i++) {
        struct lfk_image image;
        assert_int_equal(lfk_image_open_file(&image, "image", 384, NULL, NULL), LFK_OK);
        lfk_image_close(&image);
        assert_int_equal(lfk_image_open_file(&image, "image", 512, NULL, NULL), LFK_ERR_INVAL);
    }
}

static void a_file_that_is_not_there_is_the_hosts_error(void **state)
{
    (void)state;
    struct lfk_image image;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_image_open_file(&image, "image", 0, NULL, &detail), LFK_ERR_IO);
    assert_int_equal(detail.os_error, ENOENT);
    lfk_image_close(&image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_in_folder(files_and_memory_open_alike),
        test_in_folder(another_block_size_is_refused),
        test_in_folder(what_is_no_littlefs_is_named),
        test_in_folder(a_damaged_littlefs_is_not_called_anything_else),
        test_in_folder(an_image_gives_its_mapping_back),
        test_in_folder(a_file_that_is_not_there_is_the_hosts_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
