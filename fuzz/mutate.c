/* SPDX-License-Identifier: MIT */
/*
 * Changes of an image that know blocks and words, and nothing of what is in
 * them.
 */
#include "mutate.h"
#include "canvas.h"

#include "image/image.h"

#include <string.h>

uint32_t canvas_number(struct canvas *canvas, uint32_t old)
{
    static const uint32_t edges[] = {0,          1,          2,          3,          7,
                                     8,          0x7f,       0xff,       0x3fe,      0x3ff,
                                     0x7fffffff, 0x80000000, 0xfffffffd, 0xfffffffe, 0xffffffff};
    struct seed *seed = canvas->seed;
    switch (seed_below(seed, 7)) {
    case 0:
        return edges[seed_below(seed, sizeof(edges) / sizeof(edges[0]))];
    case 1:
        return canvas->blocks + seed_below(seed, 3) - 1;
    case 2:
        return canvas->block_size * seed_below(seed, 4) + seed_below(seed, 3) - 1;
    case 3:
        return old + seed_below(seed, 3) - 1;
    case 4:
        return seed_next(seed) >> seed_below(seed, 32);
    default:
        return seed_below(seed, canvas->blocks);
    }
}

/* A random run of at most `most` bytes. */
static uint8_t *pick_run(struct canvas *canvas, uint32_t most, uint32_t *length)
{
    uint32_t at = seed_below(canvas->seed, (uint32_t)canvas->size);
    *length = 1 + seed_below(canvas->seed, lfk_min((uint32_t)canvas->size - at, most));
    return canvas->bytes + at;
}

static void flip_bits(struct canvas *canvas)
{
    uint32_t count = 1 + seed_below(canvas->seed, 8);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = seed_below(canvas->seed, (uint32_t)canvas->size);
        canvas->bytes[at] ^= (uint8_t)(1U << seed_below(canvas->seed, 8));
    }
}

static void fill_run(struct canvas *canvas)
{
    uint32_t length;
    uint8_t *run = pick_run(canvas, 256, &length);
    switch (seed_below(canvas->seed, 3)) {
    case 0:
        memset(run, 0, length);
        break;
    case 1:
        memset(run, 0xff, length);
        break;
    default:
        seed_fill(canvas->seed, run, length);
        break;
    }
}

/* A word anywhere, or the first of a block: a revision, or a pointer of a file. */
static void set_word(struct canvas *canvas)
{
    size_t at = (size_t)seed_below(canvas->seed, canvas->blocks) * canvas->block_size;
    if (seed_below(canvas->seed, 2) == 0) {
        at = seed_below(canvas->seed, (uint32_t)canvas->size);
    }
    if (canvas->size >= 4 && at <= canvas->size - 4) {
        uint32_t old = lfk_get_le32(canvas->bytes + at);
        lfk_put_le32(canvas->bytes + at, canvas_number(canvas, old));
    }
}

static void change_block(struct canvas *canvas)
{
    size_t size = canvas->block_size;
    uint32_t whole = (uint32_t)(canvas->size / size);
    if (whole == 0) {
        return;
    }
    uint8_t *block = canvas->bytes + seed_below(canvas->seed, whole) * size;
    uint8_t *other = canvas->bytes + seed_below(canvas->seed, whole) * size;
    switch (seed_below(canvas->seed, 4)) {
    case 0:
        memset(block, seed_below(canvas->seed, 2) ? 0xff : 0, size);
        break;
    case 1:
        seed_fill(canvas->seed, block, size);
        break;
    case 2:
        memmove(block, other, size);
        break;
    default:
        for (size_t i = 0; i < size && block != other; i++) {
            uint8_t byte = block[i];
            block[i] = other[i];
            other[i] = byte;
        }
        break;
    }
}

static void change_size(struct canvas *canvas)
{
    size_t size = canvas->size;
    if (seed_below(canvas->seed, 2) == 0) {
        size = 1 + seed_below(canvas->seed, (uint32_t)size);
    } else {
        size += seed_below(canvas->seed, 2 * canvas->block_size);
    }
    if (seed_below(canvas->seed, 2) == 0) {
        size = size / canvas->block_size * canvas->block_size;
    }
    if (size > canvas->size && size <= canvas->room) {
        memset(canvas->bytes + canvas->size, 0xff, size - canvas->size);
    }
    if (size > 0 && size <= canvas->room) {
        canvas->size = size;
    }
}

static void change_once(struct canvas *canvas)
{
    uint32_t choice = seed_below(canvas->seed, 16);
    if (choice >= 5 && canvas_change_log(canvas)) {
        return;
    }
    switch (choice % 5) {
    case 0:
        flip_bits(canvas);
        break;
    case 1:
        fill_run(canvas);
        break;
    case 2:
        set_word(canvas);
        break;
    case 3:
        change_block(canvas);
        break;
    default:
        change_size(canvas);
        break;
    }
}

static void find_blocks(struct canvas *canvas)
{
    struct lfk_image image;
    canvas->block_size = canvas->size > 1 ? (uint32_t)(canvas->size / 2) : 1;
    if (lfk_image_open_memory(&image, canvas->bytes, canvas->size, 0, NULL, NULL) == LFK_OK) {
        canvas->block_size = image.bd->block_size;
        lfk_image_close(&image);
    }
    canvas->blocks = (uint32_t)((canvas->size - 1) / canvas->block_size) + 1;
}

size_t mutate_image(uint8_t *bytes, size_t size, size_t room, struct seed *seed)
{
    struct canvas canvas = {.bytes = bytes, .size = size, .room = room, .seed = seed};
    uint32_t count = 1 + seed_below(seed, 4);
    find_blocks(&canvas);
    for (uint32_t i = 0; i < count; i++) {
        change_once(&canvas);
    }
    return canvas.size;
}
