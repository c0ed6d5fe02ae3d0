/* SPDX-License-Identifier: MIT */
/*
 * lfs.h with LFS_CONFIG: nothing of lfs_util.h is defined, all that is needed is
 * the program's.
 */
#include "ram.h"

#include <stdlib.h>

#ifdef LFS_ASSERT
#error "something of lfs_util.h is there"
#endif

static size_t pieces;

void *lfs_malloc(size_t size)
{
    pieces++;
    return malloc(size);
}

void lfs_free(void *memory)
{
    pieces--;
    free(memory);
}

/* With the library's own one this would be a second definition. */
uint32_t lfs_crc(uint32_t crc, const void *buffer, size_t size)
{
    (void)buffer;
    (void)size;
    return crc;
}

static void it_works(void **state)
{
    static struct ram ram;
    struct lfs_info info;
    lfs_t lfs;
    lfs_file_t file;
    (void)state;
    ram_start(&ram);
    OK(lfs_format(&lfs, &ram.cfg));
    assert_int_equal(pieces, 0);
    OK(lfs_mount(&lfs, &ram.cfg));
    assert_true(pieces > 0);
    OK(lfs_file_open(&lfs, &file, "f", LFS_O_WRONLY | LFS_O_CREAT));
    assert_int_equal(lfs_file_write(&lfs, &file, "hello", 5), 5);
    OK(lfs_file_close(&lfs, &file));
    OK(lfs_stat(&lfs, "f", &info));
    assert_int_equal(info.size, 5);
    OK(lfs_unmount(&lfs));
    assert_int_equal(pieces, 0);
    assert_int_equal(lfs_crc(3, NULL, 0), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_works)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
