/* SPDX-License-Identifier: MIT */
/*
 * lfs.h - littlefs's own C interface, source-compatible with littlefs 2.11, over
 * lfskit's engine: firmware code compiles unchanged and runs on the host.
 *
 * The sources behind it (src/compat) are compiled as part of your program, so
 * that your switches hold for both: LFS_READONLY, LFS_THREADSAFE,
 * LFS_MULTIVERSION, LFS_NO_MALLOC, LFS_SHRINKNONRELOCATING, LFS_NAME_MAX,
 * LFS_FILE_MAX, LFS_ATTR_MAX, LFS_CONFIG, LFS_DEFINES and those of lfs_util.h. In
 * CMake, link lfskit::lfs; pkg-config has the variables lfs_sources and
 * lfs_includedir.
 *
 * Every function returns 0 or more, or a negative enum lfs_error, or a negative
 * number that a function of the configuration returned. What littlefs asserts
 * is an error here: LFS_ERR_INVAL for a configuration that cannot be, a volume
 * that is not mounted, a handle opened twice; LFS_ERR_BADF for a handle that is
 * not open, or not for this.
 *
 * Where littlefs loses data or surprises, this does not: a handle follows its
 * file when that is renamed; the blocks of a file stay in use while a handle is
 * open on it; a directory cannot be moved below itself; a device that is full
 * is LFS_ERR_NOSPC; an error changes nothing; attributes, too, are only changed
 * after due repairs.
 *
 * Structs can lie in memory that was never initialised, until they are opened,
 * mounted or formatted, and stay where they are while they are open. To unmount
 * what is not mounted is 0.
 *
 * Calls may be left by longjmp out of a function of the configuration, as
 * power-cut tests do. Then format, mount or unmount the same lfs_t; nothing else
 * may be called before. All memory of the mount that was left is given back by
 * that, and its handles count as never opened. With LFS_THREADSAFE the lock is
 * still held, which is yours to undo. (A lfs_t that is mounted is known by a
 * number in it; memory checkers see that as a use of uninitialised memory if
 * there was none. Zero the struct to please them.)
 */
#ifndef LFS_H
#define LFS_H

#include "lfs_util.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifdef LFS_MIGRATE
#error "lfskit does not migrate volumes of littlefs 1"
#endif

/* --- versions, types, limits --------------------------------------------------------- */

#define LFS_VERSION 0x0002000b /* of the interface: major << 16 | minor */
#define LFS_VERSION_MAJOR (0xffff & (LFS_VERSION >> 16))
#define LFS_VERSION_MINOR (0xffff & (LFS_VERSION >> 0))

#define LFS_DISK_VERSION 0x00020001 /* the newest that is read and written */
#define LFS_DISK_VERSION_MAJOR (0xffff & (LFS_DISK_VERSION >> 16))
#define LFS_DISK_VERSION_MINOR (0xffff & (LFS_DISK_VERSION >> 0))

typedef uint32_t lfs_size_t;
typedef uint32_t lfs_off_t;
typedef int32_t lfs_ssize_t;
typedef int32_t lfs_soff_t;
typedef uint32_t lfs_block_t;

/* The most bytes of a name, a file, an attribute; a configuration can set less. */
#ifndef LFS_NAME_MAX
#define LFS_NAME_MAX 255
#endif
#ifndef LFS_FILE_MAX
#define LFS_FILE_MAX 2147483647
#endif
#ifndef LFS_ATTR_MAX
#define LFS_ATTR_MAX 1022
#endif
#if LFS_NAME_MAX < 1 || LFS_NAME_MAX > 1022
#error "LFS_NAME_MAX is 1 to 1022"
#endif
#if LFS_FILE_MAX < 1 || LFS_FILE_MAX > 2147483647
#error "LFS_FILE_MAX is 1 to 2147483647"
#endif
#if LFS_ATTR_MAX < 1 || LFS_ATTR_MAX > 1022
#error "LFS_ATTR_MAX is 1 to 1022"
#endif

