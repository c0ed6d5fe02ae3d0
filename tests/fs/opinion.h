/* SPDX-License-Identifier: MIT */
/*
 * A second opinion on a volume: the check, which shares with the driver only
 * the decoding of tags, finds no damage, and of repairs those that the driver
 * knows to be due.
 */
#ifndef TESTS_OPINION_H
#define TESTS_OPINION_H

#include "flash.h"
#include "fs/fs.h"

/* Of the flash on which `fs` is mounted. True if both agree; else `why` says where not. */
bool opinion_agrees(struct flash *flash, const struct lfk_fs *fs, char *why, size_t room);

#endif
