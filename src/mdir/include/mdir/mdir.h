/* SPDX-License-Identifier: MIT */
/*
 * Metadata pairs: each is read and folded once into a list of entries, and
 * kept. The list is the truth; a lookup by name is a binary search in it. A
 * change is a short list of edits, which are appended to the log as a commit
 * and applied to the list; when the log is full, the list itself is written as
 * one compact commit.
 *
 * All pairs of a volume form one list, linked by their tails: the threaded
 * list. It stands here as it stands on disk.
 */
#ifndef LFK_MDIR_H
#define LFK_MDIR_H

#include "alloc/alloc.h"
#include "bd/bd.h"
#include "disk/disk.h"

/* --- pairs, read -------------------------------------------------------------- */

struct lfk_mdir_attribute {
    struct lfk_mdir_attribute *next; /* by rising type */
    const uint8_t *data;
    uint16_t size;
    uint8_t type;
};

/* What a user of an entry keeps beside it embeds this; it learns where the entry goes. */
struct lfk_entry_tie {
    struct lfk_mdir *mdir; /* NULL: the entry is gone */
};

struct lfk_entry {
    const uint8_t *name; /* NULL: none seen */
    const uint8_t *data; /* of the STRUCT: inline content, or a pointer still encoded; or NULL */
    struct lfk_mdir_attribute *attributes;
    struct lfk_entry_tie *tie; /* NULL: nobody minds */
    uint16_t name_type;        /* LFK_TYPE_FILE, _DIR, _SUPERBLOCK, or another of class 0 */
    uint16_t struct_type;      /* LFK_TYPE_*_STRUCT, or another of class 2; 0: none seen */
    uint16_t name_size;
    uint16_t data_size;
};

/*
 * What a pair says, that is, what its current block says. Pairs with the same
 * current block, as a stale pointer and a new one can have, are one mdir. It
 * stays where it is until the mdirs are closed.
 */
struct lfk_mdir {
    struct lfk_pair pair; /* the current block first */
    struct lfk_log log;   /* of the current block */
    uint8_t *image;       /* the block in memory that is the mdir's own; NULL: it is mapped */
    const struct lfk_detail *damage; /* the block cannot be used; NULL: it can */
    bool folded;
    bool other_bad;    /* the newer block has no valid commit: this is the older one */
    bool appendable;   /* another commit may follow the log's last */
    bool unsettled;    /* a commit failed half-way: what the disk says is not known */
    bool state_unsure; /* if it is unsettled: nor what it adds to the global state */
    bool tail_hard;
    struct lfk_pair tail; /* LFK_PAIR_NULL at the end of the list */
    struct lfk_gstate delta;
    uint32_t count;
    size_t room;
    struct lfk_entry *entries;
    /* For who walks over pairs: the number of the last walk that met this one. */
    uint64_t walk;
    struct lfk_mdir *next; /* on the threaded list, once it is walked */
    struct lfk_mdir *prev;
    /* Of a head: holds the directory's entry; known when writing. Of any other that a repair
     * finds off the list, or named from there: has the hard tail to it. */
    struct lfk_mdir *parent;
    struct lfk_mdir *head;   /* whose index this pair is in; NULL: in none */
    struct lfk_mdir **index; /* of a head: the pairs of its directory, once it was asked for */
    uint32_t index_count;    /* 0: there is none */
    size_t index_room;
};

/* Where somebody stands in a directory: before the entry `id` of a pair. */
struct lfk_mdir_place {
    struct lfk_mdir *mdir; /* NULL: at the end */
    uint32_t id;
    uint32_t position; /* entries of the directory before it */
    bool at_start;     /* stays before all entries, also those that are added */
};

struct lfk_mdir_cursor {
    struct lfk_mdir_cursor *next; /* on the mdirs' list of those to keep right */
    struct lfk_mdir *head;        /* of the directory */
    struct lfk_mdir_place at;
    struct lfk_mdir_place before; /* where it was when the change at hand began */
};

/* How a volume is written; all zero on one that is only read. */
struct lfk_mdirs_writing {
    struct lfk_commit_format format;
    int32_t block_cycles; /* a block is replaced after as many compactions; <= 0: never */
    uint32_t read_max;    /* bytes of a log that are read at a time; 0: no limit */
    struct lfk_blockmap *blocks;
};

