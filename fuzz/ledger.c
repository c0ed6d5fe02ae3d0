/* SPDX-License-Identifier: MIT */
/*
 * Each allocation is preceded by its size, from which the books are kept.
 */
#include "ledger.h"

#include <stdlib.h>
#include <string.h>

union header {
    size_t size;
    max_align_t alignment;
};

static void *resize(void *context, void *memory, size_t size)
{
    struct ledger *ledger = context;
    union header *old = memory != NULL ? (union header *)memory - 1 : NULL;
    size_t old_size = old != NULL ? old->size : 0;
    if (size == 0) {
        ledger->live -= old != NULL;
        ledger->bytes -= old_size;
        free(old);
        return NULL;
    }
    ledger->calls++;
    if (size > ledger->limit || ledger->bytes - old_size > ledger->limit - size) {
        ledger->exceeded = true;
        return NULL;
    }
    bool is_past = ledger->lasting && ledger->refused != 0 && ledger->calls > ledger->refused;
    if (ledger->calls == ledger->refused || is_past) {
        return NULL;
    }
    /* Never in place, so that a pointer kept across a growth is found out. */
    union header *header = malloc(sizeof(*header) + size);
    if (header == NULL) {
        return NULL;
    }
    header->size = size;
    if (old != NULL) {
        memcpy(header + 1, memory, old_size < size ? old_size : size);
        free(old);
    }
    ledger->live += old == NULL;
    ledger->bytes += size - old_size;
    ledger->peak = ledger->bytes > ledger->peak ? ledger->bytes : ledger->peak;
    return header + 1;
}

void ledger_open(struct ledger *ledger)
{
    *ledger = (struct ledger){.allocator = {ledger, resize}, .limit = SIZE_MAX};
}
