/* SPDX-License-Identifier: MIT */
/*
 * lfs.h with LFS_NO_MALLOC: buffers have to be given, as on the device, and
 * there is no lfs_file_open: the program defines one of its own.
 */
#include "ram.h"

static struct ram ram;
static lfs_t lfs;
static uint8_t read_buffer[RAM_CACHE];
static uint8_t prog_buffer[RAM_CACHE];
static uint8_t lookahead_buffer[16];
static uint8_t file_buffer[RAM_CACHE];

int lfs_file_open(lfs_t *volume, lfs_file_t *file, const char *path, int flags);

int lfs_file_open(lfs_t *volume, lfs_file_t *file, const char *path, int flags)
{
    static const struct lfs_file_config config = {.buffer = file_buffer};
    return lfs_file_opencfg(volume, file, path, flags, &config);
}

static void start(void)
{
    ram_start(&ram);
    ram.cfg.read_buffer = read_buffer;
    ram.cfg.prog_buffer = prog_buffer;
    ram.cfg.lookahead_buffer = lookahead_buffer;
}

static void with_all_buffers_it_works(void **state)
{
    char bytes[] = "attr";
    struct lfs_attr attribute = {1, bytes, 4};
    const struct lfs_file_config config = {file_buffer, &attribute, 1};
    lfs_file_t file;
    char found[8];
    (void)state;
    start();
    OK(lfs_format(&lfs, &ram.cfg));
    OK(lfs_mount(&lfs, &ram.cfg));
    OK(lfs_file_opencfg(&lfs, &file, "f", LFS_O_RDWR | LFS_O_CREAT, &config));
    assert_int_equal(lfs_file_write(&lfs, &file, "hello", 5), 5);
    OK(lfs_file_close(&lfs, &file));
    OK(lfs_file_open(&lfs, &file, "f", LFS_O_RDONLY));
    assert_int_equal(lfs_file_read(&lfs, &file, found, sizeof(found)), 5);
    assert_memory_equal(found, "hello", 5);
    OK(lfs_file_close(&lfs, &file));
    assert_int_equal(lfs_getattr(&lfs, "f", 1, found, sizeof(found)), 4);
    OK(lfs_unmount(&lfs));
}

static void a_missing_buffer_is_no_memory(void **state)
{
    (void)state;
    for (int missing = 0; missing < 3; missing++) {
        start();
        OK(lfs_format(&lfs, &ram.cfg));
        void **const buffers[] = {&ram.cfg.read_buffer, &ram.cfg.prog_buffer,
                                  &ram.cfg.lookahead_buffer};
        *buffers[missing] = NULL;
        assert_int_equal(lfs_format(&lfs, &ram.cfg), LFS_ERR_NOMEM);
        assert_int_equal(lfs_mount(&lfs, &ram.cfg), LFS_ERR_NOMEM);
    }
}

/* And no file is made, then. */
static void a_missing_file_buffer_is_no_memory(void **state)
{
    static const struct lfs_file_config nothing;
    struct lfs_info info;
    lfs_file_t file;
    (void)state;
    start();
    OK(lfs_format(&lfs, &ram.cfg));
    OK(lfs_mount(&lfs, &ram.cfg));
    assert_int_equal(lfs_file_opencfg(&lfs, &file, "f", LFS_O_RDWR | LFS_O_CREAT, &nothing),
                     LFS_ERR_NOMEM);
    assert_int_equal(lfs_stat(&lfs, "f", &info), LFS_ERR_NOENT);
    OK(lfs_unmount(&lfs));
}

static void the_helpers_have_none(void **state)
{
    (void)state;
    assert_null(lfs_malloc(1));
    lfs_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_all_buffers_it_works),
        cmocka_unit_test(a_missing_buffer_is_no_memory),
        cmocka_unit_test(a_missing_file_buffer_is_no_memory),
        cmocka_unit_test(the_helpers_have_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