enum lfs_error {
    LFS_ERR_OK = 0,
    LFS_ERR_IO = -5,          /* the device failed */
    LFS_ERR_CORRUPT = -84,    /* damaged, or no volume at all */
    LFS_ERR_NOENT = -2,       /* no such file or directory */
    LFS_ERR_EXIST = -17,      /* the name is taken */
    LFS_ERR_NOTDIR = -20,     /* a file where a directory is needed */
    LFS_ERR_ISDIR = -21,      /* a directory where a file is needed */
    LFS_ERR_NOTEMPTY = -39,   /* the directory has entries; the blocks have data */
    LFS_ERR_BADF = -9,        /* the handle is not open, or not for this */
    LFS_ERR_FBIG = -27,       /* the file would be too large */
    LFS_ERR_INVAL = -22,      /* a parameter out of its range */
    LFS_ERR_NOSPC = -28,      /* no free block, or no room in one */
    LFS_ERR_NOMEM = -12,      /* no memory, or a buffer that has to be given is not */
    LFS_ERR_NOATTR = -61,     /* the entry has no such attribute */
    LFS_ERR_NAMETOOLONG = -36 /* the name is too long */
};

/* What entries are; the rest is what the disk format has, for those who look into it. */
enum lfs_type {
    LFS_TYPE_REG = 0x001,
    LFS_TYPE_DIR = 0x002,

    LFS_TYPE_NAME = 0x000,
    LFS_TYPE_FROM = 0x100,
    LFS_TYPE_STRUCT = 0x200,
    LFS_TYPE_USERATTR = 0x300,
    LFS_TYPE_SPLICE = 0x400,
    LFS_TYPE_CRC = 0x500,
    LFS_TYPE_TAIL = 0x600,
    LFS_TYPE_GLOBALS = 0x700,

    LFS_TYPE_SUPERBLOCK = 0x0ff,
    LFS_TYPE_DIRSTRUCT = 0x200,
    LFS_TYPE_INLINESTRUCT = 0x201,
    LFS_TYPE_CTZSTRUCT = 0x202,
    LFS_TYPE_CREATE = 0x401,
    LFS_TYPE_DELETE = 0x4ff,
    LFS_TYPE_CCRC = 0x500,
    LFS_TYPE_FCRC = 0x5ff,
    LFS_TYPE_SOFTTAIL = 0x600,
    LFS_TYPE_HARDTAIL = 0x601,
    LFS_TYPE_MOVESTATE = 0x7ff,

    LFS_FROM_NOOP = 0x000,
    LFS_FROM_MOVE = 0x101,
    LFS_FROM_USERATTRS = 0x102
};

enum lfs_open_flags {
    LFS_O_RDONLY = 1,
#ifndef LFS_READONLY
    LFS_O_WRONLY = 2,
    LFS_O_RDWR = 3,        /* both */
    LFS_O_CREAT = 0x0100,  /* makes the file if there is none */
    LFS_O_EXCL = 0x0200,   /* fails if there is one */
    LFS_O_TRUNC = 0x0400,  /* starts empty */
    LFS_O_APPEND = 0x0800, /* a write before the end goes to the end */
#endif

/* Not to be passed: what lfs_file_t.flags says of an open file. */
#ifndef LFS_READONLY
    LFS_F_DIRTY = 0x010000,   /* a sync would store something */
    LFS_F_WRITING = 0x020000, /* the last bytes written are in memory only */
    LFS_F_ERRED = 0x080000,   /* a write failed; nothing is stored until one succeeds */
#endif
    LFS_F_READING = 0x040000, /* something was read since the last write, seek or sync */
    LFS_F_INLINE = 0x100000   /* the content lies in the directory */
};

enum lfs_whence_flags { LFS_SEEK_SET = 0, LFS_SEEK_CUR = 1, LFS_SEEK_END = 2 };

/* --- configuration --------------------------------------------------------------------- */

