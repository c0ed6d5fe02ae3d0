/* SPDX-License-Identifier: MIT */
/* What test_defines gives to -DLFS_DEFINES. */
#ifndef TESTS_OWN_DEFINES_H
#define TESTS_OWN_DEFINES_H

#include <stddef.h>
#include <stdint.h>

void *own_malloc(size_t size);
void own_free(void *memory);
uint32_t own_crc(uint32_t crc, const void *buffer, size_t size);
void own_say(char kind, const char *format, ...);

#define LFS_MALLOC(size) own_malloc(size)
#define LFS_FREE(memory) own_free(memory)
#define LFS_CRC(crc, buffer, size) own_crc(crc, buffer, size)
#define LFS_TRACE(...) own_say('t', __VA_ARGS__)
#define LFS_DEBUG(...) own_say('d', __VA_ARGS__)
#define LFS_WARN(...) own_say('w', __VA_ARGS__)
#define LFS_ERROR(...) own_say('e', __VA_ARGS__)
#define LFS_ASSERT(test) ((test) ? (void)0 : own_say('a', "%s", #test))

#endif
