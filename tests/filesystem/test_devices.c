/* SPDX-License-Identifier: MIT */
/* Devices of the caller's: what is asked of them, what they answer, what is refused. */
#include "stage.h"

#include <stdlib.h>
#include <string.h>

#define COUNT 16u
#define READ_SIZE 16u
#define PROG_SIZE 64u
#define CACHE_SIZE 128u

/* Flash that watches its user. */
struct watched {
    struct lfk_device device;
    uint8_t bytes[COUNT][BLOCK_SIZE];
    uint32_t programmed[COUNT]; /* bytes from the start since the erase */
    uint32_t bad_block;         /* says so when it is erased */
    unsigned calls;             /* of all kinds */
    unsigned changes;           /* progs and erases */
    unsigned failing;           /* the call of this number fails, from 1 */
    int answer;                 /* with this */
    bool says;                  /* and says more */
    jmp_buf *out;               /* where it jumps instead */
};

static int answer(struct watched *watched, struct lfk_detail *told)
{
    assert_non_null(told);
    assert_null(told->what);
    if (++watched->calls != watched->failing) {
        return 0;
    }
    if (watched->out != NULL) {
        longjmp(*watched->out, 1);
    }
    if (watched->says) {
        *told = (struct lfk_detail){.what = "the chip does not answer", .os_error = 77};
    }
    return watched->answer;
}

static int watched_read(void *context, uint32_t block, uint32_t offset, void *buffer, uint32_t size,
                        struct lfk_detail *told)
{
    struct watched *watched = context;
    assert_true(block < COUNT);
    assert_int_equal(offset % READ_SIZE, 0);
    assert_int_equal(size % READ_SIZE, 0);
    assert_in_range(size, READ_SIZE, BLOCK_SIZE - offset);
    memcpy(buffer, &watched->bytes[block][offset], size);
    return answer(watched, told);
}

static int watched_prog(void *context, uint32_t block, uint32_t offset, const void *buffer,
                        uint32_t size, struct lfk_detail *told)
{
    struct watched *watched = context;
    assert_true(block < COUNT);
    assert_int_equal(offset % PROG_SIZE, 0);
    assert_int_equal(size % PROG_SIZE, 0);
    assert_in_range(size, PROG_SIZE, CACHE_SIZE);
    assert_in_range(offset, watched->programmed[block], BLOCK_SIZE - size);
    memcpy(&watched->bytes[block][offset], buffer, size);
    watched->programmed[block] = offset + size;
    watched->changes++;
    return answer(watched, told);
}

static int watched_erase(void *context, uint32_t block, struct lfk_detail *told)
{
    struct watched *watched = context;
    assert_true(block < COUNT);
    watched->changes++;
    if (block == watched->bad_block) {
        return LFK_ERR_CORRUPT;
    }
    watched->programmed[block] = 0;
    return answer(watched, told);
}

static int watched_sync(void *context, struct lfk_detail *told)
{
    return answer(context, told);
}

static const struct lfk_filesystem_options options = {.size = sizeof(options),
                                                      .cache_size = CACHE_SIZE};

static struct watched watched;

static struct lfk_filesystem *make_volume(void)
{
    struct lfk_filesystem *fs;
    memset(&watched, 0, sizeof(watched));
    watched.device = (struct lfk_device){.size = sizeof(watched.device),
                                         .context = &watched,
                                         .read = watched_read,
                                         .prog = watched_prog,
                                         .erase = watched_erase,
                                         .sync = watched_sync,
                                         .read_size = READ_SIZE,
                                         .prog_size = PROG_SIZE,
                                         .block_size = BLOCK_SIZE,
                                         .block_count = COUNT};
    watched.bad_block = LFK_BLOCK_NULL;
    OK(lfk_filesystem_format(&watched.device, &options, &detail));
    OK(lfk_filesystem_mount(&fs, &watched.device, &options, &detail));
    return fs;
}

