/* SPDX-License-Identifier: MIT */
/*
 * Output files. What goes to a regular file is written under a temporary name in
 * the same directory and renamed when it is complete and on the disk.
 *
 * Invariant: at any moment the path has either what was there before or all
 * that was written, a loss of power included.
 */
#define _XOPEN_SOURCE 700 /* realpath */

#include "lfskit/host.h"

#include "hostio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct lfk_output {
    struct lfk_sink sink;
    int fd;           /* being written to, or -1 */
    bool is_standard; /* standard output, which stays open */
    /* Of a temporary file; dir_fd is -1 if there is none: */
    int dir_fd;
    char *path; /* where it goes; its last name is `name` */
    const char *name;
    char temp[LFK_HOSTIO_TEMP_ROOM];
};

static int output_write(struct lfk_sink *sink, const struct lfk_span *spans, size_t count,
                        struct lfk_detail *detail)
{
    struct lfk_output *output = (struct lfk_output *)sink;
    return lfk_hostio_write(output->fd, spans, count, detail);
}

struct lfk_sink *lfk_output_sink(struct lfk_output *output)
{
    return &output->sink;
}

/* Opens the directory of output->path, made if missing, and sets `name`. */
static int open_parent(struct lfk_output *output, struct lfk_detail *detail)
{
    char *slash = strrchr(output->path, '/');
    const char *parent = ".";
    int result = LFK_OK;
    output->name = slash != NULL ? slash + 1 : output->path;
    if (output->name[0] == '\0') {
        return lfk_fail(detail, LFK_ERR_ISDIR, "output path names no file");
    }
    if (slash != NULL) {
        *slash = '\0';
        parent = slash > output->path ? output->path : "/";
        result = lfk_hostio_make_dirs(parent, detail);
    }
    if (result == LFK_OK) {
        output->dir_fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (output->dir_fd < 0) {
            result = lfk_fail_os(detail, errno, "output directory cannot be opened");
        }
    }
    if (slash != NULL) {
        *slash = '/';
    }
    return result;
}

/* `existing` is what is replaced, or NULL: the new file takes its mode. */
static int open_temp(struct lfk_output *output, const struct stat *existing,
                     struct lfk_detail *detail)
{
    TRY(open_parent(output, detail));
    output->fd = lfk_hostio_open_temp(output->dir_fd, output->temp);
    if (output->fd < 0) {
        return lfk_fail_os(detail, errno, "output file cannot be made");
    }
    if (existing != NULL && fchmod(output->fd, existing->st_mode & 07777) != 0) {
        return lfk_fail_os(detail, errno, "mode of the output file cannot be set");
    }
    return LFK_OK;
}

static int copy_path(struct lfk_output *output, const char *path, struct lfk_detail *detail)
{
    size_t size = strlen(path) + 1;
    output->path = lfk_alloc(NULL, size);
    if (output->path == NULL) {
        return lfk_fail_nomem(detail);
    }
    memcpy(output->path, path, size);
    return LFK_OK;
}

/* Replaces the file that `path`, a symbolic link, leads to. */
static int open_through_link(struct lfk_output *output, const char *path,
                             const struct stat *existing, struct lfk_detail *detail)
{
    char *target = realpath(path, NULL);
    if (target == NULL) {
        return lfk_fail_os(detail, errno, "symbolic link cannot be followed");
    }
    int result = copy_path(output, target, detail);
    free(target);
    return result < 0 ? result : open_temp(output, existing, detail);
}

static int open_path(struct lfk_output *output, const char *path, struct lfk_detail *detail)
{
    struct stat link;
    if (lstat(path, &link) != 0) {
        TRY(copy_path(output, path, detail));
        return open_temp(output, NULL, detail);
    }
    struct stat existing;
    if (stat(path, &existing) != 0) {
        return lfk_fail_os(detail, errno, "output file cannot be examined");
    }
    if (S_ISDIR(existing.st_mode)) {
        return lfk_fail(detail, LFK_ERR_ISDIR, "output is a directory");
    }
    if (!S_ISREG(existing.st_mode)) {
        output->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
        return output->fd >= 0 ? LFK_OK : lfk_fail_os(detail, errno, "output cannot be opened");
    }
    if (S_ISLNK(link.st_mode)) {
        return open_through_link(output, path, &existing, detail);
    }
    TRY(copy_path(output, path, detail));
    return open_temp(output, &existing, detail);
}

int lfk_output_open(struct lfk_output **output, const char *path, struct lfk_detail *detail)
{
    struct lfk_output *made = lfk_alloc_zeroed(NULL, 1, sizeof(*made));
    if (made == NULL) {
        return lfk_fail_nomem(detail);
    }
    made->sink.write = output_write;
    made->fd = -1;
    made->dir_fd = -1;
    int result = LFK_OK;
    if (strcmp(path, "-") == 0) {
        made->fd = STDOUT_FILENO;
        made->is_standard = true;
    } else {
        result = open_path(made, path, detail);
    }
    if (result < 0) {
        lfk_output_close(made);
        return result;
    }
    *output = made;
    return LFK_OK;
}

/* Gives the complete file its name and makes that last. */
static int publish(struct lfk_output *output, struct lfk_detail *detail)
{
    if (renameat(output->dir_fd, output->temp, output->dir_fd, output->name) != 0) {
        return lfk_fail_os(detail, errno, "output file cannot be given its name");
    }
    output->temp[0] = '\0';
    /* Some file systems cannot do this to a directory; then the rename is as lasting as it gets. */
    if (fsync(output->dir_fd) != 0 && errno != EINVAL && errno != ENOTSUP) {
        return lfk_fail_os(detail, errno, "writing failed");
    }
    return LFK_OK;
}

int lfk_output_commit(struct lfk_output *output, struct lfk_detail *detail)
{
    if (output->is_standard) {
        return LFK_OK;
    }
    int fd = output->fd;
    if (output->dir_fd >= 0 && fsync(fd) != 0) {
        return lfk_fail_os(detail, errno, "writing failed");
    }
    output->fd = -1;
    if (close(fd) != 0) {
        return lfk_fail_os(detail, errno, "writing failed");
    }
    return output->dir_fd >= 0 ? publish(output, detail) : LFK_OK;
}

void lfk_output_close(struct lfk_output *output)
{
    if (output == NULL) {
        return;
    }
    if (output->fd >= 0 && !output->is_standard) {
        (void)close(output->fd);
    }
    if (output->dir_fd >= 0) {
        if (output->temp[0] != '\0') {
            (void)unlinkat(output->dir_fd, output->temp, 0);
        }
        (void)close(output->dir_fd);
    }
    lfk_free(NULL, output->path);
    lfk_free(NULL, output);
}
