/* SPDX-License-Identifier: MIT */
/*
 * What the files of fs show each other; private to fs.
 */
#ifndef LFK_FS_PARTS_H
#define LFK_FS_PARTS_H

#include "fs/fs.h"

/* --- mount.c ------------------------------------------------------------------ */

/* Builds the list of pairs and the heads' parents in memory again, from what the tails say. */
int lfk_fs_relink(struct lfk_fs *fs, struct lfk_detail *detail);

/* --- pairsets.c ---------------------------------------------------------------- */

/* LFK_ERR_CORRUPT: two pairs on the list have a block in common. */
int lfk_fs_check_disjoint(const struct lfk_fs *fs, struct lfk_detail *detail);

/* LFK_ERR_CORRUPT: an entry names a directory that is not on the list, or that another names. */
int lfk_fs_check_directories(struct lfk_fs *fs, struct lfk_detail *detail);

/* --- mendlist.c ----------------------------------------------------------------- */

/*
 * Where the list is marked for a repair: the parents of all pairs are then those that
 * the root leads to, of which the list may have older versions.
 */
int lfk_fs_find_parents(struct lfk_fs *fs, struct lfk_detail *detail);

/*
 * Bring the list of pairs in line with the directories, where it is marked for it.
 * All tails first: a pair of which the list has an older version looks like an
 * orphan. The orphans when no move is pending.
 */
int lfk_fs_mend_tails(struct lfk_fs *fs, struct lfk_detail *detail);
int lfk_fs_drop_orphans(struct lfk_fs *fs, struct lfk_detail *detail);

/* --- limits.c ------------------------------------------------------------------- */

/* Fills in the defaults of options->writing and opens the mdirs to be written. */
int lfk_fs_open_mdirs(struct lfk_fs *fs, struct lfk_detail *detail);

/* Holds the superblock against what we can write, and takes over its limits. */
int lfk_fs_adopt_limits(struct lfk_fs *fs, struct lfk_detail *detail);

/* --- inuse.c ----------------------------------------------------------------------- */

/* Marks all blocks in use; an lfk_blockmap_fill_fn of a struct lfk_fs. */
int lfk_fs_fill_blocks(void *context, struct lfk_blockmap *map, struct lfk_detail *detail);

/* --- ctz lists: list.c ---------------------------------------------------------------- */

/* Room for `count` blocks, those that are new unknown. */
int lfk_fs_blocks_resize(struct lfk_fs *fs, struct lfk_fs_blocks *list, uint32_t count,
                         struct lfk_detail *detail);
void lfk_fs_blocks_free(struct lfk_fs *fs, struct lfk_fs_blocks *list);

/*
 * The number of a block, read along the list's pointers if it is not known;
 * the last one is. Costs O(log count).
 */
int lfk_fs_blocks_get(struct lfk_fs *fs, struct lfk_fs_blocks *list, uint32_t index,
                      uint32_t *block, struct lfk_detail *detail);

/* Visits every block of a list on the device, from the head back. */
int lfk_fs_blocks_visit(struct lfk_fs *fs, uint32_t head, uint32_t size, lfk_fs_block_fn *visit,
                        void *context, struct lfk_detail *detail);

/* --- open files --------------------------------------------------------------------------- */

/* Frees what a handle that is on no list holds. */
void lfk_fs_file_free(struct lfk_fs_file *file);

/* Room for that many bytes of inline data. */
int lfk_fs_file_reserve(struct lfk_fs_file *file, uint32_t size, struct lfk_detail *detail);

/* LFK_ERR_CORRUPT if the file is damaged. */
int lfk_fs_check_list(const struct lfk_fs_file *file, struct lfk_detail *detail);

int lfk_fs_list_read(struct lfk_fs *fs, struct lfk_fs_blocks *list, uint32_t position, void *buffer,
                     uint32_t size, struct lfk_detail *detail);

/* --- entries: names and ids ------------------------------------------------------------- */

/* A name that is about to be made: its length is checked here and nowhere else. */
int lfk_fs_check_name(const struct lfk_fs *fs, const struct lfk_fs_place *place,
                      struct lfk_detail *detail);

/* LFK_ERR_NOTEMPTY: the directory has entries. *head is its first pair. */
int lfk_fs_check_empty(struct lfk_fs *fs, const struct lfk_fs_entry *entry, struct lfk_mdir **head,
                       struct lfk_detail *detail);

/* Takes the pair of a directory that has no entry any more, and counts as an orphan, off the list.
 */
int lfk_fs_drop_directory(struct lfk_fs *fs, struct lfk_mdir *head, struct lfk_detail *detail);

/* Gives a superblock entry another content. */
int lfk_fs_write_superblock(struct lfk_fs *fs, struct lfk_mdir *mdir,
                            const struct lfk_superblock *superblock, struct lfk_detail *detail);

/* Gives all superblock entries but the root's that state another block count this content. */
int lfk_fs_write_copies(struct lfk_fs *fs, const struct lfk_superblock *superblock,
                        struct lfk_detail *detail);

/* The pair at the end of a directory whose first pair this is. */
struct lfk_mdir *lfk_fs_last_pair(struct lfk_mdir *mdir);

#endif
