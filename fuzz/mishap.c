/* SPDX-License-Identifier: MIT */
/*
 * Chooses what goes wrong, and when.
 */
#include "mishap.h"

/* Most operations are over after so many changes. */
#define USUAL 24u

struct mishap mishap_choose(struct choices *choices)
{
    static const int errors[] = {LFK_ERR_IO, LFK_ERR_CORRUPT, LFK_ERR_NOSPC, LFK_ERR_NOMEM, -99};
    static const enum mishap_kind kinds[] = {MISHAP_NONE, MISHAP_NONE, MISHAP_NONE,  MISHAP_NONE,
                                             MISHAP_CUT,  MISHAP_CUT,  MISHAP_ERROR, MISHAP_MEMORY};
    struct mishap mishap = {.kind = kinds[choose_below(choices, 8)]};
    uint32_t at = choose_below(choices, 256);
    uint32_t more = choose_bytes(choices, 2);
    mishap.at = at < 192 ? at % USUAL : at;
    mishap.error = errors[more % (sizeof(errors) / sizeof(errors[0]))];
    if (more >= 0x8000) {
        mishap.forgetful = more << 16 | more;
    } else {
        mishap.torn = more;
    }
    return mishap;
}

void mishap_arm(const struct mishap *mishap, struct flash *flash, struct ledger *ledger)
{
    switch (mishap->kind) {
    case MISHAP_CUT:
        flash->changes_left = mishap->at;
        flash->torn = mishap->torn;
        flash->forgetful = mishap->forgetful;
        break;
    case MISHAP_ERROR:
        flash->calls_left = UINT64_C(1) + mishap->at;
        flash->error = mishap->error;
        break;
    case MISHAP_MEMORY:
        ledger->calls = 0;
        ledger->refused = UINT64_C(1) + mishap->at;
        ledger->lasting = true;
        break;
    default:
        break;
    }
}

bool mishap_disarm(const struct mishap *mishap, struct flash *flash, struct ledger *ledger)
{
    bool failed = mishap->kind == MISHAP_ERROR && flash->calls_left == FLASH_NEVER;
    bool refused = mishap->kind == MISHAP_MEMORY && ledger->calls >= ledger->refused;
    flash->changes_left = FLASH_NEVER;
    flash->calls_left = FLASH_NEVER;
    ledger->refused = 0;
    return failed || refused || flash->lost;
}
