/* SPDX-License-Identifier: MIT */
/*
 * The input is an image: it is opened, loaded and read to its last byte.
 */
#include "fuzz.h"
#include "visit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct visit visit;
    const char *wrong = visit_image(&visit, data, size);
    fuzz_expect(wrong == NULL, wrong);
    return 0;
}
