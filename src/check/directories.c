/* SPDX-License-Identifier: MIT */
/*
 * All directories, each once: those the root leads to, in the order in which a
 * queue of them grows, then those on the list of pairs that it does not lead
 * to. A pair belongs to the directory that comes to it first.
 */
#include "checker.h"

static struct lfk_finding pointer_place(const struct lfk_check *check, uint32_t entry)
{
    const struct lfk_check_entry *e = &check->entries[entry];
    return lfk_at(check->pairs[e->pair].pair.block[0], e->data_offset);
}

static int add_directory(struct lfk_check *check, uint32_t pair, uint32_t entry, bool is_orphan)
{
    if (lfk_grow(check->allocator, (void **)&check->directories, &check->directory_room,
                 check->directory_count + 1, sizeof(check->directories[0])) < 0) {
        return lfk_fail_nomem(check->detail);
    }
    check->pairs[pair].directory = (uint32_t)check->directory_count;
    check->directories[check->directory_count++] =
        (struct lfk_check_directory){.pair = pair, .entry = entry, .is_orphan = is_orphan};
    return LFK_OK;
}

/* True if a pointer's blocks can be read at all; tells what is wrong with it. */
static bool check_pointer(struct lfk_check *check, uint32_t entry, struct lfk_pair blocks)
{
    struct lfk_check_about about = lfk_about_entry(entry);
    struct lfk_finding place = pointer_place(check, entry);
    bool readable = false;
    for (int i = 0; i < 2; i++) {
        if (!lfk_check_has_block(check, blocks.block[i])) {
            lfk_check_tell(check, LFK_FINDING_DIR_OUTSIDE, about,
                           lfk_with(place, check->limit, blocks.block[i]));
        }
        readable = readable || blocks.block[i] < check->bd->block_count;
    }
    if (blocks.block[0] == blocks.block[1]) {
        lfk_check_tell(check, LFK_FINDING_PAIR_SAME, about,
                       lfk_with(place, blocks.block[0], blocks.block[1]));
    }
    return readable && !lfk_pair_is_null(blocks);
}

/*
 * The second block is where a pair was before it moved; the first may have been
 * anything then.
 */
uint32_t lfk_check_find_version(const struct lfk_check *check, struct lfk_pair blocks,
                                bool continues, bool named)
{
    for (int i = 1; i >= 0; i--) {
        struct lfk_pair one = {{blocks.block[i], blocks.block[i]}};
        uint32_t pair = lfk_check_find_related(check, one);
        if (pair == LFK_CHECK_NONE || pair <= check->root) {
            continue;
        }
        const struct lfk_check_pair *p = &check->pairs[pair];
        if (p->listed && (p->names > 0) == named && p->continues == continues && !p->stale) {
            return pair;
        }
    }
    return LFK_CHECK_NONE;
}

/* Counts, or no longer counts, what the entries of a pair name. */
static void count_names(struct lfk_check *check, uint32_t pair, bool counts)
{
    const struct lfk_check_pair *p = &check->pairs[pair];
    for (uint32_t i = p->first; i < p->first + p->count; i++) {
        const struct lfk_check_entry *entry = &check->entries[i];
        uint32_t named = entry->name_type == LFK_TYPE_DIR && !lfk_check_is_hidden(check, i)
                             ? lfk_check_find_pair(check, lfk_check_entry_pair(entry))
                             : LFK_CHECK_NONE;
        if (named != LFK_CHECK_NONE) {
            check->pairs[named].names += counts ? 1 : UINT32_MAX; /* or one less */
        }
    }
}

static void set_stale(struct lfk_check *check, uint32_t pair)
{
    count_names(check, pair, false);
    check->pairs[pair].stale = true;
}

/* Takes a pair in the place of the older version of it that is on the list. */
static void supersede(struct lfk_check *check, uint32_t listed, uint32_t pair)
{
    const struct lfk_check_pair *old = &check->pairs[listed];
    const struct lfk_check_pair *new = &check->pairs[pair];
    uint32_t left = old->tail_hard ? lfk_check_find_pair(check, old->tail) : LFK_CHECK_NONE;
    count_names(check, pair, true);
    set_stale(check, listed);
    /* What moved the pair may have left out the one behind it, because that was emptied. */
    if (left != LFK_CHECK_NONE && !lfk_pair_same(old->tail, new->tail) &&
        lfk_pair_same(check->pairs[left].tail, new->tail) &&
        check->pairs[left].tail_hard == new->tail_hard) {
        set_stale(check, left);
    }
}

