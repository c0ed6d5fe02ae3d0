/* SPDX-License-Identifier: MIT */
/*
 * What stands behind struct lfk_volume; private to the part volume.
 */
#ifndef LFK_HANDLE_H
#define LFK_HANDLE_H

#include "fs/fs.h"
#include "image/image.h"
#include "lfskit/volume.h"

struct lfk_volume {
    struct lfk_content content; /* of the files of trees loaded; first, to get back from it */
    struct lfk_volume_options options;
    struct lfk_image image;
    struct lfk_fs fs;
};

extern const struct lfk_content lfk_volume_content;

#endif
