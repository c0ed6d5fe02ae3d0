/* SPDX-License-Identifier: MIT */
/*
 * The check of a device whose blocks are known: an independent reader of the
 * whole volume. lfskit/check.h is the manual of what comes out.
 */
#ifndef LFK_CHECK_H
#define LFK_CHECK_H

#include "bd/bd.h"
#include "lfskit/check.h"

/*
 * Checks the volume on a device, which has its shape and is needed until this
 * returns. Of the options, block_size is of no concern here.
 */
int lfk_check_device(struct lfk_check **check, struct lfk_bd *bd,
                     const struct lfk_check_options *options, struct lfk_detail *detail);

/*
 * The check of an image whose geometry cannot be found: its one finding is that
 * no superblock can be read, for the reason given.
 */
int lfk_check_unreadable(struct lfk_check **check, uint64_t image_size,
                         const struct lfk_detail *reason, const struct lfk_check_options *options,
                         struct lfk_detail *detail);

#endif
