/* SPDX-License-Identifier: MIT */
/*
 * An image opened for reading: what list, info and extract have in common, and
 * of the options check, too.
 */
#ifndef CLI_READING_H
#define CLI_READING_H

#include "configuration.h"
#include "lfskit/host.h"
#include "lfskit/volume.h"
#include "names.h"
#include "options.h"
#include "verb.h"

/* Where the options of cli_reading_options are stored. */
struct cli_reading_args {
    uint32_t block_size;
    uint32_t block_count;
    uint64_t fs_size;
    uint32_t name_max;
    uint32_t file_max;
    uint32_t attr_max;
    uint32_t inline_max;
    const char *filename_encoding;
    bool verbose;
};

extern const struct cli_option cli_reading_options[];
#define CLI_READING_GROUP(type, member)                                                            \
    {                                                                                              \
        "What the image is expected to be", cli_reading_options, offsetof(type, member)            \
    }

/* An option for those that print the configuration; `member` is `verbose` of the struct above. */
#define CLI_READING_VERBOSE(type, member)                                                          \
    {                                                                                              \
        "verbose", 'v', NULL, cli_store_true, offsetof(type, member),                              \
            "Print the configuration first"                                                        \
    }

struct cli_reading {
    const struct cli_run *run;
    const char *path;
    const char *encoding_name; /* NULL: UTF-8 */
    struct lfk_encoding *encoding;
    struct lfk_volume *volume;
    struct lfk_volume_info info;
    struct cli_configuration found; /* what of it the image says */
    struct lfk_tree *tree;
    struct cli_text top;    /* path of the tree's root in the image, as people write it; "" for / */
    unsigned long problems; /* told so far: damage, names that do not decode */
};

/* Opens the image; CLI_DONE, or the exit code after telling why not. Close it in both cases. */
int cli_reading_open(struct cli_reading *reading, const struct cli_run *run,
                     const struct cli_reading_args *args, const char *path);

/* Loads what is at and below `path`, in the encoding of the host, into `tree`. */
int cli_reading_load(struct cli_reading *reading, const char *path);

void cli_reading_close(struct cli_reading *reading);

/* Adds a node's path in the image, "" for that of the root directory. */
void cli_reading_add_path(const struct cli_reading *reading, struct cli_text *text,
                          const struct lfk_node *node, enum cli_name_form form);

/* Adds a node's own name. False, after telling so, if it does not decode. */
bool cli_reading_add_name(struct cli_reading *reading, struct cli_text *text,
                          const struct lfk_node *node, enum cli_name_form form);

/*
 * Makes of a refusal that no option asked for, of limits beyond the format's,
 * damage of the image, so that no option is spoken of.
 */
void cli_reading_settle_detail(const struct cli_reading_args *args, struct lfk_detail *detail);

/* False, after telling so, if the image found is not of the size that --fs-size asks for. */
bool cli_reading_check_size(const struct cli_run *run, const struct cli_reading_args *args,
                            const struct cli_configuration *found);

/* Prints the block that -v begins with: what was found, and limits that were asked for. */
void cli_reading_print_configuration(const struct cli_run *run, const struct cli_reading_args *args,
                                     const struct cli_configuration *found);

/* CLI_DONE, or CLI_FAILED if there were problems. */
int cli_reading_exit_code(const struct cli_reading *reading);

#endif
