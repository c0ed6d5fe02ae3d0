/* SPDX-License-Identifier: MIT */
/*
 * Flash memory for tests: a block device that holds its user to the contract
 * of flash, and that can fail in every way that flash does.
 *
 * A byte is programmed once between two erases, in rising order within a
 * block, in whole units; a breach is counted and described. What an erase
 * leaves can be ones, zeros, or what was there before.
 */
#ifndef TESTS_FLASH_H
#define TESTS_FLASH_H

#include "bd/bd.h"

enum flash_flaw {
    FLAW_NONE,
    FLAW_PROG_ERROR,  /* programming says that the block is bad */
    FLAW_ERASE_ERROR, /* erasing says so */
    FLAW_READ_ERROR,  /* reading says so */
    FLAW_PROG_SILENT, /* programming does nothing */
    FLAW_ERASE_SILENT /* erasing does nothing, and programming no more */
};

#define FLASH_ERASE_KEEPS (-1)

struct flash {
    struct lfk_bd bd;
    uint8_t *bytes;
    uint32_t prog_size;
    int erase_value;      /* 0 to 255, or FLASH_ERASE_KEEPS */
    uint32_t *programmed; /* of each block, bytes from its start that are programmed */
    bool *unsure;         /* of each block: a program failed, nobody knows how far it came */
    uint32_t *erases;     /* of each block */
    uint8_t *flaws;       /* of each block, an enum flash_flaw */
    uint32_t wear_limit;  /* erases after which a block is bad; 0: none */
    /* Counted over programs and erases; the power goes when there are none left. */
    uint64_t changes;
    uint64_t changes_left;
    uint32_t torn; /* bytes of the last program that arrive */
    bool lost;
    /*
     * What was changed since the last sync may be lost with the power: of each
     * block touched, all or nothing, as these bits say in turn; 0: nothing is.
     */
    uint32_t forgetful;
    uint8_t **synced;            /* of each block, its bytes at the last sync, if touched since */
    uint32_t *synced_programmed; /* and how far it was programmed */
    /* Counted over all calls; the one that makes it 0 fails with `error`. */
    uint64_t calls;
    uint64_t calls_left;
    int error;
    uint64_t breaches;
    char breach[160]; /* the first of them */
    uint64_t bytes_read;
    uint64_t bytes_programmed;
};

#define FLASH_NEVER UINT64_MAX

/* All blocks are blank and have to be erased before they are programmed. */
void flash_open(struct flash *flash, uint32_t block_size, uint32_t block_count, uint32_t prog_size,
                int erase_value);
void flash_close(struct flash *flash);

/*
 * Power is back, nothing fails any more; the bytes stay. How far a program came
 * that failed, whoever mounts can only learn from them.
 */
void flash_restore(struct flash *flash);

/* A copy with the same bytes and state. */
void flash_copy(struct flash *copy, const struct flash *flash);

#endif
