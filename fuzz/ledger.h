/* SPDX-License-Identifier: MIT */
/*
 * An allocator that keeps books: what is allocated now and was at most, and
 * which request is to be refused.
 */
#ifndef LFSKIT_FUZZ_LEDGER_H
#define LFSKIT_FUZZ_LEDGER_H

#include "lfskit/base.h"

struct ledger {
    struct lfk_allocator allocator; /* to be handed on; the ledger must not be moved then */
    size_t live;                    /* allocations not freed */
    size_t bytes;                   /* in them */
    size_t peak;                    /* most bytes at a time */
    size_t limit;                   /* bytes; more is refused */
    bool exceeded;                  /* the limit was */
    uint64_t calls;                 /* requests for memory */
    uint64_t refused;               /* the number of the one to refuse, from 1; 0: none */
    bool lasting;                   /* and all that follow */
};

/* No limit, nothing to be refused. */
void ledger_open(struct ledger *ledger);

#endif
