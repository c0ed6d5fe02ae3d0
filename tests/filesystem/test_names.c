/* SPDX-License-Identifier: MIT */
/* What is done by path: stat, mkdir, remove, rename, attributes; and all that is wrong with paths.
 */
#include "stage.h"

#include <string.h>

#define COUNT 64u

static struct stage stage;

static int open_stage(void **state)
{
    (void)state;
    stage_open(&stage, COUNT);
    OK(lfk_filesystem_mkdir(stage.fs, "dir", &detail));
    put_text(stage.fs, "dir/file", "text");
    put_text(stage.fs, "file", "in the root");
    return 0;
}

static int close_stage(void **state)
{
    (void)state;
    /* What was done is on the device, and the volume is in order. */
    stage_remount(&stage);
    OK(lfk_filesystem_make_consistent(stage.fs, &detail));
    stage_close(&stage);
    return 0;
}

static void an_entry_is_described(void **state)
{
    (void)state;
    struct lfk_stat stat;
    OK(lfk_filesystem_stat(stage.fs, "dir/file", &stat, &detail));
    assert_false(stat.is_dir);
    assert_int_equal(stat.size, 4);
    assert_int_equal(stat.name_size, 4);
    assert_string_equal(stat.name, "file");
    OK(lfk_filesystem_stat(stage.fs, "/dir/", &stat, &detail));
    assert_true(stat.is_dir);
    assert_int_equal(stat.size, 0);
    assert_string_equal(stat.name, "dir");
    OK(lfk_filesystem_stat(stage.fs, "/", &stat, &detail));
    assert_true(stat.is_dir);
    assert_int_equal(stat.name_size, 1);
    assert_string_equal(stat.name, "/");
}

static void paths_mean_what_the_header_says(void **state)
{
    (void)state;
    static const char *const same[] = {"dir/file",     "/dir/file",       "//dir///file",
                                       "./dir/./file", "dir/../dir/file", "nowhere/../dir/file",
                                       "dir/x/../file"};
    struct lfk_stat stat;
    for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        OK(lfk_filesystem_stat(stage.fs, same[i], &stat, &detail));
        assert_string_equal(stat.name, "file");
        assert_int_equal(stat.size, 4);
    }
    FAILS(lfk_filesystem_stat(stage.fs, "", &stat, &detail), LFK_ERR_INVAL, "the path is empty");
    FAILS(lfk_filesystem_stat(stage.fs, "dir/../..", &stat, &detail), LFK_ERR_INVAL,
          "the path goes above the root");
    FAILS(lfk_filesystem_stat(stage.fs, "dir/none", &stat, &detail), LFK_ERR_NOENT,
          "no such file or directory");
    FAILS(lfk_filesystem_stat(stage.fs, "none/none", &stat, &detail), LFK_ERR_NOENT,
          "no such file or directory");
    FAILS(lfk_filesystem_stat(stage.fs, "file/none", &stat, &detail), LFK_ERR_NOTDIR,
          "not a directory");
    FAILS(lfk_filesystem_stat(stage.fs, "file/", &stat, &detail), LFK_ERR_NOTDIR,
          "not a directory");
}

/* A path that leads nowhere is refused by all functions alike, and nothing is changed. */
static void a_wrong_path_is_refused_everywhere(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int status;
    } wrong[] = {{"", LFK_ERR_INVAL},
                 {"..", LFK_ERR_INVAL},
                 {"none/x", LFK_ERR_NOENT},
                 {"file/x", LFK_ERR_NOTDIR}};
    uint8_t byte = 0;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        const char *path = wrong[i].path;
        struct lfk_filesystem *fs = stage.fs;
        struct lfk_file *file;
        struct lfk_directory *directory;
        const int results[] = {
            lfk_filesystem_mkdir(fs, path, &detail),
            lfk_filesystem_remove(fs, path, &detail),
            lfk_filesystem_rename(fs, path, "new", &detail),
            lfk_filesystem_rename(fs, "file", path, &detail),
            lfk_filesystem_get_attribute(fs, path, 1, &byte, 1, &detail),
            lfk_filesystem_set_attribute(fs, path, 1, &byte, 1, &detail),
            lfk_filesystem_remove_attribute(fs, path, 1, &detail),
            lfk_file_open(&file, fs, path, LFK_OPEN_READ, NULL, &detail),
            lfk_file_open(&file, fs, path, LFK_OPEN_WRITE | LFK_OPEN_CREATE, NULL, &detail),
            lfk_directory_open(&directory, fs, path, &detail),
        };
        for (size_t k = 0; k < sizeof(results) / sizeof(results[0]); k++) {
            assert_int_equal(results[k], wrong[i].status);
        }
    }
    check_list(stage.fs, "/", "dir/ file");
}

