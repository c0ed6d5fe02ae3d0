/* SPDX-License-Identifier: MIT */
/*
 * lfskit/host.h - the host's side: directories into trees, trees into
 * directories, names into the image's encoding, output files that appear whole
 * or not at all.
 *
 * Paths of the host are bytes; names in them are taken for UTF-8.
 */
#ifndef LFSKIT_HOST_H
#define LFSKIT_HOST_H

#include "lfskit/tree.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- encodings of names ------------------------------------------------------ */

/*
 * Reads the UTF-8 character at `bytes`, of which there are `size`, at least one.
 * Returns its length and sets *code, or returns 0 if there is none: overlong
 * forms, surrogates and numbers above U+10FFFF are not characters.
 */
size_t lfk_utf8_read(const void *bytes, size_t size, uint32_t *code);

/*
 * Converts names between the host (UTF-8) and an image. The name of an encoding
 * is one that Python or iconv knows, in any case: "utf-8", "latin-1", "cp1252",
 * "shift_jis". UTF-8, ASCII and Latin-1 are always there, the others where the
 * host's iconv has them. An unknown one is LFK_ERR_INVAL.
 */
struct lfk_encoding;
int lfk_encoding_open(struct lfk_encoding **encoding, const char *name, struct lfk_detail *detail);
/* Accepts NULL. */
void lfk_encoding_close(struct lfk_encoding *encoding);

/*
 * Both write at most `room` bytes, no NUL, and return the number of bytes; the
 * encoding NULL stands for UTF-8. LFK_ERR_INVAL: the name has no form on the
 * other side, or one with '/' or NUL in it; LFK_ERR_NAMETOOLONG: no room.
 */
int lfk_encoding_encode(struct lfk_encoding *encoding, const char *name, size_t size, char *out,
                        size_t room, struct lfk_detail *detail);
int lfk_encoding_decode(struct lfk_encoding *encoding, const char *name, size_t size, char *out,
                        size_t room, struct lfk_detail *detail);

/* --- patterns of paths --------------------------------------------------------- */

/*
 * True if the pattern matches the whole path; a '/' before either does not
 * count. '*', '?' and "[...]" match within one name, "**" as a whole name any
 * number of names (at the end: at least one), '\' takes the next character
 * as it is. Time is at most proportional to the product of the two lengths, squared.
 */
bool lfk_path_match(const char *pattern, const char *path);

/*
 * A list of patterns with the rules of gitignore: the last one that matches
 * decides; '!' before a pattern takes back; one with a '/' before its end is
 * matched against the whole path, others against the last name; a '/' at the
 * end matches directories alone.
 */
struct lfk_excludes;
int lfk_excludes_open(struct lfk_excludes **excludes);
/* Accepts NULL. */
void lfk_excludes_close(struct lfk_excludes *excludes);
int lfk_excludes_add(struct lfk_excludes *excludes, const char *pattern);
/* A pattern a line; blank lines, lines that begin with '#' and blanks at the end do not count. */
int lfk_excludes_add_file(struct lfk_excludes *excludes, const char *path,
                          struct lfk_detail *detail);
/* Of a path below the source, no '/' before it; what is in an excluded directory is not asked for.
 */
bool lfk_excludes_match(const struct lfk_excludes *excludes, const char *path, bool is_directory);

/* --- a host directory into a tree ---------------------------------------------- */

/* Told of a host path that is left out or cannot be used. */
typedef void lfk_host_report_fn(void *context, const char *path, const struct lfk_detail *detail);

/* Zero means the default everywhere; set `size` to sizeof(struct lfk_scan_options). */
struct lfk_scan_options {
    size_t size;
    const struct lfk_allocator *allocator;
    bool no_dereference; /* leave symbolic links out, with a warning; default: follow them */
    struct lfk_encoding *encoding;       /* NULL: UTF-8 */
    const struct lfk_excludes *excludes; /* NULL: none */
    const char *output; /* a file that is left out, with a warning: the one to be made; or NULL */
    lfk_host_report_fn *warn;   /* sockets, devices, FIFOs, the output and, with no_dereference,
                                   links left out */
    lfk_host_report_fn *report; /* what cannot be stored; all are told, then the scan fails */
    void *context;              /* of all three */
    /* What is below `path` and cannot be stored is told and left out, and the scan succeeds. */
    bool partial;
    /* Asked between entries: true leaves out those that follow, and the scan succeeds. NULL: never.
     */
    bool (*stop)(void *context);
};

