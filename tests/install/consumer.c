/* SPDX-License-Identifier: MIT */
/*
 * A program of somebody else's that uses lfskit as installed: it plans an empty
 * image, and makes a volume in memory that holds a file.
 */
#include <lfskit/lfskit.h>
#include <stdio.h>

static int plan_image(struct lfk_detail *detail)
{
    struct lfk_tree *tree;
    struct lfk_build *build = NULL;
    struct lfk_build_options options = {.size = sizeof options};
    int status = lfk_tree_create(&tree, NULL);
    if (status == LFK_OK) {
        status = lfk_build_plan(&build, tree, &options, detail);
    }
    if (status == LFK_OK) {
        printf("an empty volume takes %u blocks\n", (unsigned)lfk_build_report(build)->blocks_used);
    }
    lfk_build_close(build);
    lfk_tree_destroy(tree);
    return status;
}

static int write_file(const struct lfk_device *device, struct lfk_detail *detail)
{
    struct lfk_filesystem *filesystem = NULL;
    struct lfk_file *file;
    int status = lfk_filesystem_format(device, NULL, detail);
    if (status == LFK_OK) {
        status = lfk_filesystem_mount(&filesystem, device, NULL, detail);
    }
    if (status == LFK_OK) {
        int flags = LFK_OPEN_WRITE | LFK_OPEN_CREATE;
        status = lfk_file_open(&file, filesystem, "hello", flags, NULL, detail);
    }
    if (status == LFK_OK) {
        lfk_file_write(file, "hello", 5, detail);
        status = lfk_file_close(file, detail);
    }
    lfk_filesystem_unmount(filesystem);
    return status;
}

static int make_volume(struct lfk_detail *detail)
{
    static unsigned char bytes[16 * 512];
    const struct lfk_medium_options options = {
        .size = sizeof options, .block_size = 512, .block_count = 16};
    struct lfk_medium *medium;
    int status = lfk_medium_open_memory(&medium, bytes, sizeof bytes, &options, detail);
    if (status == LFK_OK) {
        status = write_file(lfk_medium_device(medium), detail);
        lfk_medium_close(medium);
    }
    return status;
}

int main(void)
{
    struct lfk_detail detail = {0};
    int status = plan_image(&detail);
    if (status == LFK_OK) {
        status = make_volume(&detail);
    }
    if (status != LFK_OK) {
        fprintf(stderr, "%s\n", lfk_status_text(status));
        return 1;
    }
    return 0;
}