static void directories_are_made(void **state)
{
    (void)state;
    OK(lfk_filesystem_mkdir(stage.fs, "dir/sub/", &detail));
    check_list(stage.fs, "dir", "file sub/");
    check_list(stage.fs, "dir/sub", "");
    FAILS(lfk_filesystem_mkdir(stage.fs, "dir", &detail), LFK_ERR_EXIST, "the name is taken");
    FAILS(lfk_filesystem_mkdir(stage.fs, "file", &detail), LFK_ERR_EXIST, "the name is taken");
    FAILS(lfk_filesystem_mkdir(stage.fs, "/", &detail), LFK_ERR_EXIST, "the name is taken");
}

static void a_name_may_be_as_long_as_the_volume_says(void **state)
{
    (void)state;
    char name[258];
    struct lfk_stat stat;
    memset(name, 'n', sizeof(name));
    name[255] = '\0';
    OK(lfk_filesystem_mkdir(stage.fs, name, &detail));
    OK(lfk_filesystem_stat(stage.fs, name, &stat, &detail));
    assert_int_equal(stat.name_size, 255);
    assert_string_equal(stat.name, name);
    name[255] = 'n';
    name[256] = '\0';
    FAILS(lfk_filesystem_mkdir(stage.fs, name, &detail), LFK_ERR_NAMETOOLONG,
          "name is too long (name_max): expected 255, found 256");
    FAILS(lfk_filesystem_rename(stage.fs, "file", name, &detail), LFK_ERR_NAMETOOLONG,
          "name is too long (name_max): expected 255, found 256");
}

static void what_is_removed_is_gone(void **state)
{
    (void)state;
    FAILS(lfk_filesystem_remove(stage.fs, "dir", &detail), LFK_ERR_NOTEMPTY,
          "the directory is not empty");
    OK(lfk_filesystem_remove(stage.fs, "dir/file", &detail));
    OK(lfk_filesystem_remove(stage.fs, "dir", &detail));
    check_list(stage.fs, "/", "file");
    FAILS(lfk_filesystem_remove(stage.fs, "dir", &detail), LFK_ERR_NOENT,
          "no such file or directory");
    FAILS(lfk_filesystem_remove(stage.fs, "file/", &detail), LFK_ERR_NOTDIR, "not a directory");
    FAILS(lfk_filesystem_remove(stage.fs, "/", &detail), LFK_ERR_INVAL,
          "the root directory cannot be removed");
}

static void what_is_renamed_takes_everything_along(void **state)
{
    (void)state;
    char value[3] = "";
    OK(lfk_filesystem_set_attribute(stage.fs, "file", 7, "ab", 2, &detail));
    OK(lfk_filesystem_rename(stage.fs, "file", "dir/new", &detail));
    check_text_of(stage.fs, "dir/new", "in the root");
    assert_int_equal(lfk_filesystem_get_attribute(stage.fs, "dir/new", 7, value, 2, &detail), 2);
    assert_string_equal(value, "ab");
    check_list(stage.fs, "/", "dir/");
    OK(lfk_filesystem_rename(stage.fs, "dir/new", "dir/file", &detail)); /* a file for a file */
    check_text_of(stage.fs, "dir/file", "in the root");
    OK(lfk_filesystem_rename(stage.fs, "dir", "moved", &detail));
    check_list(stage.fs, "moved", "file");
    OK(lfk_filesystem_mkdir(stage.fs, "empty", &detail));
    OK(lfk_filesystem_rename(stage.fs, "moved", "empty", &detail)); /* for an empty directory */
    check_list(stage.fs, "/", "empty/");
    OK(lfk_filesystem_rename(stage.fs, "empty", "empty", &detail));
    check_list(stage.fs, "empty", "file");
}

static void what_cannot_be_renamed_is_told(void **state)
{
    (void)state;
    OK(lfk_filesystem_mkdir(stage.fs, "full", &detail));
    put_text(stage.fs, "full/x", "");
    FAILS(lfk_filesystem_rename(stage.fs, "dir", "full", &detail), LFK_ERR_NOTEMPTY,
          "the directory is not empty");
    FAILS(lfk_filesystem_rename(stage.fs, "dir", "file", &detail), LFK_ERR_NOTDIR,
          "source and target are not of one type");
    FAILS(lfk_filesystem_rename(stage.fs, "file", "dir", &detail), LFK_ERR_ISDIR,
          "source and target are not of one type");
    FAILS(lfk_filesystem_rename(stage.fs, "file", "new/", &detail), LFK_ERR_NOTDIR,
          "the new name is that of a directory");
    FAILS(lfk_filesystem_rename(stage.fs, "dir", "dir/below/it", &detail), LFK_ERR_NOENT,
          "no such file or directory");
    FAILS(lfk_filesystem_rename(stage.fs, "dir", "dir/below", &detail), LFK_ERR_INVAL,
          "a directory cannot be moved below itself");
    FAILS(lfk_filesystem_rename(stage.fs, "/", "new", &detail), LFK_ERR_INVAL,
          "the root directory cannot be renamed");
    FAILS(lfk_filesystem_rename(stage.fs, "dir", "/", &detail), LFK_ERR_INVAL,
          "the root directory cannot be replaced");
    FAILS(lfk_filesystem_rename(stage.fs, "none", "new", &detail), LFK_ERR_NOENT,
          "no such file or directory");
    check_list(stage.fs, "/", "dir/ file full/");
}

