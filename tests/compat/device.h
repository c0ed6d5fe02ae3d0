/* SPDX-License-Identifier: MIT */
/*
 * Volumes for the tests of lfs.h: a configuration over the flash of tests/fs,
 * with what lfs.h promises its device checked on the way, and what the tests
 * do to files all the time.
 */
#ifndef TESTS_DEVICE_H
#define TESTS_DEVICE_H

/* cmocka.h needs these, in this order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "flash.h"
#include "lfs.h"

struct shape {
    lfs_size_t read_size;
    lfs_size_t prog_size;
    lfs_size_t block_size;
};

/* Those of the contract; the first is the usual one. */
#define SHAPES 5
extern const struct shape shapes[SHAPES];

enum device_call { CALL_READ, CALL_PROG, CALL_ERASE, CALL_SYNC, CALL_KINDS };

struct device {
    struct flash flash;
    struct lfs_config cfg;
    uint64_t calls[CALL_KINDS];
    /* The calls of this kind return `answer` instead, once `spare` of them are through. */
    enum device_call failing;
    int answer; /* 0: none does */
    uint64_t spare;
    void (*on_call)(struct device *device, enum device_call call); /* or NULL */
    jmp_buf *on_loss; /* where a call goes when the power does; NULL: it returns an error */
    int locked;       /* 1 while the lock is held */
    /* What was read straight into these bytes, if they are set. */
    const uint8_t *watched;
    size_t watched_size;
    uint64_t read_there;
};

/* `size` bytes in blocks; the configuration is filled in. */
void device_open(struct device *device, const struct shape *shape, lfs_size_t size);
void device_close(struct device *device);

/* Calls of all kinds but reads. */
uint64_t device_changes(const struct device *device);

/* --- volumes ------------------------------------------------------------------------- */

struct volume {
    struct device device;
    lfs_t lfs;
};

/* 1 MiB, formatted and mounted, from handles full of garbage. */
void volume_open(struct volume *v, const struct shape *shape);
/* The same with a smaller or larger device. */
void volume_open_size(struct volume *v, const struct shape *shape, lfs_size_t size);
void volume_remount(struct volume *v);
/* Fails if the device's contract was broken. */
void volume_close(struct volume *v);

/* Runs a test on a fresh volume of each shape, each with inline_max 0, 8 and -1. */
void on_all_volumes(void (*test)(struct volume *v));

/* --- files ---------------------------------------------------------------------------- */

#define OK(call) assert_int_equal(call, 0)

/* Bytes that depend on their place and the salt. */
void fill(uint8_t *bytes, size_t size, unsigned salt);

/* Fails if there is something else. */
void make_file(lfs_t *lfs, const char *path, const void *data, lfs_size_t size);
void make_pattern(lfs_t *lfs, const char *path, lfs_size_t size, unsigned salt);
void check_file(lfs_t *lfs, const char *path, const void *data, lfs_size_t size);
void check_pattern(lfs_t *lfs, const char *path, lfs_size_t size, unsigned salt);
void check_text(lfs_t *lfs, const char *path, const char *text);

/* The names of a directory, without the dots, each followed by a space. */
void check_names(lfs_t *lfs, const char *path, const char *names);

/* Fills the volume with files until there is no space, and leaves the last one out. */
unsigned fill_up(lfs_t *lfs, lfs_size_t file_size);

#endif
