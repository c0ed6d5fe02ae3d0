/* SPDX-License-Identifier: MIT */
/*
 * The littlefs disk format, versions 2.0 and 2.1, as pure functions over bytes
 * and numbers: nothing here knows a device or allocates. Decoders check every
 * field before they give anything out.
 */
#ifndef LFK_DISK_H
#define LFK_DISK_H

#include "util/util.h"

/* --- limits and geometry ---------------------------------------------------- */

#define LFK_DISK_2_0 UINT32_C(0x00020000)
#define LFK_DISK_2_1 UINT32_C(0x00020001)

#define LFK_BLOCK_SIZE_MIN 128u
#define LFK_BLOCK_SIZE_MAX UINT32_C(0x40000000) /* offsets in a block fit an int */
#define LFK_NAME_MAX 1022u                      /* ceilings of the three limits in the superblock */
#define LFK_ATTR_MAX 1022u
#define LFK_FILE_MAX UINT32_C(0x7fffffff)
#define LFK_NAME_MAX_DEFAULT 255u
#define LFK_PAIR_ENTRIES_MAX 254u /* entries of one pair, the superblock's included */
#define LFK_COMPACT_RESERVE                                                                        \
    40u /* left free by a compaction: tail 12, global state 16,                                    \
           a later delete 4, commit CRC 8 */

/* --- metadata pair pointers (pair.c) ---------------------------------------- */

struct lfk_pair {
    uint32_t block[2]; /* the order means nothing */
};

#define LFK_PAIR_NULL ((struct lfk_pair){{LFK_BLOCK_NULL, LFK_BLOCK_NULL}})
#define LFK_PAIR_ROOT ((struct lfk_pair){{0, 1}})
#define LFK_PAIR_SIZE 8u /* of an encoded one */

bool lfk_pair_is_null(struct lfk_pair p);                    /* either block is null */
bool lfk_pair_same(struct lfk_pair a, struct lfk_pair b);    /* the same set */
bool lfk_pair_related(struct lfk_pair a, struct lfk_pair b); /* a block in common */
struct lfk_pair lfk_pair_decode(const void *bytes);          /* LFK_PAIR_SIZE bytes */
void lfk_pair_encode(struct lfk_pair p, void *bytes);

/* --- tags --------------------------------------------------------------------
 *
 *   31      30   28 27     20 19      10 9       0
 *   invalid  class    chunk       id      length
 *           '--- type (11) --'
 *
 * Stored big endian, XORed with the tag before it.
 */

typedef uint32_t lfk_tag;

enum lfk_tag_type {
    LFK_TYPE_FILE = 0x001,
    LFK_TYPE_DIR = 0x002,
    LFK_TYPE_SUPERBLOCK = 0x0ff,
    LFK_TYPE_DIR_STRUCT = 0x200,
    LFK_TYPE_INLINE_STRUCT = 0x201,
    LFK_TYPE_CTZ_STRUCT = 0x202,
    LFK_TYPE_ATTRIBUTE = 0x300, /* + attribute type */
    LFK_TYPE_CREATE = 0x401,
    LFK_TYPE_DELETE = 0x4ff,
    LFK_TYPE_CRC = 0x500, /* + phase bit */
    LFK_TYPE_FCRC = 0x5ff,
    LFK_TYPE_SOFT_TAIL = 0x600,
    LFK_TYPE_HARD_TAIL = 0x601,
    LFK_TYPE_GSTATE = 0x7ff
};

/* The class of a type: its three highest bits. */
enum lfk_tag_class {
    LFK_CLASS_NAME = 0,
    LFK_CLASS_STRUCT = 2,
    LFK_CLASS_ATTRIBUTE = 3,
    LFK_CLASS_SPLICE = 4,
    LFK_CLASS_CRC = 5,
    LFK_CLASS_TAIL = 6,
    LFK_CLASS_GSTATE = 7
};

