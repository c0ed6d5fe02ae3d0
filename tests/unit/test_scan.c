/* SPDX-License-Identifier: MIT */
/* Directories of the host read into trees, and what is said of what does not go in. */
#define _XOPEN_SOURCE 700

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "folder.h"
#include "host_told.h"
#include "lfskit/host.h"
#include "scarce_memory.h"
#include "told.h"
#include "tree_maker.h"

/* A scan and what was said by it. */
struct scanned {
    struct lfk_tree *tree;
    struct lfk_scan *scan;
    int status;
    struct lfk_detail detail;
    struct host_told warnings;
    struct host_told reports;
};

static void warn(void *context, const char *path, const struct lfk_detail *detail)
{
    struct scanned *scanned = context;
    note_path(&scanned->warnings, path, detail);
}

static void report(void *context, const char *path, const struct lfk_detail *detail)
{
    struct scanned *scanned = context;
    note_path(&scanned->reports, path, detail);
}

static void scan_with(struct scanned *scanned, const char *path, struct lfk_scan_options options)
{
    *scanned = (struct scanned){.tree = new_tree()};
    options.size = sizeof(options);
    options.warn = warn;
    options.report = report;
    options.context = scanned;
    scanned->status =
        lfk_scan_open(&scanned->scan, scanned->tree, path, &options, &scanned->detail);
    if (scanned->status == LFK_OK) {
        lfk_tree_sort(scanned->tree, NULL);
    }
}

static void scan(struct scanned *scanned, const char *path)
{
    scan_with(scanned, path, (struct lfk_scan_options){0});
}

static void end(struct scanned *scanned)
{
    lfk_scan_close(scanned->scan);
    lfk_tree_destroy(scanned->tree);
}

static void check_scan(const char *path, const char *expected)
{
    struct scanned scanned;
    scan(&scanned, path);
    assert_int_equal(scanned.status, LFK_OK);
    assert_string_equal(scanned.warnings.text, "");
    assert_string_equal(scanned.reports.text, "");
    check_tree(lfk_tree_root(scanned.tree), expected);
    end(&scanned);
}

/* The scan fails with this line for its one problem. */
static void check_refused(const char *path, struct lfk_scan_options options, const char *line)
{
    struct scanned scanned;
    scan_with(&scanned, path, options);
    assert_in_range(-scanned.status, 1, 100);
    assert_int_equal(scanned.detail.status, scanned.status);
    assert_string_equal(scanned.reports.text, line);
    assert_null(scanned.scan);
    end(&scanned);
}

static void all_below_the_source_goes_in(void **state)
{
    (void)state;
    make_dir("src");
    check_scan("src", "");
    make_file("src/index.html", "hello");
    make_file("src/.hidden", "x");
    make_file("src/void", "");
    make_dir("src/empty");
    make_dir("src/css");
    make_dir("src/css/deep");
    make_file("src/css/deep/a.css", "a");
    static const char expected[] =
        "/.hidden=x /css/ /css/deep/ /css/deep/a.css=a /empty/ /index.html=hello /void=";
    check_scan("src", expected);
    check_scan("src/", expected);
    check_scan("./src//", expected);
    assert_int_equal(chdir("src"), 0);
    check_scan(".", expected);
    assert_int_equal(chdir(".."), 0);
}

static void one_file_goes_in_under_its_name(void **state)
{
    (void)state;
    make_dir("d");
    make_file("d/one.txt", "1");
    check_scan("d/one.txt", "/one.txt=1");
    assert_int_equal(chdir("d"), 0);
    check_scan("one.txt", "/one.txt=1");
    check_scan("./one.txt", "/one.txt=1");
    assert_int_equal(chdir(".."), 0);
}

static void entries_are_added_to_those_there_are(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    struct lfk_scan *scan = NULL;
    add_file(tree, add_dir(tree, lfk_tree_root(tree), "own"), "f", "1", 1);
    make_dir("src");
    make_dir("src/d");
    make_file("src/d/g", "2");
    assert_int_equal(lfk_scan_open(&scan, tree, "src", NULL, NULL), LFK_OK);
    check_tree(lfk_tree_root(tree), "/own/ /own/f=1 /d/ /d/g=2");
    lfk_scan_close(scan);
    lfk_tree_destroy(tree);
}

/* --- links ------------------------------------------------------------------------------ */

