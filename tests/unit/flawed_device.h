/* SPDX-License-Identifier: MIT */
/*
 * A device that gives nothing out as memory, counts what is asked of it, and
 * fails where it is told to.
 */
#ifndef LFSKIT_TESTS_FLAWED_DEVICE_H
#define LFSKIT_TESTS_FLAWED_DEVICE_H

#include "bd/bd.h"

struct flawed_device {
    struct lfk_bd bd;
    const uint8_t *bytes;
    uint64_t bytes_read;
    uint32_t bad_block;  /* reading it gives `status`; LFK_BLOCK_NULL: none */
    uint32_t bad_offset; /* from here on */
    int status;
};

/* Nothing is bad yet. */
void flawed_open(struct flawed_device *device, const void *bytes, uint32_t block_size,
                 uint32_t block_count);

#endif
