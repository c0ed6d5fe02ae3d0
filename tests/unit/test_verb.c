/* SPDX-License-Identifier: MIT */
/* Verbs found by name, and command lines from their words to their exit codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli_streams.h"
#include "verb.h"

static void verbs_are_found_by_name(void **state)
{
    (void)state;
    assert_ptr_equal(cli_verb_find(&cli_lfskit, "create"), &cli_create);
    assert_ptr_equal(cli_verb_find(&cli_lfskit, "help"), &cli_help);
    assert_null(cli_verb_find(&cli_lfskit, ""));
    assert_null(cli_verb_find(&cli_lfskit, "creat"));
    assert_null(cli_verb_find(&cli_lfskit, "creates"));
    assert_null(cli_verb_find(&cli_lfskit, "CREATE"));
}

static void check_nearest(const char *typed, const struct cli_verb *expected)
{
    if (cli_verb_nearest(&cli_lfskit, typed) != expected) {
        fail_msg("'%s' is taken for %s", typed,
                 cli_verb_nearest(&cli_lfskit, typed) != NULL
                     ? cli_verb_nearest(&cli_lfskit, typed)->name
                     : "nothing");
    }
}

static void a_slip_is_understood(void **state)
{
    (void)state;
    check_nearest("creat", &cli_create);
    check_nearest("crate", &cli_create);
    check_nearest("craete", &cli_create);
    check_nearest("creates", &cli_create);
    check_nearest("Create", &cli_create);
    check_nearest("lst", &cli_list);
    check_nearest("lsit", &cli_list);
    check_nearest("inf", &cli_info);
    check_nearest("infos", &cli_info);
    check_nearest("extarct", &cli_extract);
    check_nearest("xtract", &cli_extract);
    check_nearest("hlep", &cli_help);
}

static void another_word_is_not(void **state)
{
    (void)state;
    check_nearest("", NULL);
    check_nearest("unpack", NULL);
    check_nearest("make", NULL);
    check_nearest("x", NULL);
    check_nearest("createcreatecreatecreatecreatecreate", NULL);
}

static void check_run(const char *const *words, int expected, const char *err)
{
    char *argv[8] = {(char *)"lfskit"};
    int argc = 1;
    for (; *words != NULL; words++) {
        argv[argc++] = (char *)*words;
    }
    struct cli_streams streams;
    cli_streams_open(&streams);
    int found = cli_main(&cli_lfskit, argc, argv, &streams.io);
    cli_streams_flush(&streams);
    assert_string_equal(streams.err, err);
    assert_int_equal(found, expected);
    assert_int_equal(streams.out_size > 0, expected == CLI_DONE);
    cli_streams_close(&streams);
}

#define RUN(expected, err, ...) check_run((const char *const[]){__VA_ARGS__, NULL}, expected, err)

static void exit_codes_tell_what_happened(void **state)
{
    (void)state;
    RUN(CLI_DONE, "", "--version");
    RUN(CLI_DONE, "", "--help");
    RUN(CLI_DONE, "", "-h");
    RUN(CLI_DONE, "", "help");
    RUN(CLI_DONE, "", "help", "list");
    RUN(CLI_DONE, "", "list", "--help");
    RUN(CLI_USAGE, "lfskit: no verb given\nTry 'lfskit help'.\n", NULL);
    RUN(CLI_USAGE, "lfskit: unknown option -x\nTry 'lfskit help'.\n", "-x");
    RUN(CLI_USAGE, "lfskit: unknown verb 'unpack'\nTry 'lfskit help'.\n", "unpack");
    RUN(CLI_USAGE, "lfskit: unknown verb 'lst', did you mean 'list'?\nTry 'lfskit help'.\n", "lst");
    RUN(CLI_USAGE,
        "lfskit: help: unknown verb 'lst', did you mean 'list'?\nTry 'lfskit help --help'.\n",
        "help", "lst");
    RUN(CLI_USAGE,
        "lfskit: list: too few arguments: it needs IMAGE [PATH]\nTry 'lfskit list --help'.\n",
        "list");
    RUN(CLI_USAGE, "lfskit: list: unexpected argument 'c'\nTry 'lfskit list --help'.\n", "list",
        "a", "b", "c");
    RUN(CLI_FAILED, "lfskit: list: /no/image: cannot open the file: No such file or directory\n",
        "list", "/no/image");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verbs_are_found_by_name),
        cmocka_unit_test(a_slip_is_understood),
        cmocka_unit_test(another_word_is_not),
        cmocka_unit_test(exit_codes_tell_what_happened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
