/* SPDX-License-Identifier: MIT */
/*
 * Reads a host directory into a tree. The walk is that of the tree itself: when
 * it comes to a directory, the directory's entries are added, and the walk goes
 * on to them. So nothing recurses, and one directory is open at a time.
 *
 * Invariant: nodes hold no paths but names; everything that cannot be stored
 * is told before the scan fails or, if that is asked for, goes on without it.
 */
#define _POSIX_C_SOURCE 200809L

#include "lfskit/host.h"

#include "direntry.h"
#include "hostfile.h"
#include "hostio.h"
#include "pathbuf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* An encoded name; the longest that littlefs takes is 1022 bytes. */
#define NAME_ROOM 4096

struct lfk_scan {
    struct lfk_hostfiles files;
    const struct lfk_allocator *allocator;
    struct lfk_pathbuf source; /* the path given */
    size_t prefix_size;        /* of it: what is before the '/' of a node's path */
    bool is_file;
};

struct file_id {
    dev_t device;
    ino_t inode;
};

static bool is_file(struct file_id id, const struct stat *stat)
{
    return id.device == stat->st_dev && id.inode == stat->st_ino;
}

/* What the walk needs beyond what the scan keeps. */
struct scanner {
    struct lfk_scan *scan;
    struct lfk_tree *tree;
    const struct lfk_scan_options *options;
    struct lfk_pathbuf path; /* on the host, of the entry at hand */
    struct file_id *chain;   /* the directories that lead to the one at hand */
    size_t chain_room;
    struct file_id output;
    bool has_output; /* there is a file at the output's path already */
    int status;      /* LFK_OK or that of the first problem */
    struct lfk_detail *detail;
};

/* Returns LFK_OK, as the walk goes on. */
static int report(struct scanner *s, const struct lfk_detail *problem)
{
    if (s->status == LFK_OK) {
        s->status = problem->status;
        if (s->detail != NULL) {
            *s->detail = *problem;
        }
    }
    if (s->options->report != NULL) {
        s->options->report(s->options->context, s->path.text, problem);
    }
    return LFK_OK;
}

static int report_os(struct scanner *s, int os_error, const char *what)
{
    struct lfk_detail problem = {0};
    (void)lfk_fail_os(&problem, os_error, what);
    return report(s, &problem);
}

static int report_status(struct scanner *s, int status, const char *what)
{
    struct lfk_detail problem = {0};
    (void)lfk_fail(&problem, status, what);
    return report(s, &problem);
}

static int warn(struct scanner *s, const char *what)
{
    struct lfk_detail warning = {0};
    (void)lfk_fail(&warning, LFK_ERR_INVAL, what);
    if (s->options->warn != NULL) {
        s->options->warn(s->options->context, s->path.text, &warning);
    }
    return LFK_OK;
}

/* Adds the node; one that has no name in the image is reported. */
static int add_node(struct scanner *s, struct lfk_node *parent, const struct lfk_direntry *entry)
{
    struct lfk_detail problem = {0};
    char name[NAME_ROOM];
    int size = lfk_encoding_encode(s->options->encoding, entry->name, entry->name_size, name,
                                   sizeof(name), &problem);
    if (size < 0) {
        return report(s, &problem);
    }
    struct lfk_node *node = NULL;
    int result;
    if (entry->kind == LFK_DIRENTRY_DIR) {
        result = lfk_tree_add_dir(s->tree, parent, name, (size_t)size, &node);
    } else {
        result = lfk_tree_add_content(s->tree, parent, name, (size_t)size, &s->scan->files.content,
                                      (uint64_t)entry->stat.st_size, &node);
    }
    if (result == LFK_ERR_INVAL) {
        return report_status(s, result, "name cannot be stored");
    }
    if (result == LFK_OK &&
        ((size_t)size != entry->name_size || memcmp(name, entry->name, (size_t)size) != 0)) {
        char *origin = lfk_tree_alloc(s->tree, entry->name_size + 1);
        if (origin == NULL) {
            return LFK_ERR_NOMEM;
        }
        memcpy(origin, entry->name, entry->name_size + 1);
        node->origin = origin;
    }
    return result;
}

static int add_file(struct scanner *s, struct lfk_node *parent, struct lfk_direntry *entry)
{
    int error = entry->has_stat ? 0 : lfk_direntry_stat(entry, !s->options->no_dereference);
    if (error != 0) {
        return report_os(s, error, "file cannot be examined");
    }
    if (entry->kind != LFK_DIRENTRY_FILE) {
        return report_status(s, LFK_ERR_IO, "file was replaced while it was examined");
    }
    if (s->has_output && is_file(s->output, &entry->stat)) {
        return s->scan->is_file ? report_status(s, LFK_ERR_INVAL, "source is the output as well")
                                : warn(s, "left out: the output");
    }
    if (!lfk_direntry_is_readable(entry)) {
        return report_os(s, errno, "file cannot be read");
    }
    return add_node(s, parent, entry);
}

