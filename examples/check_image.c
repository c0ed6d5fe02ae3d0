/* SPDX-License-Identifier: MIT */
/*
 * check_image IMAGE - says what is wrong with a littlefs image, and what its blocks
 * hold. Exits with 0 if it is sound, 1 if a driver will have repairs to make, 4 if
 * there is damage.
 */
#include <lfskit/lfskit.h>
#include <stdio.h>

static void print_finding(void *context, const struct lfk_finding *finding)
{
    static const char *const severities[] = {"note", "repair", "damage"};
    char text[256];
    (void)context;
    lfk_finding_format(finding, text, sizeof text);
    printf("%s %s %s%s%s\n", finding->kind->code, severities[finding->kind->severity],
           finding->path != NULL ? finding->path : "", finding->path != NULL ? ": " : "", text);
    printf("    %s\n", finding->kind->meaning);
}

static void print_blocks(const struct lfk_check *check)
{
    struct lfk_block_info block;
    for (uint32_t i = 0; lfk_check_block(check, i, &block) == LFK_OK; i++) {
        char path[1024];
        if (block.use == LFK_BLOCK_METADATA || block.use == LFK_BLOCK_DATA) {
            lfk_check_block_path(check, i, path, sizeof path);
            printf("block %lu: %s of %s\n", (unsigned long)i,
                   block.use == LFK_BLOCK_METADATA ? "metadata" : "data", path);
        }
    }
}

int main(int argc, char **argv)
{
    struct lfk_check_options options = {.size = sizeof options, .report = print_finding};
    struct lfk_detail detail = {0};
    struct lfk_check_info info;
    struct lfk_check *check;
    char text[256];

    if (argc != 2) {
        fprintf(stderr, "usage: check_image IMAGE\n");
        return 2;
    }
    int status = lfk_check_open(&check, argv[1], &options, &detail);
    if (status < 0) {
        lfk_detail_format(&detail, text, sizeof text);
        fprintf(stderr, "check_image: %s: %s\n", argv[1],
                detail.status != 0 ? text : lfk_status_text(status));
        return 8;
    }
    print_blocks(check);
    lfk_check_info(check, &info);
    printf("files: %lu, directories: %lu, repairs due: %lu, damages: %lu\n",
           (unsigned long)info.files, (unsigned long)info.directories, (unsigned long)info.repairs,
           (unsigned long)info.damages);
    lfk_check_close(check);
    if (info.damages > 0) {
        return 4;
    }
    return info.repairs > 0 ? 1 : 0;
}
