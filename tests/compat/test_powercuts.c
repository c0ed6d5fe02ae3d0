/* SPDX-License-Identifier: MIT */
/*
 * lfs.h: power cuts as tests of firmware make them, by longjmp out of a function
 * of the configuration. Every change is cut at each program and erase; then the
 * same lfs_t is mounted again, the volume is as before or as after, what is due
 * is repaired once, and the change can be made. No memory is lost, or a leak
 * checker complains.
 */
#include "device.h"

#include <stdio.h>
#include <string.h>

#define BLOCKS 48u

/* A change: 0, or an error. */
struct scenario {
    const char *name;
    void (*prepare)(lfs_t *lfs);
    void (*change)(lfs_t *lfs);
    bool (*is_done)(lfs_t *lfs); /* fails if it is neither done nor undone */
};

static bool exists(lfs_t *lfs, const char *path)
{
    struct lfs_info info;
    int result = lfs_stat(lfs, path, &info);
    assert_true(result == 0 || result == LFS_ERR_NOENT);
    return result == 0;
}

static lfs_size_t size_of(lfs_t *lfs, const char *path)
{
    struct lfs_info info;
    OK(lfs_stat(lfs, path, &info));
    return info.size;
}

static void prepare(lfs_t *lfs)
{
    OK(lfs_mkdir(lfs, "d"));
    OK(lfs_mkdir(lfs, "e"));
    OK(lfs_mkdir(lfs, "d/empty"));
    make_pattern(lfs, "d/f", 1500, 1);
    make_pattern(lfs, "d/small", 20, 2);
    OK(lfs_setattr(lfs, "d/f", 1, "abc", 3));
}

/* --- the changes ----------------------------------------------------------------------------- */

static void make_directory(lfs_t *lfs)
{
    OK(lfs_mkdir(lfs, "e/new"));
}

static bool directory_is_made(lfs_t *lfs)
{
    bool done = exists(lfs, "e/new");
    check_names(lfs, "e", done ? "new " : "");
    return done;
}

static void remove_directory(lfs_t *lfs)
{
    OK(lfs_remove(lfs, "d/empty"));
}

static bool directory_is_removed(lfs_t *lfs)
{
    return !exists(lfs, "d/empty");
}

static void move_file(lfs_t *lfs)
{
    OK(lfs_rename(lfs, "d/f", "e/g"));
}

static bool file_is_moved(lfs_t *lfs)
{
    bool done = exists(lfs, "e/g");
    assert_int_not_equal(exists(lfs, "d/f"), done);
    check_pattern(lfs, done ? "e/g" : "d/f", 1500, 1);
    assert_int_equal(lfs_getattr(lfs, done ? "e/g" : "d/f", 1, NULL, 0), 3);
    return done;
}

static void move_directory(lfs_t *lfs)
{
    OK(lfs_rename(lfs, "d", "e/d"));
}

static bool directory_is_moved(lfs_t *lfs)
{
    bool done = exists(lfs, "e/d");
    assert_int_not_equal(exists(lfs, "d"), done);
    check_pattern(lfs, done ? "e/d/f" : "d/f", 1500, 1);
    return done;
}

static void replace_file(lfs_t *lfs)
{
    OK(lfs_rename(lfs, "d/small", "d/f"));
}

static bool file_is_replaced(lfs_t *lfs)
{
    bool done = !exists(lfs, "d/small");
    check_pattern(lfs, "d/f", done ? 20 : 1500, done ? 2 : 1);
    return done;
}

/* Content and attribute are of one moment. */
static void rewrite_file(lfs_t *lfs)
{
    static char text[] = "changed";
    static uint8_t bytes[2000];
    struct lfs_attr attribute = {1, text, sizeof(text)};
    const struct lfs_file_config config = {.attrs = &attribute, .attr_count = 1};
    lfs_file_t file;
    fill(bytes, sizeof(bytes), 3);
    OK(lfs_file_opencfg(lfs, &file, "d/f", LFS_O_WRONLY | LFS_O_TRUNC, &config));
    for (lfs_size_t i = 0; i < sizeof(bytes); i += 400) {
        assert_int_equal(lfs_file_write(lfs, &file, bytes + i, 400), 400);
    }
    OK(lfs_file_close(lfs, &file));
}

static bool file_is_rewritten(lfs_t *lfs)
{
    bool done = size_of(lfs, "d/f") == 2000;
    check_pattern(lfs, "d/f", done ? 2000 : 1500, done ? 3 : 1);
    assert_int_equal(lfs_getattr(lfs, "d/f", 1, NULL, 0), done ? 8 : 3);
    return done;
}

static const uint8_t patch[] = {'h', 'e', 'r', 'e'};

