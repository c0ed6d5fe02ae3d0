/* SPDX-License-Identifier: MIT */
/*
 * lfs.h with LFS_THREADSAFE: every function takes the lock once and gives it
 * back once; without the lock it does nothing.
 */
#include "ram.h"

static struct ram ram;
static lfs_t lfs;
static lfs_file_t file;
static lfs_dir_t dir;

static unsigned locks;
static unsigned unlocks;
static int held;
static int answer; /* of lock */

static int lock(const struct lfs_config *c)
{
    assert_ptr_equal(c, &ram.cfg);
    locks++;
    held += answer == 0;
    return answer;
}

static int unlock(const struct lfs_config *c)
{
    assert_ptr_equal(c, &ram.cfg);
    unlocks++;
    held--;
    return -99; /* which nobody hears */
}

/* Device functions are called in between. */
static int locked_read(const struct lfs_config *c, lfs_block_t block, lfs_off_t off, void *buffer,
                       lfs_size_t size)
{
    assert_int_equal(held, 1);
    return ram_read(c, block, off, buffer, size);
}

static int locked_prog(const struct lfs_config *c, lfs_block_t block, lfs_off_t off,
                       const void *buffer, lfs_size_t size)
{
    assert_int_equal(held, 1);
    return ram_prog(c, block, off, buffer, size);
}

static int locked_erase(const struct lfs_config *c, lfs_block_t block)
{
    assert_int_equal(held, 1);
    return ram_erase(c, block);
}

static int locked_sync(const struct lfs_config *c)
{
    assert_int_equal(held, 1);
    return ram_sync(c);
}

static int locked_visit(void *data, lfs_block_t block)
{
    (void)data;
    (void)block;
    assert_int_equal(held, 1);
    return 0;
}

static void start(void)
{
    ram_start(&ram);
    ram.cfg.read = locked_read;
    ram.cfg.prog = locked_prog;
    ram.cfg.erase = locked_erase;
    ram.cfg.sync = locked_sync;
    ram.cfg.lock = lock;
    ram.cfg.unlock = unlock;
}

/* --- every function ------------------------------------------------------------------------ */

static struct lfs_info info;
static struct lfs_fsinfo fsinfo;
static const struct lfs_file_config no_config;
static char buffer[8];

static int call_format(void)
{
    return lfs_format(&lfs, &ram.cfg);
}
static int call_mount(void)
{
    return lfs_mount(&lfs, &ram.cfg);
}
static int call_mkdir(void)
{
    return lfs_mkdir(&lfs, "d");
}
static int call_file_open(void)
{
    return lfs_file_open(&lfs, &file, "f", LFS_O_RDWR | LFS_O_CREAT);
}
static int call_file_write(void)
{
    return lfs_file_write(&lfs, &file, "hello", 5);
}
static int call_file_sync(void)
{
    return lfs_file_sync(&lfs, &file);
}
static int call_file_seek(void)
{
    return lfs_file_seek(&lfs, &file, 1, LFS_SEEK_SET);
}
static int call_file_tell(void)
{
    return lfs_file_tell(&lfs, &file);
}
static int call_file_read(void)
{
    return lfs_file_read(&lfs, &file, buffer, 8);
}
static int call_file_rewind(void)
{
    return lfs_file_rewind(&lfs, &file);
}
static int call_file_size(void)
{
    return lfs_file_size(&lfs, &file);
}
static int call_file_truncate(void)
{
    return lfs_file_truncate(&lfs, &file, 3);
}
static int call_file_close(void)
{
    return lfs_file_close(&lfs, &file);
}
static int call_file_opencfg(void)
{
    return lfs_file_opencfg(&lfs, &file, "f", LFS_O_RDONLY, &no_config);
}
static int call_setattr(void)
{
    return lfs_setattr(&lfs, "f", 1, "a", 1);
}
static int call_getattr(void)
{
    return lfs_getattr(&lfs, "f", 1, buffer, 8);
}
static int call_removeattr(void)
{
    return lfs_removeattr(&lfs, "f", 1);
}
static int call_stat(void)
{
    return lfs_stat(&lfs, "f", &info);
}
static int call_rename(void)
{
    return lfs_rename(&lfs, "f", "g");
}
static int call_dir_open(void)
{
    return lfs_dir_open(&lfs, &dir, "/");
}
static int call_dir_read(void)
{
    return lfs_dir_read(&lfs, &dir, &info);
}
static int call_dir_seek(void)
{
    return lfs_dir_seek(&lfs, &dir, 2);
}
static int call_dir_tell(void)
{
    return lfs_dir_tell(&lfs, &dir);
}
static int call_dir_rewind(void)
{
    return lfs_dir_rewind(&lfs, &dir);
}
static int call_dir_close(void)
{
    return lfs_dir_close(&lfs, &dir);
}
static int call_fs_stat(void)
{
    return lfs_fs_stat(&lfs, &fsinfo);
}
static int call_fs_size(void)
{
    return lfs_fs_size(&lfs);
}
static int call_fs_traverse(void)
{
    return lfs_fs_traverse(&lfs, locked_visit, NULL);
}
static int call_fs_mkconsistent(void)
{
    return lfs_fs_mkconsistent(&lfs);
}
static int call_fs_gc(void)
{
    return lfs_fs_gc(&lfs);
}
static int call_fs_grow(void)
{
    return lfs_fs_grow(&lfs, RAM_BLOCKS);
}
static int call_remove(void)
{
    return lfs_remove(&lfs, "g");
}
static int call_unmount(void)
{
    return lfs_unmount(&lfs);
}

