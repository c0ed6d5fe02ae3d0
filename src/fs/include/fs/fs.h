/* SPDX-License-Identifier: MIT */
/*
 * The filesystem over a block device: mount, paths, directories, files. This
 * is the reading half; nothing here writes.
 */
#ifndef LFK_FS_H
#define LFK_FS_H

#include "bd/bd.h"
#include "disk/disk.h"
#include "mdir/mdir.h"

/* Told of one damaged place. */
typedef void lfk_fs_damage_fn(void *context, const struct lfk_detail *detail);

struct lfk_fs_options {
    const struct lfk_allocator *allocator;
    uint32_t block_count; /* expected; 0: as the superblock says */
    /*
     * NULL: the first damage fails the mount. Else it is told of each and the
     * mount goes on with what can be read; it fails only when there is no root.
     */
    lfk_fs_damage_fn *damage;
    void *damage_context;
};

struct lfk_fs {
    struct lfk_bd *bd;
    struct lfk_fs_options options;
    struct lfk_mdirs mdirs;
    struct lfk_superblock superblock; /* the root's: the last on the list */
    struct lfk_mdir *first;           /* the list of pairs, as far as it can be followed */
    struct lfk_mdir *root;
    struct lfk_gstate gstate; /* all zero if the list cannot be followed to its end */
    uint32_t pairs;           /* on the list */
    uint32_t superblocks;     /* superblock entries on the list */
    uint32_t revision_min;
    uint32_t revision_max;
    uint32_t torn;  /* pairs whose log ends in an unfinished or broken commit */
    uint32_t stale; /* pairs read from their older block, the newer being bad */
    uint64_t walk;  /* number of the newest walk over directories, see lfk_fs_walk */
};

/* The device has its block size already (see image/image.h). Must not be moved while mounted. */
int lfk_fs_mount(struct lfk_fs *fs, struct lfk_bd *bd, const struct lfk_fs_options *options,
                 struct lfk_detail *detail);
/* Accepts a zeroed fs. */
void lfk_fs_unmount(struct lfk_fs *fs);

/* An entry and where it stands; entry NULL: the root directory. */
struct lfk_fs_entry {
    const struct lfk_mdir *mdir;
    const struct lfk_entry *entry;
    uint32_t id;
};

/*
 * Resolves a path by littlefs's rules: slashes collapse, "." vanishes, ".." is
 * textual, and what a slash follows is a directory. LFK_ERR_INVAL: the path is empty or goes
 * above the root. LFK_ERR_NOENT, LFK_ERR_NOTDIR, LFK_ERR_CORRUPT.
 */
int lfk_fs_lookup(struct lfk_fs *fs, const char *path, struct lfk_fs_entry *found,
                  struct lfk_detail *detail);

bool lfk_fs_is_dir(const struct lfk_fs_entry *entry);

/* The first pair of a directory; LFK_ERR_NOTDIR if the entry is none. */
int lfk_fs_dir_pair(const struct lfk_fs *fs, const struct lfk_fs_entry *entry,
                    struct lfk_pair *pair, struct lfk_detail *detail);

/*
 * Starts a walk. Each pair can be entered once in a walk, so a walk over any
 * number of directories ends, whatever their pointers say.
 */
uint64_t lfk_fs_walk(struct lfk_fs *fs);

/* Goes over the entries of a directory in their order, skipping the source of a pending move. */
struct lfk_fs_dir {
    struct lfk_fs *fs;
    struct lfk_mdir *mdir; /* NULL: at the end */
    uint32_t id;           /* of the next entry */
    uint32_t pairs;        /* met so far */
    uint64_t walk;
};

/* LFK_ERR_CORRUPT: the pair cannot be read, or was entered in this walk before. */
int lfk_fs_dir_open(struct lfk_fs *fs, struct lfk_pair pair, uint64_t walk, struct lfk_fs_dir *dir,
                    struct lfk_detail *detail);
/* 1: an entry; 0: the end; negative: the rest cannot be read, and the end follows. */
int lfk_fs_dir_read(struct lfk_fs_dir *dir, struct lfk_fs_entry *entry, struct lfk_detail *detail);
/* Goes to the next pair of the directory: 1; 0: there is none; negative: it cannot be read. */
int lfk_fs_dir_next_pair(struct lfk_fs_dir *dir, struct lfk_detail *detail);

/* True for the superblock's entry and the source of a pending move: neither is ever seen. */
bool lfk_fs_is_hidden(const struct lfk_fs *fs, const struct lfk_mdir *mdir, uint32_t id);

/* Where a file's bytes are. */
struct lfk_fs_content {
    const uint8_t *data; /* of an inline file; NULL: a CTZ list */
    uint32_t head;       /* of a CTZ list */
    uint32_t size;
};

/* LFK_ERR_CORRUPT: the entry says nothing of its content, or in no form known. */
int lfk_fs_content(const struct lfk_fs_entry *entry, struct lfk_fs_content *content,
                   struct lfk_detail *detail);

/* A CTZ list read from front to back. */
struct lfk_fs_file {
    const struct lfk_fs *fs;
    uint32_t *blocks; /* of the list, in order */
    uint32_t block_total;
    uint32_t index;  /* the next block to deliver */
    uint32_t left;   /* bytes to deliver */
    uint8_t *buffer; /* for a block that cannot be mapped */
};

/*
 * Walks the list of a file of `size` bytes back from its head; every pointer is
 * checked before it is followed, and memory is bounded by the volume's blocks.
 */
int lfk_fs_file_open(const struct lfk_fs *fs, uint32_t head, uint32_t size,
                     struct lfk_fs_file *file, struct lfk_detail *detail);
/* At most `room` spans of the next bytes, valid until the next call; 0 at the end. */
int lfk_fs_file_next(struct lfk_fs_file *file, struct lfk_span *spans, size_t room,
                     struct lfk_detail *detail);
/* Accepts a zeroed file. */
void lfk_fs_file_close(struct lfk_fs_file *file);

/* Blocks in use as littlefs counts them: two for each pair on the list, and those of every file. */
uint64_t lfk_fs_blocks_used(const struct lfk_fs *fs);

#endif
