/* SPDX-License-Identifier: MIT */
/* The order of names: that of real images, and an order for any bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "seed.h"
#include "util/util.h"

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

static int compare(const char *a, const char *b)
{
    return sign(lfk_name_compare(a, strlen(a), b, strlen(b)));
}

/* Listing order is byte order, the longer of two before its prefix; as a driver wrote it. */
static void names_have_the_order_of_a_real_image(void **state)
{
    (void)state;
    static const char *const names[] = {"B",   "a0", "aA", "aa", "abb", "abc",
                                        "abd", "ab", "a",  "b",  "zz"};
    enum { COUNT = sizeof(names) / sizeof(names[0]) };
    for (int i = 0; i < COUNT; i++) {
        for (int j = 0; j < COUNT; j++) {
            assert_int_equal(compare(names[i], names[j]), sign(i - j));
        }
    }
}

static void bytes_are_unsigned(void **state)
{
    (void)state;
    assert_int_equal(compare("\x7f", "\x80"), -1);
    assert_int_equal(compare("z", "\xc3\xa4"), -1);
    assert_int_equal(compare("a\xff", "a\x01"), 1);
}

static void a_name_of_no_bytes_is_a_prefix_of_all(void **state)
{
    (void)state;
    assert_int_equal(sign(lfk_name_compare(NULL, 0, "a", 1)), 1);
    assert_int_equal(sign(lfk_name_compare("a", 1, NULL, 0)), -1);
    assert_int_equal(lfk_name_compare(NULL, 0, NULL, 0), 0);
}

/* Without this a sort may do anything and a search may miss what is there. */
static void any_names_are_in_a_total_order(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.name");
    for (int round = 0; round < 20000; round++) {
        char names[3][4];
        size_t sizes[3];
        int order[3][3];
        for (int i = 0; i < 3; i++) {
            sizes[i] = seed_below(&seed, 5);
            for (size_t k = 0; k < sizeof(names[i]); k++) {
                names[i][k] = "\0a\x7f\xff"[seed_below(&seed, 4)];
            }
        }
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                order[i][j] = sign(lfk_name_compare(names[i], sizes[i], names[j], sizes[j]));
            }
        }
        for (int i = 0; i < 3; i++) {
            int j = (i + 1) % 3;
            int k = (i + 2) % 3;
            bool same = sizes[i] == sizes[j] && memcmp(names[i], names[j], sizes[i]) == 0;
            assert_int_equal(order[i][j] == 0, same);
            assert_int_equal(order[i][j], -order[j][i]);
            assert_false(order[i][j] < 0 && order[j][k] < 0 && order[i][k] >= 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_have_the_order_of_a_real_image),
        cmocka_unit_test(bytes_are_unsigned),
        cmocka_unit_test(a_name_of_no_bytes_is_a_prefix_of_all),
        cmocka_unit_test(any_names_are_in_a_total_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
