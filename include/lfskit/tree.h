/* SPDX-License-Identifier: MIT */
/*
 * lfskit/tree.h - a tree of files in memory: what an image is built from, and
 * what a volume is read into. It knows names, sizes, attributes and where each
 * file's bytes come from, and nothing about disks or hosts.
 *
 * Nodes belong to their tree and live as long as it does. Read their members
 * freely; change them through the functions only, but for `origin` and `place`,
 * which whoever adds a node may fill in.
 */
#ifndef LFSKIT_TREE_H
#define LFSKIT_TREE_H

#include "lfskit/base.h"

#ifdef __cplusplus
extern "C" {
#endif

enum lfk_node_type {
    LFK_NODE_FILE = 1, /* the numbers are littlefs's: LFS_TYPE_REG, LFS_TYPE_DIR */
    LFK_NODE_DIR = 2
};

/* A littlefs user attribute: a type byte and up to 1022 bytes. */
struct lfk_attribute {
    struct lfk_attribute *next; /* by rising type */
    uint8_t type;
    uint16_t size;
    const void *data;
};

/* Where a node read from a volume lies on it; all zero for other nodes. */
struct lfk_place {
    uint32_t block[2]; /* directory: its first pair; file: block[0] is the CTZ head */
    uint32_t blocks;   /* file: data blocks, 0 for an inline file; directory: metadata blocks */
};

struct lfk_node {
    struct lfk_node *parent; /* NULL for the root */
    struct lfk_node *next;   /* sibling */
    struct lfk_node *first;  /* first child of a directory */
    struct lfk_node *last;
    const char *name;   /* as stored in the image; NUL-terminated; "" for the root */
    size_t name_size;   /* bytes, without the NUL */
    const char *origin; /* name at the source, if it differs; else NULL */
    enum lfk_node_type type;
    size_t index;     /* number of nodes added before this one; the root is 0 */
    uint64_t size;    /* bytes of a file */
    const void *data; /* a file held in memory, if content is NULL */
    const struct lfk_content *content;
    struct lfk_attribute *attributes;
    struct lfk_place place;
};

/*
 * A supplier of file contents, read from front to back as a series of spans.
 * The implementation embeds this struct; a node's `content` names it.
 */
struct lfk_content {
    /* Starts reading the node's file; the stream is handed to the other two. */
    int (*open)(const struct lfk_content *content, const struct lfk_node *node, void **stream,
                struct lfk_detail *detail);
    /*
     * Fills at most `room` spans with the next bytes and returns how many; 0
     * at the end of the file. The bytes stay valid until the next call.
     * Exactly node->size bytes are delivered, or an error is returned.
     */
    int (*next)(void *stream, struct lfk_span *spans, size_t room, struct lfk_detail *detail);
    void (*close)(void *stream);
};

struct lfk_tree;

/* A tree with an empty root directory. The allocator may be NULL and is not copied. */
int lfk_tree_create(struct lfk_tree **tree, const struct lfk_allocator *allocator);

/* Frees the tree and all its nodes; NULL is allowed. */
void lfk_tree_destroy(struct lfk_tree *tree);

struct lfk_node *lfk_tree_root(struct lfk_tree *tree);

/* Number of nodes, the root included. */
size_t lfk_tree_count(const struct lfk_tree *tree);

/*
 * Adds an entry at the end of directory `parent`; the name is copied. It may
 * hold any bytes but NUL and '/', and is not "." or ".." (LFK_ERR_INVAL).
 * Whether it is taken already is found out by lfk_tree_sort.
 */
int lfk_tree_add_dir(struct lfk_tree *tree, struct lfk_node *parent, const char *name,
                     size_t name_size, struct lfk_node **node);

/* As above. The `size` bytes at `data` are not copied and must outlive the tree. */
int lfk_tree_add_file(struct lfk_tree *tree, struct lfk_node *parent, const char *name,
                      size_t name_size, const void *data, size_t size, struct lfk_node **node);

/* As above, the bytes to come from `content`, which must outlive the tree. */
int lfk_tree_add_content(struct lfk_tree *tree, struct lfk_node *parent, const char *name,
                         size_t name_size, const struct lfk_content *content, uint64_t size,
                         struct lfk_node **node);

/* Adds or replaces an attribute; the bytes are copied. More than 1022: LFK_ERR_NOSPC. */
int lfk_tree_set_attribute(struct lfk_tree *tree, struct lfk_node *node, uint8_t type,
                           const void *data, size_t size);

/* Memory that lives as long as the tree; NULL when there is none. */
void *lfk_tree_alloc(struct lfk_tree *tree, size_t size);

/*
 * Sorts every directory in littlefs's order, see lfk_name_compare. Two entries
 * of one name: LFK_ERR_EXIST, with the second of them in `*twin` (which may be NULL).
 */
int lfk_tree_sort(struct lfk_tree *tree, const struct lfk_node **twin);

/*
 * The node after `node` in a walk of `top` and everything below it, each
 * directory before its entries; NULL at the end. Start with node = top.
 */
struct lfk_node *lfk_node_next(const struct lfk_node *top, const struct lfk_node *node);

/* The same, leaving out what is below `node`. */
struct lfk_node *lfk_node_skip(const struct lfk_node *top, const struct lfk_node *node);

/*
 * Writes the path of the node below its root, "/" first and between names, "/"
 * for the root itself. At most `size` bytes with the terminating NUL; returns
 * the length of the whole path, as snprintf does.
 */
size_t lfk_node_path(const struct lfk_node *node, char *buffer, size_t size);

/* The same with each name as it is at the source (see `origin`). */
size_t lfk_node_origin_path(const struct lfk_node *node, char *buffer, size_t size);

/* Told about one node that cannot be handled; the caller goes on with the others. */
typedef void lfk_report_fn(void *context, const struct lfk_node *node,
                           const struct lfk_detail *detail);

/*
 * Told about a damaged place of a volume that is loaded into a tree; the rest is loaded.
 * `path` is the entry it concerns, below the path that is being loaded, "/" for
 * what has that path itself, or NULL when it is the volume; of a path of many
 * kilobytes its end, after "/...".
 * Status LFK_ERR_CORRUPT, always.
 */
typedef void lfk_damage_fn(void *context, const char *path, const struct lfk_detail *detail);

/* Reads a file's bytes wherever they come from. Zero it, open, next until 0, close. */
struct lfk_reader {
    const struct lfk_node *node;
    void *stream;
    uint64_t delivered;
};

int lfk_reader_open(struct lfk_reader *reader, const struct lfk_node *node,
                    struct lfk_detail *detail);

/* As lfk_content.next; LFK_ERR_IO if the source delivers more or less than node->size. */
int lfk_reader_next(struct lfk_reader *reader, struct lfk_span *spans, size_t room,
                    struct lfk_detail *detail);

/* Accepts a zeroed reader. */
void lfk_reader_close(struct lfk_reader *reader);

#ifdef __cplusplus
}
#endif

#endif
