/* SPDX-License-Identifier: MIT */
/*
 * CRC-32 of long inputs with the carry-less multiplication of x86-64; nothing
 * to do on other processors, where crc32.c's tables serve alone.
 *
 * Read the input as a polynomial over GF(2), first bit highest. The CRC is the
 * remainder modulo P, so any part may be replaced by something of the same
 * remainder. Let the 128 bits A = H*x^64 + L stand n bits ahead of the 128
 * bits B. Then
 *
 *   A*x^n = H*x^(n+64) + L*x^n = H*(x^(n+64) mod P) + L*(x^n mod P)  (mod P)
 *
 * and both products of a 64-bit and a 32-bit polynomial fit into 96 bits: XORed
 * into B they replace A. Bits are reflected here (bit 0 is the highest power),
 * so a factor of degree below 32 sits 32 bits below the top of its 64-bit word
 * and counts x^32 too much: the factors are x^(n+32) for H and x^(n-32) for L,
 * shifted left by one because a reflected product comes out one bit too low.
 * tools/make_crc_tables.py computes them for n = 512 and n = 128.
 *
 * Four accumulators, 512 bits apart, hide the latency of the multiplication;
 * they are folded into one at the end. The state at the start is XORed into the
 * first 32 bits, which is what the bytewise CRC does with it.
 */
#include "crc32_clmul.h"

#if defined(__x86_64__) && (defined(__GNUC__) || defined(__clang__))

#include "crc32_tables.h"

#include <emmintrin.h>
#include <wmmintrin.h>

#define USE_CLMUL __attribute__((target("pclmul")))

static __m128i load(const uint8_t *data)
{
    return _mm_loadu_si128((const __m128i *)(const void *)data);
}

/* What replaces `ahead` when XORed into what follows at the distance of `factors`. */
USE_CLMUL static inline __m128i fold(__m128i ahead, __m128i factors)
{
    return _mm_xor_si128(_mm_clmulepi64_si128(ahead, factors, 0x00),
                         _mm_clmulepi64_si128(ahead, factors, 0x11));
}

USE_CLMUL static size_t fold_all(uint32_t crc, const uint8_t *data, size_t size,
                                 uint8_t rest[LFK_CRC_FOLD_REST])
{
    const __m128i far = _mm_set_epi64x(LFK_CRC_FOLD_512_LOW, LFK_CRC_FOLD_512_HIGH);
    const __m128i near = _mm_set_epi64x(LFK_CRC_FOLD_128_LOW, LFK_CRC_FOLD_128_HIGH);
    __m128i a = _mm_xor_si128(load(data), _mm_cvtsi32_si128((int)crc));
    __m128i b = load(data + 16);
    __m128i c = load(data + 32);
    __m128i d = load(data + 48);
    size_t at = 64;
    for (; size - at >= 64; at += 64) {
        a = _mm_xor_si128(fold(a, far), load(data + at));
        b = _mm_xor_si128(fold(b, far), load(data + at + 16));
        c = _mm_xor_si128(fold(c, far), load(data + at + 32));
        d = _mm_xor_si128(fold(d, far), load(data + at + 48));
    }
    b = _mm_xor_si128(fold(a, near), b);
    c = _mm_xor_si128(fold(b, near), c);
    d = _mm_xor_si128(fold(c, near), d);
    for (; size - at >= 16; at += 16) {
        d = _mm_xor_si128(fold(d, near), load(data + at));
    }
    _mm_storeu_si128((__m128i *)(void *)rest, d);
    return at;
}

size_t lfk_crc32_fold(uint32_t crc, const uint8_t *data, size_t size,
                      uint8_t rest[LFK_CRC_FOLD_REST])
{
    return __builtin_cpu_supports("pclmul") ? fold_all(crc, data, size, rest) : 0;
}

#else

size_t lfk_crc32_fold(uint32_t crc, const uint8_t *data, size_t size,
                      uint8_t rest[LFK_CRC_FOLD_REST])
{
    (void)crc;
    (void)data;
    (void)size;
    (void)rest;
    return 0;
}

#endif
