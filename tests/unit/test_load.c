/* SPDX-License-Identifier: MIT */
/*
 * Loading volumes into trees: all of them or a part, sound ones, ones in the
 * middle of a change, and damaged ones, of which the rest is given out.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tree_maker.h"
#include "volume_checker.h"

/* /a, /d/ with sub/ (which holds deep) and x, and /z of 600 bytes in blocks 9 and 8. */
static struct maker make_example(void)
{
    static uint8_t data[600];
    struct maker m = maker_start(512, 16);
    memset(data, 'z', sizeof(data));
    maker_root(&m);
    maker_add_text(&m, LFK_TYPE_ATTRIBUTE + 1, 0, "root");
    maker_file(&m, 1, "a", "A");
    maker_dir(&m, 2, "d", 2, 3);
    maker_add_text(&m, LFK_TYPE_ATTRIBUTE + 2, 2, "dir");
    maker_ctz(&m, 3, "z", 8, sizeof(data));
    maker_add_text(&m, LFK_TYPE_ATTRIBUTE + 3, 3, "file");
    maker_add_text(&m, LFK_TYPE_ATTRIBUTE + 4, 3, "");
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_end(&m);
    maker_example(&m);
    maker_list(&m, (uint32_t[]){9, 8}, data, sizeof(data));
    return m;
}

static void check_attribute(const struct lfk_attribute *attribute, uint8_t type, const char *value)
{
    assert_non_null(attribute);
    assert_int_equal(attribute->type, type);
    assert_int_equal(attribute->size, strlen(value));
    assert_memory_equal(attribute->data, value, strlen(value));
}

static void everything_is_loaded(void **state)
{
    (void)state;
    struct maker m = make_example();
    struct lfk_volume *volume = open_made(&m, NULL);
    struct lfk_tree *tree = load(volume, "/");
    const struct lfk_node *root = lfk_tree_root(tree);
    const struct lfk_node *d = root->first->next;
    const struct lfk_node *z = d->next;
    char text[700];
    memset(text, 'z', sizeof(text));
    memcpy(text, "/a=A /d/ /d/sub/ /d/sub/deep=D /d/x=X /z=", 41);
    text[641] = '\0';
    check_tree(root, text);

    check_attribute(root->attributes, 1, "root");
    check_attribute(d->attributes, 2, "dir");
    check_attribute(z->attributes, 3, "file");
    check_attribute(z->attributes->next, 4, "");
    assert_null(z->attributes->next->next);

    assert_int_equal(root->place.block[0], 0);
    assert_int_equal(root->place.blocks, 2);
    assert_int_equal(root->first->place.blocks, 0);
    assert_int_equal(d->place.block[0], 2);
    assert_int_equal(d->place.block[1], 3);
    assert_int_equal(z->place.block[0], 8);
    assert_int_equal(z->place.blocks, 2);
    lfk_tree_destroy(tree);
    lfk_volume_close(volume);
    maker_free(&m);
}

static void a_directory_is_loaded_as_the_root(void **state)
{
    (void)state;
    struct maker m = make_example();
    struct lfk_volume *volume = open_made(&m, NULL);
    static const char *const paths[] = {"/d", "d/", "/z/../d"};
    for (int i = 0; i < 3; i++) {
        struct lfk_tree *tree = load(volume, paths[i]);
        const struct lfk_node *root = lfk_tree_root(tree);
        check_tree(root, "/sub/ /sub/deep=D /x=X");
        check_attribute(root->attributes, 2, "dir");
        assert_int_equal(root->place.block[0], 2);
        lfk_tree_destroy(tree);
    }
    lfk_volume_close(volume);
    maker_free(&m);
}

static void a_file_is_loaded_alone(void **state)
{
    (void)state;
    struct maker m = make_example();
    struct lfk_volume *volume = open_made(&m, NULL);
    struct lfk_tree *tree = load(volume, "/d/sub/deep");
    const struct lfk_node *root = lfk_tree_root(tree);
    check_tree(root, "/deep=D");
    assert_null(root->attributes);
    assert_int_equal(root->place.blocks, 0);
    lfk_tree_destroy(tree);
    tree = load(volume, "z");
    root = lfk_tree_root(tree);
    assert_int_equal(root->first->size, 600);
    check_attribute(root->first->attributes, 3, "file");
    lfk_tree_destroy(tree);
    lfk_volume_close(volume);
    maker_free(&m);
}

