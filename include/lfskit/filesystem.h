/* SPDX-License-Identifier: MIT */
/*
 * lfskit/filesystem.h - a littlefs volume mounted to be read and written to, on
 * any block device: memory, an image file, flash, functions of yours.
 *
 *   struct lfk_medium_options options = {.size = sizeof options, .block_size = 4096,
 *                                        .block_count = 256, .create = true};
 *   lfk_medium_open_file(&medium, "new.img", &options, &detail);
 *   lfk_filesystem_format(lfk_medium_device(medium), NULL, &detail);
 *   lfk_filesystem_mount(&filesystem, lfk_medium_device(medium), NULL, &detail);
 *   lfk_file_open(&file, filesystem, "log.txt", LFK_OPEN_WRITE | LFK_OPEN_CREATE, NULL, &detail);
 *   lfk_file_write(file, "hello", 5, &detail);
 *   lfk_file_close(file, &detail);
 *   lfk_filesystem_unmount(filesystem);
 *   lfk_medium_close(medium);
 *
 * Handles: what opens or mounts stores a handle through its first argument, and
 * nothing if it fails. Who opens closes; a handle is closed once, NULL any
 * number of times. One volume and all that is open on it belong to one thread
 * at a time.
 *
 * Durability: what changes names or attributes by path is on the device when
 * the function returns. What is written to a file is there when lfk_file_sync
 * or lfk_file_close returns; until then, and whenever power is lost, the file is
 * as it was synced last. Each of these is whole: after a loss of power at any
 * moment it has happened or it has not. Repairs that are due afterwards are
 * made by the next change; reading needs none and makes none.
 *
 * Cost: mounting reads all metadata, once, and keeps it in memory, about twice
 * its size on the device. A path costs a binary search for each name; a file's
 * blocks are found in steps of powers of two. A change of a name or an
 * attribute, or a sync, programs one commit and waits for the device's sync. The
 * first block that is taken after a mount costs a look at every file of the volume.
 *
 * Paths start at the root, with or without a slash; slashes collapse, "."
 * vanishes, ".." takes the name before it away in the text. The empty path and
 * one that leads above the root are LFK_ERR_INVAL. Any function that takes a
 * path may return LFK_ERR_NOENT, LFK_ERR_NOTDIR (a file where a directory has to
 * be, or a slash behind its name) and LFK_ERR_CORRUPT; any function at all what
 * the device returned, and LFK_ERR_NOMEM. What changes a volume that is mounted
 * read-only returns LFK_ERR_INVAL. Only other errors are named below.
 */
#ifndef LFSKIT_FILESYSTEM_H
#define LFSKIT_FILESYSTEM_H

#include "lfskit/tree.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- devices ------------------------------------------------------------------ */

/*
 * Functions that make a block device, and its geometry. Each returns 0, or a
 * negative status that comes back to the caller unchanged; positive ones come
 * back as LFK_ERR_IO. LFK_ERR_CORRUPT from erase or prog says that the block is
 * bad: another takes its place and nobody notices. One that fails may say more
 * in `detail`, which is zeroed and never NULL; block and status are filled in.
 *
 * read   `size` bytes of a block. Offset and size are multiples of read_size.
 * prog   programs bytes that have been erased since they were programmed last,
 *        in rising order within a block. Offset and size are multiples of
 *        prog_size, and size is at most the cache size. What was programmed is
 *        read back and compared.
 * erase  what the block holds afterwards does not matter.
 * sync   returns when all that was programmed is on the medium. Before that it
 *        may get there in any order.
 *
 * No call goes beyond the end of a block. If block_count is 0, a damaged volume
 * can make lfk_filesystem_mount read a block that is not there: check it then.
 * What is mounted read-only needs `read` alone. The functions must not call the
 * filesystem; they may longjmp out of it, after which the handle is lost.
 */
struct lfk_device {
    size_t size; /* sizeof(struct lfk_device) */
    void *context;
    int (*read)(void *context, uint32_t block, uint32_t offset, void *buffer, uint32_t size,
                struct lfk_detail *detail);
    int (*prog)(void *context, uint32_t block, uint32_t offset, const void *buffer, uint32_t size,
                struct lfk_detail *detail);
    int (*erase)(void *context, uint32_t block, struct lfk_detail *detail);
    int (*sync)(void *context, struct lfk_detail *detail);
    uint32_t read_size;   /* bytes; 0: 1 */
    uint32_t prog_size;   /* bytes; 0: 1 */
    uint32_t block_size;  /* bytes, at least 128; a multiple of both */
    uint32_t block_count; /* blocks; 0 at mount: as many as the volume says */
};

