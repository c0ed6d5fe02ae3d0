/* SPDX-License-Identifier: MIT */
/*
 * The filesystem over a block device: mount, paths, directories, files,
 * attributes. A volume is mounted to be read or to be written to; what is
 * declared under "reading" works on both.
 */
#ifndef LFK_FS_H
#define LFK_FS_H

#include "alloc/alloc.h"
#include "bd/bd.h"
#include "disk/disk.h"
#include "mdir/mdir.h"

/* --- mounting -------------------------------------------------------------------- */

/* Told of one damaged place. */
typedef void lfk_fs_damage_fn(void *context, const struct lfk_detail *detail);

/* How the device is written; sizes in bytes, zero means the default. */
struct lfk_fs_writing {
    uint32_t prog_size;    /* what is programmed at once; 1 */
    uint32_t cache_size;   /* of the device's driver: bounds what is inline; block_size */
    uint32_t metadata_max; /* used bytes of a metadata block; block_size */
    uint32_t inline_max;   /* min(cache_size, attr_max, metadata_max / 8); UINT32_MAX: none */
    uint32_t name_max;     /* the least of these and the volume's own holds; the ceilings */
    uint32_t file_max;
    uint32_t attr_max;
    int32_t block_cycles;  /* <= 0: no wear levelling */
    uint32_t disk_version; /* LFK_DISK_2_1; what is older becomes this at the first change */
};

struct lfk_fs_options {
    const struct lfk_allocator *allocator;
    uint32_t block_count; /* expected; 0: as the superblock says */
    /*
     * NULL: the first damage fails the mount. Else it is told of each and the
     * mount goes on with what can be read; it fails only when there is no root.
     */
    lfk_fs_damage_fn *damage;
    void *damage_context;
    const struct lfk_fs_writing *writing; /* NULL: to be read only */
};

struct lfk_fs {
    struct lfk_bd *bd;
    struct lfk_fs_options options;
    struct lfk_fs_writing
        writing; /* with all defaults filled in and the volume's limits taken over */
    struct lfk_mdirs mdirs;
    struct lfk_blockmap blocks;
    struct lfk_superblock superblock; /* the root's: the last on the list */
    uint32_t pairs;                   /* on the list when it was mounted */
    uint32_t superblocks;             /* superblock entries on the list */
    bool copies_differ;               /* they do not all state the same block count */
    uint32_t revision_min;
    uint32_t revision_max;
    uint32_t torn;             /* pairs whose log ends in an unfinished or broken commit */
    uint32_t stale;            /* pairs read from their older block, the newer being bad */
    uint32_t seed;             /* where the search for free blocks begins, modulo the count */
    uint64_t walk;             /* number of the newest walk over directories, see lfk_fs_walk */
    bool relinking;            /* the list in memory is not whole: building it failed half-way */
    bool checked;              /* the directories: they were found fit to be written to */
    struct lfk_fs_file *files; /* that are open */
};

/* The device has its block size already (see image/image.h). Must not be moved while mounted. */
int lfk_fs_mount(struct lfk_fs *fs, struct lfk_bd *bd, const struct lfk_fs_options *options,
                 struct lfk_detail *detail);
/* Accepts a zeroed fs. What is open is closed as it stands on disk. */
void lfk_fs_unmount(struct lfk_fs *fs);

/* --- reading ------------------------------------------------------------------------ */

/* An entry and where it stands; entry NULL: the root directory. */
struct lfk_fs_entry {
    struct lfk_mdir *mdir;
    const struct lfk_entry *entry;
    uint32_t id;
};

/*
 * Resolves a path by littlefs's rules: slashes collapse, "." vanishes, ".." is
 * textual, and what a slash follows is a directory. LFK_ERR_INVAL: the path is
 * empty or goes above the root. LFK_ERR_NOENT, LFK_ERR_NOTDIR, LFK_ERR_CORRUPT.
 */
int lfk_fs_lookup(struct lfk_fs *fs, const char *path, struct lfk_fs_entry *found,
                  struct lfk_detail *detail);

