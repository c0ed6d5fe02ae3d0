/* SPDX-License-Identifier: MIT */
/*
 * Reads the files that a scan found: open, read, close and no other system call
 * for a small one. The directory read from last stays open, as trees are read
 * directory by directory.
 *
 * Invariant: a file is read to its end, and its end is where the scan saw it; a
 * read asks for one byte more than is left, so that growth shows without
 * another call.
 */
#define _POSIX_C_SOURCE 200809L

#include "hostfile.h"

#include "hostio.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define READ_SIZE ((size_t)256 * 1024)

/* Makes dir_fd the directory that `dir` stands for. */
static int enter_dir(struct lfk_hostfiles *files, const struct lfk_node *dir,
                     struct lfk_detail *detail)
{
    if (files->dir == dir) {
        return LFK_OK;
    }
    if (files->dir != NULL) {
        (void)close(files->dir_fd);
        files->dir = NULL;
    }
    if (lfk_pathbuf_set_origin(&files->path, 0, dir) < 0) {
        return lfk_fail_nomem(detail);
    }
    files->dir_fd = lfk_hostio_open_dir(files->base_fd, files->path.text);
    if (files->dir_fd < 0) {
        return lfk_fail_os(detail, errno, "directory cannot be opened");
    }
    files->dir = dir;
    return LFK_OK;
}

static int hostfile_open(const struct lfk_content *content, const struct lfk_node *node,
                         void **stream, struct lfk_detail *detail)
{
    /* The content is the first member of the struct, which is not const. */
    struct lfk_hostfiles *files = (struct lfk_hostfiles *)content;
    if (files->fd >= 0) {
        return lfk_fail(detail, LFK_ERR_INVAL, "another file of the scan is being read");
    }
    if (files->buffer == NULL) {
        files->buffer = lfk_alloc(files->path.allocator, READ_SIZE + 1);
        if (files->buffer == NULL) {
            return lfk_fail_nomem(detail);
        }
    }
    TRY(enter_dir(files, node->parent, detail));
    int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    if (files->no_dereference) {
        flags |= O_NOFOLLOW;
    }
    files->fd = openat(files->dir_fd, node->origin != NULL ? node->origin : node->name, flags);
    if (files->fd < 0) {
        return lfk_fail_os(detail, errno, "file cannot be opened");
    }
    files->left = node->size;
    files->ended = false;
    *stream = files;
    return LFK_OK;
}

/* Reads into the buffer until `size` bytes or the end. */
static int read_fully(struct lfk_hostfiles *files, size_t size, size_t *got,
                      struct lfk_detail *detail)
{
    ssize_t n = 0;
    *got = 0;
    do {
        n = read(files->fd, files->buffer + *got, size - *got);
        if (n < 0 && errno != EINTR) {
            return lfk_fail_os(detail, errno, "file cannot be read");
        }
        *got += n > 0 ? (size_t)n : 0;
        /* All that was expected, and the end seen: a regular file is not read in part. */
    } while (n != 0 && *got < size && *got != files->left);
    return LFK_OK;
}

static int hostfile_next(void *stream, struct lfk_span *spans, size_t room,
                         struct lfk_detail *detail)
{
    struct lfk_hostfiles *files = stream;
    if (room == 0) {
        return lfk_fail(detail, LFK_ERR_INVAL, "no room for a span");
    }
    if (files->ended) {
        return 0;
    }
    bool last = files->left <= READ_SIZE;
    size_t size = last ? (size_t)files->left : READ_SIZE;
    size_t got;
    TRY(read_fully(files, last ? size + 1 : size, &got, detail));
    if (got != size) {
        return lfk_fail(detail, LFK_ERR_IO, "file changed size while it was read");
    }
    files->left -= size;
    files->ended = last;
    spans[0].data = files->buffer;
    spans[0].size = size;
    return size > 0 ? 1 : 0;
}

static void hostfile_close(void *stream)
{
    struct lfk_hostfiles *files = stream;
    (void)close(files->fd);
    files->fd = -1;
}

void lfk_hostfiles_init(struct lfk_hostfiles *files, int base_fd, bool no_dereference,
                        const struct lfk_allocator *allocator)
{
    *files = (struct lfk_hostfiles){
        .content = {hostfile_open, hostfile_next, hostfile_close},
        .base_fd = base_fd,
        .no_dereference = no_dereference,
        .fd = -1,
    };
    files->path.allocator = allocator;
}

void lfk_hostfiles_free(struct lfk_hostfiles *files)
{
    if (files->fd >= 0) {
        (void)close(files->fd);
    }
    if (files->dir != NULL) {
        (void)close(files->dir_fd);
    }
    if (files->base_fd >= 0) {
        (void)close(files->base_fd);
    }
    lfk_free(files->path.allocator, files->buffer);
    lfk_pathbuf_free(&files->path);
}
