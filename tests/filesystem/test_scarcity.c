/* SPDX-License-Identifier: MIT */
/*
 * Memory that is not there: each allocation in turn fails, once or from then
 * on. The call says so, everything is given back, and the volume is whole.
 */
#include "ledger.h"
#include "stage.h"

#include <stdlib.h>
#include <string.h>

#define COUNT 64u

static uint8_t template[BLOCKS(COUNT)]; /* a volume with something in it */
static uint8_t bytes[BLOCKS(COUNT)];

static int make_template(void **state)
{
    (void)state;
    struct stage stage;
    stage_open(&stage, COUNT);
    OK(lfk_filesystem_mkdir(stage.fs, "dir", &detail));
    put_file(stage.fs, "dir/large", 3000);
    put_text(stage.fs, "small", "text");
    OK(lfk_filesystem_set_attribute(stage.fs, "small", 1, "attribute", 9, &detail));
    memcpy(template, stage.bytes, stage.size);
    stage_close(&stage);
    return 0;
}

/* What is done on a mounted volume; returns the first failure. Closes what it opens. */
typedef int scenario_fn(struct lfk_filesystem *fs);

struct scenario {
    scenario_fn *run;
    const char *root; /* what the directories list after it */
    const char *dir;
    unsigned allocations; /* so many at least */
};

static int read_all(struct lfk_filesystem *fs)
{
    struct lfk_directory *directory;
    struct lfk_file *file;
    struct lfk_stat stat;
    static uint8_t buffer[4096];
    int result = lfk_directory_open(&directory, fs, "dir", &detail);
    if (result < 0) {
        return result;
    }
    result = lfk_directory_read(directory, &stat, &detail);
    lfk_directory_close(directory);
    if (result >= 0) {
        result = lfk_file_open(&file, fs, "dir/large", LFK_OPEN_READ, NULL, &detail);
    }
    if (result >= 0) {
        result = lfk_file_read(file, buffer, sizeof(buffer), &detail);
        assert_int_equal(lfk_file_close(file, NULL), LFK_OK);
    }
    return result < 0 ? result : LFK_OK;
}

static int load_tree(struct lfk_filesystem *fs)
{
    struct lfk_tree *tree = NULL;
    int result = lfk_filesystem_load(fs, "/", NULL, &tree, &detail);
    lfk_tree_destroy(tree);
    return result;
}

static int write_files(struct lfk_filesystem *fs)
{
    static uint8_t content[4000];
    char value[] = "value";
    const struct lfk_file_attribute attribute = {2, value, sizeof(value)};
    const struct lfk_file_options options = {
        .size = sizeof(options), .attributes = &attribute, .attribute_count = 1};
    struct lfk_file *file;
    int result =
        lfk_file_open(&file, fs, "dir/new", LFK_OPEN_WRITE | LFK_OPEN_CREATE, &options, &detail);
    if (result < 0) {
        return result;
    }
    result = lfk_file_write(file, content, 10, &detail);
    if (result >= 0) {
        result = lfk_file_write(file, content, sizeof(content), &detail);
    }
    if (result >= 0) {
        result = lfk_file_sync(file, &detail);
    }
    if (result >= 0) {
        result = lfk_file_truncate(file, 1000, &detail);
    }
    int closed = lfk_file_close(file, result < 0 ? NULL : &detail);
    return result < 0 ? result : closed;
}

static int change_names(struct lfk_filesystem *fs)
{
    int result = lfk_filesystem_mkdir(fs, "dir/sub", &detail);
    if (result == LFK_OK) {
        result = lfk_filesystem_rename(fs, "small", "dir/sub/small", &detail);
    }
    if (result == LFK_OK) {
        result = lfk_filesystem_set_attribute(fs, "dir", 1, "other", 5, &detail);
    }
    if (result == LFK_OK) {
        result = lfk_filesystem_rename(fs, "dir/sub/small", "dir/large", &detail);
    }
    if (result == LFK_OK) {
        result = lfk_filesystem_remove(fs, "dir/sub", &detail);
    }
    return result;
}

static int keep_in_order(struct lfk_filesystem *fs)
{
    int result = lfk_filesystem_collect_garbage(fs, 1, &detail);
    if (result == LFK_OK) {
        result = lfk_filesystem_resize(fs, COUNT - 1, &detail);
    }
    return result;
}

static struct lfk_filesystem *mount_with(const struct lfk_allocator *allocator,
                                         struct lfk_medium **medium, int *result)
{
    const struct lfk_medium_options of_medium = {.size = sizeof(of_medium), .allocator = allocator};
    const struct lfk_filesystem_options options = {.size = sizeof(options), .allocator = allocator};
    struct lfk_filesystem *fs = NULL;
    *medium = NULL;
    *result = lfk_medium_open_memory(medium, bytes, sizeof(bytes), &of_medium, &detail);
    if (*result == LFK_OK) {
        *result = lfk_filesystem_mount(&fs, lfk_medium_device(*medium), &options, &detail);
    }
    return fs;
}

