/* SPDX-License-Identifier: MIT */
/*
 * lfskit/lfskit.h - all of lfskit's C interface. Start here:
 *
 *   build an image:    lfk_tree_create, lfk_scan_open or lfk_tree_add_*,
 *                      lfk_build_plan, lfk_output_open, lfk_build_write, lfk_output_commit
 *   read an image:     lfk_volume_open, lfk_volume_info, lfk_volume_load,
 *                      lfk_node_next, lfk_reader_open, lfk_extract
 *   check an image:    lfk_check_open, lfk_finding_format, lfk_check_info, lfk_check_block
 *   change a volume:   lfk_medium_open_file, lfk_medium_open_memory or a struct lfk_device,
 *                      lfk_filesystem_format, lfk_filesystem_mount, lfk_file_open,
 *                      lfk_directory_open
 *
 * The directory examples/ has a program for each of these.
 */
#ifndef LFSKIT_LFSKIT_H
#define LFSKIT_LFSKIT_H

#include "lfskit/base.h"
#include "lfskit/build.h"
#include "lfskit/check.h"
#include "lfskit/filesystem.h"
#include "lfskit/host.h"
#include "lfskit/tree.h"
#include "lfskit/volume.h"

#endif
