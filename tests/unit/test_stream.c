/* SPDX-License-Identifier: MIT */
/*
 * Contents of files: lists of every length on blocks of several sizes, and
 * lists that lead out of the volume or in circles.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "flawed_device.h"
#include "fs_checker.h"
#include "seed.h"

enum { BLOCKS_MAX = 70 };

/* Reads a list to its end, `room` spans at a time, and compares. */
static void check_bytes(const struct lfk_fs *fs, uint32_t head, const uint8_t *data, uint32_t size,
                        size_t room)
{
    struct lfk_fs_stream stream;
    struct lfk_span spans[8];
    uint32_t done = 0;
    int count;
    assert_int_equal(lfk_fs_stream_open(fs, head, size, &stream, NULL), LFK_OK);
    while ((count = lfk_fs_stream_next(&stream, spans, room, NULL)) > 0) {
        assert_in_range(count, 1, room);
        for (int i = 0; i < count; i++) {
            assert_in_range(spans[i].size, 1, size - done);
            assert_memory_equal(spans[i].data, data + done, spans[i].size);
            done += (uint32_t)spans[i].size;
        }
    }
    assert_int_equal(count, 0);
    assert_int_equal(done, size);
    lfk_fs_stream_close(&stream);
}

/* The numbers 2 to 2 + count - 1 in some order. */
static void shuffle_blocks(struct seed *seed, uint32_t *blocks, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t j = seed_below(seed, i + 1);
        blocks[i] = blocks[j];
        blocks[j] = 2 + i;
    }
}

/* A volume of nothing but a root, on a device that is memory and on one that is not. */
struct example {
    struct maker m;
    struct mounted mapped;
    struct flawed_device device;
    struct lfk_fs unmapped;
};

static void make_example(struct example *e, uint32_t block_size, uint32_t block_count)
{
    struct lfk_fs_options options = {0};
    e->m = maker_start(block_size, block_count);
    maker_root(&e->m);
    maker_end(&e->m);
    mount_made(&e->mapped, &e->m);
    flawed_open(&e->device, e->m.bytes, block_size, block_count);
    assert_int_equal(lfk_fs_mount(&e->unmapped, &e->device.bd, &options, NULL), LFK_OK);
}

static void free_example(struct example *e)
{
    lfk_fs_unmount(&e->unmapped);
    unmount(&e->mapped);
    maker_free(&e->m);
}

static void check_size(struct example *e, struct seed *seed, const uint8_t *data, uint32_t size,
                       uint32_t blocks)
{
    uint32_t list[BLOCKS_MAX];
    shuffle_blocks(seed, list, blocks);
    /* What a truncated file leaves behind its end is no part of it. */
    memset(maker_block(&e->m, list[blocks - 1]), 0x5a, e->m.block_size);
    maker_list(&e->m, list, data, size);
    check_bytes(&e->mapped.fs, list[blocks - 1], data, size, 8);
    check_bytes(&e->mapped.fs, list[blocks - 1], data, size, 1);
    check_bytes(&e->unmapped, list[blocks - 1], data, size, 8);
}

/* Sizes on both sides of every boundary between blocks, in lists without any order. */
static void files_of_every_boundary_size_are_read(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.stream");
    static const uint32_t block_sizes[] = {128, 384, 512, 4096};
    for (size_t b = 0; b < sizeof(block_sizes) / sizeof(block_sizes[0]); b++) {
        uint32_t block_size = block_sizes[b];
        struct example e;
        make_example(&e, block_size, BLOCKS_MAX + 2);
        uint8_t *data = malloc((size_t)block_size * BLOCKS_MAX);
        assert_non_null(data);
        seed_fill(&seed, data, (size_t)block_size * BLOCKS_MAX);
        uint32_t end = 0; /* of the data in the blocks so far */
        for (uint32_t blocks = 1; blocks < BLOCKS_MAX; blocks++) {
            uint32_t pointers = 0;
            for (uint32_t step = 1; blocks > 1 && (blocks - 1) % step == 0; step *= 2) {
                pointers++;
            }
            check_size(&e, &seed, data, end + 1, blocks);
            end += block_size - 4 * pointers;
            check_size(&e, &seed, data, end - 1, blocks);
            check_size(&e, &seed, data, end, blocks);
        }
        free(data);
        free_example(&e);
    }
}

static void spans_are_the_images_own_bytes(void **state)
{
    (void)state;
    struct example e;
    struct lfk_fs_stream stream;
    struct lfk_span spans[4];
    uint8_t data[700] = {0};
    make_example(&e, 512, 8);
    maker_list(&e.m, (uint32_t[]){5, 4}, data, sizeof(data));
    assert_int_equal(lfk_fs_stream_open(&e.mapped.fs, 4, sizeof(data), &stream, NULL), LFK_OK);
    assert_int_equal(lfk_fs_stream_next(&stream, spans, 4, NULL), 2);
    assert_ptr_equal(spans[0].data, maker_block(&e.m, 5));
    assert_int_equal(spans[0].size, 512);
    assert_ptr_equal(spans[1].data, maker_block(&e.m, 4) + 4);
    assert_int_equal(spans[1].size, 188);
    lfk_fs_stream_close(&stream);
    free_example(&e);
}

