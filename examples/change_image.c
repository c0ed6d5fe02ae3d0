/* SPDX-License-Identifier: MIT */
/*
 * change_image IMAGE - changes a littlefs image in place, as a device would: new
 * settings in the place of the old ones, a line at the end of a log. Then it
 * lists the log's directory and says how full the volume is. Whenever this is
 * interrupted, the image holds the old settings or the new ones, whole.
 */
#include <lfskit/lfskit.h>
#include <stdio.h>
#include <string.h>

/* Puts the text at the end of a file, or in the place of what it holds. */
static int write_file(struct lfk_filesystem *filesystem, const char *path, int flag,
                      const char *text, struct lfk_detail *detail)
{
    struct lfk_file *file;
    int status = lfk_file_open(&file, filesystem, path, LFK_OPEN_WRITE | LFK_OPEN_CREATE | flag,
                               NULL, detail);
    if (status < 0) {
        return status;
    }
    status = lfk_file_write(file, text, (uint32_t)strlen(text), detail);
    /* The file is stored when it is closed; after a write that failed it stays as it was. */
    int closed = lfk_file_close(file, status < 0 ? NULL : detail);
    return status < 0 ? status : closed;
}

static int list_directory(struct lfk_filesystem *filesystem, const char *path,
                          struct lfk_detail *detail)
{
    struct lfk_directory *directory;
    struct lfk_stat entry;
    int status = lfk_directory_open(&directory, filesystem, path, detail);
    if (status < 0) {
        return status;
    }
    while ((status = lfk_directory_read(directory, &entry, detail)) > 0) {
        printf("%s/%s: %u bytes\n", path, entry.name, (unsigned)entry.size);
    }
    lfk_directory_close(directory);
    return status;
}

static int change_volume(struct lfk_filesystem *filesystem, struct lfk_detail *detail)
{
    int status = write_file(filesystem, "/config/net.json", LFK_OPEN_TRUNCATE,
                            "{ \"ssid\": \"workshop\", \"port\": 8080 }\n", detail);
    if (status >= 0) {
        status = lfk_filesystem_mkdir(filesystem, "/log", detail);
        status = status == LFK_ERR_EXIST ? LFK_OK : status;
    }
    if (status >= 0) {
        status = write_file(filesystem, "/log/changes", LFK_OPEN_APPEND, "port 8080\n", detail);
    }
    if (status >= 0) {
        status = list_directory(filesystem, "/log", detail);
    }
    return status;
}

static int change_image(const char *path, struct lfk_detail *detail)
{
    struct lfk_medium *medium;
    struct lfk_filesystem *filesystem;
    struct lfk_filesystem_info info;

    /* No options: the block size is found in the image. */
    int status = lfk_medium_open_file(&medium, path, NULL, detail);
    if (status < 0) {
        return status;
    }
    status = lfk_filesystem_mount(&filesystem, lfk_medium_device(medium), NULL, detail);
    if (status >= 0) {
        status = change_volume(filesystem, detail);
        lfk_filesystem_info(filesystem, &info);
        printf("%u of %u blocks used\n", (unsigned)lfk_filesystem_blocks_used(filesystem),
               (unsigned)info.block_count);
        lfk_filesystem_unmount(filesystem);
    }
    lfk_medium_close(medium);
    return status;
}

int main(int argc, char **argv)
{
    struct lfk_detail detail = {0};
    char text[256];

    if (argc != 2) {
        fprintf(stderr, "usage: change_image IMAGE\n");
        return 2;
    }
    int status = change_image(argv[1], &detail);
    if (status < 0) {
        lfk_detail_format(&detail, text, sizeof text);
        fprintf(stderr, "change_image: %s: %s\n", argv[1],
                detail.status != 0 ? text : lfk_status_text(status));
        return 1;
    }
    return 0;
}
