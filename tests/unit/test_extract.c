/* SPDX-License-Identifier: MIT */
/* Trees written to the host: whole files, inside the destination, whatever is there. */
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

static int extract(struct lfk_tree *tree, const char *path, struct lfk_extract_options options,
                   struct host_told *told, struct lfk_detail *detail)
{
    options.size = sizeof(options);
    if (told != NULL) {
        *told = (struct host_told){0};
        options.report = note_node;
        options.context = told;
    }
    return lfk_extract(lfk_tree_root(tree), path, &options, detail);
}

static void extract_all(struct lfk_tree *tree, const char *path)
{
    struct host_told told;
    assert_int_equal(extract(tree, path, (struct lfk_extract_options){0}, &told, NULL), LFK_OK);
    assert_string_equal(told.text, "");
}

/* Extracts into "out"; the lines told, and the first of them as the result. */
static void check_told_of(struct lfk_tree *tree, int status, const char *lines)
{
    struct host_told told;
    struct lfk_detail detail = {0};
    assert_int_equal(extract(tree, "out", (struct lfk_extract_options){0}, &told, &detail), status);
    assert_int_equal(detail.status, status);
    assert_string_equal(told.text, lines);
}

static struct lfk_node *add_text(struct lfk_tree *tree, struct lfk_node *parent, const char *name,
                                 const char *text)
{
    return add_file(tree, parent, name, text, strlen(text));
}

/* A name that no function would add, as one from a hostile source. */
static void rename_node(struct lfk_node *node, const char *name, size_t size)
{
    node->name = name;
    node->name_size = size;
}

/* /css/ /css/a.css=a /empty/ /f=text */
static struct lfk_tree *small_tree(void)
{
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    add_text(tree, root, "f", "text");
    add_text(tree, add_dir(tree, root, "css"), "a.css", "a");
    add_dir(tree, root, "empty");
    return tree;
}

static void a_tree_becomes_directories_and_files(void **state)
{
    (void)state;
    struct lfk_tree *tree = small_tree();
    extract_all(tree, "deep/er/out");
    check_names("deep/er/out", "css empty f");
    check_names("deep/er/out/css", "a.css");
    check_names("deep/er/out/empty", "");
    check_text("deep/er/out/f", "text");
    check_text("deep/er/out/css/a.css", "a");
    /* Over itself, and into the current directory. */
    extract_all(tree, "deep/er/out/");
    assert_int_equal(lfk_extract(lfk_tree_root(tree), ".", NULL, NULL), LFK_OK);
    check_text("css/a.css", "a");
    lfk_tree_destroy(tree);
}

static void nothing_else_is_touched(void **state)
{
    (void)state;
    struct lfk_tree *tree = small_tree();
    make_dir("out");
    make_dir("out/css");
    make_file("out/css/mine.css", "mine");
    make_file("out/mine", "mine");
    extract_all(tree, "out");
    check_names("out", "css empty f mine");
    check_names("out/css", "a.css mine.css");
    check_text("out/mine", "mine");
    lfk_tree_destroy(tree);
}

static void existing_files_are_replaced_whole(void **state)
{
    (void)state;
    struct stat before;
    struct stat after;
    struct lfk_tree *tree = small_tree();
    make_dir("out");
    make_file("out/f", "something much longer that was there before");
    assert_int_equal(link("out/f", "other"), 0);
    assert_int_equal(stat("out/f", &before), 0);
    extract_all(tree, "out");
    check_text("out/f", "text");
    /* A new file: the other name of the old one keeps the old bytes. */
    check_text("other", "something much longer that was there before");
    assert_int_equal(stat("out/f", &after), 0);
    assert_int_not_equal(before.st_ino, after.st_ino);
    check_names("out", "css empty f");
    lfk_tree_destroy(tree);
}

/* --- nothing outside ------------------------------------------------------------------- */

