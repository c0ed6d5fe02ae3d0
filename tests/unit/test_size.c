/* SPDX-License-Identifier: MIT */
/* Sizes as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "size.h"

#define NO_SIZE "is not a size, such as 4096, 0x1000, 64k or 2MiB"
#define TOO_LARGE "is too large"

static void check_sizes(const char *const *texts, uint64_t expected)
{
    for (; *texts != NULL; texts++) {
        uint64_t size = 99;
        const char *complaint = cli_size_parse(*texts, &size);
        if (complaint != NULL || size != expected) {
            fail_msg("'%s' is %llu, %s", *texts, (unsigned long long)size,
                     complaint != NULL ? complaint : "without complaint");
        }
    }
}

#define SAME(expected, ...) check_sizes((const char *const[]){__VA_ARGS__, NULL}, expected)

static void check_refused(const char *const *texts, const char *complaint)
{
    for (; *texts != NULL; texts++) {
        uint64_t size = 0;
        const char *found = cli_size_parse(*texts, &size);
        if (found == NULL) {
            fail_msg("'%s' was taken for %llu", *texts, (unsigned long long)size);
        }
        assert_string_equal(found, complaint);
    }
}

#define REFUSED(complaint, ...) check_refused((const char *const[]){__VA_ARGS__, NULL}, complaint)

static void numbers_are_decimal_or_hexadecimal(void **state)
{
    (void)state;
    SAME(0, "0", "00", "0x0", "0k");
    SAME(4096, "4096", "04096", "0x1000", "0X1000", "0x001000");
    SAME(0xabcdef, "0xabcdef", "0xABCDEF", "0XaBcDeF");
    SAME(1000000, "1_000_000", "1000_000");
    SAME(0x160000, "0x160000", "0x16_0000");
}

static void suffixes_are_powers_of_1024(void **state)
{
    (void)state;
    SAME(4096, "4k", "4K", "4kb", "4KB", "4Kb", "4kB", "4KiB", "4kib", "4096b", "4096B");
    SAME(2u << 20, "2m", "2M", "2mb", "2MB", "2MiB", "2mib", "2048k");
    SAME(UINT64_C(3) << 30, "3g", "3G", "3gb", "3GB", "3GiB", "3072M");
    SAME(4096, "4096 ", "4 k", "4  KB", " 4k", "  4 KiB", "\t4\tk");
}

/* A digit is a digit before it is a suffix. */
static void hexadecimal_digits_come_first(void **state)
{
    (void)state;
    SAME(0x1b, "0x1b", "0x1B");
    SAME(0x1bb, "0x1bb");
    SAME(0xb, "0xb");
    SAME(0x1000b, "0x1000b");
    SAME(0x4000, "0x10kb", "0x10k", "0x10 KiB");
    SAME(0x6c00, "0x1bk", "0x1b kb");
    SAME(0x1b, "0x1b b");
    SAME(UINT64_C(0x1b) << 20, "0x1bMB");
}

static void what_is_no_size_is_refused(void **state)
{
    (void)state;
    REFUSED(NO_SIZE, "", " ", "abc", "k", "KB", "0x", "0xg", "x10", "#10", "4x", "4kk", "4 k b",
            "4k ", "4kib2", "4t", "4TB", "4 kilobytes");
    REFUSED(NO_SIZE, "1.5k", "1,5k", "1e6", "0b101", "0o17", "1/2", "4096;", "10%");
    REFUSED(NO_SIZE, "_1", "1_", "1__0", "0x_1", "1_k", "1 000");
    REFUSED(NO_SIZE, "ffff", "1000h", "\xd9\xa3", "4\xc2\xa0k");
}

static void signs_are_refused(void **state)
{
    (void)state;
    REFUSED(NO_SIZE, "-1", "-0", "- 1", "+1", "-0x10", "--1", "0x-1");
}

static void what_is_too_large_is_refused(void **state)
{
    (void)state;
    SAME(UINT64_MAX, "18446744073709551615", "0xffffffffffffffff", "0x0ffff_ffff_ffff_ffff");
    SAME(UINT64_C(17179869183) << 30, "17179869183g");
    REFUSED(TOO_LARGE, "18446744073709551616", "0x10000000000000000", "99999999999999999999999999",
            "17179869184g", "18014398509481984k", "0x10000000000000000k");
}

/* --- as values of options --------------------------------------------------------------- */

static void zero_is_no_size_of_a_thing(void **state)
{
    (void)state;
    uint64_t size = 7;
    uint32_t size32 = 7;
    assert_string_equal(cli_store_size(&size, "0"), "is not possible: it must be at least 1");
    assert_string_equal(cli_store_size32(&size32, "0x0"), "is not possible: it must be at least 1");
    assert_string_equal(cli_store_size32(&size32, "-1"), NO_SIZE);
    assert_int_equal(size, 7);
    assert_int_equal(size32, 7);
    assert_null(cli_store_size(&size, "8G"));
    assert_int_equal(size, UINT64_C(8) << 30);
    assert_null(cli_store_size32(&size32, "1"));
    assert_int_equal(size32, 1);
}

static void some_options_take_zero_for_the_default(void **state)
{
    (void)state;
    uint32_t size = 7;
    assert_null(cli_store_size32_or_zero(&size, "0"));
    assert_int_equal(size, 0);
    assert_null(cli_store_size32_or_zero(&size, "5"));
    assert_int_equal(size, 5);
    assert_string_equal(cli_store_size32_or_zero(&size, "-0"), NO_SIZE);
}

static void a_32_bit_size_has_32_bits(void **state)
{
    (void)state;
    uint32_t size = 7;
    assert_string_equal(cli_store_size32(&size, "4G"), TOO_LARGE);
    assert_string_equal(cli_store_size32_or_zero(&size, "0x100000000"), TOO_LARGE);
    assert_int_equal(size, 7);
    assert_null(cli_store_size32(&size, "0xffffffff"));
    assert_int_equal(size, UINT32_MAX);
}

static void the_inline_limit_can_be_none(void **state)
{
    (void)state;
    uint32_t size = 7;
    assert_null(cli_store_inline_max(&size, "none"));
    assert_int_equal(size, UINT32_MAX);
    assert_null(cli_store_inline_max(&size, "0"));
    assert_int_equal(size, 0);
    assert_null(cli_store_inline_max(&size, "64"));
    assert_int_equal(size, 64);
    assert_string_equal(cli_store_inline_max(&size, "None"), NO_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_decimal_or_hexadecimal),
        cmocka_unit_test(suffixes_are_powers_of_1024),
        cmocka_unit_test(hexadecimal_digits_come_first),
        cmocka_unit_test(what_is_no_size_is_refused),
        cmocka_unit_test(signs_are_refused),
        cmocka_unit_test(what_is_too_large_is_refused),
        cmocka_unit_test(zero_is_no_size_of_a_thing),
        cmocka_unit_test(some_options_take_zero_for_the_default),
        cmocka_unit_test(a_32_bit_size_has_32_bits),
        cmocka_unit_test(the_inline_limit_can_be_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
