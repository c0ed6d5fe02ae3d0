/* SPDX-License-Identifier: MIT */
/*
 * Writes a tree into a host directory. The walk takes the directories one by
 * one: each is made and opened, then its files are written into it.
 *
 * Invariant: every name is used relative to the descriptor of its directory,
 * which was reached from the destination name by name without following a
 * symbolic link; names are single path components. So nothing outside the
 * destination is touched, whatever the tree or the destination holds.
 */
#define _POSIX_C_SOURCE 200809L

#include "lfskit/host.h"

#include "hostio.h"
#include "pathbuf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A decoded name with its NUL; hosts take 255 bytes. */
#define NAME_ROOM 4096

#define SPANS_MAX 256

/* What is to be written of a node, if not everything is. */
enum selection {
    SELECT_NONE,
    SELECT_WAY, /* a directory above something selected */
    SELECT_ALL
};

struct extraction {
    const struct lfk_node *top;
    const struct lfk_extract_options *options;
    uint8_t *selections; /* by the nodes' index; NULL: SELECT_ALL throughout */
    int base_fd;
    const struct lfk_node *dir; /* open as dir_fd; top has base_fd */
    int dir_fd;
    const struct lfk_node **way; /* room for the nodes that lead to a directory */
    size_t way_room;
    struct lfk_pathbuf path; /* absolute, of the directory at hand; if there is a progress */
    size_t base_size;        /* of it: the destination */
    int status;              /* LFK_OK or that of the first report */
    struct lfk_detail *detail;
};

static void report(struct extraction *x, const struct lfk_node *node,
                   const struct lfk_detail *problem)
{
    if (x->status == LFK_OK) {
        x->status = problem->status;
        if (x->detail != NULL) {
            *x->detail = *problem;
        }
    }
    if (x->options->report != NULL) {
        x->options->report(x->options->context, node, problem);
    }
}

static uint8_t selection_of(const struct extraction *x, const struct lfk_node *node)
{
    return x->selections == NULL ? SELECT_ALL : x->selections[node->index];
}

/* Asks for the selection of every node, so that the directories on the way are known. */
static int select_nodes(struct extraction *x)
{
    size_t last = x->top->index;
    for (const struct lfk_node *node = x->top; node != NULL; node = lfk_node_next(x->top, node)) {
        last = node->index > last ? node->index : last;
    }
    x->selections = lfk_alloc_zeroed(x->options->allocator, last + 1, 1);
    if (x->selections == NULL) {
        return LFK_ERR_NOMEM;
    }
    x->selections[x->top->index] = SELECT_WAY;
    for (const struct lfk_node *node = x->top->first; node != NULL;
         node = lfk_node_next(x->top, node)) {
        const struct lfk_node *n = node->parent;
        if (x->selections[n->index] != SELECT_ALL &&
            !x->options->select(x->options->context, node)) {
            continue;
        }
        x->selections[node->index] = SELECT_ALL;
        for (; x->selections[n->index] == SELECT_NONE; n = n->parent) {
            x->selections[n->index] = SELECT_WAY;
        }
    }
    return LFK_OK;
}

/* The name on the host, with a NUL; only names that stay in their directory. */
static int host_name(const struct extraction *x, const struct lfk_node *node, char *name,
                     struct lfk_detail *detail)
{
    int size = lfk_encoding_decode(x->options->encoding, node->name, node->name_size, name,
                                   NAME_ROOM - 1, detail);
    if (size < 0) {
        return size;
    }
    name[size] = '\0';
    if (size == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        return lfk_fail(detail, LFK_ERR_INVAL, "name would lead to another directory");
    }
    return size;
}

static int open_subdir(const struct extraction *x, int fd, const struct lfk_node *node, bool make,
                       struct lfk_detail *detail)
{
    char name[NAME_ROOM];
    TRY(host_name(x, node, name, detail));
    if (make && mkdirat(fd, name, 0777) != 0 && errno != EEXIST) {
        return lfk_fail_os(detail, errno, "directory cannot be made");
    }
    int opened = openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (opened < 0 && (errno == ENOTDIR || errno == ELOOP)) {
        return lfk_fail(detail, LFK_ERR_NOTDIR, "something that is not a directory is in the way");
    }
    return opened >= 0 ? opened : lfk_fail_os(detail, errno, "directory cannot be opened");
}

static void leave_dir(struct extraction *x)
{
    if (x->dir != x->top) {
        (void)close(x->dir_fd);
    }
    x->dir = x->top;
    x->dir_fd = x->base_fd;
}