/* Zero means the default everywhere; set `size` to sizeof(struct lfk_medium_options). */
struct lfk_medium_options {
    size_t size;
    const struct lfk_allocator *allocator; /* must outlive the handle */
    uint32_t block_size;                   /* bytes; 0: found in the volume that is there */
    /*
     * Blocks; 0: as the volume says, which is not enough to format one. A file
     * that is opened to be written to is lengthened to it with 0xff, by the first
     * change, or when it is made. The volume's own count is found only together
     * with the block size, and believed up to 1 GiB; if that is more than the file
     * has, LFK_ERR_INVAL.
     */
    uint32_t block_count;
    bool read_only; /* it has to be mounted read-only, too */
    bool create;    /* a file: it is made, and must not be there yet */
};

/* A device that is ready to use: bytes in memory, or a file of the host. */
struct lfk_medium;

/*
 * The bytes are the image of the volume. They belong to the caller, are changed
 * in place, and must outlive the medium; an erase leaves 0xff. LFK_ERR_INVAL:
 * fewer bytes than there should be blocks, if it is to be written to; `create`.
 * Where no block size is given: LFK_ERR_INVAL: there is no littlefs; else as
 * lfk_filesystem_mount.
 */
int lfk_medium_open_memory(struct lfk_medium **medium, void *bytes, size_t size,
                           const struct lfk_medium_options *options, struct lfk_detail *detail);

/*
 * The file, or the host's block device, is the image of the volume and is
 * changed in place: it is a volume at any moment, as flash is, and every sync
 * waits for the host's disk. (Many changes cost less in memory, from where the
 * image is written as a whole, see lfk_output_open.) What is beyond its end
 * reads as erased and is not written to, as if those blocks were bad.
 *
 * The file is locked (flock(2), where the host has that): many may have it open
 * to read it, or one to write to it. This keeps away all who lock it, as this
 * function does, and nobody else: others must not change it meanwhile.
 *
 * LFK_ERR_IO: the host's error or, with an os_error of 0, another process has
 * the file; LFK_ERR_INVAL: it is neither a file nor a block device, or as above.
 */
int lfk_medium_open_file(struct lfk_medium **medium, const char *path,
                         const struct lfk_medium_options *options, struct lfk_detail *detail);

/* Accepts NULL. What is mounted on it must be unmounted before. */
void lfk_medium_close(struct lfk_medium *medium);

/* Valid until the medium is closed. A copy may be changed, e.g. to count calls. */
const struct lfk_device *lfk_medium_device(const struct lfk_medium *medium);

/* --- volumes --------------------------------------------------------------------- */

/*
 * How a volume is made and written; those who write to it later should agree.
 * Zero means the default everywhere; set `size` to sizeof(struct
 * lfk_filesystem_options). All sizes are bytes.
 */
struct lfk_filesystem_options {
    size_t size;
    const struct lfk_allocator *allocator; /* must outlive the handle */
    bool read_only;                        /* nothing is ever programmed or erased */
    /*
     * A block of metadata is replaced after so many erases, to spread wear.
     * 0 or less: never. Devices use 100 to 1000.
     */
    int32_t block_cycles;
    /*
     * Of the driver. A multiple of read_size and prog_size that divides
     * block_size; the default is the largest such up to 512, or block_size if there is none.
     */
    uint32_t cache_size;
    void *read_buffer; /* cache_size bytes that outlive the handle; NULL: allocated */
    /*
     * How much of a metadata block is used; divides block_size, a multiple of
     * read_size and prog_size. block_size.
     */
    uint32_t metadata_max;
    /*
     * Files up to this size lie in their directory and take no block.
     * UINT32_MAX: none but empty ones. The default is the most that is allowed:
     * the least of cache_size, attr_max and an eighth of metadata_max.
     */
    uint32_t inline_max;
    /*
     * Stored in the volume when it is made. A volume mounted with a lower limit
     * than its own is refused; by default any is taken.
     */
    uint32_t name_max;     /* made with 255; at most 1022 */
    uint32_t file_max;     /* made with 2147483647, which is the most */
    uint32_t attr_max;     /* made with 1022, which is the most */
    uint32_t disk_version; /* LFK_DISK_VERSION_2_1; older volumes are raised to it when changed */
};

struct lfk_filesystem;

/*
 * Says what the two functions after it would say of device and options, and does
 * not touch the device. LFK_ERR_INVAL, with the name of the member in `field`.
 */
