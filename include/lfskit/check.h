/* SPDX-License-Identifier: MIT */
/*
 * lfskit/check.h - goes over an image and says all that is wrong with it.
 *
 * A check reads both blocks of every metadata pair, every commit, every
 * directory and every block list of a file, and holds each against the others.
 * It is a second opinion: of what mounts and writes volumes it uses nothing but
 * the decoding of single tags and commits. It never writes.
 *
 * What it meets is told as findings. Each is of a kind, a row of one table
 * (docs/FINDINGS.md shows it) with a stable code such as "LFK-404" and one of
 * three severities: a note is worth knowing and harmless; a repair is what a cut
 * of power leaves behind and a driver puts right by itself; damage is what no
 * driver writes and none repairs.
 *
 * What cannot be found: another byte in the data of a file or an attribute,
 * for which littlefs keeps no checksum of its own, when the commit around it
 * is whole; and an older state of a pair that is whole in itself.
 *
 * Time and memory are in proportion to the size of the image, whatever it says.
 */
#ifndef LFSKIT_CHECK_H
#define LFSKIT_CHECK_H

#include "lfskit/base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum lfk_severity {
    LFK_SEVERITY_NOTE = 0,   /* nothing to do */
    LFK_SEVERITY_REPAIR = 1, /* a driver repairs it when it writes */
    LFK_SEVERITY_DAMAGE = 2  /* data is lost or in danger; nothing repairs it */
};

/* The kinds of findings. The numbers are those of the codes and never change. */
enum lfk_finding_id {
    /* image and superblock */
    LFK_FINDING_IMAGE_SHORT = 101,
    LFK_FINDING_IMAGE_LONG = 102,
    LFK_FINDING_SUPERBLOCK_NONE = 103,
    LFK_FINDING_SUPERBLOCK_FORM = 104,
    LFK_FINDING_SUPERBLOCK_VALUE = 105,
    LFK_FINDING_SUPERBLOCK_COPIES = 106,
    LFK_FINDING_SUPERBLOCK_OLD = 107,
    LFK_FINDING_SUPERBLOCK_PLACE = 108,
    LFK_FINDING_SUPERBLOCK_EXTRA = 109,
    LFK_FINDING_SUPERBLOCK_AHEAD = 110,
    /* metadata pairs and their logs */
    LFK_FINDING_PAIR_LOST = 201,
    LFK_FINDING_PAIR_OLDER = 202,
    LFK_FINDING_PAIR_SINGLE = 203,
    LFK_FINDING_PAIR_TWIN = 204,
    LFK_FINDING_PAIR_REVISIONS = 205,
    LFK_FINDING_PAIR_SAME = 206,
    LFK_FINDING_PAIR_UNREADABLE = 207,
    LFK_FINDING_COMMIT_TORN = 211,
    LFK_FINDING_COMMIT_CRC = 212,
    LFK_FINDING_COMMIT_SKIPPED = 213,
    LFK_FINDING_NOT_ERASED = 214,
    LFK_FINDING_TAG_UNKNOWN = 221,
    LFK_FINDING_TAG_FORM = 222,
    LFK_FINDING_TAG_ID = 223,
    /* entries */
    LFK_FINDING_NAME_NONE = 301,
    LFK_FINDING_NAME_AGAIN = 302,
    LFK_FINDING_NAME_LATE = 303,
    LFK_FINDING_NAME_TYPE = 304,
    LFK_FINDING_NAME_FORBIDDEN = 305,
    LFK_FINDING_NAME_LONG = 306,
    LFK_FINDING_NAME_ORDER = 307,
    LFK_FINDING_NAME_TWICE = 308,
    LFK_FINDING_CONTENT_NONE = 311,
    LFK_FINDING_CONTENT_KIND = 312,
    LFK_FINDING_ATTRIBUTE_LONG = 313,
    LFK_FINDING_ENTRIES_MANY = 314,
    /* the list of pairs, and directories */
    LFK_FINDING_LIST_LOOP = 401,
    LFK_FINDING_LIST_OVERLAP = 402,
    LFK_FINDING_LIST_OUTSIDE = 403,
    LFK_FINDING_LIST_TAIL = 404,
    LFK_FINDING_DIR_OUTSIDE = 411,
    LFK_FINDING_DIR_UNLISTED = 412,
    LFK_FINDING_DIR_TWICE = 413,
    LFK_FINDING_DIR_MIDDLE = 414,
    LFK_FINDING_DIR_UNREACHED = 415,
    LFK_FINDING_ORPHAN = 421,
    LFK_FINDING_HALF_ORPHAN = 422,
    LFK_FINDING_ORPHAN_UNSAID = 423,
    LFK_FINDING_HALF_ORPHAN_UNSAID = 424,
    /* files */
    LFK_FINDING_FILE_LARGE = 501,
    LFK_FINDING_FILE_BLOCKS = 502,
    LFK_FINDING_FILE_EMPTY = 503,
    LFK_FINDING_FILE_OUTSIDE = 504,
    LFK_FINDING_FILE_POINTER = 505,
    LFK_FINDING_FILE_UNREADABLE = 506,
    LFK_FINDING_BLOCK_SHARED = 511,
    /* global state */
    LFK_FINDING_MOVE_PENDING = 601,
    LFK_FINDING_ORPHANS_PENDING = 602,
    LFK_FINDING_STATE_FORM = 603,
    LFK_FINDING_MOVE_SOURCE = 604,
    LFK_FINDING_MOVE_COPY = 605
};

