/* SPDX-License-Identifier: MIT */
/* Patterns of paths, held against a matcher that tries everything. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lfskit/host.h"
#include "seed.h"

#define RANDOM_CASES 200000

static void assert_matches(const char *pattern, const char *const *paths, bool expected)
{
    for (size_t i = 0; paths[i] != NULL; i++) {
        if (lfk_path_match(pattern, paths[i]) != expected) {
            fail_msg("'%s' and '%s'", pattern, paths[i]);
        }
    }
}

#define MATCHES(pattern, ...)                                                                      \
    assert_matches(pattern, (const char *const[]){__VA_ARGS__, NULL}, true)
#define DIFFERS(pattern, ...)                                                                      \
    assert_matches(pattern, (const char *const[]){__VA_ARGS__, NULL}, false)

static void letters_match_themselves(void **state)
{
    (void)state;
    MATCHES("a/b.c", "a/b.c", "/a/b.c");
    MATCHES("/a/b.c", "a/b.c", "/a/b.c");
    DIFFERS("a/b.c", "a/b.cc", "a/b", "a", "b.c", "x/a/b.c", "a/b.c/d", "a/bxc", "A/b.c", "");
    MATCHES("\xc3\xa9", "\xc3\xa9");
}

static void stars_stay_in_a_name(void **state)
{
    (void)state;
    MATCHES("*", "a", "abc", ".hidden");
    DIFFERS("*", "a/b");
    MATCHES("*.js", "a.js", ".js", "a.b.js");
    DIFFERS("*.js", "a.jsx", "d/a.js", "js");
    MATCHES("/js/s*.js", "/js/s.js", "/js/settings.js");
    DIFFERS("/js/s*.js", "/js/x/s.js", "/js/t.js");
    MATCHES("a*b*c", "abc", "aXbYc", "abcbc");
    DIFFERS("a*b*c", "acb", "ab", "a/b/c");
    MATCHES("a**c", "ac", "abc");
    DIFFERS("a**c", "a/c");
    MATCHES("?", "a", ".");
    DIFFERS("?", "", "ab", "a/b");
}

static void two_stars_are_any_number_of_names(void **state)
{
    (void)state;
    MATCHES("**/x", "x", "a/x", "a/b/x");
    DIFFERS("**/x", "ax", "x/a", "a/bx");
    MATCHES("a/**/x", "a/x", "a/b/x", "a/b/c/x", "a/x/x");
    DIFFERS("a/**/x", "x", "a/b", "b/a/x", "ax");
    MATCHES("a/**", "a/b", "a/b/c");
    DIFFERS("a/**", "a", "b/a", "ab");
    MATCHES("**", "a", "a/b", "a/b/c");
    MATCHES("**/a/**/b", "a/b", "x/a/b", "x/a/y/a/z/b");
    DIFFERS("**/a/**/b", "b/a", "a/c");
    MATCHES("***/x", "x", "a/b/x");
}

static void brackets_are_one_of_several(void **state)
{
    (void)state;
    MATCHES("[abc]", "a", "b", "c");
    DIFFERS("[abc]", "d", "", "ab");
    MATCHES("[!abc]", "d", "-");
    MATCHES("[^abc]", "d");
    DIFFERS("[!abc]", "a", "");
    MATCHES("[a-c]", "a", "b", "c");
    DIFFERS("[a-c]", "d", "-");
    MATCHES("[-a]", "-", "a");
    MATCHES("[a-]", "-", "a");
    MATCHES("[]a]", "]", "a");
    DIFFERS("[!]a]", "]", "a");
    MATCHES("[!]a]", "b");
    MATCHES("[c-a]", "c");
    DIFFERS("[c-a]", "a", "b");
    MATCHES("[\\]x]", "]", "x");
    MATCHES("[\\a-c]", "b");
    MATCHES("[a-\\c]", "b");
    MATCHES("[[]", "[");
    MATCHES("[[:a]", "[", ":", "a");
    MATCHES("[[:]x]", "[x]", ":x]");
    MATCHES("a[0-9]*.txt", "a1.txt", "a12.txt");
}

static void classes_do_not_depend_on_the_locale(void **state)
{
    (void)state;
    MATCHES("[[:alpha:]]", "a", "Z");
    DIFFERS("[[:alpha:]]", "1", "_", "\xe9");
    MATCHES("[[:digit:]]", "0", "9");
    DIFFERS("[[:digit:]]", "a", ":");
    MATCHES("[[:alnum:]]", "a", "5");
    MATCHES("[[:upper:]]", "A");
    DIFFERS("[[:upper:]]", "a");
    MATCHES("[[:lower:]]", "a");
    DIFFERS("[[:lower:]]", "A");
    MATCHES("[[:space:]]", " ", "\t", "\n");
    MATCHES("[[:blank:]]", " ", "\t");
    DIFFERS("[[:blank:]]", "\n");
    MATCHES("[[:punct:]]", "!", "~", "_", ":");
    DIFFERS("[[:punct:]]", "a", "1", " ");
    MATCHES("[[:xdigit:]]", "a", "F", "9");
    DIFFERS("[[:xdigit:]]", "g");
    MATCHES("[[:cntrl:]]", "\x01", "\x7f");
    MATCHES("[[:print:]]", " ", "a");
    MATCHES("[[:graph:]]", "a");
    DIFFERS("[[:graph:]]", " ");
    MATCHES("[![:digit:]]", "a");
    DIFFERS("[![:digit:]]", "1");
    MATCHES("[[:digit:][:upper:]_]", "1", "A", "_");
}

