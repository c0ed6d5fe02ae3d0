/* SPDX-License-Identifier: MIT */
/* Open files: rights, positions, contents, attributes, what fails and what comes after. */
#include "stage.h"

#include <string.h>

#define COUNT 64u
#define RW (LFK_OPEN_READ | LFK_OPEN_WRITE)

static struct stage stage;

static int open_stage(void **state)
{
    (void)state;
    stage_open(&stage, COUNT);
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    stage_close(&stage);
    return 0;
}

static struct lfk_file *open_file(const char *path, int flags)
{
    struct lfk_file *file;
    OK(lfk_file_open(&file, stage.fs, path, flags, NULL, &detail));
    return file;
}

static void write_text(struct lfk_file *file, const char *text)
{
    assert_int_equal(lfk_file_write(file, text, (uint32_t)strlen(text), &detail), strlen(text));
}

static void seek_to(struct lfk_file *file, uint32_t position)
{
    assert_int_equal(lfk_file_seek(file, position, LFK_SEEK_SET, &detail), position);
}

static struct lfk_file_info info_of(const struct lfk_file *file)
{
    struct lfk_file_info info;
    lfk_file_info(file, &info);
    return info;
}

static void flags_say_how_a_file_is_opened(void **state)
{
    (void)state;
    struct lfk_filesystem *fs = stage.fs;
    struct lfk_file *file = NULL;
    FAILS(lfk_file_open(&file, fs, "a", RW, NULL, &detail), LFK_ERR_NOENT,
          "no such file or directory");
    OK(lfk_file_close(open_file("a", LFK_OPEN_READ | LFK_OPEN_CREATE), &detail));
    check_text_of(fs, "a", "");
    FAILS(lfk_file_open(&file, fs, "a", RW | LFK_OPEN_CREATE | LFK_OPEN_EXCLUSIVE, NULL, &detail),
          LFK_ERR_EXIST, "the name is taken");
    put_text(fs, "a", "text");
    OK(lfk_file_close(open_file("a", RW | LFK_OPEN_CREATE), &detail));
    check_text_of(fs, "a", "text");
    file = open_file("a", RW | LFK_OPEN_TRUNCATE);
    assert_int_equal(lfk_file_size(file), 0);
    check_text_of(fs, "a", "text"); /* until the sync */
    OK(lfk_file_close(file, &detail));
    check_text_of(fs, "a", "");
    file = open_file("b", RW | LFK_OPEN_CREATE | LFK_OPEN_EXCLUSIVE);
    assert_true(exists(fs, "b"));
    OK(lfk_file_close(file, &detail));
}

static void what_is_no_file_is_not_opened(void **state)
{
    (void)state;
    struct lfk_file *file = NULL;
    char name[257];
    memset(name, 'n', 256);
    name[256] = '\0';
    OK(lfk_filesystem_mkdir(stage.fs, "dir", &detail));
    FAILS(lfk_file_open(&file, stage.fs, "dir", LFK_OPEN_READ, NULL, &detail), LFK_ERR_ISDIR,
          "is a directory");
    FAILS(lfk_file_open(&file, stage.fs, "/", RW | LFK_OPEN_CREATE, NULL, &detail), LFK_ERR_ISDIR,
          "is a directory");
    FAILS(lfk_file_open(&file, stage.fs, "new/", RW | LFK_OPEN_CREATE, NULL, &detail),
          LFK_ERR_NOTDIR, "the name is that of a directory");
    FAILS(lfk_file_open(&file, stage.fs, name, RW | LFK_OPEN_CREATE, NULL, &detail),
          LFK_ERR_NAMETOOLONG, "name is too long (name_max): expected 255, found 256");
    const struct lfk_file_options longer = {.size = sizeof(longer) + 1};
    assert_int_equal(lfk_file_open(&file, stage.fs, "new", RW | LFK_OPEN_CREATE, &longer, &detail),
                     LFK_ERR_INVAL);
    assert_string_equal(detail.field, "size");
    assert_null(file);
    check_list(stage.fs, "/", "dir/");
    OK(lfk_file_close(NULL, &detail));
}

static void a_file_gives_what_was_written(void **state)
{
    (void)state;
    static const uint32_t sizes[] = {0, 1, 63, 64, 65, 511, 512, 513, 1020, 1021, 5000, 20000};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        put_file(stage.fs, "a", sizes[i]);
        check_file(stage.fs, "a", sizes[i]);
        stage_remount(&stage);
        check_file(stage.fs, "a", sizes[i]);
    }
}

