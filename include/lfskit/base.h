/* SPDX-License-Identifier: MIT */
/*
 * lfskit/base.h - what every other lfskit header uses: status codes, error
 * details, the allocator, spans of bytes and sinks for them, the order of names.
 *
 * Every function that can fail returns an int: 0 (LFK_OK) or a positive count
 * on success, one of the negative LFK_ERR_* below on failure. The numbers are
 * littlefs's own. A function that takes a `struct lfk_detail *` fills it when
 * it fails and leaves it alone otherwise; the pointer may always be NULL.
 *
 * Handles are independent of each other; one handle belongs to one thread at a
 * time. The library never prints, exits, aborts or reads the environment.
 */
#ifndef LFSKIT_BASE_H
#define LFSKIT_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum lfk_status {
    LFK_OK = 0,
    LFK_ERR_NOENT = -2,        /* no such file or directory */
    LFK_ERR_IO = -5,           /* the device or the host failed */
    LFK_ERR_BADF = -9,         /* a handle that is not open */
    LFK_ERR_NOMEM = -12,       /* the allocator returned NULL */
    LFK_ERR_EXIST = -17,       /* the name is taken */
    LFK_ERR_NOTDIR = -20,      /* a file where a directory is needed */
    LFK_ERR_ISDIR = -21,       /* a directory where a file is needed */
    LFK_ERR_INVAL = -22,       /* a parameter is out of its range */
    LFK_ERR_FBIG = -27,        /* larger than the file size limit */
    LFK_ERR_NOSPC = -28,       /* no free block, or no room in a block */
    LFK_ERR_NAMETOOLONG = -36, /* longer than the name length limit */
    LFK_ERR_NOTEMPTY = -39,    /* the directory has entries */
    LFK_ERR_NOATTR = -61,      /* the entry has no such attribute */
    LFK_ERR_CORRUPT = -84      /* the image contradicts itself */
};

/* A block number that names no block (littlefs's null pointer). */
#define LFK_BLOCK_NULL UINT32_C(0xffffffff)

/* The versions of the disk format, major << 16 | minor. 2.1 came with littlefs 2.6. */
#define LFK_DISK_VERSION_2_0 UINT32_C(0x00020000)
#define LFK_DISK_VERSION_2_1 UINT32_C(0x00020001)

/*
 * What went wrong, where, what was expected and what was found. All texts are
 * static; nothing is to be freed. Zero the struct before the first use.
 */
struct lfk_detail {
    int status;        /* LFK_ERR_*, or 0: nothing recorded */
    const char *what;  /* one clause, e.g. "name is too long" */
    const char *field; /* option or format field concerned, e.g. "name_max"; or NULL */
    int os_error;      /* errno of a failed host call, or 0 */
    bool has_block;    /* block is meaningful */
    bool has_offset;   /* offset is meaningful: bytes into the block */
    bool has_values;   /* expected and found are meaningful */
    uint32_t block;
    uint32_t offset;
    uint64_t expected;
    uint64_t found;
};

/* "LFK_ERR_CORRUPT"; never NULL. */
const char *lfk_status_name(int status);

/* A short English text, e.g. "the image contradicts itself"; never NULL. */
const char *lfk_status_text(int status);

/*
 * Writes the detail as one line without a newline, at most `size` bytes with
 * the terminating NUL, e.g.
 *   "CTZ pointer is outside the volume: block 57, offset 4: expected 32, found 70000"
 * Returns the length the whole text has, as snprintf does. The host's own
 * error text is not included: see os_error.
 */
size_t lfk_detail_format(const struct lfk_detail *detail, char *buffer, size_t size);

/*
 * The one allocator behind a handle. `resize(context, NULL, n)` allocates,
 * `resize(context, p, 0)` frees and returns NULL, anything else reallocates;
 * NULL from it means out of memory. A NULL allocator means the C library's.
 */
struct lfk_allocator {
    void *context;
    void *(*resize)(void *context, void *memory, size_t size);
};

/* Bytes owned by somebody else. */
struct lfk_span {
    const void *data;
    size_t size;
};

/*
 * Compares two names in littlefs's order, negative, 0 or positive: by unsigned
 * bytes, and of two names of which one begins with the other the longer first.
 * A name of no bytes may be NULL.
 */
int lfk_name_compare(const void *a, size_t a_size, const void *b, size_t b_size);

/*
 * Something that takes a stream of bytes: all spans in order, or an error.
 * The implementation embeds this struct.
 */
struct lfk_sink {
    int (*write)(struct lfk_sink *sink, const struct lfk_span *spans, size_t count,
                 struct lfk_detail *detail);
};

#ifdef __cplusplus
}
#endif

#endif