static void paths_that_lead_nowhere_are_errors(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        int status;
    } cases[] = {{"/missing", LFK_ERR_NOENT}, {"/a/", LFK_ERR_NOTDIR},
                 {"/a/x", LFK_ERR_NOTDIR},    {"", LFK_ERR_INVAL},
                 {"/..", LFK_ERR_INVAL},      {"/littlefs", LFK_ERR_NOENT}};
    struct maker m = make_example();
    struct lfk_volume *volume = open_made(&m, NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct lfk_tree *tree = NULL;
        struct lfk_detail detail = {0};
        assert_int_equal(lfk_volume_load(volume, cases[i].path, &tree, &detail), cases[i].status);
        assert_int_equal(detail.status, cases[i].status);
        assert_null(tree);
    }
    lfk_volume_close(volume);
    maker_free(&m);
}

/* Attributes of the root are those of the last pair with a superblock; earlier ones are stale. */
static void the_roots_attributes_are_those_of_the_last_superblock(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 8);
    maker_root(&m);
    maker_add_text(&m, LFK_TYPE_ATTRIBUTE + 1, 0, "stale");
    maker_add_text(&m, LFK_TYPE_ATTRIBUTE + 2, 0, "removed since");
    maker_tail(&m, LFK_TYPE_HARD_TAIL, 2, 3);
    maker_end(&m);
    maker_log(&m, 2, 1);
    maker_superblock(&m);
    maker_add_text(&m, LFK_TYPE_ATTRIBUTE + 1, 0, "new");
    maker_file(&m, 1, "f", "F");
    maker_end(&m);
    struct lfk_volume *volume = open_made(&m, NULL);
    struct lfk_tree *tree = load(volume, "/");
    const struct lfk_node *root = lfk_tree_root(tree);
    check_tree(root, "/f=F");
    check_attribute(root->attributes, 1, "new");
    assert_null(root->attributes->next);
    assert_int_equal(root->place.block[0], 2);
    lfk_tree_destroy(tree);
    lfk_volume_close(volume);
    maker_free(&m);
}

/* A rename was cut: the source is gone, the destination and the source's neighbour are there. */
static void the_source_of_a_pending_move_is_left_out(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 8);
    maker_root(&m);
    maker_dir(&m, 1, "d", 2, 3);
    maker_file(&m, 2, "moved", "content");
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_gstate(&m, move_of(0), 3, 2);
    maker_end(&m);
    maker_log(&m, 2, 1);
    maker_file(&m, 0, "b", "content");
    maker_file(&m, 1, "c", "neighbour");
    maker_end(&m);
    check_made_tree(&m, "/d/ /d/c=neighbour /moved=content", "");
    maker_free(&m);
}

/* The parent knows the new pair, the list the one before; and there is a pair without a parent. */
static void orphans_and_half_orphans_do_not_mislead(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 16);
    maker_root(&m);
    maker_dir(&m, 1, "d", 2, 8);
    maker_gstate(&m, UINT32_C(0x80000000), 0, 0);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_end(&m);
    maker_log(&m, 2, 1);
    maker_file(&m, 0, "old", "");
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 4, 5);
    maker_end(&m);
    maker_log(&m, 8, 2);
    maker_file(&m, 0, "new", "");
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 4, 5);
    maker_end(&m);
    maker_log(&m, 4, 1);
    maker_file(&m, 0, "orphan", "");
    maker_end(&m);
    check_made_tree(&m, "/d/ /d/new=", "");
    maker_free(&m);
}

/* Nobody listens for damage: the first is the error. */
static void check_load_fails(struct lfk_volume *volume, const char *path, const char *line)
{
    struct lfk_tree *tree = NULL;
    struct lfk_detail detail = {0};
    assert_int_equal(lfk_volume_load(volume, path, &tree, &detail), LFK_ERR_CORRUPT);
    check_told(&detail, LFK_ERR_CORRUPT, line);
    assert_null(tree);
}

/* --- damage: told, and the rest given out -------------------------------------------- */

