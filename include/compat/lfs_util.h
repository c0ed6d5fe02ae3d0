/* SPDX-License-Identifier: MIT */
/*
 * lfs_util.h - what programs written for littlefs expect of this header:
 * numbers, byte order, the CRC, memory, and messages.
 *
 * -DLFS_DEFINES=file.h   the file is included first; macros that it defines are
 *                        used in place of those below
 * -DLFS_CONFIG=file.h    the file is included, and nothing of this is defined; it
 *                        brings stdint.h, stdbool.h and string.h, the four macros
 *                        for messages, and without LFS_NO_MALLOC lfs_malloc and lfs_free
 *
 * Nothing is printed unless it is asked for: -DLFS_YES_TRACE, -DLFS_YES_DEBUG,
 * -DLFS_YES_WARN and -DLFS_YES_ERROR send the messages of a kind to standard
 * output, a line each: file, line, kind, text. Defining LFS_TRACE(...) or one
 * of its like sends them elsewhere.
 */
#ifndef LFS_UTIL_H
#define LFS_UTIL_H

#define LFS_STRINGIZE(x) LFS_STRINGIZE2(x)
#define LFS_STRINGIZE2(x) #x

#ifdef LFS_CONFIG
#include LFS_STRINGIZE(LFS_CONFIG)
#else

#ifdef LFS_DEFINES
#include LFS_STRINGIZE(LFS_DEFINES)
#endif

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#ifndef LFS_NO_MALLOC
#include <stdlib.h>
#endif
#ifndef LFS_NO_ASSERT
#include <assert.h>
#endif
#if defined(LFS_YES_TRACE) || defined(LFS_YES_DEBUG) || defined(LFS_YES_WARN) ||                   \
    defined(LFS_YES_ERROR) || !defined(LFS_NO_DEBUG) || !defined(LFS_NO_WARN) ||                   \
    !defined(LFS_NO_ERROR)
#include <stdio.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* --- messages --------------------------------------------------------------------- */

#define LFS_SAY_(kind, format, ...)                                                                \
    (void)printf("%s:%d:" kind ": " format "%s\n", __FILE__, __LINE__, __VA_ARGS__)

/* Each call of a function of lfs.h: one message when it begins, one when it ends. */
#ifndef LFS_TRACE
#ifdef LFS_YES_TRACE
#define LFS_TRACE(...) LFS_SAY_("trace", __VA_ARGS__, "")
#else
#define LFS_TRACE(...) ((void)0)
#endif
#endif

/* Calls that fail: as an error if the volume is damaged, a warning if it is full, else for
 * debugging. */
#ifndef LFS_DEBUG
#ifdef LFS_YES_DEBUG
#define LFS_DEBUG(...) LFS_SAY_("debug", __VA_ARGS__, "")
#else
#define LFS_DEBUG(...) ((void)0)
#endif
#endif

#ifndef LFS_WARN
#ifdef LFS_YES_WARN
#define LFS_WARN(...) LFS_SAY_("warn", __VA_ARGS__, "")
#else
#define LFS_WARN(...) ((void)0)
#endif
#endif

#ifndef LFS_ERROR
#ifdef LFS_YES_ERROR
#define LFS_ERROR(...) LFS_SAY_("error", __VA_ARGS__, "")
#else
#define LFS_ERROR(...) ((void)0)
#endif
#endif

/* For the programs that include this; the library itself returns errors and asserts nothing. */
#ifndef LFS_ASSERT
#ifdef LFS_NO_ASSERT
#define LFS_ASSERT(test) ((void)0)
#else
#define LFS_ASSERT(test) assert(test)
#endif
#endif

/* --- numbers ------------------------------------------------------------------------ */

static inline uint32_t lfs_max(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static inline uint32_t lfs_min(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* To multiples of any number but 0. */
static inline uint32_t lfs_aligndown(uint32_t a, uint32_t alignment)
{
    return a - a % alignment;
}

static inline uint32_t lfs_alignup(uint32_t a, uint32_t alignment)
{
    return lfs_aligndown(a + alignment - 1, alignment);
}

/* Ones. */
static inline uint32_t lfs_popc(uint32_t a)
{
#if defined(__GNUC__) && !defined(LFS_NO_INTRINSICS)
    return (uint32_t)__builtin_popcount(a);
#else
    uint32_t count = 0;
    for (; a != 0; a &= a - 1) {
        count++;
    }
    return count;
#endif
}

/* Zeros below the lowest one; 32 if there is none. */
static inline uint32_t lfs_ctz(uint32_t a)
{
#if defined(__GNUC__) && !defined(LFS_NO_INTRINSICS)
    return a != 0 ? (uint32_t)__builtin_ctz(a) : 32;
#else
    return lfs_popc(~a & (a - 1));
#endif
}

/* The least n for which 1 << n is a or more. */
static inline uint32_t lfs_npw2(uint32_t a)
{
    uint32_t bits = 0;
    if (a > 1) {
#if defined(__GNUC__) && !defined(LFS_NO_INTRINSICS)
        bits = 32 - (uint32_t)__builtin_clz(a - 1);
#else
        for (a--; a != 0; a >>= 1) {
            bits++;
        }
#endif
    }
    return bits;
}

/* Which of two sequence numbers that wrap around comes first: negative, 0, positive. */
static inline int lfs_scmp(uint32_t a, uint32_t b)
{
    return (int)(int32_t)(a - b);
}

/* --- byte order -------------------------------------------------------------------- */

static inline uint32_t lfs_fromle32(uint32_t a)
{
    uint8_t bytes[4];
    memcpy(bytes, &a, sizeof(bytes));
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static inline uint32_t lfs_frombe32(uint32_t a)
{
    uint8_t bytes[4];
    memcpy(bytes, &a, sizeof(bytes));
    return (uint32_t)bytes[3] | (uint32_t)bytes[2] << 8 | (uint32_t)bytes[1] << 16 |
           (uint32_t)bytes[0] << 24;
}

static inline uint32_t lfs_tole32(uint32_t a)
{
    return lfs_fromle32(a);
}

static inline uint32_t lfs_tobe32(uint32_t a)
{
    return lfs_frombe32(a);
}

/* --- CRC ----------------------------------------------------------------------------- */

/*
 * CRC-32 of polynomial 0x04c11db7, bits reflected. The state goes in and comes
 * out as it is: begin with 0xffffffff.
 */
#ifdef LFS_CRC
static inline uint32_t lfs_crc(uint32_t crc, const void *buffer, size_t size)
{
    return LFS_CRC(crc, buffer, size);
}
#else
uint32_t lfs_crc(uint32_t crc, const void *buffer, size_t size);
#endif

/* --- memory ---------------------------------------------------------------------------- */

/*
 * LFS_MALLOC and LFS_FREE, where they are defined, are where the library takes
 * all its memory from too. It is made for hosts: count on a copy of every
 * metadata block and a block for each file that is being written.
 */
static inline void *lfs_malloc(size_t size)
{
#if defined(LFS_MALLOC)
    return LFS_MALLOC(size);
#elif !defined(LFS_NO_MALLOC)
    return malloc(size);
#else
    (void)size;
    return NULL;
#endif
}

static inline void lfs_free(void *memory)
{
#if defined(LFS_FREE)
    LFS_FREE(memory);
#elif !defined(LFS_NO_MALLOC)
    free(memory);
#else
    (void)memory;
#endif
}

#ifdef __cplusplus
}
#endif

#endif
#endif