static void links_are_followed(void **state)
{
    (void)state;
    make_dir("src");
    make_dir("elsewhere");
    make_file("elsewhere/f", "x");
    make_link("../elsewhere", "src/dir");
    make_link("../elsewhere/f", "src/file");
    make_link("file", "src/twice");
    check_scan("src", "/dir/ /dir/f=x /file=x /twice=x");
    make_link("src", "link");
    check_scan("link", "/dir/ /dir/f=x /file=x /twice=x");
    make_link("elsewhere/f", "link_to_file");
    check_scan("link_to_file", "/link_to_file=x");
}

static void links_are_left_out_if_so_told(void **state)
{
    (void)state;
    struct scanned scanned;
    make_dir("src");
    make_file("src/f", "x");
    make_link("f", "src/link");
    make_link("nowhere", "src/broken");
    make_link(".", "src/loop");
    make_link("src", "source");
    scan_with(&scanned, "source", (struct lfk_scan_options){.no_dereference = true});
    assert_int_equal(scanned.status, LFK_OK);
    check_tree(lfk_tree_root(scanned.tree), "/f=x");
    assert_non_null(strstr(scanned.warnings.text, "source/link: left out: a symbolic link\n"));
    assert_non_null(strstr(scanned.warnings.text, "source/broken: left out: a symbolic link\n"));
    assert_non_null(strstr(scanned.warnings.text, "source/loop: left out: a symbolic link\n"));
    assert_int_equal(scanned.reports.size, 0);
    end(&scanned);
}

static void a_link_that_leads_nowhere_is_told(void **state)
{
    (void)state;
    make_dir("src");
    make_link("nowhere", "src/broken");
    check_refused("src", (struct lfk_scan_options){0}, "src/broken: symbolic link leads nowhere\n");
    make_link("nowhere", "link");
    check_refused("link", (struct lfk_scan_options){0}, "");
}

static void cycles_are_told(void **state)
{
    (void)state;
    static const char what[] = "symbolic links form a cycle";
    char line[128];
    make_dir("self");
    make_link(".", "self/loop");
    snprintf(line, sizeof(line), "self/loop: %s\n", what);
    check_refused("self", (struct lfk_scan_options){0}, line);

    make_dir("up");
    make_dir("up/a");
    make_dir("up/a/b");
    make_link("../../a", "up/a/b/again");
    snprintf(line, sizeof(line), "up/a/b/again: %s\n", what);
    check_refused("up", (struct lfk_scan_options){0}, line);

    make_dir("bite");
    make_link("tail", "bite/tail");
    snprintf(line, sizeof(line), "bite/tail: %s\n", what);
    check_refused("bite", (struct lfk_scan_options){0}, line);
}

/* The same directory met twice is no cycle. */
static void a_directory_may_be_linked_twice(void **state)
{
    (void)state;
    make_dir("src");
    make_dir("src/a");
    make_file("src/a/f", "x");
    make_link("a", "src/b");
    make_link("../src/a", "src/c");
    check_scan("src", "/a/ /a/f=x /b/ /b/f=x /c/ /c/f=x");
}

/* --- what is no file ---------------------------------------------------------------------- */

static void what_is_no_file_is_left_out(void **state)
{
    (void)state;
    struct scanned scanned;
    make_dir("src");
    make_file("src/f", "x");
    make_fifo("src/fifo");
    make_link("fifo", "src/to_fifo");
    scan(&scanned, "src");
    assert_int_equal(scanned.status, LFK_OK);
    check_tree(lfk_tree_root(scanned.tree), "/f=x");
    assert_non_null(strstr(scanned.warnings.text, "src/fifo: left out: neither a file nor a"));
    assert_non_null(strstr(scanned.warnings.text, "src/to_fifo: left out: neither a file nor a"));
    end(&scanned);
}

static void a_source_that_is_none_is_refused(void **state)
{
    (void)state;
    struct scanned scanned;
    make_fifo("fifo");
    scan(&scanned, "fifo");
    check_told(&scanned.detail, LFK_ERR_INVAL, "source is neither a file nor a directory");
    end(&scanned);
    static const char *const missing[] = {"none", "none/", ""};
    for (size_t i = 0; i < 3; i++) {
        scan(&scanned, missing[i]);
        check_told(&scanned.detail, LFK_ERR_IO, "source cannot be opened");
        assert_int_equal(scanned.detail.os_error, ENOENT);
        end(&scanned);
    }
    make_file("file", "x");
    scan(&scanned, "file/");
    assert_int_equal(scanned.detail.os_error, ENOTDIR);
    end(&scanned);
}