static void change_all_sorts_of_things(struct lfk_filesystem *fs)
{
    for (uint32_t i = 0; i < 30; i++) {
        put_file(fs, "a", i * 50);
        put_text(fs, i % 2 == 0 ? "even" : "odd", "text");
    }
    OK(lfk_filesystem_mkdir(fs, "dir", &detail));
    OK(lfk_filesystem_rename(fs, "even", "dir/even", &detail));
    OK(lfk_filesystem_remove(fs, "odd", &detail));
}

static void a_device_gets_whole_units_within_blocks_erased_before(void **state)
{
    (void)state;
    struct lfk_filesystem *fs = make_volume();
    change_all_sorts_of_things(fs);
    lfk_filesystem_unmount(fs);
    OK(lfk_filesystem_mount(&fs, &watched.device, &options, &detail));
    check_list(fs, "/", "a dir/");
    check_file(fs, "a", 29 * 50);
    check_text_of(fs, "dir/even", "text");
    lfk_filesystem_unmount(fs);
}

static void bad_blocks_are_passed_over_and_nobody_notices(void **state)
{
    (void)state;
    for (uint32_t block = 2; block < COUNT; block++) {
        struct lfk_filesystem *fs = make_volume();
        watched.bad_block = block;
        change_all_sorts_of_things(fs);
        check_file(fs, "a", 29 * 50);
        lfk_filesystem_unmount(fs);
    }
}

/* Fails each call of a change in turn; says what came back. */
static void fail_each_call(int given, int status)
{
    for (unsigned n = 1;; n++) {
        struct lfk_filesystem *fs = make_volume();
        watched.calls = 0;
        watched.failing = n;
        watched.answer = given;
        detail = (struct lfk_detail){0};
        int result = lfk_filesystem_mkdir(fs, "dir", &detail);
        if (watched.calls < n) {
            assert_int_equal(result, LFK_OK);
            assert_true(n > 3);
            lfk_filesystem_unmount(fs);
            return;
        }
        assert_int_equal(result, status);
        assert_int_equal(detail.status, status);
        assert_memory_equal(detail.what, "the device failed to ", 21);
        lfk_filesystem_unmount(fs);
    }
}

static void what_a_device_returns_comes_back(void **state)
{
    (void)state;
    fail_each_call(-1234, -1234);
    fail_each_call(LFK_ERR_IO, LFK_ERR_IO);
    fail_each_call(1, LFK_ERR_IO);
}

static void what_a_device_says_is_passed_on(void **state)
{
    (void)state;
    struct lfk_filesystem *fs = make_volume();
    watched.failing = watched.calls + 1;
    watched.answer = LFK_ERR_IO;
    watched.says = true;
    struct lfk_file *file;
    FAILS(lfk_file_open(&file, fs, "a", LFK_OPEN_WRITE | LFK_OPEN_CREATE, NULL, &detail),
          LFK_ERR_IO, "the chip does not answer: block 1");
    assert_int_equal(detail.os_error, 77);
    lfk_filesystem_unmount(fs);
}

/* What the lost handle holds cannot be freed by it: a list of the test's does that. */
struct arena {
    struct lfk_allocator allocator;
    void *pieces[256];
    size_t count;
};

static void *arena_resize(void *context, void *memory, size_t size)
{
    struct arena *arena = context;
    size_t i = 0;
    while (i < arena->count && arena->pieces[i] != memory) {
        i++;
    }
    if (i == arena->count) {
        assert_true(arena->count < 256);
        arena->pieces[arena->count++] = NULL;
    }
    void *made = size > 0 ? realloc(arena->pieces[i], size) : (free(arena->pieces[i]), NULL);
    arena->pieces[i] = made;
    return made;
}

static jmp_buf out;

/* True if the call jumped. */
static bool jumps(struct lfk_filesystem *fs)
{
    if (setjmp(out) != 0) {
        return true;
    }
    OK(lfk_filesystem_rename(fs, "a", "b", &detail));
    return false;
}

