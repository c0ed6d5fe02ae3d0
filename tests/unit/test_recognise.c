/* SPDX-License-Identifier: MIT */
/* Naming what is not littlefs, and not naming what only comes close. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "flawed_device.h"
#include "foreign_images.h"
#include "image/image.h"
#include "seed.h"

static uint8_t image[FOREIGN_SIZE];

static enum lfk_image_kind kind_of(size_t size)
{
    struct lfk_bd_memory device;
    enum lfk_image_kind kind = LFK_IMAGE_EMPTY;
    lfk_bd_memory_open(&device, image, size);
    assert_int_equal(lfk_image_recognise(&device.bd, &kind, NULL), LFK_OK);
    return kind;
}

static void erased_flash_is_named_at_any_size(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 2, 47, 4095, 4096, 4097, 8192, FOREIGN_SIZE};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        memset(image, 0xff, sizeof(image));
        assert_int_equal(kind_of(sizes[i]), LFK_IMAGE_ERASED_ONES);
        image[sizes[i] - 1] = 0xfe;
        assert_int_equal(kind_of(sizes[i]), LFK_IMAGE_UNKNOWN);
        memset(image, 0x00, sizeof(image));
        assert_int_equal(kind_of(sizes[i]), LFK_IMAGE_ERASED_ZEROS);
        image[sizes[i] / 2] = 1;
        assert_int_equal(kind_of(sizes[i]), LFK_IMAGE_UNKNOWN);
    }
    memset(image, 0x5a, sizeof(image));
    assert_int_equal(kind_of(sizeof(image)), LFK_IMAGE_UNKNOWN);
    /* Each piece is of one value, but not of the same. */
    memset(image, 0xff, 4096);
    memset(image + 4096, 0x00, sizeof(image) - 4096);
    assert_int_equal(kind_of(sizeof(image)), LFK_IMAGE_UNKNOWN);
}

static void no_bytes_are_an_empty_image(void **state)
{
    (void)state;
    assert_int_equal(kind_of(0), LFK_IMAGE_EMPTY);
}

/* Each changed alone makes the image unknown: a guess is worse than none. */
static void check_needs(void (*make)(uint8_t *), enum lfk_image_kind kind, const uint16_t *offsets,
                        size_t count)
{
    make(image);
    assert_int_equal(kind_of(sizeof(image)), kind);
    for (size_t i = 0; i < count; i++) {
        make(image);
        image[offsets[i]] ^= 0x15;
        assert_int_equal(kind_of(sizeof(image)), LFK_IMAGE_UNKNOWN);
    }
}

static void littlefs_v1_is_named(void **state)
{
    (void)state;
    static const uint16_t needed[] = {16, 17, 18, 19, 38, 39, 40, 47};
    check_needs(make_littlefs_v1, LFK_IMAGE_LITTLEFS_V1, needed, 8);
    make_littlefs_v1(image);
    assert_int_equal(kind_of(48), LFK_IMAGE_LITTLEFS_V1);
    assert_int_equal(kind_of(47), LFK_IMAGE_UNKNOWN);
}

static void fat_is_named(void **state)
{
    (void)state;
    static const uint16_t needed[] = {0, 11, 12, 13, 510, 511};
    check_needs(make_fat, LFK_IMAGE_FAT, needed, 6);
    make_fat(image);
    image[0] = 0xe9;
    image[12] = 16; /* sectors of 4096 bytes, 128 a cluster */
    image[13] = 128;
    assert_int_equal(kind_of(sizeof(image)), LFK_IMAGE_FAT);
    image[12] = 32;
    assert_int_equal(kind_of(sizeof(image)), LFK_IMAGE_UNKNOWN);
    image[12] = 1;
    assert_int_equal(kind_of(sizeof(image)), LFK_IMAGE_UNKNOWN);
    make_fat(image);
    assert_int_equal(kind_of(512), LFK_IMAGE_FAT);
    assert_int_equal(kind_of(511), LFK_IMAGE_UNKNOWN);
}

static void spiffs_is_named(void **state)
{
    (void)state;
    static const uint16_t needed[] = {252, 253, 4096 + 252, 4096 + 253};
    check_needs(make_spiffs, LFK_IMAGE_SPIFFS, needed, 4);
    make_spiffs(image); /* the magic holds the number of blocks */
    assert_int_equal(kind_of(sizeof(image) - 4096), LFK_IMAGE_UNKNOWN);
    assert_int_equal(kind_of(4096), LFK_IMAGE_UNKNOWN);
}

static void spiffs_of_any_geometry_is_named(void **state)
{
    (void)state;
    static const uint32_t geometries[][2] = {
        {4096, 512}, {4096, 1024}, {8192, 256}, {65536, 256}, {65536, 16384}};
    static uint8_t large[196608];
    for (size_t i = 0; i < sizeof(geometries) / sizeof(geometries[0]); i++) {
        struct lfk_bd_memory device;
        enum lfk_image_kind kind = LFK_IMAGE_UNKNOWN;
        make_spiffs_of(large, sizeof(large), geometries[i][0], geometries[i][1]);
        lfk_bd_memory_open(&device, large, sizeof(large));
        assert_int_equal(lfk_image_recognise(&device.bd, &kind, NULL), LFK_OK);
        assert_int_equal(kind, LFK_IMAGE_SPIFFS);
    }
}

static void errors_of_the_device_are_passed_on(void **state)
{
    (void)state;
    memset(image, 0xff, sizeof(image));
    for (uint32_t bad = 0; bad < 3; bad++) {
        struct flawed_device device;
        enum lfk_image_kind kind;
        struct lfk_detail detail = {0};
        flawed_open(&device, image, 4096, FOREIGN_SIZE / 4096);
        device.bad_block = bad;
        device.status = LFK_ERR_IO;
        assert_int_equal(lfk_image_recognise(&device.bd, &kind, &detail), LFK_ERR_IO);
        assert_int_equal(detail.block, bad);
    }
}

static void random_bytes_are_unknown(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.recognise");
    seed_fill(&seed, image, sizeof(image));
    image[0] = 'x';  /* no boot sector */
    image[16] = 'x'; /* no littlefs v1 */
    image[252] = 0;  /* no SPIFFS: its magics have no 0 at these places */
    image[508] = 0;
    image[1020] = 0;
    for (size_t size = 2; size <= sizeof(image); size *= 2) {
        image[size - 1] = (uint8_t)~image[0];
        assert_int_equal(kind_of(size), LFK_IMAGE_UNKNOWN);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(erased_flash_is_named_at_any_size),
        cmocka_unit_test(no_bytes_are_an_empty_image),
        cmocka_unit_test(littlefs_v1_is_named),
        cmocka_unit_test(fat_is_named),
        cmocka_unit_test(spiffs_is_named),
        cmocka_unit_test(spiffs_of_any_geometry_is_named),
        cmocka_unit_test(errors_of_the_device_are_passed_on),
        cmocka_unit_test(random_bytes_are_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