#define LFK_TAG_INVALID UINT32_C(0x80000000) /* bit 31 */
#define LFK_TAG_FIRST UINT32_C(0xffffffff)   /* what the first tag of a block is XORed with */
#define LFK_ID_NONE 0x3ffu                   /* not about an entry */
#define LFK_LENGTH_DELETED 0x3ffu            /* no data: the thing is deleted */
#define LFK_LENGTH_MAX 0x3feu

static inline lfk_tag lfk_tag_make(uint32_t type, uint32_t id, uint32_t length)
{
    return type << 20 | id << 10 | length;
}

/* Of the pair behind one on the list: hard if the directory goes on there. Its data is a pair. */
static inline lfk_tag lfk_tag_tail(bool is_hard)
{
    return lfk_tag_make(is_hard ? LFK_TYPE_HARD_TAIL : LFK_TYPE_SOFT_TAIL, LFK_ID_NONE,
                        LFK_PAIR_SIZE);
}

static inline uint32_t lfk_tag_type(lfk_tag tag)
{
    return tag >> 20 & 0x7ff;
}

static inline uint32_t lfk_tag_class(lfk_tag tag)
{
    return tag >> 28 & 0x7;
}

static inline uint32_t lfk_tag_chunk(lfk_tag tag)
{
    return tag >> 20 & 0xff;
}

static inline uint32_t lfk_tag_id(lfk_tag tag)
{
    return tag >> 10 & 0x3ff;
}

static inline uint32_t lfk_tag_length(lfk_tag tag)
{
    return tag & 0x3ff;
}

static inline bool lfk_tag_is_deleted(lfk_tag tag)
{
    return lfk_tag_length(tag) == LFK_LENGTH_DELETED;
}

/* Data bytes that follow the tag: its length, none when deleted. */
static inline uint32_t lfk_tag_data_size(lfk_tag tag)
{
    return lfk_tag_is_deleted(tag) ? 0 : lfk_tag_length(tag);
}

/* A commit CRC is any of 0x500..0x57f; 0x580..0x5ff are not. */
static inline bool lfk_tag_is_crc(lfk_tag tag)
{
    return (lfk_tag_type(tag) & 0x780) == LFK_TYPE_CRC;
}

/* What the tag after `tag` is XORed with (a CRC's phase bit flips bit 31). */
static inline lfk_tag lfk_tag_chain(lfk_tag tag)
{
    return lfk_tag_is_crc(tag) ? tag ^ (tag << 11 & LFK_TAG_INVALID) : tag;
}

/* --- the log of a metadata block, read (log.c) ------------------------------- */

/*
 * The log's valid part: everything up to the last commit whose CRC matches.
 * Both numbers are what an append continues from.
 */
enum lfk_log_stop {
    LFK_STOP_INVALID, /* bit 31 right after the last commit: as erased flash reads */
    LFK_STOP_FULL,    /* no room for another tag */
    LFK_STOP_TORN,    /* an unfinished commit: tags without their CRC */
    LFK_STOP_CRC      /* a commit whose CRC does not match */
};

struct lfk_log {
    const uint8_t *bytes;
    uint32_t block_size;
    uint32_t revision;
    uint32_t end;      /* offset after the last valid commit; 0: there is none */
    lfk_tag chain;     /* what the next tag is XORed with */
    uint32_t commits;  /* valid commits */
    uint32_t last_crc; /* the CRC of the last valid commit */
    enum lfk_log_stop stop;
    uint32_t stop_offset;  /* offset of the tag that ended the scan */
    uint32_t crc_expected; /* LFK_STOP_CRC: as stored, and as computed */
    uint32_t crc_found;
    bool has_fcrc;      /* the last valid commit has an FCRC: */
    uint32_t fcrc_size; /* bytes after `end` that were erased then */
    uint32_t fcrc;      /* and their CRC */
};

/*
 * Scans the block (block_size bytes) for valid commits. True if the first is
 * valid; `log` is filled either way.
 */
