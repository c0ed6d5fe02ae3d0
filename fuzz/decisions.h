/* SPDX-License-Identifier: MIT */
/*
 * The form of an input that is an image to be written to.
 */
#ifndef LFSKIT_FUZZ_DECISIONS_H
#define LFSKIT_FUZZ_DECISIONS_H

#define DECISIONS 128u /* bytes before the image: how it is mounted, and what is done to it */

#endif
