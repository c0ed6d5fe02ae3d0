/* SPDX-License-Identifier: MIT */
/*
 * Error details: what is recorded, and the line that people read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "util/util.h"

static const char *line(const struct lfk_detail *detail)
{
    static char buffer[256];
    size_t length = lfk_detail_format(detail, buffer, sizeof(buffer));
    assert_int_equal(length, strlen(buffer));
    return buffer;
}

static void line_says_what_where_expected_found(void **state)
{
    (void)state;
    struct lfk_detail d = {0};
    assert_int_equal(
        lfk_fail_at(&d, LFK_ERR_CORRUPT, "CTZ pointer is outside the volume", 57, 4, 32, 70000),
        LFK_ERR_CORRUPT);
    assert_string_equal(line(&d), "CTZ pointer is outside the volume: block 57, offset 4: "
                                  "expected 32, found 70000");
    lfk_fail_field(&d, LFK_ERR_INVAL, "the name limit is above its ceiling", "name_max", 1022,
                   UINT64_MAX);
    assert_string_equal(line(&d), "the name limit is above its ceiling (name_max): "
                                  "expected 1022, found 18446744073709551615");
    lfk_fail_block(&d, LFK_ERR_CORRUPT, "no valid commit", 0);
    assert_string_equal(line(&d), "no valid commit: block 0");
    d = (struct lfk_detail){.what = "unexpected end", .has_offset = true, .offset = 12};
    assert_string_equal(line(&d), "unexpected end: offset 12");
}

static void nothing_of_an_older_error_stays(void **state)
{
    (void)state;
    struct lfk_detail d = {0};
    lfk_fail_at(&d, LFK_ERR_CORRUPT, "old", 1, 2, 3, 4);
    assert_int_equal(lfk_fail_os(&d, 13, "open failed"), LFK_ERR_IO);
    assert_int_equal(d.status, LFK_ERR_IO);
    assert_int_equal(d.os_error, 13);
    assert_string_equal(line(&d), "open failed");
    assert_int_equal(lfk_fail_nomem(&d), LFK_ERR_NOMEM);
    assert_int_equal(d.os_error, 0);
    assert_string_equal(line(&d), "out of memory");
}

static void errors_without_a_detail_are_just_returned(void **state)
{
    (void)state;
    assert_int_equal(lfk_fail(NULL, LFK_ERR_NOENT, "x"), LFK_ERR_NOENT);
    assert_int_equal(lfk_fail_at(NULL, LFK_ERR_CORRUPT, "x", 1, 2, 3, 4), LFK_ERR_CORRUPT);
}

static void text_is_cut_to_the_buffer(void **state)
{
    (void)state;
    struct lfk_detail d = {0};
    lfk_fail_block(&d, LFK_ERR_CORRUPT, "damaged", 7);
    char buffer[16];
    memset(buffer, '!', sizeof(buffer));
    assert_int_equal(lfk_detail_format(&d, buffer, 12), 16);
    assert_string_equal(buffer, "damaged: bl");
    assert_int_equal(buffer[12], '!');
    assert_int_equal(lfk_detail_format(&d, buffer, 1), 16);
    assert_string_equal(buffer, "");
    assert_int_equal(lfk_detail_format(&d, NULL, 0), 16);
}

static void every_status_has_a_name_and_a_text(void **state)
{
    (void)state;
    static const int statuses[] = {
        LFK_ERR_NOENT,  LFK_ERR_IO,     LFK_ERR_BADF,        LFK_ERR_NOMEM,    LFK_ERR_EXIST,
        LFK_ERR_NOTDIR, LFK_ERR_ISDIR,  LFK_ERR_INVAL,       LFK_ERR_FBIG,     LFK_ERR_NOSPC,
        LFK_OK,         LFK_ERR_NOATTR, LFK_ERR_NAMETOOLONG, LFK_ERR_NOTEMPTY, LFK_ERR_CORRUPT,
    };
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        assert_string_not_equal(lfk_status_name(statuses[i]), lfk_status_name(12345));
        assert_string_not_equal(lfk_status_text(statuses[i]), lfk_status_text(12345));
    }
    assert_string_equal(lfk_status_name(LFK_ERR_CORRUPT), "LFK_ERR_CORRUPT");
    struct lfk_detail d = {.status = LFK_ERR_CORRUPT};
    assert_string_equal(line(&d), "the image contradicts itself");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(line_says_what_where_expected_found),
        cmocka_unit_test(nothing_of_an_older_error_stays),
        cmocka_unit_test(errors_without_a_detail_are_just_returned),
        cmocka_unit_test(text_is_cut_to_the_buffer),
        cmocka_unit_test(every_status_has_a_name_and_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