static void names_that_lead_elsewhere_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        size_t size;
        const char *line;
    } names[] = {
        {".", 1, "/.: name would lead to another directory\n"},
        {"..", 2, "/..: name would lead to another directory\n"},
        {"", 0, "/: name would lead to another directory\n"},
        {"../x", 4, "/../x: name holds a '/' or NUL\n"},
        {"/x", 2, "//x: name holds a '/' or NUL\n"},
        {"a/b", 3, "/a/b: name holds a '/' or NUL\n"},
        {"a/", 2, "/a/: name holds a '/' or NUL\n"},
        {"a\0b", 3, "/a: name holds a '/' or NUL\n"},
        {"..\0", 3, "/..: name holds a '/' or NUL\n"},
        {"\xff", 1, "/\xff: name is not in the encoding expected\n"},
    };
    make_dir("out");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct lfk_tree *tree = new_tree();
        struct lfk_node *file = add_text(tree, lfk_tree_root(tree), "file", "x");
        rename_node(file, names[i].name, names[i].size);
        add_text(tree, lfk_tree_root(tree), "good", "y");
        check_told_of(tree, LFK_ERR_INVAL, names[i].line);
        check_names("out", "good");
        lfk_tree_destroy(tree);

        tree = new_tree();
        struct lfk_node *dir = add_dir(tree, lfk_tree_root(tree), "dir");
        rename_node(dir, names[i].name, names[i].size);
        add_text(tree, dir, "inside", "x");
        check_told_of(tree, LFK_ERR_INVAL, names[i].line);
        check_names("out", "good");
        check_names(".", "out");
        lfk_tree_destroy(tree);
    }
}

/* In another encoding a harmless name may decode to one that leads elsewhere. */
static void names_are_judged_as_decoded(void **state)
{
    (void)state;
    struct lfk_encoding *encoding = NULL;
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    if (lfk_encoding_open(&encoding, "utf-7", NULL) < 0) {
        printf("SKIPPED: the host has no conversion from UTF-7\n");
        lfk_tree_destroy(tree);
        skip();
    }
    add_text(tree, root, "+AC4ALg-", "x");    /* ".." */
    add_text(tree, root, "+AC4ALgAv-x", "x"); /* "../x" */
    add_text(tree, root, "+AOk-", "e with accent");
    struct host_told told;
    assert_int_equal(
        extract(tree, "out", (struct lfk_extract_options){.encoding = encoding}, &told, NULL),
        LFK_ERR_INVAL);
    check_names("out", "\xc3\xa9");
    check_names(".", "out");
    lfk_encoding_close(encoding);
    lfk_tree_destroy(tree);
}

static void no_link_below_is_followed_to_a_directory(void **state)
{
    (void)state;
    struct lfk_tree *tree = small_tree();
    make_dir("outside");
    make_dir("out");
    make_link("../outside", "out/css");
    make_link("../outside", "out/empty");
    static const char what[] = "something that is not a directory is in the way";
    char lines[256];
    snprintf(lines, sizeof(lines), "/css: %s\n/empty: %s\n", what, what);
    check_told_of(tree, LFK_ERR_NOTDIR, lines);
    check_names("outside", "");
    check_names("out", "css empty f");
    lfk_tree_destroy(tree);
}

static void a_link_in_place_of_a_file_is_replaced(void **state)
{
    (void)state;
    struct lfk_tree *tree = small_tree();
    make_file("outside", "outside");
    make_dir("out");
    make_dir("out/css");
    make_link("../outside", "out/f");
    make_link("nowhere", "out/css/a.css");
    extract_all(tree, "out");
    check_text("outside", "outside");
    check_text("out/f", "text");
    check_text("out/css/a.css", "a");
    check_names("out/css", "a.css");
    lfk_tree_destroy(tree);
}

/* The destination itself is what the user said, a link or not. */
static void the_destination_may_be_a_link(void **state)
{
    (void)state;
    struct lfk_tree *tree = small_tree();
    make_dir("real");
    make_link("real", "link");
    extract_all(tree, "link");
    check_names("real", "css empty f");
    extract_all(tree, "link/new");
    check_text("real/new/f", "text");
    lfk_tree_destroy(tree);
}

/* --- what is in the way, and what fails ------------------------------------------------- */

static void what_is_in_the_way_is_told(void **state)
{
    (void)state;
    struct lfk_tree *tree = small_tree();
    make_dir("out");
    make_dir("out/f");
    make_file("out/css", "a file");
    make_fifo("out/empty");
    check_told_of(tree, LFK_ERR_ISDIR,
                  "/f: a directory is in the way\n"
                  "/css: something that is not a directory is in the way\n"
                  "/empty: something that is not a directory is in the way\n");
    check_text("out/css", "a file");
    check_names("out/f", "");
    lfk_tree_destroy(tree);
}