/*
 * The device and how it is used. Zero it, then fill it in; it must stay as it
 * is while it is mounted. Sizes are bytes. What cannot be is LFS_ERR_INVAL from
 * format and mount, before any function is called.
 */
struct lfs_config {
    void *context; /* yours */

    /*
     * Each returns 0 or a negative number, which comes back to the caller
     * unchanged; a positive one comes back as LFS_ERR_IO. No call passes the
     * end of a block. If block_count is 0, a damaged volume can make mount read a block
     * that is not there.
     *
     * read: offset and size are multiples of read_size.
     * prog: offset and size are multiples of prog_size, size is at most
     *   cache_size; rises within a block; bytes are erased before they are
     *   programmed again. What is programmed is read back and compared.
     * erase: what the block holds then does not matter. LFS_ERR_CORRUPT from
     *   prog and erase says that the block is bad: another takes its place.
     * sync: returns when all that was programmed is on the medium.
     *
     * With LFS_READONLY the last three may be NULL.
     */
    int (*read)(const struct lfs_config *c, lfs_block_t block, lfs_off_t off, void *buffer,
                lfs_size_t size);
    int (*prog)(const struct lfs_config *c, lfs_block_t block, lfs_off_t off, const void *buffer,
                lfs_size_t size);
    int (*erase)(const struct lfs_config *c, lfs_block_t block);
    int (*sync)(const struct lfs_config *c);

#ifdef LFS_THREADSAFE
    /*
     * Called first and last by every function; the others are called in
     * between. If lock fails, so does the function, with the same number.
     */
    int (*lock)(const struct lfs_config *c);
    int (*unlock)(const struct lfs_config *c);
#endif

    lfs_size_t read_size;
    lfs_size_t prog_size;
    lfs_size_t block_size;  /* 128 or more, a multiple of cache_size; any unit of your choice */
    lfs_size_t block_count; /* blocks; 0 at mount: as the volume says */
    int32_t block_cycles;   /* erases after which a block of metadata is replaced; -1: never */
    lfs_size_t cache_size;  /* a multiple of read_size and prog_size */
    /*
     * littlefs's window on the free blocks, a bit a block. Not 0; of no effect
     * here, all blocks are in view.
     */
    lfs_size_t lookahead_size;
    /*
     * lfs_fs_gc compacts metadata logs above it. 0: 7/8 of block_size;
     * (lfs_size_t)-1: none; else half a block or more.
     */
    lfs_size_t compact_thresh;

    /*
     * With LFS_NO_MALLOC these have to be given, or it is LFS_ERR_NOMEM, so that
     * what runs here runs on the device. Only the first is used: the engine takes
     * the memory that it needs from the host's C library all the same.
     */
    void *read_buffer;      /* cache_size bytes */
    void *prog_buffer;      /* cache_size bytes */
    void *lookahead_buffer; /* lookahead_size bytes */

    /* 0: LFS_NAME_MAX and so on, or less if the volume says so; a volume with more is refused. */
    lfs_size_t name_max;
    lfs_size_t file_max;
    lfs_size_t attr_max;
    lfs_size_t metadata_max; /* how much of a metadata block is used; 0: block_size */
    /*
     * Files up to this size lie in their directory. 0: the most there can be,
     * the least of cache_size, attr_max and 1/8 of metadata_max;
     * (lfs_size_t)-1: none but empty ones.
     */
    lfs_size_t inline_max;

#ifdef LFS_MULTIVERSION
    uint32_t disk_version; /* to be written: 0x00020000 or 0x00020001; 0: the newest */
#endif
};

struct lfs_info {
    uint8_t type;                /* LFS_TYPE_REG or LFS_TYPE_DIR */
    lfs_size_t size;             /* of a file, as it was synced last; else 0 */
    char name[LFS_NAME_MAX + 1]; /* ends with a NUL */
};

struct lfs_fsinfo {
    uint32_t disk_version; /* of the volume as it is: major << 16 | minor */
    lfs_size_t block_size;
    lfs_size_t block_count;
    lfs_size_t name_max; /* these three as they are in force */
    lfs_size_t file_max;
    lfs_size_t attr_max;
};

