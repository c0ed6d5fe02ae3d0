/* SPDX-License-Identifier: MIT */
/*
 * Something that goes wrong in the middle of an operation: the power is cut,
 * the device fails, memory runs out.
 */
#ifndef LFSKIT_FUZZ_MISHAP_H
#define LFSKIT_FUZZ_MISHAP_H

#include "choices.h"
#include "flash.h"
#include "ledger.h"

enum mishap_kind { MISHAP_NONE, MISHAP_CUT, MISHAP_ERROR, MISHAP_MEMORY };

struct mishap {
    enum mishap_kind kind;
    uint32_t at; /* the change, the call or the request for memory that it strikes, from 0 */
    uint32_t torn;
    uint32_t forgetful;
    int error;
};

/* More often none than one. */
struct mishap mishap_choose(struct choices *choices);

/* From here on it may strike, until it is disarmed. */
void mishap_arm(const struct mishap *mishap, struct flash *flash, struct ledger *ledger);

/* True if it has struck. Power that went stays away. */
bool mishap_disarm(const struct mishap *mishap, struct flash *flash, struct ledger *ledger);

#endif