static void change_in_place(lfs_t *lfs)
{
    lfs_file_t file;
    OK(lfs_file_open(lfs, &file, "d/f", LFS_O_RDWR));
    assert_int_equal(lfs_file_seek(lfs, &file, 700, LFS_SEEK_SET), 700);
    assert_int_equal(lfs_file_write(lfs, &file, patch, 4), 4);
    OK(lfs_file_close(lfs, &file));
}

static bool is_changed_in_place(lfs_t *lfs)
{
    uint8_t bytes[1500];
    uint8_t found[1500];
    lfs_file_t file;
    fill(bytes, sizeof(bytes), 1);
    OK(lfs_file_open(lfs, &file, "d/f", LFS_O_RDONLY));
    assert_int_equal(lfs_file_read(lfs, &file, found, sizeof(found)), 1500);
    OK(lfs_file_close(lfs, &file));
    bool done = memcmp(found + 700, patch, 4) == 0;
    if (done) {
        memcpy(bytes + 700, patch, 4);
    }
    assert_memory_equal(found, bytes, sizeof(bytes));
    return done;
}

/* Each sync is a moment of its own. */
static void append_in_steps(lfs_t *lfs)
{
    uint8_t bytes[1000];
    lfs_file_t file;
    fill(bytes, sizeof(bytes), 4);
    OK(lfs_file_open(lfs, &file, "log", LFS_O_WRONLY | LFS_O_CREAT | LFS_O_APPEND));
    for (lfs_soff_t at = lfs_file_size(lfs, &file); at < 1000; at += 250) {
        assert_int_equal(lfs_file_write(lfs, &file, bytes + at, 250), 250);
        OK(lfs_file_sync(lfs, &file));
    }
    OK(lfs_file_close(lfs, &file));
}

static bool log_is_complete(lfs_t *lfs)
{
    if (!exists(lfs, "log")) {
        return false;
    }
    lfs_size_t size = size_of(lfs, "log");
    assert_int_equal(size % 250, 0);
    check_pattern(lfs, "log", size, 4);
    return size == 1000;
}

#define INTERSPERSED 4
static const char *const interspersed[INTERSPERSED] = {"e/a", "e/b", "e/c", "e/d"};

/* Files written in turns, each synced now and then, while another goes. */
static void write_interspersed(lfs_t *lfs)
{
    lfs_file_t files[INTERSPERSED];
    uint8_t bytes[450];
    for (unsigned i = 0; i < INTERSPERSED; i++) {
        OK(lfs_file_open(lfs, &files[i], interspersed[i], LFS_O_WRONLY | LFS_O_CREAT));
    }
    for (lfs_size_t at = 0; at < sizeof(bytes); at += 150) {
        for (unsigned i = 0; i < INTERSPERSED; i++) {
            fill(bytes, sizeof(bytes), i);
            assert_int_equal(lfs_file_write(lfs, &files[i], bytes + at, 150), 150);
            OK(i % 2 == 0 ? lfs_file_sync(lfs, &files[i]) : 0);
        }
        if (exists(lfs, "d/small")) {
            OK(lfs_remove(lfs, "d/small"));
        }
    }
    for (unsigned i = 0; i < INTERSPERSED; i++) {
        OK(lfs_file_close(lfs, &files[i]));
    }
}

static bool all_are_written(lfs_t *lfs)
{
    bool done = !exists(lfs, "d/small");
    for (unsigned i = 0; i < INTERSPERSED; i++) {
        lfs_size_t size = exists(lfs, interspersed[i]) ? size_of(lfs, interspersed[i]) : 0;
        assert_true(size % 150 == 0 && (i % 2 == 0 || size % 450 == 0));
        if (size > 0) {
            check_pattern(lfs, interspersed[i], size, i);
        }
        done = done && size == 450;
    }
    return done;
}

static void cut_short(lfs_t *lfs)
{
    lfs_file_t file;
    OK(lfs_file_open(lfs, &file, "d/f", LFS_O_WRONLY));
    OK(lfs_file_truncate(lfs, &file, 600));
    OK(lfs_file_close(lfs, &file));
}

static bool is_cut_short(lfs_t *lfs)
{
    bool done = size_of(lfs, "d/f") == 600;
    check_pattern(lfs, "d/f", done ? 600 : 1500, 1);
    return done;
}

static void set_attribute(lfs_t *lfs)
{
    OK(lfs_setattr(lfs, "d/f", 1, "longer", 6));
}

static bool attribute_is_set(lfs_t *lfs)
{
    char found[6];
    lfs_ssize_t size = lfs_getattr(lfs, "d/f", 1, found, sizeof(found));
    assert_memory_equal(found, size == 6 ? "longer" : "abc\0\0\0", 6);
    return size == 6;
}

static void collect(lfs_t *lfs)
{
    OK(lfs_fs_gc(lfs));
}