/* In an order in which each succeeds. */
static int (*const calls[])(void) = {
    call_format,       call_mount,         call_mkdir,      call_file_open,   call_file_write,
    call_file_sync,    call_file_seek,     call_file_tell,  call_file_read,   call_file_rewind,
    call_file_size,    call_file_truncate, call_file_close, call_setattr,     call_getattr,
    call_file_opencfg, call_file_close,    call_removeattr, call_stat,        call_rename,
    call_dir_open,     call_dir_read,      call_dir_seek,   call_dir_tell,    call_dir_rewind,
    call_dir_close,    call_fs_stat,       call_fs_size,    call_fs_traverse, call_fs_mkconsistent,
    call_fs_gc,        call_fs_grow,       call_remove,     call_unmount,
};

static void the_lock_is_taken_once(void **state)
{
    (void)state;
    start();
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        locks = 0;
        unlocks = 0;
        assert_true(calls[i]() >= 0);
        assert_int_equal(locks, 1);
        assert_int_equal(unlocks, 1);
        assert_int_equal(held, 0);
    }
}

/* The same, each first tried without the lock: in vain, and without consequences. */
static void without_the_lock_nothing_is_done(void **state)
{
    static uint8_t before[sizeof(ram.bytes)];
    (void)state;
    start();
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        memcpy(before, ram.bytes, sizeof(before));
        locks = 0;
        unlocks = 0;
        answer = -77;
        assert_int_equal(calls[i](), -77);
        answer = 0;
        assert_int_equal(locks, 1);
        assert_int_equal(unlocks, 0);
        assert_memory_equal(ram.bytes, before, sizeof(before));
        assert_true(calls[i]() >= 0);
    }
}

/* What fails gives it back, too. */
static void errors_give_the_lock_back(void **state)
{
    lfs_file_t other;
    (void)state;
    start();
    assert_int_equal(lfs_mount(&lfs, &ram.cfg), LFS_ERR_CORRUPT);
    OK(lfs_format(&lfs, &ram.cfg));
    OK(lfs_mount(&lfs, &ram.cfg));
    assert_int_equal(lfs_stat(&lfs, "nothing", &info), LFS_ERR_NOENT);
    assert_int_equal(lfs_file_close(&lfs, &other), LFS_ERR_BADF);
    assert_int_equal(lfs_dir_read(&lfs, &dir, &info), LFS_ERR_BADF);
    assert_int_equal(held, 0);
    OK(lfs_unmount(&lfs));
}

static void the_functions_have_to_be_given(void **state)
{
    (void)state;
    start();
    ram.cfg.lock = NULL;
    assert_int_equal(lfs_format(&lfs, &ram.cfg), LFS_ERR_INVAL);
    assert_int_equal(lfs_mount(&lfs, &ram.cfg), LFS_ERR_INVAL);
    ram.cfg.lock = lock;
    ram.cfg.unlock = NULL;
    assert_int_equal(lfs_format(&lfs, &ram.cfg), LFS_ERR_INVAL);
    assert_int_equal(lfs_mount(&lfs, &ram.cfg), LFS_ERR_INVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_lock_is_taken_once),
        cmocka_unit_test(without_the_lock_nothing_is_done),
        cmocka_unit_test(errors_give_the_lock_back),
        cmocka_unit_test(the_functions_have_to_be_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
