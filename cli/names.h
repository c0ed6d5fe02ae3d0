/* SPDX-License-Identifier: MIT */
/*
 * Names and paths of an image as people see them. A name that does not decode
 * is shown by its bytes, and the caller learns of it.
 */
#ifndef CLI_NAMES_H
#define CLI_NAMES_H

#include "lfskit/host.h"
#include "text.h"
#include "verb.h"

/* Opens what --filename-encoding names, NULL for UTF-8; CLI_DONE, or the exit code after telling.
 */
int cli_encoding_open(const struct cli_run *run, struct lfk_encoding **encoding, const char *name);

enum cli_name_form {
    CLI_NAME_PLAIN, /* the decoded name; bytes that do not decode as they are */
    CLI_NAME_SHOWN, /* safe for a terminal: escaped */
    CLI_NAME_JSON,  /* valid UTF-8: U+FFFD for bytes that do not decode */
    CLI_NAME_STORED /* the bytes in the image */
};

/* Adds a name as the image has it. False if it does not decode. */
bool cli_name_bytes_add(struct cli_text *text, struct lfk_encoding *encoding, const char *name,
                        size_t size, enum cli_name_form form);

/* The same of a node. */
bool cli_name_add(struct cli_text *text, struct lfk_encoding *encoding, const struct lfk_node *node,
                  enum cli_name_form form);

/* Adds "/" and name for each node from below `top` down to `node`; nothing for `top` itself. */
void cli_path_add(struct cli_text *text, struct lfk_encoding *encoding, const struct lfk_node *top,
                  const struct lfk_node *node, enum cli_name_form form);

/* Adds a path of an image, as the library gives it, each name decoded. */
void cli_bytes_path_add(struct cli_text *text, struct lfk_encoding *encoding, const char *path,
                        enum cli_name_form form);

/*
 * Adds a path as typed in its normal form: "/" before each name, "." and ".."
 * resolved; nothing for the root.
 */
void cli_path_normalise(struct cli_text *text, const char *path);

/* Adds a normal path with each name encoded as the image has it. */
int cli_path_encode(struct cli_text *text, struct lfk_encoding *encoding, const char *path,
                    struct lfk_detail *detail);

#endif
