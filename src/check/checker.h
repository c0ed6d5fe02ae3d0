/* SPDX-License-Identifier: MIT */
/*
 * A check at work; private to the part check. Everything that is met is kept in
 * arrays that only grow, and referred to by its index. Nothing is read twice:
 * each block has one log, each log is unwound into entries once, each block of
 * a file is claimed once. That bounds time and memory by the size of the image.
 *
 * Telling a finding cannot fail on the spot: that memory has run out is kept in
 * `status`, and ends the check at its next step.
 */
#ifndef LFK_CHECKER_H
#define LFK_CHECKER_H

#include "check/check.h"
#include "disk/disk.h"

#define LFK_CHECK_NONE UINT32_MAX         /* an index of nothing */
#define LFK_CHECK_ENTRIES_MAX LFK_ID_NONE /* ids are below it */
#define LFK_CHECK_TAG_SIZE 4u
#define LFK_CHECK_PAIR_SIZE 8u /* of an encoded pair pointer */

/* What the log of a pair leaves of an entry. */
struct lfk_check_entry {
    const char *name;    /* a copy; NULL: it has none */
    const uint8_t *data; /* in the block, while the check is at work */
    uint32_t pair;
    uint32_t name_offset; /* of the tag in the block; 0: there was none */
    uint32_t data_offset;
    uint16_t id;
    uint16_t name_type;
    uint16_t name_size;
    uint16_t struct_type;
    uint16_t data_size;
};

/* What is wrong with the block of a pair that does not count. */
struct lfk_check_twin {
    bool is_wrong;
    enum lfk_finding_id finding;
    struct lfk_finding place;
};

struct lfk_check_pair {
    struct lfk_pair pair; /* the block that counts first */
    struct lfk_log log;   /* of that block */
    uint32_t first;       /* its entries, by rising id */
    uint32_t count;
    struct lfk_pair tail;
    uint32_t tail_offset; /* of its tag; 0: there was none */
    struct lfk_gstate delta;
    uint32_t attribute_size; /* the largest, and where its tag is */
    uint32_t attribute_offset;
    uint32_t directory; /* that it is a part of */
    bool readable;      /* it has a valid commit */
    bool whole;         /* and its entries are known */
    bool listed;        /* on the list of pairs */
    bool tail_hard;
    bool continues; /* the pair before it on the list says that it goes on a directory */
    uint32_t names; /* entries that name it, without those of stale pairs */
    bool stale;     /* an entry names a later version of it */
    struct lfk_check_twin twin;
};

/* A directory is known by its first pair. */
struct lfk_check_directory {
    uint32_t pair;
    uint32_t entry; /* that names it */
    bool is_root;
    bool is_orphan; /* or below one */
};

/* A tag of the log that is being unwound. */
struct lfk_check_record {
    struct lfk_record record;
    uint32_t before; /* entries before it */
};

/* A finding, and what it is about. */
struct lfk_check_note {
    struct lfk_finding finding;
    uint32_t pair;
    uint32_t entry;
};

/* A block's log, scanned. */
struct lfk_check_log {
    struct lfk_log log; /* without bytes if the block cannot be read */
    bool taken;         /* a pair has its entries */
};

struct lfk_check {
    const struct lfk_allocator *allocator;
    struct lfk_check_info info;
    struct lfk_check_entry *entries;
    size_t entry_count;
    size_t entry_room;
    struct lfk_check_pair *pairs;
    size_t pair_count;
    size_t pair_room;
    struct lfk_check_directory *directories;
    size_t directory_count;
    size_t directory_room;
    uint32_t *owners; /* of each block of the image: LFK_CHECK_OWNER_* of what claimed it */
    uint8_t *shared;  /* of each block: something else has claimed it too */
    struct lfk_arena names;