/* An attribute that belongs to an open file. */
struct lfs_attr {
    uint8_t type;
    void *buffer; /* filled when the file is opened to be read, stored when it is synced */
    lfs_size_t size;
};

/* Zero it, then fill it in; it must stay as it is while the file is open. */
struct lfs_file_config {
    void *buffer; /* cache_size bytes; has to be given with LFS_NO_MALLOC, and is not used */
    struct lfs_attr *attrs;
    lfs_size_t attr_count;
};

/* --- handles --------------------------------------------------------------------------- */

/*
 * Read the members that are described; they are true after every call. The
 * others are the library's.
 */
typedef struct lfs_dir {
    struct lfs_dir *next;
    struct lfk_directory *handle;
    lfs_off_t pos; /* what lfs_dir_tell says */
} lfs_dir_t;

typedef struct lfs_file {
    struct lfs_file *next;
    struct lfk_file *handle;
    struct lfk_file_attribute *attributes;
    lfs_size_t attribute_count;
    struct lfs_ctz {
        lfs_size_t size; /* of the file, with what was written */
    } ctz;
    uint32_t flags; /* as opened, and LFS_F_* */
    lfs_off_t pos;
    const struct lfs_file_config *cfg;
} lfs_file_t;

typedef struct lfs {
    struct lfk_filesystem *filesystem;
    struct lfs_compat_memory *memory;
    uintptr_t seal;
    struct lfs_file *files;
    struct lfs_dir *dirs;
    const struct lfs_config *cfg;
    lfs_size_t block_count; /* of the volume */
    lfs_size_t name_max;    /* these four as they are in force */
    lfs_size_t file_max;
    lfs_size_t attr_max;
    lfs_size_t inline_max;
} lfs_t;

/* --- the volume ---------------------------------------------------------------------------- */

#ifndef LFS_READONLY
/*
 * Makes an empty volume on blocks 0 and 1; nothing is mounted then.
 * LFS_ERR_NOSPC: less than two blocks, or one of these is bad.
 */
int lfs_format(lfs_t *lfs, const struct lfs_config *config);
#endif

/*
 * Reads only. LFS_ERR_CORRUPT: there is no volume, or its metadata leads
 * nowhere. LFS_ERR_INVAL: it does not suit the configuration.
 */
int lfs_mount(lfs_t *lfs, const struct lfs_config *config);

/* Frees everything and writes nothing: what is open and was not synced is lost. */
int lfs_unmount(lfs_t *lfs);

int lfs_fs_stat(lfs_t *lfs, struct lfs_fsinfo *fsinfo);

/* Blocks in use; those of a file that is open and was changed count twice. */
lfs_ssize_t lfs_fs_size(lfs_t *lfs);

/* Calls cb for each block in use, some more than once, until it returns something but 0. */
int lfs_fs_traverse(lfs_t *lfs, int (*cb)(void *data, lfs_block_t block), void *data);

#ifndef LFS_READONLY
/* Makes the repairs now that the next change would make, such as after a loss of power. */
int lfs_fs_mkconsistent(lfs_t *lfs);

/* The same; compacts metadata (see compact_thresh) and finds the free blocks ahead of time. */
int lfs_fs_gc(lfs_t *lfs);

/*
 * Gives the volume more blocks, which the device must have. Fewer are
 * LFS_ERR_INVAL; with LFS_SHRINKNONRELOCATING only if one that would go is in
 * use: LFS_ERR_NOTEMPTY.
 */
int lfs_fs_grow(lfs_t *lfs, lfs_size_t block_count);
#endif

/* --- names ----------------------------------------------------------------------------------- */

/*
 * Paths begin at the root, with a slash or without; slashes collapse, "."
 * vanishes, ".." takes the name before it away in the text.
 */

#ifndef LFS_READONLY
/* A file, or a directory that is empty. */
int lfs_remove(lfs_t *lfs, const char *path);

