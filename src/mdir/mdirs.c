/* SPDX-License-Identifier: MIT */
/*
 * The metadata pairs known so far, in a table by the number of their current
 * block. A pair is read when it is first asked for; after that it costs a
 * look into the table, whichever way round its pointer names the blocks.
 *
 * Invariant: what is in a slot has the block whose number it is at as its
 * current one, and of those that can be used no two are of the same pair.
 */
#include "fold.h"
#include "settle.h"
#include "table.h"

#define PAGE_SLOTS 256u

/*
 * The mdirs of a row of blocks. Plain tables, and no hash: an image cannot
 * choose its blocks so that they are slow to find.
 */
struct lfk_mdir_page {
    struct lfk_mdir *slots[PAGE_SLOTS];
};

void lfk_mdirs_open(struct lfk_mdirs *mdirs, struct lfk_bd *bd,
                    const struct lfk_allocator *allocator)
{
    *mdirs = (struct lfk_mdirs){.bd = bd, .block_count = LFK_BLOCK_NULL};
    mdirs->arena.allocator = allocator;
}

int lfk_mdirs_open_writing(struct lfk_mdirs *mdirs, const struct lfk_mdirs_writing *writing,
                           struct lfk_detail *detail)
{
    mdirs->writing = *writing;
    mdirs->scratch = lfk_alloc(mdirs->arena.allocator, mdirs->bd->block_size);
    return mdirs->scratch != NULL ? LFK_OK : lfk_fail_nomem(detail);
}

static void free_content(const struct lfk_mdirs *mdirs, const struct lfk_mdir *mdir)
{
    const struct lfk_allocator *allocator = mdirs->arena.allocator;
    if (mdir != NULL) {
        lfk_free(allocator, mdir->entries);
        lfk_free(allocator, mdir->image);
        lfk_free(allocator, (void *)mdir->index);
    }
}

void lfk_mdirs_close(struct lfk_mdirs *mdirs)
{
    const struct lfk_allocator *allocator = mdirs->arena.allocator;
    for (size_t page = 0; page < mdirs->page_room; page++) {
        for (size_t slot = 0; mdirs->pages[page] != NULL && slot < PAGE_SLOTS; slot++) {
            free_content(mdirs, mdirs->pages[page]->slots[slot]);
        }
    }
    lfk_free(allocator, (void *)mdirs->pages);
    lfk_free(allocator, mdirs->scratch);
    lfk_mdirs_forget_left(mdirs);
    lfk_free(allocator, mdirs->left);
    lfk_arena_free(&mdirs->arena);
    *mdirs = (struct lfk_mdirs){0};
}

struct lfk_mdir *lfk_mdirs_find(const struct lfk_mdirs *mdirs, uint32_t block)
{
    size_t index = block / PAGE_SLOTS;
    const struct lfk_mdir_page *page = index < mdirs->page_room ? mdirs->pages[index] : NULL;
    return page != NULL ? page->slots[block % PAGE_SLOTS] : NULL;
}

struct lfk_mdir *lfk_mdirs_find_pair(const struct lfk_mdirs *mdirs, struct lfk_pair pair)
{
    for (int i = 0; i < 2; i++) {
        struct lfk_mdir *known = lfk_mdirs_find(mdirs, pair.block[i]);
        if (known != NULL && known->folded && lfk_pair_same(known->pair, pair)) {
            return known;
        }
    }
    return NULL;
}

int lfk_mdirs_reserve(struct lfk_mdirs *mdirs, uint32_t block)
{
    const struct lfk_allocator *allocator = mdirs->arena.allocator;
    size_t room = mdirs->page_room;
    void *pages = (void *)mdirs->pages;
    TRY(lfk_grow(allocator, &pages, &mdirs->page_room, block / PAGE_SLOTS + 1,
                 sizeof(struct lfk_mdir_page *)));
    mdirs->pages = pages;
    for (; room < mdirs->page_room; room++) {
        mdirs->pages[room] = NULL;
    }
    struct lfk_mdir_page **page = &mdirs->pages[block / PAGE_SLOTS];
    if (*page == NULL) {
        *page = lfk_arena_alloc(&mdirs->arena, sizeof(**page));
        if (*page == NULL) {
            return LFK_ERR_NOMEM;
        }
        **page = (struct lfk_mdir_page){{NULL}};
    }
    return LFK_OK;
}

/* Where a reserved block belongs. */
static struct lfk_mdir **slot_of(const struct lfk_mdirs *mdirs, uint32_t block)
{
    return &mdirs->pages[block / PAGE_SLOTS]->slots[block % PAGE_SLOTS];
}

void lfk_mdirs_add(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir)
{
    struct lfk_mdir *of_block = lfk_mdirs_find(mdirs, mdir->pair.block[0]);
    if (of_block != NULL) {
        lfk_mdirs_forget(mdirs, of_block);
    }
    struct lfk_mdir *of_pair = lfk_mdirs_find_pair(mdirs, mdir->pair);
    if (of_pair != NULL) {
        lfk_mdirs_forget(mdirs, of_pair);
    }
    *slot_of(mdirs, mdir->pair.block[0]) = mdir;
}

void lfk_mdirs_remove(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir)
{
    struct lfk_mdir **slot = slot_of(mdirs, mdir->pair.block[0]);
    if (*slot == mdir) { /* on a damaged volume another may have taken its place */
        *slot = NULL;
    }
}

void lfk_mdirs_forget(struct lfk_mdirs *mdirs, struct lfk_mdir *mdir)
{
    lfk_mdirs_remove(mdirs, mdir);
    lfk_mdir_cut_ties(mdir);
    lfk_entries_free(mdirs, mdir);
    lfk_free(mdirs->arena.allocator, mdir->image);
    lfk_free(mdirs->arena.allocator, mdir->index);
    mdir->image = NULL;
    mdir->index = NULL;
    mdir->index_count = 0;
    mdir->index_room = 0;
}

static int check_range(const struct lfk_mdirs *mdirs, struct lfk_pair pair,
                       struct lfk_detail *detail)
{
    for (int i = 0; i < 2; i++) {
        if (pair.block[i] >= mdirs->block_count) {
            return lfk_fail_field(detail, LFK_ERR_CORRUPT, "a metadata pair is outside the volume",
                                  "block", mdirs->block_count, pair.block[i]);
        }
    }
    return LFK_OK;
}

int lfk_mdirs_get(struct lfk_mdirs *mdirs, struct lfk_pair pair, struct lfk_mdir **mdir,
                  struct lfk_detail *detail)
{
    TRY(check_range(mdirs, pair, detail));
    struct lfk_mdir *found = lfk_mdirs_find_pair(mdirs, pair);
    if (found == NULL) {
        found = lfk_change_find_moved(mdirs, pair);
    }
    if (found == NULL) {
        TRY(lfk_mdirs_fetch(mdirs, pair, &found, detail));
    }
    if (found->damage != NULL) {
        if (detail != NULL) {
            *detail = *found->damage;
        }
        return found->damage->status;
    }
    *mdir = found;
    return LFK_OK;
}