/* The block that counts is that of the pair on the list; the other is the later version's. */
static void keep_listed(struct lfk_check *check, uint32_t listed, uint32_t *pair)
{
    check->pairs[listed].twin = check->pairs[*pair].twin;
    *pair = listed;
}

/*
 * The pair that has the entries: of two versions of one, which may have the block in
 * common that counts, it is the one that was read first.
 */
static uint32_t with_entries(struct lfk_check *check, uint32_t pair)
{
    const struct lfk_check_pair *p = &check->pairs[pair];
    struct lfk_pair counts = {{p->pair.block[0], p->pair.block[0]}};
    uint32_t first = lfk_check_find_related(check, counts);
    bool is_version = !p->listed && p->readable && !p->whole && first != LFK_CHECK_NONE &&
                      check->pairs[first].pair.block[0] == counts.block[0];
    return is_version ? first : pair;
}

/* True if the list has a directory that begins with a version of the pair, an older one too. */
static bool has_head(const struct lfk_check *check, struct lfk_pair blocks)
{
    bool found = false;
    for (int i = 0; i < 2 && !found; i++) {
        struct lfk_pair one = {{blocks.block[i], blocks.block[i]}};
        uint32_t pair = lfk_check_find_related(check, one);
        found = pair != LFK_CHECK_NONE && pair > check->root && check->pairs[pair].listed &&
                !check->pairs[pair].continues;
    }
    return found;
}

/*
 * Reads what the commits that moved a pair have hung in behind it, or moved
 * with it: the list does not lead there yet.
 */
static int read_hung_in(struct lfk_check *check, uint32_t pair)
{
    while (check->pairs[pair].whole && !lfk_pair_is_null(check->pairs[pair].tail) &&
           lfk_check_find_pair(check, check->pairs[pair].tail) == LFK_CHECK_NONE) {
        struct lfk_pair tail = check->pairs[pair].tail;
        bool continues = check->pairs[pair].tail_hard;
        if (!continues && has_head(check, tail)) {
            return LFK_OK; /* which version of a directory counts, its entry says */
        }
        uint32_t listed = lfk_check_find_version(check, tail, continues, false);
        TRY(lfk_check_read_pair(check, tail, &pair));
        if (listed != LFK_CHECK_NONE && with_entries(check, pair) == listed) {
            keep_listed(check, listed, &pair);
        } else if (listed != LFK_CHECK_NONE && check->pairs[pair].whole) {
            supersede(check, listed, pair);
        }
    }
    return LFK_OK;
}

/* Reads the pair of a directory that is not on the list, or only in another version. */
static int read_unlisted(struct lfk_check *check, uint32_t entry, struct lfk_pair blocks,
                         uint32_t *pair)
{
    uint32_t listed = lfk_check_find_version(check, blocks, false, false);
    TRY(lfk_check_read_pair(check, blocks, pair));
    if (listed == LFK_CHECK_NONE) {
        if (check->complete) {
            lfk_check_tell(check, LFK_FINDING_DIR_UNLISTED, lfk_about_entry(entry),
                           pointer_place(check, entry));
        }
        return LFK_OK;
    }
    lfk_check_tell(check,
                   lfk_gstate_has_orphans(&check->state) ? LFK_FINDING_HALF_ORPHAN
                                                         : LFK_FINDING_HALF_ORPHAN_UNSAID,
                   lfk_about_entry(entry), pointer_place(check, entry));
    if (!check->pairs[*pair].whole) {
        keep_listed(check, listed, pair);
        return LFK_OK;
    }
    supersede(check, listed, *pair);
    return read_hung_in(check, *pair);
}

/* The pair where a directory begins that an entry names, or none. */
static int resolve(struct lfk_check *check, uint32_t entry, uint32_t *pair)
{
    struct lfk_pair blocks = lfk_check_entry_pair(&check->entries[entry]);
    *pair = LFK_CHECK_NONE;
    if (check->entries[entry].struct_type != LFK_TYPE_DIR_STRUCT ||
        !check_pointer(check, entry, blocks)) {
        return LFK_OK;
    }
    *pair = lfk_check_find_pair(check, blocks);
    return *pair == LFK_CHECK_NONE ? read_unlisted(check, entry, blocks, pair) : LFK_OK;
}

