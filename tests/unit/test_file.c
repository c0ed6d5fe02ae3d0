/* SPDX-License-Identifier: MIT */
/*
 * Files of the host as devices: their bytes, of any number, and what is not
 * opened and why; and as flash that is written to in place.
 */
#define _XOPEN_SOURCE 700
#define _FILE_OFFSET_BITS 64

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "bd/bd.h"
#include "folder.h"
#include "told.h"

static void a_file_reads_as_its_bytes(void **state)
{
    (void)state;
    make_bytes("image", "0123456789abcdefXY", 18);
    struct lfk_bd_file file;
    uint8_t buffer[8];
    assert_int_equal(lfk_bd_file_open(&file, "image", NULL), LFK_OK);
    struct lfk_bd *bd = &file.memory.bd;
    assert_int_equal(bd->size, 18);
    assert_int_equal(lfk_bd_shape(bd, 8, NULL), LFK_OK);
    assert_memory_equal(lfk_bd_map(bd, 1), "89abcdef", 8);
    assert_int_equal(lfk_bd_read(bd, 2, 0, buffer, 8, NULL), LFK_OK);
    assert_memory_equal(buffer, "XY\xff\xff\xff\xff\xff\xff", 8);
    lfk_bd_close(bd);
}

/* While it is open the file may be removed, or another given its name. */
static void an_open_file_needs_its_name_no_more(void **state)
{
    (void)state;
    make_bytes("image", "content!", 8);
    struct lfk_bd_file file;
    assert_int_equal(lfk_bd_file_open(&file, "image", NULL), LFK_OK);
    assert_int_equal(unlink("image"), 0);
    assert_int_equal(lfk_bd_shape(&file.memory.bd, 8, NULL), LFK_OK);
    assert_memory_equal(lfk_bd_map(&file.memory.bd, 0), "content!", 8);
    lfk_bd_close(&file.memory.bd);
}

static void an_empty_file_has_no_blocks(void **state)
{
    (void)state;
    make_bytes("image", "", 0);
    struct lfk_bd_file file;
    assert_int_equal(lfk_bd_file_open(&file, "image", NULL), LFK_OK);
    assert_int_equal(lfk_bd_shape(&file.memory.bd, 4096, NULL), LFK_OK);
    assert_int_equal(file.memory.bd.block_count, 0);
    lfk_bd_close(&file.memory.bd);
}

/* A hole of 5 GiB takes no room on the disk. */
static void a_file_may_be_larger_than_4_gib(void **state)
{
    (void)state;
    if (sizeof(size_t) < 8) {
        print_message("SKIPPED: memory cannot address such a file here\n");
        skip();
    }
    static const uint64_t size = UINT64_C(5) << 30;
    make_bytes("image", "first", 5);
    int descriptor = open("image", O_WRONLY);
    assert_int_equal(ftruncate(descriptor, (off_t)size), 0);
    assert_int_equal(pwrite(descriptor, "last", 4, (off_t)size - 4), 4);
    assert_int_equal(close(descriptor), 0);

    struct lfk_bd_file file;
    char buffer[5];
    assert_int_equal(lfk_bd_file_open(&file, "image", NULL), LFK_OK);
    struct lfk_bd *bd = &file.memory.bd;
    assert_int_equal(lfk_bd_shape(bd, 4096, NULL), LFK_OK);
    assert_int_equal(bd->block_count, size / 4096);
    assert_int_equal(lfk_bd_read(bd, 0, 0, buffer, 5, NULL), LFK_OK);
    assert_memory_equal(buffer, "first", 5);
    assert_int_equal(lfk_bd_read(bd, bd->block_count - 1, 4092, buffer, 4, NULL), LFK_OK);
    assert_memory_equal(buffer, "last", 4);
    lfk_bd_close(bd);
}

