/* SPDX-License-Identifier: MIT */
/*
 * Findings are noted as they are met, and told when all is known: only then
 * does every pair have a directory, and so a path.
 */
#include "checker.h"

/* What is more is counted only: a hostile image could have millions, each with a long path. */
#define IN_A_ROW_MAX 16u /* about one block */
#define TOLD_MAX 10000u
#define PATH_ROOM 8192u

static void count(struct lfk_check_info *info, enum lfk_severity severity)
{
    switch (severity) {
    case LFK_SEVERITY_NOTE:
        info->notes++;
        break;
    case LFK_SEVERITY_REPAIR:
        info->repairs++;
        break;
    case LFK_SEVERITY_DAMAGE:
        info->damages++;
        break;
    }
}

/* True if enough was told, in all or about the block that this finding is about, too. */
static bool is_one_too_many(struct lfk_check *check, const struct lfk_finding *finding)
{
    const struct lfk_check_note *last =
        check->note_count > 0 ? &check->notes[check->note_count - 1] : NULL;
    bool again = last != NULL && last->finding.has_block && finding->has_block &&
                 last->finding.block == finding->block;
    check->in_a_row = again ? check->in_a_row + 1 : 1;
    return check->in_a_row > IN_A_ROW_MAX || check->note_count >= TOLD_MAX;
}

void lfk_check_tell(struct lfk_check *check, enum lfk_finding_id id, struct lfk_check_about about,
                    struct lfk_finding place)
{
    place.kind = lfk_finding_kind_of(id);
    count(&check->info, place.kind->severity);
    if (check->options.report == NULL || is_one_too_many(check, &place)) {
        return;
    }
    if (lfk_grow(check->allocator, (void **)&check->notes, &check->note_room, check->note_count + 1,
                 sizeof(check->notes[0])) < 0) {
        check->status = LFK_ERR_NOMEM;
        return;
    }
    check->notes[check->note_count++] =
        (struct lfk_check_note){.finding = place, .pair = about.pair, .entry = about.entry};
}

/* Writes the path of what a finding is about; 0 if it has none. */
static size_t path_of(const struct lfk_check *check, const struct lfk_check_note *note, char *path)
{
    if (note->entry != LFK_CHECK_NONE) {
        return lfk_check_entry_path(check, note->entry, path, PATH_ROOM);
    }
    if (note->pair != LFK_CHECK_NONE) {
        return lfk_check_directory_path(check, check->pairs[note->pair].directory, path, PATH_ROOM);
    }
    return 0;
}

int lfk_check_deliver(struct lfk_check *check)
{
    char *path = lfk_alloc(check->allocator, PATH_ROOM);
    if (path == NULL) {
        return LFK_ERR_NOMEM;
    }
    for (size_t i = 0; i < check->note_count; i++) {
        struct lfk_check_note *note = &check->notes[i];
        note->finding.path = path_of(check, note, path) > 0 ? path : NULL;
        check->options.report(check->options.context, &note->finding);
    }
    lfk_free(check->allocator, path);
    return LFK_OK;
}