static void a_directory_that_cannot_be_read_comes_out_empty(void **state)
{
    (void)state;
    struct maker m = make_example();
    memset(maker_block(&m, 4), 0x5a, 512);
    struct damages told = {.size = 0};
    struct lfk_volume *volume = open_made(&m, &told);
    struct lfk_tree *tree = load(volume, "/d");
    check_tree(lfk_tree_root(tree), "/sub/ /x=X");
    lfk_tree_destroy(tree);
    tree = load(volume, "/d/sub"); /* its own root, below the path that is being loaded */
    check_tree(lfk_tree_root(tree), "");
    lfk_tree_destroy(tree);
    tree = load(volume, "/");
    assert_int_equal(lfk_tree_count(tree), 6);
    lfk_tree_destroy(tree);
    check_damages(&told, "a metadata block has no valid commit: block 4\n"
                         "/sub: a metadata block has no valid commit: block 4\n"
                         "/: a metadata block has no valid commit: block 4\n"
                         "/d/sub: a metadata block has no valid commit: block 4\n");
    lfk_volume_close(volume);
    maker_free(&m);
}

/* A directory of this one entry, of the type and struct given. */
static void check_damaged_entry(uint32_t type, const char *name, size_t name_size,
                                uint32_t struct_type, const char *line)
{
    struct maker m = maker_start(512, 8);
    maker_root(&m);
    maker_dir(&m, 1, "d", 2, 3);
    maker_file(&m, 2, "z", "Z");
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_end(&m);
    maker_log(&m, 2, 1);
    maker_create(&m, 0);
    if (name != NULL) {
        maker_add(&m, type, 0, name, name_size);
    }
    if (struct_type != 0) {
        maker_add_text(&m, struct_type, 0, "1234567");
    }
    maker_file(&m, 1, "whole", "W");
    maker_end(&m);
    check_made_tree(&m, "/d/ /d/whole=W /z=Z", line);

    struct lfk_volume *volume = open_made(&m, NULL);
    char told[128];
    snprintf(told, sizeof(told), "%.*s", (int)strcspn(strchr(line, ' ') + 1, "\n"),
             strchr(line, ' ') + 1);
    check_load_fails(volume, "/", told);
    lfk_volume_close(volume);
    maker_free(&m);
}

static void entries_that_stand_for_nothing_are_told_and_left_out(void **state)
{
    (void)state;
    const uint32_t inl = LFK_TYPE_INLINE_STRUCT;
    check_damaged_entry(LFK_TYPE_FILE, "f", 1, 0,
                        "/d/f: a file has no content in a form known: block 2\n");
    check_damaged_entry(LFK_TYPE_FILE, "f", 1, LFK_TYPE_CTZ_STRUCT,
                        "/d/f: a file has no content in a form known: block 2\n");
    check_damaged_entry(LFK_TYPE_FILE, "f", 1, 0x2aa,
                        "/d/f: a file has no content in a form known: block 2\n");
    check_damaged_entry(0x003, "device", 6, inl,
                        "/d/device: an entry is of no type known: block 2\n");
    check_damaged_entry(0, NULL, 0, inl, "/d/: an entry has no name: block 2\n");
    check_damaged_entry(LFK_TYPE_FILE, "", 0, inl,
                        "/d/: an entry has a name that cannot be: block 2\n");
    check_damaged_entry(LFK_TYPE_FILE, "a/b", 3, inl,
                        "/d/a/b: an entry has a name that cannot be: block 2\n");
    check_damaged_entry(LFK_TYPE_DIR, "a\0b", 3, 0,
                        "/d/a?b: an entry has a name that cannot be: block 2\n");
    check_damaged_entry(LFK_TYPE_FILE, ".", 1, inl,
                        "/d/.: an entry has a name that cannot be: block 2\n");
    check_damaged_entry(LFK_TYPE_DIR, "..", 2, LFK_TYPE_DIR_STRUCT,
                        "/d/..: an entry has a name that cannot be: block 2\n");
}

