/* SPDX-License-Identifier: MIT */
/*
 * The options of create, and what they ask the builder for.
 */
#ifndef CLI_CREATE_ARGS_H
#define CLI_CREATE_ARGS_H

#include "lfskit/build.h"
#include "lfskit/host.h"
#include "options.h"
#include "verb.h"

/* --fs-size: bytes, or "auto"; both empty when it is not given. */
struct cli_volume_size {
    uint64_t bytes;
    bool automatic;
};

/* --free: one of the two. */
struct cli_head_room {
    uint64_t bytes;
    uint32_t percent;
};

/* --fill: one of the two, or neither. */
struct cli_fill {
    uint32_t percent;
    bool evenly;
};

struct cli_create_args {
    struct cli_volume_size size;
    struct cli_head_room free;
    struct cli_fill fill;
    struct lfk_build_options build; /* what options set directly */
    struct lfk_excludes *excludes;
    bool no_dereference;
    const char *filename_encoding;
    const char *image; /* --image, the old form of the second operand */
    bool compact;
    bool no_pad;
    bool verbose;
    bool quiet;
    bool no_summary;
};

extern const struct cli_option_group cli_create_groups[];

/* Completes `args->build`; CLI_DONE, or CLI_USAGE after telling what contradicts what. */
int cli_create_settle(const struct cli_run *run, struct cli_create_args *args);

#endif