static int add_entry(struct scanner *s, struct lfk_node *parent, struct lfk_direntry *entry)
{
    int error = lfk_direntry_classify(entry, !s->options->no_dereference);
    const char *below = s->path.text + s->scan->prefix_size + 1;
    if (s->options->excludes != NULL &&
        lfk_excludes_match(s->options->excludes, below, entry->kind == LFK_DIRENTRY_DIR)) {
        return LFK_OK;
    }
    if (error == ELOOP) {
        return report_status(s, LFK_ERR_INVAL, "symbolic links form a cycle");
    }
    if (error != 0) {
        return report_os(s, error,
                         entry->kind == LFK_DIRENTRY_LINK ? "symbolic link leads nowhere"
                                                          : "entry cannot be examined");
    }
    switch (entry->kind) {
    case LFK_DIRENTRY_DIR:
        return add_node(s, parent, entry);
    case LFK_DIRENTRY_FILE:
        return add_file(s, parent, entry);
    case LFK_DIRENTRY_LINK:
        return warn(s, "left out: a symbolic link");
    default:
        return warn(s, "left out: neither a file nor a directory");
    }
}

static bool is_stopped(const struct scanner *s)
{
    return s->options->stop != NULL && s->options->stop(s->options->context);
}

/* Reads all entries of the directory open as `dir`, whose path is the first `path_size` bytes. */
static int read_dir(struct scanner *s, struct lfk_node *node, DIR *dir, size_t path_size)
{
    const struct dirent *dirent;
    for (errno = 0; (dirent = readdir(dir)) != NULL && !is_stopped(s); errno = 0) {
        struct lfk_direntry entry;
        lfk_direntry_init(&entry, dirfd(dir), dirent);
        if (strcmp(entry.name, ".") == 0 || strcmp(entry.name, "..") == 0) {
            continue;
        }
        TRY(lfk_pathbuf_set_name(&s->path, path_size, entry.name, entry.name_size));
        TRY(add_entry(s, node, &entry));
    }
    if (errno != 0) {
        int error = errno;
        lfk_pathbuf_cut(&s->path, path_size);
        return report_os(s, error, "directory cannot be read");
    }
    return LFK_OK;
}

/* Appends the directory to the chain of those that lead to it; false if it is in it already. */
static int extend_chain(struct scanner *s, const struct lfk_node *node, const struct stat *stat,
                        bool *is_cycle)
{
    size_t depth = 0;
    while (node->parent != NULL) {
        node = node->parent;
        depth++;
    }
    *is_cycle = false;
    for (size_t i = 0; i < depth; i++) {
        *is_cycle = *is_cycle || is_file(s->chain[i], stat);
    }
    void *chain = s->chain;
    TRY(lfk_grow(s->scan->allocator, &chain, &s->chain_room, depth + 1, sizeof(*s->chain)));
    s->chain = chain;
    s->chain[depth] = (struct file_id){stat->st_dev, stat->st_ino};
    return LFK_OK;
}

/* Takes over the descriptor. */
static int scan_open_dir(struct scanner *s, struct lfk_node *node, int fd)
{
    struct stat stat;
    DIR *dir;
    if (fstat(fd, &stat) != 0 || (dir = fdopendir(fd)) == NULL) {
        int error = errno;
        (void)close(fd);
        return report_os(s, error, "directory cannot be read");
    }
    bool is_cycle;
    int result = extend_chain(s, node, &stat, &is_cycle);
    if (result == LFK_OK && is_cycle) {
        result = report_status(s, LFK_ERR_INVAL, "symbolic links form a cycle");
    } else if (result == LFK_OK) {
        result = read_dir(s, node, dir, s->path.size);
    }
    (void)closedir(dir);
    return result;
}

static int scan_dir(struct scanner *s, struct lfk_node *node)
{
    const struct lfk_scan *scan = s->scan;
    lfk_pathbuf_cut(&s->path, scan->prefix_size);
    TRY(lfk_pathbuf_append(&s->path, "/", 1));
    TRY(lfk_pathbuf_set_origin(&s->path, s->path.size, node));
    int fd = lfk_hostio_open_dir(scan->files.base_fd, s->path.text + scan->prefix_size + 1);
    if (fd < 0) {
        return report_os(s, errno, "directory cannot be opened");
    }
    return scan_open_dir(s, node, fd);
}

/* Walks the nodes that are added on the way; those the tree had before are not the host's. */
static int scan_tree(struct scanner *s)
{
    struct lfk_node *root = lfk_tree_root(s->tree);
    size_t first_index = lfk_tree_count(s->tree);
    for (struct lfk_node *node = root; node != NULL && !is_stopped(s);
         node = lfk_node_next(root, node)) {
        if (node->type == LFK_NODE_DIR && (node == root || node->index >= first_index)) {
            TRY(scan_dir(s, node));
        }
    }
    return LFK_OK;
}