static void rights_are_those_it_was_opened_with(void **state)
{
    (void)state;
    char byte;
    put_text(stage.fs, "a", "text");
    struct lfk_file *file = open_file("a", LFK_OPEN_READ);
    FAILS(lfk_file_write(file, "x", 1, &detail), LFK_ERR_BADF,
          "the file is not open to be written");
    FAILS(lfk_file_truncate(file, 0, &detail), LFK_ERR_BADF, "the file is not open to be written");
    OK(lfk_file_sync(file, &detail));
    OK(lfk_file_close(file, &detail));
    file = open_file("a", LFK_OPEN_WRITE);
    FAILS(lfk_file_read(file, &byte, 1, &detail), LFK_ERR_BADF, "the file is not open to be read");
    OK(lfk_file_close(file, &detail));
    check_text_of(stage.fs, "a", "text");
}

static void positions_are_kept_and_checked(void **state)
{
    (void)state;
    char text[16] = "";
    put_text(stage.fs, "a", "0123456789");
    struct lfk_file *file = open_file("a", RW);
    assert_int_equal(lfk_file_seek(file, 4, LFK_SEEK_SET, &detail), 4);
    assert_int_equal(lfk_file_seek(file, -1, LFK_SEEK_CURRENT, &detail), 3);
    assert_int_equal(lfk_file_seek(file, -2, LFK_SEEK_END, &detail), 8);
    assert_int_equal(lfk_file_tell(file), 8);
    assert_int_equal(lfk_file_read(file, text, 16, &detail), 2);
    assert_string_equal(text, "89");
    assert_int_equal(lfk_file_read(file, text, 16, &detail), 0);
    assert_int_equal(lfk_file_seek(file, INT32_MAX, LFK_SEEK_SET, &detail), INT32_MAX);
    assert_int_equal(lfk_file_read(file, text, 16, &detail), 0);
    seek_to(file, 5);
    static const char line[] = "the position is not one that a file can have";
    FAILS(lfk_file_seek(file, -1, LFK_SEEK_SET, &detail), LFK_ERR_INVAL, line);
    FAILS(lfk_file_seek(file, -6, LFK_SEEK_CURRENT, &detail), LFK_ERR_INVAL, line);
    FAILS(lfk_file_seek(file, INT64_MAX, LFK_SEEK_CURRENT, &detail), LFK_ERR_INVAL, line);
    FAILS(lfk_file_seek(file, INT64_MIN, LFK_SEEK_END, &detail), LFK_ERR_INVAL, line);
    FAILS(lfk_file_seek(file, (int64_t)INT32_MAX + 1, LFK_SEEK_SET, &detail), LFK_ERR_INVAL, line);
    FAILS(lfk_file_seek(file, 0, 3, &detail), LFK_ERR_INVAL, "the origin of the seek is not known");
    assert_int_equal(lfk_file_tell(file), 5);
    OK(lfk_file_close(file, &detail));
}

static void what_lies_between_end_and_position_becomes_zeros(void **state)
{
    (void)state;
    uint8_t bytes[1000];
    put_text(stage.fs, "a", "ab");
    struct lfk_file *file = open_file("a", RW);
    seek_to(file, 990);
    assert_int_equal(lfk_file_size(file), 2);
    write_text(file, "z");
    assert_int_equal(lfk_file_size(file), 991);
    OK(lfk_file_truncate(file, 1000, &detail));
    seek_to(file, 0);
    assert_int_equal(lfk_file_read(file, bytes, 1000, &detail), 1000);
    assert_memory_equal(bytes, "ab", 2);
    for (size_t i = 2; i < 1000; i++) {
        assert_int_equal(bytes[i], i == 990 ? 'z' : 0);
    }
    OK(lfk_file_truncate(file, 3, &detail));
    assert_int_equal(lfk_file_tell(file), 1000);
    OK(lfk_file_close(file, &detail));
    struct lfk_stat stat;
    OK(lfk_filesystem_stat(stage.fs, "a", &stat, &detail));
    assert_int_equal(stat.size, 3);
}

