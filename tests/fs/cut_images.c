/* SPDX-License-Identifier: MIT */
/*
 * cut_images FOLDER: cuts the power in every scenario, and saves the image that
 * each cut leaves in FOLDER. A line for each goes to standard output: its
 * number, its geometry, and the scenario.
 *
 *   NUMBER BLOCK_SIZE PROG_SIZE CACHE_SIZE VERSION ERASE_VALUE NAME
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cutting.h"
#include "scenario.h"

static const struct cut_way ways[] = {
    {.torn = 0},
    {.torn = 21},
    {.forgetful = 0x55555555},
    {.forgetful = 0xffffffff},
};

struct saving {
    const char *folder;
    const char *scenario;
};

static void save(void *context, const struct cutting *cutting, const struct flash *flash)
{
    const struct saving *saving = context;
    const struct geometry *g = &cutting->geometry;
    char path[4096];
    snprintf(path, sizeof(path), "%s/%" PRIu64, saving->folder, cutting->cuts);
    FILE *file = fopen(path, "wb");
    /* What the superblock says, and not the spare blocks behind it, is for whoever mounts it. */
    if (file == NULL || fwrite(flash->bytes, 1, (size_t)flash->bd.size, file) != flash->bd.size ||
        fclose(file) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    printf("%" PRIu64 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %d %s\n", cutting->cuts,
           g->block_size, g->prog_size, g->cache_size, g->disk_version, g->erase_value,
           saving->scenario);
}

int main(int argc, char **argv)
{
    static struct cutting cutting;
    static struct scenario_ops ops;
    static struct saving saving;
    saving.folder = argc == 2 ? argv[1] : ".";
    cutting.told = save;
    cutting.context = &saving;
    for (const struct scenario *s = scenarios; s->name != NULL; s++) {
        saving.scenario = s->name;
        scenario_read(s, &ops);
        cutting_start(&cutting, &s->geometry);
        for (size_t i = 0; i < ops.count; i++) {
            if (i >= ops.cut_from) {
                cutting_cut(&cutting, &ops.ops[i], ways, sizeof(ways) / sizeof(ways[0]));
            }
            cutting_do(&cutting, &ops.ops[i]);
        }
        cutting_end(&cutting);
    }
    return 0;
}