static void unreadable_files_and_directories_are_told(void **state)
{
    (void)state;
    if (is_root()) {
        skip();
    }
    struct scanned scanned;
    make_dir("src");
    make_file("src/f", "x");
    make_dir("src/d");
    assert_int_equal(chmod("src/f", 0), 0);
    assert_int_equal(chmod("src/d", 0), 0);
    scan(&scanned, "src");
    assert_int_equal(chmod("src/d", 0700), 0);
    assert_int_equal(scanned.status, LFK_ERR_IO);
    assert_int_equal(scanned.detail.os_error, EACCES);
    assert_non_null(strstr(scanned.reports.text, "src/f: file cannot be read\n"));
    assert_non_null(strstr(scanned.reports.text, "src/d: directory cannot be opened\n"));
    end(&scanned);
}

/* --- names and exclusions ------------------------------------------------------------------ */

static void names_are_encoded_and_found_again(void **state)
{
    (void)state;
    struct lfk_encoding *encoding = NULL;
    struct scanned scanned;
    make_dir("src");
    make_dir("src/\xc3\xbc");
    make_file("src/\xc3\xbc/\xc3\xa9.txt", "x");
    make_file("src/\xc3\xbc/plain", "y");
    assert_int_equal(lfk_encoding_open(&encoding, "latin-1", NULL), LFK_OK);
    scan_with(&scanned, "src", (struct lfk_scan_options){.encoding = encoding});
    lfk_encoding_close(encoding);
    assert_int_equal(scanned.status, LFK_OK);
    check_tree(lfk_tree_root(scanned.tree), "/\xfc/ /\xfc/plain=y /\xfc/\xe9.txt=x");
    const struct lfk_node *dir = lfk_tree_root(scanned.tree)->first;
    assert_string_equal(dir->origin, "\xc3\xbc");
    assert_null(dir->first->origin);
    assert_string_equal(dir->first->next->origin, "\xc3\xa9.txt");
    end(&scanned);
}

static void names_that_cannot_be_encoded_are_told(void **state)
{
    (void)state;
    static const char what[] = "name cannot be written in the image's encoding";
    char line[128];
    struct lfk_encoding *encoding = NULL;
    make_dir("src");
    make_file("src/\xe2\x82\xac", "x");
    assert_int_equal(lfk_encoding_open(&encoding, "latin-1", NULL), LFK_OK);
    snprintf(line, sizeof(line), "src/\xe2\x82\xac: %s\n", what);
    check_refused("src", (struct lfk_scan_options){.encoding = encoding}, line);
    lfk_encoding_close(encoding);
    check_scan("src", "/\xe2\x82\xac=x");

    make_dir("raw");
    make_file("raw/\xff", "x");
    snprintf(line, sizeof(line), "raw/\xff: %s\n", what);
    check_refused("raw", (struct lfk_scan_options){0}, line);
}

static void what_is_excluded_is_not_looked_at(void **state)
{
    (void)state;
    struct lfk_excludes *excludes = NULL;
    struct scanned scanned;
    make_dir("src");
    make_file("src/keep", "x");
    make_file("src/drop.map", "x");
    make_link("nowhere", "src/broken.map");
    make_dir("src/build");
    make_link("..", "src/build/loop");
    make_fifo("src/build/fifo");
    make_dir("src/sub");
    make_file("src/sub/build", "a file");
    make_file("src/sub/drop.map", "x");
    assert_int_equal(lfk_excludes_open(&excludes), LFK_OK);
    assert_int_equal(lfk_excludes_add(excludes, "*.map"), LFK_OK);
    assert_int_equal(lfk_excludes_add(excludes, "build/"), LFK_OK);
    scan_with(&scanned, "src", (struct lfk_scan_options){.excludes = excludes});
    assert_int_equal(scanned.status, LFK_OK);
    check_tree(lfk_tree_root(scanned.tree), "/keep=x /sub/ /sub/build=a file");
    assert_int_equal(scanned.warnings.size, 0);
    end(&scanned);
    lfk_excludes_close(excludes);
}

