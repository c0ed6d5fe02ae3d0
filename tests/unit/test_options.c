/* SPDX-License-Identifier: MIT */
/* Command lines of a verb made up for the purpose, and what is said of mistakes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli_streams.h"
#include "options.h"
#include "size.h"
#include "verb.h"

struct inner {
    uint32_t depth;
};

struct args {
    bool verbose;
    bool quiet;
    uint64_t size;
    const char *name;
    const char *hidden;
    struct inner inner;
};

static const struct cli_option outer_options[] = {
    {"verbose", 'v', NULL, cli_store_true, offsetof(struct args, verbose), "Say more"},
    {"quiet", 'q', NULL, cli_store_true, offsetof(struct args, quiet), "Say less"},
    {"not-quiet", 0, NULL, cli_store_false, offsetof(struct args, quiet), "Take it back"},
    {"size", 's', "SIZE", cli_store_size, offsetof(struct args, size), "How much"},
    {"name", 0, "NAME", cli_store_text, offsetof(struct args, name), "What"},
    {"name-max", 0, "NAME", cli_store_text, offsetof(struct args, name), "Begins as another does"},
    {"hidden", 0, "TEXT", cli_store_text, offsetof(struct args, hidden), NULL},
    {0},
};

static const struct cli_option inner_options[] = {
    {"depth", 0, "SIZE", cli_store_size32, offsetof(struct inner, depth), "How deep"},
    {0},
};

static const struct cli_option_group groups[] = {
    {"Outer", outer_options, 0},
    {"Inner", inner_options, offsetof(struct args, inner)},
    CLI_HELP_GROUP,
    {0},
};

static const struct cli_verb verb = {
    .name = "try",
    .operands = "[ARGUMENT...]",
    .summary = "be tried",
    .description = "Is tried.",
    .groups = groups,
    .args_size = sizeof(struct args),
    .max_operands = -1,
};

#define WORDS_MAX 16

/* A command line once parsed. */
struct parsed {
    struct cli_streams streams;
    struct args args;
    enum cli_parsed result;
    char *argv[WORDS_MAX];
    int first;
    int argc;
};

static void parse(struct parsed *parsed, const char *const *words)
{
    *parsed = (struct parsed){.argv = {(char *)"try"}, .argc = 1};
    for (; *words != NULL; words++) {
        parsed->argv[parsed->argc++] = (char *)*words;
    }
    cli_streams_open(&parsed->streams);
    struct cli_run run = {.program = &cli_lfskit, .io = &parsed->streams.io, .verb = &verb};
    parsed->result =
        cli_options_parse(&run, parsed->argc, parsed->argv, &parsed->args, &parsed->first);
    cli_streams_flush(&parsed->streams);
}

#define PARSE(parsed, ...) parse(parsed, (const char *const[]){__VA_ARGS__, NULL})

static void check_operands(const struct parsed *parsed, const char *expected)
{
    char found[256] = "";
    size_t size = 0;
    for (int i = parsed->first; i < parsed->argc; i++) {
        size += (size_t)snprintf(found + size, sizeof(found) - size, "%s%s",
                                 i > parsed->first ? " " : "", parsed->argv[i]);
    }
    assert_string_equal(found, expected);
}

static void options_are_stored(void **state)
{
    (void)state;
    struct parsed p;
    PARSE(&p, "-v", "--size", "4k", "--name=x y", "--depth=2", "--hidden", "h");
    assert_int_equal(p.result, CLI_PARSED);
    assert_true(p.args.verbose);
    assert_false(p.args.quiet);
    assert_int_equal(p.args.size, 4096);
    assert_string_equal(p.args.name, "x y");
    assert_int_equal(p.args.inner.depth, 2);
    assert_string_equal(p.args.hidden, "h");
    check_operands(&p, "");
    assert_string_equal(p.streams.err, "");
    cli_streams_close(&p.streams);
}

static void options_stand_anywhere(void **state)
{
    (void)state;
    struct parsed p;
    PARSE(&p, "a", "-v", "b", "--size=1", "c", "--depth", "3", "-");
    assert_int_equal(p.result, CLI_PARSED);
    assert_true(p.args.verbose);
    assert_int_equal(p.args.size, 1);
    assert_int_equal(p.args.inner.depth, 3);
    check_operands(&p, "a b c -");
    cli_streams_close(&p.streams);
    PARSE(&p, "a", "--", "-v", "--size");
    assert_int_equal(p.result, CLI_PARSED);
    assert_false(p.args.verbose);
    check_operands(&p, "a -v --size");
    cli_streams_close(&p.streams);
}

static void letters_are_joined_and_take_values(void **state)
{
    (void)state;
    struct parsed p;
    PARSE(&p, "-vq", "-s", "2");
    assert_true(p.args.verbose);
    assert_true(p.args.quiet);
    assert_int_equal(p.args.size, 2);
    cli_streams_close(&p.streams);
    PARSE(&p, "-vs3k", "-vv");
    assert_int_equal(p.args.size, 3072);
    cli_streams_close(&p.streams);
}