/*
 * Takes the place of what has the new name: a file of a file, a directory of
 * an empty one. After a loss of power the entry has one name or the other.
 */
int lfs_rename(lfs_t *lfs, const char *oldpath, const char *newpath);

int lfs_mkdir(lfs_t *lfs, const char *path);
#endif

int lfs_stat(lfs_t *lfs, const char *path, struct lfs_info *info);

/*
 * Returns the size that the attribute has and fills the buffer with as much of
 * it, then with zeros; with zeros alone if it is LFS_ERR_NOATTR.
 */
lfs_ssize_t lfs_getattr(lfs_t *lfs, const char *path, uint8_t type, void *buffer, lfs_size_t size);

#ifndef LFS_READONLY
/* LFS_ERR_NOSPC: larger than attr_max, or no room for it. */
int lfs_setattr(lfs_t *lfs, const char *path, uint8_t type, const void *buffer, lfs_size_t size);

/* One that is not there is no error. */
int lfs_removeattr(lfs_t *lfs, const char *path, uint8_t type);
#endif

/* --- files ----------------------------------------------------------------------------------- */

/*
 * A handle sees the file as it was when it was opened, and what it writes. After
 * an error the handle is not open.
 */
#ifndef LFS_NO_MALLOC
int lfs_file_open(lfs_t *lfs, lfs_file_t *file, const char *path, int flags);
#endif
int lfs_file_opencfg(lfs_t *lfs, lfs_file_t *file, const char *path, int flags,
                     const struct lfs_file_config *config);

/* Syncs, and closes whatever comes of it. */
int lfs_file_close(lfs_t *lfs, lfs_file_t *file);

/*
 * Makes content and attributes durable, both or neither. 0, and nothing is stored,
 * after a write that failed, and if the file was removed.
 */
int lfs_file_sync(lfs_t *lfs, lfs_file_t *file);

/* Bytes read: all, but at the end of the file. */
lfs_ssize_t lfs_file_read(lfs_t *lfs, lfs_file_t *file, void *buffer, lfs_size_t size);

/* `position`: the new one. Beyond the end is fine, beyond file_max is not. */
lfs_soff_t lfs_file_seek(lfs_t *lfs, lfs_file_t *file, lfs_soff_t off, int whence);
lfs_soff_t lfs_file_tell(lfs_t *lfs, lfs_file_t *file);
int lfs_file_rewind(lfs_t *lfs, lfs_file_t *file);

/* With what was written. */
lfs_soff_t lfs_file_size(lfs_t *lfs, lfs_file_t *file);

#ifndef LFS_READONLY
/* Bytes written: all, or it failed. Between the end and the position there are zeros then. */
lfs_ssize_t lfs_file_write(lfs_t *lfs, lfs_file_t *file, const void *buffer, lfs_size_t size);

/* The position stays. */
int lfs_file_truncate(lfs_t *lfs, lfs_file_t *file, lfs_off_t size);
#endif

/* --- directories ----------------------------------------------------------------------------- */

int lfs_dir_open(lfs_t *lfs, lfs_dir_t *dir, const char *path);

/* 0, also for one that is not open. */
int lfs_dir_close(lfs_t *lfs, lfs_dir_t *dir);

/*
 * 1: an entry, first "." and ".."; 0: the end. The directory may be changed
 * meanwhile: what stays comes once; what is added comes if it sorts behind the
 * entry that would have been next, or none was read.
 */
int lfs_dir_read(lfs_t *lfs, lfs_dir_t *dir, struct lfs_info *info);

/* To where lfs_dir_tell was called. */
int lfs_dir_seek(lfs_t *lfs, lfs_dir_t *dir, lfs_off_t off);
lfs_soff_t lfs_dir_tell(lfs_t *lfs, lfs_dir_t *dir);
int lfs_dir_rewind(lfs_t *lfs, lfs_dir_t *dir);

#ifdef __cplusplus
}
#endif

#endif
