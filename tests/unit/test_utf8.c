/* SPDX-License-Identifier: MIT */
/* UTF-8: every character is read, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lfskit/host.h"

/* The only right form of a character. */
static size_t encode(uint32_t code, uint8_t *bytes)
{
    static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = size - 1; i > 0; i--) {
        bytes[i] = (uint8_t)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    bytes[0] = (uint8_t)(lead[size] | code);
    return size;
}

static void every_character_is_read(void **state)
{
    (void)state;
    for (uint32_t code = 0; code <= 0x10ffff; code++) {
        uint8_t bytes[5] = {0};
        uint32_t found = UINT32_MAX;
        size_t size = encode(code, bytes);
        bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
        size_t expected = is_surrogate ? 0 : size;
        if (lfk_utf8_read(bytes, sizeof(bytes), &found) != expected) {
            fail_msg("U+%04X", (unsigned)code);
        }
        if (!is_surrogate && found != code) {
            fail_msg("U+%04X was read as U+%04X", (unsigned)code, (unsigned)found);
        }
    }
}

/* Of all sequences of a length, as many are read as there are characters of that length. */
static void nothing_else_is_read(void **state)
{
    (void)state;
    uint32_t counts[5] = {0};
    for (uint32_t number = 0; number < 0x1000000; number++) {
        const uint8_t bytes[4] = {(uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number,
                                  0xbf};
        uint32_t code;
        counts[lfk_utf8_read(bytes, sizeof(bytes), &code)]++;
    }
    assert_int_equal(counts[1], 0x80 << 16);
    assert_int_equal(counts[2], (0x800 - 0x80) << 8);
    assert_int_equal(counts[3], 0x10000 - 0x800 - 0x800);
    assert_int_equal(counts[4], 0x100000 >> 6); /* the last byte was always the same */
}

static void assert_refused(const char *bytes)
{
    uint32_t code;
    assert_int_equal(lfk_utf8_read(bytes, strlen(bytes), &code), 0);
}

static void what_is_not_a_character_is_refused(void **state)
{
    (void)state;
    assert_refused("\x80");             /* a byte of the middle */
    assert_refused("\xc0\xaf");         /* overlong '/' */
    assert_refused("\xe0\x80\xaf");     /* the same, longer */
    assert_refused("\xf0\x80\x80\xaf"); /* and longer */
    assert_refused("\xc1\xbf");
    assert_refused("\xed\xa0\x80");     /* the first surrogate */
    assert_refused("\xed\xbf\xbf");     /* the last */
    assert_refused("\xf4\x90\x80\x80"); /* U+110000 */
    assert_refused("\xf8\x88\x80\x80\x80");
    assert_refused("\xff");
}

/* A character that is cut off is none, and no byte behind the end is looked at. */
static void the_size_is_kept(void **state)
{
    (void)state;
    static const char *const characters[] = {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
    for (size_t i = 0; i < 3; i++) {
        size_t size = strlen(characters[i]);
        uint32_t code;
        assert_int_equal(lfk_utf8_read(characters[i], size, &code), size);
        for (size_t cut = 1; cut < size; cut++) {
            assert_int_equal(lfk_utf8_read(characters[i], cut, &code), 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_is_read),
        cmocka_unit_test(nothing_else_is_read),
        cmocka_unit_test(what_is_not_a_character_is_refused),
        cmocka_unit_test(the_size_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