/* All blocks of one device that were read as metadata, by block number. */
struct lfk_mdirs {
    struct lfk_bd *bd;
    uint32_t block_count;         /* of the filesystem; the image may be shorter or longer */
    struct lfk_arena arena;       /* the mdirs and attributes */
    struct lfk_mdir_page **pages; /* the mdirs by block number, made as needed */
    size_t page_room;
    struct lfk_mdir_attribute *free_attributes;
    struct lfk_mdir *first; /* of the threaded list: {0, 1} */
    struct lfk_mdir *root;  /* the root directory's first pair: the last with a superblock entry */
    struct lfk_mdirs_writing writing;
    struct lfk_gstate gstate; /* as it is to be */
    struct lfk_gstate gdisk;  /* as it is on disk */
    uint32_t orphans;         /* reasons for the sync bit of `gstate` */
    bool repairing;           /* the list is not in order: no worn pair is moved now */
    struct lfk_mdir_cursor *cursors;
    const struct lfk_change_run *run; /* the change under way; NULL: none is */
    struct lfk_mdir *left; /* pairs as they were before they moved, which the list on disk has */
    size_t left_count;
    size_t left_room;
    bool left_unsure;   /* of one of them nobody knows what the disk says */
    int left_status;    /* why the change that has left them was given up */
    uint32_t unsettled; /* mdirs that are */
    bool touched;       /* something was programmed since this was cleared */
    uint8_t *scratch;   /* a block to read back what was programmed */
};

void lfk_mdirs_open(struct lfk_mdirs *mdirs, struct lfk_bd *bd,
                    const struct lfk_allocator *allocator);

/* Before anything is read: the mdirs will be written to. */
int lfk_mdirs_open_writing(struct lfk_mdirs *mdirs, const struct lfk_mdirs_writing *writing,
                           struct lfk_detail *detail);

/* Accepts zeroed mdirs. */
void lfk_mdirs_close(struct lfk_mdirs *mdirs);

/*
 * The pair, read now if it has not been; in the course of a change, one that has
 * moved goes by its former blocks as well. LFK_ERR_CORRUPT: a block number is not
 * below block_count, or neither block holds a valid commit, or an entry is impossible.
 */
int lfk_mdirs_get(struct lfk_mdirs *mdirs, struct lfk_pair pair, struct lfk_mdir **mdir,
                  struct lfk_detail *detail);

/*
 * Finds a name by binary search. True if it is there; *index is its entry, or
 * where it would be inserted. The superblock's entry has no part in it.
 */
bool lfk_mdir_lookup(const struct lfk_mdir *mdir, const void *name, size_t size, uint32_t *index);

/*
 * The pair of a directory where the search for a name may begin: none before
 * it has the name or a greater one. The head itself on a volume that is only read.
 */
struct lfk_mdir *lfk_mdirs_start(struct lfk_mdirs *mdirs, struct lfk_mdir *head, const void *name,
                                 size_t size);

/*
 * True if a directory, not the root, begins with the pair: a tail names it that
 * is not hard. The list of pairs stands.
 */
bool lfk_mdir_is_head(const struct lfk_mdir *mdir);

/* True if the entry is that of the superblock. */
bool lfk_mdir_is_superblock(const struct lfk_mdir *mdir, uint32_t index);

/* The index of the entry that a tie holds on to; mdir->count if there is none. */
uint32_t lfk_mdir_find_tie(const struct lfk_mdir *mdir, const struct lfk_entry_tie *tie);

/* NULL: the entry has no such attribute. */
const struct lfk_mdir_attribute *lfk_entry_attribute(const struct lfk_entry *entry, uint8_t type);

/* The pair that a directory's entry points to; the null pair if it has no pointer. */
struct lfk_pair lfk_entry_pair(const struct lfk_entry *entry);

/* Head and size of a CTZ list; false if the entry is no file in blocks. */
bool lfk_entry_ctz(const struct lfk_entry *entry, uint32_t *head, uint32_t *size);

/* True for the source of the pending move: what is there has gone elsewhere. */
bool lfk_mdirs_is_moved(const struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir, uint32_t id);

