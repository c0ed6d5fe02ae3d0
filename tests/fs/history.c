/* SPDX-License-Identifier: MIT */
/*
 * Operations, drawn, done and modelled.
 */
#include "history.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct geometry geometry_choose(struct choices *choices)
{
    static const uint32_t sizes[] = {128, 256, 384, 512, 1024, 4096};
    static const int32_t cycles[] = {-1, -1, 1, 2, 5, 100};
    static const int erased[] = {0xff, 0xff, 0x00, FLASH_ERASE_KEEPS};
    struct geometry g = {.block_size = sizes[choose_below(choices, 6)]};
    g.prog_size = UINT32_C(1) << choose_below(choices, 8);
    while (g.block_size % g.prog_size != 0 || g.prog_size > g.block_size / 2) {
        g.prog_size /= 2;
    }
    g.cache_size = g.block_size;
    while (g.cache_size / 2 >= g.prog_size && g.cache_size % 2 == 0 &&
           g.cache_size / 2 % g.prog_size == 0 && choose_below(choices, 2) == 0) {
        g.cache_size /= 2;
    }
    bool is_small = choose_below(choices, 3) == 0; /* and full soon */
    g.block_count = is_small ? 10 + choose_below(choices, 16) : 16 + choose_below(choices, 100);
    g.block_cycles = cycles[choose_below(choices, 6)];
    g.erase_value = erased[choose_below(choices, 4)];
    g.disk_version = choose_below(choices, 3) == 0 ? LFK_DISK_2_0 : LFK_DISK_2_1;
    return g;
}

struct geometry geometry_random(struct seed *seed)
{
    struct choices choices = {.seed = seed};
    return geometry_choose(&choices);
}

void geometry_print(const struct geometry *g)
{
    printf("%u blocks of %u bytes, prog %u, cache %u, cycles %d, erase value %d, version %x\n",
           (unsigned)g->block_count, (unsigned)g->block_size, (unsigned)g->prog_size,
           (unsigned)g->cache_size, (int)g->block_cycles, g->erase_value,
           (unsigned)g->disk_version);
}

void geometry_open(const struct geometry *g, struct flash *flash)
{
    flash_open(flash, g->block_size, g->block_count + GEOMETRY_SPARE, g->prog_size, g->erase_value);
}

struct lfk_fs_options geometry_options(const struct geometry *g, struct lfk_fs_writing *writing)
{
    *writing = (struct lfk_fs_writing){
        .prog_size = g->prog_size,
        .cache_size = g->cache_size,
        .block_cycles = g->block_cycles,
        .disk_version = g->disk_version,
        .name_max = 255, /* the reference's limit */
    };
    return (struct lfk_fs_options){.block_count = g->block_count, .writing = writing};
}

/* --- drawing ------------------------------------------------------------------------ */

/* A path of something that is there, or "" when nothing is. */
static const char *path_of_any(struct choices *choices, struct model *model)
{
    return model->count == 0 ? ""
                             : model->nodes[choose_below(choices, (uint32_t)model->count)].path;
}

static void path_of_new(struct choices *choices, struct model *model, char *path)
{
    const char *base = path_of_any(choices, model);
    const struct model_node *node = model_find(model, base);
    bool below = node != NULL && node->is_dir && strlen(base) < 60 && choose_below(choices, 3) > 0;
    uint32_t length = 1 + choose_below(choices, choose_below(choices, 4) == 0 ? 24 : 3);
    char name[32] = {0};
    for (uint32_t i = 0; i < length; i++) {
        name[i] = (char)('a' + choose_below(choices, 4));
    }
    snprintf(path, MODEL_PATH_MAX, "%s/%s", below ? base : "", name);
}

static void draw_path(struct choices *choices, struct model *model, bool is_new, char *path)
{
    if (is_new || model->count == 0) {
        path_of_new(choices, model, path);
    } else {
        snprintf(path, MODEL_PATH_MAX, "%s", path_of_any(choices, model));
    }
}

static uint32_t draw_size(struct choices *choices, uint32_t largest)
{
    uint32_t kind = choose_below(choices, 4);
    return choose_below(choices, kind == 0 ? 8 : kind < 3 ? largest / 8 + 2 : largest + 1);
}