/* A directory whose pointer is missing, or leads out of the volume, is there, but empty. */
static void directories_that_point_nowhere_are_told(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 8);
    maker_root(&m);
    maker_dir(&m, 1, "beyond", 2, 8);
    maker_dir(&m, 2, "erased", 2, 3);
    maker_add_text(&m, LFK_TYPE_DIR, 3, "none");
    maker_add_text(&m, LFK_TYPE_ATTRIBUTE + 1, 3, "kept");
    maker_dir(&m, 4, "null", LFK_BLOCK_NULL, 2);
    maker_end(&m);
    check_made_tree(&m, "/beyond/ /erased/ /none/ /null/",
                    "/none: a directory has no pointer to its pair: block 0\n"
                    "/null: a directory has no pointer to its pair: block 0\n"
                    "/beyond: a metadata pair is outside the volume (block): expected 8, found 8\n"
                    "/erased: a metadata block has no valid commit: block 2\n");

    struct damages told = {.size = 0};
    struct lfk_volume *volume = open_made(&m, &told);
    struct lfk_tree *tree = load(volume, "/none");
    check_tree(lfk_tree_root(tree), "");
    check_attribute(lfk_tree_root(tree)->attributes, 1, "kept");
    check_damages(&told, "/: a directory has no pointer to its pair: block 0\n");
    lfk_tree_destroy(tree);
    lfk_volume_close(volume);

    volume = open_made(&m, NULL);
    check_load_fails(volume, "/none", "a directory has no pointer to its pair: block 0");
    check_load_fails(volume, "/", "a directory has no pointer to its pair: block 0");
    check_load_fails(volume, "/erased", "a metadata block has no valid commit: block 2");
    lfk_volume_close(volume);
    maker_free(&m);
}

/* What was given out before the damage stays. */
static void a_directory_is_loaded_as_far_as_it_can_be_read(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 8);
    maker_root(&m);
    maker_file(&m, 1, "a", "A");
    maker_file(&m, 2, "b", "B");
    maker_tail(&m, LFK_TYPE_HARD_TAIL, 4, 5);
    maker_end(&m);
    check_made_tree(&m, "/a=A /b=B",
                    "a metadata block has no valid commit: block 4\n"
                    "/: a metadata block has no valid commit: block 4\n");
    maker_free(&m);
}

/* Directories within themselves, and two with one pair: each pair is loaded once. */
static void loops_among_directories_are_cut(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 8);
    maker_root(&m);
    maker_dir(&m, 1, "one", 2, 3);
    maker_dir(&m, 2, "root", 1, 0);
    maker_dir(&m, 3, "two", 2, 3);
    maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2, 3);
    maker_end(&m);
    maker_log(&m, 2, 1);
    maker_file(&m, 0, "f", "F");
    maker_dir(&m, 1, "self", 2, 3);
    maker_end(&m);
    check_made_tree(&m, "/one/ /one/f=F /one/self/ /root/ /two/",
                    "/one/self: a directory's pair is linked twice: block 2\n"
                    "/root: a directory's pair is linked twice: block 0\n"
                    "/two: a directory's pair is linked twice: block 2\n");
    maker_free(&m);
}

/* Many entries can name one long list; what is loaded stays in proportion to the image. */
static void files_cannot_claim_more_blocks_than_there_are(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 8);
    maker_root(&m);
    maker_ctz(&m, 1, "a", 4, 512 * 3);
    maker_ctz(&m, 2, "b", 4, 512 * 3);
    maker_ctz(&m, 3, "c", 4, 1);
    maker_ctz(&m, 4, "d", 4, 0);
    maker_end(&m);
    struct damages told = {.size = 0};
    struct lfk_volume *volume = open_made(&m, &told);
    struct lfk_tree *tree = load(volume, "/");
    assert_int_equal(lfk_tree_count(tree), 4);
    check_damages(&told, "/c: the files claim more blocks than the volume has (blocks): "
                         "expected 0, found 1\n");
    lfk_tree_destroy(tree);
    lfk_volume_close(volume);
    maker_free(&m);
}

/* Each path is its own, whatever was told before. */
static void paths_of_damage_do_not_run_together(void **state)
{
    (void)state;
    struct maker m = maker_start(512, 8);
    maker_root(&m);
    maker_add_text(&m, LFK_TYPE_FILE, 1, "a rather long name");
    maker_add_text(&m, LFK_TYPE_FILE, 2, "b");
    maker_dir(&m, 3, "dir", 2, 3);
    maker_add_text(&m, LFK_TYPE_FILE, 4, "e");
    maker_tail(&m, LFK_TYPE_HARD_TAIL, 4, 5);
    maker_end(&m);
    maker_log(&m, 2, 1);
    maker_add_text(&m, LFK_TYPE_FILE, 0, "inner");
    maker_tail(&m, LFK_TYPE_HARD_TAIL, 6, 7);
    maker_end(&m);
#define NO_CONTENT ": a file has no content in a form known: block "
    check_made_tree(&m, "/dir/",
                    "a metadata block has no valid commit: block 4\n"
                    "/a rather long name" NO_CONTENT "0\n"
                    "/b" NO_CONTENT "0\n"
                    "/e" NO_CONTENT "0\n"
                    "/: a metadata block has no valid commit: block 4\n"
                    "/dir/inner" NO_CONTENT "2\n"
                    "/dir: a metadata block has no valid commit: block 6\n");
#undef NO_CONTENT
    maker_free(&m);
}