int lfk_device_check(const struct lfk_device *device, const struct lfk_filesystem_options *options,
                     struct lfk_detail *detail);

/*
 * Makes an empty volume: writes blocks 0 and 1 and touches no other. Whatever
 * was there can no longer be mounted. LFK_ERR_INVAL: see lfk_device_check, and
 * block_count 0. LFK_ERR_NOSPC: less than two blocks, or block 0 or 1 is bad.
 * After a loss of power there may be no volume.
 */
int lfk_filesystem_format(const struct lfk_device *device,
                          const struct lfk_filesystem_options *options, struct lfk_detail *detail);

/*
 * Mounts a volume. The structs are copied; what they point to must stay. Never
 * writes. LFK_ERR_CORRUPT: there is no volume, or its metadata leads nowhere.
 * LFK_ERR_INVAL: see lfk_device_check; or the volume has another block size
 * or count, higher limits, or a newer version.
 */
int lfk_filesystem_mount(struct lfk_filesystem **filesystem, const struct lfk_device *device,
                         const struct lfk_filesystem_options *options, struct lfk_detail *detail);

/*
 * Frees everything, files and directories left open included, whose handles
 * must not be used any more; what was not synced is lost. Accepts NULL.
 */
void lfk_filesystem_unmount(struct lfk_filesystem *filesystem);

struct lfk_filesystem_info {
    uint32_t disk_version; /* on the device now: major << 16 | minor */
    uint32_t block_size;   /* bytes */
    uint32_t block_count;
    uint32_t name_max; /* in force: the volume's; bytes */
    uint32_t file_max;
    uint32_t attr_max;
    uint32_t inline_max; /* 0: only empty files are inline */
};

void lfk_filesystem_info(const struct lfk_filesystem *filesystem, struct lfk_filesystem_info *info);

/*
 * Blocks in use: two for each metadata pair, and those of the files. What an
 * open file has written beside its synced content counts too. Costs a look at
 * each entry. More than there are: files of a damaged volume claim so many.
 */
uint64_t lfk_filesystem_blocks_used(const struct lfk_filesystem *filesystem);

/*
 * Calls `visit` for each block in use, some more than once, until it returns
 * something else than 0, which is then returned. It must not change the volume.
 */
int lfk_filesystem_traverse(struct lfk_filesystem *filesystem,
                            int (*visit)(void *context, uint32_t block), void *context,
                            struct lfk_detail *detail);

/*
 * Makes now what repairs the next change would make. Writes nothing if nothing
 * is due.
 */
int lfk_filesystem_make_consistent(struct lfk_filesystem *filesystem, struct lfk_detail *detail);

/*
 * Does ahead of time what later changes would have to wait for: the repairs;
 * compacting those metadata blocks that are filled beyond `threshold` bytes
 * (UINT32_MAX: none); the look at every file that finds the free blocks.
 */
int lfk_filesystem_collect_garbage(struct lfk_filesystem *filesystem, uint32_t threshold,
                                   struct lfk_detail *detail);

/*
 * Gives the volume another number of blocks, durable at once. More: the device
 * must have them, so it is mounted with a block_count of 0, or that of the
 * volume as it is. Fewer: only if none of those that go is in use, else
 * LFK_ERR_NOTEMPTY; nothing is moved. LFK_ERR_INVAL: less than two.
 */
int lfk_filesystem_resize(struct lfk_filesystem *filesystem, uint32_t block_count,
                          struct lfk_detail *detail);

/* --- names and attributes --------------------------------------------------------- */

#define LFK_STAT_NAME_MAX 1022

struct lfk_stat {
    bool is_dir;
    uint32_t size;                    /* bytes of a file as it was synced last; a directory: 0 */
    uint32_t name_size;               /* bytes, without the NUL */
    char name[LFK_STAT_NAME_MAX + 1]; /* as stored; "/" for the root */
};

/* Of damaged content, LFK_ERR_CORRUPT, name and type are told all the same. */
int lfk_filesystem_stat(struct lfk_filesystem *filesystem, const char *path, struct lfk_stat *stat,
                        struct lfk_detail *detail);

/*
 * LFK_ERR_EXIST: the name is taken. LFK_ERR_NAMETOOLONG, LFK_ERR_NOSPC. A
 * directory takes two blocks.
 */
int lfk_filesystem_mkdir(struct lfk_filesystem *filesystem, const char *path,
                         struct lfk_detail *detail);

