/* SPDX-License-Identifier: MIT */
/*
 * Changes images as time, accidents and malice do. The most telling changes
 * are those of metadata whose checksum is made right again: nothing but the
 * reader's own care stands between them and what they say.
 */
#ifndef LFSKIT_FUZZ_MUTATE_H
#define LFSKIT_FUZZ_MUTATE_H

#include "seed.h"

#include <stddef.h>

/*
 * Changes the image of `size` bytes, not 0, in a buffer of `room`; returns its new size,
 * not 0. Blocks are taken to be of the size the image states, or else of half
 * the image.
 */
size_t mutate_image(uint8_t *bytes, size_t size, size_t room, struct seed *seed);

#endif
