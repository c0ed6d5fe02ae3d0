/* SPDX-License-Identifier: MIT */
/*
 * Changes either the decisions of an input of fuzz_write, or its image, in a
 * way that keeps the checksums right.
 */
#include "decisions.h"
#include "fuzz.h"
#include "mutate.h"

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned int number)
{
    struct seed seed = {number};
    uint32_t choice = seed_below(&seed, 4);
    if (size <= DECISIONS) {
        return LLVMFuzzerMutate(data, size, room);
    }
    if (choice == 0) {
        (void)LLVMFuzzerMutate(data, DECISIONS, DECISIONS);
        return size;
    }
    uint8_t *image = data + DECISIONS;
    size_t image_size = size - DECISIONS;
    size_t image_room = room - DECISIONS;
    return DECISIONS + (choice == 1 ? LLVMFuzzerMutate(image, image_size, image_room)
                                    : mutate_image(image, image_size, image_room, &seed));
}
