/* SPDX-License-Identifier: MIT */
/*
 * Files in blocks: every pointer of every block, sizes on both sides of every
 * boundary, sources that give their bytes in any pieces, and ones that fail.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fs_checker.h"
#include "image_builder.h"
#include "seed.h"
#include "tree_maker.h"

/* The head and size of a file that is not inline. */
static struct lfk_fs_content content_of(const struct maker *m, const char *path)
{
    struct mounted v;
    struct lfk_fs_entry entry;
    struct lfk_fs_content content;
    mount_made(&v, m);
    assert_int_equal(lfk_fs_lookup(&v.fs, path, &entry, NULL), LFK_OK);
    assert_int_equal(lfk_fs_content(&entry, &content, NULL), LFK_OK);
    assert_null(content.data);
    unmount(&v);
    return content;
}

/* Block i of a file lies i blocks after its first; pointer x of it names block i - 2^x, for as
   many x as 2^x divides i; data follows; what the last block has left is erased. */
static void check_blocks(const struct maker *m, uint32_t blocks, const uint8_t *data, uint32_t size)
{
    struct lfk_fs_content content = content_of(m, "/f");
    uint32_t first = content.head + 1 - blocks;
    assert_int_equal(content.size, size);
    assert_int_equal(content.head, m->block_count - 1);
    for (uint32_t i = 0; i < blocks; i++) {
        const uint8_t *block = maker_block(m, first + i);
        uint32_t offset = 0;
        for (uint32_t step = 1; i > 0 && i % step == 0; step *= 2) {
            assert_int_equal(lfk_get_le32(block + offset), first + i - step);
            offset += 4;
        }
        uint32_t here = lfk_min(size, m->block_size - offset);
        assert_in_range(here, 1, m->block_size);
        assert_memory_equal(block + offset, data, here);
        for (uint32_t at = offset + here; at < m->block_size; at++) {
            assert_int_equal(block[at], 0xff);
        }
        data += here;
        size -= here;
    }
    assert_int_equal(size, 0);
}

static void check_size(uint32_t block_size, uint32_t blocks, const uint8_t *data, uint32_t size)
{
    struct lfk_build_options options = {
        .size = sizeof(options), .block_size = block_size, .inline_max = UINT32_MAX};
    struct lfk_tree *tree = new_tree();
    add_file(tree, lfk_tree_root(tree), "f", data, size);
    struct maker m = build_made(tree, &options);
    assert_int_equal(m.block_count, 2 + blocks);
    check_blocks(&m, blocks, data, size);
    maker_free(&m);
}

static void files_of_every_boundary_size_lie_as_they_must(void **state)
{
    (void)state;
    enum { BLOCKS = 40 };
    static const uint32_t block_sizes[] = {128, 384, 512, 4096};
    struct seed seed = seed_start("unit.data");
    uint8_t *data = malloc((size_t)4096 * BLOCKS);
    assert_non_null(data);
    seed_fill(&seed, data, (size_t)4096 * BLOCKS);
    for (int b = 0; b < 4; b++) {
        uint32_t end = 0; /* of the data in the blocks so far */
        for (uint32_t blocks = 1; blocks < BLOCKS; blocks++) {
            check_size(block_sizes[b], blocks, data, end + 1);
            end += block_sizes[b];
            for (uint32_t step = 1; blocks > 1 && (blocks - 1) % step == 0; step *= 2) {
                end -= 4;
            }
            check_size(block_sizes[b], blocks, data, end - 1);
            check_size(block_sizes[b], blocks, data, end);
        }
    }
    free(data);
}

/* Spans to the sink are gathered some hundreds at a time: thousands of blocks are many times. */
static void a_long_file_lies_as_it_must(void **state)
{
    (void)state;
    enum { SIZE = 1000000 };
    struct seed seed = seed_start("unit.data");
    uint8_t *data = malloc(SIZE);
    assert_non_null(data);
    seed_fill(&seed, data, SIZE);
    check_size(128, 8334, data, SIZE); /* 1000000 / 120, the data of a block on average */
    free(data);
}

/* --- sources -------------------------------------------------------------------------- */

/* Gives the node's bytes in pieces of `step` bytes, or of none, and may fail. */
struct source {
    struct lfk_content content;
    const uint8_t *data;
    size_t size;
    size_t given;
    size_t step;
    size_t fails_at; /* bytes given before it fails */
};

static int source_open(const struct lfk_content *content, const struct lfk_node *node,
                       void **stream, struct lfk_detail *detail)
{
    (void)node;
    (void)detail;
    struct source *source = (struct source *)content; /* its first member */
    source->given = 0;
    *stream = source;
    return LFK_OK;
}

static int source_next(void *stream, struct lfk_span *spans, size_t room, struct lfk_detail *detail)
{
    struct source *source = (struct source *)stream;
    size_t count = 0;
    while (count < room && source->given < source->size) {
        if (source->given >= source->fails_at) {
            return lfk_fail(detail, LFK_ERR_IO, "cannot read the source");
        }
        size_t left = source->size - source->given;
        spans[count].data = source->data + source->given;
        /* Every third piece is empty. */
        spans[count].size = count % 3 == 2 ? 0 : left < source->step ? left : source->step;
        source->given += spans[count].size;
        count++;
    }
    return (int)count;
}

static void source_close(void *stream)
{
    (void)stream;
}

static struct source new_source(const uint8_t *data, size_t size)
{
    return (struct source){.content = {source_open, source_next, source_close},
                           .data = data,
                           .size = size,
                           .step = 100,
                           .fails_at = SIZE_MAX};
}