static bool always(lfs_t *lfs)
{
    check_pattern(lfs, "d/f", 1500, 1);
    return true;
}

static void grow(lfs_t *lfs)
{
    OK(lfs_fs_grow(lfs, BLOCKS));
}

static bool has_grown(lfs_t *lfs)
{
    check_pattern(lfs, "d/f", 1500, 1);
    assert_true(lfs->block_count == BLOCKS - 8 || lfs->block_count == BLOCKS);
    return lfs->block_count == BLOCKS;
}

static const struct scenario scenarios[] = {
    {"make a directory", prepare, make_directory, directory_is_made},
    {"remove a directory", prepare, remove_directory, directory_is_removed},
    {"move a file", prepare, move_file, file_is_moved},
    {"move a directory", prepare, move_directory, directory_is_moved},
    {"replace a file", prepare, replace_file, file_is_replaced},
    {"rewrite a file", prepare, rewrite_file, file_is_rewritten},
    {"change in place", prepare, change_in_place, is_changed_in_place},
    {"append in steps", prepare, append_in_steps, log_is_complete},
    {"write interspersed", prepare, write_interspersed, all_are_written},
    {"cut short", prepare, cut_short, is_cut_short},
    {"set an attribute", prepare, set_attribute, attribute_is_set},
    {"collect", prepare, collect, always},
    {"grow", prepare, grow, has_grown},
};

/* --- the cuts --------------------------------------------------------------------------------- */

struct way {
    uint32_t torn;
    uint32_t forgetful;
};

static const struct way ways[] = {{0, 0}, {7, 0}, {40, 0}, {0, 0xffffffff}, {9, 0x55555555}};

static struct volume v;

/* True if the power went on the way; it is back then, and nothing is mounted. */
static bool is_interrupted(void (*change)(lfs_t *lfs))
{
    jmp_buf here;
    v.device.on_loss = &here;
    bool lost = setjmp(here) != 0;
    if (!lost) {
        change(&v.lfs);
    }
    v.device.on_loss = NULL;
    flash_restore(&v.device.flash);
    return lost;
}

/* Whatever is due is repaired by this, and then nothing is. */
static void check_repairs(void)
{
    OK(lfs_fs_mkconsistent(&v.lfs));
    lfs_ssize_t used = lfs_fs_size(&v.lfs);
    for (int i = 0; i < 2; i++) {
        uint64_t changes = device_changes(&v.device);
        OK(lfs_fs_mkconsistent(&v.lfs));
        assert_int_equal(device_changes(&v.device), changes);
        volume_remount(&v);
        assert_int_equal(lfs_fs_size(&v.lfs), used);
    }
}

static bool cut_at(const struct flash *start, const struct scenario *scenario,
                   const struct way *way, int32_t cycles, uint64_t changes)
{
    device_open(&v.device, &shapes[0], BLOCKS * 512);
    flash_close(&v.device.flash);
    flash_copy(&v.device.flash, start);
    v.device.cfg.block_count = 0; /* it may grow */
    v.device.cfg.block_cycles = cycles;
    OK(lfs_mount(&v.lfs, &v.device.cfg));
    v.device.flash.changes_left = changes;
    v.device.flash.torn = way->torn;
    v.device.flash.forgetful = way->forgetful;
    bool was_cut = is_interrupted(scenario->change);
    if (was_cut) {
        OK(lfs_mount(&v.lfs, &v.device.cfg));
    }
    bool done = scenario->is_done(&v.lfs);
    assert_true(was_cut || done);
    if (changes % 2 == 0) { /* else the next change repairs */
        check_repairs();
        assert_int_equal(scenario->is_done(&v.lfs), done);
    }
    if (!done) {
        scenario->change(&v.lfs);
        assert_true(scenario->is_done(&v.lfs));
        check_repairs();
    }
    make_pattern(&v.lfs, "after", 3000, 9);
    check_pattern(&v.lfs, "after", 3000, 9);
    assert_true(scenario->is_done(&v.lfs));
    volume_close(&v);
    return was_cut;
}

static void run(const struct scenario *scenario, int32_t cycles)
{
    struct flash start;
    device_open(&v.device, &shapes[0], BLOCKS * 512);
    v.device.cfg.block_count = BLOCKS - 8;
    v.device.cfg.block_cycles = cycles;
    OK(lfs_format(&v.lfs, &v.device.cfg));
    OK(lfs_mount(&v.lfs, &v.device.cfg));
    scenario->prepare(&v.lfs);
    OK(lfs_unmount(&v.lfs));
    flash_copy(&start, &v.device.flash);
    device_close(&v.device);
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
        uint64_t changes = 0;
        while (cut_at(&start, scenario, &ways[i], cycles, changes)) {
            changes++;
        }
    }
    flash_close(&start);
}

