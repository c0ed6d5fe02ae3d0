/* SPDX-License-Identifier: MIT */
/*
 * build_image IMAGE - makes a littlefs image from bytes in memory: a file in
 * the root, one in a directory, and an attribute on it. Nothing is left behind
 * when something fails.
 */
#include <lfskit/lfskit.h>
#include <stdio.h>
#include <string.h>

static const char page[] = "<!doctype html><title>Hello</title><p>Hello from littlefs.\n";
static const char settings[] = "{ \"ssid\": \"\", \"port\": 80 }\n";

/* Fills the tree. The names are copied; the files' bytes are not, and outlive it. */
static int add_files(struct lfk_tree *tree)
{
    static const uint8_t written_at[8] = {0x00, 0xf1, 0x53, 0x65}; /* seconds, little endian */
    struct lfk_node *root = lfk_tree_root(tree);
    struct lfk_node *folder;
    struct lfk_node *file;

    int status = lfk_tree_add_file(tree, root, "index.html", 10, page, strlen(page), &file);
    if (status < 0) {
        return status;
    }
    status = lfk_tree_add_dir(tree, root, "config", 6, &folder);
    if (status < 0) {
        return status;
    }
    status = lfk_tree_add_file(tree, folder, "net.json", 8, settings, strlen(settings), &file);
    if (status < 0) {
        return status;
    }
    return lfk_tree_set_attribute(tree, file, 't', written_at, sizeof written_at);
}

/* Writes the planned image; the file appears at `path` whole or not at all. */
static int write_image(struct lfk_build *build, const char *path, struct lfk_detail *detail)
{
    struct lfk_output *output;
    int status = lfk_output_open(&output, path, detail);
    if (status < 0) {
        return status;
    }
    status = lfk_build_write(build, lfk_output_sink(output), NULL, detail);
    if (status >= 0) {
        status = lfk_output_commit(output, detail);
    }
    lfk_output_close(output);
    return status;
}

static int build_image(const char *path, struct lfk_detail *detail)
{
    /* What is left out is the default; an ESP32 mounts no longer names than 64 bytes. */
    const struct lfk_build_options options = {
        .size = sizeof options, .block_size = 4096, .block_count = 16, .name_max = 64};
    struct lfk_tree *tree;
    struct lfk_build *build = NULL;

    int status = lfk_tree_create(&tree, NULL);
    if (status < 0) {
        return status;
    }
    status = add_files(tree);
    if (status >= 0) {
        status = lfk_build_plan(&build, tree, &options, detail);
    }
    if (status >= 0) {
        status = write_image(build, path, detail);
    }
    if (status >= 0) {
        const struct lfk_build_report *report = lfk_build_report(build);
        printf("%s: %u of %u blocks used\n", path, (unsigned)report->blocks_used,
               (unsigned)report->options.block_count);
    }
    lfk_build_close(build);
    lfk_tree_destroy(tree);
    return status;
}

int main(int argc, char **argv)
{
    struct lfk_detail detail = {0};
    char text[256];

    if (argc != 2) {
        fprintf(stderr, "usage: build_image IMAGE\n");
        return 2;
    }
    int status = build_image(argv[1], &detail);
    if (status < 0) {
        lfk_detail_format(&detail, text, sizeof text);
        fprintf(stderr, "build_image: %s: %s\n", argv[1],
                detail.status != 0 ? text : lfk_status_text(status));
        return 1;
    }
    return 0;
}