static void appending_goes_to_the_end(void **state)
{
    (void)state;
    put_text(stage.fs, "a", "abc");
    struct lfk_file *file = open_file("a", LFK_OPEN_WRITE | LFK_OPEN_APPEND);
    seek_to(file, 1);
    write_text(file, "de");
    assert_int_equal(lfk_file_tell(file), 5);
    seek_to(file, 6);
    write_text(file, "f"); /* behind the end already */
    OK(lfk_file_close(file, &detail));
    char text[8];
    file = open_file("a", LFK_OPEN_READ);
    assert_int_equal(lfk_file_read(file, text, 8, &detail), 7);
    assert_memory_equal(text, "abcde\0f", 7);
    OK(lfk_file_close(file, &detail));
}

static void a_file_is_as_it_was_synced_last(void **state)
{
    (void)state;
    struct lfk_file *file = open_file("a", RW | LFK_OPEN_CREATE);
    write_text(file, "first");
    assert_true(info_of(file).is_dirty);
    OK(lfk_file_sync(file, &detail));
    assert_false(info_of(file).is_dirty);
    write_text(file, " second");
    check_text_of(stage.fs, "a", "first");
    stage_remount(&stage); /* as if power was lost */
    check_text_of(stage.fs, "a", "first");
}

static void a_file_knows_where_its_content_lies(void **state)
{
    (void)state;
    static const uint8_t bytes[700];
    struct lfk_file *file = open_file("a", RW | LFK_OPEN_CREATE);
    assert_true(info_of(file).is_inline);
    write_text(file, "inline");
    assert_true(info_of(file).is_inline);
    assert_int_equal(lfk_file_write(file, bytes, 700, &detail), 700);
    assert_false(info_of(file).is_inline);
    assert_true(info_of(file).is_writing);
    OK(lfk_file_sync(file, &detail));
    assert_false(info_of(file).is_writing);
    assert_false(info_of(file).has_failed);
    OK(lfk_file_close(file, &detail));
}

static void the_limit_of_the_volume_holds(void **state)
{
    (void)state;
    static const uint8_t bytes[200];
    stage_close(&stage);
    const struct lfk_filesystem_options small = {.size = sizeof(small), .file_max = 150};
    stage_open_with(&stage, COUNT, &small);
    struct lfk_file *file = open_file("a", RW | LFK_OPEN_CREATE);
    FAILS(lfk_file_write(file, bytes, 151, &detail), LFK_ERR_FBIG,
          "file is too large (file_max): expected 150, found 151");
    assert_int_equal(lfk_file_write(file, bytes, 150, &detail), 150);
    FAILS(lfk_file_write(file, bytes, 1, &detail), LFK_ERR_FBIG,
          "file is too large (file_max): expected 150, found 151");
    FAILS(lfk_file_truncate(file, 151, &detail), LFK_ERR_FBIG,
          "file is too large (file_max): expected 150, found 151");
    assert_int_equal(lfk_file_seek(file, 151, LFK_SEEK_SET, &detail), LFK_ERR_INVAL);
    OK(lfk_file_close(file, &detail));
    struct lfk_stat stat;
    OK(lfk_filesystem_stat(stage.fs, "a", &stat, &detail));
    assert_int_equal(stat.size, 150);
}

/* --- several handles, and changes by path --------------------------------------------- */

static void each_handle_sees_its_own_content(void **state)
{
    (void)state;
    char text[8] = "";
    put_text(stage.fs, "a", "old");
    struct lfk_file *reader = open_file("a", LFK_OPEN_READ);
    struct lfk_file *one = open_file("a", LFK_OPEN_WRITE);
    struct lfk_file *other = open_file("a", LFK_OPEN_WRITE | LFK_OPEN_TRUNCATE);
    write_text(one, "one");
    write_text(other, "the other");
    OK(lfk_file_close(one, &detail));
    check_text_of(stage.fs, "a", "one");
    OK(lfk_file_close(other, &detail));
    check_text_of(stage.fs, "a", "the other");
    assert_int_equal(lfk_file_read(reader, text, 8, &detail), 3);
    assert_string_equal(text, "old");
    OK(lfk_file_close(reader, &detail));
}