/* Whoever looks at many images would come to the host's limits else. */
static void a_closed_file_gives_everything_back(void **state)
{
    (void)state;
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    struct rlimit few = {64, before.rlim_max};
    make_bytes("image", "x", 1);
    /* A hole of 1 TiB: the address space has room for some of them. */
    if (sizeof(size_t) < 8 || truncate("image", (off_t)(UINT64_C(1) << 40)) != 0) {
        print_message("SKIPPED: there can be no file of 1 TiB here\n");
        skip();
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    for (int i = 0; i < 300; i++) {
        struct lfk_bd_file file;
        assert_int_equal(lfk_bd_file_open(&file, "image", NULL), LFK_OK);
        lfk_bd_close(&file.memory.bd);
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
}

static void a_file_that_is_not_there_is_the_hosts_error(void **state)
{
    (void)state;
    struct lfk_bd_file file;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_bd_file_open(&file, "image", &detail), LFK_ERR_IO);
    check_told(&detail, LFK_ERR_IO, "cannot open the file");
    assert_int_equal(detail.os_error, ENOENT);
}

/* Nobody writes to the FIFO: if opening waited, the test would not end. */
static void what_is_no_file_is_refused_at_once(void **state)
{
    (void)state;
    struct lfk_bd_file file;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_bd_file_open(&file, ".", &detail), LFK_ERR_INVAL);
    check_told(&detail, LFK_ERR_INVAL, "is a directory, not an image");
    make_fifo("fifo");
    assert_int_equal(lfk_bd_file_open(&file, "fifo", &detail), LFK_ERR_INVAL);
    check_told(&detail, LFK_ERR_INVAL, "is neither a file nor a block device");
    assert_int_equal(lfk_bd_file_open(&file, "/dev/null", &detail), LFK_ERR_INVAL);
}

/* --- as flash ------------------------------------------------------------------------ */

/* What is changed is in the file at once, for who reads it otherwise too. */
static void a_file_is_changed_in_place(void **state)
{
    (void)state;
    struct lfk_bd_hostflash flash;
    uint8_t buffer[8];
    make_bytes("image", "0123456789abcdef", 16);
    assert_int_equal(lfk_bd_hostflash_open(&flash, "image", LFK_BD_WRITE, 8, 2, NULL), LFK_OK);
    assert_int_equal(lfk_bd_read(&flash.bd, 1, 2, buffer, 4, NULL), LFK_OK);
    assert_memory_equal(buffer, "abcd", 4);
    assert_int_equal(lfk_bd_prog(&flash.bd, 0, 3, "XY", 2, NULL), LFK_OK);
    check_text("image", "012XY56789abcdef");
    assert_int_equal(lfk_bd_erase(&flash.bd, 1, NULL), LFK_OK);
    check_text("image", "012XY567\xff\xff\xff\xff\xff\xff\xff\xff");
    assert_int_equal(lfk_bd_sync(&flash.bd, NULL), LFK_OK);
    assert_null(lfk_bd_map(&flash.bd, 0));
    lfk_bd_close(&flash.bd);
}

/* A short image is a volume whose last blocks were never written. */
static void a_short_file_is_lengthened_with_erased_blocks(void **state)
{
    (void)state;
    struct lfk_bd_hostflash flash;
    make_bytes("image", "0123456789", 10);
    assert_int_equal(lfk_bd_hostflash_open(&flash, "image", LFK_BD_WRITE, 8, 2, NULL), LFK_OK);
    check_text("image", "0123456789");
    assert_int_equal(lfk_bd_prog(&flash.bd, 0, 0, "01", 2, NULL), LFK_OK);
    check_text("image", "0123456789\xff\xff\xff\xff\xff\xff");
    assert_int_equal(lfk_bd_prog(&flash.bd, 1, 2, "ab", 2, NULL), LFK_OK);
    lfk_bd_close(&flash.bd);
    check_text("image", "0123456789ab\xff\xff\xff\xff");
    /* One that is longer stays as it is. */
    assert_int_equal(lfk_bd_hostflash_open(&flash, "image", LFK_BD_WRITE, 8, 1, NULL), LFK_OK);
    lfk_bd_close(&flash.bd);
    check_text("image", "0123456789ab\xff\xff\xff\xff");
}

