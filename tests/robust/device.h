/* SPDX-License-Identifier: MIT */
/*
 * A device that gives nothing out as memory, so that every byte has to be asked
 * for, and counts the bytes; blocks of it can be worn, and it can break down.
 */
#ifndef LFSKIT_TESTS_DEVICE_H
#define LFSKIT_TESTS_DEVICE_H

#include "bd/bd.h"

struct device {
    struct lfk_bd bd;
    const uint8_t *bytes;
    uint64_t bytes_read;
    uint64_t reads;
    uint64_t breaks_at;  /* the number of the read that fails, from 1; 0: none */
    uint32_t worn_every; /* each so many blocks one cannot be read; 0: none */
    bool broken;         /* the read that fails was tried */
};

void device_open(struct device *device, const void *bytes, size_t size);

/*
 * Finds the superblock, then mounts the device and reads every file, with
 * somebody who listens to damage. What is read before the mount is not
 * counted, and works always. The figures are in the device. Returns the first
 * failure that is not damage of a directory or file.
 */
int device_visit(struct device *device, const struct lfk_allocator *allocator,
                 struct lfk_detail *detail);

#endif