bool lfk_log_scan(struct lfk_log *log, const void *bytes, uint32_t block_size);

/*
 * The same for a block that is read piece by piece into `bytes`, no further
 * than its log reaches.
 */
struct lfk_log_scanner {
    struct lfk_log *log;
    uint32_t wanted; /* how many bytes of the block have to be known to go on */
    /* The place of the scan, running ahead of what the log has accepted. */
    uint32_t known;
    uint32_t start; /* of the commit */
    uint32_t offset;
    lfk_tag chain;
    const uint8_t *fcrc; /* data of an FCRC in this commit, or NULL */
};

void lfk_log_scanner_start(struct lfk_log_scanner *scanner, struct lfk_log *log, const void *bytes,
                           uint32_t block_size);

/*
 * Goes on with the first `known` bytes in memory. True if that was all: `log`
 * is filled; else `wanted` says how many it takes, and that is more than `known`.
 */
bool lfk_log_scanner_run(struct lfk_log_scanner *scanner, uint32_t known);

/*
 * Erased behind its last commit: may a writer of this prog size append at
 * log->end? What the FCRC covers has to be in memory, too.
 */
bool lfk_log_is_appendable(const struct lfk_log *log, uint32_t prog_size, uint32_t disk_version);

/* One entry of a log: a tag and its data, inside the block. */
struct lfk_record {
    lfk_tag tag;
    uint32_t offset; /* of the data in the block */
    const uint8_t *data;
    uint32_t size;
};

/* Reads the valid part of a log entry by entry, commit CRCs included. */
struct lfk_log_reader {
    const struct lfk_log *log;
    uint32_t offset;
    lfk_tag chain;
};

void lfk_log_reader_start(struct lfk_log_reader *reader, const struct lfk_log *log);

/* False at the end. */
bool lfk_log_reader_next(struct lfk_log_reader *reader, struct lfk_record *record);

/* True if revision a is newer than b: sequence numbers, modulo 2^32. */
static inline bool lfk_revision_is_newer(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b) > 0;
}

/* --- the log of a metadata block, written (commit.c) -------------------------- */

/* How commits are laid out: what they are aligned to, and whether they carry FCRCs. */
struct lfk_commit_format {
    uint32_t block_size;
    uint32_t prog_size;
    uint32_t limit; /* metadata_max or block_size: where entries must end, less 8 */
    uint32_t disk_version;
    uint32_t fcrc_size; /* bytes that an FCRC covers, at most prog_size; 0: prog_size */
};

/*
 * Encodes one commit into a buffer that holds the whole block as it will be
 * after programming. The prog unit after the commit must be as it is on the
 * device, erased, when the commit is finished: the phase bit and the FCRC are
 * computed from it.
 */
struct lfk_commit {
    struct lfk_commit_format format;
    uint8_t *block;
    uint32_t start;  /* of this commit */
    uint32_t offset; /* where the next entry goes */
    uint32_t end;    /* of what has to be programmed, once finished: padding units are not */
    lfk_tag chain;
    uint32_t crc;  /* of the last CRC entry written, for the seed */
    bool overflow; /* an entry did not fit: everything since is void */
};

/* Starts the first commit of a block: writes the revision count. */
void lfk_commit_start(struct lfk_commit *commit, const struct lfk_commit_format *format,
                      void *block, uint32_t revision);

/* Starts another commit where a log ends that can be appended to. */
void lfk_commit_continue(struct lfk_commit *commit, const struct lfk_commit_format *format,
                         void *block, const struct lfk_log *log);

/* Appends an entry. Data may be NULL if the tag has none. */
void lfk_commit_add(struct lfk_commit *commit, lfk_tag tag, const void *data);

/* False if an entry, or the end of the commit, has no room. */
bool lfk_commit_fits(const struct lfk_commit *commit);