/*
 * Removes a file or an empty directory. LFK_ERR_NOTEMPTY; LFK_ERR_INVAL: the
 * root. Handles on a file go on with what they have, which is not stored any
 * more; one on the directory reads that it is at the end.
 */
int lfk_filesystem_remove(struct lfk_filesystem *filesystem, const char *path,
                          struct lfk_detail *detail);

/*
 * Renames or moves, attributes included. What has the new name already goes: a
 * file for a file, an empty directory for a directory. Else LFK_ERR_ISDIR,
 * LFK_ERR_NOTDIR, LFK_ERR_NOTEMPTY. LFK_ERR_INVAL: the root, or a directory below
 * itself. LFK_ERR_NAMETOOLONG, LFK_ERR_NOSPC. Handles follow.
 */
int lfk_filesystem_rename(struct lfk_filesystem *filesystem, const char *from, const char *to,
                          struct lfk_detail *detail);

/*
 * An entry, the root included, can have an attribute for each of 256 types, of
 * attr_max bytes at most; they go when the entry goes.
 *
 * Copies what fits of an attribute and returns the size it has. The rest of the
 * buffer becomes zeros, up to attr_max; all of that if there is no such
 * attribute: LFK_ERR_NOATTR. `buffer` may be NULL if `size` is 0.
 */
int lfk_filesystem_get_attribute(struct lfk_filesystem *filesystem, const char *path, uint8_t type,
                                 void *buffer, uint32_t size, struct lfk_detail *detail);

/* Adds or replaces one. LFK_ERR_NOSPC: above attr_max, or no room in a metadata block. */
int lfk_filesystem_set_attribute(struct lfk_filesystem *filesystem, const char *path, uint8_t type,
                                 const void *data, uint32_t size, struct lfk_detail *detail);

/* If there is none, nothing is written and nothing is wrong. */
int lfk_filesystem_remove_attribute(struct lfk_filesystem *filesystem, const char *path,
                                    uint8_t type, struct lfk_detail *detail);

/* --- trees of what is there ----------------------------------------------------------- */

/* Zero means the default everywhere; set `size` to sizeof(struct lfk_load_options). */
struct lfk_load_options {
    size_t size;
    bool shallow;          /* a directory's own entries, and not what is below these */
    lfk_damage_fn *damage; /* NULL: the first damage is an error */
    void *damage_context;
};

/*
 * Loads what is at and below `path`, as it was synced last, into a new tree: see
 * lfk_volume_load. Names, sizes and attributes belong to the tree; the files'
 * bytes can be read from it only until the volume is changed or unmounted.
 */
int lfk_filesystem_load(struct lfk_filesystem *filesystem, const char *path,
                        const struct lfk_load_options *options, struct lfk_tree **tree,
                        struct lfk_detail *detail);

/* --- files ------------------------------------------------------------------------- */

enum lfk_open_flag {
    LFK_OPEN_READ = 0x0001,
    LFK_OPEN_WRITE = 0x0002,
    LFK_OPEN_CREATE = 0x0100,    /* makes an empty file, durable at once, if there is none */
    LFK_OPEN_EXCLUSIVE = 0x0200, /* fails if there is one */
    LFK_OPEN_TRUNCATE = 0x0400,  /* starts empty; the volume keeps the content until the sync */
    LFK_OPEN_APPEND = 0x0800     /* a write from before the end goes to the end */
};

enum lfk_whence { LFK_SEEK_SET = 0, LFK_SEEK_CURRENT = 1, LFK_SEEK_END = 2 };

/*
 * An attribute that is kept with the file. When the file is opened to be read,
 * it is read into `data` as lfk_filesystem_get_attribute does; one that is not
 * there leaves `data` as it is. When it was opened to be written, `data` is
 * stored with the content, in the same commit.
 */
struct lfk_file_attribute {
    uint8_t type;
    void *data;
    uint32_t size; /* bytes */
};

/* Zero means the default everywhere; set `size` to sizeof(struct lfk_file_options). */
struct lfk_file_options {
    size_t size;
    /* Looked at when the file is opened and when it is synced; must outlive the handle. */
    const struct lfk_file_attribute *attributes;
    size_t attribute_count;
};

struct lfk_file;

/*
 * A handle sees the file as it was when it was opened, and what it writes
 * itself; whoever syncs last replaces the whole content. It owns the blocks it
 * uses: they stay in use while it is open, also when the file is replaced or removed.
 *
 * `flags`: LFK_OPEN_READ, LFK_OPEN_WRITE or both, and others. LFK_ERR_EXIST,
 * LFK_ERR_ISDIR; LFK_ERR_NOTDIR also: a slash behind the name of a file to be
 * made; LFK_ERR_NAMETOOLONG; LFK_ERR_NOSPC: no room for the name, or an attribute
 * above attr_max. Nothing is made if opening fails, but for a lack of memory.
 */