static void attributes_come_and_go(void **state)
{
    (void)state;
    static const char *const paths[] = {"file", "dir", "/"};
    for (size_t i = 0; i < 3; i++) {
        const char *path = paths[i];
        char value[8] = "-------";
        FAILS(lfk_filesystem_get_attribute(stage.fs, path, 0, value, 8, &detail), LFK_ERR_NOATTR,
              "the entry has no such attribute");
        assert_memory_equal(value, "\0\0\0\0\0\0\0\0", 8);
        OK(lfk_filesystem_set_attribute(stage.fs, path, 0, "12345", 5, &detail));
        OK(lfk_filesystem_set_attribute(stage.fs, path, 255, "", 0, &detail));
        stage_remount(&stage);
        memcpy(value, "-------", 8);
        assert_int_equal(lfk_filesystem_get_attribute(stage.fs, path, 0, value, 2, &detail), 5);
        assert_memory_equal(value, "12-----", 8);
        assert_int_equal(lfk_filesystem_get_attribute(stage.fs, path, 0, value, 8, &detail), 5);
        assert_memory_equal(value, "12345\0\0\0", 8);
        assert_int_equal(lfk_filesystem_get_attribute(stage.fs, path, 0, NULL, 0, &detail), 5);
        OK(lfk_filesystem_get_attribute(stage.fs, path, 255, value, 8, &detail));
        OK(lfk_filesystem_remove_attribute(stage.fs, path, 0, &detail));
        OK(lfk_filesystem_remove_attribute(stage.fs, path, 0, &detail));
        assert_int_equal(lfk_filesystem_get_attribute(stage.fs, path, 0, value, 8, &detail),
                         LFK_ERR_NOATTR);
    }
}

static void an_attribute_too_large_is_told(void **state)
{
    (void)state;
    static const uint8_t value[1023];
    FAILS(lfk_filesystem_set_attribute(stage.fs, "file", 1, value, 1023, &detail), LFK_ERR_NOSPC,
          "attribute is too large (attr_max): expected 1022, found 1023");
    detail = (struct lfk_detail){0};
    assert_int_equal(lfk_filesystem_set_attribute(stage.fs, "file", 1, value, 1000, &detail),
                     LFK_ERR_NOSPC); /* no block of 512 bytes has room for it */
    assert_int_equal(detail.status, LFK_ERR_NOSPC);
    assert_int_equal(lfk_filesystem_get_attribute(stage.fs, "file", 1, NULL, 0, &detail),
                     LFK_ERR_NOATTR);
}

static void a_volume_that_is_full_says_so_and_stays_whole(void **state)
{
    (void)state;
    char name[8] = "d000";
    int result;
    unsigned made = 0;
    detail = (struct lfk_detail){0};
    while ((result = lfk_filesystem_mkdir(stage.fs, name, &detail)) == LFK_OK) {
        made++;
        name[2] = (char)('0' + made / 10);
        name[3] = (char)('0' + made % 10);
        assert_true(made < COUNT);
    }
    assert_int_equal(result, LFK_ERR_NOSPC);
    assert_int_equal(detail.status, LFK_ERR_NOSPC);
    assert_true(made > 20);
    stage_remount(&stage);
    OK(lfk_filesystem_remove(stage.fs, "d000", &detail));
    OK(lfk_filesystem_mkdir(stage.fs, "dir/again", &detail));
}

#define on_stage(test) cmocka_unit_test_setup_teardown(test, open_stage, close_stage)

int main(void)
{
    const struct CMUnitTest tests[] = {
        on_stage(an_entry_is_described),
        on_stage(paths_mean_what_the_header_says),
        on_stage(a_wrong_path_is_refused_everywhere),
        on_stage(directories_are_made),
        on_stage(a_name_may_be_as_long_as_the_volume_says),
        on_stage(what_is_removed_is_gone),
        on_stage(what_is_renamed_takes_everything_along),
        on_stage(what_cannot_be_renamed_is_told),
        on_stage(attributes_come_and_go),
        on_stage(an_attribute_too_large_is_told),
        on_stage(a_volume_that_is_full_says_so_and_stays_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