static void beyond_the_end_it_is_erased_and_cannot_be_changed(void **state)
{
    (void)state;
    struct lfk_bd_hostflash flash;
    struct lfk_detail detail = {0};
    uint8_t buffer[8];
    make_bytes("image", "0123456789abcdef", 16);
    assert_int_equal(lfk_bd_hostflash_open(&flash, "image", LFK_BD_WRITE, 8, 2, NULL), LFK_OK);
    assert_int_equal(lfk_bd_read(&flash.bd, 1000000, 0, buffer, 8, NULL), LFK_OK);
    assert_memory_equal(buffer, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
    assert_int_equal(lfk_bd_prog(&flash.bd, 2, 0, "x", 1, &detail), LFK_ERR_CORRUPT);
    check_told(&detail, LFK_ERR_CORRUPT, "the block is beyond the end of the file: block 2");
    assert_int_equal(lfk_bd_erase(&flash.bd, UINT32_MAX - 2, NULL), LFK_ERR_CORRUPT);
    lfk_bd_close(&flash.bd);
    check_text("image", "0123456789abcdef");
}

/* The lock is the open file's, so two of one process show what two processes meet. */
static void who_changes_a_file_has_it_alone(void **state)
{
    (void)state;
    struct lfk_bd_hostflash first;
    struct lfk_bd_hostflash second;
    struct lfk_detail detail = {0};
    make_bytes("image", "0123456789abcdef", 16);
    assert_int_equal(lfk_bd_hostflash_open(&first, "image", LFK_BD_WRITE, 8, 2, NULL), LFK_OK);
    assert_int_equal(lfk_bd_hostflash_open(&second, "image", LFK_BD_READ, 8, 2, &detail),
                     LFK_ERR_IO);
    check_told(&detail, LFK_ERR_IO, "another process is changing it");
    assert_int_equal(detail.os_error, 0);
    lfk_bd_close(&first.bd);
    assert_int_equal(lfk_bd_hostflash_open(&first, "image", LFK_BD_READ, 8, 2, NULL), LFK_OK);
    assert_int_equal(lfk_bd_hostflash_open(&second, "image", LFK_BD_READ, 8, 2, NULL), LFK_OK);
    lfk_bd_close(&second.bd);
    assert_int_equal(lfk_bd_hostflash_open(&second, "image", LFK_BD_WRITE, 8, 2, &detail),
                     LFK_ERR_IO);
    check_told(&detail, LFK_ERR_IO, "another process is reading or changing it");
    lfk_bd_close(&first.bd);
    assert_int_equal(lfk_bd_hostflash_open(&second, "image", LFK_BD_WRITE, 8, 2, NULL), LFK_OK);
    lfk_bd_close(&second.bd);
}

static void a_file_that_is_only_read_is_left_alone(void **state)
{
    (void)state;
    struct lfk_bd_hostflash flash;
    uint8_t buffer[8];
    make_bytes("image", "0123456789", 10);
    assert_int_equal(lfk_bd_hostflash_open(&flash, "image", LFK_BD_READ, 8, 4, NULL), LFK_OK);
    assert_int_equal(lfk_bd_read(&flash.bd, 1, 0, buffer, 8, NULL), LFK_OK);
    assert_memory_equal(buffer, "89\xff\xff\xff\xff\xff\xff", 8);
    assert_int_equal(lfk_bd_prog(&flash.bd, 0, 0, "x", 1, NULL), LFK_ERR_INVAL);
    assert_int_equal(lfk_bd_erase(&flash.bd, 0, NULL), LFK_ERR_INVAL);
    lfk_bd_close(&flash.bd);
    check_text("image", "0123456789");
}

/* An image that is there is never overwritten by making one. */
static void a_new_file_is_erased_flash(void **state)
{
    (void)state;
    struct lfk_bd_hostflash flash;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_bd_hostflash_open(&flash, "new", LFK_BD_CREATE, 4, 2, NULL), LFK_OK);
    lfk_bd_close(&flash.bd);
    check_text("new", "\xff\xff\xff\xff\xff\xff\xff\xff");
    make_bytes("image", "precious", 8);
    assert_int_equal(lfk_bd_hostflash_open(&flash, "image", LFK_BD_CREATE, 4, 2, &detail),
                     LFK_ERR_IO);
    assert_int_equal(detail.os_error, EEXIST);
    check_text("image", "precious");
    assert_int_equal(lfk_bd_hostflash_open(&flash, "missing", LFK_BD_WRITE, 4, 2, &detail),
                     LFK_ERR_IO);
    assert_int_equal(detail.os_error, ENOENT);
    check_names(".", "image new");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_in_folder(a_file_reads_as_its_bytes),
        test_in_folder(an_open_file_needs_its_name_no_more),
        test_in_folder(an_empty_file_has_no_blocks),
        test_in_folder(a_file_may_be_larger_than_4_gib),
        test_in_folder(a_closed_file_gives_everything_back),
        test_in_folder(a_file_that_is_not_there_is_the_hosts_error),
        test_in_folder(what_is_no_file_is_refused_at_once),
        test_in_folder(a_file_is_changed_in_place),
        test_in_folder(a_short_file_is_lengthened_with_erased_blocks),
        test_in_folder(beyond_the_end_it_is_erased_and_cannot_be_changed),
        test_in_folder(who_changes_a_file_has_it_alone),
        test_in_folder(a_file_that_is_only_read_is_left_alone),
        test_in_folder(a_new_file_is_erased_flash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
