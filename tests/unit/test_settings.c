/* SPDX-License-Identifier: MIT */
/* The options of a build: defaults that suit devices, and a named refusal of each bad one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lfskit/build.h"

static int plan(const struct lfk_build_options *options, struct lfk_build_options *settled,
                struct lfk_detail *detail)
{
    struct lfk_tree *tree = NULL;
    struct lfk_build *build = NULL;
    assert_int_equal(lfk_tree_create(&tree, NULL), LFK_OK);
    int status = lfk_build_plan(&build, tree, options, detail);
    if (status == LFK_OK) {
        *settled = lfk_build_report(build)->options;
    }
    lfk_build_close(build);
    lfk_tree_destroy(tree);
    return status;
}

static struct lfk_build_options defaults_for(uint32_t block_size)
{
    struct lfk_build_options options = {.size = sizeof(options), .block_size = block_size};
    struct lfk_build_options settled = {0};
    struct lfk_detail detail = {0};
    assert_int_equal(plan(&options, &settled, &detail), LFK_OK);
    return settled;
}

static void no_options_means_all_defaults(void **state)
{
    (void)state;
    struct lfk_build_options settled = {0};
    struct lfk_detail detail = {0};
    assert_int_equal(plan(NULL, &settled, &detail), LFK_OK);
    assert_int_equal(settled.block_size, 4096);
    assert_int_equal(settled.prog_size, 256);
    assert_int_equal(settled.cache_size, 512);
    assert_int_equal(settled.inline_max, 512);
    assert_int_equal(settled.name_max, 255);
    assert_int_equal(settled.file_max, 2147483647);
    assert_int_equal(settled.attr_max, 1022);
    assert_int_equal(settled.disk_version, LFK_DISK_VERSION_2_1);
    assert_int_equal(settled.block_count, 2);
}

static void defaults_follow_the_block_size(void **state)
{
    (void)state;
    struct lfk_build_options o = defaults_for(128);
    assert_int_equal(o.prog_size, 8);
    assert_int_equal(o.cache_size, 128);
    assert_int_equal(o.inline_max, 16);
    o = defaults_for(384);
    assert_int_equal(o.prog_size, 16);
    assert_int_equal(o.cache_size, 384);
    assert_int_equal(o.inline_max, 48);
    o = defaults_for(512);
    assert_int_equal(o.prog_size, 32);
    assert_int_equal(o.cache_size, 512);
    assert_int_equal(o.inline_max, 64);
    o = defaults_for(131072);
    assert_int_equal(o.prog_size, 256);
    assert_int_equal(o.cache_size, 512);
    assert_int_equal(o.inline_max, 512);
}

/* A larger prog size needs a larger cache; the inline limit stays what the block allows. */
static void cache_follows_the_prog_size(void **state)
{
    (void)state;
    struct lfk_build_options options = {.size = sizeof(options), .prog_size = 2048};
    struct lfk_build_options settled = {0};
    assert_int_equal(plan(&options, &settled, NULL), LFK_OK);
    assert_int_equal(settled.cache_size, 2048);
    assert_int_equal(settled.inline_max, 512);
}

static void inline_limit_follows_the_cache(void **state)
{
    (void)state;
    struct lfk_build_options options = {.size = sizeof(options), .cache_size = 64};
    struct lfk_build_options settled = {0};
    assert_int_equal(plan(&options, &settled, NULL), LFK_OK);
    assert_int_equal(settled.prog_size, 64);
    assert_int_equal(settled.inline_max, 64);
    options.attr_max = 20;
    assert_int_equal(plan(&options, &settled, NULL), LFK_OK);
    assert_int_equal(settled.inline_max, 20);
}

static void assert_refused(struct lfk_build_options options, const char *field)
{
    struct lfk_build_options settled = {0};
    struct lfk_detail detail = {0};
    options.size = sizeof(options);
    assert_int_equal(plan(&options, &settled, &detail), LFK_ERR_INVAL);
    assert_string_equal(detail.field, field);
    assert_true(detail.has_values);
}

static void each_bad_option_is_named(void **state)
{
    (void)state;
    assert_refused((struct lfk_build_options){.block_size = 127}, "block_size");
    assert_refused((struct lfk_build_options){.block_size = UINT32_MAX}, "block_size");
    assert_refused((struct lfk_build_options){.block_count = 1}, "block_count");
    assert_refused((struct lfk_build_options){.block_count = UINT32_MAX}, "block_count");
    assert_refused((struct lfk_build_options){.cache_size = 100}, "block_size");
    assert_refused((struct lfk_build_options){.cache_size = 512, .prog_size = 96}, "cache_size");
    assert_refused((struct lfk_build_options){.cache_size = 512, .read_size = 96}, "cache_size");
    assert_refused((struct lfk_build_options){.prog_size = 8192}, "block_size");
    assert_refused((struct lfk_build_options){.metadata_max = 64}, "metadata_max");
    assert_refused((struct lfk_build_options){.metadata_max = 8192}, "metadata_max");
    assert_refused((struct lfk_build_options){.metadata_max = 3072}, "block_size");
    assert_refused((struct lfk_build_options){.inline_max = 513}, "inline_max");
    assert_refused((struct lfk_build_options){.name_max = 1023}, "name_max");
    assert_refused((struct lfk_build_options){.file_max = 0x80000000}, "file_max");
    assert_refused((struct lfk_build_options){.attr_max = 1023}, "attr_max");
    assert_refused((struct lfk_build_options){.disk_version = 0x00020002}, "disk_version");
    assert_refused((struct lfk_build_options){.fill_percent = 101}, "fill_percent");
    assert_refused((struct lfk_build_options){.free_percent = 100}, "free_percent");
}

/* A program compiled against an older, shorter struct gets the defaults for what it lacks. */
static void a_shorter_struct_is_understood(void **state)
{
    (void)state;
    struct lfk_build_options options = {.block_size = 512, .name_max = 2000};
    struct lfk_build_options settled = {0};
    options.size = offsetof(struct lfk_build_options, name_max);
    assert_int_equal(plan(&options, &settled, NULL), LFK_OK);
    assert_int_equal(settled.block_size, 512);
    assert_int_equal(settled.name_max, 255);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_options_means_all_defaults),
        cmocka_unit_test(defaults_follow_the_block_size),
        cmocka_unit_test(cache_follows_the_prog_size),
        cmocka_unit_test(inline_limit_follows_the_cache),
        cmocka_unit_test(each_bad_option_is_named),
        cmocka_unit_test(a_shorter_struct_is_understood),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
