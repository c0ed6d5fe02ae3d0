/* SPDX-License-Identifier: MIT */
/*
 * The input is a number of decisions and behind them an image, sound or not,
 * that is written to. Whatever it says, the device's contract is kept and no
 * call runs away. On a sound one all is as a model says, which was made after it.
 */
#include "decisions.h"
#include "fuzz.h"
#include "history.h"
#include "ledger.h"
#include "opinion.h"
#include "portrait.h"
#include "visit.h"

#include "image/image.h"

#include <string.h>

#define OPS_MAX 16u
#define DEVICE_MAX (UINT32_C(1) << 20)

/* An image that is being written to. */
struct sitting {
    struct choices choices;
    struct lfk_fs_writing writing;
    struct flash flash;
    struct ledger ledger;
    struct lfk_fs fs;
    struct model model; /* of what was readable */
    bool sound;         /* the model is the whole, and the check finds no damage */
};

static void expect(bool holds, const char *text, const char *what)
{
    if (!holds) {
        fprintf(stderr, "%s: ", text);
        fuzz_expect(false, what);
    }
}

/* --- the device -------------------------------------------------------------------------- */

/* What is behind the log of a metadata block may be erased; all else has to be. */
static void set_programmed(struct flash *flash, uint32_t block)
{
    struct lfk_log log;
    uint32_t size = flash->bd.block_size;
    if (lfk_log_scan(&log, flash->bytes + (size_t)block * size, size)) {
        flash->programmed[block] = log.end;
    }
}

static void open_flash(struct sitting *sitting, const uint8_t *image, size_t size,
                       uint32_t block_size)
{
    struct choices *choices = &sitting->choices;
    struct flash *flash = &sitting->flash;
    uint32_t count = (uint32_t)((size - 1) / block_size + 1) + choose_below(choices, 32);
    uint32_t most = DEVICE_MAX / block_size;
    uint32_t prog_size = UINT32_C(1) << choose_below(choices, 8);
    while (prog_size > 1 && (block_size % prog_size != 0 || prog_size > block_size / 2)) {
        prog_size /= 2;
    }
    sitting->writing = (struct lfk_fs_writing){
        .prog_size = prog_size,
        .cache_size = choose_below(choices, 2) == 1 ? prog_size : block_size,
        .inline_max = choose_below(choices, 4) == 3 ? UINT32_MAX : 0,
        .block_cycles = (int32_t)choose_below(choices, 4) - 1,
        .disk_version = choose_below(choices, 4) == 3 ? LFK_DISK_2_0 : LFK_DISK_2_1,
    };
    flash_open(flash, block_size, lfk_min(count, most), prog_size, 0xff);
    memcpy(flash->bytes, image, lfk_min((uint32_t)size, (uint32_t)flash->bd.size));
    for (uint32_t block = 0; block < flash->bd.block_count; block++) {
        set_programmed(flash, block);
    }
}

/* --- what always holds ---------------------------------------------------------------------- */

static void check_call(struct sitting *sitting, int result, const struct lfk_detail *detail,
                       const char *text)
{
    const struct flash *flash = &sitting->flash;
    expect(result == LFK_OK || strncmp(lfk_status_name(result), "LFK_ERR_", 8) == 0, text,
           "the status is a known one");
    expect(result != LFK_ERR_NOMEM && !sitting->ledger.exceeded, text, "memory suffices");
    expect(result != LFK_ERR_IO, text, "the device has not failed");
    expect(result == LFK_OK || result == LFK_ERR_NOENT || detail->status == result, text,
           "the detail is of the failure");
    expect(flash->breaches == 0, text, flash->breach);
    expect(flash->calls <= 4000 + 200 * (uint64_t)flash->bd.block_count, text,
           "the device is not called all too often");
    sitting->flash.calls = 0;
}

static int mount(struct sitting *sitting, const char *text)
{
    struct lfk_detail detail = {0};
    const struct lfk_fs_options options = {.allocator = &sitting->ledger.allocator,
                                           .writing = &sitting->writing};
    int result = lfk_fs_mount(&sitting->fs, &sitting->flash.bd, &options, &detail);
    check_call(sitting, result, &detail, text);
    expect(result == LFK_OK || detail.what != NULL, text, "what is wrong is told");
    return result;
}

static void unmount(struct sitting *sitting)
{
    lfk_fs_unmount(&sitting->fs);
    EXPECT(sitting->ledger.live == 0);
}

/* --- what was written ------------------------------------------------------------------------ */

/* Limits that the image sets may stand in the way of anything. */
static bool is_limit(int result)
{
    return result == LFK_ERR_NOSPC || result == LFK_ERR_NAMETOOLONG || result == LFK_ERR_FBIG;
}

