/* SPDX-License-Identifier: MIT */
#include "image_builder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int memory_write(struct lfk_sink *sink, const struct lfk_span *spans, size_t count,
                        struct lfk_detail *detail)
{
    struct memory_sink *m = (struct memory_sink *)sink;
    for (size_t i = 0; i < count; i++) {
        if (m->size + spans[i].size > m->limit) {
            return lfk_fail(detail, LFK_ERR_IO, "sink is full");
        }
        while (m->room < m->size + spans[i].size) {
            m->room = m->room == 0 ? 4096 : 2 * m->room;
            m->bytes = realloc(m->bytes, m->room);
            assert_non_null(m->bytes);
        }
        memcpy(m->bytes + m->size, spans[i].data, spans[i].size);
        m->size += spans[i].size;
    }
    return LFK_OK;
}

struct memory_sink new_sink(void)
{
    return (struct memory_sink){.sink = {memory_write}, .limit = SIZE_MAX};
}

struct lfk_build_report build_image(struct lfk_tree *tree, const struct lfk_build_options *options,
                                    struct memory_sink *sink)
{
    struct lfk_build *build = NULL;
    struct lfk_detail detail = {0};
    const struct lfk_node *unread = NULL;
    assert_int_equal(lfk_build_plan(&build, tree, options, &detail), LFK_OK);
    assert_int_equal(lfk_build_write(build, &sink->sink, &unread, &detail), LFK_OK);
    assert_int_equal(detail.status, LFK_OK);
    assert_null(unread);
    struct lfk_build_report report = *lfk_build_report(build);
    assert_int_equal(sink->size, (size_t)report.blocks_used * report.options.block_size);
    lfk_build_close(build);
    return report;
}

struct maker build_made(struct lfk_tree *tree, const struct lfk_build_options *options)
{
    struct memory_sink sink = new_sink();
    struct lfk_build_report report = build_image(tree, options, &sink);
    lfk_tree_destroy(tree);
    return (struct maker){
        .bytes = sink.bytes,
        .block_size = report.options.block_size,
        .block_count = report.blocks_used,
    };
}
