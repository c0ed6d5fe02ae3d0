/* SPDX-License-Identifier: MIT */
/*
 * The block of settings that -v begins with.
 */
#ifndef CLI_CONFIGURATION_H
#define CLI_CONFIGURATION_H

#include <stdint.h>
#include <stdio.h>

/* A limit of 0 is not shown. */
struct cli_configuration {
    const char *image;
    uint32_t block_size;
    uint32_t block_count;
    uint64_t file_size; /* of the image, shown if it is not the volume's; 0: there is none yet */
    uint32_t name_max;
    uint32_t inline_max;
    uint32_t attr_max;
    uint32_t file_max;
};

void cli_configuration_print(FILE *out, const struct cli_configuration *configuration);

#endif
