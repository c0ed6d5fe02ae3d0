/* SPDX-License-Identifier: MIT */
/*
 * Volumes for the tests of lfskit/filesystem.h, and what they do all the time.
 */
#ifndef LFSKIT_TESTS_STAGE_H
#define LFSKIT_TESTS_STAGE_H

/* cmocka.h needs these, in this order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lfskit/filesystem.h"
#include "told.h"

/* What the call said that failed last. */
extern struct lfk_detail detail;

#define OK(call) assert_int_equal(call, LFK_OK)

/* The call fails with this status and says this line. */
#define FAILS(call, status, line)                                                                  \
    do {                                                                                           \
        detail = (struct lfk_detail){0};                                                           \
        assert_int_equal(call, status);                                                            \
        check_told(&detail, status, line);                                                         \
    } while (0)

/* A fresh volume in memory. */
struct stage {
    uint8_t *bytes;
    size_t size;
    struct lfk_medium *medium;
    struct lfk_filesystem *fs;
    struct lfk_filesystem_options options; /* of the mount */
};

#define BLOCK_SIZE 512u
/* Bytes of so many blocks. */
#define BLOCKS(n) ((size_t)(n)*BLOCK_SIZE)

void stage_open(struct stage *stage, uint32_t block_count);
/* The same, made and mounted with these options. */
void stage_open_with(struct stage *stage, uint32_t block_count,
                     const struct lfk_filesystem_options *options);
void stage_remount(struct stage *stage);
/* Mounts read-only what is there. */
void stage_remount_read_only(struct stage *stage);
void stage_close(struct stage *stage);

/* Bytes that depend on their place. */
void fill(uint8_t *bytes, size_t size);

/* Makes a file, or replaces it, with so many bytes of fill(). */
void put_file(struct lfk_filesystem *fs, const char *path, uint32_t size);
/* It has these. */
void check_file(struct lfk_filesystem *fs, const char *path, uint32_t size);
/* Makes a file, or replaces it. */
void put_text(struct lfk_filesystem *fs, const char *path, const char *text);
void check_text_of(struct lfk_filesystem *fs, const char *path, const char *text);
/* What the directory lists: names, those of directories with a slash, blanks between. */
void check_list(struct lfk_filesystem *fs, const char *path, const char *names);
bool exists(struct lfk_filesystem *fs, const char *path);

#endif
