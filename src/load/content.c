/* SPDX-License-Identifier: MIT */
/*
 * The bytes of a volume's files, for the readers of trees loaded from it. Such
 * a node carries the head of its CTZ list and its size, which is all it takes;
 * inline files are in memory and never come here.
 */
#include "contents.h"

struct content {
    struct lfk_content content; /* first, to get back from it */
    struct lfk_fs *fs;
};

static int content_open(const struct lfk_content *content, const struct lfk_node *node,
                        void **stream, struct lfk_detail *detail)
{
    struct lfk_fs *fs = ((const struct content *)content)->fs; /* its first member */
    struct lfk_fs_stream *file = lfk_alloc(fs->options.allocator, sizeof(*file));
    if (file == NULL) {
        return lfk_fail_nomem(detail);
    }
    int result = lfk_fs_stream_open(fs, node->place.block[0], (uint32_t)node->size, file, detail);
    if (result < 0) {
        lfk_free(fs->options.allocator, file);
        return result;
    }
    *stream = file;
    return LFK_OK;
}

static int content_next(void *stream, struct lfk_span *spans, size_t room,
                        struct lfk_detail *detail)
{
    return lfk_fs_stream_next((struct lfk_fs_stream *)stream, spans, room, detail);
}

static void content_close(void *stream)
{
    struct lfk_fs_stream *file = (struct lfk_fs_stream *)stream;
    const struct lfk_allocator *allocator = file->fs->options.allocator;
    lfk_fs_stream_close(file);
    lfk_free(allocator, file);
}

const struct lfk_content *lfk_load_content(struct lfk_fs *fs, struct lfk_tree *tree)
{
    struct content *made = lfk_tree_alloc(tree, sizeof(*made));
    if (made == NULL) {
        return NULL;
    }
    *made = (struct content){{content_open, content_next, content_close}, fs};
    return &made->content;
}
