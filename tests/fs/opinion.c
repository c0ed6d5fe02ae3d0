/* SPDX-License-Identifier: MIT */
/*
 * A second opinion on a volume.
 */
#include "opinion.h"

#include "check/check.h"

#include <stdio.h>

/* What the check has found. */
struct verdict {
    bool move;    /* a rename is to be ended */
    bool marked;  /* the list of pairs is marked for a repair */
    bool orphans; /* there is a pair to repair */
    char damage[200];
};

static void note_finding(void *context, const struct lfk_finding *finding)
{
    struct verdict *verdict = context;
    enum lfk_finding_id id = finding->kind->id;
    verdict->move |= id == LFK_FINDING_MOVE_PENDING;
    verdict->marked |= id == LFK_FINDING_ORPHANS_PENDING;
    verdict->orphans |= id == LFK_FINDING_ORPHAN || id == LFK_FINDING_HALF_ORPHAN;
    if (finding->kind->severity == LFK_SEVERITY_DAMAGE) {
        int size = snprintf(verdict->damage, sizeof(verdict->damage), "%s ", finding->kind->code);
        lfk_finding_format(finding, verdict->damage + size, sizeof(verdict->damage) - (size_t)size);
    }
}

/* What the two disagree about; NULL: nothing. */
static const char *difference(const struct verdict *verdict, const struct lfk_mdirs *mdirs)
{
    const struct lfk_gstate *state = &mdirs->gdisk;
    if (verdict->damage[0] != '\0') {
        return verdict->damage;
    }
    if (mdirs->unsettled > 0) {
        return NULL; /* a commit failed half-way: the driver does not claim to know the state */
    }
    if (verdict->move != lfk_gstate_has_move(state)) {
        return verdict->move ? "a rename is to be ended that the driver knows nothing of"
                             : "a rename is to be ended and not announced";
    }
    if (verdict->marked != lfk_gstate_has_orphans(state)) {
        return verdict->marked ? "the list is marked and the driver knows nothing of it"
                               : "the list is to be repaired and this is not announced";
    }
    return verdict->orphans && !verdict->marked ? "a pair is to be repaired, and not marked" : NULL;
}

bool opinion_agrees(struct flash *flash, const struct lfk_fs *fs, char *why, size_t room)
{
    struct verdict verdict = {.move = false};
    const struct lfk_check_options options = {
        .size = sizeof(options), .report = note_finding, .context = &verdict};
    struct lfk_detail detail = {0};
    struct lfk_check *check;
    if (lfk_check_device(&check, &flash->bd, &options, &detail) < 0) {
        snprintf(why, room, "no check: %s, block %u", detail.what, (unsigned)detail.block);
        return false;
    }
    lfk_check_close(check);
    const char *differs = difference(&verdict, &fs->mdirs);
    snprintf(why, room, "check: %s", differs != NULL ? differs : "");
    return differs == NULL;
}