static void the_last_one_counts(void **state)
{
    (void)state;
    struct parsed p;
    PARSE(&p, "--size=1", "-q", "--size=2", "--not-quiet");
    assert_int_equal(p.args.size, 2);
    assert_false(p.args.quiet);
    cli_streams_close(&p.streams);
}

static void names_may_be_shortened(void **state)
{
    (void)state;
    struct parsed p;
    PARSE(&p, "--verb", "--si=5", "--dep", "6", "--name=exact");
    assert_int_equal(p.result, CLI_PARSED);
    assert_true(p.args.verbose);
    assert_int_equal(p.args.size, 5);
    assert_int_equal(p.args.inner.depth, 6);
    assert_string_equal(p.args.name, "exact");
    cli_streams_close(&p.streams);
}

/* Each word is there once: somebody may own them. */
static void words_are_only_moved(void **state)
{
    (void)state;
    struct parsed p;
    PARSE(&p, "one", "--size", "4k", "two", "-v", "three", "--", "--name");
    assert_int_equal(p.result, CLI_PARSED);
    check_operands(&p, "one two three --name");
    static const char *const expected[] = {"try", "--size", "4k",    "-v",    "--",
                                           "one", "two",    "three", "--name"};
    for (int i = 0; i < p.argc; i++) {
        assert_string_equal(p.argv[i], expected[i]);
    }
    cli_streams_close(&p.streams);
}

static void check_refused(const char *const *words, const char *expected)
{
    struct parsed p;
    char lines[256];
    parse(&p, words);
    snprintf(lines, sizeof(lines), "lfskit: try: %s\nTry 'lfskit try --help'.\n", expected);
    assert_int_equal(p.result, CLI_REFUSED);
    assert_string_equal(p.streams.err, lines);
    assert_string_equal(p.streams.out, "");
    cli_streams_close(&p.streams);
}

#define REFUSED(expected, ...) check_refused((const char *const[]){__VA_ARGS__, NULL}, expected)

static void unknown_options_are_named(void **state)
{
    (void)state;
    REFUSED("unknown option --bogus", "--bogus");
    REFUSED("unknown option --bogus", "a", "--bogus=5", "b");
    REFUSED("unknown option -x", "-x");
    REFUSED("unknown option -x", "-vx");
    REFUSED("unknown option --sizes", "--sizes=1");
    REFUSED("unknown option -1", "-1");
    REFUSED("unknown option --\\x1b[31m", "--\x1b[31m");
    REFUSED("unknown option -\\xc3", "-\xc3\xa9");
}

static void ambiguous_options_are_named(void **state)
{
    (void)state;
    REFUSED("ambiguous option --n", "--n");
    REFUSED("ambiguous option --n", "--n=1");
    REFUSED("ambiguous option --h", "--h");
}

static void values_must_be_there_or_not(void **state)
{
    (void)state;
    REFUSED("option --size needs a value: SIZE", "--size");
    REFUSED("option --size needs a value: SIZE", "a", "-s");
    REFUSED("option --size needs a value: SIZE", "--si");
    REFUSED("option --depth needs a value: SIZE", "-v", "--depth");
    REFUSED("option --verbose takes no value", "--verbose=1");
    REFUSED("option --verbose takes no value", "--verb=");
}

static void bad_values_are_named(void **state)
{
    (void)state;
    REFUSED("--size: 'x' is not a size, such as 4096, 0x1000, 64k or 2MiB", "--size=x");
    REFUSED("--size: '' is not a size, such as 4096, 0x1000, 64k or 2MiB", "--size=");
    REFUSED("--size: '0' is not possible: it must be at least 1", "-s", "0");
    REFUSED("--depth: '4G' is too large", "--depth", "4G");
    REFUSED("--size: '\\x1b' is not a size, such as 4096, 0x1000, 64k or 2MiB", "--size=\x1b");
}

static void help_is_printed_instead(void **state)
{
    (void)state;
    static const char *const forms[] = {"--help", "-h", "--hel", "-vh"};
    for (size_t i = 0; i < 4; i++) {
        struct parsed p;
        PARSE(&p, "a", forms[i], "--bogus");
        assert_int_equal(p.result, CLI_HELPED);
        assert_non_null(strstr(p.streams.out, "Usage: lfskit try [OPTION]... [ARGUMENT...]\n"));
        assert_non_null(strstr(p.streams.out, "\nOuter:\n  -v, --verbose             Say more\n"));
        assert_non_null(strstr(p.streams.out, "\n      --depth SIZE          How deep\n"));
        assert_null(strstr(p.streams.out, "hidden"));
        assert_string_equal(p.streams.err, "");
        cli_streams_close(&p.streams);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_stored),
        cmocka_unit_test(options_stand_anywhere),
        cmocka_unit_test(letters_are_joined_and_take_values),
        cmocka_unit_test(the_last_one_counts),
        cmocka_unit_test(names_may_be_shortened),
        cmocka_unit_test(words_are_only_moved),
        cmocka_unit_test(unknown_options_are_named),
        cmocka_unit_test(ambiguous_options_are_named),
        cmocka_unit_test(values_must_be_there_or_not),
        cmocka_unit_test(bad_values_are_named),
        cmocka_unit_test(help_is_printed_instead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
