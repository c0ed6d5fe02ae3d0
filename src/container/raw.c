/* SPDX-License-Identifier: MIT */
/*
 * The raw container: the bytes are the filesystem, from the first one on.
 */
#include "container/container.h"

static void wrap(struct lfk_container *container)
{
    container->kind = LFK_CONTAINER_RAW;
    container->bd = &container->file.memory.bd;
}

int lfk_container_open_file(struct lfk_container *container, const char *path,
                            struct lfk_detail *detail)
{
    *container = (struct lfk_container){0};
    TRY(lfk_bd_file_open(&container->file, path, detail));
    wrap(container);
    return LFK_OK;
}

void lfk_container_open_memory(struct lfk_container *container, const void *bytes, size_t size)
{
    *container = (struct lfk_container){0};
    lfk_bd_memory_open(&container->file.memory, bytes, size);
    wrap(container);
}

void lfk_container_close(struct lfk_container *container)
{
    if (container->bd != NULL) {
        lfk_bd_close(container->bd);
    }
    *container = (struct lfk_container){0};
}