static void a_device_may_jump_out(void **state)
{
    (void)state;
    bool jumped = true;
    for (unsigned n = 1; jumped; n++) {
        struct arena arena = {.allocator = {&arena, arena_resize}};
        struct lfk_filesystem_options lost = options;
        struct lfk_filesystem *fs = make_volume();
        put_text(fs, "a", "before");
        lfk_filesystem_unmount(fs);
        lost.allocator = &arena.allocator;
        OK(lfk_filesystem_mount(&fs, &watched.device, &lost, &detail));
        watched.out = &out;
        watched.failing = watched.calls + n;
        jumped = jumps(fs);
        watched.out = NULL;
        for (size_t i = 0; i < arena.count; i++) {
            free(arena.pieces[i]);
        }
        OK(lfk_filesystem_mount(&fs, &watched.device, &options, &detail));
        assert_true(exists(fs, "a") != exists(fs, "b"));
        lfk_filesystem_unmount(fs);
        assert_true(jumped || n > 2);
    }
}

static void reading_takes_the_function_to_read_alone(void **state)
{
    (void)state;
    struct lfk_filesystem *fs = make_volume();
    put_text(fs, "a", "text");
    lfk_filesystem_unmount(fs);
    struct lfk_device device = watched.device;
    struct lfk_filesystem_options reading = options;
    reading.read_only = true;
    unsigned changes = watched.changes;
    /* With the others there, they are not called. */
    OK(lfk_filesystem_mount(&fs, &device, &reading, &detail));
    check_text_of(fs, "a", "text");
    lfk_filesystem_unmount(fs);
    device.prog = NULL;
    device.erase = NULL;
    device.sync = NULL;
    FAILS(lfk_filesystem_mount(&fs, &device, &options, &detail), LFK_ERR_INVAL,
          "the device has no functions to program or erase");
    OK(lfk_filesystem_mount(&fs, &device, &reading, &detail));
    check_text_of(fs, "a", "text");
    lfk_filesystem_unmount(fs);
    assert_int_equal(watched.changes, changes);
    device.read = NULL;
    FAILS(lfk_filesystem_mount(&fs, &device, &reading, &detail), LFK_ERR_INVAL,
          "the device has no function to read");
}

/* --- what is refused ---------------------------------------------------------------- */

static const struct lfk_device good = {.size = sizeof(good),
                                       .read = watched_read,
                                       .prog = watched_prog,
                                       .erase = watched_erase,
                                       .sync = watched_sync,
                                       .block_size = BLOCK_SIZE,
                                       .block_count = COUNT};

/* Changes one member of the device and of the options, and says what is wrong with it. */
#define REFUSED(device_member, option_member, line)                                                \
    do {                                                                                           \
        struct lfk_device device = good;                                                           \
        struct lfk_filesystem_options changed = {.size = sizeof(changed)};                         \
        struct lfk_filesystem *fs;                                                                 \
        device.device_member;                                                                      \
        changed.option_member;                                                                     \
        FAILS(lfk_device_check(&device, &changed, &detail), LFK_ERR_INVAL, line);                  \
        FAILS(lfk_filesystem_format(&device, &changed, &detail), LFK_ERR_INVAL, line);             \
        FAILS(lfk_filesystem_mount(&fs, &device, &changed, &detail), LFK_ERR_INVAL, line);         \
    } while (0)

static void a_device_that_cannot_be_is_refused_before_it_is_touched(void **state)
{
    (void)state;
    REFUSED(block_size = 0, size += 0, "is too small (block_size): expected 128, found 0");
    REFUSED(block_size = 127, size += 0, "is too small (block_size): expected 128, found 127");
    REFUSED(block_size = 0x80000000u, size += 0,
            "is too large (block_size): expected 1073741824, found 2147483648");
    REFUSED(block_count = UINT32_MAX, size += 0,
            "is too large (block_count): expected 4294967294, found 4294967295");
    REFUSED(read_size = 24, cache_size = 128,
            "must be a multiple of the read size (cache_size): expected 24, found 128");
    REFUSED(prog_size = 24, cache_size = 128,
            "must be a multiple of the prog size (cache_size): expected 24, found 128");
    REFUSED(read = NULL, size += 0, "the device has no function to read");
    REFUSED(sync = NULL, size += 0, "the device has no functions to program or erase");
}