/* Opens a subdirectory of the one at hand, and closes that. */
static int enter_child(struct extraction *x, const struct lfk_node *node, bool make,
                       struct lfk_detail *detail)
{
    int fd = open_subdir(x, x->dir_fd, node, make, detail);
    leave_dir(x);
    if (fd < 0) {
        return fd;
    }
    x->dir = node;
    x->dir_fd = fd;
    return LFK_OK;
}

/* Lists the nodes from `node` up to but without `end`, or the top; returns which of the two. */
static const struct lfk_node *list_way(struct extraction *x, const struct lfk_node *node,
                                       const struct lfk_node *end, size_t *count)
{
    *count = 0;
    for (; node != end && node != x->top; node = node->parent) {
        void *way = (void *)x->way;
        if (lfk_grow(x->options->allocator, &way, &x->way_room, *count + 1,
                     sizeof(const struct lfk_node *)) < 0) {
            return NULL;
        }
        x->way = way;
        x->way[(*count)++] = node;
    }
    return node;
}

/* Makes `node` the directory at hand; those above it were made before. */
static int enter_dir(struct extraction *x, const struct lfk_node *node, struct lfk_detail *detail)
{
    size_t count;
    const struct lfk_node *start = list_way(x, node, x->dir, &count);
    if (start == NULL) {
        return lfk_fail_nomem(detail);
    }
    if (start != x->dir) {
        leave_dir(x);
    }
    while (count > 0) {
        count--;
        TRY(enter_child(x, x->way[count], count == 0, detail));
    }
    return LFK_OK;
}

static bool is_stopped(const struct extraction *x)
{
    return x->options->stop != NULL && x->options->stop(x->options->context);
}

static int copy_content(const struct extraction *x, const struct lfk_node *node, int fd,
                        struct lfk_detail *detail)
{
    struct lfk_reader reader = {0};
    struct lfk_span spans[SPANS_MAX];
    int result = lfk_reader_open(&reader, node, detail);
    while (result == LFK_OK) {
        int count = lfk_reader_next(&reader, spans, SPANS_MAX, detail);
        if (count <= 0) {
            result = count;
            break;
        }
        result = is_stopped(x)
                     ? lfk_fail(detail, LFK_ERR_IO, "stopped before the file was complete")
                     : lfk_hostio_write(fd, spans, (size_t)count, detail);
    }
    lfk_reader_close(&reader);
    return result;
}

/* Gives a complete file its name, in the place of what had it. */
static int publish(const struct extraction *x, const char *temp, const char *name,
                   struct lfk_detail *detail)
{
    if (renameat(x->dir_fd, temp, x->dir_fd, name) == 0) {
        return LFK_OK;
    }
    if (errno == EISDIR || errno == ENOTEMPTY || errno == EEXIST) {
        return lfk_fail(detail, LFK_ERR_ISDIR, "a directory is in the way");
    }
    return lfk_fail_os(detail, errno, "file cannot be made");
}

/* Whoever looks at the name, at any moment, sees what was there or the whole file. */
static int write_file(const struct extraction *x, const struct lfk_node *node, const char *name,
                      struct lfk_detail *detail)
{
    char temp[LFK_HOSTIO_TEMP_ROOM];
    int fd = lfk_hostio_open_temp(x->dir_fd, temp);
    if (fd < 0) {
        return lfk_fail_os(detail, errno, "file cannot be made");
    }
    int result = copy_content(x, node, fd, detail);
    if (close(fd) != 0 && result == LFK_OK) {
        result = lfk_fail_os(detail, errno, "writing failed");
    }
    if (result == LFK_OK) {
        result = publish(x, temp, name, detail);
    }
    if (result < 0) {
        (void)unlinkat(x->dir_fd, temp, 0);
    }
    return result;
}

/* Makes `path` that of the directory at hand; all its names were decoded before. */
static int spell_dir(struct extraction *x, const struct lfk_node *node)
{
    size_t count;
    if (list_way(x, node, x->top, &count) == NULL) {
        return LFK_ERR_NOMEM;
    }
    lfk_pathbuf_cut(&x->path, x->base_size);
    while (count > 0) {
        char name[NAME_ROOM];
        int size = host_name(x, x->way[--count], name, NULL);
        TRY(size);
        TRY(lfk_pathbuf_set_name(&x->path, x->path.size, name, (size_t)size));
    }
    return LFK_OK;
}