/* A row of the table; all texts are static. */
struct lfk_finding_kind {
    enum lfk_finding_id id;
    enum lfk_severity severity;
    const char *code;    /* "LFK-404" */
    const char *title;   /* what is the case, one clause */
    const char *meaning; /* what it means for who has the image; sentences */
    const char *repair;  /* whether and when a driver repairs it; a sentence */
};

/* The whole table, by rising id. */
const struct lfk_finding_kind *lfk_finding_kinds(size_t *count);

/* NULL if there is no such row. */
const struct lfk_finding_kind *lfk_finding_kind_of(enum lfk_finding_id id);

struct lfk_finding {
    const struct lfk_finding_kind *kind;
    const char *field; /* field of the superblock or the state concerned, or NULL */
    const char *path;  /* of the entry or the directory concerned, or NULL; as `path` below */
    bool has_block;    /* block is meaningful */
    bool has_offset;   /* offset is meaningful: bytes into the block */
    bool has_values;   /* expected and found are meaningful */
    uint32_t block;
    uint32_t offset;
    uint64_t expected;
    uint64_t found;
};

/*
 * Writes title and place of a finding as one line without a newline, at most
 * `size` bytes with the terminating NUL; returns the whole length, as snprintf
 * does. Path and code are not in it.
 */
size_t lfk_finding_format(const struct lfk_finding *finding, char *buffer, size_t size);

/* Told of each finding, when all are known. The finding and its path live until it returns. */
typedef void lfk_finding_fn(void *context, const struct lfk_finding *finding);

/* Zero means the default everywhere; set `size` to sizeof(struct lfk_check_options). */
struct lfk_check_options {
    size_t size;
    const struct lfk_allocator *allocator;
    /*
     * What the caller believes; 0: anything. A difference is LFK_ERR_INVAL. With
     * a block size, an image whose superblock cannot be read is checked all the same.
     */
    uint32_t block_size;
    uint32_t block_count;
    /* The limits of the reader; 0: anything. A larger one stored in the image is LFK_ERR_INVAL. */
    uint32_t name_max;
    uint32_t file_max;
    uint32_t attr_max;
    lfk_finding_fn *report; /* NULL: findings are counted only */
    void *context;
};

/* The outcome of a check. It needs the image no more. */
struct lfk_check;

/*
 * Checks the image in a file, or in memory. LFK_OK if the check could be made,
 * whatever it found. Errors: the host's; LFK_ERR_IO with an os_error of 0 where another
 * process is changing the file (see lfk_medium_open_file); LFK_ERR_INVAL for what is not
 * littlefs, or not what the options say; LFK_ERR_NOMEM.
 */
int lfk_check_open(struct lfk_check **check, const char *path,
                   const struct lfk_check_options *options, struct lfk_detail *detail);
int lfk_check_open_memory(struct lfk_check **check, const void *bytes, size_t size,
                          const struct lfk_check_options *options, struct lfk_detail *detail);

/* Accepts NULL. */
void lfk_check_close(struct lfk_check *check);

struct lfk_check_info {
    /*
     * Findings of each severity. Of more than 16 in a row about one block, and of
     * more than 10 000 in all, the rest is counted here and not told.
     */
    uint64_t notes;
    uint64_t repairs;
    uint64_t damages;
    /* The volume; all 0 if its superblock cannot be read and no block size was given. */
    uint32_t disk_version; /* major << 16 | minor; 0: not known */
    uint32_t block_size;   /* bytes */
    uint32_t block_count;
    uint32_t name_max; /* bytes, as stored; 0: not stated */
    uint32_t file_max;
    uint32_t attr_max;
    uint64_t image_size;  /* bytes */
    uint64_t blocks_used; /* that belong to something */
    uint32_t pairs;       /* metadata pairs on the threaded list */
    uint64_t directories; /* that the root leads to, without the root */
    uint64_t files;       /* likewise */
};

void lfk_check_info(const struct lfk_check *check, struct lfk_check_info *info);

/* --- the block map ---------------------------------------------------------------- */

enum lfk_block_use {
    LFK_BLOCK_FREE,     /* belongs to nothing */
    LFK_BLOCK_METADATA, /* one of a metadata pair's */
    LFK_BLOCK_DATA,     /* of a file's contents */
    LFK_BLOCK_ABSENT    /* not in the image, which is shorter than the volume */
};

struct lfk_block_info {
    enum lfk_block_use use;
    bool is_current; /* metadata: the one of the pair that counts */
    bool is_shared;  /* more than one thing claims it; the first is given here */
    bool is_orphan;  /* no entry leads to what it belongs to */
    size_t owner;    /* the same number for all blocks of one file, or of one pair; not 0 */
    uint32_t twin;   /* metadata: the other block of the pair */
};

/* Of a block of the volume. LFK_ERR_INVAL: there is no such block. */
int lfk_check_block(const struct lfk_check *check, uint32_t block, struct lfk_block_info *info);

/*
 * Writes the path of the file or directory that the block belongs to, at most `size` bytes
 * with the terminating NUL; returns its whole length, as snprintf does; 0 if
 * it belongs to nothing. Names are bytes as stored, a NUL shown as '?'; of a path of
 * many kilobytes the end is given, after "/..."; what no entry leads to has a
 * path that begins with "(orphan)".
 */
size_t lfk_check_block_path(const struct lfk_check *check, uint32_t block, char *buffer,
                            size_t size);

#ifdef __cplusplus
}
#endif

#endif
