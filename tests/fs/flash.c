/* SPDX-License-Identifier: MIT */
/*
 * Flash memory for tests.
 */
#include "flash.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct flash *flash_of(struct lfk_bd *bd)
{
    return (struct flash *)bd; /* its first member */
}

static void breach(struct flash *flash, const char *format, ...)
{
    va_list list;
    if (flash->breaches++ == 0) {
        va_start(list, format);
        vsnprintf(flash->breach, sizeof(flash->breach), format, list);
        va_end(list);
    }
}

/* Counts a call; the error it has to fail with, or 0. */
static int call(struct flash *flash)
{
    flash->calls++;
    if (flash->lost) {
        return LFK_ERR_IO;
    }
    if (flash->calls_left != FLASH_NEVER && --flash->calls_left == 0) {
        flash->calls_left = FLASH_NEVER;
        return flash->error;
    }
    return 0;
}

static uint8_t *at(struct flash *flash, uint32_t block, uint32_t offset)
{
    return flash->bytes + (size_t)block * flash->bd.block_size + offset;
}

static void *need(void *memory)
{
    if (memory == NULL) {
        fprintf(stderr, "out of memory\n");
        exit(EXIT_FAILURE);
    }
    return memory;
}

/* Remembers a block as it was at the last sync. */
static void touch(struct flash *flash, uint32_t block)
{
    if (flash->synced[block] == NULL) {
        flash->synced[block] = need(malloc(flash->bd.block_size));
        memcpy(flash->synced[block], at(flash, block, 0), flash->bd.block_size);
        flash->synced_programmed[block] = flash->programmed[block];
    }
}

static void forget_touched(struct flash *flash)
{
    for (uint32_t block = 0; block < flash->bd.block_count; block++) {
        free(flash->synced[block]);
        flash->synced[block] = NULL;
    }
}

/* The power goes: blocks that were not synced may be as they were then. */
static void lose_unsynced(struct flash *flash)
{
    uint32_t bits = flash->forgetful;
    for (uint32_t block = 0; block < flash->bd.block_count; block++) {
        if (flash->synced[block] == NULL) {
            continue;
        }
        if (bits & 1) {
            memcpy(at(flash, block, 0), flash->synced[block], flash->bd.block_size);
            flash->programmed[block] = flash->synced_programmed[block];
        }
        bits = bits >> 1 | bits << 31;
    }
    forget_touched(flash);
}

/* Counts a change of the block; true if the power goes with it. */
static bool power_goes(struct flash *flash, uint32_t block)
{
    if (!flash->lost) {
        touch(flash, block);
    }
    flash->changes++;
    if (flash->changes_left != FLASH_NEVER && flash->changes_left-- == 0) {
        flash->lost = true;
    }
    return flash->lost;
}

static int flash_read(struct lfk_bd *bd, uint32_t block, uint32_t offset, void *buffer,
                      uint32_t size, struct lfk_detail *detail)
{
    struct flash *flash = flash_of(bd);
    int error = call(flash);
    flash->bytes_read += size;
    if (error == 0 && flash->flaws[block] == FLAW_READ_ERROR) {
        error = LFK_ERR_CORRUPT;
    }
    if (error != 0) {
        return lfk_fail_block(detail, error, "the device failed to read", block);
    }
    memcpy(buffer, at(flash, block, offset), size);
    return LFK_OK;
}

static void check_program(struct flash *flash, uint32_t block, uint32_t offset, uint32_t size)
{
    if (offset % flash->prog_size != 0 || size % flash->prog_size != 0 || size == 0) {
        breach(flash, "block %u: program of %u bytes at %u, the unit is %u", (unsigned)block,
               (unsigned)size, (unsigned)offset, (unsigned)flash->prog_size);
    }
    if (flash->unsure[block]) {
        breach(flash, "block %u: program at %u after one that failed", (unsigned)block,
               (unsigned)offset);
    }
    if (offset < flash->programmed[block]) {
        breach(flash, "block %u: program at %u, up to %u it is programmed", (unsigned)block,
               (unsigned)offset, (unsigned)flash->programmed[block]);
    }
}

