/* SPDX-License-Identifier: MIT */
/*
 * walk_image IMAGE - prints everything in a littlefs image: each directory, each
 * file with its size and attributes, and the first line of what is in it.
 */
#include <lfskit/lfskit.h>
#include <stdio.h>
#include <string.h>

/* Prints the file's bytes up to its first line end. They come in pieces of any size. */
static int print_first_line(const struct lfk_node *file, struct lfk_detail *detail)
{
    struct lfk_reader reader = {0};
    struct lfk_span span;
    bool ended = false;

    int status = lfk_reader_open(&reader, file, detail);
    while (status >= 0 && !ended) {
        status = lfk_reader_next(&reader, &span, 1, detail);
        if (status <= 0) {
            break;
        }
        const char *end = memchr(span.data, '\n', span.size);
        size_t size = end != NULL ? (size_t)(end - (const char *)span.data) : span.size;
        fwrite(span.data, 1, size, stdout);
        ended = end != NULL;
    }
    lfk_reader_close(&reader);
    return status;
}

static int print_node(const struct lfk_node *node, struct lfk_detail *detail)
{
    char path[4096];
    lfk_node_path(node, path, sizeof path);
    if (node->type == LFK_NODE_DIR) {
        printf("%s (directory)\n", path);
        return LFK_OK;
    }
    printf("%s (%llu bytes", path, (unsigned long long)node->size);
    for (const struct lfk_attribute *a = node->attributes; a != NULL; a = a->next) {
        printf(", attribute 0x%02x of %u bytes", (unsigned)a->type, (unsigned)a->size);
    }
    printf("): ");
    int status = print_first_line(node, detail);
    printf("\n");
    return status;
}

static int walk_image(const char *path, struct lfk_detail *detail)
{
    struct lfk_volume_options options = {.size = sizeof options};
    struct lfk_volume *volume;
    struct lfk_tree *tree = NULL;

    int status = lfk_volume_open(&volume, path, &options, detail);
    if (status < 0) {
        return status;
    }
    status = lfk_volume_load(volume, "/", &tree, detail);
    if (status >= 0) {
        const struct lfk_node *root = lfk_tree_root(tree);
        const struct lfk_node *node = root;
        while (status >= 0 && (node = lfk_node_next(root, node)) != NULL) {
            status = print_node(node, detail);
        }
    }
    lfk_tree_destroy(tree);
    lfk_volume_close(volume);
    return status;
}

int main(int argc, char **argv)
{
    struct lfk_detail detail = {0};
    char text[256];

    if (argc != 2) {
        fprintf(stderr, "usage: walk_image IMAGE\n");
        return 2;
    }
    int status = walk_image(argv[1], &detail);
    if (status < 0) {
        lfk_detail_format(&detail, text, sizeof text);
        fprintf(stderr, "walk_image: %s: %s\n", argv[1],
                detail.status != 0 ? text : lfk_status_text(status));
        return 1;
    }
    return 0;
}