static void a_list_of_no_bytes_is_an_empty_file(void **state)
{
    (void)state;
    struct example e;
    make_example(&e, 512, 8);
    check_bytes(&e.mapped.fs, 99, NULL, 0, 1);
    free_example(&e);
}

static void check_open_fails(const struct lfk_fs *fs, uint32_t head, uint32_t size,
                             const char *line)
{
    struct lfk_fs_stream stream;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_fs_stream_open(fs, head, size, &stream, &detail), LFK_ERR_CORRUPT);
    check_told(&detail, LFK_ERR_CORRUPT, line);
    lfk_fs_stream_close(&stream);
}

static void pointers_out_of_the_volume_are_not_followed(void **state)
{
    (void)state;
    static const uint8_t data[2000];
    struct example e;
    make_example(&e, 512, 16);
    const struct lfk_fs *fs = &e.mapped.fs;
    maker_list(&e.m, (uint32_t[]){5, 4, 7, 6}, data, sizeof(data));
    check_open_fails(fs, 16, sizeof(data),
                     "a CTZ pointer is not below the volume's block count (head): "
                     "expected 16, found 16");
    check_open_fails(fs, UINT32_MAX, 1,
                     "a CTZ pointer is not below the volume's block count (head): "
                     "expected 16, found 4294967295");
    lfk_put_le32(maker_block(&e.m, 7), 16);
    check_open_fails(fs, 6, sizeof(data),
                     "a CTZ pointer is not below the volume's block count: "
                     "block 7, offset 0: expected 16, found 16");
    free_example(&e);
}

/* The volume has 16 blocks, the image a part of them: what is missing is not erased flash. */
static void pointers_beyond_a_short_image_are_not_followed(void **state)
{
    (void)state;
    struct example e;
    make_example(&e, 512, 16);
    struct lfk_bd *bd = e.mapped.fs.bd;
    bd->size = UINT64_C(8) * 512;
    assert_int_equal(lfk_bd_shape(bd, 512, NULL), LFK_OK);
    check_open_fails(&e.mapped.fs, 8, 1,
                     "a CTZ pointer is not below the number of blocks in the image (head): "
                     "expected 8, found 8");
    bd->size = UINT64_C(4) * 512;
    assert_int_equal(lfk_bd_shape(bd, 512, NULL), LFK_OK);
    check_open_fails(&e.mapped.fs, 2, 2033,
                     "a file is larger than the volume (blocks): expected 4, found 5");
    /* Its last block is cut: the rest of that one is. */
    static const uint8_t data[100] = {1};
    bd->size = UINT64_C(8) * 512 - 412;
    assert_int_equal(lfk_bd_shape(bd, 512, NULL), LFK_OK);
    maker_list(&e.m, (uint32_t[]){7}, data, sizeof(data));
    check_bytes(&e.mapped.fs, 7, data, sizeof(data), 8);
    free_example(&e);
}

/* No more blocks are asked for than there are, whatever the size says. */
static void sizes_beyond_the_volume_are_refused(void **state)
{
    (void)state;
    struct example e;
    make_example(&e, 512, 4);
    check_open_fails(&e.mapped.fs, 2, 2033,
                     "a file is larger than the volume (blocks): expected 4, found 5");
    check_open_fails(&e.mapped.fs, 2, UINT32_C(0x7fffffff),
                     "a file is larger than the volume (blocks): expected 4, found 4260881");
    check_open_fails(&e.mapped.fs, 2, UINT32_MAX,
                     "a file is larger than the volume (blocks): expected 4, found 8521761");
    free_example(&e);
}

/* A list that leads back to a block of its own has the length that its size says. */
static void a_list_in_circles_ends(void **state)
{
    (void)state;
    struct example e;
    struct lfk_fs_stream stream;
    struct lfk_span spans[8];
    make_example(&e, 512, 4); /* as many blocks as the list seems to have */
    lfk_put_le32(maker_block(&e.m, 2), 3);
    lfk_put_le32(maker_block(&e.m, 3), 2);
    assert_int_equal(lfk_fs_stream_open(&e.mapped.fs, 2, 2032, &stream, NULL), LFK_OK);
    assert_int_equal(lfk_fs_stream_next(&stream, spans, 8, NULL), 4);
    assert_int_equal(lfk_fs_stream_next(&stream, spans, 8, NULL), 0);
    assert_int_equal(spans[0].size + spans[1].size + spans[2].size + spans[3].size, 2032);
    lfk_fs_stream_close(&stream);
    free_example(&e);
}