/* The file's name is what follows the prefix in the source's path. */
static int scan_file(struct scanner *s, const struct stat *stat)
{
    const char *slash = strrchr(s->scan->source.text, '/');
    struct lfk_direntry entry = {.dir_fd = s->scan->files.base_fd,
                                 .name = slash != NULL ? slash + 1 : s->scan->source.text,
                                 .kind = LFK_DIRENTRY_FILE,
                                 .has_stat = true,
                                 .stat = *stat};
    entry.name_size = strlen(entry.name);
    return add_file(s, lfk_tree_root(s->tree), &entry);
}

/* Opens the directory that the nodes' paths begin at. */
static int open_base(struct lfk_scan *scan, const struct stat *stat, bool no_dereference,
                     struct lfk_detail *detail)
{
    char *slash = strrchr(scan->source.text, '/');
    const char *path = scan->source.text;
    if (S_ISREG(stat->st_mode)) {
        scan->is_file = true;
        path = ".";
        if (slash != NULL) {
            path = slash == scan->source.text ? "/" : scan->source.text;
            *slash = '\0';
        }
    } else if (!S_ISDIR(stat->st_mode)) {
        return lfk_fail(detail, LFK_ERR_INVAL, "source is neither a file nor a directory");
    }
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (scan->is_file && slash != NULL) {
        *slash = '/';
    }
    if (fd < 0) {
        return lfk_fail_os(detail, errno, "directory cannot be opened");
    }
    /* Links on the way to the source are followed, and so is the source. */
    lfk_hostfiles_init(&scan->files, fd, no_dereference && !scan->is_file, scan->allocator);
    return LFK_OK;
}

static int scan_source(struct lfk_scan *scan, struct lfk_tree *tree,
                       const struct lfk_scan_options *options, struct lfk_detail *detail)
{
    struct stat stat_of_source;
    if (stat(scan->source.text, &stat_of_source) != 0) {
        return lfk_fail_os(detail, errno, "source cannot be opened");
    }
    TRY(open_base(scan, &stat_of_source, options->no_dereference, detail));
    struct scanner s = {.scan = scan, .tree = tree, .options = options, .detail = detail};
    struct stat output;
    if (options->output != NULL && stat(options->output, &output) == 0) {
        s.output = (struct file_id){output.st_dev, output.st_ino};
        s.has_output = true;
    }
    s.path.allocator = scan->allocator;
    int result = lfk_pathbuf_append(&s.path, scan->source.text,
                                    scan->is_file ? scan->source.size : scan->prefix_size);
    if (result == LFK_OK) {
        result = scan->is_file ? scan_file(&s, &stat_of_source) : scan_tree(&s);
    }
    lfk_pathbuf_free(&s.path);
    lfk_free(scan->allocator, s.chain);
    if (result < 0) {
        return lfk_fail_nomem(detail);
    }
    return options->partial && !scan->is_file ? LFK_OK : s.status;
}

int lfk_scan_open(struct lfk_scan **scan, struct lfk_tree *tree, const char *path,
                  const struct lfk_scan_options *options, struct lfk_detail *detail)
{
    struct lfk_scan_options used;
    TRY(lfk_options_take(&used, sizeof(used), options, detail));
    struct lfk_scan *made = lfk_alloc_zeroed(used.allocator, 1, sizeof(*made));
    if (made == NULL) {
        return lfk_fail_nomem(detail);
    }
    made->allocator = used.allocator;
    made->source.allocator = used.allocator;
    lfk_hostfiles_init(&made->files, -1, false, used.allocator);
    int result;
    if (lfk_pathbuf_append(&made->source, path, strlen(path)) < 0) {
        result = lfk_fail_nomem(detail);
    } else {
        made->prefix_size = made->source.size;
        while (made->prefix_size > 0 && path[made->prefix_size - 1] == '/') {
            made->prefix_size--;
        }
        result = scan_source(made, tree, &used, detail);
    }
    if (result < 0) {
        lfk_scan_close(made);
        return result;
    }
    *scan = made;
    return LFK_OK;
}

void lfk_scan_close(struct lfk_scan *scan)
{
    if (scan != NULL) {
        lfk_hostfiles_free(&scan->files);
        lfk_pathbuf_free(&scan->source);
        lfk_free(scan->allocator, scan);
    }
}

size_t lfk_scan_path(const struct lfk_scan *scan, const struct lfk_node *node, char *buffer,
                     size_t size)
{
    bool is_source = scan->is_file || node->parent == NULL;
    size_t length = is_source ? scan->source.size : scan->prefix_size;
    size_t copied = size == 0 ? 0 : length < size ? length : size - 1;
    if (size > 0) {
        memcpy(buffer, scan->source.text, copied);
    }
    if (is_source) {
        if (size > 0) {
            buffer[copied] = '\0';
        }
        return length;
    }
    return length + lfk_node_origin_path(node, size > 0 ? buffer + copied : NULL, size - copied);
}