struct op op_choose(struct choices *choices, struct model *model, uint32_t largest)
{
    struct op op = {.kind = (enum op_kind)choose_below(choices, OP_KINDS),
                    .salt = choose_next(choices)};
    bool makes = op.kind == OP_WRITE || op.kind == OP_MKDIR;
    bool crowded = model->count > MODEL_NODES_MAX - 20;
    if (crowded) {
        op.kind = OP_REMOVE;
        makes = false;
    }
    draw_path(choices, model, makes && choose_below(choices, 4) > 0, op.path);
    draw_path(choices, model, choose_below(choices, 3) > 0, op.to);
    op.size = draw_size(choices, largest);
    const struct model_node *node = model_find(model, op.path);
    if (node != NULL) {
        op.position = choose_below(choices, node->size + 1);
        if (choose_below(choices, 8) == 0) {
            op.position += choose_below(choices, largest / 4 + 1);
        }
    }
    return op;
}

struct op op_random(struct seed *seed, struct model *model, uint32_t largest)
{
    struct choices choices = {.seed = seed};
    return op_choose(&choices, model, largest);
}

bool op_fits(const struct op *op, const struct model *model)
{
    size_t longest = 0;
    for (size_t i = 0; i < model->count; i++) {
        size_t size = strlen(model->nodes[i].path);
        longest = size > longest ? size : longest;
    }
    return op->kind != OP_RENAME || longest + strlen(op->to) < MODEL_PATH_MAX;
}

void op_print(const struct op *op, char *text, size_t room)
{
    static const char *const names[] = {"write",  "overwrite", "append",    "truncate", "mkdir",
                                        "remove", "rename",    "attribute", "grow"};
    snprintf(text, room, "%s %s%s%s at %u size %u", names[op->kind], op->path,
             op->kind == OP_RENAME ? " -> " : "", op->kind == OP_RENAME ? op->to : "",
             (unsigned)op->position, (unsigned)op->size);
}

/* --- doing ---------------------------------------------------------------------------- */

static uint8_t *bytes_of(const struct op *op)
{
    struct seed seed = {op->salt};
    uint8_t *bytes = malloc(op->size + 1);
    if (bytes == NULL) {
        exit(EXIT_FAILURE);
    }
    seed_fill(&seed, bytes, op->size);
    return bytes;
}

static int write_file(const struct op *op, struct lfk_fs_file *file, const uint8_t *bytes,
                      struct lfk_detail *detail)
{
    switch (op->kind) {
    case OP_WRITE:
        lfk_fs_file_clear(file);
        return lfk_fs_file_write(file, 0, bytes, op->size, detail);
    case OP_APPEND:
        return lfk_fs_file_write(file, lfk_fs_file_size(file), bytes, op->size, detail);
    case OP_TRUNCATE:
        return lfk_fs_file_truncate(file, op->position, detail);
    default:
        return lfk_fs_file_write(file, op->position, bytes, op->size, detail);
    }
}

static int do_file(const struct op *op, struct lfk_fs *fs, struct lfk_detail *detail)
{
    struct lfk_fs_place place;
    struct lfk_fs_entry entry;
    struct lfk_fs_file file;
    TRY(lfk_fs_prepare(fs, detail));
    TRY(lfk_fs_find(fs, op->path, &place, detail));
    entry = place.found;
    if (!place.exists) {
        if (op->kind != OP_WRITE) {
            return LFK_ERR_NOENT;
        }
        TRY(lfk_fs_file_create(fs, &place, &entry, detail));
    }
    TRY(lfk_fs_file_open(fs, &entry, &file, detail));
    uint8_t *bytes = bytes_of(op);
    int result = write_file(op, &file, bytes, detail);
    free(bytes);
    if (result == LFK_OK) {
        result = lfk_fs_file_sync(&file, NULL, 0, detail);
    }
    lfk_fs_file_close(&file);
    return result;
}

static int grow(const struct op *op, struct lfk_fs *fs, struct lfk_detail *detail)
{
    uint32_t count = fs->superblock.block_count + op->salt % 3;
    return count > fs->bd->block_count ? LFK_OK : lfk_fs_resize(fs, count, detail);
}

int op_do(const struct op *op, struct lfk_fs *fs, struct lfk_detail *detail)
{
    uint8_t byte = (uint8_t)op->salt;
    switch (op->kind) {
    case OP_MKDIR:
        return lfk_fs_mkdir(fs, op->path, detail);
    case OP_REMOVE:
        return lfk_fs_remove(fs, op->path, detail);
    case OP_RENAME:
        return lfk_fs_rename(fs, op->path, op->to, detail);
    case OP_GROW:
        return grow(op, fs, detail);
    case OP_ATTRIBUTE:
        if (op->salt % 4 == 0) {
            return lfk_fs_remove_attribute(fs, op->path, 1, detail);
        }
        return lfk_fs_set_attribute(fs, op->path, 1, &byte, 1, detail);
    default:
        return do_file(op, fs, detail);
    }
}