/* Where a name stands in its directory, or would stand. */
struct lfk_fs_place {
    struct lfk_fs_entry found; /* if `exists` */
    bool exists;
    bool slash;            /* slashes follow the name: it has to be a directory's */
    struct lfk_mdir *mdir; /* that has the entry, or is to get it */
    uint32_t id;
    const char *name; /* in the path */
    size_t name_size;
    struct lfk_pair directory; /* the first pair of the one it is in */
};

/* The same for a name that may be missing: LFK_ERR_NOENT only if its directory is missing. */
int lfk_fs_find(struct lfk_fs *fs, const char *path, struct lfk_fs_place *place,
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

/* True if a directory shows the entry as a file or directory, and a path finds it. */
bool lfk_fs_is_shown(const struct lfk_fs *fs, const struct lfk_mdir *mdir, uint32_t id);

/* Where a file's bytes are. */
struct lfk_fs_content {
    const uint8_t *data; /* of an inline file; NULL: a CTZ list */
    uint32_t head;       /* of a CTZ list */
    uint32_t size;
};

/* LFK_ERR_CORRUPT: the entry says nothing of its content, or in no form known. */
int lfk_fs_content(const struct lfk_fs_entry *entry, struct lfk_fs_content *content,
                   struct lfk_detail *detail);

/* A CTZ list read whole, from front to back. */
struct lfk_fs_stream {
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
int lfk_fs_stream_open(const struct lfk_fs *fs, uint32_t head, uint32_t size,
                       struct lfk_fs_stream *stream, struct lfk_detail *detail);
/* At most `room` spans of the next bytes, valid until the next call; 0 at the end. */
int lfk_fs_stream_next(struct lfk_fs_stream *stream, struct lfk_span *spans, size_t room,
                       struct lfk_detail *detail);
/* Accepts a zeroed stream. */
void lfk_fs_stream_close(struct lfk_fs_stream *stream);

/* --- writing ------------------------------------------------------------------------- */

/*
 * Makes an empty volume of options->block_count blocks; options->writing is
 * needed. LFK_ERR_NOSPC: fewer than two blocks, or one of the first two is bad.
 */
int lfk_fs_format(struct lfk_bd *bd, const struct lfk_fs_options *options,
                  struct lfk_detail *detail);

/*
 * Does what is due before a change: gives the volume our version, completes a
 * rename that was cut, repairs the list of pairs. Every function below that
 * changes the volume does it first.
 */
int lfk_fs_prepare(struct lfk_fs *fs, struct lfk_detail *detail);

/* The same, and the volume says afterwards that nothing is due. Writes nothing if nothing was. */
int lfk_fs_make_consistent(struct lfk_fs *fs, struct lfk_detail *detail);

int lfk_fs_mkdir(struct lfk_fs *fs, const char *path, struct lfk_detail *detail);
int lfk_fs_remove(struct lfk_fs *fs, const char *path, struct lfk_detail *detail);

/* A handle on a file that is renamed follows it. LFK_ERR_INVAL: into its own subtree. */
int lfk_fs_rename(struct lfk_fs *fs, const char *from, const char *to, struct lfk_detail *detail);

/* Creates or replaces; LFK_ERR_NOSPC: longer than attr_max, or no room in the block. */
int lfk_fs_set_attribute(struct lfk_fs *fs, const char *path, uint8_t type, const void *data,
                         uint32_t size, struct lfk_detail *detail);
/* One that is not there is no error, and nothing is written. */
int lfk_fs_remove_attribute(struct lfk_fs *fs, const char *path, uint8_t type,
                            struct lfk_detail *detail);

/* More blocks, or, if none of those that go is in use, fewer: else LFK_ERR_NOTEMPTY. */
int lfk_fs_resize(struct lfk_fs *fs, uint32_t block_count, struct lfk_detail *detail);

/* Writes logs anew that are fuller than `threshold` bytes, and looks for free blocks. */
int lfk_fs_collect_garbage(struct lfk_fs *fs, uint32_t threshold, struct lfk_detail *detail);

/* Anything but 0 ends the traversal and is returned. */
typedef int lfk_fs_block_fn(void *context, uint32_t block);

/* Blocks in use as littlefs counts them; those that an open file has changed count twice. */
uint64_t lfk_fs_blocks_used(const struct lfk_fs *fs);

/* Every block in use, some more than once, those of open files included. */
int lfk_fs_traverse(struct lfk_fs *fs, lfk_fs_block_fn *visit, void *context,
                    struct lfk_detail *detail);

/* --- open files -------------------------------------------------------------------------- */

/* What all handles on one entry share. */
struct lfk_fs_opened {
    struct lfk_entry_tie tie; /* mdir NULL: the file was removed, or replaced */
    uint32_t handles;
};

/* The blocks of a CTZ list, as far as they are known; LFK_BLOCK_NULL: not read yet. */
struct lfk_fs_blocks {
    uint32_t *blocks;
    size_t room;
    uint32_t count;
};

/* An attribute that is stored together with the content. */
struct lfk_fs_attribute {
    const void *data;
    uint32_t size;
    uint8_t type;
};

/*
 * A handle: a snapshot of the file's content, and what was written to it since.
 * The content is inline, in `data`, or a CTZ list. While something is being
 * written, the list ends in front of `buffer`, which is filled for its block
 * `index`; `replaced` are the blocks that the list had from the one on where
 * the writing began.
 */
struct lfk_fs_file {
    struct lfk_fs_file *next; /* on fs->files */
    struct lfk_fs *fs;        /* NULL: it is closed */
    struct lfk_fs_opened *opened;
    bool is_inline;
    bool is_writing;
    bool dirty;         /* the volume has another content */
    bool damaged;       /* the list cannot be followed; it is told when it is read */
    bool commit_failed; /* the last sync got as far as the commit, which failed */
    uint32_t size;      /* without what has been written behind it since the last flush */
    uint8_t *data;      /* of an inline file */
    uint32_t data_room;
    struct lfk_fs_blocks list;
    struct lfk_fs_blocks replaced;
    uint32_t replaced_first; /* index of the first of them */
    uint8_t *buffer;         /* a block, once something was written */
    uint32_t buffered;       /* the last block of the list, if the buffer holds what it does */
    uint32_t index;
    uint32_t fill;    /* bytes of the buffer */
    uint32_t written; /* position in the file behind them */
};

/*
 * Opens the file that an entry stands for. The caller keeps the struct where it
 * is until it is closed.
 */
int lfk_fs_file_open(struct lfk_fs *fs, const struct lfk_fs_entry *entry, struct lfk_fs_file *file,
                     struct lfk_detail *detail);

/* Makes an empty file at a place where there is none, and durable. */
int lfk_fs_file_create(struct lfk_fs *fs, const struct lfk_fs_place *place,
                       struct lfk_fs_entry *entry, struct lfk_detail *detail);

/* Gives up what was not synced. Accepts a file that is closed. */
void lfk_fs_file_close(struct lfk_fs_file *file);

/* Size with what was written. */
uint32_t lfk_fs_file_size(const struct lfk_fs_file *file);

/* Bytes read, fewer only at the end of the file. */
int lfk_fs_file_read(struct lfk_fs_file *file, uint32_t position, void *buffer, uint32_t size,
                     struct lfk_detail *detail);

/*
 * Writes all or fails; what is between the end and `position` becomes zeros. On
 * failure the file's content in memory is that of some moment of the write.
 */
int lfk_fs_file_write(struct lfk_fs_file *file, uint32_t position, const void *data, uint32_t size,
                      struct lfk_detail *detail);

/* Cuts the file, or lengthens it with zeros. */
int lfk_fs_file_truncate(struct lfk_fs_file *file, uint32_t size, struct lfk_detail *detail);

/* Forgets the content; the file is empty and dirty. */
void lfk_fs_file_clear(struct lfk_fs_file *file);

/* Brings what was written to the device; the disk's file is the old one still. */
int lfk_fs_file_flush(struct lfk_fs_file *file, struct lfk_detail *detail);

/*
 * Makes the content and the attributes durable, together, if the file is dirty
 * or there are attributes. Does nothing for a file that was removed.
 */
int lfk_fs_file_sync(struct lfk_fs_file *file, const struct lfk_fs_attribute *attributes,
                     size_t count, struct lfk_detail *detail);

#endif