/* --- pairs, written ----------------------------------------------------------------- */

/* One change, in the form it has on disk; ids are as they are after the edits before it. */
struct lfk_edit {
    lfk_tag tag;
    const void *data;
};

/*
 * Writes those pairs anew of which nobody knows what the disk says, because a
 * commit failed half-way. To be called before the next change.
 */
int lfk_mdirs_settle(struct lfk_mdirs *mdirs, struct lfk_detail *detail);

/*
 * Makes all the edits of one pair in one commit, with what has changed in
 * `gstate` since it was written last. On the way the log may be compacted, the
 * pair split, moved to other blocks, or, if it is left empty and not the first
 * of its directory, dropped; what refers to it is changed with it. After a
 * failure the volume is as before. A repair may be due after either outcome:
 * if only what refers to the list of pairs could not be written, the edits are
 * in force and the global state says what is missing. While a move is pending no
 * edit may shift the ids of its source's pair; that stays where it is, unless a
 * block of it is bad, and is then known by the other.
 *
 * LFK_ERR_NOSPC: no block is free, or an entry does not fit in one, or the pair
 * {0, 1} cannot be written any more; others are the device's.
 */
int lfk_mdirs_commit(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, const struct lfk_edit *edits,
                     size_t count, struct lfk_detail *detail);

/* Writes the pair's log anew, as one commit. */
int lfk_mdirs_rewrite(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, struct lfk_detail *detail);

/*
 * Writes a pair without entries whose tail is `tail`, to blocks that nothing
 * refers to yet. It is not on the list; lfk_mdir_link puts it there.
 */
int lfk_mdirs_create(struct lfk_mdirs *mdirs, struct lfk_pair tail, struct lfk_mdir **mdir,
                     struct lfk_detail *detail);

/* The first two blocks become a volume with the superblock's entry alone; nothing else is touched.
 */
int lfk_mdirs_format(struct lfk_mdirs *mdirs, const struct lfk_superblock *superblock,
                     struct lfk_detail *detail);

/* Takes a pair that nothing refers to out of the table and frees what it holds. */
void lfk_mdirs_forget(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir);

/*
 * Tells all directories which pair holds their entries, and what entries are
 * tied to where these are. The list of pairs stands.
 */
void lfk_mdirs_adopt_all(struct lfk_mdirs *mdirs);

/* The same for the entries of one pair, which have the say over those of others. */
void lfk_mdirs_adopt(const struct lfk_mdirs *mdirs, struct lfk_mdir *mdir);

/* Puts a pair that was created on the list in memory, after `prev`, whose tail names it. */
void lfk_mdir_link(struct lfk_mdir *prev, struct lfk_mdir *mdir);

/* Takes it off again, in memory alone: nothing has named it. */
void lfk_mdir_unlink(struct lfk_mdir *mdir);

/*
 * Takes a pair off the list: the one before it takes over its tail and its
 * share of the global state.
 */
int lfk_mdirs_drop(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir, struct lfk_detail *detail);

/* Change the desired global state; it is written with the next commit. */
void lfk_mdirs_set_move(struct lfk_mdirs *mdirs, struct lfk_pair pair, uint32_t id);
void lfk_mdirs_clear_move(struct lfk_mdirs *mdirs);
void lfk_mdirs_add_orphan(struct lfk_mdirs *mdirs);
void lfk_mdirs_remove_orphan(struct lfk_mdirs *mdirs);

/* The list is in order: no reason is left for the sync bit. */
void lfk_mdirs_end_repair(struct lfk_mdirs *mdirs);

/* Anything but 0 ends the visit. */
typedef int lfk_mdir_fn(void *context, const struct lfk_mdir *mdir);

/*
 * Visits the pairs as they were before the change under way, or before one that
 * was given up half-way, as far as the disk may say so still. What they name must
 * not be overwritten: should it hold another pair, the list would go on there.
 */
int lfk_mdirs_visit_superseded(const struct lfk_mdirs *mdirs, lfk_mdir_fn *visit, void *context);

/* Blocks in use as littlefs counts them: two for each pair on the list, and those of every file. */
uint64_t lfk_mdirs_blocks_used(const struct lfk_mdirs *mdirs);

#endif