static void errors_of_the_device_are_passed_on(void **state)
{
    (void)state;
    static const uint8_t data[1200];
    struct example e;
    struct lfk_fs_stream stream;
    struct lfk_span spans[8];
    struct lfk_detail detail = {0};
    make_example(&e, 512, 16);
    maker_list(&e.m, (uint32_t[]){5, 4, 7}, data, sizeof(data));
    e.device.bad_block = 4; /* its pointer is needed at once */
    e.device.status = LFK_ERR_IO;
    assert_int_equal(lfk_fs_stream_open(&e.unmapped, 7, sizeof(data), &stream, &detail),
                     LFK_ERR_IO);
    check_told(&detail, LFK_ERR_IO, "the device cannot read: block 4");

    e.device.bad_block = 5; /* the first, that has none, when it is its turn */
    assert_int_equal(lfk_fs_stream_open(&e.unmapped, 7, sizeof(data), &stream, NULL), LFK_OK);
    assert_int_equal(lfk_fs_stream_next(&stream, spans, 8, &detail), LFK_ERR_IO);
    check_told(&detail, LFK_ERR_IO, "the device cannot read: block 5");
    lfk_fs_stream_close(&stream);
    free_example(&e);
}

/* --- what an entry says of its content --------------------------------------------- */

/* A file of one entry in the root, of this struct. */
static int content_of(uint32_t type, const void *data, size_t size, struct lfk_fs_content *content,
                      struct lfk_detail *detail)
{
    struct maker m = maker_start(4096, 4);
    struct mounted v;
    struct lfk_fs_entry entry;
    maker_root(&m);
    maker_add_text(&m, LFK_TYPE_FILE, 1, "f");
    maker_add(&m, type, 1, data, size);
    maker_end(&m);
    mount_made(&v, &m);
    assert_int_equal(lfk_fs_lookup(&v.fs, "/f", &entry, NULL), LFK_OK);
    int result = lfk_fs_content(&entry, content, detail);
    if (result == LFK_OK && content->data != NULL) {
        assert_memory_equal(content->data, data, content->size);
    }
    unmount(&v);
    maker_free(&m);
    return result;
}

/* Whoever wrote it may have had a larger limit for inline files than anybody has here. */
static void inline_files_of_any_size_are_read(void **state)
{
    (void)state;
    static uint8_t data[1022];
    static const size_t sizes[] = {0, 1, 512, 513, 1022};
    struct lfk_fs_content content;
    memset(data, 'x', sizeof(data));
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        assert_int_equal(content_of(LFK_TYPE_INLINE_STRUCT, data, sizes[i], &content, NULL),
                         LFK_OK);
        assert_non_null(content.data);
        assert_int_equal(content.size, sizes[i]);
    }
}

static void a_list_is_named_by_its_head_and_size(void **state)
{
    (void)state;
    struct lfk_fs_content content;
    assert_int_equal(content_of(LFK_TYPE_CTZ_STRUCT, "\x03\0\0\0\x10\x27\0\0", 8, &content, NULL),
                     LFK_OK);
    assert_null(content.data);
    assert_int_equal(content.head, 3);
    assert_int_equal(content.size, 10000);
}

static void content_in_no_known_form_is_damage(void **state)
{
    (void)state;
    static const struct {
        uint32_t type;
        size_t size;
    } cases[] = {{LFK_TYPE_CTZ_STRUCT, 7},
                 {LFK_TYPE_CTZ_STRUCT, 0},
                 {LFK_TYPE_DIR_STRUCT, 8},
                 {0x2aa, 8},
                 {LFK_TYPE_ATTRIBUTE, 8}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lfk_fs_content content;
        struct lfk_detail detail = {0};
        assert_int_equal(content_of(cases[i].type, "12345678", cases[i].size, &content, &detail),
                         LFK_ERR_CORRUPT);
        check_told(&detail, LFK_ERR_CORRUPT, "a file has no content in a form known: block 0");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_every_boundary_size_are_read),
        cmocka_unit_test(spans_are_the_images_own_bytes),
        cmocka_unit_test(a_list_of_no_bytes_is_an_empty_file),
        cmocka_unit_test(pointers_out_of_the_volume_are_not_followed),
        cmocka_unit_test(pointers_beyond_a_short_image_are_not_followed),
        cmocka_unit_test(sizes_beyond_the_volume_are_refused),
        cmocka_unit_test(a_list_in_circles_ends),
        cmocka_unit_test(errors_of_the_device_are_passed_on),
        cmocka_unit_test(inline_files_of_any_size_are_read),
        cmocka_unit_test(a_list_is_named_by_its_head_and_size),
        cmocka_unit_test(content_in_no_known_form_is_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