static void invalid_brackets_match_nothing(void **state)
{
    (void)state;
    DIFFERS("[", "[", "a");
    DIFFERS("[a", "[a", "a");
    DIFFERS("[]", "[]", "]");
    DIFFERS("[!]", "!", "]", "[!]");
    DIFFERS("[a-", "a", "-");
    DIFFERS("[[:nope:]]", "n", "a", "[");
    DIFFERS("[\\", "\\");
    DIFFERS("*[", "a[");
}

static void a_backslash_takes_away_the_meaning(void **state)
{
    (void)state;
    MATCHES("\\*", "*");
    DIFFERS("\\*", "a", "\\a");
    MATCHES("\\?\\[\\\\", "?[\\");
    MATCHES("\\a", "a");
    DIFFERS("a\\", "a", "a\\");
}

/* --- everything is tried -------------------------------------------------------------- */

#define LENGTH_MAX 16

/* Whether the rest of a pattern matches the rest of a path, by where both begin. */
typedef bool matches[LENGTH_MAX + 1][LENGTH_MAX + 1];

static bool is_double_star(const char *pattern, size_t at)
{
    const char *p = pattern + at;
    return (at == 0 || p[-1] == '/') && p[0] == '*' && p[1] == '*' && (p[2] == '/' || p[2] == '\0');
}

/* The same for one place, those behind it being known: no cleverness. */
static bool match_rest(matches known, const char *pattern, size_t p, const char *path, size_t n)
{
    if (is_double_star(pattern, p)) {
        bool found = pattern[p + 2] == '\0' || known[p + 3][n];
        for (; path[n] != '\0' && !found; n++) {
            found = path[n] == '/' && known[p + 3][n + 1];
        }
        return found;
    }
    if (pattern[p] == '*') {
        return known[p + 1][n] || (path[n] != '\0' && path[n] != '/' && known[p][n + 1]);
    }
    if (pattern[p] == '\0' || path[n] == '\0') {
        return pattern[p] == path[n];
    }
    bool same = pattern[p] == '?' ? path[n] != '/' : pattern[p] == path[n];
    return same && known[p + 1][n + 1];
}

static bool try_all(const char *pattern, const char *path)
{
    matches known = {{false}};
    for (size_t p = strlen(pattern) + 1; p > 0; p--) {
        for (size_t n = strlen(path) + 1; n > 0; n--) {
            known[p - 1][n - 1] = match_rest(known, pattern, p - 1, path, n - 1);
        }
    }
    return known[0][0];
}

static void random_text(struct seed *seed, const char *letters, char *text, size_t longest)
{
    size_t size = 1 + seed_below(seed, (uint32_t)longest);
    for (size_t i = 0; i < size; i++) {
        text[i] = letters[seed_below(seed, (uint32_t)strlen(letters))];
    }
    text[size] = '\0';
}

/* No name is empty, and no names of stars but "**" alone. */
static bool is_plain(const char *text)
{
    size_t size = strlen(text);
    return text[0] != '/' && text[size - 1] != '/' && strstr(text, "//") == NULL &&
           strstr(text, "***") == NULL;
}

static void every_way_of_matching_is_found(void **state)
{
    (void)state;
    struct seed seed = seed_start("unit.pattern");
    for (int i = 0; i < RANDOM_CASES; i++) {
        char pattern[LENGTH_MAX + 1];
        char path[LENGTH_MAX + 1];
        random_text(&seed, "ab?***//", pattern, 12);
        random_text(&seed, "aabb/", path, 10);
        if (is_plain(pattern) && is_plain(path) &&
            lfk_path_match(pattern, path) != try_all(pattern, path)) {
            fail_msg("'%s' and '%s'", pattern, path);
        }
    }
}

/* These would take longer than the universe if each star tried each place anew. */
static void many_stars_take_no_longer(void **state)
{
    (void)state;
    char name[2001];
    char pattern[1001];
    memset(name, 'a', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    for (size_t i = 0; i < sizeof(pattern) - 1; i += 2) {
        pattern[i] = '*';
        pattern[i + 1] = 'a';
    }
    pattern[sizeof(pattern) - 1] = '\0';
    assert_true(lfk_path_match(pattern, name));
    pattern[sizeof(pattern) - 2] = 'b';
    assert_false(lfk_path_match(pattern, name));

    for (size_t i = 1; i < sizeof(name) - 1; i += 2) {
        name[i] = '/';
    }
    char deep[1001];
    for (size_t i = 0; i + 5 < sizeof(deep); i += 5) {
        memcpy(deep + i, "**/a/", 6);
    }
    deep[990] = 'b';
    deep[991] = '\0';
    assert_false(lfk_path_match(deep, name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_match_themselves),
        cmocka_unit_test(stars_stay_in_a_name),
        cmocka_unit_test(two_stars_are_any_number_of_names),
        cmocka_unit_test(brackets_are_one_of_several),
        cmocka_unit_test(classes_do_not_depend_on_the_locale),
        cmocka_unit_test(invalid_brackets_match_nothing),
        cmocka_unit_test(a_backslash_takes_away_the_meaning),
        cmocka_unit_test(every_way_of_matching_is_found),
        cmocka_unit_test(many_stars_take_no_longer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
