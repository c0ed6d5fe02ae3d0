/* SPDX-License-Identifier: MIT */
/*
 * Files of the host as block devices: one that is only read is a memory device
 * over a mapping; one that is used as flash is read and written in place, since
 * a mapping would end the program where the disk is full. Opening never waits:
 * what is not a regular file or a block device is refused before anything is
 * read from it.
 */
#define _POSIX_C_SOURCE 200809L
#define _FILE_OFFSET_BITS 64

#include "bd/bd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define NO_END (UINT32_MAX - 1) /* the most blocks that can be */

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
    return LFK_OK;
}

static int open_file(const char *path, int flags, int *descriptor, struct lfk_detail *detail)
{
    /* O_NONBLOCK: opening a FIFO would wait for a writer. */
    *descriptor = open(path, flags | O_NONBLOCK | O_CLOEXEC, 0666);
    return *descriptor >= 0 ? LFK_OK : lfk_fail_os(detail, errno, "cannot open the file");
}

/*
 * Who changes a file has it alone, who reads it as flash keeps those away. File
 * systems that have no locks are used without.
 */
static int lock(int descriptor, enum lfk_bd_access access, struct lfk_detail *detail)
{
    if (flock(descriptor, (access == LFK_BD_READ ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 ||
        errno != EWOULDBLOCK) {
        return LFK_OK;
    }
    return lfk_fail(detail, LFK_ERR_IO,
                    access == LFK_BD_READ ? "another process is changing it"
                                          : "another process is reading or changing it");
}

/* --- mapped, to be read --------------------------------------------------------- */

static void file_close(struct lfk_bd *bd)
{
    const struct lfk_bd_file *file = (const struct lfk_bd_file *)bd; /* its first member */
    if (file->memory.bytes != NULL) {
        (void)munmap((void *)file->memory.bytes, (size_t)bd->size);
    }
    (void)close(file->descriptor); /* it was only read */
}

static int map_file(struct lfk_bd_file *file, struct lfk_detail *detail)
{
    uint64_t size = 0;
    void *bytes = NULL;
    TRY(file_size(file->descriptor, &size, detail));
    if (size > SIZE_MAX) {
        return lfk_fail(detail, LFK_ERR_FBIG, "the file is too large to be mapped");
    }
    if (size > 0) { /* mmap refuses to map nothing */
        bytes = mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, file->descriptor, 0);
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
    TRY(open_file(path, O_RDONLY, &file->descriptor, detail));
    int result = map_file(file, detail);
    if (result < 0) {
        (void)close(file->descriptor);
    }
    return result;
}

int lfk_bd_file_lock(const struct lfk_bd_file *file, struct lfk_detail *detail)
{
    return lock(file->descriptor, LFK_BD_READ, detail);
}

/* --- used as flash ---------------------------------------------------------------- */

static int descriptor_of(const struct lfk_bd *bd)
{
    return ((const struct lfk_bd_hostflash *)bd)->descriptor; /* its first member */
}

static uint64_t position_of(const struct lfk_bd *bd, uint32_t block, uint32_t offset)
{
    return (uint64_t)block * bd->block_size + offset;
}

static int flash_read(struct lfk_bd *bd, uint32_t block, uint32_t offset, void *buffer,
                      uint32_t size, struct lfk_detail *detail)
{
    uint64_t position = position_of(bd, block, offset);
    uint8_t *bytes = buffer;
    while (size > 0) {
        ssize_t part = pread(descriptor_of(bd), bytes, size, (off_t)position);
        if (part < 0 && errno != EINTR) {
            return lfk_fail_os(detail, errno, "cannot read the file");
        }
        if (part == 0) {
            memset(bytes, LFK_ERASED, size);
            return LFK_OK;
        }
        if (part > 0) {
            bytes += part;
            position += (uint64_t)part;
            size -= (uint32_t)part;
        }
    }
    return LFK_OK;
}

static int write_bytes(const struct lfk_bd *bd, uint64_t position, const uint8_t *bytes,
                       size_t size, struct lfk_detail *detail)
{
    while (size > 0) {
        ssize_t part = pwrite(descriptor_of(bd), bytes, size, (off_t)position);
        if (part == 0 || (part < 0 && errno != EINTR)) {
            return lfk_fail_os(detail, part == 0 ? EIO : errno, "cannot write the file");
        }
        if (part > 0) {
            bytes += part;
            position += (uint64_t)part;
            size -= (size_t)part;
        }
    }
    return LFK_OK;
}

static int write_erased(const struct lfk_bd *bd, uint64_t from, uint64_t to,
                        struct lfk_detail *detail)
{
    uint8_t erased[4096];
    memset(erased, LFK_ERASED, sizeof(erased));
    while (from < to) {
        size_t part = to - from < sizeof(erased) ? (size_t)(to - from) : sizeof(erased);
        TRY(write_bytes(bd, from, erased, part, detail));
        from += part;
    }
    return LFK_OK;
}

/* Makes a file that is shorter than its device as long, or leaves it as it was. */
static int lengthen(struct lfk_bd_hostflash *flash, struct lfk_detail *detail)
{
    if (flash->bd.size > flash->end) {
        int result = write_erased(&flash->bd, flash->end, flash->bd.size, detail);
        if (result < 0) {
            (void)ftruncate(flash->descriptor, (off_t)flash->end);
            return result;
        }
        flash->end = flash->bd.size;
    }
    return LFK_OK;
}

/* To be called before a block is changed. */
static int settle_end(struct lfk_bd *bd, uint32_t block, struct lfk_detail *detail)
{
    if (position_of(bd, block, 0) + bd->block_size > bd->size) {
        return lfk_fail_block(detail, LFK_ERR_CORRUPT, "the block is beyond the end of the file",
                              block);
    }
    return lengthen((struct lfk_bd_hostflash *)bd, detail); /* its first member */
}

static int flash_prog(struct lfk_bd *bd, uint32_t block, uint32_t offset, const void *buffer,
                      uint32_t size, struct lfk_detail *detail)
{
    TRY(settle_end(bd, block, detail));
    return write_bytes(bd, position_of(bd, block, offset), buffer, size, detail);
}

static int flash_erase(struct lfk_bd *bd, uint32_t block, struct lfk_detail *detail)
{
    TRY(settle_end(bd, block, detail));
    uint64_t start = position_of(bd, block, 0);
    return write_erased(bd, start, start + bd->block_size, detail);
}

static int flash_sync(struct lfk_bd *bd, struct lfk_detail *detail)
{
    if (fsync(descriptor_of(bd)) != 0) {
        return lfk_fail_os(detail, errno, "cannot bring the file to the disk");
    }
    return LFK_OK;
}

static void flash_close(struct lfk_bd *bd)
{
    (void)close(descriptor_of(bd)); /* what matters was synced */
}

void lfk_bd_hostflash_shape(struct lfk_bd_hostflash *flash, uint32_t block_size,
                            uint32_t block_count)
{
    uint64_t size = (uint64_t)block_count * block_size;
    flash->bd.block_size = block_size;
    flash->bd.size = size > flash->end && flash->bd.ops->prog != NULL ? size : flash->end;
}

int lfk_bd_hostflash_open(struct lfk_bd_hostflash *flash, const char *path,
                          enum lfk_bd_access access, uint32_t block_size, uint32_t block_count,
                          struct lfk_detail *detail)
{
    static const struct lfk_bd_ops reading = {.read = flash_read, .close = flash_close};
    static const struct lfk_bd_ops writing = {.read = flash_read,
                                              .close = flash_close,
                                              .prog = flash_prog,
                                              .erase = flash_erase,
                                              .sync = flash_sync};
    static const int flags[] = {[LFK_BD_READ] = O_RDONLY,
                                [LFK_BD_WRITE] = O_RDWR,
                                [LFK_BD_CREATE] = O_RDWR | O_CREAT | O_EXCL};
    *flash = (struct lfk_bd_hostflash){
        .bd = {.ops = access == LFK_BD_READ ? &reading : &writing, .block_count = NO_END},
    };
    TRY(open_file(path, flags[access], &flash->descriptor, detail));
    int result = file_size(flash->descriptor, &flash->end, detail);
    if (result == LFK_OK) {
        result = lock(flash->descriptor, access, detail);
    }
    if (result == LFK_OK) {
        lfk_bd_hostflash_shape(flash, block_size, block_count);
        result = access == LFK_BD_CREATE ? lengthen(flash, detail) : LFK_OK;
    }
    if (result < 0) {
        (void)close(flash->descriptor);
        if (access == LFK_BD_CREATE) {
            (void)unlink(path);
        }
    }
    return result;
}
