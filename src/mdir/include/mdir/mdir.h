/* SPDX-License-Identifier: MIT */
/*
 * Metadata pairs: each block is read and folded once into a list of entries,
 * and kept. The list is the truth; a lookup by name is a binary search in it.
 */
#ifndef LFK_MDIR_H
#define LFK_MDIR_H

#include "bd/bd.h"
#include "disk/disk.h"

struct lfk_mdir_attribute {
    struct lfk_mdir_attribute *next; /* by rising type */
    const uint8_t *data;
    uint16_t size;
    uint8_t type;
};

struct lfk_entry {
    const uint8_t *name; /* NULL: none seen */
    const uint8_t *data; /* of the STRUCT: inline content, or a pointer still encoded; or NULL */
    struct lfk_mdir_attribute *attributes;
    uint16_t name_type;   /* LFK_TYPE_FILE, _DIR, _SUPERBLOCK, or another of class 0 */
    uint16_t struct_type; /* LFK_TYPE_*_STRUCT, or another of class 2 */
    uint16_t name_size;
    uint16_t data_size;
};

/*
 * What a pair says, that is, what its current block says. Pairs with the same
 * current block, as a stale pointer and a new one can have, are one mdir.
 */
struct lfk_mdir {
    struct lfk_pair pair;            /* as it was first asked for, the current block first */
    struct lfk_log log;              /* of the current block */
    const struct lfk_detail *damage; /* the block cannot be used; NULL: it can */
    bool folded;
    bool other_bad; /* the newer block has no valid commit: this is the older one */
    bool tail_hard;
    struct lfk_pair tail; /* LFK_PAIR_NULL at the end of the list */
    struct lfk_gstate delta;
    uint32_t count;
    struct lfk_entry *entries;
    /* For who walks over pairs: the number of the last walk that met this one. */
    uint64_t walk;
    struct lfk_mdir *next; /* on the list of pairs, once it is walked */
};

/* All blocks of one device that were read as metadata, by block number. */
struct lfk_mdirs {
    struct lfk_bd *bd;
    uint32_t block_count;         /* of the filesystem; the image may be shorter or longer */
    struct lfk_arena arena;       /* the mdirs and all they hold */
    struct lfk_mdir_page **pages; /* the mdirs by block number, made as needed */
    struct lfk_fold *fold;        /* scratch */
};

void lfk_mdirs_open(struct lfk_mdirs *mdirs, struct lfk_bd *bd,
                    const struct lfk_allocator *allocator);

/* Accepts zeroed mdirs. */
void lfk_mdirs_close(struct lfk_mdirs *mdirs);

/*
 * The pair, read now if it has not been. LFK_ERR_CORRUPT: a block number is
 * not below block_count, or neither block holds a valid commit, or an entry is
 * impossible.
 */
int lfk_mdirs_get(struct lfk_mdirs *mdirs, struct lfk_pair pair, struct lfk_mdir **mdir,
                  struct lfk_detail *detail);

/*
 * Finds a name by binary search. True if it is there; *index is its entry, or
 * where it would be inserted. The superblock's entry has no part in it.
 */
bool lfk_mdir_lookup(const struct lfk_mdir *mdir, const void *name, size_t size, uint32_t *index);

/* True if the entry is that of the superblock. */
bool lfk_mdir_is_superblock(const struct lfk_mdir *mdir, uint32_t index);

#endif
