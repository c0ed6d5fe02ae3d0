/* SPDX-License-Identifier: MIT */
/*
 * A file's blocks: a CTZ list whose block i lies i blocks after the first. The
 * pointers are put between the source's own bytes by a gathering write, so no
 * byte of the file is copied here.
 */
#include "plan.h"

#define SPANS_OUT 512u
#define SPANS_IN 64u
/* The most a block's pointers take: 4 bytes for each bit of a block index. */
#define POINTERS_MAX (4 * LFK_CTZ_POINTERS_MAX) /* bytes */

struct block_stream {
    const struct lfk_build *build;
    struct lfk_sink *sink;
    uint32_t first;  /* block number of block 0 of the list */
    uint32_t index;  /* of the block being filled */
    uint32_t offset; /* in it */
    const uint8_t *erased;
    uint64_t left; /* bytes of the file still to come */
    size_t count;
    struct lfk_span spans[SPANS_OUT];
    size_t pointer_bytes;
    uint8_t pointers[SPANS_OUT * 8];
};

static int flush(struct block_stream *s, struct lfk_detail *detail)
{
    size_t count = s->count;
    s->count = 0;
    s->pointer_bytes = 0;
    return count == 0 ? LFK_OK : s->sink->write(s->sink, s->spans, count, detail);
}

/* Makes sure that a block's pointers and one more span can be added. */
static int make_room(struct block_stream *s, struct lfk_detail *detail)
{
    if (s->count + 2 <= SPANS_OUT && s->pointer_bytes + POINTERS_MAX <= sizeof(s->pointers)) {
        return LFK_OK;
    }
    return flush(s, detail);
}

static void add_span(struct block_stream *s, const void *data, uint32_t size)
{
    s->spans[s->count++] = (struct lfk_span){data, size};
    s->offset += size;
    if (s->offset == s->build->format.block_size) {
        s->offset = 0;
        s->index++;
    }
}

static void add_pointers(struct block_stream *s)
{
    uint8_t *bytes = s->pointers + s->pointer_bytes;
    uint32_t count = lfk_ctz_pointers(s->index);
    for (uint32_t x = 0; x < count; x++) {
        lfk_put_le32(bytes + 4 * x, s->first + s->index - (UINT32_C(1) << x));
    }
    s->pointer_bytes += 4 * (size_t)count;
    add_span(s, bytes, 4 * count);
}

static int add_data(struct block_stream *s, const struct lfk_span *span, struct lfk_detail *detail)
{
    const uint8_t *data = span->data;
    size_t left = span->size;
    while (left > 0) {
        TRY(make_room(s, detail));
        if (s->offset == 0 && s->index > 0) {
            add_pointers(s);
        }
        uint32_t room = s->build->format.block_size - s->offset;
        uint32_t take = left < room ? (uint32_t)left : room;
        add_span(s, data, take);
        data += take;
        left -= take;
    }
    return LFK_OK;
}

/* Adds what one call to the reader gave, and writes it: those bytes are gone with its next call. */
static int add_batch(struct block_stream *s, const struct lfk_span *spans, int count,
                     struct lfk_detail *detail)
{
    for (int i = 0; i < count; i++) {
        TRY(add_data(s, &spans[i], detail));
        s->left -= spans[i].size;
    }
    if (s->left == 0 && s->offset > 0) {
        TRY(make_room(s, detail));
        add_span(s, s->erased, s->build->format.block_size - s->offset);
    }
    return flush(s, detail);
}

static int copy_file(struct block_stream *s, const struct lfk_node *node,
                     const struct lfk_node **unread, struct lfk_detail *detail)
{
    struct lfk_reader reader = {0};
    struct lfk_span spans[SPANS_IN];
    int status = LFK_OK;
    int count = lfk_reader_open(&reader, node, detail);
    if (count >= 0) {
        count = lfk_reader_next(&reader, spans, SPANS_IN, detail);
    }
    while (count > 0 && status >= 0) {
        status = add_batch(s, spans, count, detail);
        if (status >= 0) {
            count = lfk_reader_next(&reader, spans, SPANS_IN, detail);
        }
    }
    lfk_reader_close(&reader);
    if (count < 0) {
        *unread = node;
        status = count;
    }
    return status;
}

int lfk_build_write_file(const struct lfk_build *build, const struct lfk_node *node,
                         const uint8_t *erased, struct lfk_sink *sink,
                         const struct lfk_node **unread, struct lfk_detail *detail)
{
    struct block_stream s;
    s.build = build;
    s.sink = sink;
    s.first = build->start[node->index];
    s.index = 0;
    s.offset = 0;
    s.erased = erased;
    s.left = node->size;
    s.count = 0;
    s.pointer_bytes = 0;

    return copy_file(&s, node, unread, detail);
}