/* Puts the directory that an entry names into the queue. */
static int enter(struct lfk_check *check, uint32_t entry, bool is_orphan)
{
    uint32_t pair;
    TRY(resolve(check, entry, &pair));
    if (pair == LFK_CHECK_NONE) {
        return LFK_OK;
    }
    const struct lfk_check_pair *p = &check->pairs[pair];
    if (p->directory == LFK_CHECK_NONE && !p->continues) {
        return add_directory(check, pair, entry, is_orphan);
    }
    bool is_head = p->directory != LFK_CHECK_NONE &&
                   check->directories[p->directory].pair == pair &&
                   !check->directories[p->directory].is_root;
    lfk_check_tell(check, is_head ? LFK_FINDING_DIR_TWICE : LFK_FINDING_DIR_MIDDLE,
                   lfk_about_entry(entry), pointer_place(check, entry));
    return LFK_OK;
}

/* The next pair of a directory, or none. */
static int next_pair(struct lfk_check *check, uint32_t *pair)
{
    uint32_t from = *pair;
    const struct lfk_check_pair *p = &check->pairs[from];
    struct lfk_finding place = lfk_at(p->pair.block[0], p->tail_offset);
    struct lfk_pair tail = p->tail;
    bool listed = p->listed;
    *pair = LFK_CHECK_NONE;
    if (!p->tail_hard || lfk_pair_is_null(tail)) {
        return LFK_OK;
    }
    uint32_t next = lfk_check_find_pair(check, tail);
    if (next == LFK_CHECK_NONE && listed) {
        return LFK_OK; /* told on the way along the list */
    }
    if (next == LFK_CHECK_NONE) {
        lfk_check_tell(check, LFK_FINDING_DIR_UNLISTED, lfk_about_pair(from), place);
        TRY(lfk_check_read_pair(check, tail, &next));
    }
    next = with_entries(check, next);
    if (check->pairs[next].directory != LFK_CHECK_NONE) {
        lfk_check_tell(check, LFK_FINDING_DIR_MIDDLE, lfk_about_pair(from), place);
        return LFK_OK;
    }
    *pair = next;
    return LFK_OK;
}

/*
 * True if an entry names what may be a later version of a pair that another entry
 * names. That can be one of a pair which is itself an older version: this shows
 * when all that the root leads to was entered.
 */
static bool is_early(const struct lfk_check *check, uint32_t entry)
{
    struct lfk_pair blocks = lfk_check_entry_pair(&check->entries[entry]);
    return lfk_check_find_pair(check, blocks) == LFK_CHECK_NONE &&
           lfk_check_find_version(check, blocks, false, false) == LFK_CHECK_NONE &&
           lfk_check_find_version(check, blocks, false, true) != LFK_CHECK_NONE;
}

static int add_waiting(struct lfk_check *check, uint32_t entry)
{
    if (lfk_grow(check->allocator, (void **)&check->waiting, &check->waiting_room,
                 check->waiting_count + 1, sizeof(check->waiting[0])) < 0) {
        return lfk_fail_nomem(check->detail);
    }
    check->waiting[check->waiting_count++] = entry;
    return LFK_OK;
}

/* Enters what waits and is early no longer, or all of it. */
static int enter_waiting(struct lfk_check *check, bool all)
{
    size_t count = check->waiting_count;
    check->waiting_count = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t entry = check->waiting[i];
        uint32_t directory = check->pairs[check->entries[entry].pair].directory;
        if (!all && is_early(check, entry)) {
            check->waiting[check->waiting_count++] = entry;
        } else {
            TRY(enter(check, entry, check->directories[directory].is_orphan));
        }
    }
    return LFK_OK;
}

/* Goes through the entries of one pair; `before` is the one before, and then the last. */
static int walk_pair(struct lfk_check *check, uint32_t pair, bool is_orphan, uint32_t *before)
{
    const struct lfk_check_pair *p = &check->pairs[pair];
    uint32_t i = p->first + (p->listed && lfk_check_is_superblock(check, p));
    uint32_t end = p->first + p->count;
    for (; i < end; i++) {
        const struct lfk_check_entry *entry = &check->entries[i];
        if (entry->name_offset == 0) {
            continue;
        }
        bool is_directory = entry->name_type == LFK_TYPE_DIR;
        lfk_check_item(check, i, *before);
        *before = i;
        if (lfk_check_is_hidden(check, i)) {
            continue;
        }
        if (!is_orphan) {
            check->info.directories += is_directory;
            check->info.files += !is_directory;
        }
        if (is_directory) {
            TRY(is_early(check, i) ? add_waiting(check, i) : enter(check, i, is_orphan));
        }
    }
    return LFK_OK;
}

