/* SPDX-License-Identifier: MIT */
/*
 * What a volume is written with: defaults, the lesser of the driver's limits
 * and the volume's, and volumes that this driver must not write to.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flash_volume.h"
#include "told.h"

/* A blank device in memory. */
struct blank {
    struct lfk_bd_ram ram;
    uint8_t *bytes;
    struct lfk_fs fs;
};

static void open_blank(struct blank *b, uint32_t block_size, uint32_t block_count)
{
    *b = (struct blank){.bytes = calloc(block_count, block_size)};
    assert_non_null(b->bytes);
    lfk_bd_ram_open(&b->ram, b->bytes, block_size, block_count);
}

static void close_blank(struct blank *b)
{
    lfk_fs_unmount(&b->fs);
    free(b->bytes);
}

static void format(struct blank *b, const struct lfk_fs_writing *writing, uint32_t block_count)
{
    const struct lfk_fs_options options = {.block_count = block_count, .writing = writing};
    assert_int_equal(lfk_fs_format(&b->ram.bd, &options, NULL), LFK_OK);
}

static int mount(struct blank *b, const struct lfk_fs_writing *writing, struct lfk_detail *detail)
{
    const struct lfk_fs_options options = {.writing = writing};
    lfk_fs_unmount(&b->fs);
    return lfk_fs_mount(&b->fs, &b->ram.bd, &options, detail);
}

static void what_is_not_given_has_a_default(void **state)
{
    (void)state;
    static const struct lfk_fs_writing nothing;
    struct blank b;
    open_blank(&b, 512, 8);
    format(&b, &nothing, 8);
    assert_int_equal(mount(&b, &nothing, NULL), LFK_OK);
    const struct lfk_superblock *superblock = &b.fs.superblock;
    assert_int_equal(superblock->version, LFK_DISK_2_1);
    assert_int_equal(superblock->block_size, 512);
    assert_int_equal(superblock->block_count, 8);
    assert_int_equal(superblock->name_max, LFK_NAME_MAX);
    assert_int_equal(superblock->file_max, LFK_FILE_MAX);
    assert_int_equal(superblock->attr_max, LFK_ATTR_MAX);
    const struct lfk_fs_writing *writing = &b.fs.writing;
    assert_int_equal(writing->prog_size, 1);
    assert_int_equal(writing->cache_size, 512);
    assert_int_equal(writing->metadata_max, 512);
    assert_int_equal(writing->inline_max, 64);
    close_blank(&b);
}

static void a_volume_keeps_the_limits_it_was_made_with(void **state)
{
    (void)state;
    static const struct lfk_fs_writing strict = {
        .name_max = 32, .file_max = 5000, .attr_max = 40, .disk_version = LFK_DISK_2_0};
    static const struct lfk_fs_writing nothing = {.disk_version = LFK_DISK_2_0};
    struct blank b;
    open_blank(&b, 512, 8);
    format(&b, &strict, 8);
    assert_int_equal(mount(&b, &nothing, NULL), LFK_OK);
    assert_int_equal(b.fs.superblock.version, LFK_DISK_2_0);
    assert_int_equal(b.fs.writing.name_max, 32);
    assert_int_equal(b.fs.writing.file_max, 5000);
    assert_int_equal(b.fs.writing.attr_max, 40);
    assert_int_equal(b.fs.writing.inline_max, 40); /* inline content is as long as an attribute */
    close_blank(&b);
}

/* Limits that a superblock does not state are the driver's. */
static void limits_that_are_not_stated_are_the_drivers(void **state)
{
    (void)state;
    static const struct lfk_fs_writing strict = {.name_max = 32, .file_max = 5000, .attr_max = 40};
    static const struct lfk_superblock silent = {
        .version = LFK_DISK_2_1, .block_size = 512, .block_count = 8};
    struct blank b;
    struct lfk_mdirs mdirs;
    const struct lfk_mdirs_writing writing = {.format = {512, 16, 512, LFK_DISK_2_1, 0}};
    open_blank(&b, 512, 8);
    lfk_mdirs_open(&mdirs, &b.ram.bd, NULL);
    assert_int_equal(lfk_mdirs_open_writing(&mdirs, &writing, NULL), LFK_OK);
    assert_int_equal(lfk_mdirs_format(&mdirs, &silent, NULL), LFK_OK);
    lfk_mdirs_close(&mdirs);
    assert_int_equal(mount(&b, &strict, NULL), LFK_OK);
    assert_int_equal(b.fs.writing.name_max, 32);
    assert_int_equal(b.fs.writing.file_max, 5000);
    assert_int_equal(b.fs.writing.attr_max, 40);
    close_blank(&b);
}

/* It could not read back what is there: littlefs refuses such a volume, too. */
static void a_volume_with_larger_limits_is_refused(void **state)
{
    (void)state;
    static const struct lfk_fs_writing nothing;
    static const struct {
        struct lfk_fs_writing writing;
        const char *line;
    } cases[] = {
        {{.name_max = 100}, "the volume's limit is larger (name_max): expected 100, found 1022"},
        {{.file_max = 10},
         "the volume's limit is larger (file_max): expected 10, found 2147483647"},
        {{.attr_max = 1000}, "the volume's limit is larger (attr_max): expected 1000, found 1022"},
        {{.disk_version = LFK_DISK_2_0},
         "the minor disk version is newer than ours (version): expected 0, found 1"},
    };
    struct blank b;
    open_blank(&b, 512, 8);
    format(&b, &nothing, 8);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lfk_detail detail = {0};
        assert_int_equal(mount(&b, &cases[i].writing, &detail), LFK_ERR_INVAL);
        check_told(&detail, LFK_ERR_INVAL, cases[i].line);
    }
    assert_int_equal(mount(&b, NULL, NULL), LFK_OK); /* to be read it is fine */
    close_blank(&b);
}