static int tell(struct extraction *x, const struct lfk_node *node, const char *name)
{
    size_t dir_size = x->path.size;
    if (x->options->progress != NULL) {
        TRY(lfk_pathbuf_set_name(&x->path, dir_size, name, strlen(name)));
        x->options->progress(x->options->context, node, x->path.text);
        lfk_pathbuf_cut(&x->path, dir_size);
    }
    return LFK_OK;
}

/* Writes a file into the directory at hand; a directory is told of, its turn comes. */
static int write_entry(struct extraction *x, const struct lfk_node *node)
{
    struct lfk_detail problem = {0};
    char name[NAME_ROOM];
    int result = host_name(x, node, name, &problem);
    if (result >= 0 && node->type == LFK_NODE_FILE) {
        result = write_file(x, node, name, &problem);
    }
    if (result >= 0) {
        return tell(x, node, name);
    }
    if (node->type == LFK_NODE_FILE) {
        report(x, node, &problem);
    }
    return LFK_OK;
}

static int write_entries(struct extraction *x, const struct lfk_node *dir, enum lfk_node_type type)
{
    for (const struct lfk_node *node = dir->first; node != NULL && !is_stopped(x);
         node = node->next) {
        if (node->type == type && selection_of(x, node) != SELECT_NONE) {
            TRY(write_entry(x, node));
        }
    }
    return LFK_OK;
}

/* Fails only when memory is short; what cannot be written is reported. */
static int write_tree(struct extraction *x)
{
    const struct lfk_node *node = x->top;
    while (node != NULL && !is_stopped(x)) {
        struct lfk_detail problem = {0};
        if (node->type != LFK_NODE_DIR || selection_of(x, node) == SELECT_NONE) {
            node = lfk_node_skip(x->top, node);
            continue;
        }
        if (enter_dir(x, node, &problem) < 0) {
            report(x, node, &problem);
            node = lfk_node_skip(x->top, node);
            continue;
        }
        if (x->options->progress != NULL) {
            TRY(spell_dir(x, node));
            TRY(write_entries(x, node, LFK_NODE_DIR));
        }
        TRY(write_entries(x, node, LFK_NODE_FILE));
        node = lfk_node_next(x->top, node);
    }
    return LFK_OK;
}

/* Puts the absolute path of the destination into x->path, without "./" and '/' at its ends. */
static int spell_base(struct extraction *x, const char *path)
{
    size_t room = 256;
    if (path[0] != '/') {
        do {
            TRY(lfk_pathbuf_reserve(&x->path, room));
            room *= 2;
        } while (getcwd(x->path.text, x->path.room) == NULL && errno == ERANGE);
        x->path.size = strlen(x->path.text);
    }
    while (path[0] == '.' && (path[1] == '/' || path[1] == '\0')) {
        path += path[1] == '/' ? 2 : 1;
    }
    size_t size = strlen(path);
    while (size > 1 && path[size - 1] == '/') {
        size--;
    }
    if (size > 0) {
        TRY(lfk_pathbuf_set_name(&x->path, x->path.size, path, size));
    }
    x->base_size = x->path.size;
    return LFK_OK;
}

static int open_base(const char *path, struct lfk_detail *detail)
{
    TRY(lfk_hostio_make_dirs(path, detail));
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == ENOTDIR) {
        return lfk_fail(detail, LFK_ERR_NOTDIR, "destination is not a directory");
    }
    return fd >= 0 ? fd : lfk_fail_os(detail, errno, "destination cannot be opened");
}

int lfk_extract(const struct lfk_node *top, const char *path,
                const struct lfk_extract_options *options, struct lfk_detail *detail)
{
    struct lfk_extract_options used;
    TRY(lfk_options_take(&used, sizeof(used), options, detail));
    struct extraction x = {.top = top,
                           .options = &used,
                           .dir = top,
                           .path = {.allocator = used.allocator},
                           .detail = detail};
    x.base_fd = open_base(path, detail);
    if (x.base_fd < 0) {
        return x.base_fd;
    }
    x.dir_fd = x.base_fd;
    int result = LFK_OK;
    if (x.options->progress != NULL) {
        result = spell_base(&x, path);
    }
    if (result == LFK_OK && x.options->select != NULL) {
        result = select_nodes(&x);
    }
    if (result == LFK_OK) {
        result = write_tree(&x);
    }
    leave_dir(&x);
    (void)close(x.base_fd);
    lfk_free(x.options->allocator, x.selections);
    lfk_free(x.options->allocator, (void *)x.way);
    lfk_pathbuf_free(&x.path);
    return result < 0 ? lfk_fail_nomem(detail) : x.status;
}
