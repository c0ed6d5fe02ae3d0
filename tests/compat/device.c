/* SPDX-License-Identifier: MIT */
/*
 * Volumes for the tests of lfs.h.
 */
#include "device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEVICE_SIZE (1u << 20)

const struct shape shapes[SHAPES] = {
    {16, 16, 512}, {1, 1, 512}, {512, 512, 512}, {1, 1, 4096}, {4096, 4096, 32768}};

/* --- callbacks ------------------------------------------------------------------------ */

static struct device *device_of(const struct lfs_config *c)
{
    return c->context;
}

static void expect(struct device *device, bool kept, const char *rule)
{
    if (!kept && device->flash.breaches++ == 0) {
        snprintf(device->flash.breach, sizeof(device->flash.breach), "%s", rule);
    }
}

/* Counts a call; what it has to return, or 0. */
static int count(struct device *device, enum device_call call)
{
    device->calls[call]++;
#ifdef LFS_THREADSAFE
    expect(device, device->locked == 1, "a call without the lock");
#endif
    if (device->on_call != NULL) {
        device->on_call(device, call);
    }
    if (device->answer != 0 && device->failing == call) {
        if (device->spare == 0) {
            return device->answer;
        }
        device->spare--;
    }
    return 0;
}

static void watch(struct device *device, const void *buffer, lfs_size_t size)
{
    uintptr_t at = (uintptr_t)buffer - (uintptr_t)device->watched; /* wraps before it */
    if (device->watched != NULL && at < device->watched_size) {
        device->read_there += size;
    }
}

/* Leaves the call by the way that was given, if the power has gone. */
static int leave(const struct device *device, int result)
{
    if (device->flash.lost && device->on_loss != NULL) {
        longjmp(*device->on_loss, 1);
    }
    return result;
}

static int device_read(const struct lfs_config *c, lfs_block_t block, lfs_off_t off, void *buffer,
                       lfs_size_t size)
{
    struct device *device = device_of(c);
    struct flash *flash = &device->flash;
    expect(device, off % c->read_size == 0 && size % c->read_size == 0, "a read is not aligned");
    expect(device, size > 0 && off + size <= c->block_size, "a read passes the end of the block");
    expect(device, block < flash->bd.block_count || c->block_count == 0, "a block is not there");
    int result = count(device, CALL_READ);
    watch(device, buffer, size);
    if (result == 0 && block >= flash->bd.block_count) {
        result = LFS_ERR_CORRUPT;
    }
    return result != 0 ? result : flash->bd.ops->read(&flash->bd, block, off, buffer, size, NULL);
}

static int device_prog(const struct lfs_config *c, lfs_block_t block, lfs_off_t off,
                       const void *buffer, lfs_size_t size)
{
    struct device *device = device_of(c);
    struct flash *flash = &device->flash;
    expect(device, block < flash->bd.block_count, "a block is not there");
    expect(device, size <= c->cache_size, "a program is larger than the cache");
    expect(device, size > 0 && off + size <= c->block_size, "a program passes the block's end");
    int result = count(device, CALL_PROG);
    if (result == 0) {
        result = flash->bd.ops->prog(&flash->bd, block, off, buffer, size, NULL);
    }
    return leave(device, result);
}

static int device_erase(const struct lfs_config *c, lfs_block_t block)
{
    struct device *device = device_of(c);
    struct flash *flash = &device->flash;
    expect(device, block < flash->bd.block_count, "a block is not there");
    int result = count(device, CALL_ERASE);
    if (result == 0) {
        result = flash->bd.ops->erase(&flash->bd, block, NULL);
    }
    return leave(device, result);
}

static int device_sync(const struct lfs_config *c)
{
    struct device *device = device_of(c);
    int result = count(device, CALL_SYNC);
    return result != 0 ? result : device->flash.bd.ops->sync(&device->flash.bd, NULL);
}

#ifdef LFS_THREADSAFE
static int device_lock(const struct lfs_config *c)
{
    device_of(c)->locked++;
    return 0;
}

static int device_unlock(const struct lfs_config *c)
{
    device_of(c)->locked--;
    return 0;
}
#endif

static lfs_size_t largest(lfs_size_t a, lfs_size_t b)
{
    return a > b ? a : b;
}

void device_open(struct device *device, const struct shape *shape, lfs_size_t size)
{
    memset(device, 0, sizeof(*device));
    lfs_size_t count = size / shape->block_size;
    flash_open(&device->flash, shape->block_size, count, shape->prog_size, 0xff);
    device->cfg = (struct lfs_config){
        .context = device,
        .read = device_read,
        .prog = device_prog,
        .erase = device_erase,
        .sync = device_sync,
#ifdef LFS_THREADSAFE
        .lock = device_lock,
        .unlock = device_unlock,
#endif
        .read_size = shape->read_size,
        .prog_size = shape->prog_size,
        .block_size = shape->block_size,
        .block_count = count,
        .block_cycles = -1,
        .cache_size = largest(64, largest(shape->read_size, shape->prog_size)),
        .lookahead_size = 16,
    };
}

void device_close(struct device *device)
{
    uint64_t breaches = device->flash.breaches;
    char breach[sizeof(device->flash.breach)];
    memcpy(breach, device->flash.breach, sizeof(breach));
    flash_close(&device->flash);
    if (breaches > 0) {
        fail_msg("%s", breach);
    }
}

uint64_t device_changes(const struct device *device)
{
    return device->calls[CALL_PROG] + device->calls[CALL_ERASE] + device->calls[CALL_SYNC];
}

