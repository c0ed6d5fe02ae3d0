/* SPDX-License-Identifier: MIT */
/*
 * The ground everything stands on: byte order, checked arithmetic, CRC-32,
 * allocation, arenas, growing arrays and bitmaps. Depends on libc's memory
 * functions and allocator alone.
 */
#ifndef LFK_UTIL_H
#define LFK_UTIL_H

#include "lfskit/base.h"

/* Returns the negative result of `expr`; the only macro that hides control flow. */
#define TRY(expr)                                                                                  \
    do {                                                                                           \
        int try_result_ = (expr);                                                                  \
        if (try_result_ < 0) {                                                                     \
            return try_result_;                                                                    \
        }                                                                                          \
    } while (0)

/* --- error details (detail.c) ------------------------------------------- */

/* Puts `found` in the place of all that `detail`, which may be NULL, says. */
void lfk_record(struct lfk_detail *detail, const struct lfk_detail *found);

/*
 * Each records into `detail` (which may be NULL) and returns `status`. They are
 * inline so that whoever compiles or analyses a caller sees that it fails.
 */
static inline int lfk_fail(struct lfk_detail *detail, int status, const char *what)
{
    lfk_record(detail, &(struct lfk_detail){.status = status, .what = what});
    return status;
}

static inline int lfk_fail_field(struct lfk_detail *detail, int status, const char *what,
                                 const char *field, uint64_t expected, uint64_t found)
{
    lfk_record(detail, &(struct lfk_detail){.status = status,
                                            .what = what,
                                            .field = field,
                                            .has_values = true,
                                            .expected = expected,
                                            .found = found});
    return status;
}

static inline int lfk_fail_os(struct lfk_detail *detail, int os_error, const char *what)
{
    lfk_record(detail,
               &(struct lfk_detail){.status = LFK_ERR_IO, .what = what, .os_error = os_error});
    return LFK_ERR_IO;
}

static inline int lfk_fail_block(struct lfk_detail *detail, int status, const char *what,
                                 uint32_t block)
{
    lfk_record(detail, &(struct lfk_detail){
                           .status = status, .what = what, .has_block = true, .block = block});
    return status;
}

static inline int lfk_fail_at(struct lfk_detail *detail, int status, const char *what,
                              uint32_t block, uint32_t offset, uint64_t expected, uint64_t found)
{
    lfk_record(detail, &(struct lfk_detail){.status = status,
                                            .what = what,
                                            .has_block = true,
                                            .block = block,
                                            .has_offset = true,
                                            .offset = offset,
                                            .has_values = true,
                                            .expected = expected,
                                            .found = found});
    return status;
}

static inline int lfk_fail_nomem(struct lfk_detail *detail)
{
    return lfk_fail(detail, LFK_ERR_NOMEM, "out of memory");
}

/*
 * Takes over a caller's options, whose first member says how large they are to
 * the caller: what that lacks is zero, the default. `given` may be NULL. A size
 * that is none, or has members that are not known here: LFK_ERR_INVAL.
 */
int lfk_options_take(void *options, size_t known, const void *given, struct lfk_detail *detail);

/* --- byte order ----------------------------------------------------------- */

static inline uint32_t lfk_get_le32(const void *p)
{
    const uint8_t *b = (const uint8_t *)p;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static inline void lfk_put_le32(void *p, uint32_t v)
{
    uint8_t *b = (uint8_t *)p;
    b[0] = (uint8_t)v;
    b[1] = (uint8_t)(v >> 8);
    b[2] = (uint8_t)(v >> 16);
    b[3] = (uint8_t)(v >> 24);
}

static inline uint32_t lfk_get_be32(const void *p)
{
    const uint8_t *b = (const uint8_t *)p;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | (uint32_t)b[3];
}

static inline void lfk_put_be32(void *p, uint32_t v)
{
    uint8_t *b = (uint8_t *)p;
    b[0] = (uint8_t)(v >> 24);
    b[1] = (uint8_t)(v >> 16);
    b[2] = (uint8_t)(v >> 8);
    b[3] = (uint8_t)v;
}

/* --- arithmetic -------------------------------------------------------------- */

static inline uint32_t lfk_min(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Smallest multiple of `unit` (not 0) that is >= v; the caller knows it fits. */
static inline uint32_t lfk_align_up(uint32_t v, uint32_t unit)
{
    return (v + unit - 1) / unit * unit;
}

/* False when the true result does not fit; *result is then unchanged. */
bool lfk_add_u32(uint32_t a, uint32_t b, uint32_t *result);
bool lfk_add_size(size_t a, size_t b, size_t *result);
bool lfk_mul_size(size_t a, size_t b, size_t *result);

uint32_t lfk_ctz(uint32_t v);      /* trailing zero bits; v is not 0 */
uint32_t lfk_popcount(uint32_t v); /* one bits */
uint32_t lfk_log2(uint32_t v);     /* floor of the binary logarithm; v is not 0 */

/* --- bitmaps ------------------------------------------------------------------ */

static inline bool lfk_bit_is_set(const uint8_t *bits, uint32_t number)
{
    return (bits[number / 8] >> number % 8 & 1) != 0;
}

static inline void lfk_bit_set(uint8_t *bits, uint32_t number)
{
    bits[number / 8] |= (uint8_t)(1u << number % 8);
}

/* --- CRC-32 (crc32.c) ------------------------------------------------------ */

/*
 * littlefs's CRC: reflected polynomial 0xedb88320, no inversion of the state.
 * Start with LFK_CRC_INIT; feed pieces by passing the result on.
 */
#define LFK_CRC_INIT UINT32_C(0xffffffff)
uint32_t lfk_crc32(uint32_t crc, const void *data, size_t size);

/* --- allocation (alloc.c, arena.c) ----------------------------------------- */

/* `allocator` NULL means the C library's. Zero bytes give a valid pointer. */
void *lfk_alloc(const struct lfk_allocator *allocator, size_t size);
void *lfk_alloc_zeroed(const struct lfk_allocator *allocator, size_t count, size_t size);
void *lfk_resize(const struct lfk_allocator *allocator, void *memory, size_t size);
void lfk_free(const struct lfk_allocator *allocator, void *memory);

/*
 * Makes room for `need` elements of `element` bytes in the array *items of
 * *room elements, at least doubling it. On failure (LFK_ERR_NOMEM) both stay.
 */
int lfk_grow(const struct lfk_allocator *allocator, void **items, size_t *room, size_t need,
             size_t element);

/* Many small allocations freed at once. Zero it and set the allocator. */
struct lfk_arena {
    const struct lfk_allocator *allocator;
    struct lfk_arena_chunk *chunks;
    size_t used; /* bytes of the newest chunk handed out */
    size_t room; /* bytes the newest chunk holds */
};

/* Aligned for any object; NULL when there is no memory. */
void *lfk_arena_alloc(struct lfk_arena *arena, size_t size);
/* A copy of `size` bytes followed by a NUL. */
void *lfk_arena_copy(struct lfk_arena *arena, const void *data, size_t size);
void lfk_arena_free(struct lfk_arena *arena);

#endif