/* The volume can be mounted and is in order; if `done`, it is as the scenario leaves it. */
static void check_volume(const struct scenario *scenario, bool done)
{
    struct lfk_medium *medium;
    int result;
    struct lfk_filesystem *fs = mount_with(NULL, &medium, &result);
    OK(result);
    OK(lfk_filesystem_make_consistent(fs, &detail));
    assert_true(exists(fs, "small") || exists(fs, "dir/sub/small") || exists(fs, "dir/large"));
    OK(read_all(fs));
    if (done) {
        check_list(fs, "/", scenario->root);
        check_list(fs, "dir", scenario->dir);
    }
    lfk_filesystem_unmount(fs);
    lfk_medium_close(medium);
}

/* Goes through a scenario without its n-th allocation; false if it has not so many. */
static bool refuse(const struct scenario *scenario, uint64_t n, bool lasting)
{
    struct lfk_medium *medium;
    struct ledger ledger;
    int result;
    memcpy(bytes, template, sizeof(bytes));
    ledger_open(&ledger);
    ledger.refused = n;
    ledger.lasting = lasting;
    detail = (struct lfk_detail){0};
    struct lfk_filesystem *fs = mount_with(&ledger.allocator, &medium, &result);
    if (result == LFK_OK) {
        result = scenario->run(fs);
    }
    const struct lfk_detail told = detail;
    lfk_filesystem_unmount(fs);
    lfk_medium_close(medium);
    assert_int_equal(ledger.live, 0);
    assert_int_equal(ledger.bytes, 0);
    check_volume(scenario, result == LFK_OK);
    if (ledger.calls < n) {
        assert_int_equal(result, LFK_OK);
        return false;
    }
    /* It is no failure to do without: some serve speed alone. */
    if (result != LFK_OK) {
        assert_int_equal(result, LFK_ERR_NOMEM);
        assert_int_equal(told.status, LFK_ERR_NOMEM);
        assert_non_null(told.what);
    }
    return true;
}

static void refuse_each(const struct scenario *scenario)
{
    uint64_t n = 1;
    while (refuse(scenario, n, false)) {
        (void)refuse(scenario, n, true);
        n++;
    }
    assert_true(n > scenario->allocations);
}

static void reading_does_without_memory(void **state)
{
    (void)state;
    refuse_each(&(struct scenario){read_all, "dir/ small", "large", 8});
}

static void loading_does_without_memory(void **state)
{
    (void)state;
    refuse_each(&(struct scenario){load_tree, "dir/ small", "large", 8});
}

static void writing_does_without_memory(void **state)
{
    (void)state;
    refuse_each(&(struct scenario){write_files, "dir/ small", "large new", 12});
}

static void changing_names_does_without_memory(void **state)
{
    (void)state;
    refuse_each(&(struct scenario){change_names, "dir/", "large", 12});
}

static void keeping_order_does_without_memory(void **state)
{
    (void)state;
    refuse_each(&(struct scenario){keep_in_order, "dir/ small", "large", 8});
}

static void formatting_does_without_memory(void **state)
{
    (void)state;
    for (uint64_t n = 1;; n++) {
        struct ledger ledger;
        struct lfk_medium *medium;
        ledger_open(&ledger);
        memcpy(bytes, template, sizeof(bytes));
        const struct lfk_filesystem_options options = {.size = sizeof(options),
                                                       .allocator = &ledger.allocator};
        const struct lfk_medium_options of_medium = {
            .size = sizeof(of_medium), .block_size = BLOCK_SIZE, .block_count = COUNT};
        OK(lfk_medium_open_memory(&medium, bytes, sizeof(bytes), &of_medium, &detail));
        ledger.refused = n;
        int result = lfk_filesystem_format(lfk_medium_device(medium), &options, &detail);
        lfk_medium_close(medium);
        assert_int_equal(ledger.live, 0);
        if (result == LFK_OK) {
            assert_true(n > 3);
            return;
        }
        assert_int_equal(result, LFK_ERR_NOMEM);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loading_does_without_memory),
        cmocka_unit_test(reading_does_without_memory),
        cmocka_unit_test(writing_does_without_memory),
        cmocka_unit_test(changing_names_does_without_memory),
        cmocka_unit_test(keeping_order_does_without_memory),
        cmocka_unit_test(formatting_does_without_memory),
    };
    return cmocka_run_group_tests(tests, make_template, NULL);
}
