/* SPDX-License-Identifier: MIT */
/*
 * Places in directories that stay right while others change them: removing
 * what is around a cursor neither skips nor repeats an entry, and what is
 * added behind it is met. What is added just where it stands counts as before
 * it, as littlefs has it: an entry that is renamed after it was met is not met
 * again, unless it gets ahead of the next one.
 */
#include "settle.h"

void lfk_cursors_remember(struct lfk_mdirs *mdirs)
{
    for (struct lfk_mdir_cursor *c = mdirs->cursors; c != NULL; c = c->next) {
        c->before = c->at;
    }
}

void lfk_cursors_go_back(struct lfk_mdirs *mdirs)
{
    for (struct lfk_mdir_cursor *c = mdirs->cursors; c != NULL; c = c->next) {
        c->at = c->before;
    }
}

/* True if the cursor's directory has the mdir before the place where the cursor stands. */
static bool is_before(const struct lfk_mdir_cursor *cursor, const struct lfk_mdir *mdir)
{
    const struct lfk_mdir *m = cursor->head;
    while (m != NULL && m != cursor->at.mdir) {
        if (m == mdir) {
            return true;
        }
        m = m->tail_hard ? m->next : NULL;
    }
    return false;
}

/* True if the entry that is created or deleted counts to those before the cursor. */
static bool is_passed(const struct lfk_mdir_cursor *cursor, const struct lfk_mdir *mdir,
                      lfk_tag tag)
{
    if (cursor->at.mdir != mdir) {
        return is_before(cursor, mdir);
    }
    bool joins = lfk_tag_type(tag) == LFK_TYPE_CREATE && !cursor->at.at_start;
    return lfk_tag_id(tag) < cursor->at.id + (joins ? 1 : 0);
}

static void follow_edit(struct lfk_mdir_cursor *cursor, const struct lfk_mdir *mdir,
                        const struct lfk_edit *edit)
{
    uint32_t type = lfk_tag_type(edit->tag);
    bool here = cursor->at.mdir == mdir;
    if ((type != LFK_TYPE_CREATE && type != LFK_TYPE_DELETE) ||
        !is_passed(cursor, mdir, edit->tag)) {
        return;
    }
    uint32_t step = type == LFK_TYPE_CREATE ? 1 : UINT32_MAX; /* one less */
    cursor->at.id += here ? step : 0;
    cursor->at.position += step;
}

/* True if the edits put another entry in the place of one: who was past that is past this. */
static bool is_replacement(const struct lfk_edit *edits, size_t count)
{
    return count >= 2 && lfk_tag_type(edits[0].tag) == LFK_TYPE_DELETE &&
           lfk_tag_type(edits[1].tag) == LFK_TYPE_CREATE &&
           lfk_tag_id(edits[0].tag) == lfk_tag_id(edits[1].tag);
}

void lfk_cursors_follow(struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir,
                        const struct lfk_edit *edits, size_t count)
{
    for (struct lfk_mdir_cursor *c = mdirs->cursors; c != NULL; c = c->next) {
        for (size_t i = 0; i < count; i++) {
            if (is_replacement(edits + i, count - i)) {
                i++;
            } else {
                follow_edit(c, mdir, &edits[i]);
            }
        }
    }
}

static void follow_step(struct lfk_mdir_cursor *cursor, const struct lfk_step *step)
{
    const struct lfk_compaction *compaction = &step->compaction;
    uint32_t next = 0;
    if (compaction->expanded && cursor->head == step->mdir) {
        cursor->head = compaction->splits[0];
    }
    if (cursor->at.mdir != step->mdir) {
        return;
    }
    if (compaction->expanded) {
        cursor->at.mdir = compaction->splits[next++];
    }
    for (; next < compaction->split_count && cursor->at.id > cursor->at.mdir->count; next++) {
        cursor->at.id -= cursor->at.mdir->count;
        cursor->at.mdir = compaction->splits[next];
    }
}

void lfk_cursors_follow_step(struct lfk_mdirs *mdirs, const struct lfk_step *step)
{
    for (struct lfk_mdir_cursor *c = mdirs->cursors; c != NULL; c = c->next) {
        follow_step(c, step);
    }
}

void lfk_cursors_leave(struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir)
{
    for (struct lfk_mdir_cursor *c = mdirs->cursors; c != NULL; c = c->next) {
        if (c->at.mdir == mdir) {
            c->at.mdir = mdir->tail_hard ? mdir->next : NULL;
            c->at.id = 0;
        }
    }
}