static void a_destination_that_is_no_directory_is_refused(void **state)
{
    (void)state;
    struct lfk_tree *tree = small_tree();
    struct lfk_detail detail = {0};
    struct host_told told;
    make_file("file", "x");
    make_link("nowhere", "broken");
    assert_int_equal(extract(tree, "file", (struct lfk_extract_options){0}, &told, &detail),
                     LFK_ERR_NOTDIR);
    check_told(&detail, LFK_ERR_NOTDIR, "destination is not a directory");
    assert_string_equal(told.text, "");
    assert_int_equal(extract(tree, "file/below", (struct lfk_extract_options){0}, &told, &detail),
                     LFK_ERR_IO);
    assert_int_equal(detail.os_error, ENOTDIR);
    assert_int_equal(extract(tree, "broken", (struct lfk_extract_options){0}, &told, &detail),
                     LFK_ERR_IO);
    assert_int_equal(detail.os_error, ENOENT);
    check_text("file", "x");
    lfk_tree_destroy(tree);
}

/* A supplier that fails after a few bytes. */
static int failing_open(const struct lfk_content *content, const struct lfk_node *node,
                        void **stream, struct lfk_detail *detail)
{
    static int calls;
    (void)content;
    (void)node;
    (void)detail;
    calls = 0;
    *stream = &calls;
    return LFK_OK;
}

static int failing_next(void *stream, struct lfk_span *spans, size_t room,
                        struct lfk_detail *detail)
{
    int *calls = stream;
    (void)room;
    if (++*calls > 2) {
        *detail = (struct lfk_detail){.status = LFK_ERR_CORRUPT, .what = "torn"};
        return LFK_ERR_CORRUPT;
    }
    spans[0] = (struct lfk_span){"abc", 3};
    return 1;
}

static void failing_close(void *stream)
{
    (void)stream;
}

static void a_file_that_fails_leaves_what_was_there(void **state)
{
    (void)state;
    static const struct lfk_content failing = {failing_open, failing_next, failing_close};
    struct lfk_tree *tree = new_tree();
    struct lfk_node *root = lfk_tree_root(tree);
    assert_int_equal(lfk_tree_add_content(tree, root, "old", 3, &failing, 100, NULL), LFK_OK);
    assert_int_equal(lfk_tree_add_content(tree, root, "new", 3, &failing, 100, NULL), LFK_OK);
    add_text(tree, root, "good", "good");
    make_dir("out");
    make_file("out/old", "before");
    check_told_of(tree, LFK_ERR_CORRUPT, "/old: torn\n/new: torn\n");
    check_text("out/old", "before");
    check_names("out", "good old");
    lfk_tree_destroy(tree);
}

static void names_the_host_cannot_hold_are_told(void **state)
{
    (void)state;
    char name[301];
    struct lfk_tree *tree = new_tree();
    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    add_text(tree, lfk_tree_root(tree), name, "x");
    add_text(tree, add_dir(tree, lfk_tree_root(tree), name), "inside", "x");
    add_text(tree, lfk_tree_root(tree), "good", "x");
    struct host_told told;
    struct lfk_detail detail = {0};
    assert_int_equal(extract(tree, "out", (struct lfk_extract_options){0}, &told, &detail),
                     LFK_ERR_IO);
    assert_int_equal(detail.os_error, ENAMETOOLONG);
    assert_non_null(strstr(told.text, "n: file cannot be made\n"));
    assert_non_null(strstr(told.text, "n: directory cannot be made\n"));
    check_names("out", "good");
    lfk_tree_destroy(tree);
}

static void no_permission_is_told(void **state)
{
    (void)state;
    if (is_root()) {
        skip();
    }
    struct lfk_tree *tree = small_tree();
    make_dir("out");
    make_dir("out/css");
    make_dir("out/empty");
    assert_int_equal(chmod("out/css", 0500), 0);
    assert_int_equal(chmod("out", 0500), 0);
    check_told_of(tree, LFK_ERR_IO, "/f: file cannot be made\n/css/a.css: file cannot be made\n");
    assert_int_equal(chmod("out", 0700), 0);
    assert_int_equal(chmod("out/css", 0700), 0);
    lfk_tree_destroy(tree);
}

/* --- a part, and what is told ------------------------------------------------------------ */

static bool is_selected(void *context, const struct lfk_node *node)
{
    const char *const *names = context;
    for (; *names != NULL; names++) {
        if (strcmp(node->name, *names) == 0) {
            return true;
        }
    }
    return false;
}

