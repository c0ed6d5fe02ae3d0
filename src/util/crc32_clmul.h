/* SPDX-License-Identifier: MIT */
/*
 * Folding of long inputs by carry-less multiplication, inside util only.
 */
#ifndef LFK_CRC32_CLMUL_H
#define LFK_CRC32_CLMUL_H

#include <stddef.h>
#include <stdint.h>

#define LFK_CRC_FOLD_MIN 64u  /* shortest input that is folded */
#define LFK_CRC_FOLD_REST 16u /* bytes it is folded to */

/*
 * Replaces the first bytes of `data` (size >= LFK_CRC_FOLD_MIN) by the 16 bytes
 * `rest`: their CRC from state 0 is that of the bytes replaced from state `crc`.
 * Returns how many bytes were replaced, 0 if this processor cannot fold.
 */
size_t lfk_crc32_fold(uint32_t crc, const uint8_t *data, size_t size,
                      uint8_t rest[LFK_CRC_FOLD_REST]);

#endif