    /* While the check is at work: */
    struct lfk_bd *bd;
    struct lfk_detail *detail;
    int status; /* LFK_ERR_NOMEM: something could not be told */
    struct lfk_check_options options;
    struct lfk_superblock superblock; /* as the root has it, its defaults filled in */
    uint32_t limit;                   /* blocks that the volume and the image have */
    uint32_t root;                    /* the pair where the root begins, or none */
    bool complete;                    /* the list was walked to its end, and every pair is whole */
    struct lfk_gstate state;          /* the sum over the list, if it is complete */
    uint32_t hidden;                  /* the source of a pending move on the list, or none */
    struct lfk_check_note *notes;
    size_t note_count;
    size_t note_room;
    unsigned in_a_row; /* findings told last that are about one block */
    struct lfk_check_log *logs;
    size_t log_count;
    size_t log_room;
    uint32_t *log_of;  /* each block's index in logs, plus 1 */
    uint32_t *pair_of; /* the first pair met that each block is of */
    struct lfk_check_record *records;
    size_t record_count;
    size_t record_room;
    struct lfk_check_entry *slots; /* LFK_CHECK_ENTRIES_MAX */
    bool *named; /* of each id, in the log that is being collected: it has a name; as many */
    uint16_t *positions; /* as many */
    uint32_t *waiting;   /* entries of directories that cannot be entered yet */
    size_t waiting_count;
    size_t waiting_room;
    uint32_t *list; /* the blocks of a file */
    size_t list_room;
    struct lfk_arena copies; /* of blocks that cannot be mapped */
};

/* --- notes.c: findings ------------------------------------------------------------- */

/* What a finding is about: an entry, a pair (an index, or none), or the volume. */
struct lfk_check_about {
    uint32_t pair;
    uint32_t entry;
};

#define LFK_ABOUT_VOLUME ((struct lfk_check_about){LFK_CHECK_NONE, LFK_CHECK_NONE})

static inline struct lfk_check_about lfk_about_pair(uint32_t pair)
{
    return (struct lfk_check_about){pair, LFK_CHECK_NONE};
}

static inline struct lfk_check_about lfk_about_entry(uint32_t entry)
{
    return (struct lfk_check_about){LFK_CHECK_NONE, entry};
}

/* Where it is, and what is wrong there. */
static inline struct lfk_finding lfk_in_block(uint32_t block)
{
    return (struct lfk_finding){.has_block = true, .block = block};
}

static inline struct lfk_finding lfk_at(uint32_t block, uint32_t offset)
{
    return (struct lfk_finding){
        .has_block = true, .has_offset = true, .block = block, .offset = offset};
}

static inline struct lfk_finding lfk_with(struct lfk_finding place, uint64_t expected,
                                          uint64_t found)
{
    place.has_values = true;
    place.expected = expected;
    place.found = found;
    return place;
}

void lfk_check_tell(struct lfk_check *check, enum lfk_finding_id id, struct lfk_check_about about,
                    struct lfk_finding place);

/* Hands out everything told. */
int lfk_check_deliver(struct lfk_check *check);

/* --- paths.c ------------------------------------------------------------------------- */

/* As lfk_check_block_path. */
size_t lfk_check_entry_path(const struct lfk_check *check, uint32_t entry, char *buffer,
                            size_t size);
size_t lfk_check_directory_path(const struct lfk_check *check, uint32_t directory, char *buffer,
                                size_t size);

/* --- pairs.c ------------------------------------------------------------------------- */

/* Reads the first bytes of a block; a bad block is not an error, but cannot be read. */
int lfk_check_read(struct lfk_check *check, uint32_t block, void *buffer, uint32_t size,
                   bool *readable);

/* The log of a block of the image, scanned once; an error is one of device or memory. */
int lfk_check_log(struct lfk_check *check, uint32_t block, struct lfk_check_log **log);

/* Reads a pair, each of whose blocks may be outside the image, and tells what is wrong with it. */
int lfk_check_read_pair(struct lfk_check *check, struct lfk_pair blocks, uint32_t *index);

/* When all pairs are known: tells what is wrong with the blocks that do not count. */
void lfk_check_twins(struct lfk_check *check);