/* --- depth --------------------------------------------------------------------------- */

/* Directories called d, so many within each other, and an entry called "file" in the last. */
static struct maker make_deep(uint32_t depth)
{
    struct maker m = maker_start(128, 2 * depth + 2);
    maker_root(&m);
    for (uint32_t i = 1; i <= depth; i++) {
        maker_dir(&m, i == 1, "d", 2 * i, 2 * i + 1);
        maker_tail(&m, LFK_TYPE_SOFT_TAIL, 2 * i, 2 * i + 1);
        maker_end(&m);
        maker_log(&m, 2 * i, 1);
    }
    maker_add_text(&m, LFK_TYPE_FILE, 0, "file");
    return m;
}

/* More than a stack would hold calls. */
static void no_depth_is_too_deep(void **state)
{
    (void)state;
    enum { DEPTH = 20000 };
    struct maker m = make_deep(DEPTH);
    maker_add_text(&m, LFK_TYPE_INLINE_STRUCT, 0, "content");
    maker_end(&m);
    struct lfk_volume *volume = open_made(&m, NULL);
    struct lfk_tree *tree = load(volume, "/");
    assert_int_equal(lfk_tree_count(tree), DEPTH + 2);
    lfk_tree_destroy(tree);
    lfk_volume_close(volume);
    maker_free(&m);
}

/* The path of the one damage told. */
static void keep_path(void *context, const char *path, const struct lfk_detail *detail)
{
    char *kept = (char *)context;
    assert_int_equal(detail->status, LFK_ERR_CORRUPT);
    assert_int_equal(kept[0], '\0');
    assert_in_range(strlen(path), 1, 8000);
    memcpy(kept, path, strlen(path) + 1);
}

/* Of a directory's path 4096 bytes are told: more could be asked for by every entry. */
static void a_long_path_is_told_from_its_end(void **state)
{
    (void)state;
    for (uint32_t depth = 2048; depth <= 2049; depth++) {
        struct maker m = make_deep(depth);
        maker_end(&m);
        char path[8001] = "";
        struct lfk_volume_options options = {
            .size = sizeof(options), .damage = keep_path, .damage_context = path};
        struct lfk_volume *volume = NULL;
        assert_int_equal(lfk_volume_open_memory(&volume, m.bytes, maker_size(&m), &options, NULL),
                         LFK_OK);
        lfk_tree_destroy(load(volume, "/"));
        const char *start = depth == 2048 ? "" : "/...";
        assert_int_equal(strlen(path), strlen(start) + 4096 + 5);
        assert_memory_equal(path, start, strlen(start));
        for (size_t i = 0; i < 2048; i++) {
            assert_memory_equal(path + strlen(start) + 2 * i, "/d", 2);
        }
        assert_string_equal(path + strlen(start) + 4096, "/file");
        lfk_volume_close(volume);
        maker_free(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_loaded),
        cmocka_unit_test(a_directory_is_loaded_as_the_root),
        cmocka_unit_test(a_file_is_loaded_alone),
        cmocka_unit_test(paths_that_lead_nowhere_are_errors),
        cmocka_unit_test(the_roots_attributes_are_those_of_the_last_superblock),
        cmocka_unit_test(the_source_of_a_pending_move_is_left_out),
        cmocka_unit_test(orphans_and_half_orphans_do_not_mislead),
        cmocka_unit_test(a_directory_that_cannot_be_read_comes_out_empty),
        cmocka_unit_test(entries_that_stand_for_nothing_are_told_and_left_out),
        cmocka_unit_test(directories_that_point_nowhere_are_told),
        cmocka_unit_test(a_directory_is_loaded_as_far_as_it_can_be_read),
        cmocka_unit_test(loops_among_directories_are_cut),
        cmocka_unit_test(files_cannot_claim_more_blocks_than_there_are),
        cmocka_unit_test(paths_of_damage_do_not_run_together),
        cmocka_unit_test(no_depth_is_too_deep),
        cmocka_unit_test(a_long_path_is_told_from_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
