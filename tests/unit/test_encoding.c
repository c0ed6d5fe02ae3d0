/* SPDX-License-Identifier: MIT */
/* Names between UTF-8 and other encodings: exactly the same characters, or an error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lfskit/host.h"
#include "told.h"

#define ROOM 64

/* NULL if this host does not know the encoding, which is said. */
static struct lfk_encoding *open_encoding(const char *name)
{
    struct lfk_encoding *encoding = NULL;
    if (lfk_encoding_open(&encoding, name, NULL) < 0) {
        printf("SKIPPED: the host has no conversion to %s\n", name);
    }
    return encoding;
}

static void check_both_ways(const char *encoding_name, const char *utf8, const char *encoded)
{
    struct lfk_encoding *encoding = open_encoding(encoding_name);
    char out[ROOM];
    if (encoding == NULL) {
        return;
    }
    assert_int_equal(lfk_encoding_encode(encoding, utf8, strlen(utf8), out, ROOM, NULL),
                     strlen(encoded));
    assert_memory_equal(out, encoded, strlen(encoded));
    assert_int_equal(lfk_encoding_decode(encoding, encoded, strlen(encoded), out, ROOM, NULL),
                     strlen(utf8));
    assert_memory_equal(out, utf8, strlen(utf8));
    lfk_encoding_close(encoding);
}

static void names_have_the_same_characters(void **state)
{
    (void)state;
    check_both_ways("utf-8", "h\xc3\xa9llo \xf0\x9f\x98\x80", "h\xc3\xa9llo \xf0\x9f\x98\x80");
    check_both_ways("ascii", "hello", "hello");
    check_both_ways("latin-1", "\xc3\xa9\xc3\xbf\xc2\x80", "\xe9\xff\x80");
    check_both_ways("cp1252", "\xe2\x82\xac 5", "\x80 5");
    check_both_ways("shift_jis", "\xe3\x82\xbd", "\x83\x5c");
    check_both_ways("iso-2022-jp", "a\xe3\x82\xbd", "a\x1b$B%=\x1b(B");
    check_both_ways("utf-8", "", "");
}

/* As Python spells them; the first need nothing of the host. */
static void encodings_go_by_many_names(void **state)
{
    (void)state;
    static const char *const always[] = {
        "utf-8",   "UTF-8",      "utf_8",      "Utf8",      "latin-1", "Latin_1",
        "latin 1", "iso-8859-1", "ISO 8859-1", "iso8859_1", "ascii",   "US-ASCII",
    };
    static const char *const perhaps[] = {"cp1252", "CP1252",     "shift_jis", "euc_jp",
                                          "koi8_r", "iso8859_15", "gb18030",   "big5"};
    struct lfk_encoding *encoding = NULL;
    for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++) {
        assert_int_equal(lfk_encoding_open(&encoding, always[i], NULL), LFK_OK);
        lfk_encoding_close(encoding);
    }
    for (size_t i = 0; i < sizeof(perhaps) / sizeof(perhaps[0]); i++) {
        lfk_encoding_close(open_encoding(perhaps[i]));
    }
}

static void unknown_names_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",
        "klingon",
        "utf-8//IGNORE",
        "ascii//TRANSLIT",
        "../utf-8",
        "latin-1-latin-1-latin-1-latin-1-latin-1-latin-1-latin-1-latin-1-latin-1-latin-1",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct lfk_encoding *encoding = NULL;
        struct lfk_detail detail = {0};
        assert_int_equal(lfk_encoding_open(&encoding, names[i], &detail), LFK_ERR_INVAL);
        check_told(&detail, LFK_ERR_INVAL, "unknown file name encoding");
        assert_null(encoding);
    }
    lfk_encoding_close(NULL);
}

static void assert_not_encoded(const char *encoding_name, const char *utf8)
{
    struct lfk_encoding *encoding = open_encoding(encoding_name);
    struct lfk_detail detail = {0};
    char out[ROOM];
    if (encoding != NULL) {
        assert_int_equal(lfk_encoding_encode(encoding, utf8, strlen(utf8), out, ROOM, &detail),
                         LFK_ERR_INVAL);
        check_told(&detail, LFK_ERR_INVAL, "name cannot be written in the image's encoding");
        /* The next name is not the worse for it. */
        assert_int_equal(lfk_encoding_encode(encoding, "ok", 2, out, ROOM, NULL), 2);
        assert_memory_equal(out, "ok", 2);
    }
    lfk_encoding_close(encoding);
}

/* Nothing is replaced by what looks like it. */
static void what_has_no_form_is_refused(void **state)
{
    (void)state;
    assert_not_encoded("ascii", "\xc3\xa9");
    assert_not_encoded("latin-1", "\xc4\x80");
    assert_not_encoded("latin-1", "\xe2\x82\xac");
    assert_not_encoded("cp1252", "\xe6\x97\xa5");
    assert_not_encoded("shift_jis", "\xc3\xa9");
    assert_not_encoded("iso-2022-jp", "\xe3\x82\xbd\xc3\xa9");
}

/* On the host's side only UTF-8 is a name. */
static void host_names_are_utf8(void **state)
{
    (void)state;
    static const char *const encodings[] = {"utf-8", "ascii", "latin-1", "cp1252"};
    for (size_t i = 0; i < 4; i++) {
        assert_not_encoded(encodings[i], "a\xff");
        assert_not_encoded(encodings[i], "\xc0\xaf");
        assert_not_encoded(encodings[i], "\xed\xa0\x80");
        assert_not_encoded(encodings[i], "a\xc3");
    }
}