static void check_attributes(struct lfk_check *check, uint32_t pair)
{
    const struct lfk_check_pair *p = &check->pairs[pair];
    if (p->attribute_size > check->superblock.attr_max) {
        lfk_check_tell(check, LFK_FINDING_ATTRIBUTE_LONG, lfk_about_pair(pair),
                       lfk_with(lfk_at(p->pair.block[0], p->attribute_offset),
                                check->superblock.attr_max, p->attribute_size));
    }
}

static int walk_directory(struct lfk_check *check, uint32_t directory)
{
    bool is_orphan = check->directories[directory].is_orphan;
    uint32_t pair = check->directories[directory].pair;
    uint32_t before = LFK_CHECK_NONE;
    while (pair != LFK_CHECK_NONE) {
        check->pairs[pair].directory = directory;
        check_attributes(check, pair);
        TRY(walk_pair(check, pair, is_orphan, &before));
        TRY(next_pair(check, &pair));
    }
    return LFK_OK;
}

/* Goes through the queue, beginning with the directory added last. */
static int walk_queue(struct lfk_check *check)
{
    size_t at = check->directory_count - 1;
    while (at < check->directory_count || check->waiting_count > 0) {
        for (; at < check->directory_count; at++) {
            TRY(walk_directory(check, (uint32_t)at));
        }
        size_t waiting = check->waiting_count;
        TRY(enter_waiting(check, false));
        if (check->waiting_count == waiting) {
            TRY(enter_waiting(check, true));
        }
    }
    return LFK_OK;
}

/* Counts what the entries of all pairs on the list name. */
static void count_all_names(struct lfk_check *check)
{
    for (uint32_t i = 0; i < check->pair_count; i++) {
        count_names(check, i, true);
    }
}

static int walk_root(struct lfk_check *check)
{
    if (check->root == LFK_CHECK_NONE) {
        return LFK_OK;
    }
    TRY(add_directory(check, check->root, LFK_CHECK_NONE, false));
    check->directories[0].is_root = true;
    for (uint32_t i = 0; i < check->root; i++) {
        if (lfk_check_is_superblock(check, &check->pairs[i])) {
            check->pairs[i].directory = 0;
        }
    }
    return walk_queue(check);
}

static bool is_left(const struct lfk_check_pair *pair)
{
    return pair->listed && pair->directory == LFK_CHECK_NONE && !pair->stale;
}

/* Tells of a pair that the root does not lead to, unless that is a consequence of other damage. */
static void tell_left(struct lfk_check *check, uint32_t pair, bool is_orphan)
{
    bool is_due = lfk_gstate_has_orphans(&check->state);
    enum lfk_finding_id orphan = is_due ? LFK_FINDING_ORPHAN : LFK_FINDING_ORPHAN_UNSAID;
    if (check->complete && check->root != LFK_CHECK_NONE) {
        lfk_check_tell(check, is_orphan ? orphan : LFK_FINDING_DIR_UNREACHED, lfk_about_pair(pair),
                       lfk_in_block(check->pairs[pair].pair.block[0]));
    }
}

/* First what no entry names, and what is below it; then what is only named from below itself. */
static int walk_left(struct lfk_check *check)
{
    for (int round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < check->pair_count; i++) {
            const struct lfk_check_pair *pair = &check->pairs[i];
            if (is_left(pair) && !pair->continues && (pair->names > 0) == (round == 1)) {
                TRY(add_directory(check, i, LFK_CHECK_NONE, true));
                tell_left(check, i, round == 0);
                TRY(walk_queue(check));
            }
        }
    }
    for (uint32_t i = 0; i < check->pair_count; i++) {
        if (is_left(&check->pairs[i])) {
            tell_left(check, i, false);
        }
    }
    return LFK_OK;
}

int lfk_check_directories(struct lfk_check *check)
{
    count_all_names(check);
    TRY(walk_root(check));
    return walk_left(check);
}