static void extract_named(struct lfk_tree *tree, const char *const *names)
{
    struct lfk_extract_options options = {.select = is_selected, .context = (void *)names};
    assert_int_equal(extract(tree, "out", options, NULL, NULL), LFK_OK);
}

static void a_part_comes_with_the_directories_above_it(void **state)
{
    (void)state;
    struct lfk_tree *tree = small_tree();
    struct lfk_node *deep = add_dir(tree, lfk_tree_root(tree)->first->next, "deep");
    add_text(tree, deep, "d", "d");
    add_text(tree, add_dir(tree, deep, "er"), "e", "e");
    extract_named(tree, (const char *const[]){"e", NULL});
    check_names("out", "css");
    check_names("out/css", "deep");
    check_names("out/css/deep", "er");
    check_text("out/css/deep/er/e", "e");
    extract_named(tree, (const char *const[]){"deep", "f", NULL});
    check_names("out", "css f");
    check_names("out/css", "deep");
    check_names("out/css/deep", "d er");
    extract_named(tree, (const char *const[]){"empty", NULL});
    check_names("out", "css empty f");
    extract_named(tree, (const char *const[]){NULL});
    check_names("out", "css empty f");
    lfk_tree_destroy(tree);
}

static bool is_written_out(void *context)
{
    struct stat status;
    (void)context;
    return stat("out/f", &status) == 0;
}

static void nothing_follows_when_it_is_stopped(void **state)
{
    (void)state;
    struct lfk_tree *tree = small_tree();
    struct lfk_extract_options options = {.stop = is_written_out};
    assert_int_equal(extract(tree, "out", options, NULL, NULL), LFK_OK);
    check_names("out", "f");
    lfk_tree_destroy(tree);
}

/* Lets so many questions pass. */
static bool is_used_up(void *context)
{
    int *left = context;
    return (*left)-- <= 0;
}

/* Whenever it is stopped, a file is what was there or what is to be there. */
static void a_file_is_whole_when_it_is_stopped(void **state)
{
    (void)state;
    struct lfk_tree *tree = new_tree();
    add_text(tree, lfk_tree_root(tree), "f", "new");
    make_dir("out");
    int stopped_within = 0;
    int left = -1;
    for (int count = 0; left < 0; count++) {
        struct lfk_detail detail = {0};
        struct lfk_extract_options options = {.stop = is_used_up, .context = &left};
        make_file("out/f", "old");
        left = count;
        int status = extract(tree, "out", options, NULL, &detail);
        check_names("out", "f");
        if (status < 0) {
            check_told(&detail, LFK_ERR_IO, "stopped before the file was complete");
            check_text("out/f", "old");
            stopped_within++;
        }
    }
    check_text("out/f", "new");
    assert_int_equal(stopped_within, 1);
    lfk_tree_destroy(tree);
}

static void note_progress(void *context, const struct lfk_node *node, const char *host_path)
{
    struct host_told *told = context;
    char path[256];
    char here[4096];
    assert_non_null(getcwd(here, sizeof(here)));
    assert_memory_equal(host_path, here, strlen(here));
    lfk_node_path(node, path, sizeof(path));
    told->size += (size_t)snprintf(told->text + told->size, sizeof(told->text) - told->size,
                                   "%s %s\n", path, host_path + strlen(here));
}

static void check_progress(struct lfk_tree *tree, const char *path, int status, const char *lines)
{
    struct host_told told = {0};
    struct lfk_extract_options options = {.progress = note_progress, .context = &told};
    assert_int_equal(extract(tree, path, options, NULL, NULL), status);
    assert_string_equal(told.text, lines);
}

static void entries_are_told_in_the_order_of_listings(void **state)
{
    (void)state;
    struct lfk_tree *tree = small_tree();
    check_progress(tree, "./x/out//", LFK_OK,
                   "/css /x/out/css\n/empty /x/out/empty\n/f /x/out/f\n/css/a.css "
                   "/x/out/css/a.css\n");
    check_progress(tree, ".", LFK_OK, "/css /css\n/empty /empty\n/f /f\n/css/a.css /css/a.css\n");
    char here[4096];
    char path[4200];
    assert_non_null(getcwd(here, sizeof(here)));
    snprintf(path, sizeof(path), "%s/abs", here);
    check_progress(tree, path, LFK_OK,
                   "/css /abs/css\n/empty /abs/empty\n/f /abs/f\n/css/a.css /abs/css/a.css\n");
    lfk_tree_destroy(tree);
}

