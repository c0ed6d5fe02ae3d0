/* SPDX-License-Identifier: MIT */
/* What test_config gives to -DLFS_CONFIG: all that lfs.h needs, and nothing of lfs_util.h. */
#ifndef TESTS_OWN_CONFIG_H
#define TESTS_OWN_CONFIG_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

void *lfs_malloc(size_t size);
void lfs_free(void *memory);
uint32_t lfs_crc(uint32_t crc, const void *buffer, size_t size);

#define LFS_TRACE(...)
#define LFS_DEBUG(...)
#define LFS_WARN(...)
#define LFS_ERROR(...)

#endif
