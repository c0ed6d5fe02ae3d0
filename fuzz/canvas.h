/* SPDX-License-Identifier: MIT */
/*
 * The image that is being changed; shared by mutate.c and mutate_log.c.
 */
#ifndef LFSKIT_FUZZ_CANVAS_H
#define LFSKIT_FUZZ_CANVAS_H

#include "seed.h"

#include <stdbool.h>
#include <stddef.h>

struct canvas {
    uint8_t *bytes;
    size_t size;
    size_t room;
    uint32_t block_size;
    uint32_t blocks; /* those cut short included */
    struct seed *seed;
};

/* A number that is likely to hurt in the place of `old`. */
uint32_t canvas_number(struct canvas *canvas, uint32_t old);

/*
 * Rewrites the log of one metadata block with something changed. False if there
 * is none, or if it does not fit any more; some of its data is changed then.
 */
bool canvas_change_log(struct canvas *canvas);

#endif