/* --- volumes ---------------------------------------------------------------------------- */

static void start(struct volume *v)
{
    memset(&v->lfs, 0xa5, sizeof(v->lfs));
    OK(lfs_format(&v->lfs, &v->device.cfg));
    memset(&v->lfs, 0xa5, sizeof(v->lfs));
    OK(lfs_mount(&v->lfs, &v->device.cfg));
}

void volume_open_size(struct volume *v, const struct shape *shape, lfs_size_t size)
{
    device_open(&v->device, shape, size);
    start(v);
}

void volume_open(struct volume *v, const struct shape *shape)
{
    volume_open_size(v, shape, DEVICE_SIZE);
}

void volume_remount(struct volume *v)
{
    OK(lfs_unmount(&v->lfs));
    memset(&v->lfs, 0xa5, sizeof(v->lfs));
    OK(lfs_mount(&v->lfs, &v->device.cfg));
}

void volume_close(struct volume *v)
{
    OK(lfs_unmount(&v->lfs));
    device_close(&v->device);
}

void on_all_volumes(void (*test)(struct volume *v))
{
    static const lfs_size_t inlines[] = {0, 8, (lfs_size_t)-1};
    static struct volume v;
    for (size_t i = 0; i < SHAPES; i++) {
        for (size_t j = 0; j < 3; j++) {
            device_open(&v.device, &shapes[i], DEVICE_SIZE);
            v.device.cfg.inline_max = inlines[j];
            start(&v);
            test(&v);
            volume_close(&v);
        }
    }
}

/* --- files -------------------------------------------------------------------------------- */

static void *need(void *memory)
{
    assert_non_null(memory);
    return memory;
}

void fill(uint8_t *bytes, size_t size, unsigned salt)
{
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(i * 7 + i / 251 + (size_t)salt * 31 + 1);
    }
}

void make_file(lfs_t *lfs, const char *path, const void *data, lfs_size_t size)
{
    lfs_file_t file;
    memset(&file, 0xa5, sizeof(file));
    OK(lfs_file_open(lfs, &file, path, LFS_O_WRONLY | LFS_O_CREAT | LFS_O_TRUNC));
    assert_int_equal(lfs_file_write(lfs, &file, data, size), size);
    OK(lfs_file_close(lfs, &file));
}

void make_pattern(lfs_t *lfs, const char *path, lfs_size_t size, unsigned salt)
{
    uint8_t *bytes = need(malloc(size + 1));
    fill(bytes, size, salt);
    make_file(lfs, path, bytes, size);
    free(bytes);
}

void check_file(lfs_t *lfs, const char *path, const void *data, lfs_size_t size)
{
    uint8_t *bytes = need(malloc(size + 1));
    struct lfs_info info;
    lfs_file_t file;
    memset(&file, 0xa5, sizeof(file));
    OK(lfs_stat(lfs, path, &info));
    assert_int_equal(info.type, LFS_TYPE_REG);
    assert_int_equal(info.size, size);
    OK(lfs_file_open(lfs, &file, path, LFS_O_RDONLY));
    assert_int_equal(lfs_file_size(lfs, &file), size);
    assert_int_equal(lfs_file_read(lfs, &file, bytes, size + 1), size);
    if (size > 0) {
        assert_memory_equal(bytes, data, size);
    }
    OK(lfs_file_close(lfs, &file));
    free(bytes);
}

void check_pattern(lfs_t *lfs, const char *path, lfs_size_t size, unsigned salt)
{
    uint8_t *bytes = need(malloc(size + 1));
    fill(bytes, size, salt);
    check_file(lfs, path, bytes, size);
    free(bytes);
}

void check_text(lfs_t *lfs, const char *path, const char *text)
{
    check_file(lfs, path, text, (lfs_size_t)strlen(text));
}

void check_names(lfs_t *lfs, const char *path, const char *names)
{
    char found[4096] = "";
    struct lfs_info info;
    lfs_dir_t dir;
    int result;
    memset(&dir, 0xa5, sizeof(dir));
    OK(lfs_dir_open(lfs, &dir, path));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(lfs_dir_read(lfs, &dir, &info), 1);
        assert_int_equal(info.type, LFS_TYPE_DIR);
        assert_int_equal(info.size, 0);
        assert_string_equal(info.name, i == 0 ? "." : "..");
    }
    while ((result = lfs_dir_read(lfs, &dir, &info)) == 1) {
        size_t length = strlen(found);
        snprintf(found + length, sizeof(found) - length, "%s ", info.name);
    }
    assert_int_equal(result, 0);
    assert_int_equal(lfs_dir_read(lfs, &dir, &info), 0);
    OK(lfs_dir_close(lfs, &dir));
    assert_string_equal(found, names);
}

unsigned fill_up(lfs_t *lfs, lfs_size_t file_size)
{
    uint8_t *bytes = need(malloc(file_size));
    char path[32];
    fill(bytes, file_size, 0);
    for (unsigned i = 0;; i++) {
        lfs_file_t file;
        snprintf(path, sizeof(path), "fill%u", i);
        int result = lfs_file_open(lfs, &file, path, LFS_O_WRONLY | LFS_O_CREAT);
        if (result == 0) {
            lfs_ssize_t written = lfs_file_write(lfs, &file, bytes, file_size);
            int closed = lfs_file_close(lfs, &file);
            result = written < 0 ? (int)written : closed;
        }
        if (result < 0) {
            assert_int_equal(result, LFS_ERR_NOSPC);
            (void)lfs_remove(lfs, path);
            free(bytes);
            return i;
        }
    }
}
