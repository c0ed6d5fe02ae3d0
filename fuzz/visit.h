/* SPDX-License-Identifier: MIT */
/*
 * Reads all there is in an image, sound or not, through the public headers,
 * and checks what must hold whatever the image says.
 */
#ifndef LFSKIT_FUZZ_VISIT_H
#define LFSKIT_FUZZ_VISIT_H

#include <stddef.h>
#include <stdint.h>

/*
 * The memory that reading an image may take. Of the densest metadata, empty
 * files and attributes, 9 bytes of an image become 160 of ours, and 4 become
 * 80; a block cut short counts as whole, up to the largest that is looked for.
 */
#define VISIT_MEMORY(size) (((size_t)4 << 20) + 24 * (size_t)(size))

struct visit {
    int status; /* of opening and loading the image whole, damage being an error */
    size_t nodes;
    uint64_t bytes;      /* of file contents delivered */
    uint64_t unreadable; /* files */
    uint64_t damages;    /* told */
    size_t peak;         /* bytes allocated at a time */
};

/* NULL, or what should not be so. `visit` is filled in either case. */
const char *visit_image(struct visit *visit, const void *bytes, size_t size);

#endif
