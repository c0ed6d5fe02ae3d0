/* SPDX-License-Identifier: MIT */
/*
 * A program of somebody else's that uses lfskit as installed: it builds an
 * image in memory's terms only, so that it links the library for real.
 */
#include <lfskit/lfskit.h>
#include <stdio.h>

int main(void)
{
    struct lfk_tree *tree;
    struct lfk_build *build = NULL;
    struct lfk_build_options options = {.size = sizeof options};
    struct lfk_detail detail = {0};
    int status = lfk_tree_create(&tree, NULL);
    if (status == LFK_OK) {
        status = lfk_build_plan(&build, tree, &options, &detail);
    }
    if (status == LFK_OK) {
        printf("an empty volume takes %u blocks\n", (unsigned)lfk_build_report(build)->blocks_used);
    } else {
        fprintf(stderr, "%s\n", lfk_status_text(status));
    }
    lfk_build_close(build);
    lfk_tree_destroy(tree);
    return status == LFK_OK ? 0 : 1;
}