int lfk_file_open(struct lfk_file **file, struct lfk_filesystem *filesystem, const char *path,
                  int flags, const struct lfk_file_options *options, struct lfk_detail *detail);

/* Syncs and frees the handle, whatever comes of the sync, which it returns. Accepts NULL. */
int lfk_file_close(struct lfk_file *file, struct lfk_detail *detail);

/* Frees the handle; what was not synced is lost. Accepts NULL. */
void lfk_file_discard(struct lfk_file *file);

/*
 * Makes the content and the attributes durable, in one. Does nothing if nothing
 * was changed, if the file was removed, or after a write that failed. The handle
 * counts as failed if the data or the commit cannot be written (LFK_ERR_NOSPC,
 * the device); after another failure it can be called again.
 */
int lfk_file_sync(struct lfk_file *file, struct lfk_detail *detail);

/*
 * Bytes read, fewer only at the end. LFK_ERR_BADF: not open to be read.
 * LFK_ERR_CORRUPT: the content is damaged.
 */
int lfk_file_read(struct lfk_file *file, void *buffer, uint32_t size, struct lfk_detail *detail);

/*
 * Writes all, from the position on, and returns `size`, or fails. What is
 * between the end and the position becomes zeros. LFK_ERR_BADF: not open to be
 * written; LFK_ERR_FBIG: beyond file_max; neither changes anything.
 *
 * After another failure (LFK_ERR_NOSPC, the device) a part may have been
 * written, and the handle counts as failed: it is not synced any more, until a
 * write succeeds.
 */
int lfk_file_write(struct lfk_file *file, const void *data, uint32_t size,
                   struct lfk_detail *detail);

/*
 * Returns the new position, 0 to file_max; beyond the end is allowed.
 * LFK_ERR_INVAL: another, or an unknown `whence`; the position stays.
 */
int lfk_file_seek(struct lfk_file *file, int64_t offset, int whence, struct lfk_detail *detail);

/*
 * Cuts the file, or lengthens it with zeros; the position stays. LFK_ERR_BADF:
 * not open to be written; LFK_ERR_FBIG: beyond file_max. Other failures are as those of a write.
 */
int lfk_file_truncate(struct lfk_file *file, uint32_t size, struct lfk_detail *detail);

struct lfk_file_info {
    bool is_inline;  /* the content lies in the metadata, or would */
    bool is_dirty;   /* a sync would store something */
    bool is_writing; /* the last bytes written are in memory only */
    bool has_failed; /* see lfk_file_write */
};

void lfk_file_info(const struct lfk_file *file, struct lfk_file_info *info);

/* The position, in bytes. */
uint32_t lfk_file_tell(const struct lfk_file *file);

/* Bytes, with what was written since the sync. */
uint32_t lfk_file_size(const struct lfk_file *file);

/* --- directories ---------------------------------------------------------------------- */

struct lfk_directory;

/*
 * Goes over the entries of a directory in littlefs's order (lfk_name_compare),
 * without "." and "..". It may be changed meanwhile: no entry that stays is left
 * out or comes twice. One that is added is met if it sorts behind the entry that
 * would have come next; as long as none was read, wherever it sorts.
 */
int lfk_directory_open(struct lfk_directory **directory, struct lfk_filesystem *filesystem,
                       const char *path, struct lfk_detail *detail);

/* Accepts NULL. */
void lfk_directory_close(struct lfk_directory *directory);

/*
 * 1: an entry; 0: the end. LFK_ERR_CORRUPT: the content of an entry is damaged,
 * its name is told and the next call goes on behind it; or the rest of the
 * directory cannot be read, and the end follows.
 */
int lfk_directory_read(struct lfk_directory *directory, struct lfk_stat *stat,
                       struct lfk_detail *detail);

/*
 * The number of entries before the position. It goes along when some of these
 * are removed and others added.
 */
uint32_t lfk_directory_tell(const struct lfk_directory *directory);

/*
 * Goes behind so many entries. LFK_ERR_INVAL: there are not so many; the
 * position is then the end.
 */
int lfk_directory_seek(struct lfk_directory *directory, uint32_t position,
                       struct lfk_detail *detail);

void lfk_directory_rewind(struct lfk_directory *directory);

#ifdef __cplusplus
}
#endif

#endif
