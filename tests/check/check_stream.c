/* SPDX-License-Identifier: MIT */
/*
 * Checks image after image: of each comes its size, four bytes, little endian, and
 * its bytes on the standard input, and a line goes to the standard output:
 *
 *   status of the check, repairs and damages it found, status of the driver, how much the
 *   driver says is damaged, move, orphans, torn, stale as it sees them, and of each
 *   finding code@block:offset
 *
 * One process for all of them makes it possible to try very many.
 */
#include "lfskit/lfskit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPANS 4
#define FOUND_ROOM 65536 /* of more findings the rest is not of interest */

/* What the driver makes of an image. */
struct driven {
    int status;
    unsigned long damages;
    struct lfk_volume_info info;
};

static void count_damage(void *context, const char *path, const struct lfk_detail *detail)
{
    struct driven *driven = context;
    (void)path;
    (void)detail;
    driven->damages++;
}

static void read_file(struct driven *driven, const struct lfk_node *node)
{
    struct lfk_reader reader = {0};
    struct lfk_span spans[SPANS];
    int result = lfk_reader_open(&reader, node, NULL);
    while (result >= 0 && (result = lfk_reader_next(&reader, spans, SPANS, NULL)) > 0) {
    }
    lfk_reader_close(&reader);
    driven->damages += result < 0;
}

static void read_all(struct driven *driven, struct lfk_volume *volume)
{
    struct lfk_tree *tree;
    driven->status = lfk_volume_load(volume, "/", &tree, NULL);
    if (driven->status < 0) {
        return;
    }
    const struct lfk_node *root = lfk_tree_root(tree);
    for (const struct lfk_node *n = root; n != NULL; n = lfk_node_next(root, n)) {
        if (n->type == LFK_NODE_FILE) {
            read_file(driven, n);
        }
    }
    lfk_tree_destroy(tree);
}

static void drive(struct driven *driven, const void *bytes, size_t size)
{
    struct lfk_volume *volume;
    struct lfk_volume_options options = {
        .size = sizeof(options), .damage = count_damage, .damage_context = driven};
    driven->status = lfk_volume_open_memory(&volume, bytes, size, &options, NULL);
    if (driven->status < 0) {
        return;
    }
    lfk_volume_info(volume, &driven->info);
    read_all(driven, volume);
    lfk_volume_close(volume);
}

/* The findings, one after the other. */
struct found {
    char text[FOUND_ROOM];
    size_t size;
};

static void add_finding(void *context, const struct lfk_finding *finding)
{
    struct found *found = context;
    char word[64];
    int size = snprintf(word, sizeof(word), " %s@%lu:%lu", finding->kind->code,
                        (unsigned long)finding->block, (unsigned long)finding->offset);
    if ((size_t)size < sizeof(found->text) - found->size) {
        memcpy(found->text + found->size, word, (size_t)size + 1);
        found->size += (size_t)size;
    }
}

static void check_image(const void *bytes, size_t size)
{
    static struct found found;
    struct driven driven = {0};
    struct lfk_check *check = NULL;
    struct lfk_check_info info = {0};
    const struct lfk_check_options options = {
        .size = sizeof(options), .report = add_finding, .context = &found};
    found = (struct found){.size = 0};
    drive(&driven, bytes, size);
    int status = lfk_check_open_memory(&check, bytes, size, &options, NULL);
    if (status == LFK_OK) {
        lfk_check_info(check, &info);
        lfk_check_close(check);
    }
    printf("%d %llu %llu %d %lu %d%d%d%d%s\n", status, (unsigned long long)info.repairs,
           (unsigned long long)info.damages, driven.status, driven.damages, driven.info.has_move,
           driven.info.has_orphans, driven.info.torn_pairs > 0, driven.info.stale_pairs > 0,
           found.text);
    (void)fflush(stdout);
}

int main(void)
{
    unsigned char head[4];
    while (fread(head, 1, sizeof(head), stdin) == sizeof(head)) {
        size_t size =
            head[0] | (size_t)head[1] << 8 | (size_t)head[2] << 16 | (size_t)head[3] << 24;
        void *bytes = malloc(size + 1);
        if (bytes == NULL || fread(bytes, 1, size, stdin) != size) {
            free(bytes);
            return 2;
        }
        check_image(bytes, size);
        free(bytes);
    }
    return 0;
}
