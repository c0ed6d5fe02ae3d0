/* SPDX-License-Identifier: MIT */
/*
 * lfs_util.h: the helpers. Compiled with the compiler's builtins, and without
 * (LFS_NO_INTRINSICS).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lfs_util.h"

static void minima_and_maxima(void **state)
{
    (void)state;
    assert_int_equal(lfs_max(1, 2), 2);
    assert_int_equal(lfs_max(0xffffffff, 2), 0xffffffff);
    assert_int_equal(lfs_min(1, 2), 1);
    assert_int_equal(lfs_min(0xffffffff, 0x80000000), 0x80000000);
}

/* To any number, not powers of two alone. */
static void alignment(void **state)
{
    (void)state;
    for (uint32_t align = 1; align < 40; align++) {
        for (uint32_t a = 0; a < 200; a++) {
            uint32_t down = lfs_aligndown(a, align);
            uint32_t up = lfs_alignup(a, align);
            assert_true(down % align == 0 && up % align == 0);
            assert_true(down <= a && a < down + align);
            assert_true(a <= up && up < a + align);
        }
    }
    assert_int_equal(lfs_aligndown(0xffffffff, 16), 0xfffffff0);
}

static void bits(void **state)
{
    (void)state;
    for (uint32_t n = 0; n < 32; n++) {
        uint32_t power = UINT32_C(1) << n;
        assert_int_equal(lfs_ctz(power), n);
        assert_int_equal(lfs_ctz(0xffffffff << n), n);
        assert_int_equal(lfs_popc(power), 1);
        assert_int_equal(lfs_popc(power - 1), n);
        assert_int_equal(lfs_npw2(power), n);
        if (n > 1) {
            assert_int_equal(lfs_npw2(power - 1), n);
        }
        if (n > 0 && n < 31) {
            assert_int_equal(lfs_npw2(power + 1), n + 1);
        }
    }
    assert_int_equal(lfs_popc(0), 0);
    assert_int_equal(lfs_popc(0xffffffff), 32);
    assert_int_equal(lfs_npw2(0), 0);
    assert_int_equal(lfs_npw2(0xffffffff), 32);
}

static void sequences_wrap_around(void **state)
{
    (void)state;
    assert_int_equal(lfs_scmp(5, 5), 0);
    assert_int_equal(lfs_scmp(7, 5), 2);
    assert_int_equal(lfs_scmp(5, 7), -2);
    assert_int_equal(lfs_scmp(1, 0xffffffff), 2);
    assert_int_equal(lfs_scmp(0xffffffff, 1), -2);
}

static void byte_order(void **state)
{
    static const uint8_t bytes[] = {0x12, 0x34, 0x56, 0x78};
    uint32_t word;
    (void)state;
    memcpy(&word, bytes, sizeof(word));
    assert_int_equal(lfs_fromle32(word), 0x78563412);
    assert_int_equal(lfs_frombe32(word), 0x12345678);
    assert_int_equal(lfs_tole32(0x78563412), word);
    assert_int_equal(lfs_tobe32(0x12345678), word);
}

static void the_crc(void **state)
{
    static const char check[] = "123456789";
    uint32_t crc = 0xffffffff;
    (void)state;
    assert_int_equal(lfs_crc(0xffffffff, check, 9) ^ 0xffffffff, 0xcbf43926); /* CRC-32's own */
    for (size_t i = 0; i < 9; i++) {
        crc = lfs_crc(crc, check + i, 1);
    }
    assert_int_equal(crc, lfs_crc(0xffffffff, check, 9));
    assert_int_equal(lfs_crc(0x12345678, NULL, 0), 0x12345678);
}

static void memory(void **state)
{
    (void)state;
    uint8_t *bytes = lfs_malloc(100);
    assert_non_null(bytes);
    memset(bytes, 1, 100);
    lfs_free(bytes);
    lfs_free(NULL);
}

static void macros(void **state)
{
    (void)state;
    LFS_ASSERT(state != NULL);
    LFS_TRACE("%d", 1);
    LFS_DEBUG("nothing");
    LFS_WARN("nothing");
    LFS_ERROR("%s %s", "no", "thing");
    assert_string_equal(LFS_STRINGIZE(LFS_STRINGIZE2), "LFS_STRINGIZE2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minima_and_maxima),
        cmocka_unit_test(alignment),
        cmocka_unit_test(bits),
        cmocka_unit_test(sequences_wrap_around),
        cmocka_unit_test(byte_order),
        cmocka_unit_test(the_crc),
        cmocka_unit_test(memory),
        cmocka_unit_test(macros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
