/* SPDX-License-Identifier: MIT */
/*
 * The visit of an image: once with damage as an error, once with somebody who
 * listens, in both cases with an allocator whose books must balance.
 */
#include "visit.h"
#include "ledger.h"

#include "lfskit/volume.h"

#include <string.h>

/* Returns what does not hold; the only macro here that hides control flow. */
#define HOLDS(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            return #condition;                                                                     \
        }                                                                                          \
    } while (0)

#define SPANS 3
#define BLOCK_SIZE_MIN 128U
/* A node takes a tag and a name at least. */
#define NODES_MAX(size) ((size) / 5 + 1)
/* An entry that stands for no node takes a tag; a block cut short has room for any number. */
#define DAMAGES_MAX(size) ((size) / 2 + 1032)
/* However deep a directory lies, a report of what is in it is no longer than this. */
#define TOLD_PATH_MAX 8192
/* Nodes whose path is spelled and looked up, as that takes as long as the path. */
#define PATHS 4
#define PATH_SIZE 512

/* One reading of an image of `size` bytes. */
struct pass {
    struct ledger ledger;
    struct lfk_volume *volume;
    struct lfk_tree *tree;
    struct lfk_volume_info info;
    const void *bytes;
    size_t size;
    size_t nodes;
    uint64_t blocks; /* of all files in the tree */
    uint64_t delivered;
    uint64_t unreadable;
    uint64_t damages;
    const char *wrong; /* with what the listener was told */
};

static const char *check_detail(const struct lfk_detail *detail, int status)
{
    char text[256];
    HOLDS(detail->status == status);
    HOLDS(detail->what != NULL);
    HOLDS(lfk_detail_format(detail, text, sizeof(text)) > 0);
    HOLDS(strlen(text) > 0);
    return NULL;
}

static const char *check_told(const char *path, const struct lfk_detail *detail)
{
    HOLDS(path == NULL || (path[0] == '/' && strlen(path) < TOLD_PATH_MAX));
    return check_detail(detail, LFK_ERR_CORRUPT);
}

static void listen(void *context, const char *path, const struct lfk_detail *detail)
{
    struct pass *pass = context;
    const char *wrong = check_told(path, detail);
    pass->wrong = pass->wrong != NULL ? pass->wrong : wrong;
    pass->damages++;
}

static const char *check_info(const struct pass *pass)
{
    const struct lfk_volume_info *info = &pass->info;
    HOLDS(info->block_size >= BLOCK_SIZE_MIN);
    HOLDS(info->block_count >= 2);
    HOLDS(info->image_size == pass->size);
    HOLDS(info->superblocks >= 1);
    HOLDS(info->pairs >= info->superblocks);
    HOLDS(info->pairs <= pass->size / info->block_size + 1);
    HOLDS(info->blocks_used >= 2 * (uint64_t)info->pairs);
    HOLDS(info->revision_min <= info->revision_max);
    HOLDS(info->torn_pairs <= info->pairs && info->stale_pairs <= info->pairs);
    return NULL;
}

static const char *check_node(struct pass *pass, const struct lfk_node *node)
{
    HOLDS(node->index < lfk_tree_count(pass->tree));
    if (node->parent != NULL) {
        HOLDS(node->name_size > 0 && node->name[node->name_size] == '\0');
        HOLDS(strlen(node->name) == node->name_size && strchr(node->name, '/') == NULL);
        HOLDS(strcmp(node->name, ".") != 0 && strcmp(node->name, "..") != 0);
        HOLDS(node->parent->type == LFK_NODE_DIR);
    }
    for (const struct lfk_attribute *a = node->attributes; a != NULL; a = a->next) {
        HOLDS(a->next == NULL || a->next->type > a->type);
        HOLDS(a->size <= 1022);
    }
    if (node->type == LFK_NODE_DIR) {
        HOLDS(node->content == NULL);
        return NULL;
    }
    HOLDS(node->type == LFK_NODE_FILE && node->first == NULL);
    HOLDS(node->content != NULL || node->size <= 1022);
    pass->blocks += node->place.blocks;
    return NULL;
}

/* Reads a file to its end, or to where it cannot be read further. */
static const char *read_file(struct pass *pass, const struct lfk_node *node)
{
    struct lfk_reader reader = {0};
    struct lfk_span spans[SPANS];
    struct lfk_detail detail = {0};
    uint64_t delivered = 0;
    unsigned sum = 0;
    int result = lfk_reader_open(&reader, node, &detail);
    while (result >= 0 && (result = lfk_reader_next(&reader, spans, SPANS, &detail)) > 0) {
        HOLDS(result <= SPANS);
        for (int i = 0; i < result; i++) {
            const uint8_t *bytes = spans[i].data;
            for (size_t k = 0; k < spans[i].size; k++) {
                sum += bytes[k];
            }
            delivered += spans[i].size;
        }
    }
    lfk_reader_close(&reader);
    pass->delivered += delivered;
    pass->unreadable += result < 0;
    HOLDS(delivered <= node->size && (delivered > 0 || sum == 0));
    HOLDS(result < 0 || delivered == node->size);
    return result < 0 ? check_detail(&detail, LFK_ERR_CORRUPT) : NULL;
}

