/* SPDX-License-Identifier: MIT */
/*
 * Reads the bytes of a file node, wherever they come from.
 *
 * Invariant: a reader that ends without an error has delivered node->size
 * bytes, neither more nor less, whatever the source does.
 */
#include "lfskit/tree.h"
#include "util/util.h"

int lfk_reader_open(struct lfk_reader *reader, const struct lfk_node *node,
                    struct lfk_detail *detail)
{
    *reader = (struct lfk_reader){NULL, NULL, 0};
    if (node->type != LFK_NODE_FILE) {
        return lfk_fail(detail, LFK_ERR_ISDIR, "not a file");
    }
    if (node->content != NULL) {
        TRY(node->content->open(node->content, node, &reader->stream, detail));
    }
    reader->node = node;
    return LFK_OK;
}

static int next_of_memory(struct lfk_reader *reader, struct lfk_span *spans)
{
    const struct lfk_node *node = reader->node;
    if (reader->delivered == node->size) {
        return 0;
    }
    spans[0].data = node->data;
    spans[0].size = (size_t)node->size;
    reader->delivered = node->size;
    return 1;
}

int lfk_reader_next(struct lfk_reader *reader, struct lfk_span *spans, size_t room,
                    struct lfk_detail *detail)
{
    const struct lfk_node *node = reader->node;
    if (node->content == NULL) {
        return next_of_memory(reader, spans);
    }
    int count = node->content->next(reader->stream, spans, room, detail);
    if (count < 0) {
        return count;
    }
    uint64_t left = node->size - reader->delivered;
    bool fits = true;
    for (int i = 0; i < count && fits; i++) {
        fits = spans[i].size <= left;
        left -= fits ? spans[i].size : 0;
    }
    if (!fits || (count == 0 && left != 0)) {
        return lfk_fail(detail, LFK_ERR_IO, "file changed size while it was read");
    }
    reader->delivered = node->size - left;
    return count;
}

void lfk_reader_close(struct lfk_reader *reader)
{
    if (reader->node != NULL && reader->node->content != NULL) {
        reader->node->content->close(reader->stream);
    }
    *reader = (struct lfk_reader){NULL, NULL, 0};
}
