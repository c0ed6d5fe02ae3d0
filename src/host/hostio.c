/* SPDX-License-Identifier: MIT */
/*
 * System calls with their loops: writing everything, opening directories whose
 * path is longer than the system takes at once, making parents and temporary
 * files. Descriptors are never inherited by other programs.
 */
#define _POSIX_C_SOURCE 200809L

#include "hostio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* Spans written with one call; every system we know takes 1024. */
#define BATCH_MAX 256

/* What every system takes as one path. */
#define PATH_PIECE_MAX 1000

#define TEMP_TRIES 1000

/* Drops the first `size` bytes; returns the first of the `count` vectors that is left. */
static size_t advance(struct iovec *vectors, size_t count, size_t first, size_t size)
{
    while (first < count && size >= vectors[first].iov_len) {
        size -= vectors[first].iov_len;
        first++;
    }
    if (first < count) {
        vectors[first].iov_base = (char *)vectors[first].iov_base + size;
        vectors[first].iov_len -= size;
    }
    return first;
}

static int write_batch(int fd, struct iovec *vectors, size_t count, struct lfk_detail *detail)
{
    size_t first = 0;
    while (first < count) {
        ssize_t written = writev(fd, vectors + first, (int)(count - first));
        if (written < 0 && errno != EINTR) {
            return lfk_fail_os(detail, errno, "writing failed");
        }
        first = advance(vectors, count, first, written > 0 ? (size_t)written : 0);
    }
    return LFK_OK;
}

int lfk_hostio_write(int fd, const struct lfk_span *spans, size_t count, struct lfk_detail *detail)
{
    struct iovec vectors[BATCH_MAX];
    size_t filled = 0;
    for (size_t i = 0; i < count; i++) {
        if (spans[i].size > 0) {
            vectors[filled].iov_base = (void *)spans[i].data; /* writev does not write there */
            vectors[filled].iov_len = spans[i].size;
            filled++;
        }
        if (filled == BATCH_MAX || (filled > 0 && i + 1 == count)) {
            TRY(write_batch(fd, vectors, filled, detail));
            filled = 0;
        }
    }
    return LFK_OK;
}

/* Bytes of the path up to a '/' or its end, at most PATH_PIECE_MAX; 0: a name is longer. */
static size_t piece_size(const char *path, size_t left)
{
    size_t size = left;
    if (left > PATH_PIECE_MAX) {
        size = PATH_PIECE_MAX;
        while (size > 0 && path[size] != '/') {
            size--;
        }
    }
    return size;
}

int lfk_hostio_open_dir(int base_fd, char *path)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    size_t left = strlen(path);
    int fd = left == 0 ? openat(base_fd, ".", flags) : base_fd;
    while (fd >= 0 && left > 0) {
        size_t piece = piece_size(path, left);
        char end = path[piece];
        int parent = fd;
        path[piece] = '\0';
        fd = openat(parent, path, flags);
        int error = errno;
        path[piece] = end;
        if (parent != base_fd) {
            (void)close(parent);
        }
        errno = piece > 0 ? error : ENAMETOOLONG;
        piece += end == '/';
        path += piece;
        left -= piece;
    }
    return fd;
}

int lfk_hostio_make_dirs(const char *path, struct lfk_detail *detail)
{
    /* Mostly it is there already, or only the last one is missing. */
    if (mkdir(path, 0777) == 0 || errno == EEXIST) {
        return LFK_OK;
    }
    size_t size = strlen(path);
    char *copy = lfk_alloc(NULL, size + 1);
    if (copy == NULL) {
        return lfk_fail_nomem(detail);
    }
    memcpy(copy, path, size + 1);
    int error = 0;
    for (size_t i = 1; i <= size && error == 0; i++) {
        if (copy[i] == '/' || copy[i] == '\0') {
            char end = copy[i];
            copy[i] = '\0';
            if (mkdir(copy, 0777) != 0 && errno != EEXIST) {
                error = errno;
            }
            copy[i] = end;
        }
    }
    lfk_free(NULL, copy);
    return error == 0 ? LFK_OK : lfk_fail_os(detail, error, "directory cannot be made");
}

int lfk_hostio_open_temp(int dir_fd, char name[LFK_HOSTIO_TEMP_ROOM])
{
    int fd = -1;
    for (int i = 0; i < TEMP_TRIES && fd < 0; i++) {
        (void)snprintf(name, LFK_HOSTIO_TEMP_ROOM, ".lfskit-%ld-%d.tmp", (long)getpid(), i);
        fd = openat(dir_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (fd < 0 && errno != EEXIST) {
            break;
        }
    }
    return fd;
}