/* A file of `size` bytes from the source, and a build of it. */
static int build_from(struct source *source, size_t size, size_t limit, struct memory_sink *sink,
                      bool *named, struct lfk_detail *detail)
{
    struct lfk_tree *tree = new_tree();
    struct lfk_node *file = NULL;
    struct lfk_build *build = NULL;
    const struct lfk_node *unread = NULL;
    struct lfk_build_options options = {.size = sizeof(options), .block_size = 512};
    *sink = new_sink();
    sink->limit = limit;
    assert_int_equal(
        lfk_tree_add_content(tree, lfk_tree_root(tree), "f", 1, &source->content, size, &file),
        LFK_OK);
    assert_int_equal(lfk_build_plan(&build, tree, &options, NULL), LFK_OK);
    int status = lfk_build_write(build, &sink->sink, &unread, detail);
    *named = unread == file;
    lfk_build_close(build);
    lfk_tree_destroy(tree);
    return status;
}

static void pieces_of_any_size_make_the_same_image(void **state)
{
    (void)state;
    static const size_t sizes[] = {64, 20000}; /* inline, and not */
    static const size_t steps[] = {1, 7, 511, 512, 513, 100000};
    static uint8_t data[20000];
    struct seed seed = seed_start("unit.data");
    seed_fill(&seed, data, sizeof(data));
    for (size_t i = 0; i < 12; i++) {
        struct source source = new_source(data, sizes[i % 2]);
        struct lfk_build_options options = {.size = sizeof(options), .block_size = 512};
        struct lfk_tree *tree = new_tree();
        struct memory_sink sink;
        bool named;
        add_file(tree, lfk_tree_root(tree), "f", data, source.size);
        struct maker m = build_made(tree, &options);
        source.step = steps[i / 2];
        assert_int_equal(build_from(&source, source.size, SIZE_MAX, &sink, &named, NULL), LFK_OK);
        assert_int_equal(sink.size, maker_size(&m));
        assert_memory_equal(sink.bytes, m.bytes, sink.size);
        free(sink.bytes);
        maker_free(&m);
    }
}

static void check_fails(struct source *source, size_t size, size_t limit, bool file_named,
                        const char *line)
{
    struct memory_sink sink;
    struct lfk_detail detail = {0};
    bool named;
    assert_int_equal(build_from(source, size, limit, &sink, &named, &detail), LFK_ERR_IO);
    check_told(&detail, LFK_ERR_IO, line);
    assert_int_equal(named, file_named);
    free(sink.bytes);
}

/* A file whose reading fails is named, so that a person can look at it; a full disk is not its
   fault. A file that has changed its size would make a wrong image. */
static void failures_are_told_and_name_the_file_to_blame(void **state)
{
    (void)state;
    static const uint8_t data[20000];
    static const size_t sizes[] = {60, 10000};
    static const char changed[] = "file changed size while it was read";
    for (int i = 0; i < 2; i++) {
        size_t size = sizes[i];
        struct source source = new_source(data, size);
        source.fails_at = 0;
        check_fails(&source, size, SIZE_MAX, true, "cannot read the source");
        source = new_source(data, size);
        source.step = 10;
        source.fails_at = size / 2;
        check_fails(&source, size, SIZE_MAX, true, "cannot read the source");
        source = new_source(data, size + 1);
        check_fails(&source, size, SIZE_MAX, true, changed);
        source = new_source(data, size - 1);
        check_fails(&source, size, SIZE_MAX, true, changed);
        source = new_source(data, 0);
        check_fails(&source, size, SIZE_MAX, true, changed);
        source = new_source(data, size);
        check_fails(&source, size, i == 0 ? 512 : 5000, false, "sink is full");
    }
}

/* Takes everything but the write number `fails_at`. */
struct forgetful_sink {
    struct lfk_sink sink;
    int writes;
    int fails_at;
};

static int forgetful_write(struct lfk_sink *sink, const struct lfk_span *spans, size_t count,
                           struct lfk_detail *detail)
{
    struct forgetful_sink *forgetful = (struct forgetful_sink *)sink; /* its first member */
    assert_non_null(spans);
    assert_in_range(count, 1, SIZE_MAX);
    return forgetful->writes++ == forgetful->fails_at ? lfk_fail(detail, LFK_ERR_IO, "lost")
                                                      : LFK_OK;
}

/* An error that is not there again at the next write is an error all the same. */
static void a_single_lost_write_is_an_error(void **state)
{
    (void)state;
    static const uint8_t data[100000];
    struct forgetful_sink sink = {.sink = {forgetful_write}};
    int status = LFK_ERR_IO;
    for (sink.fails_at = 0; status == LFK_ERR_IO; sink.fails_at++) {
        struct lfk_build_options options = {.size = sizeof(options), .block_size = 128};
        struct lfk_tree *tree = new_tree();
        struct lfk_build *build = NULL;
        add_file(tree, lfk_tree_root(tree), "f", data, sizeof(data));
        assert_int_equal(lfk_build_plan(&build, tree, &options, NULL), LFK_OK);
        sink.writes = 0;
        status = lfk_build_write(build, &sink.sink, NULL, NULL);
        assert_int_equal(status, sink.writes > sink.fails_at ? LFK_ERR_IO : LFK_OK);
        lfk_build_close(build);
        lfk_tree_destroy(tree);
    }
    assert_in_range(sink.fails_at, 5, 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_every_boundary_size_lie_as_they_must),
        cmocka_unit_test(a_long_file_lies_as_it_must),
        cmocka_unit_test(pieces_of_any_size_make_the_same_image),
        cmocka_unit_test(a_single_lost_write_is_an_error),
        cmocka_unit_test(failures_are_told_and_name_the_file_to_blame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