static void options_that_cannot_be_are_refused(void **state)
{
    (void)state;
    REFUSED(read_size = 1, cache_size = 100,
            "must be a multiple of the cache size (block_size): expected 100, found 512");
    REFUSED(read_size = 64, metadata_max = 100,
            "must be a multiple of the read size (metadata_max): expected 64, found 100");
    REFUSED(prog_size = 64, metadata_max = 100,
            "must be a multiple of the prog size (metadata_max): expected 64, found 100");
    REFUSED(prog_size = 1, metadata_max = 384,
            "must be a multiple of the metadata limit (block_size): expected 384, found 512");
    REFUSED(prog_size = 1, name_max = 1023, "is too large (name_max): expected 1022, found 1023");
    REFUSED(prog_size = 1, attr_max = 1023, "is too large (attr_max): expected 1022, found 1023");
    REFUSED(prog_size = 1, file_max = 0x80000000u,
            "is too large (file_max): expected 2147483647, found 2147483648");
    REFUSED(prog_size = 1, inline_max = 65, "is too large (inline_max): expected 64, found 65");
    REFUSED(prog_size = 1, disk_version = 0x00020002,
            "is not known (disk_version): expected 131073, found 131074");
    OK(lfk_device_check(&good, NULL, NULL));
}

static void structs_of_another_size_are_refused(void **state)
{
    (void)state;
    struct lfk_filesystem_options unknown = {.size = sizeof(unknown) + 8};
    struct lfk_device no_size = good;
    assert_int_equal(lfk_device_check(&good, &unknown, &detail), LFK_ERR_INVAL);
    assert_string_equal(detail.field, "size");
    no_size.size = 0;
    detail = (struct lfk_detail){0};
    assert_int_equal(lfk_device_check(&no_size, NULL, &detail), LFK_ERR_INVAL);
    assert_string_equal(detail.field, "size");
}

/* A program that was compiled with an older, shorter struct gets the defaults for the rest. */
static void shorter_structs_are_taken(void **state)
{
    (void)state;
    struct lfk_filesystem_options shorter = {
        .size = offsetof(struct lfk_filesystem_options, name_max), .name_max = 9999};
    OK(lfk_device_check(&good, &shorter, &detail));
}

/* --- formatting and mounting ---------------------------------------------------------- */

static void what_cannot_be_formatted_is_told(void **state)
{
    (void)state;
    struct lfk_filesystem *fs = make_volume();
    lfk_filesystem_unmount(fs);
    struct lfk_device device = watched.device;
    struct lfk_filesystem_options reading = options;
    reading.read_only = true;
    FAILS(lfk_filesystem_format(&device, &reading, &detail), LFK_ERR_INVAL,
          "the device is to be read only");
    device.block_count = 0;
    FAILS(lfk_filesystem_format(&device, &options, &detail), LFK_ERR_INVAL,
          "the number of blocks is not given");
    device.block_count = 1;
    FAILS(lfk_filesystem_format(&device, &options, &detail), LFK_ERR_NOSPC,
          "a volume needs two blocks (block_count): expected 2, found 1");
    device.block_count = COUNT;
    watched.bad_block = 1;
    detail = (struct lfk_detail){0};
    assert_int_equal(lfk_filesystem_format(&device, &options, &detail), LFK_ERR_NOSPC);
    assert_int_equal(detail.status, LFK_ERR_NOSPC);
}