/* A file that is about to be made is no part of what it is made of. */
static void the_output_is_left_out(void **state)
{
    (void)state;
    struct scanned scanned;
    make_dir("src");
    make_file("src/a", "x");
    make_file("src/out", "y");
    scan_with(&scanned, "src", (struct lfk_scan_options){.output = "./src/../src/out"});
    check_tree(lfk_tree_root(scanned.tree), "/a=x");
    assert_string_equal(scanned.warnings.text, "src/out: left out: the output\n");
    end(&scanned);
    scan_with(&scanned, "src", (struct lfk_scan_options){.output = "src/none"});
    check_tree(lfk_tree_root(scanned.tree), "/a=x /out=y");
    end(&scanned);
    check_refused("src/out", (struct lfk_scan_options){.output = "src/out"},
                  "src/out: source is the output as well\n");
}

/* --- the whole ------------------------------------------------------------------------------ */

static void all_problems_are_told_before_the_scan_fails(void **state)
{
    (void)state;
    struct scanned scanned;
    make_dir("src");
    make_dir("src/d");
    make_link("nowhere", "src/a");
    make_link("nowhere", "src/d/b");
    make_file("src/d/\xff", "");
    make_link("..", "src/d/e");
    scan(&scanned, "src");
    assert_true(scanned.status < 0);
    assert_non_null(strstr(scanned.reports.text, "src/a: "));
    assert_non_null(strstr(scanned.reports.text, "src/d/b: "));
    assert_non_null(strstr(scanned.reports.text, "src/d/\xff: "));
    assert_non_null(strstr(scanned.reports.text, "src/d/e: symbolic links form a cycle"));
    end(&scanned);
}

static void a_partial_scan_leaves_out_what_it_tells(void **state)
{
    (void)state;
    struct scanned scanned;
    make_dir("src");
    make_dir("src/d");
    make_link("nowhere", "src/a");
    make_file("src/d/\xff", "");
    make_link("..", "src/d/e");
    make_file("src/d/f", "f");
    make_file("src/z", "z");
    scan_with(&scanned, "src", (struct lfk_scan_options){.partial = true});
    assert_int_equal(scanned.status, LFK_OK);
    assert_non_null(strstr(scanned.reports.text, "src/a: "));
    assert_non_null(strstr(scanned.reports.text, "src/d/\xff: "));
    assert_non_null(strstr(scanned.reports.text, "src/d/e: symbolic links form a cycle"));
    check_tree(lfk_tree_root(scanned.tree), "/d/ /d/e/ /d/f=f /z=z");
    end(&scanned);
    check_refused("src/a", (struct lfk_scan_options){.partial = true}, "");
}

static bool is_enough(void *context)
{
    const struct scanned *scanned = context;
    return lfk_tree_count(scanned->tree) > 2; /* the root counts */
}

static void nothing_is_added_when_it_is_stopped(void **state)
{
    (void)state;
    struct scanned scanned;
    make_dir("src");
    make_dir("src/d");
    make_file("src/d/f", "x");
    make_dir("src/e");
    make_file("src/e/f", "x");
    scan_with(&scanned, "src", (struct lfk_scan_options){.stop = is_enough});
    assert_int_equal(scanned.status, LFK_OK);
    check_tree(lfk_tree_root(scanned.tree), "/d/ /e/");
    end(&scanned);
}

static void paths_may_be_longer_than_the_host_takes(void **state)
{
    (void)state;
    enum { LEVELS = 50 };
    char name[201] = "";
    memset(name, 'd', 200);
    make_dir("src");
    assert_int_equal(chdir("src"), 0);
    for (int i = 0; i < LEVELS; i++) {
        make_dir(name);
        assert_int_equal(chdir(name), 0);
    }
    make_file("f", "deep");
    for (int i = 0; i <= LEVELS; i++) {
        assert_int_equal(chdir(".."), 0);
    }
    struct scanned scanned;
    scan(&scanned, "src");
    assert_int_equal(scanned.status, LFK_OK);
    const struct lfk_node *node = lfk_tree_root(scanned.tree);
    while (node->first != NULL) {
        node = node->first;
    }
    check_content(node, "deep", 4);
    size_t size = lfk_scan_path(scanned.scan, node, NULL, 0);
    assert_int_equal(size, 3 + LEVELS * 201 + 2);
    char *path = malloc(size + 1);
    assert_non_null(path);
    assert_int_equal(lfk_scan_path(scanned.scan, node, path, size + 1), size);
    assert_memory_equal(path, "src/ddd", 7);
    assert_string_equal(path + size - 4, "dd/f");
    free(path);
    end(&scanned);
}