static void a_removed_file_is_read_and_written_and_stored_nowhere(void **state)
{
    (void)state;
    uint8_t bytes[2000];
    put_file(stage.fs, "a", 2000);
    struct lfk_file *file = open_file("a", RW);
    OK(lfk_filesystem_remove(stage.fs, "a", &detail));
    put_file(stage.fs, "b", 8000); /* may not take the blocks */
    assert_int_equal(lfk_file_read(file, bytes, 2000, &detail), 2000);
    assert_int_equal(bytes[1999], (uint8_t)(1999 * 7 + 1999 / 256));
    write_text(file, "more");
    OK(lfk_file_sync(file, &detail));
    OK(lfk_file_close(file, &detail));
    check_list(stage.fs, "/", "b");
    check_file(stage.fs, "b", 8000);
    assert_int_equal(lfk_filesystem_blocks_used(stage.fs), 2 + 16);
}

static void a_handle_follows_its_file(void **state)
{
    (void)state;
    OK(lfk_filesystem_mkdir(stage.fs, "dir", &detail));
    put_text(stage.fs, "a", "");
    put_text(stage.fs, "dir/b", "replaced");
    struct lfk_file *file = open_file("a", RW);
    struct lfk_file *lost = open_file("dir/b", RW);
    OK(lfk_filesystem_rename(stage.fs, "a", "dir/b", &detail));
    write_text(file, "found");
    write_text(lost, "lost");
    OK(lfk_file_close(file, &detail));
    OK(lfk_file_close(lost, &detail));
    check_text_of(stage.fs, "dir/b", "found");
}

/* --- attributes ------------------------------------------------------------------------ */

static void attributes_are_kept_with_the_file(void **state)
{
    (void)state;
    char time[4] = "now";
    char kept[4] = "own";
    const struct lfk_file_attribute attributes[] = {{'t', time, 4}, {'k', kept, 4}};
    const struct lfk_file_options options = {
        .size = sizeof(options), .attributes = attributes, .attribute_count = 2};
    const struct lfk_file_options one = {
        .size = sizeof(one), .attributes = attributes, .attribute_count = 1};
    struct lfk_file *file;
    OK(lfk_file_open(&file, stage.fs, "a", RW | LFK_OPEN_CREATE, &one, &detail));
    assert_true(info_of(file).is_dirty); /* there is something to store */
    memcpy(time, "sum", 4);              /* it is looked at when the file is synced */
    OK(lfk_file_close(file, &detail));

    memcpy(time, "xyz", 4);
    OK(lfk_file_open(&file, stage.fs, "a", LFK_OPEN_READ, &options, &detail));
    assert_string_equal(time, "sum");
    assert_string_equal(kept, "own"); /* there is none */
    memcpy(time, "not", 4);
    OK(lfk_file_close(file, &detail));
    assert_int_equal(lfk_filesystem_get_attribute(stage.fs, "a", 't', time, 4, &detail), 4);
    assert_string_equal(time, "sum"); /* it was not open to be written */
}

static void an_attribute_too_large_makes_no_file(void **state)
{
    (void)state;
    static uint8_t value[2000];
    struct lfk_file_attribute attribute = {'t', value, 1023};
    const struct lfk_file_options options = {
        .size = sizeof(options), .attributes = &attribute, .attribute_count = 1};
    struct lfk_file *file;
    FAILS(lfk_file_open(&file, stage.fs, "a", RW | LFK_OPEN_CREATE, &options, &detail),
          LFK_ERR_NOSPC, "attribute is too large (attr_max): expected 1022, found 1023");
    assert_false(exists(stage.fs, "a"));
    attribute.size = 4;
    OK(lfk_file_open(&file, stage.fs, "a", RW | LFK_OPEN_CREATE, &options, &detail));
    write_text(file, "text");
    attribute.size = 1023;
    FAILS(lfk_file_sync(file, &detail), LFK_ERR_NOSPC,
          "attribute is too large (attr_max): expected 1022, found 1023");
    assert_false(info_of(file).has_failed);
    check_text_of(stage.fs, "a", "");
    attribute.size = 4;
    OK(lfk_file_close(file, &detail));
    check_text_of(stage.fs, "a", "text");
}

/* --- what fails ------------------------------------------------------------------------- */

