/* SPDX-License-Identifier: MIT */
/* Memory and files of the host as devices. */
#define _XOPEN_SOURCE 700

#include "folder.h"
#include "stage.h"

#include "lfskit/volume.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define COUNT 16u

static const struct lfk_medium_options found_out = {.size = sizeof(found_out)};
static const struct lfk_medium_options made = {
    .size = sizeof(made), .block_size = BLOCK_SIZE, .block_count = COUNT, .create = true};

static int open_file(struct lfk_medium **medium, const struct lfk_medium_options *options)
{
    return lfk_medium_open_file(medium, "image", options, &detail);
}

static struct lfk_filesystem *mount(const struct lfk_medium *medium, bool read_only)
{
    const struct lfk_filesystem_options options = {.size = sizeof(options), .read_only = read_only};
    struct lfk_filesystem *fs;
    OK(lfk_filesystem_mount(&fs, lfk_medium_device(medium), &options, &detail));
    return fs;
}

/* Makes "image", a volume with a file in it. */
static void make_image(void)
{
    struct lfk_medium *medium;
    OK(open_file(&medium, &made));
    OK(lfk_filesystem_format(lfk_medium_device(medium), NULL, &detail));
    struct lfk_filesystem *fs = mount(medium, false);
    put_file(fs, "a", 2000);
    lfk_filesystem_unmount(fs);
    lfk_medium_close(medium);
}

