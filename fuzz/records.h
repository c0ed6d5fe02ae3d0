/* SPDX-License-Identifier: MIT */
/*
 * The form of an input that is a history: a head, and records of equal size.
 */
#ifndef LFSKIT_FUZZ_RECORDS_H
#define LFSKIT_FUZZ_RECORDS_H

#define RECORD_HEAD 24u /* how the volume is made */
#define RECORD_SIZE 32u
#define RECORD_FRONT 7u /* of a record: what goes wrong, and what is done */
#define RECORDS_MAX 64u

#endif
