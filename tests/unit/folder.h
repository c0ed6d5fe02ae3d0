/* SPDX-License-Identifier: MIT */
/*
 * A folder of the host for each test, which is then the current one: paths in
 * the test are short, and what it makes is gone afterwards.
 */
#ifndef LFSKIT_TESTS_FOLDER_H
#define LFSKIT_TESTS_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

/* Setup and teardown of a test. The folder is in $TMPDIR or /tmp. */
int enter_folder(void **state);
int leave_folder(void **state);

#define test_in_folder(test) cmocka_unit_test_setup_teardown(test, enter_folder, leave_folder)

void make_dir(const char *path);
void make_file(const char *path, const char *text);
void make_bytes(const char *path, const void *bytes, size_t size);
void make_link(const char *target, const char *path);
void make_fifo(const char *path);

/* There is a file, no link to one, with this text. */
void check_text(const char *path, const char *text);
/* The names in the directory, in the order of their bytes, with a blank between them. */
void check_names(const char *path, const char *names);
bool is_there(const char *path);

/* Whether permissions mean nothing to this user; says that the test is skipped then. */
bool is_root(void);

#endif