static void a_device_that_is_too_small_is_refused(void **state)
{
    (void)state;
    static const struct lfk_fs_writing nothing;
    struct blank b;
    struct lfk_detail detail = {0};
    open_blank(&b, 512, 8);
    format(&b, &nothing, 8);
    lfk_bd_ram_open(&b.ram, b.bytes, 512, 7);
    assert_int_equal(mount(&b, &nothing, &detail), LFK_ERR_INVAL);
    check_told(&detail, LFK_ERR_INVAL,
               "the device has fewer blocks than the volume (block_count): expected 8, found 7");
    assert_int_equal(mount(&b, NULL, NULL), LFK_OK); /* a short image may be looked at */
    close_blank(&b);
}

static void what_is_inline_is_bounded_by_all_that_holds_it(void **state)
{
    (void)state;
    static const struct {
        struct lfk_fs_writing writing;
        uint32_t inline_max;
    } cases[] = {
        {{.cache_size = 0}, 512},                /* an eighth of the metadata */
        {{.cache_size = 64}, 64},                /* the driver's cache */
        {{.metadata_max = 2048}, 256},           /* less metadata */
        {{.attr_max = 100, .name_max = 1}, 100}, /* an attribute */
        {{.inline_max = 200}, 200},
        {{.inline_max = 5000}, 512},
        {{.inline_max = UINT32_MAX}, 0}, /* none at all */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct blank b;
        open_blank(&b, 4096, 4);
        format(&b, &cases[i].writing, 4);
        assert_int_equal(mount(&b, &cases[i].writing, NULL), LFK_OK);
        assert_int_equal(b.fs.writing.inline_max, cases[i].inline_max);
        close_blank(&b);
    }
}

/* What is longer goes to blocks of its own, to the byte. */
static void a_file_is_inline_up_to_the_limit(void **state)
{
    (void)state;
    static const uint8_t data[65];
    struct flash_volume v;
    volume_open(&v, 16);
    assert_int_equal(v.fs.writing.inline_max, 64);
    for (uint32_t size = 63; size <= 65; size++) {
        struct lfk_fs_entry entry;
        volume_put(&v, "f", data, size);
        assert_int_equal(lfk_fs_lookup(&v.fs, "f", &entry, NULL), LFK_OK);
        assert_int_equal(entry.entry->struct_type,
                         size <= 64 ? LFK_TYPE_INLINE_STRUCT : LFK_TYPE_CTZ_STRUCT);
    }
    volume_close(&v);
}

static void a_volume_has_two_blocks_at_least(void **state)
{
    (void)state;
    static const struct lfk_fs_writing nothing;
    struct blank b;
    open_blank(&b, 512, 2);
    for (uint32_t count = 0; count < 2; count++) {
        const struct lfk_fs_options options = {.block_count = count, .writing = &nothing};
        struct lfk_detail detail = {0};
        assert_int_equal(lfk_fs_format(&b.ram.bd, &options, &detail), LFK_ERR_NOSPC);
        assert_string_equal(detail.field, "block_count");
    }
    format(&b, &nothing, 2);
    assert_int_equal(mount(&b, &nothing, NULL), LFK_OK);
    close_blank(&b);
}

/* An older volume in the second block would come back when the first is damaged. */
static void a_format_leaves_nothing_of_an_older_volume(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t newest = i / 2;
        uint32_t damaged = i % 2;
        struct flash_volume v;
        volume_open(&v, 16);
        volume_put_text(&v, "old", "file");
        while (v.fs.mdirs.root->pair.block[0] != newest) {
            assert_int_equal(lfk_mdirs_rewrite(&v.fs.mdirs, v.fs.mdirs.root, NULL), LFK_OK);
        }
        const struct lfk_fs_options options = {.block_count = 16, .writing = &v.writing};
        assert_int_equal(lfk_fs_format(&v.flash.bd, &options, NULL), LFK_OK);
        memset(v.flash.bytes + (size_t)damaged * 512, 0x5a, 512);
        volume_remount(&v);
        assert_false(volume_has(&v, "old"));
        volume_close(&v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_given_has_a_default),
        cmocka_unit_test(a_volume_keeps_the_limits_it_was_made_with),
        cmocka_unit_test(limits_that_are_not_stated_are_the_drivers),
        cmocka_unit_test(a_volume_with_larger_limits_is_refused),
        cmocka_unit_test(a_device_that_is_too_small_is_refused),
        cmocka_unit_test(what_is_inline_is_bounded_by_all_that_holds_it),
        cmocka_unit_test(a_file_is_inline_up_to_the_limit),
        cmocka_unit_test(a_volume_has_two_blocks_at_least),
        cmocka_unit_test(a_format_leaves_nothing_of_an_older_volume),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