static void check_path(const struct scanned *scanned, const struct lfk_node *node,
                       const char *expected)
{
    char path[64];
    char cut[8];
    assert_int_equal(lfk_scan_path(scanned->scan, node, path, sizeof(path)), strlen(expected));
    assert_string_equal(path, expected);
    assert_int_equal(lfk_scan_path(scanned->scan, node, cut, sizeof(cut)), strlen(expected));
    assert_memory_equal(cut, expected, strnlen(expected, sizeof(cut) - 1));
    assert_int_equal(cut[strnlen(expected, sizeof(cut) - 1)], '\0');
}

static void nodes_have_a_path_on_the_host(void **state)
{
    (void)state;
    struct scanned scanned;
    make_dir("src");
    make_dir("src/d");
    make_file("src/d/file", "x");
    scan(&scanned, "./src//");
    const struct lfk_node *root = lfk_tree_root(scanned.tree);
    check_path(&scanned, root, "./src//");
    check_path(&scanned, root->first, "./src/d");
    check_path(&scanned, root->first->first, "./src/d/file");
    end(&scanned);
    scan(&scanned, "src/d/file");
    check_path(&scanned, lfk_tree_root(scanned.tree)->first, "src/d/file");
    end(&scanned);
}

/* --- memory --------------------------------------------------------------------------------- */

static int scan_within(size_t allocations)
{
    struct scarce_memory memory;
    const struct lfk_allocator *allocator = &memory.allocator;
    const struct lfk_scan_options options = {.size = sizeof(options), .allocator = allocator};
    scarce_memory_start(&memory, allocations);
    struct lfk_tree *tree = NULL;
    struct lfk_scan *scan = NULL;
    int status = lfk_tree_create(&tree, allocator);
    if (status == LFK_OK) {
        status = lfk_scan_open(&scan, tree, "src", &options, NULL);
    }
    struct lfk_reader reader = {0};
    struct lfk_span span;
    if (status == LFK_OK) {
        status = lfk_reader_open(&reader, lfk_tree_root(tree)->first->first, NULL);
    }
    if (status == LFK_OK) {
        status = lfk_reader_next(&reader, &span, 1, NULL);
    }
    lfk_reader_close(&reader);
    lfk_scan_close(scan);
    lfk_tree_destroy(tree);
    return status;
}

static void every_missing_allocation_is_an_error(void **state)
{
    (void)state;
    make_dir("src");
    make_dir("src/d");
    make_file("src/d/f", "x");
    size_t allocations = 0;
    int status;
    while ((status = scan_within(allocations)) < 0) {
        assert_int_equal(status, LFK_ERR_NOMEM);
        allocations++;
    }
    assert_in_range(allocations, 5, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_in_folder(all_below_the_source_goes_in),
        test_in_folder(one_file_goes_in_under_its_name),
        test_in_folder(entries_are_added_to_those_there_are),
        test_in_folder(links_are_followed),
        test_in_folder(links_are_left_out_if_so_told),
        test_in_folder(a_link_that_leads_nowhere_is_told),
        test_in_folder(cycles_are_told),
        test_in_folder(a_directory_may_be_linked_twice),
        test_in_folder(what_is_no_file_is_left_out),
        test_in_folder(a_source_that_is_none_is_refused),
        test_in_folder(unreadable_files_and_directories_are_told),
        test_in_folder(names_are_encoded_and_found_again),
        test_in_folder(names_that_cannot_be_encoded_are_told),
        test_in_folder(what_is_excluded_is_not_looked_at),
        test_in_folder(the_output_is_left_out),
        test_in_folder(all_problems_are_told_before_the_scan_fails),
        test_in_folder(a_partial_scan_leaves_out_what_it_tells),
        test_in_folder(nothing_is_added_when_it_is_stopped),
        test_in_folder(paths_may_be_longer_than_the_host_takes),
        test_in_folder(nodes_have_a_path_on_the_host),
        test_in_folder(every_missing_allocation_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