/*
 * The check takes what a block held in an earlier life of the device for a
 * contradiction when it is the second block of a new pair.
 */
static bool is_of_earlier_life(const char *why)
{
    return strstr(why, "LFK-106") != NULL;
}

static void check_whole(struct sitting *sitting, const char *text)
{
    char why[400];
    if (sitting->sound) {
        expect(model_agrees(&sitting->model, &sitting->fs, why, sizeof(why)), text, why);
        expect(opinion_agrees(&sitting->flash, &sitting->fs, why, sizeof(why)) ||
                   is_of_earlier_life(why),
               text, why);
    }
}

static void do_op(struct sitting *sitting)
{
    char text[800];
    struct lfk_detail detail = {0};
    int wanted;
    const struct op op =
        op_choose(&sitting->choices, &sitting->model, 3 * sitting->flash.bd.block_size);
    op_print(&op, text, sizeof(text));
    if (!op_fits(&op, &sitting->model)) {
        return;
    }
    int result = op_do_both(&op, &sitting->fs, &sitting->model, &wanted, &detail);
    if (getenv("LFSKIT_TRACE") != NULL) {
        fprintf(stderr, "%s: %s %s\n", text, lfk_status_name(result),
                result < 0 && detail.what != NULL ? detail.what : "");
    }
    check_call(sitting, result, &detail, text);
    if (sitting->sound) {
        expect(result == wanted || is_limit(result), text, lfk_status_name(result));
    }
    check_whole(sitting, text);
}

static void do_tidy(struct sitting *sitting)
{
    struct lfk_detail detail = {0};
    bool collects = choose_below(&sitting->choices, 2) == 1;
    int result = collects ? lfk_fs_collect_garbage(&sitting->fs, 0, &detail)
                          : lfk_fs_make_consistent(&sitting->fs, &detail);
    check_call(sitting, result, &detail, "tidy");
    expect(!sitting->sound || result == LFK_OK || is_limit(result), "tidy",
           lfk_status_name(result));
    check_whole(sitting, "tidy");
}

/* --- a sitting ------------------------------------------------------------------------------- */

/* As mounted, the volume is what the model says, and the check finds nothing wrong. */
static bool is_sound(struct sitting *sitting)
{
    char why[400];
    return portrait_draw(&sitting->model, &sitting->fs) &&
           model_agrees(&sitting->model, &sitting->fs, why, sizeof(why)) &&
           opinion_agrees(&sitting->flash, &sitting->fs, why, sizeof(why));
}

static void write_to(struct sitting *sitting)
{
    sitting->sound = is_sound(sitting);
    sitting->flash.calls = 0;
    for (uint32_t i = 0; i < OPS_MAX && sitting->choices.left > 0; i++) {
        if (choose_below(&sitting->choices, 8) == 7) {
            do_tidy(sitting);
        } else {
            do_op(sitting);
        }
    }
    unmount(sitting);
    int result = mount(sitting, "mount again");
    expect(!sitting->sound || result == LFK_OK, "mount again", lfk_status_name(result));
    check_whole(sitting, "mounted again");
}

static uint32_t find_block_size(const uint8_t *image, size_t size)
{
    struct lfk_image found;
    if (lfk_image_open_memory(&found, image, size, 0, NULL, NULL) < 0) {
        return 0;
    }
    uint32_t block_size = found.bd->block_size;
    lfk_image_close(&found);
    return block_size;
}

static void sit(const uint8_t *data, const uint8_t *image, size_t size, uint32_t block_size)
{
    static struct sitting sitting;
    struct visit visit;
    sitting = (struct sitting){.choices = {.bytes = data, .left = DECISIONS}};
    ledger_open(&sitting.ledger);
    open_flash(&sitting, image, size, block_size);
    sitting.ledger.limit = VISIT_MEMORY(sitting.flash.bd.size);
    if (mount(&sitting, "mount") == LFK_OK) {
        write_to(&sitting);
    }
    unmount(&sitting);
    const char *wrong = visit_image(&visit, sitting.flash.bytes, (size_t)sitting.flash.bd.size);
    fuzz_expect(wrong == NULL, wrong);
    flash_close(&sitting.flash);
    model_free(&sitting.model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size <= DECISIONS) {
        return 0;
    }
    const uint8_t *image = data + DECISIONS;
    uint32_t block_size = find_block_size(image, size - DECISIONS);
    if (block_size > 0 && block_size <= DEVICE_MAX / 2) {
        sit(data, image, size - DECISIONS, block_size);
    }
    return 0;
}