static void every_change_is_cut_everywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
        print_message("%s\n", scenarios[i].name);
        run(&scenarios[i], -1);
    }
}

static void while_metadata_moves(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
        print_message("%s\n", scenarios[i].name);
        run(&scenarios[i], 1);
    }
}

static void format(lfs_t *lfs)
{
    OK(lfs_format(lfs, &v.device.cfg));
}

/* It has no state before: there is an empty volume, or there is none. */
static void format_is_cut(void **state)
{
    bool was_cut = true;
    (void)state;
    for (uint64_t changes = 0; was_cut; changes++) {
        device_open(&v.device, &shapes[0], 1 << 14);
        v.device.flash.changes_left = changes;
        v.device.flash.torn = 20;
        was_cut = is_interrupted(format);
        int result = lfs_mount(&v.lfs, &v.device.cfg);
        assert_true(result == 0 || (was_cut && result == LFS_ERR_CORRUPT));
        if (result == 0) {
            check_names(&v.lfs, "/", "");
        }
        format(&v.lfs);
        OK(lfs_mount(&v.lfs, &v.device.cfg));
        make_pattern(&v.lfs, "f", 1000, 1);
        volume_close(&v);
    }
}

/* --- what a cut can leave in a block -----------------------------------------------------------
 */

static uint8_t *root_block(int block)
{
    return v.device.flash.bytes + (size_t)block * 512;
}

static uint32_t revision(int block)
{
    uint32_t word;
    memcpy(&word, root_block(block), sizeof(word));
    return lfs_fromle32(word);
}

/* A volume with something in it, not mounted; the block of the root that is in force. */
static int open_unmounted(void)
{
    volume_open_size(&v, &shapes[0], 1 << 14);
    make_file(&v.lfs, "f", "hello", 5);
    OK(lfs_unmount(&v.lfs));
    return lfs_scmp(revision(1), revision(0)) > 0;
}

static void expect_as_before(void)
{
    OK(lfs_mount(&v.lfs, &v.device.cfg));
    check_text(&v.lfs, "f", "hello");
    make_file(&v.lfs, "g", "there", 5);
    volume_remount(&v);
    check_text(&v.lfs, "f", "hello");
    check_text(&v.lfs, "g", "there");
    volume_close(&v);
}

/* Of a new copy nothing arrived but its first bytes. */
static void only_the_revision_was_written(void **state)
{
    (void)state;
    for (size_t arrived = 1; arrived <= 4; arrived++) {
        int newest = open_unmounted();
        uint32_t next = lfs_tole32(revision(newest) + 1);
        memset(root_block(!newest), 0xff, 512);
        memcpy(root_block(!newest), &next, arrived);
        expect_as_before();
    }
}

/* A wrong byte where the next commit would go. */
static void a_wrong_byte_in_the_next_unit(void **state)
{
    static const uint8_t wrong[] = {0x33, 0xcc, 0x00};
    static const lfs_off_t places[] = {0, 8, 15};
    (void)state;
    for (size_t i = 0; i < 9; i++) {
        int newest = open_unmounted();
        uint32_t *programmed = &v.device.flash.programmed[newest];
        root_block(newest)[*programmed + places[i / 3]] = wrong[i % 3];
        *programmed += 16;
        expect_as_before();
    }
}

/* --- what was left ---------------------------------------------------------------------------- */

static lfs_file_t file;

static void write_much(lfs_t *lfs)
{
    static const uint8_t bytes[9000];
    assert_int_equal(lfs_file_write(lfs, &file, bytes, sizeof(bytes)), sizeof(bytes));
}

/* It is given back by whatever is done next with the lfs_t. */
static void a_mount_that_was_left(void **state)
{
    (void)state;
    for (int next = 0; next < 3; next++) {
        volume_open_size(&v, &shapes[0], 1 << 14);
        OK(lfs_file_open(&v.lfs, &file, "f", LFS_O_WRONLY | LFS_O_CREAT));
        v.device.flash.changes_left = 1;
        assert_true(is_interrupted(write_much));
        if (next == 0) {
            OK(lfs_unmount(&v.lfs));
        } else if (next == 1) {
            OK(lfs_format(&v.lfs, &v.device.cfg));
        } else {
            assert_int_equal(lfs_mount(&v.lfs, &(struct lfs_config){0}), LFS_ERR_INVAL);
        }
        assert_int_equal(lfs_file_close(&v.lfs, &file), LFS_ERR_INVAL);
        OK(lfs_unmount(&v.lfs));
        device_close(&v.device);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_change_is_cut_everywhere),
        cmocka_unit_test(while_metadata_moves),
        cmocka_unit_test(format_is_cut),
        cmocka_unit_test(only_the_revision_was_written),
        cmocka_unit_test(a_wrong_byte_in_the_next_unit),
        cmocka_unit_test(a_mount_that_was_left),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
