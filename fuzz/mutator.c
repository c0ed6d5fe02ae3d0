/* SPDX-License-Identifier: MIT */
/*
 * Teaches libFuzzer to change metadata and keep its checksums right, without
 * which it would never get past them.
 */
#include "fuzz.h"
#include "mutate.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned int number)
{
    struct seed seed = {number};
    if (size == 0 || seed_below(&seed, 3) == 0) {
        return LLVMFuzzerMutate(data, size, room);
    }
    return mutate_image(data, size, room, &seed);
}