/*
 * Where the prog unit begins whose bytes lfk_commit_finish looks at; 0 if there
 * is none, as no commit can follow.
 */
uint32_t lfk_commit_next(const struct lfk_commit *commit);

/*
 * Ends the commit: FCRC, CRC, padding up to the prog size, 0xff where it shares
 * a unit with something else. Returns the offset after it, or LFK_ERR_NOSPC if
 * something did not fit.
 */
int lfk_commit_finish(struct lfk_commit *commit);

/* --- superblock (superblock.c) -------------------------------------------------- */

#define LFK_MAGIC "littlefs"
#define LFK_MAGIC_SIZE 8u
#define LFK_SUPERBLOCK_SIZE 24u

struct lfk_superblock {
    uint32_t version; /* major << 16 | minor */
    uint32_t block_size;
    uint32_t block_count;
    uint32_t name_max; /* zero in these three: not stated */
    uint32_t file_max;
    uint32_t attr_max;
};

/* Shorter data reads as zero in the missing fields. */
void lfk_superblock_decode(struct lfk_superblock *superblock, const void *bytes, uint32_t size);
void lfk_superblock_encode(const struct lfk_superblock *superblock,
                           uint8_t bytes[LFK_SUPERBLOCK_SIZE]);

/*
 * Checks what every reader must: the major version is 2 and the minor known,
 * the block size possible, the limits at most their ceilings.
 */
int lfk_superblock_check(const struct lfk_superblock *superblock, struct lfk_detail *detail);

/*
 * Finds the superblock entry in a log: id 0 is named by the magic and has
 * inline data. The fields are as stored: check them.
 */
bool lfk_superblock_find(const struct lfk_log *log, struct lfk_superblock *superblock);

/* --- CTZ lists (ctz.c) --------------------------------------------------------- */

/* Number of blocks of a file of this size; 0 for an empty one. */
uint32_t lfk_ctz_blocks(uint32_t block_size, uint32_t file_size);

/* The block of the list that holds file offset `pos`, and where in that block it is. */
uint32_t lfk_ctz_index(uint32_t block_size, uint32_t pos, uint32_t *offset);

/* Pointers at the start of block `index`, and the most that any has. */
#define LFK_CTZ_POINTERS_MAX 32u
uint32_t lfk_ctz_pointers(uint32_t index);

/* Bytes of data that block `index` holds. */
uint32_t lfk_ctz_capacity(uint32_t block_size, uint32_t index);

/* --- global state (gstate.c) ------------------------------------------------------ */

#define LFK_GSTATE_SIZE 12u

/*
 *   31    30          20 19      10 9        0
 *   sync   0x4ff or 0     move id   reserved   | pair[0] | pair[1]
 */
struct lfk_gstate {
    uint32_t word;
    struct lfk_pair pair; /* words XOR like the first: zero, not null, when there is no move */
};

void lfk_gstate_decode(struct lfk_gstate *state,
                       const void *bytes); /* 12 bytes; reserved bits dropped */
void lfk_gstate_encode(const struct lfk_gstate *state, uint8_t bytes[LFK_GSTATE_SIZE]);
void lfk_gstate_xor(struct lfk_gstate *state, const struct lfk_gstate *delta);
bool lfk_gstate_is_zero(const struct lfk_gstate *state);
bool lfk_gstate_has_orphans(const struct lfk_gstate *state); /* the sync bit */
bool lfk_gstate_has_move(const struct lfk_gstate *state);
uint32_t lfk_gstate_move_id(const struct lfk_gstate *state);
/* True for the entry that is the source of the move. */
bool lfk_gstate_moves(const struct lfk_gstate *state, struct lfk_pair pair, uint32_t id);
void lfk_gstate_set_orphans(struct lfk_gstate *state, bool orphans);
void lfk_gstate_set_move(struct lfk_gstate *state, struct lfk_pair pair, uint32_t id);
void lfk_gstate_clear_move(struct lfk_gstate *state);

#endif