/* --- modelling --------------------------------------------------------------------------- */

/* LFK_OK if there is a directory that `path` is in, or can be in. */
static int check_parent(struct model *model, const char *path)
{
    char parent[MODEL_PATH_MAX];
    for (const char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        snprintf(parent, sizeof(parent), "%.*s", (int)(slash - path), path);
        const struct model_node *node = model_find(model, parent);
        if (node == NULL || !node->is_dir) {
            return node == NULL ? LFK_ERR_NOENT : LFK_ERR_NOTDIR;
        }
    }
    return LFK_OK;
}

static int model_file(const struct op *op, struct model *model)
{
    struct model_node *node = model_find(model, op->path);
    if (node == NULL && op->kind != OP_WRITE) {
        return LFK_ERR_NOENT;
    }
    if (node == NULL) {
        node = model_add(model, op->path, false);
    }
    if (node->is_dir) {
        return LFK_ERR_ISDIR;
    }
    uint8_t *bytes = bytes_of(op);
    if (op->kind == OP_TRUNCATE) {
        model_resize(node, op->position);
    } else if (op->kind == OP_WRITE) {
        model_resize(node, 0);
        model_write(node, 0, bytes, op->size);
    } else if (op->size > 0) {
        model_write(node, op->kind == OP_APPEND ? node->size : op->position, bytes, op->size);
    }
    free(bytes);
    return LFK_OK;
}

static int model_move(const struct op *op, struct model *model)
{
    struct model_node *from = model_find(model, op->path);
    struct model_node *to = model_find(model, op->to);
    size_t size = strlen(op->path);
    if (from == NULL) {
        return LFK_ERR_NOENT;
    }
    TRY(check_parent(model, op->to));
    if (from == to) {
        return LFK_OK;
    }
    if (to != NULL && to->is_dir != from->is_dir) {
        return from->is_dir ? LFK_ERR_NOTDIR : LFK_ERR_ISDIR;
    }
    if (to != NULL && to->is_dir && !model_is_empty(model, op->to)) {
        return LFK_ERR_NOTEMPTY;
    }
    if (from->is_dir && strncmp(op->to, op->path, size) == 0 && op->to[size] == '/') {
        return LFK_ERR_INVAL;
    }
    model_rename(model, op->path, op->to);
    return LFK_OK;
}

int op_model(const struct op *op, struct model *model)
{
    struct model_node *node = model_find(model, op->path);
    if (op->kind == OP_GROW) {
        return LFK_OK;
    }
    TRY(check_parent(model, op->path));
    switch (op->kind) {
    case OP_MKDIR:
        if (node != NULL) {
            return LFK_ERR_EXIST;
        }
        model_add(model, op->path, true);
        return LFK_OK;
    case OP_REMOVE:
        if (node == NULL || (node->is_dir && !model_is_empty(model, op->path))) {
            return node == NULL ? LFK_ERR_NOENT : LFK_ERR_NOTEMPTY;
        }
        model_remove(model, op->path);
        return LFK_OK;
    case OP_RENAME:
        return model_move(op, model);
    case OP_ATTRIBUTE:
        if (node == NULL) {
            return LFK_ERR_NOENT;
        }
        node->attribute = op->salt % 4 == 0 ? -1 : (uint8_t)op->salt;
        return LFK_OK;
    default:
        return model_file(op, model);
    }
}

int op_do_both(const struct op *op, struct lfk_fs *fs, struct model *model, int *wanted,
               struct lfk_detail *detail)
{
    struct model after;
    struct lfk_fs_entry entry;
    model_copy(&after, model);
    *wanted = op_model(op, &after);
    int result = op_do(op, fs, detail);
    if (result == LFK_OK && *wanted == LFK_OK) {
        model_free(model);
        *model = after;
        return result;
    }
    model_free(&after);
    if (result < 0 && op->kind == OP_WRITE && model_find(model, op->path) == NULL &&
        lfk_fs_lookup(fs, op->path, &entry, NULL) == LFK_OK) {
        model_add(model, op->path, false);
    }
    return result;
}
