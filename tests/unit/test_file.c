/* SPDX-License-Identifier: MIT */
/* Files of the host as devices: their bytes, of any number, and what is not opened and why. */
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