static void bytes_that_stand_for_nothing_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *encoding;
        const char *bytes;
    } table[] = {{"utf-8", "\xff"},  {"utf-8", "\xc3"},       {"ascii", "\x80"},
                 {"cp1252", "\x81"}, {"shift_jis", "\x83"},   {"shift_jis", "a\xff"},
                 {"euc_jp", "\xa4"}, {"gb18030", "\x81\x30"}, {"iso-2022-jp", "\x1b$B%"},
                 {"utf-16le", "abc"}};
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct lfk_encoding *encoding = open_encoding(table[i].encoding);
        struct lfk_detail detail = {0};
        char out[ROOM];
        if (encoding != NULL) {
            assert_int_equal(lfk_encoding_decode(encoding, table[i].bytes, strlen(table[i].bytes),
                                                 out, ROOM, &detail),
                             LFK_ERR_INVAL);
            check_told(&detail, LFK_ERR_INVAL, "name is not in the encoding expected");
        }
        lfk_encoding_close(encoding);
    }
}

/* A name of two sides must not be a path on either, nor end early. */
static void slash_and_nul_are_in_no_name(void **state)
{
    (void)state;
    static const char held[] = "name holds a '/' or NUL";
    struct lfk_detail detail = {0};
    char out[ROOM];
    assert_int_equal(lfk_encoding_encode(NULL, "a/b", 3, out, ROOM, &detail), LFK_ERR_INVAL);
    check_told(&detail, LFK_ERR_INVAL, held);
    assert_int_equal(lfk_encoding_decode(NULL, "a\0b", 3, out, ROOM, &detail), LFK_ERR_INVAL);
    check_told(&detail, LFK_ERR_INVAL, held);

    struct lfk_encoding *encoding = open_encoding("utf-16le");
    if (encoding != NULL) {
        assert_int_equal(lfk_encoding_encode(encoding, "a", 1, out, ROOM, &detail), LFK_ERR_INVAL);
        check_told(&detail, LFK_ERR_INVAL, held);
        assert_int_equal(lfk_encoding_decode(encoding, "/\0", 2, out, ROOM, &detail),
                         LFK_ERR_INVAL);
        check_told(&detail, LFK_ERR_INVAL, held);
        /* U+2F2F: its bytes would be two slashes. */
        assert_int_equal(lfk_encoding_encode(encoding, "\xe2\xbc\xaf", 3, out, ROOM, &detail),
                         LFK_ERR_INVAL);
    }
    lfk_encoding_close(encoding);
}

static void no_more_is_written_than_there_is_room(void **state)
{
    (void)state;
    static const char *const encodings[] = {"utf-8", "latin-1", "cp1252"};
    for (size_t i = 0; i < 3; i++) {
        struct lfk_encoding *encoding = open_encoding(encodings[i]);
        struct lfk_detail detail = {0};
        char out[8];
        if (encoding == NULL) {
            continue;
        }
        memset(out, '#', sizeof(out));
        assert_int_equal(lfk_encoding_encode(encoding, "abcd", 4, out, 3, &detail),
                         LFK_ERR_NAMETOOLONG);
        check_told(&detail, LFK_ERR_NAMETOOLONG, "name is too long");
        assert_int_equal(out[3], '#');
        assert_int_equal(lfk_encoding_encode(encoding, "abcd", 4, out, 4, NULL), 4);
        assert_int_equal(lfk_encoding_decode(encoding, "abcd", 4, out, 3, &detail),
                         LFK_ERR_NAMETOOLONG);
        lfk_encoding_close(encoding);
    }
}

/* Each name of one byte that decodes is that byte again when it is encoded. */
static void what_decodes_encodes_to_the_same(void **state)
{
    (void)state;
    static const char *const encodings[] = {"ascii", "latin-1", "cp1252", "koi8_r", "cp437"};
    for (size_t i = 0; i < sizeof(encodings) / sizeof(encodings[0]); i++) {
        struct lfk_encoding *encoding = open_encoding(encodings[i]);
        if (encoding == NULL) {
            continue;
        }
        for (int byte = 1; byte < 256; byte++) {
            const char name[1] = {(char)byte};
            char decoded[ROOM];
            char again[ROOM];
            int size = lfk_encoding_decode(encoding, name, 1, decoded, ROOM, NULL);
            if (size >= 0) {
                assert_int_equal(
                    lfk_encoding_encode(encoding, decoded, (size_t)size, again, ROOM, NULL), 1);
                assert_int_equal(again[0], name[0]);
            }
        }
        lfk_encoding_close(encoding);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_have_the_same_characters),
        cmocka_unit_test(encodings_go_by_many_names),
        cmocka_unit_test(unknown_names_are_refused),
        cmocka_unit_test(what_has_no_form_is_refused),
        cmocka_unit_test(host_names_are_utf8),
        cmocka_unit_test(bytes_that_stand_for_nothing_are_refused),
        cmocka_unit_test(slash_and_nul_are_in_no_name),
        cmocka_unit_test(no_more_is_written_than_there_is_room),
        cmocka_unit_test(what_decodes_encodes_to_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
