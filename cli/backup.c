/* SPDX-License-Identifier: MIT */
/*
 * A copy of the image, made whole before anything is changed. A change that it
 * cannot be made for fails.
 */
#include "backup.h"
#include "lfskit/host.h"
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int copy_bytes(const char *from, struct lfk_sink *sink, struct lfk_detail *detail)
{
    char buffer[16384];
    struct lfk_span span = {buffer, 0};
    int status = LFK_OK;
    FILE *file = fopen(from, "rb");
    if (file == NULL) {
        detail->os_error = errno;
        return LFK_ERR_IO;
    }
    while (status == LFK_OK && (span.size = fread(buffer, 1, sizeof(buffer), file)) > 0) {
        status = sink->write(sink, &span, 1, detail);
    }
    if (ferror(file)) {
        detail->os_error = errno;
        status = LFK_ERR_IO;
    }
    (void)fclose(file); /* it was only read */
    return status;
}

static int copy_image(const struct cli_backup *backup, const char *path, struct lfk_detail *detail)
{
    struct lfk_output *output = NULL;
    int status = lfk_output_open(&output, path, detail);
    if (status == LFK_OK) {
        status = copy_bytes(backup->image, lfk_output_sink(output), detail);
    }
    if (status == LFK_OK) {
        status = lfk_output_commit(output, detail);
    }
    lfk_output_close(output);
    return status;
}

static int make(struct cli_backup *backup, struct lfk_detail *detail)
{
    struct cli_text path = {0};
    if (backup->made) {
        return LFK_OK;
    }
    cli_text_print(&path, "%s%s", backup->image, backup->suffix);
    int status = path.failed ? LFK_ERR_NOMEM : copy_image(backup, cli_text_string(&path), detail);
    cli_text_free(&path);
    backup->made = status == LFK_OK;
    if (status < 0) {
        detail->status = status;
        detail->what = "the backup cannot be made, so nothing is changed";
    }
    return status;
}

static int backup_prog(void *context, uint32_t block, uint32_t offset, const void *buffer,
                       uint32_t size, struct lfk_detail *detail)
{
    struct cli_backup *backup = context;
    int status = make(backup, detail);
    return status < 0
               ? status
               : backup->below->prog(backup->below->context, block, offset, buffer, size, detail);
}

static int backup_erase(void *context, uint32_t block, struct lfk_detail *detail)
{
    struct cli_backup *backup = context;
    int status = make(backup, detail);
    return status < 0 ? status : backup->below->erase(backup->below->context, block, detail);
}

static int backup_read(void *context, uint32_t block, uint32_t offset, void *buffer, uint32_t size,
                       struct lfk_detail *detail)
{
    const struct lfk_device *below = ((const struct cli_backup *)context)->below;
    return below->read(below->context, block, offset, buffer, size, detail);
}

static int backup_sync(void *context, struct lfk_detail *detail)
{
    const struct lfk_device *below = ((const struct cli_backup *)context)->below;
    return below->sync(below->context, detail);
}

void cli_backup_open(struct cli_backup *backup, const struct lfk_device *below, const char *image,
                     const char *suffix)
{
    *backup =
        (struct cli_backup){.device = *below, .below = below, .image = image, .suffix = suffix};
    backup->device.context = backup;
    backup->device.read = backup_read;
    backup->device.prog = backup_prog;
    backup->device.erase = backup_erase;
    backup->device.sync = backup_sync;
}

const char *cli_store_backup(void *member, const char *value)
{
    if (value != NULL && (*value == '\0' || strchr(value, '/') != NULL)) {
        return "cannot be the end of a file's name";
    }
    *(const char **)member = value != NULL ? value : ".bak";
    return NULL;
}