static void what_cannot_be_mounted_is_told(void **state)
{
    (void)state;
    struct lfk_filesystem *fs = make_volume();
    lfk_filesystem_unmount(fs);
    struct lfk_device device = watched.device;
    struct lfk_filesystem_options low = options;
    fs = NULL;
    device.block_count = 8;
    FAILS(lfk_filesystem_mount(&fs, &device, &options, &detail), LFK_ERR_INVAL,
          "the volume has another block count (block_count): expected 8, found 16");
    device.block_count = COUNT;
    low.name_max = 254;
    FAILS(lfk_filesystem_mount(&fs, &device, &low, &detail), LFK_ERR_INVAL,
          "the volume's limit is larger (name_max): expected 254, found 255");
    low = options;
    low.attr_max = 1021;
    FAILS(lfk_filesystem_mount(&fs, &device, &low, &detail), LFK_ERR_INVAL,
          "the volume's limit is larger (attr_max): expected 1021, found 1022");
    low = options;
    low.file_max = 1000;
    FAILS(lfk_filesystem_mount(&fs, &device, &low, &detail), LFK_ERR_INVAL,
          "the volume's limit is larger (file_max): expected 1000, found 2147483647");
    low = options;
    low.disk_version = LFK_DISK_VERSION_2_0;
    FAILS(lfk_filesystem_mount(&fs, &device, &low, &detail), LFK_ERR_INVAL,
          "the minor disk version is newer than ours (version): expected 0, found 1");
    memset(watched.bytes, 0xff, sizeof(watched.bytes));
    detail = (struct lfk_detail){0};
    assert_int_equal(lfk_filesystem_mount(&fs, &device, &options, &detail), LFK_ERR_CORRUPT);
    assert_true(detail.has_block);
    assert_int_equal(detail.block, 0);
    assert_null(fs);
}

static void an_older_volume_is_raised_when_it_is_changed(void **state)
{
    (void)state;
    struct lfk_filesystem *fs = make_volume();
    lfk_filesystem_unmount(fs);
    struct lfk_filesystem_options old = options;
    struct lfk_filesystem_info info;
    old.disk_version = LFK_DISK_VERSION_2_0;
    OK(lfk_filesystem_format(&watched.device, &old, &detail));
    OK(lfk_filesystem_mount(&fs, &watched.device, &options, &detail));
    lfk_filesystem_info(fs, &info);
    assert_int_equal(info.disk_version, LFK_DISK_VERSION_2_0);
    put_text(fs, "a", "text");
    lfk_filesystem_info(fs, &info);
    assert_int_equal(info.disk_version, LFK_DISK_VERSION_2_1);
    lfk_filesystem_unmount(fs);
}

static void the_read_buffer_may_be_the_callers(void **state)
{
    (void)state;
    static uint8_t buffer[CACHE_SIZE];
    struct lfk_filesystem *fs = make_volume();
    put_file(fs, "a", 1000);
    lfk_filesystem_unmount(fs);
    struct lfk_filesystem_options with_buffer = options;
    with_buffer.read_buffer = buffer;
    OK(lfk_filesystem_mount(&fs, &watched.device, &with_buffer, &detail));
    check_file(fs, "a", 1000);
    lfk_filesystem_unmount(fs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_device_gets_whole_units_within_blocks_erased_before),
        cmocka_unit_test(bad_blocks_are_passed_over_and_nobody_notices),
        cmocka_unit_test(what_a_device_returns_comes_back),
        cmocka_unit_test(what_a_device_says_is_passed_on),
        cmocka_unit_test(a_device_may_jump_out),
        cmocka_unit_test(reading_takes_the_function_to_read_alone),
        cmocka_unit_test(a_device_that_cannot_be_is_refused_before_it_is_touched),
        cmocka_unit_test(options_that_cannot_be_are_refused),
        cmocka_unit_test(structs_of_another_size_are_refused),
        cmocka_unit_test(shorter_structs_are_taken),
        cmocka_unit_test(what_cannot_be_formatted_is_told),
        cmocka_unit_test(what_cannot_be_mounted_is_told),
        cmocka_unit_test(an_older_volume_is_raised_when_it_is_changed),
        cmocka_unit_test(the_read_buffer_may_be_the_callers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