static void a_handle_that_failed_stores_nothing_until_a_write_succeeds(void **state)
{
    (void)state;
    static const uint8_t bytes[BLOCKS(COUNT)];
    put_text(stage.fs, "a", "old");
    struct lfk_file *file = open_file("a", RW);
    detail = (struct lfk_detail){0};
    assert_int_equal(lfk_file_write(file, bytes, sizeof(bytes), &detail), LFK_ERR_NOSPC);
    assert_int_equal(detail.status, LFK_ERR_NOSPC);
    assert_true(info_of(file).has_failed);
    OK(lfk_file_sync(file, &detail));
    check_text_of(stage.fs, "a", "old");
    OK(lfk_file_truncate(file, 0, &detail));
    seek_to(file, 0);
    write_text(file, "new");
    assert_false(info_of(file).has_failed);
    OK(lfk_file_close(file, &detail));
    check_text_of(stage.fs, "a", "new");
}

static int mark(void *context, uint32_t block)
{
    bool *used = context;
    used[block] = true;
    return 0;
}

/* Puts nonsense where the first pointer is in each block of a file. */
static void spoil_pointers(void)
{
    bool used[COUNT] = {false};
    OK(lfk_filesystem_traverse(stage.fs, mark, used, &detail));
    for (size_t block = 2; block < COUNT; block++) {
        if (used[block]) {
            memset(stage.bytes + BLOCKS(block), 0xee, 4);
        }
    }
}

static void damaged_content_is_told_with_its_place(void **state)
{
    (void)state;
    static uint8_t bytes[5000];
    struct lfk_stat stat;
    put_file(stage.fs, "a", 5000);
    spoil_pointers();
    stage_remount(&stage);
    OK(lfk_filesystem_stat(stage.fs, "a", &stat, &detail));
    assert_int_equal(stat.size, 5000);
    struct lfk_file *file = open_file("a", RW);
    detail = (struct lfk_detail){0};
    assert_int_equal(lfk_file_read(file, bytes, 5000, &detail), LFK_ERR_CORRUPT);
    assert_int_equal(detail.status, LFK_ERR_CORRUPT);
    assert_true(detail.has_block && detail.has_offset && detail.has_values);
    assert_in_range(detail.block, 2, COUNT - 1);
    assert_int_equal(detail.expected, COUNT);
    assert_int_equal(detail.found, 0xeeeeeeee);
    assert_int_equal(lfk_file_tell(file), 0);
    OK(lfk_file_close(file, &detail));
    put_text(stage.fs, "a", "mended");
    check_text_of(stage.fs, "a", "mended");
}

static void what_is_discarded_is_as_it_was(void **state)
{
    (void)state;
    put_text(stage.fs, "a", "before");
    struct lfk_file *file = open_file("a", RW | LFK_OPEN_TRUNCATE);
    assert_int_equal(lfk_file_write(file, "after", 5, &detail), 5);
    lfk_file_discard(file);
    check_text_of(stage.fs, "a", "before");
    uint64_t used = lfk_filesystem_blocks_used(stage.fs);
    static uint8_t large[5000];
    file = open_file("a", RW);
    assert_int_equal(lfk_file_write(file, large, sizeof(large), &detail), sizeof(large));
    lfk_file_discard(file);
    assert_int_equal(lfk_filesystem_blocks_used(stage.fs), used);
    check_text_of(stage.fs, "a", "before");
    lfk_file_discard(NULL);
}

#define on_stage(test) cmocka_unit_test_setup_teardown(test, open_stage, close_stage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        on_stage(flags_say_how_a_file_is_opened),
        on_stage(what_is_no_file_is_not_opened),
        on_stage(a_file_gives_what_was_written),
        on_stage(rights_are_those_it_was_opened_with),
        on_stage(positions_are_kept_and_checked),
        on_stage(what_lies_between_end_and_position_becomes_zeros),
        on_stage(appending_goes_to_the_end),
        on_stage(a_file_is_as_it_was_synced_last),
        on_stage(what_is_discarded_is_as_it_was),
        on_stage(a_file_knows_where_its_content_lies),
        on_stage(the_limit_of_the_volume_holds),
        on_stage(each_handle_sees_its_own_content),
        on_stage(a_removed_file_is_read_and_written_and_stored_nowhere),
        on_stage(a_handle_follows_its_file),
        on_stage(attributes_are_kept_with_the_file),
        on_stage(an_attribute_too_large_makes_no_file),
        on_stage(a_handle_that_failed_stores_nothing_until_a_write_succeeds),
        on_stage(damaged_content_is_told_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
