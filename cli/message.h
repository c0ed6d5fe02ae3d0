/* SPDX-License-Identifier: MIT */
/*
 * What goes to the error stream: always one line that says whose it is, with
 * nothing in it that could steer a terminal.
 */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include "lfskit/base.h"
#include "text.h"
#include "verb.h"

void cli_error(const struct cli_run *run, const char *format, ...);

/* About what does not keep the work from being done. */
void cli_warning(const struct cli_run *run, const char *format, ...);

/* The same about wrong usage, and where help is. Returns CLI_USAGE. */
int cli_usage(const struct cli_run *run, const char *format, ...);

/*
 * A detail of the library about `subject`, a path or an option (NULL: none; "" is shown as '').
 * `status` stands in for a detail nothing was recorded in.
 */
void cli_error_detail(const struct cli_run *run, const char *subject, int status,
                      const struct lfk_detail *detail);

/* True of what lfk_extract reports about the host, not about the image. */
bool cli_detail_is_of_host(const struct lfk_detail *detail);
/* Adds what the detail says, as the command line puts it; `status` as above. */
void cli_detail_add(struct cli_text *text, int status, const struct lfk_detail *detail);

/* Writes out what is buffered; the verb's failure, told, if the output did not take all. */
int cli_finish(const struct cli_run *run, int exit_code);

#endif