static void a_file_that_was_not_written_is_not_told(void **state)
{
    (void)state;
    struct lfk_tree *tree = small_tree();
    make_dir("out");
    make_dir("out/f");
    check_progress(tree, "out", LFK_ERR_ISDIR,
                   "/css /out/css\n/empty /out/empty\n/css/a.css /out/css/a.css\n");
    lfk_tree_destroy(tree);
}

static void names_are_decoded(void **state)
{
    (void)state;
    struct lfk_encoding *encoding = NULL;
    struct lfk_tree *tree = new_tree();
    add_text(tree, add_dir(tree, lfk_tree_root(tree), "\xfc"), "\xe9", "x");
    assert_int_equal(lfk_encoding_open(&encoding, "latin-1", NULL), LFK_OK);
    struct host_told told;
    assert_int_equal(
        extract(tree, "out", (struct lfk_extract_options){.encoding = encoding}, &told, NULL),
        LFK_OK);
    check_text("out/\xc3\xbc/\xc3\xa9", "x");
    lfk_encoding_close(encoding);
    lfk_tree_destroy(tree);
}

/* No path of the host is used whole, so that none is too long for it. */
static void trees_may_be_deeper_than_the_host_takes(void **state)
{
    (void)state;
    enum { LEVELS = 60 };
    char name[101] = "";
    memset(name, 'd', 100);
    struct lfk_tree *tree = new_tree();
    struct lfk_node *node = lfk_tree_root(tree);
    for (int i = 0; i < LEVELS; i++) {
        node = add_dir(tree, node, name);
        add_text(tree, node, "f", "x");
    }
    extract_all(tree, "out");
    assert_int_equal(chdir("out"), 0);
    for (int i = 0; i < LEVELS; i++) {
        assert_int_equal(chdir(name), 0);
        check_text("f", "x");
    }
    lfk_tree_destroy(tree);
}

static void ignore_progress(void *context, const struct lfk_node *node, const char *host_path)
{
    (void)context;
    (void)node;
    (void)host_path;
}

static void every_missing_allocation_is_an_error(void **state)
{
    (void)state;
    static const char *const names[] = {"a.css", NULL};
    struct lfk_tree *tree = small_tree();
    size_t allowed = 0;
    int status = LFK_ERR_NOMEM;
    for (; status < 0; allowed++) {
        struct scarce_memory memory;
        const struct lfk_extract_options options = {.allocator = &memory.allocator,
                                                    .select = is_selected,
                                                    .progress = ignore_progress,
                                                    .context = (void *)names};
        scarce_memory_start(&memory, allowed);
        status = extract(tree, "out", options, NULL, NULL);
        assert_true(status == LFK_OK || status == LFK_ERR_NOMEM);
    }
    assert_in_range(allowed, 2, 100);
    check_text("out/css/a.css", "a");
    lfk_tree_destroy(tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test_in_folder(a_tree_becomes_directories_and_files),
        test_in_folder(nothing_else_is_touched),
        test_in_folder(existing_files_are_replaced_whole),
        test_in_folder(names_that_lead_elsewhere_are_refused),
        test_in_folder(names_are_judged_as_decoded),
        test_in_folder(no_link_below_is_followed_to_a_directory),
        test_in_folder(a_link_in_place_of_a_file_is_replaced),
        test_in_folder(the_destination_may_be_a_link),
        test_in_folder(what_is_in_the_way_is_told),
        test_in_folder(a_destination_that_is_no_directory_is_refused),
        test_in_folder(a_file_that_fails_leaves_what_was_there),
        test_in_folder(names_the_host_cannot_hold_are_told),
        test_in_folder(no_permission_is_told),
        test_in_folder(a_part_comes_with_the_directories_above_it),
        test_in_folder(nothing_follows_when_it_is_stopped),
        test_in_folder(a_file_is_whole_when_it_is_stopped),
        test_in_folder(entries_are_told_in_the_order_of_listings),
        test_in_folder(a_file_that_was_not_written_is_not_told),
        test_in_folder(names_are_decoded),
        test_in_folder(trees_may_be_deeper_than_the_host_takes),
        test_in_folder(every_missing_allocation_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