/* The pair met before that has just these blocks, or none. */
uint32_t lfk_check_find_pair(const struct lfk_check *check, struct lfk_pair blocks);

/* A pair met before that has one of these blocks, or none. */
uint32_t lfk_check_find_related(const struct lfk_check *check, struct lfk_pair blocks);

/* True if the block is in the image and in the volume, as far as that is known. */
static inline bool lfk_check_has_block(const struct lfk_check *check, uint32_t block)
{
    return block < check->limit;
}

/* --- records.c ------------------------------------------------------------------------- */

/*
 * Collects the tags of a pair's log with the number of entries before each, tells
 * those that cannot be, and takes down tail and delta. Sets pair->whole if all
 * ids are possible; *count is then the number of entries in the end.
 */
int lfk_check_collect(struct lfk_check *check, uint32_t pair, uint32_t *count);

/* --- unwind.c -------------------------------------------------------------------------- */

/* Makes the entries of a pair, whose `count` in the end is known, of the tags collected. */
int lfk_check_unwind(struct lfk_check *check, uint32_t pair, uint32_t count);

/* --- thread.c ---------------------------------------------------------------------------- */

/* Walks the list of pairs, reading each. */
int lfk_check_walk(struct lfk_check *check);

/* --- superblocks.c ----------------------------------------------------------------------- */

/* True if the pair begins with a superblock entry. */
bool lfk_check_is_superblock(const struct lfk_check *check, const struct lfk_check_pair *pair);

/* Finds the root and takes over its superblock; holds all copies against it. */
int lfk_check_superblocks(struct lfk_check *check);

/* --- globalstate.c ------------------------------------------------------------------------ */

/* Sums up the global state, and finds what it says is hidden. */
void lfk_check_state(struct lfk_check *check);

/* True for the source of a pending move, in any version of its pair that the state knows it by. */
bool lfk_check_is_hidden(const struct lfk_check *check, uint32_t entry);

/*
 * A pair on the list that these blocks may be a later version of, or none;
 * `continues`: it is not the first of its directory; `named`: an entry names it.
 */
uint32_t lfk_check_find_version(const struct lfk_check *check, struct lfk_pair blocks,
                                bool continues, bool named);

/* When all entries are known: is the moved entry anywhere else? */
void lfk_check_moved(struct lfk_check *check);

/* --- directories.c ------------------------------------------------------------------------ */

/* Goes through all directories, from the root and then from what it does not lead to. */
int lfk_check_directories(struct lfk_check *check);

/* --- items.c ------------------------------------------------------------------------------- */

/* Checks an entry by itself, and against the one before it in its directory (or none). */
void lfk_check_item(struct lfk_check *check, uint32_t entry, uint32_t before);

/* The pair a directory's entry names, or the null pair. */
struct lfk_pair lfk_check_entry_pair(const struct lfk_check_entry *entry);

/* --- claims.c ------------------------------------------------------------------------------- */

/* The owner of a block as it is kept for each. */
#define LFK_CHECK_OWNER_NONE 0u
static inline uint32_t lfk_owner_pair(uint32_t pair)
{
    return 2 * pair + 1;
}

static inline uint32_t lfk_owner_entry(uint32_t entry)
{
    return 2 * entry + 2;
}

static inline bool lfk_owner_is_pair(uint32_t owner)
{
    return owner % 2 == 1;
}

static inline uint32_t lfk_owner_index(uint32_t owner)
{
    return (owner - 1) / 2;
}

/* Claims a block; false, after telling so, if something else has it already. */
bool lfk_check_claim(struct lfk_check *check, uint32_t block, uint32_t owner);

/* Claims the blocks of all pairs. */
void lfk_check_claim_pairs(struct lfk_check *check);

/* --- filelist.c ------------------------------------------------------------------------------ */

/* Walks the lists of blocks of all files. */
int lfk_check_files(struct lfk_check *check);

#endif