static const char *check_tree(struct pass *pass)
{
    const struct lfk_node *root = lfk_tree_root(pass->tree);
    const char *wrong = NULL;
    for (const struct lfk_node *n = root; n != NULL && wrong == NULL; n = lfk_node_next(root, n)) {
        wrong = check_node(pass, n);
        if (wrong == NULL && n->type == LFK_NODE_FILE) {
            wrong = read_file(pass, n);
        }
        pass->nodes++;
    }
    if (wrong != NULL) {
        return wrong;
    }
    HOLDS(pass->nodes == lfk_tree_count(pass->tree));
    HOLDS(pass->nodes <= NODES_MAX(pass->size));
    HOLDS(pass->blocks <= pass->info.block_count);
    HOLDS(pass->blocks <= pass->size / pass->info.block_size + 1);
    HOLDS(pass->delivered <= 2 * (uint64_t)pass->size + pass->info.block_size);
    return NULL;
}

/* Loads the part at a path; on a damaged image it may be another, or not be found. */
static const char *load_part(const struct pass *pass, const char *path)
{
    struct lfk_tree *tree = NULL;
    struct lfk_detail detail = {0};
    int status = lfk_volume_load(pass->volume, path, &tree, &detail);
    lfk_tree_destroy(tree);
    return status < 0 ? check_detail(&detail, status) : NULL;
}

/*
 * Loads the first nodes again, each by its path, after the whole tree is gone,
 * and what paths of other forms lead to.
 */
static const char *check_paths(struct pass *pass)
{
    static const char *const forms[] = {"", "/..", "littlefs", "/./x/../nowhere//"};
    char paths[PATHS][PATH_SIZE];
    const struct lfk_node *root = lfk_tree_root(pass->tree);
    const struct lfk_node *node = lfk_node_next(root, root);
    const char *wrong = NULL;
    int count = 0;
    for (; count < PATHS && node != NULL; node = lfk_node_next(root, node)) {
        if (lfk_node_path(node, paths[count], PATH_SIZE) < PATH_SIZE) {
            count++;
        }
    }
    lfk_tree_destroy(pass->tree);
    pass->tree = NULL;
    for (int i = 0; i < count && wrong == NULL; i++) {
        wrong = load_part(pass, paths[i]);
    }
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]) && wrong == NULL; i++) {
        wrong = load_part(pass, forms[i]);
    }
    return wrong;
}

/* Opens, loads and reads. `*status` is that of opening and loading. */
static const char *go(struct pass *pass, bool listening, int *status)
{
    struct lfk_volume_options options = {.size = sizeof(options),
                                         .allocator = &pass->ledger.allocator,
                                         .damage = listening ? listen : NULL,
                                         .damage_context = pass};
    struct lfk_detail detail = {0};
    *status = lfk_volume_open_memory(&pass->volume, pass->bytes, pass->size, &options, &detail);
    if (*status < 0) {
        return check_detail(&detail, *status);
    }
    lfk_volume_info(pass->volume, &pass->info);
    const char *wrong = check_info(pass);
    *status = lfk_volume_load(pass->volume, "/", &pass->tree, &detail);
    if (wrong != NULL || *status < 0) {
        return wrong != NULL ? wrong : check_detail(&detail, *status);
    }
    wrong = check_tree(pass);
    uint64_t damages = pass->damages; /* a part loaded again tells its damage again */
    wrong = wrong != NULL ? wrong : check_paths(pass);
    pass->damages = damages;
    return wrong;
}

static const char *read_once(struct pass *pass, bool listening, int *status)
{
    ledger_open(&pass->ledger);
    pass->ledger.limit = VISIT_MEMORY(pass->size);
    const char *wrong = go(pass, listening, status);
    lfk_tree_destroy(pass->tree);
    lfk_volume_close(pass->volume);
    if (wrong != NULL || pass->wrong != NULL) {
        return wrong != NULL ? wrong : pass->wrong;
    }
    HOLDS(!pass->ledger.exceeded);
    HOLDS(*status != LFK_ERR_NOMEM);
    HOLDS(pass->ledger.live == 0 && pass->ledger.bytes == 0);
    HOLDS(pass->damages <= DAMAGES_MAX(pass->size));
    return NULL;
}

const char *visit_image(struct visit *visit, const void *bytes, size_t size)
{
    struct pass strict = {.bytes = bytes, .size = size};
    struct pass patient = {.bytes = bytes, .size = size};
    int status;
    *visit = (struct visit){0};
    const char *wrong = read_once(&strict, false, &visit->status);
    if (wrong != NULL) {
        return wrong;
    }
    wrong = read_once(&patient, true, &status);
    visit->nodes = patient.nodes;
    visit->bytes = patient.delivered;
    visit->unreadable = patient.unreadable;
    visit->damages = patient.damages;
    visit->peak = patient.ledger.peak;
    if (wrong != NULL) {
        return wrong;
    }
    /* Whoever takes damage for an error meets one just when whoever listens is told of some. */
    HOLDS(visit->status < 0 || (status == LFK_OK && visit->damages == 0));
    HOLDS(visit->status == LFK_OK || status < 0 || visit->damages > 0);
    HOLDS(status == LFK_OK || status == visit->status || visit->damages > 0);
    HOLDS(visit->status < 0 || strict.nodes == patient.nodes);
    return NULL;
}
