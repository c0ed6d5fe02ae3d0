/* SPDX-License-Identifier: MIT */
/*
 * What a fuzz target has to do with its driver, libFuzzer or replay.c.
 */
#ifndef LFSKIT_FUZZ_H
#define LFSKIT_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* The target: returns 0; does not return if something is wrong. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Given to libFuzzer by mutator.c, and given by libFuzzer. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned int number);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t room);

/* Ends the program in a way that both drivers take for a finding. */
static inline void fuzz_expect(int holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "not so: %s\n", what);
        abort();
    }
}

#define EXPECT(condition) fuzz_expect((condition), #condition)

#endif