struct lfk_scan;

/*
 * Adds the content of the directory at `path` to the tree's root, or the file at
 * `path` under its base name. Nodes whose name the encoding changes have the
 * host's as their origin. The scan supplies the files' bytes, one file at a
 * time: close it after the last read. What the options point to is needed until
 * this returns. A file that has another size when it is read is LFK_ERR_IO then.
 *
 * A directory that is left out as it cannot be read is in the tree, empty.
 *
 * Errors, that of the first problem: the host's (see os_error); LFK_ERR_INVAL
 * for a cycle of links, a name that cannot be encoded, a `path` that is neither
 * a file nor a directory, or is the output.
 */
int lfk_scan_open(struct lfk_scan **scan, struct lfk_tree *tree, const char *path,
                  const struct lfk_scan_options *options, struct lfk_detail *detail);
/* Accepts NULL. */
void lfk_scan_close(struct lfk_scan *scan);

/*
 * Writes the host path of a node that the scan added (`path` itself for the root), at most
 * `size` bytes with the terminating NUL; returns its whole length, as snprintf does.
 */
size_t lfk_scan_path(const struct lfk_scan *scan, const struct lfk_node *node, char *buffer,
                     size_t size);

/* --- a tree into a host directory -------------------------------------------------- */

/* Zero means the default everywhere; set `size` to sizeof(struct lfk_extract_options). */
struct lfk_extract_options {
    size_t size;
    const struct lfk_allocator *allocator;
    struct lfk_encoding *encoding; /* NULL: UTF-8 */
    /*
     * Asked for each entry that is not below a selected one; true selects it,
     * a directory with all below it. Directories above selected entries are
     * made, others are not. NULL: everything.
     */
    bool (*select)(void *context, const struct lfk_node *node);
    /*
     * Told of an entry with its absolute path on the host: of a directory
     * before it is made, of a file when it is there. In each directory first
     * the directories, then the files, then what is in each of the directories.
     */
    void (*progress)(void *context, const struct lfk_node *node, const char *host_path);
    /* Told of each entry that cannot be written; the others are. */
    lfk_report_fn *report;
    void *context; /* of all four */
    /*
     * Asked between entries and between parts of a file: true leaves out those that follow.
     * What a file that is not complete then replaces stays; it is reported. NULL: never.
     */
    bool (*stop)(void *context);
};

/*
 * Writes what is below `top` into the directory `path`, made with its parents if
 * missing. Directories are reused, files replaced whole; nothing else is
 * deleted, and a file that fails leaves what was there. Nothing outside `path`
 * is ever touched: names with a separator or NUL, "." and ".." are refused, and
 * symbolic links below `path` are not followed: one in the place of a directory
 * is an error, one in the place of a file is replaced.
 *
 * Returns LFK_OK or the first error reported; LFK_ERR_NOTDIR without a report
 * if `path` is not a directory.
 */
int lfk_extract(const struct lfk_node *top, const char *path,
                const struct lfk_extract_options *options, struct lfk_detail *detail);

/* --- an output file that appears whole or not at all ---------------------------------- */

/*
 * A sink over a temporary file beside `path`, whose missing parents are made.
 * Commit makes it durable and gives it its name; close without commit removes
 * it. A symbolic link at `path` stays: what it points to is replaced. "-" is
 * standard output; that, devices and FIFOs are written to as the bytes come.
 */
struct lfk_output;
int lfk_output_open(struct lfk_output **output, const char *path, struct lfk_detail *detail);
struct lfk_sink *lfk_output_sink(struct lfk_output *output);
int lfk_output_commit(struct lfk_output *output, struct lfk_detail *detail);
/* Accepts NULL. */
void lfk_output_close(struct lfk_output *output);

#ifdef __cplusplus
}
#endif

#endif
