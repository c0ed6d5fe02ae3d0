/* SPDX-License-Identifier: MIT */
/*
 * The global state: the sum of the deltas that all pairs on the list carry. A
 * volume at rest has zero; else it announces what a cut of power left undone.
 */
#include "checker.h"

#include <string.h>

#define SYNC_BIT UINT32_C(0x80000000)

/* The two blocks of a pending move's pair are of different pairs on the list. */
static bool is_torn_apart(const struct lfk_check *check, struct lfk_pair pair)
{
    uint32_t met[2];
    for (int i = 0; i < 2; i++) {
        met[i] = lfk_check_find_related(check, (struct lfk_pair){{pair.block[i], pair.block[i]}});
    }
    return met[0] != LFK_CHECK_NONE && met[1] != LFK_CHECK_NONE && met[0] != met[1];
}

/* The sum is of a form that drivers give it. */
static bool is_possible(const struct lfk_check *check)
{
    const struct lfk_gstate *state = &check->state;
    uint32_t word = state->word & ~SYNC_BIT;
    if (lfk_gstate_has_move(state)) {
        return lfk_tag_type(word) == LFK_TYPE_DELETE && !is_torn_apart(check, state->pair);
    }
    return (word | state->pair.block[0] | state->pair.block[1]) == 0;
}

/* The entry of a pair with this id, or none. */
static uint32_t find_entry(const struct lfk_check *check, uint32_t pair, uint32_t id)
{
    const struct lfk_check_pair *p = &check->pairs[pair];
    for (uint32_t i = p->first; i < p->first + p->count; i++) {
        if (check->entries[i].id == id) {
            return i;
        }
    }
    return LFK_CHECK_NONE;
}

static struct lfk_finding word_place(const struct lfk_check *check, uint32_t expected)
{
    struct lfk_finding place = lfk_with((struct lfk_finding){0}, expected, check->state.word);
    place.field = "state";
    return place;
}

/* Finds the entry that a pending move hides. */
static void find_hidden(struct lfk_check *check)
{
    uint32_t id = lfk_gstate_move_id(&check->state);
    uint32_t pair = lfk_check_find_related(check, check->state.pair);
    uint32_t entry = pair == LFK_CHECK_NONE ? LFK_CHECK_NONE : find_entry(check, pair, id);
    if (entry == LFK_CHECK_NONE || check->entries[entry].name_type == LFK_TYPE_SUPERBLOCK) {
        struct lfk_finding place = lfk_in_block(check->state.pair.block[0]);
        lfk_check_tell(check, LFK_FINDING_MOVE_SOURCE,
                       pair == LFK_CHECK_NONE ? LFK_ABOUT_VOLUME : lfk_about_pair(pair), place);
        return;
    }
    check->hidden = entry;
    lfk_check_tell(check, LFK_FINDING_MOVE_PENDING, lfk_about_entry(entry),
                   lfk_in_block(check->pairs[pair].pair.block[0]));
}

void lfk_check_state(struct lfk_check *check)
{
    /* Part of a sum is not a state. */
    if (!check->complete) {
        return;
    }
    for (uint32_t i = 0; i < check->pair_count; i++) {
        lfk_gstate_xor(&check->state, &check->pairs[i].delta);
    }
    if (!is_possible(check)) {
        lfk_check_tell(check, LFK_FINDING_STATE_FORM, LFK_ABOUT_VOLUME, word_place(check, 0));
    }
    if (lfk_gstate_has_orphans(&check->state)) {
        lfk_check_tell(check, LFK_FINDING_ORPHANS_PENDING, LFK_ABOUT_VOLUME,
                       (struct lfk_finding){0});
    }
    if (lfk_gstate_has_move(&check->state)) {
        find_hidden(check);
    }
}

bool lfk_check_is_hidden(const struct lfk_check *check, uint32_t entry)
{
    const struct lfk_check_entry *e = &check->entries[entry];
    return lfk_gstate_moves(&check->state, check->pairs[e->pair].pair, e->id);
}

static bool is_copy(const struct lfk_check_entry *a, const struct lfk_check_entry *b)
{
    if (a->name_type != b->name_type || a->struct_type != b->struct_type ||
        a->data_size != b->data_size || a->data_offset == 0 || b->data_offset == 0) {
        return false;
    }
    if (a->struct_type == LFK_TYPE_DIR_STRUCT) { /* its pair may have moved on since */
        return lfk_pair_related(lfk_check_entry_pair(a), lfk_check_entry_pair(b));
    }
    return a->data_size == 0 || memcmp(a->data, b->data, a->data_size) == 0;
}

/* True if the list has no directory that the entry is the last to name: it has moved on since. */
static bool is_elsewhere(const struct lfk_check *check, const struct lfk_check_entry *source)
{
    return source->struct_type == LFK_TYPE_DIR_STRUCT &&
           lfk_check_find_version(check, lfk_check_entry_pair(source), false, false) ==
               LFK_CHECK_NONE;
}

void lfk_check_moved(struct lfk_check *check)
{
    if (check->hidden == LFK_CHECK_NONE || !check->complete) {
        return;
    }
    const struct lfk_check_entry *source = &check->entries[check->hidden];
    for (uint32_t i = 0; i < check->entry_count; i++) {
        if (!lfk_check_is_hidden(check, i) && is_copy(&check->entries[i], source)) {
            return;
        }
    }
    if (is_elsewhere(check, source)) {
        return;
    }
    lfk_check_tell(check, LFK_FINDING_MOVE_COPY, lfk_about_entry(check->hidden),
                   lfk_in_block(check->pairs[source->pair].pair.block[0]));
}
