/* SPDX-License-Identifier: MIT */
/*
 * A file of the host as a block device: a memory device over a read-only
 * mapping. Opening never waits: what is not a regular file or a block device
 * is refused before anything is read from it. The descriptor is closed at
 * once, the mapping keeps the file.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64

#include "bd/bd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void file_close(struct lfk_bd *bd)
{
    const struct lfk_bd_memory *memory = (const struct lfk_bd_memory *)bd; /* its first member */
    if (memory->bytes != NULL) {
        (void)munmap((void *)memory->bytes, (size_t)bd->size);
    }
}

static int file_size(int descriptor, uint64_t *size, struct lfk_detail *detail)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0) {
        return lfk_fail_os(detail, errno, "cannot look at the file");
    }
    off_t end = status.st_size;
    if (S_ISBLK(status.st_mode)) {
        end = lseek(descriptor, 0, SEEK_END); /* its st_size is 0 */
        if (end < 0) {
            return lfk_fail_os(detail, errno, "cannot find the size of the device");
        }
    } else if (S_ISDIR(status.st_mode)) {
        return lfk_fail(detail, LFK_ERR_INVAL, "is a directory, not an image");
    } else if (!S_ISREG(status.st_mode)) {
        return lfk_fail(detail, LFK_ERR_INVAL, "is neither a file nor a block device");
    }
    *size = (uint64_t)end;
    if (*size > SIZE_MAX) {
        return lfk_fail(detail, LFK_ERR_FBIG, "the file is too large to be mapped");
    }
    return LFK_OK;
}

static int map_file(struct lfk_bd_file *file, int descriptor, struct lfk_detail *detail)
{
    uint64_t size = 0;
    void *bytes = NULL;
    TRY(file_size(descriptor, &size, detail));
    if (size > 0) { /* mmap refuses to map nothing */
        bytes = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, descriptor, 0);
        if (bytes == MAP_FAILED) {
            return lfk_fail_os(detail, errno, "cannot map the file");
        }
    }
    lfk_bd_memory_open(&file->memory, bytes, size);
    file->ops = *file->memory.bd.ops;
    file->ops.close = file_close;
    file->memory.bd.ops = &file->ops;
    return LFK_OK;
}

int lfk_bd_file_open(struct lfk_bd_file *file, const char *path, struct lfk_detail *detail)
{
    /* O_NONBLOCK: opening a FIFO would wait for a writer. */
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        return lfk_fail_os(detail, errno, "cannot open the file");
    }
    int result = map_file(file, descriptor, detail);
    (void)close(descriptor);
    return result;
}
