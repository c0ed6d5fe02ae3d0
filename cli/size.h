/* SPDX-License-Identifier: MIT */
/*
 * Sizes as people write them: 4096, 0x1000, 4k, 4 KiB, 1_000_000, 2mb.
 */
#ifndef CLI_SIZE_H
#define CLI_SIZE_H

#include "options.h"

#include <stdint.h>

/* NULL, or what is wrong as a clause that can follow the text; zero is passed. */
const char *cli_size_parse(const char *text, uint64_t *size);

/* The same with no suffixes but those littlefs-python knows: B, KB, MB, GB. */
const char *cli_size_parse_strictly(const char *text, uint64_t *size);

cli_store_fn cli_store_size;           /* uint64_t, not 0 */
cli_store_fn cli_store_size32;         /* uint32_t, not 0 */
cli_store_fn cli_store_size32_or_zero; /* uint32_t, 0 for the default */
cli_store_fn cli_store_inline_max;     /* uint32_t, 0 for the default, "none": UINT32_MAX */

#endif
