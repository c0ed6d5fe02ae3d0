/* SPDX-License-Identifier: MIT */
/*
 * Teaches libFuzzer where a history has its joints: records are put in, left
 * out, repeated, exchanged, and changed one at a time.
 */
#include "fuzz.h"
#include "records.h"
#include "seed.h"

#include <string.h>

/* The records of an input; what is behind the last whole one is dropped. */
struct records {
    uint8_t *bytes;
    uint32_t count;
    uint32_t room;
};

static uint8_t *record(const struct records *records, uint32_t index)
{
    return records->bytes + (size_t)index * RECORD_SIZE;
}

static void remove_some(struct records *records, struct seed *seed)
{
    uint32_t at = seed_below(seed, records->count);
    uint32_t count = 1 + seed_below(seed, records->count - at < 4 ? records->count - at : 4);
    memmove(record(records, at), record(records, at + count),
            (size_t)(records->count - at - count) * RECORD_SIZE);
    records->count -= count;
}

static void insert_one(struct records *records, struct seed *seed)
{
    uint32_t at = seed_below(seed, records->count + 1);
    uint8_t made[RECORD_SIZE];
    if (records->count > 0 && seed_below(seed, 2) == 0) {
        memcpy(made, record(records, seed_below(seed, records->count)), RECORD_SIZE);
    } else {
        seed_fill(seed, made, RECORD_SIZE);
    }
    memmove(record(records, at + 1), record(records, at),
            (size_t)(records->count - at) * RECORD_SIZE);
    memcpy(record(records, at), made, RECORD_SIZE);
    records->count++;
}

static void exchange(struct records *records, struct seed *seed)
{
    uint8_t kept[RECORD_SIZE];
    uint8_t *one = record(records, seed_below(seed, records->count));
    uint8_t *other = record(records, seed_below(seed, records->count));
    memcpy(kept, one, RECORD_SIZE);
    memmove(one, other, RECORD_SIZE);
    memcpy(other, kept, RECORD_SIZE);
}

/* What goes wrong, and what is done, are the first bytes of a record. */
static void change_front(struct records *records, struct seed *seed)
{
    uint8_t *one = record(records, seed_below(seed, records->count));
    one[seed_below(seed, RECORD_FRONT)] = (uint8_t)seed_next(seed);
}

static void mutate_records(struct records *records, struct seed *seed)
{
    uint32_t choice = seed_below(seed, 5);
    if ((choice == 0 || records->count == 0) && records->count < records->room) {
        insert_one(records, seed);
    } else if (records->count == 0) {
        return;
    } else if (choice == 1 && records->count > 1) {
        remove_some(records, seed);
    } else if (choice == 2) {
        exchange(records, seed);
    } else if (choice == 3) {
        change_front(records, seed);
    } else {
        (void)LLVMFuzzerMutate(record(records, seed_below(seed, records->count)), RECORD_SIZE,
                               RECORD_SIZE);
    }
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t room, unsigned int number)
{
    struct seed seed = {number};
    if (size < RECORD_HEAD || seed_below(&seed, 4) == 0) {
        return LLVMFuzzerMutate(data, size, room);
    }
    struct records records = {
        .bytes = data + RECORD_HEAD,
        .count = (uint32_t)((size - RECORD_HEAD) / RECORD_SIZE),
        .room = (uint32_t)((room - RECORD_HEAD) / RECORD_SIZE),
    };
    uint32_t times = 1 + seed_below(&seed, 3);
    for (uint32_t i = 0; i < times; i++) {
        mutate_records(&records, &seed);
    }
    return RECORD_HEAD + (size_t)records.count * RECORD_SIZE;
}