static size_t size_of_image(void)
{
    FILE *file = fopen("image", "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size_t size = (size_t)ftell(file);
    assert_int_equal(fclose(file), 0);
    return size;
}

static void read_image(uint8_t *bytes, size_t size)
{
    FILE *file = fopen("image", "rb");
    assert_non_null(file);
    assert_int_equal(fread(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static void a_volume_in_a_file_is_changed_and_found_again(void **state)
{
    (void)state;
    struct lfk_medium *medium;
    make_image();
    assert_int_equal(size_of_image(), BLOCKS(COUNT));
    OK(open_file(&medium, &found_out));
    assert_int_equal(lfk_medium_device(medium)->block_size, BLOCK_SIZE);
    struct lfk_filesystem *fs = mount(medium, false);
    check_file(fs, "a", 2000);
    put_text(fs, "b", "later");
    lfk_filesystem_unmount(fs);
    lfk_medium_close(medium);

    const struct lfk_medium_options reading = {.size = sizeof(reading), .read_only = true};
    OK(open_file(&medium, &reading));
    fs = mount(medium, true);
    check_list(fs, "/", "a b");
    check_text_of(fs, "b", "later");
    FAILS(lfk_filesystem_remove(fs, "b", &detail), LFK_ERR_INVAL,
          "the volume is mounted read-only");
    lfk_filesystem_unmount(fs);
    lfk_medium_close(medium);
}

static void what_is_opened_to_be_read_is_never_changed(void **state)
{
    (void)state;
    static uint8_t before[BLOCKS(COUNT)];
    static uint8_t after[BLOCKS(COUNT)];
    const struct lfk_medium_options options = {
        .size = sizeof(options), .read_only = true, .block_size = BLOCK_SIZE, .block_count = 99};
    struct lfk_medium *medium;
    struct lfk_filesystem *fs;
    make_image();
    read_image(before, sizeof(before));
    OK(open_file(&medium, &options));
    FAILS(lfk_filesystem_mount(&fs, lfk_medium_device(medium), NULL, &detail), LFK_ERR_INVAL,
          "the device has no functions to program or erase");
    FAILS(lfk_filesystem_format(lfk_medium_device(medium), NULL, &detail), LFK_ERR_INVAL,
          "the device has no functions to program or erase");
    lfk_medium_close(medium);
    assert_int_equal(size_of_image(), sizeof(after));
    read_image(after, sizeof(after));
    assert_memory_equal(before, after, sizeof(after));
}

/* An image without its erased end: unless it is lengthened, what is missing counts as bad. */
static void a_file_that_ends_early_is_used_as_far_as_it_goes(void **state)
{
    (void)state;
    const struct lfk_medium_options as_it_is = {.size = sizeof(as_it_is), .block_size = BLOCK_SIZE};
    struct lfk_medium *medium;
    make_image();
    assert_int_equal(truncate("image", BLOCKS(10) + 100), 0);
    OK(open_file(&medium, &as_it_is));
    struct lfk_filesystem *fs = mount(medium, false);
    struct lfk_file *file;
    static uint8_t bytes[BLOCKS(8)];
    OK(lfk_file_open(&file, fs, "b", LFK_OPEN_WRITE | LFK_OPEN_CREATE, NULL, &detail));
    assert_int_equal(lfk_file_write(file, bytes, sizeof(bytes), &detail), LFK_ERR_NOSPC);
    OK(lfk_file_close(file, &detail));
    put_file(fs, "c", 600);
    lfk_filesystem_unmount(fs);
    lfk_medium_close(medium);
    assert_int_equal(size_of_image(), BLOCKS(10) + 100);

    const struct lfk_medium_options reading = {.size = sizeof(reading), .read_only = true};
    OK(open_file(&medium, &reading));
    lfk_medium_close(medium);
    assert_int_equal(size_of_image(), BLOCKS(10) + 100);
    OK(open_file(&medium, &found_out));
    fs = mount(medium, false);
    check_file(fs, "c", 600);
    assert_int_equal(size_of_image(), BLOCKS(10) + 100); /* until something is changed */
    put_file(fs, "b", sizeof(bytes) - BLOCK_SIZE);
    lfk_filesystem_unmount(fs);
    lfk_medium_close(medium);
    assert_int_equal(size_of_image(), BLOCKS(COUNT));
}

/* Nobody's disk is filled because a few bytes say so. */
static void a_volume_of_terabytes_is_not_believed(void **state)
{
    (void)state;
    const struct lfk_medium_options claimed = {
        .size = sizeof(claimed), .block_size = BLOCK_SIZE, .block_count = 4};
    static uint8_t bytes[BLOCKS(4)];
    struct lfk_medium *medium;
    OK(lfk_medium_open_memory(&medium, bytes, sizeof(bytes), &claimed, &detail));
    struct lfk_device device = *lfk_medium_device(medium);
    device.block_count = 0xfffffff0;
    OK(lfk_filesystem_format(&device, NULL, &detail));
    lfk_medium_close(medium);
    make_bytes("image", bytes, sizeof(bytes));
    FAILS(open_file(&medium, &found_out), LFK_ERR_INVAL,
          "the file is much shorter than its volume (block_count): expected 4294967280, found 4");
    assert_int_equal(size_of_image(), sizeof(bytes));
    const struct lfk_medium_options reading = {.size = sizeof(reading), .read_only = true};
    OK(open_file(&medium, &reading));
    lfk_filesystem_unmount(mount(medium, true));
    lfk_medium_close(medium);
}

static void a_volume_grows_with_its_file(void **state)
{
    (void)state;
    const struct lfk_medium_options longer = {.size = sizeof(longer), .block_count = 2 * COUNT};
    struct lfk_medium *medium;
    struct lfk_filesystem *fs;
    make_image();
    OK(open_file(&medium, &longer));
    FAILS(lfk_filesystem_mount(&fs, lfk_medium_device(medium), NULL, &detail), LFK_ERR_INVAL,
          "the volume has another block count (block_count): expected 32, found 16");
    struct lfk_device device = *lfk_medium_device(medium);
    device.block_count = 0;
    OK(lfk_filesystem_mount(&fs, &device, NULL, &detail));
    OK(lfk_filesystem_resize(fs, 2 * COUNT, &detail));
    put_file(fs, "b", BLOCKS(COUNT));
    lfk_filesystem_unmount(fs);
    lfk_medium_close(medium);

    struct lfk_volume *volume;
    struct lfk_volume_info info;
    OK(lfk_volume_open(&volume, "image", NULL, &detail));
    lfk_volume_info(volume, &info);
    assert_int_equal(info.block_count, 2 * COUNT);
    assert_int_equal(info.image_size, BLOCKS(2 * COUNT));
    lfk_volume_close(volume);
}

static void check_host_error(int result, int os_error)
{
    assert_int_equal(result, LFK_ERR_IO);
    assert_int_equal(detail.status, LFK_ERR_IO);
    assert_int_equal(detail.os_error, os_error);
}

static void what_the_host_refuses_is_told_with_its_error(void **state)
{
    (void)state;
    struct lfk_medium *medium;
    check_host_error(open_file(&medium, &found_out), ENOENT);
    make_bytes("image", "", 0);
    check_host_error(open_file(&medium, &made), EEXIST);
    assert_int_equal(unlink("image"), 0);
    make_dir("image");
    const struct lfk_medium_options reading = {
        .size = sizeof(reading), .read_only = true, .block_size = BLOCK_SIZE};
    FAILS(open_file(&medium, &reading), LFK_ERR_INVAL, "is a directory, not an image");
    make_fifo("fifo");
    FAILS(lfk_medium_open_file(&medium, "fifo", &reading, &detail), LFK_ERR_INVAL,
          "is neither a file nor a block device");
}

/* Writing beyond this size is an error, as where the disk is full. */
static void limit_files(rlim_t size)
{
    struct rlimit limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    limit.rlim_cur = size < limit.rlim_max ? size : limit.rlim_max;
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_disk_that_is_full_is_told_and_nothing_half_made_stays(void **state)
{
    (void)state;
    struct lfk_medium *medium;
    make_image();
    assert_int_equal(rename("image", "there"), 0);
    limit_files(BLOCKS(4));
    check_host_error(open_file(&medium, &made), EFBIG);
    assert_false(is_there("image"));

    /* Where the device fails in the middle of it, block and host's error are told. */
    OK(lfk_medium_open_file(&medium, "there", &found_out, &detail));
    struct lfk_filesystem *fs = mount(medium, false);
    struct lfk_file *file;
    static uint8_t bytes[BLOCKS(6)];
    OK(lfk_file_open(&file, fs, "b", LFK_OPEN_WRITE | LFK_OPEN_CREATE, NULL, &detail));
    detail = (struct lfk_detail){0};
    check_host_error(lfk_file_write(file, bytes, sizeof(bytes), &detail), EFBIG);
    assert_true(detail.has_block);
    assert_in_range(detail.block, 4, COUNT - 1);
    assert_string_equal(detail.what, "cannot write the file");
    OK(lfk_file_close(file, &detail));
    lfk_filesystem_unmount(fs);
    lfk_medium_close(medium);
    limit_files(RLIM_INFINITY);
}

static void memory_of_the_callers_is_the_image(void **state)
{
    (void)state;
    static uint8_t bytes[BLOCKS(COUNT)];
    struct lfk_medium *medium;
    make_image();
    read_image(bytes, sizeof(bytes));
    OK(lfk_medium_open_memory(&medium, bytes, sizeof(bytes), NULL, &detail));
    struct lfk_filesystem *fs = mount(medium, false);
    check_file(fs, "a", 2000);
    put_text(fs, "b", "in memory");
    lfk_filesystem_unmount(fs);
    lfk_medium_close(medium);

    struct lfk_volume *volume;
    struct lfk_tree *tree;
    OK(lfk_volume_open_memory(&volume, bytes, sizeof(bytes), NULL, &detail));
    OK(lfk_volume_load(volume, "b", &tree, &detail));
    lfk_tree_destroy(tree);
    lfk_volume_close(volume);
}

/* A volume that says it is larger than the bytes: nothing behind them is touched. */
static void memory_is_never_left(void **state)
{
    (void)state;
    static uint8_t bytes[BLOCKS(COUNT)];
    struct lfk_medium *medium;
    struct lfk_file *file;
    make_image();
    read_image(bytes, sizeof(bytes));
    FAILS(lfk_medium_open_memory(&medium, bytes, BLOCKS(8), NULL, &detail), LFK_ERR_INVAL,
          "the memory has fewer blocks (block_count): expected 8, found 16");
    const struct lfk_medium_options as_it_is = {.size = sizeof(as_it_is), .block_size = BLOCK_SIZE};
    OK(lfk_medium_open_memory(&medium, bytes, BLOCKS(8), &as_it_is, &detail));
    memset(bytes + BLOCKS(8), 0x77, sizeof(bytes) - BLOCKS(8));
    struct lfk_filesystem *fs = mount(medium, false);
    OK(lfk_file_open(&file, fs, "b", LFK_OPEN_WRITE | LFK_OPEN_CREATE, NULL, &detail));
    assert_int_equal(lfk_file_write(file, bytes, BLOCKS(8), &detail), LFK_ERR_NOSPC);
    OK(lfk_file_close(file, &detail));
    lfk_filesystem_unmount(fs);
    lfk_medium_close(medium);
    for (size_t i = BLOCKS(8); i < sizeof(bytes); i++) {
        assert_int_equal(bytes[i], 0x77);
    }
}

static void options_that_cannot_be_are_told(void **state)
{
    (void)state;
    static uint8_t bytes[BLOCKS(4)];
    struct lfk_medium *medium;
    struct lfk_medium_options o = {.size = sizeof(o), .block_size = BLOCK_SIZE, .block_count = 5};
    FAILS(lfk_medium_open_memory(&medium, bytes, sizeof(bytes), &o, &detail), LFK_ERR_INVAL,
          "the memory has fewer blocks (block_count): expected 4, found 5");
    o.create = true;
    FAILS(lfk_medium_open_memory(&medium, bytes, sizeof(bytes), &o, &detail), LFK_ERR_INVAL,
          "memory is not created");
    o.read_only = true;
    FAILS(open_file(&medium, &o), LFK_ERR_INVAL, "what is created cannot be read only");
    o.read_only = false;
    o.block_count = 0;
    FAILS(open_file(&medium, &o), LFK_ERR_INVAL, "the number of blocks is not given");
    o.block_count = 4;
    o.block_size = 0;
    FAILS(open_file(&medium, &o), LFK_ERR_INVAL,
          "is too small or too large (block_size): expected 128, found 0");
    o.block_size = 127;
    FAILS(open_file(&medium, &o), LFK_ERR_INVAL,
          "is too small or too large (block_size): expected 128, found 127");
    o.size = sizeof(o) + 1;
    assert_int_equal(open_file(&medium, &o), LFK_ERR_INVAL);
    assert_string_equal(detail.field, "size");
    FAILS(lfk_medium_open_memory(&medium, bytes, sizeof(bytes), NULL, &detail), LFK_ERR_INVAL,
          "this is erased flash, all 0x00: nothing was ever written");
    assert_false(is_there("image"));
    lfk_medium_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_in_folder(a_volume_in_a_file_is_changed_and_found_again),
        test_in_folder(what_is_opened_to_be_read_is_never_changed),
        test_in_folder(a_file_that_ends_early_is_used_as_far_as_it_goes),
        test_in_folder(a_volume_of_terabytes_is_not_believed),
        test_in_folder(a_volume_grows_with_its_file),
        test_in_folder(what_the_host_refuses_is_told_with_its_error),
        test_in_folder(a_disk_that_is_full_is_told_and_nothing_half_made_stays),
        test_in_folder(memory_of_the_callers_is_the_image),
        test_in_folder(memory_is_never_left),
        test_in_folder(options_that_cannot_be_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
