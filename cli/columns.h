/* SPDX-License-Identifier: MIT */
/*
 * Short texts in columns, as ls(1) and Python's cmd show them.
 */
#ifndef CLI_COLUMNS_H
#define CLI_COLUMNS_H

#include <stddef.h>
#include <stdio.h>

/*
 * Prints the texts column by column, in as few rows as fit into `width`
 * characters, two blanks between them; each one a row if nothing else fits.
 */
void cli_columns_print(FILE *out, const char *const *texts, size_t count, size_t width);

#endif
