/* SPDX-License-Identifier: MIT */
/* Growing texts, and names made safe for a terminal and for JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lfskit/host.h"
#include "seed.h"
#include "text.h"

static void a_text_grows(void **state)
{
    (void)state;
    struct cli_text text = {0};
    assert_string_equal(cli_text_string(&text), "");
    cli_text_add(&text, "abc", 3);
    cli_text_print(&text, "-%d-%s", 42, "x");
    cli_text_hex(&text, "\x00\x9f\xff", 3);
    assert_string_equal(cli_text_string(&text), "abc-42-x009fff");
    assert_int_equal(text.size, 14);
    for (int i = 0; i < 10000; i++) {
        cli_text_print(&text, "%04d", i);
    }
    assert_int_equal(text.size, 14 + 40000);
    assert_string_equal(cli_text_string(&text) + 14 + 39996, "9999");
    assert_false(text.failed);
    cli_text_free(&text);
    assert_string_equal(cli_text_string(&text), "");
}

static void a_text_is_cut(void **state)
{
    (void)state;
    struct cli_text text = {0};
    cli_text_cut(&text, 0);
    cli_text_add(&text, "abcdef", 6);
    cli_text_cut(&text, 10);
    assert_string_equal(cli_text_string(&text), "abcdef");
    cli_text_cut(&text, 2);
    assert_string_equal(cli_text_string(&text), "ab");
    cli_text_cut(&text, 0);
    assert_string_equal(cli_text_string(&text), "");
    cli_text_free(&text);
}

static void more_than_there_is_fails_for_good(void **state)
{
    (void)state;
    struct cli_text text = {0};
    cli_text_add(&text, "abc", 3);
    cli_text_add(&text, "", SIZE_MAX / 2 + 1);
    assert_true(text.failed);
    cli_text_add(&text, "d", 1);
    cli_text_print(&text, "e");
    assert_string_equal(cli_text_string(&text), "abc");
    cli_text_free(&text);
}

static void check_escaped(const char *bytes, size_t size, const char *expected)
{
    struct cli_text text = {0};
    cli_text_escaped(&text, bytes, size);
    assert_string_equal(cli_text_string(&text), expected);
    cli_text_free(&text);
}

static void what_steers_a_terminal_is_escaped(void **state)
{
    (void)state;
    check_escaped("plain name.txt", 14, "plain name.txt");
    check_escaped("\x1b[31mred\x1b[0m", 12, "\\x1b[31mred\\x1b[0m");
    check_escaped("a\nb\tc\rd\be\0f", 11, "a\\x0ab\\x09c\\x0dd\\x08e\\x00f");
    check_escaped("\x7f", 1, "\\x7f");
    check_escaped("\xc2\x9b"
                  "31m",
                  5, "\\xc2\\x9b31m"); /* CSI in one character of C1 */
    check_escaped("\xc2\x80\xc2\x9f\xc2\xa0", 6, "\\xc2\\x80\\xc2\\x9f\xc2\xa0");
    check_escaped("\x9b", 1, "\\x9b");
    check_escaped("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", 9,
                  "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
    check_escaped("\xff\xc3", 2, "\\xff\\xc3");
    check_escaped("", 0, "");
}

/* Whatever the bytes are: what is shown is UTF-8 without control characters. */
static void random_bytes_are_shown_safely(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.text");
    for (int i = 0; i < 20000; i++) {
        uint8_t bytes[12];
        size_t size = seed_below(&seed, sizeof(bytes) + 1);
        seed_fill(&seed, bytes, size);
        struct cli_text text = {0};
        cli_text_escaped(&text, bytes, size);
        for (size_t at = 0; at < text.size;) {
            uint32_t code = 0;
            size_t length = lfk_utf8_read(text.data + at, text.size - at, &code);
            assert_in_range(length, 1, 4);
            assert_true(code >= 0x20 && code != 0x7f && (code < 0x80 || code >= 0xa0));
            at += length;
        }
        cli_text_free(&text);
    }
}

static void check_utf8(const char *bytes, size_t size, bool valid, const char *expected)
{
    struct cli_text text = {0};
    assert_int_equal(cli_text_utf8(&text, bytes, size), valid);
    assert_string_equal(cli_text_string(&text), expected);
    cli_text_free(&text);
}

static void bytes_that_are_no_text_are_replaced(void **state)
{
    (void)state;
    check_utf8("a\n\xc3\xa9", 4, true, "a\n\xc3\xa9");
    check_utf8("a\xff"
               "b\xc3",
               4, false,
               "a\xef\xbf\xbd"
               "b\xef\xbf\xbd");
    check_utf8("\xed\xa0\x80", 3, false, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_text_grows),
        cmocka_unit_test(a_text_is_cut),
        cmocka_unit_test(more_than_there_is_fails_for_good),
        cmocka_unit_test(what_steers_a_terminal_is_escaped),
        cmocka_unit_test(random_bytes_are_shown_safely),
        cmocka_unit_test(bytes_that_are_no_text_are_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