static int flash_prog(struct lfk_bd *bd, uint32_t block, uint32_t offset, const void *buffer,
                      uint32_t size, struct lfk_detail *detail)
{
    struct flash *flash = flash_of(bd);
    uint8_t flaw = flash->flaws[block];
    bool was_lost = flash->lost;
    int error = call(flash);
    if (error != 0 && !was_lost) {
        flash->unsure[block] = true;
    }
    if (error == 0 && power_goes(flash, block)) {
        uint32_t torn = flash->torn < size ? flash->torn : size;
        memcpy(at(flash, block, offset), buffer, torn);
        if (torn > 0) {
            flash->programmed[block] = lfk_align_up(offset + torn, flash->prog_size);
        }
        lose_unsynced(flash);
        error = LFK_ERR_IO;
    }
    if (error == 0) {
        check_program(flash, block, offset, size);
        flash->bytes_programmed += size;
        error = flaw == FLAW_PROG_ERROR ? LFK_ERR_CORRUPT : 0;
        /* What fails in silence cannot be told where the bytes were there before. */
        bool is_silent = flaw == FLAW_PROG_SILENT || flaw == FLAW_ERASE_SILENT;
        bool is_seen = is_silent && memcmp(at(flash, block, offset), buffer, size) != 0;
        if (error != 0 || is_seen) {
            flash->unsure[block] = true;
        } else {
            flash->programmed[block] = offset + size;
            memcpy(at(flash, block, offset), buffer, size);
        }
    }
    if (error != 0) {
        return lfk_fail_block(detail, error, "the device failed to program", block);
    }
    return LFK_OK;
}

static int flash_erase(struct lfk_bd *bd, uint32_t block, struct lfk_detail *detail)
{
    struct flash *flash = flash_of(bd);
    int error = call(flash);
    if (error == 0 && power_goes(flash, block)) {
        lose_unsynced(flash);
        error = LFK_ERR_IO;
    }
    if (error == 0) {
        flash->erases[block]++;
        flash->programmed[block] = 0;
        flash->unsure[block] = false;
        bool worn = flash->wear_limit != 0 && flash->erases[block] > flash->wear_limit;
        error = worn || flash->flaws[block] == FLAW_ERASE_ERROR ? LFK_ERR_CORRUPT : 0;
    }
    if (error != 0) {
        return lfk_fail_block(detail, error, "the device failed to erase", block);
    }
    if (flash->erase_value != FLASH_ERASE_KEEPS && flash->flaws[block] != FLAW_ERASE_SILENT) {
        memset(at(flash, block, 0), flash->erase_value, bd->block_size);
    }
    return LFK_OK;
}

static int flash_sync(struct lfk_bd *bd, struct lfk_detail *detail)
{
    struct flash *flash = flash_of(bd);
    int error = call(flash);
    if (error == 0) {
        forget_touched(flash);
    }
    return error == 0 ? LFK_OK : lfk_fail(detail, error, "the device failed to sync");
}

void flash_open(struct flash *flash, uint32_t block_size, uint32_t block_count, uint32_t prog_size,
                int erase_value)
{
    static const struct lfk_bd_ops ops = {
        .read = flash_read, .prog = flash_prog, .erase = flash_erase, .sync = flash_sync};
    size_t size = (size_t)block_size * block_count;
    *flash = (struct flash){
        .bd = {.ops = &ops, .block_size = block_size, .block_count = block_count, .size = size},
        .bytes = need(malloc(size)),
        .prog_size = prog_size,
        .erase_value = erase_value,
        .programmed = need(calloc(block_count, sizeof(uint32_t))),
        .unsure = need(calloc(block_count, sizeof(bool))),
        .erases = need(calloc(block_count, sizeof(uint32_t))),
        .flaws = need(calloc(block_count, 1)),
        .synced = need(calloc(block_count, sizeof(uint8_t *))),
        .synced_programmed = need(calloc(block_count, sizeof(uint32_t))),
    };
    memset(flash->bytes, erase_value == FLASH_ERASE_KEEPS ? 0x5a : erase_value, size);
    for (uint32_t block = 0; block < block_count; block++) {
        flash->programmed[block] = block_size;
    }
    flash_restore(flash);
}

void flash_close(struct flash *flash)
{
    forget_touched(flash);
    free(flash->synced);
    free(flash->synced_programmed);
    free(flash->bytes);
    free(flash->programmed);
    free(flash->unsure);
    free(flash->erases);
    free(flash->flaws);
    *flash = (struct flash){0};
}

void flash_restore(struct flash *flash)
{
    flash->changes = 0;
    flash->changes_left = FLASH_NEVER;
    flash->torn = 0;
    flash->forgetful = 0;
    flash->lost = false;
    memset(flash->unsure, 0, flash->bd.block_count * sizeof(bool));
    forget_touched(flash);
    flash->calls = 0;
    flash->calls_left = FLASH_NEVER;
}

void flash_copy(struct flash *copy, const struct flash *flash)
{
    uint32_t count = flash->bd.block_count;
    flash_open(copy, flash->bd.block_size, count, flash->prog_size, flash->erase_value);
    memcpy(copy->bytes, flash->bytes, (size_t)flash->bd.size);
    memcpy(copy->programmed, flash->programmed, count * sizeof(uint32_t));
    memcpy(copy->unsure, flash->unsure, count * sizeof(bool));
    memcpy(copy->erases, flash->erases, count * sizeof(uint32_t));
    memcpy(copy->flaws, flash->flaws, count);
    copy->wear_limit = flash->wear_limit;
}
