/* SPDX-License-Identifier: MIT */
/*
 * Every golden image, and images of our own, damaged in many ways and read to
 * the last byte: each time reading comes to an end, keeps within bounds of
 * memory and of bytes read, and says what is wrong.
 *
 * LFSKIT_LONG=1 makes many more rounds. LFSKIT_KEEP=FILE leaves there the image
 * that was read last, for when a round ends the program.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "device.h"
#include "files.h"
#include "ledger.h"
#include "mutate.h"
#include "own_images.h"
#include "visit.h"

#define ROUNDS 400
#define ROUNDS_LONG 10000
/* Up to so many times an image's size it may grow. */
#define GROWTH 2

/* A block is read as metadata once and as a file's once; the rest are revisions and pointers. */
#define BYTES_READ_MAX(size, block_size) (4 * ((uint64_t)(size) + (block_size)))

static const char *golden;

static struct seed start(const char *test)
{
    const char *given = getenv("LFSKIT_SEED");
    uint64_t number = given != NULL ? strtoull(given, NULL, 0) : (uint64_t)time(NULL);
    printf("%s: seed %" PRIu64 "; replay: LFSKIT_SEED=%" PRIu64 " ctest -R '^robust.mutations$'\n",
           test, number, number);
    (void)fflush(stdout);
    return (struct seed){number};
}

static void keep(const uint8_t *bytes, size_t size)
{
    const char *path = getenv("LFSKIT_KEEP");
    FILE *stream = path != NULL ? fopen(path, "wb") : NULL;
    if (stream != NULL) {
        (void)fwrite(bytes, 1, size, stream);
        (void)fclose(stream);
    }
}

/* Totals over a test, to show that it has come past the superblocks. */
struct totals {
    size_t images;
    size_t opened;
    uint64_t bytes; /* of files delivered, or of the device read */
};

typedef void check_fn(const uint8_t *bytes, size_t size, struct seed *seed, struct totals *totals);

static void visit_volume(const uint8_t *bytes, size_t size, struct seed *seed,
                         struct totals *totals)
{
    struct visit visit;
    const char *wrong = visit_image(&visit, bytes, size);
    (void)seed;
    if (wrong != NULL) {
        fail_msg("not so: %s", wrong);
    }
    totals->opened += visit.nodes > 0;
    totals->bytes += visit.bytes;
}

/* Each fault, if any, is of one kind: worn blocks, or a device that breaks down. */
static void visit_device(const uint8_t *bytes, size_t size, struct seed *seed,
                         struct totals *totals)
{
    struct lfk_detail detail = {0};
    struct device device;
    struct ledger ledger;
    ledger_open(&ledger);
    ledger.limit = VISIT_MEMORY(size);
    device_open(&device, bytes, size);
    switch (seed_below(seed, 3)) {
    case 0:
        device.worn_every = 2 + seed_below(seed, 8);
        break;
    case 1:
        device.breaks_at = 1 + seed_below(seed, 20);
        break;
    default:
        break;
    }
    int status = device_visit(&device, &ledger.allocator, &detail);
    assert_int_equal(ledger.live, 0);
    assert_false(ledger.exceeded);
    assert_int_equal(detail.status == 0, detail.what == NULL);
    if (device.broken) {
        assert_int_equal(status, LFK_ERR_IO);
    } else if (status < 0) {
        assert_true(status == LFK_ERR_CORRUPT || status == LFK_ERR_INVAL ||
                    status == LFK_ERR_NOENT || status == LFK_ERR_FBIG);
    }
    totals->opened += device.reads > 0;
    totals->bytes += device.bytes_read;
    assert_true(device.bytes_read <= BYTES_READ_MAX(size, device.bd.block_size));
}

/* Damages a copy of the image and has it checked, in memory of just its size. */
static void damage_once(const uint8_t *bytes, size_t size, struct seed *seed, check_fn *check,
                        struct totals *totals)
{
    size_t room = GROWTH * size;
    uint8_t *buffer = malloc(room);
    assert_non_null(buffer);
    memcpy(buffer, bytes, size);
    size_t left = mutate_image(buffer, size, room, seed);
    uint8_t *exact = malloc(left);
    assert_non_null(exact);
    memcpy(exact, buffer, left);
    free(buffer);
    keep(exact, left);
    check(exact, left, seed, totals);
    free(exact);
    totals->images++;
}

static void damage_often(const uint8_t *bytes, size_t size, struct seed *seed, check_fn *check,
                         struct totals *totals)
{
    int count = getenv("LFSKIT_LONG") != NULL ? ROUNDS_LONG : ROUNDS;
    for (int i = 0; i < count; i++) {
        damage_once(bytes, size, seed, check, totals);
    }
}

static void damage_all(const char *test, check_fn *check)
{
    struct seed seed = start(test);
    struct totals totals = {0};
    struct files files;
    files_read(&files, golden, ".img");
    assert_true(files.count > 0);
    for (size_t i = 0; i < files.count; i++) {
        damage_often(files.items[i].bytes, files.items[i].size, &seed, check, &totals);
    }
    files_free(&files);
    for (size_t i = 0; i < OWN_SHAPES; i++) {
        struct memory_sink sink;
        own_image(&sink, &own_shapes[i]);
        damage_often(sink.bytes, sink.size, &seed, check, &totals);
        memory_sink_close(&sink);
    }
    printf("%s: %zu images, %zu opened, %" PRIu64 " bytes read\n", test, totals.images,
           totals.opened, totals.bytes);
    assert_true(totals.opened > totals.images / 2);
}

static void damaged_images_are_read_as_far_as_they_can_be(void **state)
{
    (void)state;
    damage_all("volumes", visit_volume);
}

static void damaged_devices_are_read_as_far_as_they_can_be(void **state)
{
    (void)state;
    damage_all("devices", visit_device);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_images_are_read_as_far_as_they_can_be),
        cmocka_unit_test(damaged_devices_are_read_as_far_as_they_can_be),
    };
    if (argc != 2) {
        (void)fprintf(stderr, "usage: test_mutations FOLDER_OF_IMAGES\n");
        return 2;
    }
    golden = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
